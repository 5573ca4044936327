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
                            {"/api/v1/statistics/water-sections", "period", "someday", "2025-10"}}) {
        auto const detail = refused(path + "?" + percent_encoded(parameter) + "=" + percent_encoded(value) + others);
        for (auto const& part : {parameter, value, taken})
            EXPECT_TRUE(names(detail, part)) << path << " leaves out " << part << ": " << detail;
    }
}

}  // namespace
}  // namespace yihong::e2e
