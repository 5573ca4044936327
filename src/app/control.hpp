#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace yihong {

/// How commands on the same machine reach the service that holds a data folder: `control.json` inside it, readable by its owner
/// only, with the address and a secret that lives as long as the service.
struct Control {
    std::string address;
    std::uint16_t port = 0;
    std::string secret;
};

/// Removes its file when it goes.
class ControlFile {
public:
    ControlFile(std::filesystem::path const& data, Control const& control);
    ~ControlFile();
    ControlFile(ControlFile const&) = delete;
    ControlFile& operator=(ControlFile const&) = delete;

private:
    std::filesystem::path file_;
};

/// \return nothing when no service runs on this data
std::optional<Control> read_control(std::filesystem::path const& data);

}  // namespace yihong
