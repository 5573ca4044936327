#pragma once

#include "yihong/hj212/segment.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::gateway {

/// The DataTime of split data (分包), of which some loggers give only the first part one: a later part of the same MN, CN and QN takes it over.
/// Of one connection; remembers the last few.
class SplitTimes {
public:
    /// \param data_time of a part, as sent
    void remember(hj212::Segment const& part, std::string_view data_time);
    /// \return empty where no part with a DataTime has come
    [[nodiscard]] std::string_view find(hj212::Segment const& part) const noexcept;

private:
    static constexpr std::size_t kept = 64;
    struct Entry {
        std::string mn, qn;
        int cn;
        std::string data_time;
        [[nodiscard]] bool is_of(hj212::Segment const& part) const noexcept { return qn == part.qn && mn == part.mn && cn == part.cn; }
    };
    std::vector<Entry> entries_;  // oldest first; mostly none
};

}  // namespace yihong::gateway
