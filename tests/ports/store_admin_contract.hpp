#pragma once

#include "ports/store_contract.hpp"

#include <atomic>
#include <thread>

namespace yihong::store_contract {

template <typename Harness>
class StoreAdminContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(StoreAdminContract);

TYPED_TEST_P(StoreAdminContract, ABackupHoldsFramesAndTheOutbox)
{
    auto const folder = std::filesystem::temp_directory_path() / ("yihong-backup-" + std::to_string(std::random_device{}()));
    auto const frame = make_frame(7, IntervalKind::hour, at(3h), "frame");
    commit_frames(this->store(), {frame});
    put_out(this->store(), {{0, "a", "1"}});
    this->store().backup(folder / "copy");
    {
        auto const copy = this->harness_.open_copy(folder / "copy");
        EXPECT_EQ(read_frames(*copy, frames_of(7)), std::vector{frame});
        EXPECT_EQ(copy->outbox("a", 0, 10), this->store().outbox("a", 0, 10));
    }
    std::filesystem::remove_all(folder);
}

TYPED_TEST_P(StoreAdminContract, SurvivesReopeningAndCompaction)
{
    std::vector<Record> all;
    for (int h = 0; h < 500; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), 700 + h));
    commit(this->store(), {all.begin(), all.begin() + 300});
    this->harness_.reopen();
    commit(this->store(), {all.begin() + 300, all.end()});
    this->harness_.compact();
    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    this->harness_.reopen();

    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    EXPECT_EQ(this->store().stats().records_estimate, 500U);
    EXPECT_GT(this->store().stats().disk_bytes, 0U);
}

TYPED_TEST_P(StoreAdminContract, BacksUpWhileWritingGoesOn)
{
    auto const folder = std::filesystem::temp_directory_path() / ("yihong-backup-" + std::to_string(std::random_device{}()));
    commit(this->store(), {make_record(7, IntervalKind::hour, at(0h), 0)});
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::thread writer{[&] {
        for (int h = 1; !stop; ++h) {
            commit(this->store(), {make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), h)});
            written = h;
        }
    }};
    while (written < 20)
        std::this_thread::yield();
    int const before = written;
    this->store().backup(folder / "copy");
    EXPECT_THROW(this->store().backup(folder / "copy"), StoreError);
    stop = true;
    writer.join();
    {
        auto const copy = this->harness_.open_copy(folder / "copy");
        auto query = series(7);
        query.limit = 1'000'000;
        auto const copied = read(*copy, query);
        ASSERT_GT(copied.size(), static_cast<std::size_t>(before));
        for (std::size_t h = 0; h < copied.size(); ++h)      // no gap: the copy is one moment
            ASSERT_TRUE(
                same_records({copied[h]}, {make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), static_cast<std::int64_t>(h))}));
        commit(*copy, {make_record(9, IntervalKind::hour, at(0h))});
        EXPECT_FALSE(this->store().find(9, IntervalKind::hour, at(0h)));
    }
    std::filesystem::remove_all(folder);
}

REGISTER_TYPED_TEST_SUITE_P(StoreAdminContract, ABackupHoldsFramesAndTheOutbox, SurvivesReopeningAndCompaction, BacksUpWhileWritingGoesOn);

}  // namespace yihong::store_contract
