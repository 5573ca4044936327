#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace yihong::ogcapi {

/// A folder in which one file is made. It goes with what is in it.
class WorkFolder {
public:
    /// \throws std::system_error where the disk refuses
    explicit WorkFolder(std::filesystem::path const& parent);
    ~WorkFolder();
    WorkFolder(WorkFolder const&) = delete;
    WorkFolder& operator=(WorkFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

    /// Takes the bytes of every file in it, of those too that are open and have no name any more: whoever is about to read them ends with an error.
    void empty_files() const noexcept;

private:
    std::filesystem::path path_;  ///< as the system calls it: whole, without links
};

/// While it lives: where the client leaves, the files of the folder are emptied. Libraries finish a file (index, tree, ZIP) in one call that nothing
/// interrupts, and end it where they find nothing to read.
class EmptiesWhenLeft {
public:
    /// \param client_left null: nobody can leave
    EmptiesWhenLeft(WorkFolder const& folder, std::atomic<bool> const* client_left);
    EmptiesWhenLeft(EmptiesWhenLeft const&) = delete;
    EmptiesWhenLeft& operator=(EmptiesWhenLeft const&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable_any ends_;
    std::jthread watch_;  // last: looks at the others
};

}  // namespace yihong::ogcapi
