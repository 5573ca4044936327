#include "work_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>

namespace yihong::ogcapi {
namespace {

std::filesystem::path made_in(std::filesystem::path const& parent)
{
    std::filesystem::create_directories(parent);
    auto name = (std::filesystem::canonical(parent) / "export-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error{errno, std::generic_category(), "no folder can be made in " + parent.string()};
    return name;
}

std::string target_of(int descriptor)
{
    std::error_code error;
    auto const target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
    return error ? std::string{} : target.string();
}

/// Empties the file behind one of our descriptors, if it is below the folder. It is opened anew and looked at once more, for the number may be of
/// another file by then.
void empty_if_below(std::string const& folder, int descriptor)
{
    if (!target_of(descriptor).starts_with(folder))
        return;
    int const file = ::open(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (target_of(file).starts_with(folder))
        (void)!::ftruncate(file, 0);
    ::close(file);
}

}  // namespace

WorkFolder::WorkFolder(std::filesystem::path const& parent) : path_{made_in(parent)} {}

WorkFolder::~WorkFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void WorkFolder::empty_files() const noexcept
{
    try {
        auto const below = path_.string() + "/";
        for (auto const& open : std::filesystem::directory_iterator{"/proc/self/fd"})
            empty_if_below(below, std::atoi(open.path().filename().c_str()));
    } catch (std::exception const&) {  // it is finished for nobody then
    }
}

EmptiesWhenLeft::EmptiesWhenLeft(WorkFolder const& folder, std::atomic<bool> const* client_left)
{
    if (client_left == nullptr)
        return;
    watch_ = std::jthread{[this, &folder, client_left](std::stop_token stop) {
        constexpr std::chrono::milliseconds interval{50};
        std::unique_lock lock{mutex_};
        while (!ends_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); }))
            if (*client_left)  // again and again: files may be opened after it
                folder.empty_files();
    }};
}

}  // namespace yihong::ogcapi
