#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace yihong::e2e {

namespace fs = std::filesystem;

constexpr std::chrono::minutes answer_patience{2};     // a large file takes its time on a loaded machine

std::string read_file(fs::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void write_file(fs::path const& file, std::string_view text)
{
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary | std::ios::trunc} << text;
}

Process::Process(std::vector<std::string> const& arguments, fs::path const& out, fs::path const& err, fs::path const& directory)
{
    std::vector<char*> argv;
    for (auto const& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));       // execvp takes char*, and changes nothing
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0)
        throw std::runtime_error{"fork failed"};
    if (pid_ > 0)
        return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);                // a test that crashes leaves nothing running
    int const flags = O_CREAT | O_WRONLY | O_TRUNC;
    if (::dup2(::open(out.c_str(), flags, 0600), STDOUT_FILENO) < 0 || ::dup2(::open(err.c_str(), flags, 0600), STDERR_FILENO) < 0 ||
        (!directory.empty() && ::chdir(directory.c_str()) != 0))
        ::_exit(126);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

Process::~Process()
{
    if (is_running()) {
        signal(SIGKILL);
        collect(0);
    }
}

bool Process::collect(int options)
{
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, options) == pid_) {
        code_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
        pid_ = -1;
    }
    return pid_ < 0;
}

void Process::signal(int number) const
{
    if (pid_ > 0)
        ::kill(pid_, number);
}

void Process::limit(int resource, std::uint64_t most) const
{
    rlimit const limits{most, most};
    if (::prlimit(pid_, static_cast<__rlimit_resource>(resource), &limits, nullptr) != 0)
        throw std::runtime_error{"prlimit failed"};
}

bool Process::is_running() { return !collect(WNOHANG); }

int Process::wait(std::chrono::milliseconds patience)
{
    if (!eventually([&] { return !is_running(); }, patience))
        throw std::runtime_error{"the process did not end in time"};
    return code_;
}

std::string Outcome::last_line() const
{
    auto const end = out.find_last_not_of('\n');
    if (end == std::string::npos)
        return {};
    auto const begin = out.rfind('\n', end);
    return out.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

Outcome run(std::vector<std::string> const& arguments, fs::path const& directory)
{
    TemporaryFolder const folder;
    Process process{arguments, folder / "out", folder / "err", directory};
    int const code = process.wait();
    return {code, read_file(folder / "out"), read_file(folder / "err")};
}

Outcome yihong(std::vector<std::string> arguments, fs::path const& directory)
{
    arguments.insert(arguments.begin(), YIHONG_BINARY);
    return run(arguments, directory);
}

struct Json::Document {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
};

Json::Json(std::string const& text) : document_{std::make_shared<Document>()}
{
    if (document_->parser.parse(text).get(document_->root) != simdjson::SUCCESS)
        throw std::runtime_error{"no JSON: " + text.substr(0, 2000)};
}

std::string Json::at(std::string_view pointer) const
{
    simdjson::dom::element found;
    if (document_->root.at_pointer(pointer).get(found) != simdjson::SUCCESS)
        return "(none)";
    std::string_view text;
    return found.get(text) == simdjson::SUCCESS ? std::string{text} : simdjson::minify(found);
}

std::size_t Json::size(std::string_view pointer) const
{
    simdjson::dom::array array;
    return document_->root.at_pointer(pointer).get(array) == simdjson::SUCCESS ? array.size() : 0;
}

std::vector<std::string> Json::all(std::string_view pointer) const
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < size(pointer); ++i)
        texts.push_back(at(std::string{pointer} + "/" + std::to_string(i)));
    return texts;
}

Service::Service(fs::path const& data, ServeOptions const& options)
{
    static std::atomic<int> started{0};
    fs::create_directories(data);
    auto const stem = data.string() + ".serve" + std::to_string(started++);
    err_ = stem + ".err";
    auto const out = stem + ".out";
    std::vector<std::string> arguments{YIHONG_BINARY, "serve",       "--config", options.config.string(),
                                       "--data",      data.string(), "--listen", options.listen,
                                       "--hj212",     options.hj212};
    if (!options.limits.empty())
        arguments.insert(arguments.begin(), {"/bin/sh", "-c", options.limits + "; exec \"$@\"", "sh"});
    process_ = std::make_unique<Process>(arguments, out, err_);
    std::string line;
    bool const up =
        eventually([&] { return (line = read_file(out)).ends_with('\n') || !process_->is_running(); }, 60s) && line.ends_with('\n');
    if (!up || !line.starts_with("listening http=http://"))
        throw std::runtime_error{fmt::format("the service did not come up: {}{}", line, log())};
    auto const port_in = [](std::string_view address) {
        return static_cast<std::uint16_t>(std::stoi(std::string{address.substr(address.rfind(':') + 1)}));
    };
    first_line_ = line;
    auto const stations = line.find(" hj212=");
    port_ = port_in(std::string_view{line}.substr(0, stations));
    if (stations != std::string::npos)
        hj212_port_ = port_in(line);
}

http::ClientReply Service::get(std::string_view target, http::Headers const& headers) const
{
    return http::request("127.0.0.1", port_, "GET", target, headers, {}, answer_patience);
}

http::ClientReply Service::post(std::string_view target, std::string_view type, std::string_view body, http::Headers headers) const
{
    if (!type.empty())
        headers.emplace_back("Content-Type", type);
    return http::request("127.0.0.1", port_, "POST", target, headers, body, answer_patience);
}

Json Service::ingest(std::string_view type, std::string_view body, http::Headers const& headers) const
{
    auto const reply = post("/api/v1/readings", type, body, headers);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return Json{reply.body};
}

Json Service::json(std::string_view target, http::Headers const& headers) const
{
    auto const reply = get(target, headers);
    EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
    return Json{reply.body};
}

bool Service::logged(std::string_view text, std::size_t from) const
{
    return eventually([&] { return log().find(text, from) != std::string::npos; });
}

int Service::stop()
{
    process_->signal(SIGTERM);
    return process_->wait();
}

void Service::kill()
{
    process_->signal(SIGKILL);
    process_->wait();
}

void write_sites(fs::path const& file, std::vector<std::string> const& ids)
{
    std::string text = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i < ids.size(); ++i)
        text += fmt::format(
            R"({}{{"type":"Feature","id":"{}","geometry":{{"type":"Point","coordinates":[{},35]}},"properties":{{"name":"断面 {}","kind":"water_section"}}}})",
            i == 0 ? "" : ",\n", ids[i], 111 + 0.01 * static_cast<double>(i), ids[i]);
    write_file(file, text + "]}");
}

fs::path small_config(fs::path const& folder, std::string_view more)
{
    auto const file = folder / "yihong.toml";
    write_file(file, fmt::format("[standards]\ndirectory = \"{}\"\n[sites]\nfiles = [\"sites.geojson\"]\n{}",
                                 (source_dir / "config/standards").string(), more));
    write_sites(folder / "sites.geojson", {"a", "b", "c", "d"});
    return file;
}

}  // namespace yihong::e2e
