#pragma once

#include "ports/store_contract.hpp"

namespace yihong::store_contract {

template <typename Harness>
class EvidenceContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(EvidenceContract);

TYPED_TEST_P(EvidenceContract, KeepsQuarantineWithRawBytesAndPages)
{
    WriteGroup group;
    for (int i = 0; i < 10; ++i)
        group.evidence.quarantined.push_back(make_entry(std::string{"raw\0\xff", 5} + std::to_string(i)));
    this->store().commit(group);

    auto const page = this->store().quarantine(0, 4);
    ASSERT_EQ(page.size(), 4U);
    auto const rest = this->store().quarantine(page.back().id, 100);
    ASSERT_EQ(rest.size(), 6U);
    EXPECT_LT(page[3].id, rest[0].id);
    auto const wanted = make_entry(std::string{"raw\0\xff", 5} + "4");
    EXPECT_EQ(std::tie(rest[0].received_at, rest[0].source, rest[0].format, rest[0].code, rest[0].detail, rest[0].site, rest[0].raw),
              std::tie(wanted.received_at, wanted.source, wanted.format, wanted.code, wanted.detail, wanted.site, wanted.raw));
    EXPECT_EQ(this->store().quarantine_entry(rest[0].id)->raw, wanted.raw);
    EXPECT_TRUE(this->store().quarantine(UINT64_MAX, 5).empty());
    EXPECT_TRUE(this->store().quarantine(0, 0).empty());
    EXPECT_EQ(this->store().quarantine(0, 100, 1).size(), 1U) << "one entry, however large";
    EXPECT_EQ(this->store().quarantine(0, 100, 7).size(), 2U) << "6 bytes each";
}

TYPED_TEST_P(EvidenceContract, NeverGivesAQuarantineIdTwice)
{
    WriteGroup group;
    group.evidence.quarantined = {make_entry("a"), make_entry("b")};
    this->store().commit(group);
    auto const last = this->store().quarantine(0, 10).back().id;
    WriteGroup clear;
    clear.evidence.cleared = {last, last, 12345};
    this->store().commit(clear);
    EXPECT_FALSE(this->store().quarantine_entry(last));
    EXPECT_EQ(this->store().stats().quarantine_entries, 1U);
    this->harness_.reopen();
    group.evidence.quarantined = {make_entry("c")};
    this->store().commit(group);

    EXPECT_GT(this->store().quarantine(0, 10).back().id, last);
    EXPECT_EQ(this->store().stats().quarantine_entries, 2U);
}

TYPED_TEST_P(EvidenceContract, FindsEveryFrameOfARecordInOrderOfReceipt)
{
    auto const first = make_frame(7, IntervalKind::hour, at(3h), std::string{"##\0\xff\r\n", 6}, 90s);
    auto again = make_frame(7, IntervalKind::hour, at(3h), "again", 2h);
    again.verdict = FrameVerdict::duplicate;
    auto twin = again;                                   // even its receipt is the same
    twin.bytes = "twin";
    commit_frames(this->store(), {again, twin});
    commit_frames(this->store(),
                  {make_frame(7, IntervalKind::hour, at(2h), "before"), make_frame(7, IntervalKind::hour, at(3h + 1ms), "behind"), first,
                   make_frame(7, IntervalKind::day, at(3h), "other kind"), make_frame(8, IntervalKind::hour, at(3h), "other site"),
                   make_frame(7, std::nullopt, at(3h), "no record")});

    std::vector<RawFrame> wanted{first, again, twin};
    EXPECT_EQ(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(3h)})), wanted);
    this->harness_.reopen();
    EXPECT_EQ(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(3h)})), wanted);
    auto backward = frames_of(7, IntervalKind::hour, {at(3h), at(3h)});
    backward.newest_first = true;
    std::ranges::reverse(wanted);
    EXPECT_EQ(read_frames(this->store(), backward), wanted);
    EXPECT_TRUE(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(4h), at(5h)})).empty());
    EXPECT_TRUE(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(2h)})).empty());
}

TYPED_TEST_P(EvidenceContract, VisitsFramesInBothDirectionsUntilTheLimitOrTheVisitorHasEnough)
{
    std::vector<RawFrame> all;
    for (int m = 0; m < 900; ++m)                        // some before 1970, and in several files
        all.push_back(make_frame(7, IntervalKind::minute, UtcTime{(m - 450) * 1min}, std::to_string(m) + std::string(300, 'x')));
    auto shuffled = all;
    std::ranges::shuffle(shuffled, std::mt19937{5});
    for (std::size_t i = 0; i < shuffled.size(); i += 90)
        commit_frames(this->store(),
                      {shuffled.begin() + static_cast<std::ptrdiff_t>(i), shuffled.begin() + static_cast<std::ptrdiff_t>(i + 90)});
    for (bool const newest_first : {false, true}) {
        auto query = frames_of(7, IntervalKind::minute);
        query.newest_first = newest_first;
        query.limit = 10'000;
        EXPECT_EQ(read_frames(this->store(), query), all);
        query.limit = 250;
        EXPECT_EQ(read_frames(this->store(), query), (std::vector<RawFrame>{all.begin(), all.begin() + 250}));
        query.limit = 0;
        EXPECT_TRUE(read_frames(this->store(), query).empty());
        query.limit = 10;
        int visited = 0;
        this->store().visit_frames(query, [&](RawFrame const&) { return ++visited < 5; });
        EXPECT_EQ(visited, 5);
        std::ranges::reverse(all);
    }
    auto part = frames_of(7, IntervalKind::minute, {UtcTime{-1min}, UtcTime{1min}});
    EXPECT_EQ(read_frames(this->store(), part), (std::vector<RawFrame>{all.begin() + 449, all.begin() + 452}));
}

TYPED_TEST_P(EvidenceContract, KeepsFramesWithoutARecordAndWithoutASite)
{
    auto nobody = make_frame(0, std::nullopt, at(1h), "unknown MN", 0s);
    nobody.verdict = FrameVerdict::refused;
    nobody.device = "";
    auto heartbeat = make_frame(7, std::nullopt, at(2h), "heartbeat", 0s);
    heartbeat.verdict = FrameVerdict::kept;
    commit_frames(this->store(), {heartbeat, nobody});

    EXPECT_EQ(read_frames(this->store(), frames_of(0, std::nullopt)), std::vector{nobody});
    EXPECT_EQ(read_frames(this->store(), frames_of(7, std::nullopt)), std::vector{heartbeat});
    EXPECT_TRUE(read_frames(this->store(), frames_of(7)).empty());
    EXPECT_TRUE(read(this->store(), series(7, std::nullopt)).empty());
}

REGISTER_TYPED_TEST_SUITE_P(EvidenceContract, KeepsQuarantineWithRawBytesAndPages, NeverGivesAQuarantineIdTwice,
                            FindsEveryFrameOfARecordInOrderOfReceipt, VisitsFramesInBothDirectionsUntilTheLimitOrTheVisitorHasEnough,
                            KeepsFramesWithoutARecordAndWithoutASite);

}  // namespace yihong::store_contract
