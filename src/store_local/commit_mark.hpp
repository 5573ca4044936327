#pragma once

#include "yihong/ports/committer.hpp"

#include <filesystem>
#include <optional>

namespace yihong::store_local {

/// The number of the last acknowledged commit, noted beside the log of the store (日志之外的提交计数): when the log was cut or is missing, the store
/// alone cannot know that there was more. One line of fixed length in the store's folder, rewritten in place and not synced: it may lag behind
/// after a power cut, and is never ahead of what was on disk. A backup has none. On one thread.
class CommitMark {
public:
    struct Note {
        LastCommit last;
        bool closed = false;  ///< the program ended in order
    };
    /// \return nothing where there is none, or none that can be read
    [[nodiscard]] static std::optional<Note> read(std::filesystem::path const& directory);

    /// Notes `last`, and on from there. Where the file cannot be made there is no mark, and nothing else is lost.
    CommitMark(std::filesystem::path const& directory, LastCommit const& last);
    ~CommitMark();  ///< notes that the program ends in order
    CommitMark(CommitMark const&) = delete;
    CommitMark& operator=(CommitMark const&) = delete;

    void put(LastCommit const& last) noexcept;

private:
    void write(bool closed) noexcept;

    int file_;
    LastCommit last_;
};

}  // namespace yihong::store_local
