#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace yihong {

/// The current version of an immutable object. Readers keep the version they loaded for as long as they hold it.
/// A mutex round a pointer swap: std::atomic<std::shared_ptr> of libstdc++ 12 is neither lock-free nor clean under TSan.
template <typename T>
class Snapshot {
public:
    explicit Snapshot(std::shared_ptr<T const> initial) : current_{std::move(initial)} {}

    [[nodiscard]] std::shared_ptr<T const> load() const
    {
        std::lock_guard const lock{mutex_};
        return current_;
    }
    void publish(std::shared_ptr<T const> next)
    {
        {
            std::lock_guard const lock{mutex_};
            current_.swap(next);
        }
        // the old version may die here, outside the lock
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T const> current_;
};

}  // namespace yihong
