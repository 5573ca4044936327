#pragma once

#include "yihong/ports/store_error.hpp"
#include "yihong/ports/write_group.hpp"

namespace yihong {

/// The one way to change what the store keeps. Called by one thread.
class Committer {
public:
    virtual ~Committer() = default;

    /// Atomic and on disk when it returns. \throws StoreError nothing was written
    virtual void commit(WriteGroup const& group) = 0;
};

}  // namespace yihong
