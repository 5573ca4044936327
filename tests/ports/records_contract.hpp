#pragma once

#include "ports/store_contract.hpp"

namespace yihong::store_contract {

template <typename Harness>
class RecordsContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(RecordsContract);

TYPED_TEST_P(RecordsContract, GivesBackARecordExactly)
{
    auto const r = make_record(3, IntervalKind::hour, at(5h));
    commit(this->store(), {r});

    auto const found = this->store().find(3, IntervalKind::hour, at(5h));

    ASSERT_TRUE(found);
    EXPECT_TRUE(same_records({*found}, {r}));
}

TYPED_TEST_P(RecordsContract, FindsNothingAtOtherSitesKindsAndTimes)
{
    commit(this->store(), {make_record(3, IntervalKind::hour, at(5h))});

    EXPECT_FALSE(this->store().find(2, IntervalKind::hour, at(5h)));
    EXPECT_FALSE(this->store().find(3, IntervalKind::day, at(5h)));
    EXPECT_FALSE(this->store().find(3, IntervalKind::hour, at(5h + 1ms)));
    EXPECT_TRUE(read(this->store(), series(4)).empty());
}

TYPED_TEST_P(RecordsContract, KeepsRecordsWithoutReadingsAndFarTimes)
{
    auto early = make_record(1, IntervalKind::sample, UtcTime{-5'000'000'000'000ms});
    early.readings.clear();
    auto const late = make_record(1, IntervalKind::sample, UtcTime{250'000'000'000'000ms});
    commit(this->store(), {late, early});

    EXPECT_TRUE(same_records(read(this->store(), series(1, IntervalKind::sample)), {early, late}));
}

TYPED_TEST_P(RecordsContract, VisitsASeriesInOrderOfTimeInBothDirections)
{
    std::vector<Record> all;
    for (int h = 0; h < 600; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), 700 + h));
    auto shuffled = all;
    std::ranges::shuffle(shuffled, std::mt19937{1});
    for (std::size_t i = 0; i < shuffled.size(); i += 50)
        commit(this->store(), {shuffled.begin() + static_cast<std::ptrdiff_t>(i), shuffled.begin() + static_cast<std::ptrdiff_t>(i + 50)});
    commit(this->store(), {make_record(6, IntervalKind::hour, at(1h)), make_record(8, IntervalKind::hour, at(1h)),
                           make_record(7, IntervalKind::day, at(1h))});

    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    auto backward = series(7);
    backward.newest_first = true;
    std::ranges::reverse(all);
    EXPECT_TRUE(same_records(read(this->store(), backward), all));
}

