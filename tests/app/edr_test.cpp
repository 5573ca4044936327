#include "imported_samples.hpp"

#include "yihong/base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

/// OGC API - EDR of the running service. Names begin with the checks of the check-list that they hold.
namespace yihong::e2e {
namespace {

class Edr : public ImportedSamples {
protected:
    static Json json(std::string const& target) { return service->json(series + target); }
    /// The problem that a request is refused with, as `STATUS DETAIL`.
    static std::string refused(std::string const& target)
    {
        auto const reply = service->get(series + target);
        auto const detail = reply.status < 400 ? reply.body.substr(0, 200) : Json{reply.body}.at("/detail");
        return std::to_string(reply.status) + " " + detail;
    }
    /// The rules of CoverageJSON 1.0 that a collection of point series has to keep.
    static void expect_coverages(Json const& document)
    {
        EXPECT_EQ(document.at("/type"), "CoverageCollection");
        EXPECT_EQ(document.at("/domainType"), "PointSeries");
        EXPECT_EQ(document.at("/referencing/0/coordinates"), R"(["x","y"])");
        EXPECT_EQ(document.at("/referencing/0/system/id"), "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        EXPECT_EQ(document.at("/referencing/1/coordinates"), R"(["t"])");
        EXPECT_EQ(document.at("/referencing/1/system/calendar"), "Gregorian");
        for (std::size_t i = 0; i < document.size("/coverages"); ++i) {
            auto const at = "/coverages/" + std::to_string(i);
            EXPECT_EQ(document.at(at + "/type"), "Coverage");
            EXPECT_EQ(document.at(at + "/domain/type"), "Domain");
            EXPECT_EQ(document.size(at + "/domain/axes/x/values"), 1U);
            EXPECT_EQ(document.size(at + "/domain/axes/y/values"), 1U);
            auto const times = document.all(at + "/domain/axes/t/values");
            ASSERT_FALSE(times.empty());
            EXPECT_TRUE(std::ranges::is_sorted(times));
            EXPECT_TRUE(std::ranges::all_of(times, [](std::string const& time) { return time.ends_with('Z'); }));
            auto const range = at + "/ranges/codmn";
            EXPECT_EQ(document.at(range + "/type"), "NdArray");
            EXPECT_EQ(document.at(range + "/axisNames"), R"(["t"])");
            EXPECT_EQ(document.at(range + "/shape"), "[" + std::to_string(times.size()) + "]");
            EXPECT_EQ(document.size(range + "/values"), times.size());
        }
    }

    static inline std::string const series = "/collections/water-series";
};

TEST_F(Edr, E01CollectionSaysWhatCanBeAsked)
{
    auto const one = json("");
    EXPECT_EQ(one.at("/id"), "water-series");
    EXPECT_EQ(one.at("/itemType"), "(none)");
    EXPECT_EQ(one.size("/extent/spatial/bbox"), 1U);
    EXPECT_EQ(one.size("/extent/spatial/bbox/0"), 4U);
    EXPECT_EQ(one.at("/extent/temporal/interval/0/0"), "2021-04-01T00:00:00Z");
    EXPECT_EQ(one.at("/extent/temporal/interval/0/1"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(one.at("/crs"), R"(["http://www.opengis.net/def/crs/OGC/1.3/CRS84"])");
    EXPECT_EQ(one.at("/output_formats"), R"(["CoverageJSON","GeoJSON","CSV"])");
    EXPECT_EQ(one.at("/parameter_names/codmn/type"), "Parameter");
    EXPECT_EQ(one.at("/parameter_names/codmn/unit/symbol/value"), "mg/L");
    EXPECT_NE(one.at("/parameter_names/codmn/observedProperty/label").find("高锰酸盐指数"), std::string::npos);
    for (std::string const query : {"locations", "position", "radius", "area", "cube"}) {
        auto const link = "/data_queries/" + query + "/link";
        EXPECT_EQ(one.at(link + "/href"), service->url() + series + "/" + query);
        EXPECT_EQ(one.at(link + "/variables/query_type"), query);
        EXPECT_EQ(one.size(link + "/variables/crs_details"), 1U);
    }
    EXPECT_EQ(one.at("/data_queries/radius/link/variables/within_units"), R"(["km","m"])");
    EXPECT_EQ(one.at("/data_queries/items/link/href"), service->url() + "/collections/water-records/items");

    auto const list = service->json("/collections");
    bool is_there = false;
    for (std::size_t i = 0; i < list.size("/collections"); ++i)
        is_there = is_there || list.at("/collections/" + std::to_string(i)) == service->json(series).at("");
    EXPECT_TRUE(is_there);
    EXPECT_NE(service->get(series + "?f=html").body.find("水质监测序列"), std::string::npos);
    EXPECT_NE(service->get("/collections?f=html").body.find("water-series"), std::string::npos);
    EXPECT_NE(service->get("/conformance").body.find("ogcapi-edr-1/1.0/conf/core"), std::string::npos);
    EXPECT_EQ(service->get("/collections/nothing").status, 404);
}

TEST_F(Edr, E02CoordsAreChecked)
{
    for (std::string const query : {"position", "radius", "area"}) {
        EXPECT_EQ(refused("/" + query).substr(0, 3), "400") << query;
        auto const rest = query == "radius" ? std::string{"&within=10&within-units=km"} : "";
        for (std::string const coords : {"", "POINT()", "POLYGON()", "LINESTRING(1 2,3 4)", "POINT(999 1)"}) {
            auto const said = refused("/" + query + "?coords=" + percent_encoded(coords) + rest);
            EXPECT_TRUE(said.starts_with("400 coords: '" + coords + "' ")) << query << ": " << said;
            EXPECT_TRUE(said.contains(query == "area" ? "POLYGON or MULTIPOLYGON is taken" : "POINT")) << said;
        }
    }
    EXPECT_EQ(refused("/area?coords=POINT(110%2035)"), "400 coords: 'POINT(110 35)' is another geometry; POLYGON or MULTIPOLYGON is taken: "
                                                       "longitude, then latitude, in degrees, -180 to 180 "
                                                       "and -90 to 90");
}

TEST_F(Edr, E03LocationsAreListed)
{
    auto const list = json("/locations");
    EXPECT_EQ(list.at("/type"), "FeatureCollection");
    EXPECT_EQ(list.at("/numberMatched"), std::to_string(list.size("/features")));
    EXPECT_GT(list.size("/features"), 5U);
    auto const west = json("/locations?bbox=110,34.8,110.4,34.9");
    ASSERT_EQ(west.size("/features"), 1U);
    EXPECT_EQ(west.at("/features/0/id"), "zhangliuzhuang");
    EXPECT_EQ(west.at("/features/0/properties/name"), "张留庄");
    EXPECT_TRUE(refused("/locations/nowhere").starts_with("404 collection \"water-series\" has no location \"nowhere\"; "));
    EXPECT_EQ(service->get("/collections/water-sections/locations").status, 404);
}

TEST_F(Edr, E03OneLocationIsASeries)
{
    auto const document = json("/locations/zhangliuzhuang");
    expect_coverages(document);
    EXPECT_EQ(document.at("/parameters/codmn/observedProperty/label/zh"), "高锰酸盐指数");
    EXPECT_EQ(document.at("/parameters/codmn/unit/symbol/type"), "http://www.opengis.net/def/uom/UCUM/");
    EXPECT_EQ(document.at("/coverages/0/id"), "zhangliuzhuang.4h");
    EXPECT_EQ(document.at("/coverages/0/title/zh"), "张留庄");
    EXPECT_EQ(document.at("/coverages/0/domain/axes/x/values"), "[110.37]");
    auto const last = document.all("/coverages/0/domain/axes/t/values").back();
    EXPECT_EQ(last, "2025-11-06T12:00:00Z");
    EXPECT_EQ(document.all("/coverages/0/ranges/codmn/values").back(), "6.799");
    EXPECT_EQ(*service->get(series + "/locations/zhangliuzhuang").header("Content-Type"), "application/vnd.cov+json");
}

TEST_F(Edr, E04RadiusAndCubeNeedTheirParameters)
{
    EXPECT_EQ(refused("/radius?coords=POINT(110.4%2034.9)").substr(0, 3), "400");
    EXPECT_EQ(refused("/radius?coords=POINT(110.4%2034.9)&within=10").substr(0, 3), "400");
    EXPECT_EQ(refused("/radius?coords=POINT(110.4%2034.9)&within=-1&within-units=km"), "400 within: '-1' is not a number above 0");
    EXPECT_EQ(refused("/radius?coords=POINT(110.4%2034.9)&within=1&within-units=miles"), "400 within-units: 'miles' is not one of km, m");
    EXPECT_EQ(refused("/cube").substr(0, 3), "400");
    auto const z = refused("/cube?bbox=110,34,111,35&z=0/10");
    EXPECT_EQ(z.substr(0, 3), "400");
    EXPECT_NE(z.find("z"), std::string::npos);
    expect_coverages(json("/cube?bbox=110,34.8,110.4,34.9&parameter-name=codmn"));
    expect_coverages(json("/radius?coords=POINT(110.37%2034.86)&within=5&within-units=km"));
}

TEST_F(Edr, E05PlacesChooseSites)
{
    for (std::string const query :
         {"/position?coords=POINT(110.4+34.9)", "/radius?coords=POINT(110.37+34.86)&within=100&within-units=m",
          "/area?coords=POLYGON((110.3+34.8,110.4+34.8,110.4+34.9,110.3+34.9,110.3+34.8))", "/cube?bbox=110.3,34.8,110.4,34.9"}) {
        auto const document =
            json(query + "&parameter-name=codmn,ph&crs=CRS84&f=CoverageJSON&datetime=2021-03-31T16:00:00Z/2025-11-06T12:00:00Z");
        expect_coverages(document);
        ASSERT_EQ(document.size("/coverages"), 1U) << query;
        EXPECT_EQ(document.at("/coverages/0/locationId"), "zhangliuzhuang");
        EXPECT_EQ(document.at("/coverages/0/ranges/do"), "(none)");
    }
    EXPECT_TRUE(refused("/position?coords=POINT(0%200)").starts_with("404 coords: no site lies within 50 km of 0 0; the nearest, "));
    EXPECT_EQ(json("/cube?bbox=0,0,1,1").size("/coverages"), 0U);
}

TEST_F(Edr, E06ParametersNarrowTheRanges)
{
    std::string const one = "/locations/zhangliuzhuang?";
    EXPECT_TRUE(refused(one + "parameter-name=nothing").starts_with("400 parameter-name: \"nothing\" is not one of "));
    EXPECT_TRUE(refused(one + "f=nothing").starts_with("400 f: 'nothing' is not one of CoverageJSON, GeoJSON, CSV"));
    EXPECT_TRUE(refused(one + "crs=EPSG:3857").starts_with("400 crs: 'EPSG:3857' is not supported"));
    EXPECT_TRUE(refused(one + "datetime=null").starts_with("400 datetime: "));
    EXPECT_TRUE(refused(one + "datetime=2021-04-02/2021-04-01").starts_with("400 datetime: "));
    EXPECT_TRUE(refused(one + "interval=week").starts_with("400 interval: "));
    EXPECT_TRUE(refused(one + "colour=red").starts_with("400 "));
    // a date alone is the day in Beijing
    for (std::string const day : {"2021-04-01", "2021-03-31T16:00:00Z/2021-04-01T15:59:59Z"}) {
        auto const document = json(one + "parameter-name=codmn&datetime=" + day);
        expect_coverages(document);
        EXPECT_EQ(document.all("/coverages/0/domain/axes/t/values").back(), "2021-04-01T12:00:00Z");
        EXPECT_EQ(document.size("/coverages/0/domain/axes/t/values"), 4U);
    }
    EXPECT_EQ(json(one + "datetime=../2021-04-01T00:00:00Z").size("/coverages/0/domain/axes/t/values"), 1U);
    EXPECT_EQ(json(one + "datetime=2025-11-06T12:00:00Z/..").size("/coverages/0/domain/axes/t/values"), 1U);
    EXPECT_EQ(json(one + "datetime=2025-11-06T12:00:00Z").size("/coverages/0/domain/axes/t/values"), 1U);
    EXPECT_EQ(json(one + "interval=day").size("/coverages"), 0U);
}

/// What OWSLib 0.35 sends; its spelling of parameter-name is its own.
TEST_F(Edr, AnswersTheRequestsOfOwsLib)
{
    EXPECT_EQ(service->json("/collections/water-series").at("/links/2/rel"), "data");
    auto const document = json("/position?parameter_names=codmn&coords=POINT%28110.4+34.9%29&datetime=2025-11-06");
    expect_coverages(document);
    EXPECT_EQ(document.at("/coverages/0/ranges/codmn/values"), "[6.799]");
    expect_coverages(json("/cube?bbox=110%2C34%2C111%2C35&parameter_names=codmn"));
    EXPECT_EQ(refused("/locations/zhangliuzhuang?parameter_names=codmn&parameter-name=ph"),
              "400 parameter_names: 'codmn' is given here and 'ph' as parameter-name, which means the same; give one of them");
}

TEST_F(Edr, E08ApiDescribesTheQueries)
{
    auto const api = service->json("/api");
    for (std::string const query : {"locations", "locations~1{locationId}", "position", "radius", "area", "cube"})
        EXPECT_NE(api.at("/paths/~1collections~1{collectionId}~1" + query + "/get/operationId"), "(none)") << query;
    EXPECT_EQ(api.at("/paths/~1collections~1{collectionId}~1position/get/parameters/1/name"), "coords");
    EXPECT_EQ(api.at("/paths/~1collections~1{collectionId}~1position/get/parameters/1/required"), "true");
    EXPECT_EQ(api.at("/components/parameters/parameterName/explode"), "false");
    EXPECT_EQ(api.at("/components/parameters/parameterName/style"), "form");
}

TEST_F(Edr, E10GeoJsonHasARecordAFeature)
{
    auto const document = json("/position?coords=POINT(110.4+34.9)&f=GeoJSON&datetime=2025-11-06");
    EXPECT_EQ(document.at("/type"), "FeatureCollection");
    EXPECT_EQ(document.at("/parameters/codmn/type"), "Parameter");
    EXPECT_EQ(document.at("/links/0/rel"), "self");
    ASSERT_EQ(document.size("/features"), 1U);
    EXPECT_EQ(document.at("/features/0/geometry/coordinates"), "[110.37,34.86]");
    EXPECT_EQ(document.at("/features/0/properties/datetime"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(document.at("/features/0/properties/label"), "张留庄");
    EXPECT_EQ(document.at("/features/0/properties/codmn"), "6.799");
    auto const names = document.all("/features/0/properties/parameter-name");
    EXPECT_NE(std::ranges::find(names, "codmn"), names.end());
}

TEST_F(Edr, GivesTablesOfWhatWasChosen)
{
    auto const reply = service->get(series + "/locations/zhangliuzhuang?f=CSV&datetime=2025-11-06&parameter-name=codmn");
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(*reply.header("Content-Type"), "text/csv; charset=utf-8");
    auto const lines = split(reply.body, '\n');
    EXPECT_NE(lines[0].find("site,name,time,time_beijing,interval,status,codmn,not_valid,flags"), std::string_view::npos) << lines[0];
    EXPECT_NE(lines[1].find("zhangliuzhuang,张留庄,2025-11-06T12:00:00Z"), std::string_view::npos) << lines[1];
    auto const by_accept = service->get(series + "/locations/zhangliuzhuang?datetime=2025-11-06", {{"Accept", "text/csv"}});
    EXPECT_EQ(*by_accept.header("Content-Type"), "text/csv; charset=utf-8");
}

/// Its sites are its own: what it posts is in no other test.
TEST(EdrValues, OfInvalidReadingsAreNull)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service const service{folder / "data", {.config = config}};
    EXPECT_EQ(service.get("/collections/water-series").status, 404);       // nothing is kept yet
    EXPECT_EQ(service.get("/collections").body.find("water-series"), std::string::npos);
    (void)service.ingest("application/json", R"([
 {"site":"a","time":"2025-11-06T00:00:00Z","interval":"4h","values":{"ph":7.10,"codmn":{"value":3.05,"flag":"D"}}},
 {"site":"a","time":"2025-11-06T04:00:00Z","interval":"4h","values":{"codmn":2.5}},
 {"site":"a","time":"2025-11-06T01:00:00Z","interval":"hour","values":{"codmn":2.4}}])");
    auto const document = service.json("/collections/water-series/locations/a?parameter-name=ph,codmn");
    ASSERT_EQ(document.size("/coverages"), 2U);
    EXPECT_EQ(document.at("/coverages/0/id"), "a.4h");
    EXPECT_EQ(document.at("/coverages/0/domain/axes/t/values"), R"(["2025-11-06T00:00:00Z","2025-11-06T04:00:00Z"])");
    EXPECT_EQ(document.at("/coverages/0/ranges/codmn/values"), "[null,2.5]");
    EXPECT_EQ(document.at("/coverages/0/ranges/ph/values/1"), "null");
    EXPECT_EQ(document.at("/coverages/1/id"), "a.hour");
    EXPECT_EQ(document.at("/coverages/1/ranges/ph/values"), "[null]");
    EXPECT_EQ(service.json("/collections/water-series/locations/a").at("/coverages/1/ranges/ph"), "(none)");
    auto const feature = service.json("/collections/water-series/locations/a?f=GeoJSON");
    EXPECT_EQ(feature.at("/features/0/properties/parameter-name"), R"(["ph"])");
    auto const table = service.get("/collections/water-series/locations/a?f=CSV").body;
    EXPECT_NE(table.find("codmn:D"), std::string::npos) << table;
}

/// What comes late changes no present state, and with it no other collection.
TEST(EdrExtent, ReachesBackToTheOldestRecord)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service const service{folder / "data", {.config = config}};
    for (std::string const time : {"2025-11-06T00:00:00Z", "2021-01-01T00:00:00Z"}) {
        (void)service.ingest("application/json", R"([{"site":"a","time":")" + time + R"(","interval":"4h","values":{"codmn":2.5}}])");
        EXPECT_EQ(service.json("/collections/water-series").at("/extent/temporal/interval"),
                  R"([[")" + time + R"(","2025-11-06T00:00:00Z"]])");
    }
}

}  // namespace
}  // namespace yihong::e2e
