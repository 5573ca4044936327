#include "command.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace yihong::notify {
namespace {

using Kind = Outcome::Kind;
using Clock = std::chrono::steady_clock;

class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept : fd_{fd} {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    void close() noexcept
    {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

/// What the program may know: enough to run, nothing of what this process was given.
std::vector<std::string> environment_of(Event const& event)
{
    std::vector<std::string> all{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                 "LANG=C.UTF-8",
                                 "YIHONG_EVENT_ID=" + event.id,
                                 "YIHONG_EVENT_TYPE=" + event.type,
                                 "YIHONG_ALERT_ID=" + event.alert_id,
                                 "YIHONG_SEVERITY=" + event.severity};
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> all;
    for (auto& text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

/// \return the child's id, or 0 with errno set. It leads a process group of its own, so that its children end with it.
pid_t spawn(std::vector<std::string> argv, std::vector<std::string> environment, int input)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGTERM);
    sigaddset(&usual, SIGINT);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    auto const arguments = pointers(argv);
    auto const variables = pointers(environment);
    int const error = posix_spawn(&child, argv.front().c_str(), &actions, &attributes, arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0 ? child : 0;
}

}  // namespace

Outcome CommandSender::send(std::span<Event const> events)
{
    auto const& event = events.front();
    std::array<int, 2> ends{};
    // a socket, not a pipe: writing to one that nobody reads any more raises no signal
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    Descriptor ours{ends[0]};
    Descriptor theirs{ends[1]};
    auto const child = spawn(channel_.argv, environment_of(event), theirs.get());
    theirs.close();
    if (child == 0)
        return {Kind::unreachable, fmt::format("{} cannot be run: {}", channel_.argv.front(), std::generic_category().message(errno)),
                std::nullopt};
    auto const end = Clock::now() + channel_.timeout;
    std::string_view rest = event.document;
    for (;;) {
        while (!rest.empty()) {
            auto const n = ::send(ours.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                rest = {};                         // it does not want to read; its exit code decides
            if (n <= 0)
                break;
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        if (rest.empty())
            ours.close();
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child) {
            kill(-child, SIGKILL);                 // whatever it left running
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return {};
            return {Kind::failed,
                    WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status))
                                      : fmt::format("ended by signal {}", WTERMSIG(status)),
                    std::nullopt};
        }
        bool const stopping = stopping_ != nullptr && stopping_->load();
        if (stopping || Clock::now() >= end) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            return {Kind::failed,
                    stopping ? std::string{"stopped"} : fmt::format("was still running after {} ms", channel_.timeout.count()),
                    std::nullopt};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

}  // namespace yihong::notify
