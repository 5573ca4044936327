#pragma once

#include "temporary_folder.hpp"

#include "yihong/http/client.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The real `yihong` as an operator sees it: a process with arguments, output, signals and a port.
namespace yihong::e2e {

using namespace std::chrono_literals;

inline std::filesystem::path const source_dir{YIHONG_SOURCE_DIR};
inline std::filesystem::path const samples = source_dir / "tests/data/readings";
inline std::filesystem::path const shipped_config = source_dir / "config/yihong.toml";

std::string read_file(std::filesystem::path const& file);
void write_file(std::filesystem::path const& file, std::string_view text);

/// A child process. It never outlives the test.
class Process {
public:
    /// stdout and stderr go to these files.
    Process(std::vector<std::string> const& arguments, std::filesystem::path const& out, std::filesystem::path const& err,
            std::filesystem::path const& directory = {});
    ~Process();
    Process(Process const&) = delete;
    Process& operator=(Process const&) = delete;

    void signal(int number) const;
    /// Sets a limit of the running process, as `prlimit` does. \throws std::runtime_error
    void limit(int resource, std::uint64_t most) const;
    [[nodiscard]] pid_t id() const noexcept { return pid_; }
    /// \return the exit code, or minus the number of the signal that ended it \throws std::runtime_error when it takes longer
    int wait(std::chrono::milliseconds patience = 60s);
    [[nodiscard]] bool is_running();

private:
    bool collect(int options);
    pid_t pid_ = -1;
    int code_ = 0;
};

struct Outcome {
    int code = 0;
    std::string out;
    std::string err;
    /// The last line of `out`.
    [[nodiscard]] std::string last_line() const;
};

/// Runs a program to its end.
Outcome run(std::vector<std::string> const& arguments, std::filesystem::path const& directory = {});
/// Runs `yihong` with these arguments to its end.
Outcome yihong(std::vector<std::string> arguments, std::filesystem::path const& directory = {});

/// JSON, asked by JSON pointer.
class Json {
public:
    /// \throws std::runtime_error naming the text when it is no JSON
    explicit Json(std::string const& text);
    /// A string's own text; anything else as compact JSON; "(none)" where there is nothing.
    [[nodiscard]] std::string at(std::string_view pointer) const;
    [[nodiscard]] std::size_t size(std::string_view pointer) const;
    /// The texts of all members of an array.
    [[nodiscard]] std::vector<std::string> all(std::string_view pointer) const;

private:
    struct Document;
    std::shared_ptr<Document> document_;
};

struct ServeOptions {
    std::filesystem::path config = shipped_config;
    std::string listen = "127.0.0.1:0";
    std::string hj212 = "127.0.0.1:0";     ///< not the port of the shipped config, which tests side by side would share
    std::string limits;                    ///< a shell runs this before the service: `ulimit -n 64`
};

/// A running `yihong serve`.
class Service {
public:
    /// \throws std::runtime_error with what it printed when it does not come up
    explicit Service(std::filesystem::path const& data, ServeOptions const& options = {});

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// Where stations connect.
    [[nodiscard]] std::uint16_t hj212_port() const noexcept { return hj212_port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] http::ClientReply get(std::string_view target, http::Headers const& headers = {}) const;
    [[nodiscard]] http::ClientReply post(std::string_view target, std::string_view type = {}, std::string_view body = {},
                                         http::Headers headers = {}) const;
    /// POSTs readings; the answer's body. Fails the test when it is no 200.
    [[nodiscard]] Json ingest(std::string_view type, std::string_view body, http::Headers const& headers = {}) const;
    /// GETs JSON. Fails the test when the answer is no 200.
    [[nodiscard]] Json json(std::string_view target, http::Headers const& headers = {}) const;
    /// `listening http=http://127.0.0.1:8080 …`
    [[nodiscard]] std::string const& first_line() const noexcept { return first_line_; }
    /// What it has logged.
    [[nodiscard]] std::string log() const { return read_file(err_); }
    /// Waits until the log holds `text`, from byte `from` on. \return whether it came in time
    [[nodiscard]] bool logged(std::string_view text, std::size_t from = 0) const;

    /// SIGTERM. \return the exit code
    int stop();
    void kill();
    Process& process() noexcept { return *process_; }

private:
    std::filesystem::path err_;
    std::unique_ptr<Process> process_;
    std::string first_line_;
    std::uint16_t port_ = 0;
    std::uint16_t hj212_port_ = 0;
};

/// Waits until `ready()`; false when it does not come true in time.
template <typename Ready>
bool eventually(Ready ready, std::chrono::milliseconds patience = 10s);

/// A config without layers, with a few sites of its own, for tests of what is no geography. \return its path
std::filesystem::path small_config(std::filesystem::path const& folder, std::string_view more = {});
/// A site file with water sections of these ids.
void write_sites(std::filesystem::path const& file, std::vector<std::string> const& ids);

}  // namespace yihong::e2e

#include <thread>

template <typename Ready>
bool yihong::e2e::eventually(Ready ready, std::chrono::milliseconds patience)
{
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!ready()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}
