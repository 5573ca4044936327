#include "control.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"

#include <simdjson.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace yihong {
namespace {

std::filesystem::path control_path(std::filesystem::path const& data) { return data / "control.json"; }

}  // namespace

ControlFile::ControlFile(std::filesystem::path const& data, Control const& control) : file_{control_path(data)}
{
    std::string text;
    JsonWriter{text}
        .begin_object()
        .member("address", control.address)
        .member("port", static_cast<int>(control.port))
        .member("secret", control.secret)
        .end_object();
    std::filesystem::remove(file_);
    int const fd = ::open(file_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    bool const written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    bool const is_full = !written && errno == ENOSPC;
    if (fd >= 0)
        ::close(fd);
    if (is_full)                                   // reading goes on; commands will find the service after its next start
        log::warning("control_file_missing", {{"file", file_.string()}, {"detail", "the disk is full; commands do not find the service"}});
    else if (!written)
        throw std::runtime_error{file_.string() + " cannot be written; check the rights of the data folder"};
}

ControlFile::~ControlFile()
{
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

std::optional<Control> read_control(std::filesystem::path const& data)
{
    simdjson::padded_string text;
    if (simdjson::padded_string::load(control_path(data).string()).get(text) != simdjson::SUCCESS)
        return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view address, secret;
    std::uint64_t port = 0;
    if (parser.parse(text).get(root) != simdjson::SUCCESS || root["address"].get(address) != simdjson::SUCCESS ||
        root["port"].get(port) != simdjson::SUCCESS || root["secret"].get(secret) != simdjson::SUCCESS || port > 65535)
        return std::nullopt;
    return Control{std::string{address}, static_cast<std::uint16_t>(port), std::string{secret}};
}

}  // namespace yihong
