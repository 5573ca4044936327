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
    query.parameters = {ParameterId{7}};

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
    EXPECT_EQ(this->store().revisions(7, {}, 1).size(), 1U);
    EXPECT_TRUE(same_records({this->store().revisions(7, {}, 1)[0].record}, {first}));
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

TYPED_TEST_P(RecordsContract, TakesWithdrawnRecordsOutOfTheirSeries)
{
    auto const hour = [](int h) { return make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), h); };
    auto const far = make_record(7, IntervalKind::hour, at(40'000h), 9);
    auto const other = make_record(8, IntervalKind::hour, at(3h), 1);
    commit(this->store(), {hour(1), hour(2), hour(3), far, other, make_record(7, IntervalKind::day, at(0h), 1)});
    WriteGroup group;
    group.records.withdrawn = {hour(2), far, other};
    group.records.added = {make_record(8, IntervalKind::hour, at(3h), 2)};
    group.records.came_late = {make_record(7, IntervalKind::hour, at(1h), 77)};
    group.records.superseded_at = at(9h);
    this->store().commit(group);

    EXPECT_TRUE(same_records(read(this->store(), series(7)), {hour(1), hour(3)}));
    EXPECT_FALSE(this->store().find(7, IntervalKind::hour, at(2h)));
    EXPECT_TRUE(same_records(this->store().newest({}),
                             {hour(3), make_record(7, IntervalKind::day, at(0h), 1), make_record(8, IntervalKind::hour, at(3h), 2)}));
    EXPECT_TRUE(same_records(read(this->store(), series(8)), {make_record(8, IntervalKind::hour, at(3h), 2)})) << "it came again";
    EXPECT_EQ(this->store().revisions(7, {}).size(), 3U);
    EXPECT_EQ(this->store().revisions(7, {})[0].superseded_at, at(9h));
    commit(this->store(), {far});
    EXPECT_EQ(this->store().newest({})[0].time, far.time);
}

TYPED_TEST_P(RecordsContract, TheLaterOfTwoVersionsInOneGroupStays)
{
    commit(this->store(), {make_record(7, IntervalKind::hour, at(3h), 1), make_record(7, IntervalKind::hour, at(3h), 2)});

    EXPECT_TRUE(same_records(read(this->store(), series(7)), {make_record(7, IntervalKind::hour, at(3h), 2)}));
}

TYPED_TEST_P(RecordsContract, KnowsTheNewestRecordOfEverySeries)
{
    EXPECT_TRUE(this->store().newest({}).empty());
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

    EXPECT_TRUE(same_records(this->store().newest({}),
                             {make_record(1, IntervalKind::hour, at(399h)), make_record(2, IntervalKind::hour, at(798h)),
                              make_record(2, IntervalKind::day, at(24h)), make_record(3, IntervalKind::hour, at(1197h))}));
}

TYPED_TEST_P(RecordsContract, ReadsTheParametersAskedForAndNoOthers)
{
    auto without = make_record(7, IntervalKind::hour, at(1h));
    without.readings.erase(without.readings.begin() + 1);
    auto const whole = make_record(7, IntervalKind::hour, at(0h));
    commit(this->store(), {whole, without});
    auto query = series(7);
    query.parameters = {9, 300, 7};                // in no order, one that nobody measures

    auto wanted = whole;
    wanted.readings.erase(wanted.readings.begin());
    without.readings.erase(without.readings.begin());
    EXPECT_TRUE(same_records(read(this->store(), query), {wanted, without}));
    query.parameters = {300, 301};
    wanted.readings.clear(), without.readings.clear();
    EXPECT_TRUE(same_records(read(this->store(), query), {wanted, without}));
}

TYPED_TEST_P(RecordsContract, KnowsTheNewestRecordBeforeAnInstant)
{
    std::vector<Record> all;
    for (int h = 0; h < 400; ++h)                          // several pieces of a series
        for (SiteNumber s = 1; s <= 3; ++s)
            all.push_back(make_record(s, IntervalKind::hour, at(std::chrono::hours{h * static_cast<int>(s)}), h));
    all.push_back(make_record(2, IntervalKind::day, at(24h)));
    all.push_back(make_record(3, IntervalKind::realtime, at(500h)));
    all.push_back(make_record(4, IntervalKind::sample, at(9999h)));
    commit(this->store(), all);
    auto const& store = this->store();
    auto const hour = [](SiteNumber s, int h) {
        return make_record(s, IntervalKind::hour, at(std::chrono::hours{h * static_cast<int>(s)}), h);
    };

    EXPECT_TRUE(same_records(store.newest({.before = at(300h), .sites = {}, .interval = {}}),
                             {hour(1, 299), hour(2, 149), make_record(2, IntervalKind::day, at(24h)), hour(3, 99)}))
        << "the instant itself is not before it";
    EXPECT_TRUE(same_records(store.newest({.before = at(300h + 1ms), .sites = {{3, 9, 1}}, .interval = {}}), {hour(1, 300), hour(3, 100)}));
    EXPECT_TRUE(same_records(store.newest({.before = {}, .sites = {{3, 3}}, .interval = {}}),
                             {make_record(3, IntervalKind::realtime, at(500h)), hour(3, 399)}));
    EXPECT_TRUE(same_records(store.newest({.before = at(30h), .sites = {}, .interval = IntervalKind::day}),
                             {make_record(2, IntervalKind::day, at(24h))}));
    EXPECT_TRUE(same_records(store.newest({.before = {}, .sites = {}, .interval = IntervalKind::hour}),
                             {hour(1, 399), hour(2, 399), hour(3, 399)}));
    EXPECT_TRUE(store.newest({.before = {}, .sites = {}, .interval = IntervalKind::minute}).empty());
    EXPECT_TRUE(store.newest({.before = at(0h), .sites = {}, .interval = {}}).empty());
    EXPECT_TRUE(store.newest({.before = UtcTime::min(), .sites = {}, .interval = {}}).empty());
    EXPECT_TRUE(store.newest({.before = {}, .sites = {std::vector<SiteNumber>{}}, .interval = {}}).empty()) << "no sites are no sites";
}

/// Records of many sites that share their times, begin and end apart, and have gaps; in the order of a history.
inline std::vector<Record> many_sites()
{
    std::mt19937 random{3};
    std::vector<Record> all;
    for (SiteNumber s = 1; s <= 40; ++s) {
        int const first = static_cast<int>(random() % 300);
        for (int h = first; h < first + 400; ++h) {
            if (random() % 4 == 0)
                continue;
            all.push_back(make_record(s, IntervalKind::hour, at(std::chrono::hours{h}), h));
            if (h % 24 == 0 && s % 3 == 0)
                all.push_back(make_record(s, IntervalKind::day, at(std::chrono::hours{h}), h));
        }
    }
    std::ranges::sort(all, {}, history_key);
    return all;
}
inline std::vector<Record> read_history(Store const& store, HistoryQuery const& query)
{
    std::vector<Record> found;
    store.visit_history(query, [&](Record const& r) {
        found.push_back(r);
        return true;
    });
    return found;
}

TYPED_TEST_P(RecordsContract, VisitsTheRecordsOfManySitesInOrderOfTimeSiteAndKind)
{
    auto all = many_sites();
    auto shuffled = all;
    std::ranges::shuffle(shuffled, std::mt19937{1});
    for (std::size_t i = 0; i < shuffled.size(); i += 1000)
        commit(this->store(), {shuffled.begin() + static_cast<std::ptrdiff_t>(i),
                               shuffled.begin() + static_cast<std::ptrdiff_t>(std::min(i + 1000, shuffled.size()))});
    HistoryQuery query;
    for (SiteNumber s = 60; s > 0; --s)
        query.sites.push_back(s);                  // some have nothing
    query.limit = 1'000'000;
    for (bool const newest_first : {false, true}) {
        query.newest_first = newest_first;
        EXPECT_TRUE(same_records(read_history(this->store(), query), all));
        auto part = query;
        part.time = {at(250h), at(400h)};
        part.interval = IntervalKind::hour;
        part.sites = {9, 30, 9, 3};
        std::vector<Record> wanted;
        std::ranges::copy_if(all, std::back_inserter(wanted), [&](Record const& r) {
            return part.time.contains(r.time) && r.interval == IntervalKind::hour && (r.site == 3 || r.site == 9 || r.site == 30);
        });
        EXPECT_TRUE(same_records(read_history(this->store(), part), wanted));
        part.limit = 10;
        wanted.resize(10);
        EXPECT_TRUE(same_records(read_history(this->store(), part), wanted));
        part.parameters = {7};
        EXPECT_EQ(read_history(this->store(), part).at(0).readings.size(), 1U);
        part.time = {at(400h), at(250h)};
        EXPECT_TRUE(read_history(this->store(), part).empty());
        std::ranges::reverse(all);
    }
    query.limit = 0;
    EXPECT_TRUE(read_history(this->store(), query).empty());
    query.limit = 100;
    int visited = 0;
    this->store().visit_history(query, [&](Record const&) { return ++visited < 5; });
    EXPECT_EQ(visited, 5);
    query.sites.clear();
    EXPECT_TRUE(read_history(this->store(), query).empty()) << "no sites are no sites";
}

TYPED_TEST_P(RecordsContract, PagesThroughAHistoryByKeyWithoutGapOrRepetition)
{
    auto all = many_sites();
    commit(this->store(), all);
    HistoryQuery query;
    for (SiteNumber s = 1; s <= 40; ++s)
        query.sites.push_back(s);
    query.limit = 97;
    for (bool const newest_first : {false, true}) {
        query.newest_first = newest_first;
        query.after.reset();
        std::vector<Record> collected;
        for (auto page = read_history(this->store(), query); !page.empty(); page = read_history(this->store(), query)) {
            ASSERT_LE(page.size(), 97U);
            collected.insert(collected.end(), page.begin(), page.end());
            query.after = history_key(page.back());
        }
        EXPECT_TRUE(same_records(collected, all));
        std::ranges::reverse(all);
    }
    query.after = HistoryKey{UtcTime::min(), 1, IntervalKind::realtime};
    EXPECT_TRUE(read_history(this->store(), query).empty()) << "behind the very end";
}

TYPED_TEST_P(RecordsContract, VisitsTheRecordsOfAHistoryThatFulfilACondition)
{
    auto all = many_sites();
    std::mt19937 random{7};
    for (auto& record : all) {
        record.verdict.water_class = static_cast<std::uint8_t>(random() % 40);
        record.readings.clear();
        for (auto const& [parameter, most] : {std::pair{ParameterId{3}, 20}, {ParameterId{5}, 6}, {ParameterId{9}, 3}})
            record.readings.push_back({.parameter = parameter, .value = Decimal{static_cast<std::int64_t>(random() % most), 0}});
    }
    for (std::size_t i = 0; i < all.size(); i += 3000)
        commit(this->store(),
               {all.begin() + static_cast<std::ptrdiff_t>(i), all.begin() + static_cast<std::ptrdiff_t>(std::min(i + 3000, all.size()))});
    auto const value = [](Record const& r, ParameterId parameter) {
        auto const* reading = r.find(parameter);
        return reading ? reading->value : Decimal{-1, 0};
    };
    auto const only = [](Record record, std::vector<ParameterId> const& parameters) {
        auto const is_other = [&](Reading const& r) { return std::ranges::find(parameters, r.parameter) == parameters.end(); };
        if (!parameters.empty())
            std::erase_if(record.readings, is_other);
        return record;
    };
    struct Case {
        RecordCondition condition;
        std::vector<ParameterId> wanted;
    };
    std::array const cases{
        Case{{.holds = [&](Record const& r) { return value(r, 3) == Decimal{7, 0} && value(r, 9) == Decimal{2, 0}; }, .parameters = {9, 3}},
             {}},
        Case{{.holds = [&](Record const& r) { return value(r, 3) == Decimal{7, 0}; }, .parameters = {3}}, {5}},
        Case{{.holds = [&](Record const& r) { return value(r, 3) == Decimal{7, 0}; }, .parameters = {3}}, {3}},
        Case{{.holds = [&](Record const& r) { return r.readings.size() == 3 && value(r, 3) < Decimal{15, 0}; }, .parameters = {}}, {9}},
        Case{{.holds = [&](Record const& r) { return r.verdict.water_class == 1; }, .parameters = {5}}, {}},
        Case{{.holds = [&](Record const& r) { return r.site == 17 && r.time >= at(300h); }, .parameters = {5}}, {}},
        Case{{.holds = [](Record const&) { return false; }, .parameters = {5}}, {}},
    };
    HistoryQuery query;
    for (SiteNumber s = 1; s <= 40; ++s)
        query.sites.push_back(s);
    for (bool const newest_first : {false, true}) {
        query.newest_first = newest_first;
        for (auto const& one : cases) {
            query.condition = one.condition;
            query.parameters = one.wanted;
            std::vector<Record> expected;
            for (auto const& record : all)
                if (one.condition.holds(only(record, one.condition.parameters)))
                    expected.push_back(only(record, one.wanted));
            query.time = {};
            query.after.reset();
            query.limit = 1'000'000;
            EXPECT_TRUE(same_records(read_history(this->store(), query), expected));
            query.limit = 61;
            std::vector<Record> collected;
            for (auto page = read_history(this->store(), query); !page.empty(); page = read_history(this->store(), query)) {
                ASSERT_LE(page.size(), 61U);
                collected.insert(collected.end(), page.begin(), page.end());
                query.after = history_key(page.back());
            }
            EXPECT_TRUE(same_records(collected, expected));
            query.after.reset();
            query.time = {at(301h), at(340h)};
            std::erase_if(expected, [&](Record const& r) { return !query.time.contains(r.time); });
            query.limit = 1'000'000;
            EXPECT_TRUE(same_records(read_history(this->store(), query), expected));
        }
        std::ranges::reverse(all);
    }
}

REGISTER_TYPED_TEST_SUITE_P(RecordsContract, GivesBackARecordExactly, FindsNothingAtOtherSitesKindsAndTimes,
                            KeepsRecordsWithoutReadingsAndFarTimes, VisitsASeriesInOrderOfTimeInBothDirections,
                            IncludesBothEndsOfTheTimeInterval, MergesAllKindsByTimeThenKind, PagesByKeyWithoutGapOrRepetition,
                            StopsAtTheLimitAndWhenTheVisitorHasEnough, ReadsOneParameterAlone, ReplacesARecordAndKeepsWhatItSuperseded,
                            KeepsEveryRevisionOfOneMoment, TakesWithdrawnRecordsOutOfTheirSeries, TheLaterOfTwoVersionsInOneGroupStays,
                            KnowsTheNewestRecordOfEverySeries, ReadsTheParametersAskedForAndNoOthers, KnowsTheNewestRecordBeforeAnInstant,
                            VisitsTheRecordsOfManySitesInOrderOfTimeSiteAndKind, PagesThroughAHistoryByKeyWithoutGapOrRepetition,
                            VisitsTheRecordsOfAHistoryThatFulfilACondition);

}  // namespace yihong::store_contract
