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

TYPED_TEST_P(CommitterContract, NumbersCommitsOneByOneOverRestarts)
{
    EXPECT_EQ(this->store().last_commit(), LastCommit{});
    auto const begin = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    WriteGroup group;
    group.records.added = {make_record(7, IntervalKind::hour, at(0h))};
    EXPECT_EQ(this->store().commit(group), 1U);
    EXPECT_EQ(this->store().commit({}), 1U) << "nothing is no commit";
    EXPECT_EQ(this->store().last_commit().number, 1U);
    WriteGroup done;
    done.outbox.done = {{"nobody", 12345}};                // changes nothing, but is written
    EXPECT_EQ(this->store().commit(done), 2U);
    (void)this->store().number_sites(std::vector<std::string>{"a"});
    auto const last = this->store().last_commit();
    EXPECT_EQ(last.number, 2U);
    EXPECT_GE(last.at, begin);
    EXPECT_LE(last.at, std::chrono::system_clock::now());
    this->harness_.reopen();

    EXPECT_EQ(this->store().last_commit(), last);
    EXPECT_EQ(this->store().commit(group), 3U);
}

REGISTER_TYPED_TEST_SUITE_P(CommitterContract, ReadersSeeWholeGroupsOnly, NumbersCommitsOneByOneOverRestarts);

}  // namespace yihong::store_contract
