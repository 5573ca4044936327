// A wrong parameter is a 400 that says which one, what was given, and what is taken. (api_test asks every declared parameter of every route.)
#include "imported_samples.hpp"

#include "yihong/base/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yihong::e2e {
namespace {

class Refusals : public ImportedSamples {
protected:
    /// The detail of the 400 that a request is refused with.
    static std::string refused(std::string const& target)
    {
        auto const reply = service->get(target);
        EXPECT_EQ(reply.status, 400) << target << "\n" << reply.body.substr(0, 300);
        return reply.status == 400 ? Json{reply.body}.at("/detail") : std::string{};
    }
    static bool names(std::string const& detail, std::string const& text) { return detail.find(text) != std::string::npos; }
};

struct Wrong {
    std::string path, parameter, value, taken;
    std::string others = {};  ///< right parameters beside it
};

TEST_F(Refusals, NameParameterValueAndWhatIsTaken)
{
    std::string const items = "/collections/water-sections/items", series = "/collections/water-series/";
    std::string const within = "&within=10&within-units=km";
    for (auto const& [path, parameter, value, taken, others] :
         std::vector<Wrong>{{items, "colour", "red", "this resource takes f, bom"},
                            {items, "limit", "many", "whole number of at least 1"},
                            {items, "bbox", "1,2,3", "4 or 6"},
                            {items, "bbox", "a,b,c,d", "list of 4 or 6 numbers"},
                            {items, "bbox-crs", "EPSG:1", "CRS84"},
                            {items, "crs", "EPSG:1", "CRS84"},
                            {items, "datetime", "yesterday", "2025-11-06T20:00:00+08:00"},
                            {items, "f", "gml", "json, html"},
                            {items, "profile", "deep", "flat, structured"},
                            {items, "precision", "99", "from 0 to"},
                            {items, "skipGeometry", "perhaps", "true, false"},
                            {items, "sortby", "depth", "/sortables"},
                            {items, "properties", "depth", "its schema"},
                            {items, "filter-lang", "sql", "cql2-text, cql2-json"},
                            {items, "water_class", "IV", "number"},
                            {items, "currency", "fresh", "current, stale, none"},
                            {items, "alert_state", "lost", "none, open, acknowledged"},
                            {"/collections/alerts/items", "state", "lost", "open, acknowledged, resolved, closed"},
                            {"/collections/water-records/items", "interval", "week", "hour, 4h, day"},
                            {series + "position", "colour", "red", "known: coords", "&coords=POINT(110%2035)"},
                            {series + "position", "coords", "POINT(1)", "POINT or MULTIPOINT is taken"},
                            {series + "position", "coords", "POINT(999 1)", "-180 to 180 and -90 to 90"},
                            {series + "position", "coords", "somewhere", "POINT or MULTIPOINT is taken"},
                            {series + "radius", "coords", "MULTIPOINT(110 35)", "POINT is taken", within},
                            {series + "radius", "within", "20038000", "at most 20038 km", "&coords=POINT(110%2035)&within-units=km"},
                            {series + "radius", "within-units", "miles", "km, m", "&coords=POINT(110%2035)&within=1"},
                            {series + "area", "coords", "POLYGON((0 0,2 2,2 0,0 2,0 0))", "POLYGON or MULTIPOLYGON is taken"},
                            {series + "area", "coords", "POLYGON()", "POLYGON or MULTIPOLYGON is taken"},
                            {series + "cube", "bbox", "1,2", "4 or 6"},
                            {series + "locations", "bbox", "1,2", "4 or 6"},
                            {series + "locations", "colour", "red", "known: bbox f"},
                            {series + "locations/zhangliuzhuang", "parameter-name", "depth", "codmn"},
                            {series + "locations/zhangliuzhuang", "interval", "week", "hour"},
                            {"/tiles/WebMercatorQuad/5/12/26", "collections", "nowhere", "water-sections"},
                            {"/api/v1/sites/zhangliuzhuang/readings", "interval", "week", "hour"},
                            {"/api/v1/sites/zhangliuzhuang/readings", "colour", "red", "known: "},
                            {"/api/v1/alerts", "state", "lost", "open, acknowledged"},
                            {"/api/v1/statistics/water-sections", "period", "someday", "2025-10"},
                            {"/api/v1/statistics/water-sections", "period", "last-week", "last-30-days"},
                            {"/api/v1/statistics/water-sections", "compare", "always", "year, previous, base, none", "&period=2021-11"},
                            {"/api/v1/statistics/water-sections", "compare", "2021", "not before 2021", "&period=2021-11"},
                            {"/api/v1/statistics/water-sections", "compare", "base", "base_year", "&period=2021-11"},
                            {"/api/v1/statistics/water-sections", "compare", "2019", "2020-W53", "&period=2020-W53"},
                            {"/api/v1/statistics/air-stations", "compare", "2022", "not before 2021", "&period=2021-11"},
                            {"/api/v1/statistics/outfalls", "compare", "20", "a year such as 2020", "&period=2021-11"},
                            {"/api/v1/reports/water-month", "compare", "2021-10", "a year such as 2020", "&period=2021-11"},
                            {"/api/v1/reports/air-month", "compare", "base", "base_year", "&period=2021-11"},
                            {"/api/v1/reports/plants", "compare", "2021", "not before 2021", "&period=2021-11"},
                            {"/api/v1/statistics/water-sections", "trend_since", "2021", "not before 2021", "&period=2021-11"},
                            {"/api/v1/statistics/water-sections", "trend_since", "10", "1900 to 2999", "&period=2021-11"}}) {
        auto const detail = refused(path + "?" + percent_encoded(parameter) + "=" + percent_encoded(value) + others);
        for (auto const& part : {parameter, value, taken})
            EXPECT_TRUE(names(detail, part)) << path << " leaves out " << part << ": " << detail;
    }
}

TEST_F(Refusals, NameTheWordOfAListThatAColumnNeverHolds)
{
    EXPECT_TRUE(names(refused("/collections/water-sections/items?currency=current,fresh"),
                      "currency: \"fresh\" is not one of current, stale, none"));
    EXPECT_EQ(service->get("/collections/water-sections/items?currency=current,stale").status, 200);
}

/// No door takes a period that is none for one without records.
TEST_F(Refusals, NameTheWrongPeriodAtEveryDoor)
{
    std::vector<std::string> const wrong{"",           "2021-13",  "2021-02-30", "2021-W60",        "2021-H3",
                                         "2021-Q5",    "2021-00",  "2021-10-D4", "2021-11/2020-01", "2021-10-03T24",
                                         "2021-10-M6", "2021-YTD", "2021-10-D30"};
    auto const ask = [](std::string const& path, std::string const& asked, std::string const& named) {
        auto const detail = refused(path + "?period=" + percent_encoded(asked));
        for (auto const& part : {std::string{"period: '"}, named, std::string{"2025-10"}})
            EXPECT_TRUE(names(detail, part)) << path << " leaves out " << part << ": " << detail;
    };
    for (auto const* collection :
         {"section-periods", "river-periods", "area-periods", "air-periods", "air-area-periods", "outfall-periods", "lake-periods"}) {
        auto const items = "/collections/" + std::string{collection} + "/items";
        for (auto const& code : wrong)
            ask(items, code, "'" + code + "'");
        ask(items, "2021-11,2021-13", "'2021-13'");
        ask(items, "2021-11,", "''");
        ask(items, "2021-01/2021-10", "'2021-01/2021-10'");
        ask(items, "2021-10-03T08", "'2021-10-03T08'");
        EXPECT_TRUE(names(refused(items + "?period_kind=decade"), "period_kind: \"decade\" is not one of day, week")) << items;
        EXPECT_EQ(service->get(items + "?period=2021-11,2021-W45,2021-02&period_kind=month,week").status, 200) << items;
        EXPECT_EQ(service->get(items + "?filter=" + percent_encoded("period = '2021-13'")).status, 200) << "texts are compared in filters";
        EXPECT_EQ(service->get(items + "/nowhere.2021-13").status, 404);
    }
    for (auto const* path : {"statistics/water-sections", "statistics/air-stations", "statistics/outfalls",
                             "statistics/black-odorous-waters", "reports/water-month", "reports/section-compliance", "reports/ranking",
                             "reports/air-month", "reports/plants", "marks/dust-proposals"})
        for (auto const& code : wrong)
            ask("/api/v1/" + std::string{path}, code, "'" + code + "'");
}

}  // namespace
}  // namespace yihong::e2e
