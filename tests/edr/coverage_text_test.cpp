// Series as texts, over records that a store holds.
#include "world_fixture.hpp"

#include "texts.hpp"

#include "yihong/history/record_source.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class SeriesTextTest : public WorldFixture {
protected:
    void SetUp() override
    {
        WriteGroup group;
        for (auto const* id : {"a", "b"})
            for (int i = 0; i < 30; ++i) {
                Record record;
                record.site = known->sites->find(id)->number;
                record.interval = i % 3 == 0 ? IntervalKind::four_hours : IntervalKind::hour;
                record.time = noon + std::chrono::hours{i};
                record.received_at = record.time;
                record.readings = {reading("codmn", std::to_string(i % 5))};
                group.records.added.push_back(std::move(record));
            }
        store.commit(group);
        std::vector<ParameterId> const columns{known->standards->parameters().find("codmn")->id};
        Catalog catalog;
        catalog.collections.push_back(make_record_source(known, SiteKind::water_section, columns, true, store));
        state = std::make_unique<CurrentState>(known, 1, noon);
        state->catalog.publish(std::make_shared<Catalog const>(std::move(catalog)));
    }

    [[nodiscard]] std::shared_ptr<edr::SeriesText const> text(std::size_t times = edr::most_times) const
    {
        auto series = edr::find_series(*state, "water-series").value();
        edr::SeriesQuery query{.sites = series.sites, .time = {}, .parameters = series.parameters, .intervals = {}};
        return std::make_shared<edr::SeriesText const>(edr::SeriesText{
            .series = std::move(series), .query = std::move(query), .root = "http://x", .url = "http://x/y", .times = times});
    }
    static std::string whole(std::unique_ptr<http::BodySource> source)
    {
        std::string all;
        for (bool more = true; more;)
            more = source->next(all);
        return all;
    }
    static std::size_t count(std::string_view text, std::string_view of)
    {
        std::size_t found = 0;
        for (auto at = text.find(of); at != std::string_view::npos; at = text.find(of, at + 1))
            ++found;
        return found;
    }

    UtcTime const noon = at("2025-11-06T12:00:00Z");
    std::shared_ptr<World const> known = world({site("a", SiteKind::water_section), site("b", SiteKind::lake_section),
                                                site("c", SiteKind::water_section, std::nullopt), site("d", SiteKind::air_station)});
    std::unique_ptr<CurrentState> state;
};

TEST_F(SeriesTextTest, HasACoverageForEachSiteAndInterval)
{
    auto const made = whole(edr::coverage_text(text()));
    for (auto const* id : {R"("id":"a.4h")", R"("id":"a.hour")", R"("id":"b.4h")", R"("id":"b.hour")"})
        EXPECT_EQ(count(made, id), 1U) << id;
    EXPECT_EQ(count(made, R"("type":"Coverage",)"), 4U);
    EXPECT_EQ(count(made, R"("shape":[10])"), 2U);
    EXPECT_EQ(count(made, R"("shape":[20])"), 2U);
}

TEST_F(SeriesTextTest, GoesOnInAnotherCoverageWhereItIsLong)
{
    auto const made = whole(edr::coverage_text(text(8)));
    for (auto const* id : {R"("id":"a.4h")", R"("id":"a.4h/2")", R"("id":"a.hour")", R"("id":"a.hour/2")", R"("id":"a.hour/3")"})
        EXPECT_EQ(count(made, id), 1U) << id;
    EXPECT_EQ(count(made, "Z\""), 60U);                    // every time of every series
    EXPECT_EQ(count(made, R"("shape":[8])"), 6U);
}

TEST_F(SeriesTextTest, KnowsOnlySitesWithAPlaceAndCollectionsWithARecord)
{
    EXPECT_EQ(edr::find_series(*state, "water-series").value().sites.size(), 2U);
    EXPECT_FALSE(edr::find_series(*state, "air-series"));
    EXPECT_FALSE(edr::find_series(*state, "water-records"));
    EXPECT_EQ(edr::all_series(*state).size(), 1U);
}

TEST_F(SeriesTextTest, HasARecordAFeatureInTime)
{
    auto const made = whole(edr::geojson_text(text()));
    EXPECT_EQ(count(made, R"("type":"Feature",)"), 60U);
    EXPECT_LT(made.find("a.4h.20251106T120000Z"), made.find("b.4h.20251106T120000Z"));
    EXPECT_LT(made.find("b.4h.20251106T120000Z"), made.find("a.hour.20251106T130000Z"));
    EXPECT_EQ(count(whole(edr::csv_text(text())), "\n"), 61U);
}

}  // namespace
}  // namespace yihong::testing
