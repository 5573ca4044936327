// Collections as they were, and as they were known.
#include "world_fixture.hpp"

#include "yihong/features/memory_source.hpp"
#include "yihong/history/known_records.hpp"
#include "yihong/history/past.hpp"
#include "yihong/history/record_source.hpp"
#include "yihong/state/site_collections.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class PastTest : public WorldFixture {
protected:
    Record record(std::string_view site, IntervalKind interval, UtcTime time, UtcTime received_at, std::string_view ph) const
    {
        Record made;
        made.site = known->sites->find(site)->number;
        made.interval = interval;
        made.time = time;
        made.received_at = received_at;
        made.readings = {reading("ph", std::string{ph})};
        return made;
    }
    void add(std::vector<Record> records)
    {
        WriteGroup group;
        group.records.added = std::move(records);
        store.commit(group);
    }
    /// What stands is corrected (or, without a record, withdrawn) at a moment.
    void supersede(Record const& before, std::optional<Record> after, UtcTime at)
    {
        WriteGroup group;
        group.records.superseded_at = at;
        if (after) {
            group.records.superseded = {before};
            group.records.added = {*std::move(after)};
        } else {
            group.records.withdrawn = {before};
        }
        store.commit(group);
    }
    Past past() const { return Past{store, store, *current, settings}; }
    std::shared_ptr<FeatureSource const> sites(std::optional<UtcTime> moment, std::optional<UtcTime> known_at = {}) const
    {
        MemorySource const present{metadata_of(site_collections[0]), std::make_shared<Schema const>(), {}};
        return past().of(present, moment, known_at);
    }
    static std::string value(FeatureSource const& source, std::string_view id, std::string_view column)
    {
        auto const feature = source.find(id);
        return to_text(shown_value(source.schema().columns()[*source.schema().find(column)], *feature, Profile::flat));
    }
    /// Every record of a series that was known at a moment: time of day and pH.
    std::string series(UtcTime known_at, bool newest_first = false, std::size_t limit = 1000) const
    {
        SeriesQuery query;
        query.site = known->sites->find("a")->number;
        query.newest_first = newest_first;
        query.limit = limit;
        std::string all;
        KnownRecords{store, known_at}.visit_series(query, [&](Record const& one) {
            all += format_rfc3339(one.time).substr(11, 2) + ":" + one.readings[0].value.to_string() + " ";
            return true;
        });
        return all;
    }

    UtcTime const noon = at("2025-11-06T12:00:00Z");
    std::shared_ptr<World const> known =
        world({site("a", SiteKind::water_section), site("b", SiteKind::water_section), site("c", SiteKind::air_station)});
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
    std::unique_ptr<CurrentState> current = std::make_unique<CurrentState>(known, 1, noon);
};

