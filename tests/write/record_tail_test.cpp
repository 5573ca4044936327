#include "record_tail.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace yihong {
namespace {

Record at(std::int64_t time)
{
    Record record;
    record.time = UtcTime{std::chrono::milliseconds{time}};
    record.readings.emplace_back();
    return record;
}

TEST(RecordTail, IsAQueueAsADequeIs)
{
    std::mt19937 random{5};
    RecordTail tail;
    std::deque<std::int64_t> expected;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        auto const what = random() % 10;
        if (what < 5) {
            tail.push_back(at(i));
            expected.push_back(i);
        } else if (what == 5) {
            tail.push_front(at(i));
            expected.push_front(i);
        } else if (what == 6 && !expected.empty()) {
            auto const place = static_cast<std::ptrdiff_t>(random() % expected.size());
            tail.insert(tail.begin() + place, at(i));
            expected.insert(expected.begin() + place, i);
        } else if (what < 9 && !expected.empty()) {
            tail.pop_front();
            expected.pop_front();
        } else if (random() % 50 == 0) {
            tail.clear();
            expected.clear();
        }
        while (expected.size() > 26) {
            tail.pop_front();
            expected.pop_front();
        }
        ASSERT_EQ(tail.size(), expected.size());
        ASSERT_EQ(tail.empty(), expected.empty());
        std::vector<std::int64_t> times;
        for (auto const& record : tail) {
            times.push_back(record.time.time_since_epoch().count());
            ASSERT_EQ(record.readings.size(), 1U);
        }
        ASSERT_EQ(times, std::vector<std::int64_t>(expected.begin(), expected.end()));
        if (expected.empty())
            continue;
        ASSERT_EQ(tail.front().time.time_since_epoch().count(), expected.front());
        ASSERT_EQ(tail.back().time.time_since_epoch().count(), expected.back());
        ASSERT_EQ(tail[expected.size() / 2].time.time_since_epoch().count(), expected[expected.size() / 2]);
    }
}

}  // namespace
}  // namespace yihong
