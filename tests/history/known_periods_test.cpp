// Places over periods as they were known at a moment: before what came, was corrected, withdrawn or marked later.
#include "world_fixture.hpp"

#include "yihong/evaluate/mark_book.hpp"
#include "yihong/history/known_marks.hpp"
#include "yihong/history/past.hpp"
#include "yihong/history/period_source.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class KnownPeriodsTest : public WorldFixture {
protected:
    Record day(std::string_view date, std::string_view ammonia, UtcTime received_at) const
    {
        Record made;
        made.site = known->sites->find("a")->number;
        made.interval = IntervalKind::day;
        made.time = parse_period(date).value().begin;
        made.received_at = received_at;
        made.readings = {reading("ph", "8.0"), reading("dissolved_oxygen", "8.1"), reading("codmn", "3.5"),
                         reading("ammonia_nitrogen", ammonia), reading("total_phosphorus", "0.15")};
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        return made;
    }
    /// The days of September and October 2025, all of them received at one moment.
    void SetUp() override
    {
        WriteGroup group;
        for (auto const* month : {"2025-09", "2025-10"})
            for (auto at = parse_period(month)->begin; at < parse_period(month)->end; at += 24h)
                group.records.added.push_back(day(format_date(beijing_date(at)), "0.9", came));
        store.commit(group);
    }
    void correct(std::string_view date, std::string_view ammonia, UtcTime at)
    {
        WriteGroup group;
        group.records.superseded_at = at;
        group.records.superseded = {day(date, "0.9", came)};
        group.records.added = {day(date, ammonia, at)};
        store.commit(group);
    }
    void withdraw_month(std::string_view month, UtcTime at)
    {
        WriteGroup group;
        group.records.superseded_at = at;
        for (auto time = parse_period(month)->begin; time < parse_period(month)->end; time += 24h)
            group.records.withdrawn.push_back(day(format_date(beijing_date(time)), "0.9", came));
        store.commit(group);
    }
    void mark(PeriodMark mark, UtcTime at)
    {
        mark.id = "m1";
        mark.kind = PeriodMarkKind::dry;
        mark.site = "a";
        mark.reason = "河道无水";
        mark.by = "李";
        mark.at = at;
        WriteGroup group;
        group.journal.push_back({.number = ++entries,
                                 .topic = std::string{mark_topic},
                                 .subject = mark.id,
                                 .at = at,
                                 .document = mark_document(mark),
                                 .hash = std::to_string(entries)});
        store.commit(group);
    }
    std::shared_ptr<FeatureSource const> sections(std::optional<UtcTime> known_at) const
    {
        auto const present =
            make_period_source(PeriodOf::section, known, period_data(PeriodOf::section, *known, store), {store, &months, settings, marks});
        if (!known_at)
            return present;
        return Past{store, store, *current, settings}.of(*present, std::nullopt, known_at);
    }
    std::string october(std::string_view column, std::optional<UtcTime> known_at) const
    {
        auto const feature = sections(known_at)->find("a.2025-10");
        if (!feature)
            return "none";
        return to_text(shown_value(feature->schema().columns()[*feature->schema().find(column)], *feature, Profile::flat));
    }
    std::string ids(std::optional<UtcTime> known_at) const
    {
        std::string all;
        auto const source = sections(known_at);
        auto const stream = source->select({});
        while (auto const feature = stream->next())
            all += feature->id() + " ";
        return all;
    }

    UtcTime const came = at("2025-11-02T00:00:00Z"), later = came + 24h;
    std::shared_ptr<World const> known = world({site("a", SiteKind::water_section)});
    std::unique_ptr<CurrentState> current = std::make_unique<CurrentState>(known, 1, came);
    mutable SectionMonths months{store};
    Snapshot<MarkBook> marks{std::make_shared<MarkBook const>()};
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
    std::uint64_t entries = 0;
};

TEST_F(KnownPeriodsTest, ACorrectionCountsFromWhenItCame)
{
    correct("2025-10-03", "9.9", later);
    EXPECT_EQ(october("ammonia_nitrogen", std::nullopt), "1.19");
    EXPECT_EQ(october("water_class", std::nullopt), "4");
    EXPECT_EQ(october("ammonia_nitrogen", later - 1ms), "0.9");
    EXPECT_EQ(october("water_class", later - 1ms), "3");
    EXPECT_EQ(october("ammonia_nitrogen", later), "1.19");
    EXPECT_EQ(october("records", came), "31");
    EXPECT_EQ(october("water_class", came - 1ms), "none") << "nothing had come";
}

TEST_F(KnownPeriodsTest, AMonthThatWasWithdrawnIsStillThereAsOfThen)
{
    withdraw_month("2025-10", later);
    EXPECT_EQ(ids(std::nullopt), "a.2025 a.2025-09 ");
    EXPECT_EQ(ids(came), "a.2025 a.2025-09 a.2025-10 ");
    EXPECT_EQ(ids(later), ids(std::nullopt));
}

TEST_F(KnownPeriodsTest, AMarkCountsAsItStoodThen)
{
    PeriodMark dry;
    dry.begin = parse_period("2025-10-11").value().begin;
    dry.version = 1;
    mark(dry, later);
    dry.end = parse_period("2025-10-20").value().end;
    dry.version = 2;
    mark(dry, later + 24h);
    dry.state = PeriodMarkState::withdrawn;
    dry.version = 3;
    mark(dry, later + 48h);
    EXPECT_EQ(october("days_left_out", later - 1ms), "0");
    EXPECT_EQ(october("days_left_out", later), "21");
    EXPECT_EQ(october("days_left_out", later + 24h), "10");
    EXPECT_EQ(october("days_left_out", later + 48h), "0");
    EXPECT_EQ(marks_known_at(store, later + 24h)->all().size(), 1U) << "one mark, whatever its versions";
}

TEST_F(KnownPeriodsTest, WhatIsDueIsCountedUpToThen)
{
    EXPECT_EQ(october("provisional", came), "false");
    auto const early = parse_period("2025-10-16").value().begin;
    WriteGroup group;
    auto first = day("2025-10-01", "0.9", early - 1h);
    first.time -= std::chrono::days{61};                   // 1 August came before
    group.records.added = {first};
    store.commit(group);
    auto const feature = sections(early)->find("a.2025");
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(to_text(shown_value(feature->schema().columns()[*feature->schema().find("provisional")], *feature, Profile::flat)), "true");
}

}  // namespace
}  // namespace yihong::testing