TEST_F(PastTest, ShowsEverySiteAsItWasAtAMoment)
{
    add({record("a", IntervalKind::four_hours, noon - 8h, noon - 7h, "7.1"), record("a", IntervalKind::four_hours, noon, noon + 1h, "7.2"),
         record("a", IntervalKind::four_hours, noon + 4h, noon + 5h, "7.3"),
         record("b", IntervalKind::four_hours, noon + 4h, noon + 5h, "8.1")});
    auto const then = sites(noon + 1h);
    ASSERT_NE(then, nullptr);
    EXPECT_EQ(then->metadata().count, 2U) << "the air station is in another collection";
    EXPECT_EQ(then->metadata().title, "地表水断面（2025-11-06 21:00）");
    EXPECT_EQ(value(*then, "a", "ph"), "7.2");
    EXPECT_EQ(value(*then, "a", "time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(value(*then, "a", "currency"), "current");
    EXPECT_EQ(value(*then, "b", "currency"), "none") << "it had sent nothing yet";
    EXPECT_EQ(value(*then, "a", "alert_state"), "") << "nobody knows here";
    EXPECT_EQ(value(*sites(noon + 20h), "a", "currency"), "stale");
    EXPECT_EQ(value(*sites(noon + 20h), "a", "ph"), "7.3") << "as it was last known";
    FeatureQuery query;
    query.time = TimeInterval{noon + 1h, noon + 1h};
    EXPECT_EQ(then->select(query)->matched(), 2U) << "all are of the moment";
}

TEST_F(PastTest, HasTheColumnsThatThereWere)
{
    auto sample = record("a", IntervalKind::sample, noon - 24h * 400, noon - 24h * 399, "7.1");
    sample.readings.push_back(reading("fluoride", "1.2"));
    std::ranges::sort(sample.readings, {}, &Reading::parameter);
    add({sample});
    EXPECT_EQ(value(*sites(noon - 24h * 398), "a", "fluoride"), "1.2");
    EXPECT_FALSE(sites(noon - 24h * 401)->schema().find("fluoride"));
}

TEST_F(PastTest, KnowsWhatWasCorrectedWithdrawnOrCameLater)
{
    auto const first = record("a", IntervalKind::four_hours, noon, noon + 1h, "7.1");
    auto const corrected = record("a", IntervalKind::four_hours, noon, noon + 30h, "6.4");
    auto const wrong = record("a", IntervalKind::four_hours, noon + 4h, noon + 5h, "9.9");
    auto const late = record("a", IntervalKind::four_hours, noon + 8h, noon + 40h, "7.8");
    add({first, wrong});
    supersede(first, corrected, noon + 30h);
    add({late});
    supersede(wrong, std::nullopt, noon + 50h);
    EXPECT_EQ(series(noon), "");
    EXPECT_EQ(series(noon + 2h), "12:7.1 ");
    EXPECT_EQ(series(noon + 29h), "12:7.1 16:9.9 ");
    EXPECT_EQ(series(noon + 30h), "12:6.4 16:9.9 ") << "from the moment on";
    EXPECT_EQ(series(noon + 45h), "12:6.4 16:9.9 20:7.8 ");
    EXPECT_EQ(series(noon + 45h, true), "20:7.8 16:9.9 12:6.4 ");
    EXPECT_EQ(series(noon + 45h, true, 2), "20:7.8 16:9.9 ");
    EXPECT_EQ(series(noon + 60h), "12:6.4 20:7.8 ");

    EXPECT_EQ(value(*sites(noon + 6h), "a", "ph"), "6.4") << "by all that is known now";
    EXPECT_EQ(value(*sites(noon + 6h, noon + 6h), "a", "ph"), "9.9") << "as the duty officer saw it";
    EXPECT_EQ(value(*sites({}, noon + 2h), "a", "ph"), "7.1") << "then, by what was known then";
    auto const site = known->sites->find("a")->number;
    EXPECT_EQ(KnownRecords(store, noon + 2h).find(site, IntervalKind::four_hours, noon)->readings[0].value.to_string(), "7.1");
    EXPECT_FALSE(KnownRecords(store, noon + 2h).find(site, IntervalKind::four_hours, noon + 4h));
    EXPECT_TRUE(KnownRecords(store, noon + 2h).revisions(site, {}).empty());
    EXPECT_EQ(KnownRecords(store, noon + 30h).revisions(site, {}).size(), 1U);
}

TEST_F(PastTest, ReadsLongSeriesInPiecesWithoutLosingOrDoublingAnything)
{
    std::vector<Record> all;
    for (int i = 0; i < 10'000; ++i)
        all.push_back(record("a", IntervalKind::hour, noon + std::chrono::hours{i}, noon + std::chrono::hours{i} + 5min, "7.0"));
    add(all);
    for (int i = 0; i < 10'000; i += 500) {             // among them the first and those at the edges of pieces
        auto corrected = all[static_cast<std::size_t>(i)];
        corrected.received_at = noon + 20'000h;
        corrected.readings[0].value = Decimal{8, 0};
        supersede(all[static_cast<std::size_t>(i)], i % 1000 == 0 ? std::optional{corrected} : std::nullopt, noon + 20'000h);
    }
    auto const read = [&](UtcTime known_at, bool newest_first) {
        HistoryQuery query;
        query.sites = {known->sites->find("a")->number, known->sites->find("b")->number};
        query.limit = SIZE_MAX;
        query.newest_first = newest_first;
        std::vector<UtcTime> times;
        int corrected = 0;
        KnownRecords{store, known_at}.visit_history(query, [&](Record const& one) {
            times.push_back(one.time);
            corrected += one.readings[0].value == Decimal{8, 0} ? 1 : 0;
            return true;
        });
        EXPECT_TRUE(newest_first ? std::ranges::is_sorted(times, std::ranges::greater{}) : std::ranges::is_sorted(times));
        return std::pair{times.size(), corrected};
    };
    for (bool const newest_first : {false, true}) {
        EXPECT_EQ(read(noon + 19'999h, newest_first), (std::pair{std::size_t{10'000}, 0}));
        EXPECT_EQ(read(noon + 20'000h, newest_first), (std::pair{std::size_t{9'990}, 10}));
    }
}

