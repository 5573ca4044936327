#include "yihong/standards/standards_book.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

namespace yihong {
namespace {

constexpr std::size_t max_file_bytes = 4U << 20;

}  // namespace

std::expected<StandardsBook, std::vector<Failure>> load_standards(std::filesystem::path const& directory)
{
    std::vector<Failure> broken;
    std::vector<StandardsFile> files;
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (auto at = std::filesystem::directory_iterator{directory, error}; !error && at != std::filesystem::directory_iterator{};
         at.increment(error))
        if (at->path().extension() == ".toml")
            paths.push_back(at->path());
    if (error)
        broken.push_back({Errc::broken_file, directory.string() + ": " + error.message()});
    else if (paths.empty())
        broken.push_back({Errc::broken_file, directory.string() + ": no *.toml file is there"});
    std::ranges::sort(paths);
    for (auto const& path : paths) {
        std::ifstream in{path, std::ios::binary};
        auto const size = std::filesystem::file_size(path, error);
        if (!in.is_open() || error) {
            broken.push_back({Errc::broken_file, path.string() + ": cannot be read"});
            continue;
        }
        if (size > max_file_bytes) {
            broken.push_back({Errc::too_large, path.string() + ": is larger than 4 MiB"});
            continue;
        }
        std::string text(size, '\0');
        in.read(text.data(), static_cast<std::streamsize>(size));
        text.resize(static_cast<std::size_t>(in.gcount()));
        if (in.bad())
            broken.push_back({Errc::broken_file, path.string() + ": cannot be read"});
        else
            files.push_back({path.string(), std::move(text)});
    }
    if (!broken.empty())
        return std::unexpected{std::move(broken)};
    return parse_standards(files);
}

}  // namespace yihong
