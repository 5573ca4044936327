#pragma once

#include "ports/store_contract.hpp"

#include <atomic>
#include <thread>

namespace yihong::store_contract {

template <typename Harness>
class CommitterContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(CommitterContract);

TYPED_TEST_P(CommitterContract, ReadersSeeWholeGroupsOnly)
{
    std::atomic<bool> stop = false;
    std::thread writer{[&] {
        for (int h = 0; h < 150; ++h)
            commit(this->store(), {make_record(7, IntervalKind::hour, at(std::chrono::hours{2 * h}), h),
                                   make_record(7, IntervalKind::hour, at(std::chrono::hours{2 * h + 1}), h)});
        stop = true;
    }};
    std::size_t seen = 0;
    while (!stop) {
        auto const found = read(this->store(), series(7));
        ASSERT_EQ(found.size() % 2, 0U);
        ASSERT_GE(found.size(), seen);
        seen = found.size();
    }
    writer.join();
    EXPECT_EQ(read(this->store(), series(7)).size(), 300U);
}

REGISTER_TYPED_TEST_SUITE_P(CommitterContract, ReadersSeeWholeGroupsOnly);

}  // namespace yihong::store_contract
