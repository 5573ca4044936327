#pragma once

#include "ports/store_contract.hpp"
#include "temporary_folder.hpp"

#include "yihong/store_local/local_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace yihong {

namespace fs = std::filesystem;
using namespace store_contract;

inline std::string error_of(auto const& action)
{
    try {
        action();
    } catch (StoreError const& e) {
        return e.what();
    }
    return "no error";
}
inline std::vector<fs::path> files_of(fs::path const& directory, std::string_view ending)
{
    std::vector<fs::path> found;
    for (auto const& f : fs::directory_iterator{directory}) {
        std::error_code gone;                       // an open store removes files while they are listed
        auto const size = f.file_size(gone);
        if (!gone && size > 0 && f.path().filename().string().ends_with(ending))
            found.push_back(f.path());
    }
    std::ranges::sort(found);
    return found;
}
inline std::string bytes_of(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
inline void overwrite(fs::path const& path, std::string const& bytes)
{
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out << bytes;
}
inline void copy_store(fs::path const& from, fs::path const& to)
{
    fs::remove_all(to);
    fs::copy(from, to);
}
inline Record hourly(int h, SiteNumber site = 7) { return make_record(site, IntervalKind::hour, at(std::chrono::hours{h}), h); }
inline RawFrame frame_of(int h, SiteNumber site = 7)
{
    return make_frame(site, IntervalKind::hour, at(std::chrono::hours{h}), "##0384 hour " + std::to_string(h));
}

/// Starts this executable anew with one of the StoreChild tests below (RocksDB's threads do not survive a bare fork).
/// Its descriptor 3 is the writing end of `pipe_ends`. \return its pid
inline pid_t start_child(std::string const& name, fs::path const& folder, int number = 0, int const* pipe_ends = nullptr)
{
    std::string const filter = "--gtest_filter=StoreChild.DISABLED_" + name;
    std::string const number_text = std::to_string(number);
    pid_t const child = fork();
    if (child != 0)
        return child;
    setenv("YIHONG_CHILD_FOLDER", folder.c_str(), 1);
    setenv("YIHONG_CHILD_NUMBER", number_text.c_str(), 1);
    if (pipe_ends != nullptr)
        dup2(pipe_ends[1], 3);
    execl("/proc/self/exe", "child", filter.c_str(), "--gtest_also_run_disabled_tests", "--gtest_brief=1", static_cast<char*>(nullptr));
    _exit(127);
}
inline fs::path child_folder() { return std::getenv("YIHONG_CHILD_FOLDER"); }

}  // namespace yihong
