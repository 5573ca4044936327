#include "yihong/station/fleet.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace yihong::station {
namespace {

/// 16 classes for each doubling: the place of the highest bit, and the four bits below it.
std::size_t class_of(std::uint64_t microseconds) noexcept
{
    if (microseconds < 16)
        return static_cast<std::size_t>(microseconds);
    auto const high = static_cast<unsigned>(std::bit_width(microseconds)) - 1U;
    return (high - 3U) * 16U + static_cast<std::size_t>(microseconds >> (high - 4U) & 15U);
}

std::uint64_t lowest_of(std::size_t index) noexcept { return index < 16 ? index : (16 + index % 16) << (index / 16 - 1); }

}  // namespace

void AnswerTimes::add(std::chrono::microseconds time) noexcept
{
    auto const count = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    ++classes_[std::min(class_of(count), classes_.size() - 1)];
    ++count_;
    longest_ = std::max(longest_, count);
}

void AnswerTimes::add(AnswerTimes const& other) noexcept
{
    for (std::size_t i = 0; i < classes_.size(); ++i)
        classes_[i] += other.classes_[i];
    count_ += other.count_;
    longest_ = std::max(longest_, other.longest_);
}

std::chrono::microseconds AnswerTimes::at(double share) const noexcept
{
    auto const wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
        seen += classes_[i];
        if (seen >= wanted && seen > 0)
            return std::chrono::microseconds{std::min(lowest_of(i), longest_)};
    }
    return std::chrono::microseconds{0};
}

void FleetTotals::add(FleetTotals const& other) noexcept
{
    for (auto const member :
         {&FleetTotals::connected, &FleetTotals::lost, &FleetTotals::failed_connects, &FleetTotals::sent, &FleetTotals::acknowledged,
          &FleetTotals::resent, &FleetTotals::refused, &FleetTotals::unsent, &FleetTotals::left_out, &FleetTotals::duplicated,
          &FleetTotals::flooded, &FleetTotals::spoilt, &FleetTotals::heartbeats, &FleetTotals::requests, &FleetTotals::bad_frames})
        this->*member += other.*member;
    answer_times.add(other.answer_times);
}

}  // namespace yihong::station
