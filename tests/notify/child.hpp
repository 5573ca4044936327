#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace yihong::testing {

/// A program that runs as long as this object, its output in a file.
class Child {
public:
    Child(std::vector<std::string> argv, std::filesystem::path const& output)
    {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
        std::vector<char*> arguments;
        for (auto& argument : argv)
            arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        EXPECT_EQ(posix_spawnp(&pid_, argv[0].c_str(), &actions, nullptr, arguments.data(), environ), 0)
            << argv[0] << " is missing; scripts/deps.sh installs it";
        posix_spawn_file_actions_destroy(&actions);
    }
    ~Child()
    {
        if (pid_ > 0) {
            kill(pid_, SIGTERM);
            (void)wait();
        }
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    /// \return the exit code, or -1
    int wait()
    {
        int status = 0;
        auto const ended = waitpid(pid_, &status, 0);
        pid_ = 0;
        return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = 0;
};

inline int run(std::vector<std::string> argv, std::filesystem::path const& output) { return Child{std::move(argv), output}.wait(); }

inline std::string content(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Free a moment ago; for programs that cannot be told to choose one and say which.
inline std::uint16_t free_port()
{
    boost::asio::io_context io;
    return boost::asio::ip::tcp::acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
}

inline bool is_listening(std::uint16_t port)
{
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    boost::system::error_code ec;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
    return !ec;
}

}  // namespace yihong::testing
