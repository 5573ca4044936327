#pragma once

#include "yihong/model/record.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace yihong {

/// The last few records of a series, oldest first: a queue that keeps nothing while it is empty, as most are (an empty deque takes 600 bytes, and every site
/// has six of them). What left at the front is closed up now and then.
class RecordTail {
public:
    using Iterator = std::vector<Record>::iterator;
    using ConstIterator = std::vector<Record>::const_iterator;

    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size() - gone_; }
    [[nodiscard]] Iterator begin() noexcept { return all_.begin() + gap(); }
    [[nodiscard]] Iterator end() noexcept { return all_.end(); }
    [[nodiscard]] ConstIterator begin() const noexcept { return all_.begin() + gap(); }
    [[nodiscard]] ConstIterator end() const noexcept { return all_.end(); }
    [[nodiscard]] Record const& front() const noexcept { return all_[gone_]; }
    [[nodiscard]] Record const& back() const noexcept { return all_.back(); }
    [[nodiscard]] Record const& operator[](std::size_t i) const noexcept { return all_[gone_ + i]; }

    void push_back(Record record) { all_.push_back(std::move(record)); }
    void push_front(Record record) { insert(begin(), std::move(record)); }
    void insert(Iterator at, Record record) { all_.insert(at, std::move(record)); }
    void pop_front() noexcept
    {
        constexpr std::uint32_t most_gone = 4;
        all_[gone_] = {};
        if (++gone_ < most_gone)
            return;
        all_.erase(all_.begin(), begin());
        gone_ = 0;
    }
    void clear() noexcept
    {
        all_ = {};
        gone_ = 0;
    }

private:
    [[nodiscard]] std::ptrdiff_t gap() const noexcept { return static_cast<std::ptrdiff_t>(gone_); }
    std::vector<Record> all_;
    std::uint32_t gone_ = 0;  // so many in front are no more
};

}  // namespace yihong