TEST_F(PastTest, AsksAConditionOfWhatWasKnown)
{
    auto const first = record("a", IntervalKind::four_hours, noon, noon + 1h, "7.1");
    add({first, record("a", IntervalKind::four_hours, noon + 4h, noon + 5h, "9.9")});
    supersede(first, record("a", IntervalKind::four_hours, noon, noon + 30h, "6.4"), noon + 30h);
    auto const ph = known->standards->parameters().find("ph")->id;
    HistoryQuery query;
    query.sites = {known->sites->find("a")->number};
    query.parameters = {static_cast<ParameterId>(ph + 1)};
    query.condition = {.holds = [&](Record const& one) { return one.find(ph)->value < Decimal{7, 0}; }, .parameters = {ph}};
    auto const found = [&](UtcTime known_at) {
        std::vector<std::pair<UtcTime, std::size_t>> all;
        KnownRecords{store, known_at}.visit_history(
            query, [&](Record const& one) { return all.emplace_back(one.time, one.readings.size()), true; });
        return all;
    };
    EXPECT_TRUE(found(noon + 20h).empty()) << "7.1 was known";
    EXPECT_EQ(found(noon + 40h), (std::vector{std::pair{noon, std::size_t{0}}})) << "with the readings that are wanted";
    query.limit = 1;
    query.condition.holds = [&](Record const& one) { return one.find(ph)->value > Decimal{9, 0}; };
    EXPECT_EQ(found(noon + 40h), (std::vector{std::pair{noon + 4h, std::size_t{0}}})) << "what does not hold takes no place";
}

TEST_F(PastTest, ShowsRecordsAsTheyWereKnown)
{
    auto const first = record("a", IntervalKind::four_hours, noon, noon + 1h, "7.1");
    add({first});
    supersede(first, record("a", IntervalKind::four_hours, noon, noon + 30h, "6.4"), noon + 30h);
    std::vector<ParameterId> const columns{known->standards->parameters().find("ph")->id};
    auto const records = make_record_source(known, SiteKind::water_section, columns, true, store);
    auto const then = past().of(*records, noon, noon + 2h);
    ASSERT_NE(then, nullptr);
    auto const stream = then->select({});
    auto const feature = stream->next();
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(to_text(shown_value(then->schema().columns()[*then->schema().find("ph")], *feature, Profile::flat)), "7.1");
    EXPECT_EQ(stream->next(), nullptr);
    EXPECT_EQ((past().of(*records, noon, {})), nullptr) << "records of an instant are a choice of them";
}

TEST_F(PastTest, IsNoneOfOtherCollections)
{
    MemorySource const layer{{.id = "counties"}, std::make_shared<Schema const>(), {}};
    EXPECT_EQ((past().of(layer, noon, noon)), nullptr);
    EXPECT_EQ(sites({}, {}), nullptr);
}

}  // namespace
}  // namespace yihong::testing
