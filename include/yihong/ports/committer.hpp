#pragma once

#include "yihong/base/time.hpp"
#include "yihong/ports/store_error.hpp"
#include "yihong/ports/write_group.hpp"

#include <cstdint>

namespace yihong {

/// The number of a commit: one more than that of the commit before, over restarts too. What has the same number has the same content.
using CommitNumber = std::uint64_t;

struct LastCommit {
    CommitNumber number = 0;  ///< 0: none yet, or none since commits are numbered
    UtcTime at{};  ///< by the clock of the machine that made it; the beginning of 1970 when there is none
    bool operator==(LastCommit const&) const = default;
};

/// The one way to change what the store keeps, but for the numbers of sites.
class Committer {
public:
    virtual ~Committer() = default;

    /// Atomic and on disk when it returns. An empty group is no commit. Called by one thread.
    /// \return the number of the commit, which is on disk with it; of the last one when the group is empty
    /// \throws StoreError nothing was written, and no number taken
    virtual CommitNumber commit(WriteGroup const& group) = 0;
    /// Any thread; of what has been written when it is called.
    [[nodiscard]] virtual LastCommit last_commit() const = 0;
    /// Writes and syncs something that changes nothing, to tell whether the store takes commits. \throws StoreError it does not
    virtual void probe() = 0;
};

}  // namespace yihong