TYPED_TEST_P(RecordsContract, IncludesBothEndsOfTheTimeInterval)
{
    std::vector<Record> all;
    for (int h = 0; h < 1000; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
    commit(this->store(), all);
    for (auto const& [first, last] : {std::pair{0, 0}, {1, 23}, {100, 268}, {167, 168}, {500, 999}}) {
        for (bool const newest_first : {false, true}) {
            auto query = series(7);
            query.newest_first = newest_first;
            query.time = {at(std::chrono::hours{first}), at(std::chrono::hours{last})};
            std::vector<Record> wanted{all.begin() + first, all.begin() + last + 1};
            if (newest_first)
                std::ranges::reverse(wanted);
            EXPECT_TRUE(same_records(read(this->store(), query), wanted)) << first << " to " << last;
        }
    }
    auto open_end = series(7);
    open_end.time = {at(998h), std::nullopt};
    EXPECT_EQ(read(this->store(), open_end).size(), 2U);
    open_end.time = {std::nullopt, at(1h)};
    EXPECT_EQ(read(this->store(), open_end).size(), 2U);
    open_end.time = {at(2h), at(1h)};
    EXPECT_TRUE(read(this->store(), open_end).empty());
}

TYPED_TEST_P(RecordsContract, MergesAllKindsByTimeThenKind)
{
    std::vector<Record> const all{make_record(7, IntervalKind::hour, at(0h)),       make_record(7, IntervalKind::day, at(0h)),
                                  make_record(7, IntervalKind::hour, at(1h)),       make_record(7, IntervalKind::realtime, at(2h)),
                                  make_record(7, IntervalKind::minute, at(2h)),     make_record(7, IntervalKind::hour, at(2h)),
                                  make_record(7, IntervalKind::four_hours, at(4h)), make_record(7, IntervalKind::sample, at(4h))};
    commit(this->store(), all);

    EXPECT_TRUE(same_records(read(this->store(), series(7, std::nullopt)), all));
}

TYPED_TEST_P(RecordsContract, PagesByKeyWithoutGapOrRepetition)
{
    std::vector<Record> all;
    for (int h = 0; h < 400; ++h) {
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
        if (h % 4 == 0)
            all.push_back(make_record(7, IntervalKind::four_hours, at(std::chrono::hours{h})));
    }
    commit(this->store(), all);
    for (bool const newest_first : {false, true}) {
        auto query = series(7, std::nullopt);
        query.newest_first = newest_first;
        query.limit = 7;
        std::vector<Record> collected;
        for (auto page = read(this->store(), query); !page.empty(); page = read(this->store(), query)) {
            ASSERT_LE(page.size(), 7U);
            collected.insert(collected.end(), page.begin(), page.end());
            query.after = {page.back().time, page.back().interval};
        }
        EXPECT_TRUE(same_records(collected, all));
        std::ranges::reverse(all);
    }
}

TYPED_TEST_P(RecordsContract, StopsAtTheLimitAndWhenTheVisitorHasEnough)
{
    std::vector<Record> all;
    for (int h = 0; h < 300; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
    commit(this->store(), all);
    auto query = series(7);
    query.limit = 0;
    EXPECT_TRUE(read(this->store(), query).empty());
    query.limit = 250;
    EXPECT_EQ(read(this->store(), query).size(), 250U);
    int visited = 0;
    this->store().visit_series(query, [&](Record const&) { return ++visited < 5; });
    EXPECT_EQ(visited, 5);
}

TYPED_TEST_P(RecordsContract, ReadsOneParameterAlone)
{
    auto without = make_record(7, IntervalKind::hour, at(1h));
    without.readings.erase(without.readings.begin() + 1);
    commit(this->store(), {make_record(7, IntervalKind::hour, at(0h)), without});
    auto query = series(7);
    query.parameter = ParameterId{7};

    auto const found = read(this->store(), query);

    ASSERT_EQ(found.size(), 2U);
    ASSERT_EQ(found[0].readings.size(), 1U);
    EXPECT_EQ(found[0].readings[0].value, (Decimal{-781, 0}));
    EXPECT_TRUE(found[1].readings.empty());
}

TYPED_TEST_P(RecordsContract, ReplacesARecordAndKeepsWhatItSuperseded)
{
    auto const first = make_record(7, IntervalKind::hour, at(3h), 100);
    auto second = make_record(7, IntervalKind::hour, at(3h), 200);
    second.received_at = at(9h);
    auto third = make_record(7, IntervalKind::hour, at(3h), 300);
    third.received_at = at(10h);
    commit(this->store(), {first, make_record(7, IntervalKind::hour, at(4h))});
    for (auto const& [old, now, when] : {std::tuple{first, second, at(9h)}, {second, third, at(10h)}}) {
        WriteGroup group;
        group.records.added = {now};
        group.records.superseded = {old};
        group.records.superseded_at = when;
        this->store().commit(group);
    }

    auto const found = this->store().find(7, IntervalKind::hour, at(3h));
    ASSERT_TRUE(found);
    EXPECT_TRUE(same_records({*found}, {third}));
    EXPECT_EQ(read(this->store(), series(7)).size(), 2U);
    auto const revisions = this->store().revisions(7, {});
    ASSERT_EQ(revisions.size(), 2U);
    EXPECT_TRUE(same_records({revisions[0].record, revisions[1].record}, {first, second}));
    EXPECT_EQ(revisions[0].superseded_at, at(9h));
    EXPECT_EQ(revisions[1].superseded_at, at(10h));
    EXPECT_TRUE(this->store().revisions(8, {}).empty());
    EXPECT_TRUE(this->store().revisions(7, {at(4h), std::nullopt}).empty());
    EXPECT_EQ(this->store().revisions(7, {at(3h), at(3h)}).size(), 2U);
}

TYPED_TEST_P(RecordsContract, KeepsEveryRevisionOfOneMoment)
{
    for (int i = 0; i < 3; ++i) {
        WriteGroup group;
        group.records.added = {make_record(7, IntervalKind::hour, at(3h), 500 + i)};
        group.records.superseded = {make_record(7, IntervalKind::hour, at(3h), 100 + i),
                                    make_record(7, IntervalKind::hour, at(3h), 200 + i)};
        group.records.superseded_at = at(9h);
        this->store().commit(group);
    }

    EXPECT_EQ(this->store().revisions(7, {}).size(), 6U);
}

TYPED_TEST_P(RecordsContract, TheLaterOfTwoVersionsInOneGroupStays)
{
    commit(this->store(), {make_record(7, IntervalKind::hour, at(3h), 1), make_record(7, IntervalKind::hour, at(3h), 2)});

    EXPECT_TRUE(same_records(read(this->store(), series(7)), {make_record(7, IntervalKind::hour, at(3h), 2)}));
}

TYPED_TEST_P(RecordsContract, KnowsTheNewestRecordOfEverySeries)
{
    EXPECT_TRUE(this->store().newest().empty());
    for (int h = 0; h < 400; ++h) {
        std::vector<Record> records;
        for (SiteNumber s = 1; s <= 3; ++s)
            records.push_back(make_record(s, IntervalKind::hour, at(std::chrono::hours{h * static_cast<int>(s)})));
        commit(this->store(), records);
    }
    commit(this->store(), {make_record(2, IntervalKind::day, at(24h))});
    WriteGroup late;                       // arrives late: it is not the newest
    late.records.added = {make_record(2, IntervalKind::hour, at(5h))};
    this->store().commit(late);

    EXPECT_TRUE(
        same_records(this->store().newest(), {make_record(1, IntervalKind::hour, at(399h)), make_record(2, IntervalKind::hour, at(798h)),
                                              make_record(2, IntervalKind::day, at(24h)), make_record(3, IntervalKind::hour, at(1197h))}));
}

REGISTER_TYPED_TEST_SUITE_P(RecordsContract, GivesBackARecordExactly, FindsNothingAtOtherSitesKindsAndTimes,
                            KeepsRecordsWithoutReadingsAndFarTimes, VisitsASeriesInOrderOfTimeInBothDirections,
                            IncludesBothEndsOfTheTimeInterval, MergesAllKindsByTimeThenKind, PagesByKeyWithoutGapOrRepetition,
                            StopsAtTheLimitAndWhenTheVisitorHasEnough, ReadsOneParameterAlone, ReplacesARecordAndKeepsWhatItSuperseded,
                            KeepsEveryRevisionOfOneMoment, TheLaterOfTwoVersionsInOneGroupStays, KnowsTheNewestRecordOfEverySeries);

}  // namespace yihong::store_contract
