#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace yihong {

/// A path under the system's temporary folder that is removed at the end. It does not exist at first.
class TemporaryFolder {
public:
    TemporaryFolder() : path_{std::filesystem::temp_directory_path() / ("yihong-store-" + std::to_string(std::random_device{}()))} {}
    ~TemporaryFolder()
    {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace yihong
