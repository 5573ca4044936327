#pragma once

#include <stdexcept>

namespace yihong {

/// The store is broken or cannot be reached. The message says what, where and what to do next.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace yihong
