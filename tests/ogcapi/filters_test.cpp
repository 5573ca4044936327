// The rows F01 to F17 of OGC API - Features Part 1 (17-069r4) and what its test suite trips over: boxes, times, properties.
#include "fixture.hpp"

namespace yihong::ogcapi::testing {
namespace {

TEST(F09, BoxesOfTheTestSuiteAreAnswered)
{
    std::vector<Station> stations = four_stations();
    stations.push_back({"dateline", LonLat{-179, 67}, "", "east of 180", {}, {}, {}, {}});
    stations.push_back({"arctic", LonLat{-180, 89}, "", "near the pole", {}, {}, {}, {}});
    stations.push_back({"antarctic", LonLat{30, -90}, "", "at the pole", {}, {}, {}, {}});
    stations.push_back({"england", LonLat{-1, 51}, "", "England", {}, {}, {}, {}});
    stations.push_back({"amazon", LonLat{-75, 0}, "", "Amazon", {}, {}, {}, {}});
    Service const service{{make_stations(stations)}};
    EXPECT_EQ(filtered(service, "bbox=-1.5,50,1.5,53"), (Ids{"england", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-80,-5,-70,5"), (Ids{"amazon", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=177,65,-177,70"), (Ids{"dateline", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-180,85,180,90"), (Ids{"arctic", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-180,-90,180,-85"), (Ids{"antarctic", "nowhere"}));
    auto const extent = service.get_json("/collections/water-sections").at("extent").at("spatial").at("bbox").at(0).as_array();
    std::string box;
    for (auto const& edge : extent)
        box += (box.empty() ? "" : ",") + json::serialize(edge);
    EXPECT_EQ(filtered(service, "bbox=" + box).size(), stations.size());
}

TEST(F09, BoxTakesHeightsAndClosedEdges)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "bbox=110,35,-100,110.6,36,9000"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=110.5,35.25,110.5,35.25"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=110.5001,35,111,36"), (Ids{"linyi", "nowhere"}));
}

TEST(F09, BoxOfServedCoordinatesFindsTheirFeature)
{
    Service const service{{make_stations({{"fine", LonLat{110.12345678, 35.00000004}, "", "", {}, {}, {}, {}}})}};
    auto const point = service.get_json("/collections/water-sections/items").at("features").at(0).at("geometry").at("coordinates");
    auto const lon = json::serialize(point.at(0));
    auto const lat = json::serialize(point.at(1));
    EXPECT_EQ(lon, "1.101234568E2");                       // Boost's spelling of 110.1234568
    EXPECT_EQ(filtered(service, "bbox=" + lon + "," + lat + "," + lon + "," + lat), (Ids{"fine"}));
}

TEST(F09, BoxBeyondTheDatelineIsTakenRoundTheWorld)
{
    Service const service{{make_stations({{"a", LonLat{-175, 0}, "", "", {}, {}, {}, {}}, {"b", LonLat{100, 0}, "", "", {}, {}, {}, {}}})}};
    EXPECT_EQ(filtered(service, "bbox=170,-10,190,10"), (Ids{"a"}));
    EXPECT_EQ(filtered(service, "bbox=-190,-10,-170,10"), (Ids{"a"}));
    EXPECT_EQ(filtered(service, "bbox=-281,-100,281,100"), (Ids{"a", "b"}));
}

TEST(F09, BoxTestsPolygonsExactly)
{
    auto const service = standard_service();
    auto const lakes = [&](std::string const& box) { return ids(service.get_json("/collections/lakes/items?bbox=" + box)); };
    EXPECT_EQ(lakes("110.1,35.1,110.2,35.2"), (Ids{"10"}));            // inside
    EXPECT_EQ(lakes("110.4,35.4,110.6,35.6"), Ids{});                  // in the hole
    EXPECT_EQ(lakes("112.5,36.5,113.5,36.6"), (Ids{"2"}));             // across the edge
    EXPECT_EQ(lakes("109,34,114,38"), (Ids{"2", "10"}));
}

TEST(F09, MalformedBoxesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* box : {"", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "1,2,3,nan", "1,2,3,inf", "1,2,3,4,", "1;2;3;4",
                            "1,50,2,40", "1,2,9,3,4,8", "1,91,2,92", "1,2,3,4x"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?bbox="} + box, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("bbox")) << box << ": " << text(problem.at("detail"));
    }
}

TEST(F10, NullGeometryMatchesAnyBoxAndNoTimeMatchesAnyDatetime)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "bbox=0,0,1,1"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "datetime=1990-01-01T00:00:00Z"), (Ids{"timeless"}));
}

TEST(F12, DatetimeTakesInstantsAndIntervalsWithOpenEnds)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T12:00:00Z"), (Ids{"hanyang", "timeless"}));
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T20:00:00%2B08:00"), (Ids{"hanyang", "timeless"}));
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T20:00:00+08:00"), (Ids{"hanyang", "timeless"}));  // form decoding makes it a blank
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T00:00:00Z/2025-11-06T09:00:00Z"), (Ids{"linyi", "timeless"}));
    for (auto const* since : {"2025-11-06T00:00:00Z/..", "2025-11-06T00:00:00Z/", "2025-11-06T00:00:00Z/9999-12-31T23:59:59Z"})
        EXPECT_EQ(filtered(service, std::string{"datetime="} + since), (Ids{"hanyang", "linyi", "timeless"})) << since;
    for (auto const* until : {"../2025-11-05T23:00:00Z", "/2025-11-05T23:00:00Z", "0000-01-01T00:00:00Z/2025-11-05T23:00:00Z"})
        EXPECT_EQ(filtered(service, std::string{"datetime="} + until), (Ids{"nowhere", "timeless"})) << until;
}

TEST(F12, BadDatetimesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* time :
         {"", "yesterday", "2025-13-01T00:00:00Z", "2025-11-06T12:00:00", "2025-11-07T00:00:00Z/2025-11-06T00:00:00Z", "a/b/c"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?datetime="} + time, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("datetime: ")) << time;
    }
}

TEST(Q03, APropertyTakesSeveralValues)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "water_class=2,3"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "zones=salt-lake,nothing"), (Ids{"hanyang"}));
    EXPECT_EQ(filtered(service, "name=%E4%B8%B4%E7%8C%97,x"), (Ids{"linyi"}));
    EXPECT_EQ(service.get("/collections/water-sections/items?water_class=2,x").status, 400);
}

TEST(Sorting, OrdersByPropertiesAndRefusesOthers)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "sortby=-water_class"), (Ids{"linyi", "nowhere", "hanyang", "timeless"}));
    EXPECT_EQ(filtered(service, "sortby=+meets_target,-codmn"), (Ids{"timeless", "linyi", "nowhere", "hanyang"}));
    for (auto const* wrong : {"zones", "secret", "unknown", "-"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?sortby="} + wrong, 400);
        EXPECT_NE(text(problem.at("detail")).find("sortby: "), std::string::npos) << wrong;
    }
    auto const sortables = service.get_json("/collections/water-sections/sortables").at("properties").as_object();
    EXPECT_TRUE(sortables.contains("codmn"));
    EXPECT_FALSE(sortables.contains("zones"));
    auto const first = service.get_json("/collections/water-sections/items?sortby=-water_class&limit=3");
    EXPECT_EQ(ids(service.get_json(link(first, "next"))), (Ids{"timeless"}));
}

TEST(Selection, GivesThePropertiesAndCoordinatesThatAreWanted)
{
    auto const service = standard_service();
    auto const properties = [&](std::string const& query) {
        return json::serialize(
            service.get_json("/collections/water-sections/items?limit=1&" + query).at("features").at(0).at("properties"));
    };
    EXPECT_EQ(properties("properties=water_class,codmn"), R"({"water_class":2,"codmn":3.5E0})");
    EXPECT_EQ(properties("properties=zones&profile=structured"), R"({"zones":["salt-lake","plain"]})");
    auto const problem = service.get_json("/collections/water-sections/items?properties=codmn,depth", 400);
    EXPECT_EQ(text(problem.at("detail")), "properties: \"depth\" is no property of this collection; its schema lists them");
    auto const geometry = [&](std::string const& query) {
        return json::serialize(service.get_json("/collections/water-sections/items?limit=1&" + query).at("features").at(0).at("geometry"));
    };
    EXPECT_EQ(geometry("skipGeometry=true"), "null");
    EXPECT_EQ(geometry("precision=1"), R"({"type":"Point","coordinates":[1.105E2,3.53E1]})");
    EXPECT_EQ(service.get("/collections/water-sections/items?precision=10").status, 400);
}

TEST(F13, BadLimitsAndUnknownParametersAreRefused)
{
    auto const service = standard_service();
    for (auto const* limit : {"unlimited", "0", "-1", "1.5", "", "+3", "0x10", "1e3"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?limit="} + limit, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("limit: ")) << limit;
        EXPECT_EQ(text(problem.at("code")), "bad_value");
        EXPECT_EQ(problem.at("status").as_int64(), 400);
    }
    auto const problem = service.get_json("/collections/water-sections/items?unknown=1", 400);
    EXPECT_EQ(
        text(problem.at("detail")),
        "unknown parameter \"unknown\" (\"1\"); this resource takes f, bom, profile, properties, skipGeometry, "
        "precision, sortby, bbox, filter, filter-lang, filter-crs, bbox-crs, crs, asof, datetime, limit, offset, startindex, after, seen, "
        "name, codmn, water_class, meets_target, zones, time");
}

TEST(F13, EveryResourceRefusesUnknownParameters)
{
    auto const service = standard_service();
    for (auto const* path : {"/", "/conformance", "/api", "/api.html", "/collections", "/collections/lakes", "/collections/lakes/items",
                             "/collections/lakes/items/2", "/collections/lakes/queryables", "/collections/lakes/schema",
                             "/collections/lakes/schema/feature"}) {
        EXPECT_EQ(service.get(std::string{path} + "?unknown=1").status, 400) << path;
        EXPECT_EQ(service.get(std::string{path} + "?f=gml").status, 400) << path;
    }
}

TEST(Properties, CompareByType)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "name=%E4%B8%B4%E7%8C%97"), (Ids{"linyi"}));
    EXPECT_EQ(filtered(service, "codmn=5.20"), (Ids{"linyi"}));
    EXPECT_EQ(filtered(service, "codmn=6"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "codmn=%2B6.0e0"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "water_class=2.0"), (Ids{"hanyang"}));
    EXPECT_EQ(filtered(service, "water_class=2.5"), Ids{});
    EXPECT_EQ(filtered(service, "meets_target=true"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "zones=plain"), (Ids{"hanyang", "linyi"}));
    EXPECT_EQ(filtered(service, "zones=plai"), Ids{});
    EXPECT_EQ(filtered(service, "time=2025-11-06T08:00:00Z"), (Ids{"linyi"}));  // written there as 16:00+08:00
    EXPECT_EQ(filtered(service, "zones=plain&meets_target=true&bbox=110,35,111,36&datetime=2025-11-06"), (Ids{"hanyang"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?area=132.5")), (Ids{"10"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?surveyed=2024-05-01")), (Ids{"10"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?name=%E7%9B%90%E6%B9%96")), (Ids{"10"}));
}

TEST(Properties, BadValuesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* pair : {"codmn=much", "codmn=nan", "codmn=", "water_class=IV", "meets_target=yes", "time=today"}) {
        std::string const name{pair, std::string_view{pair}.find('=')};
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?"} + pair, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with(name + ": ")) << text(problem.at("detail"));
    }
    EXPECT_EQ(service.get("/collections/water-sections/items?secret=hidden").status, 400);
    EXPECT_EQ(service.get("/collections/lakes/items?surveyed=2024").status, 400);
}

TEST(Properties, NamedLikeAParameterLeaveItToTheParameter)
{
    Stations stations{four_stations()};
    stations.columns[0].name = "limit";
    Service const service{{stations.made()}};
    EXPECT_EQ(ids(service.get_json("/collections/water-sections/items?limit=1")).size(), 1U);
    EXPECT_FALSE(service.get_json("/collections/water-sections/queryables").at("properties").as_object().contains("limit"));
    EXPECT_TRUE(service.get_json("/collections/water-sections/schema").at("properties").as_object().contains("limit"));
}

TEST(Parameters, AreRepeatedAndRefusedAlikeByEveryResource)
{
    auto const service = standard_service();
    for (auto const* path : {"/", "/collections/lakes", "/collections/lakes/items", "/collections/lakes/items/2"}) {
        EXPECT_EQ(service.get(std::string{path} + "?f=json&f=json").status, 200) << path;
        EXPECT_EQ(service.get(std::string{path} + "?f=json&f=html").status, 400) << path;
        auto const problem = service.get_json(std::string{path} + "?f=gml", 400);
        EXPECT_EQ(text(problem.at("detail")),
                  std::string{"f: 'gml' is not one of json, html"} +
                      (std::string_view{path}.ends_with("/items") ? ", jsonseq, csv, xlsx, fgb, gpkg, shp, kml" : ""))
            << path;
    }
    auto const problem = service.get_json("/collections/lakes/items/2?bbox=1,2,3,4", 400);
    EXPECT_EQ(text(problem.at("detail")), "unknown parameter \"bbox\" (\"1,2,3,4\"); this resource takes f, profile, precision, crs");
}

TEST(Crs, OnlyCrs84IsTaken)
{
    auto const service = standard_service();
    EXPECT_EQ(
        filtered(
            service,
            "crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&bbox=110,35,110.6,36"),
        (Ids{"hanyang", "nowhere"}));
    for (auto const* query : {"/items?crs=http://www.opengis.net/def/crs/0/unsupported",
                              "/items?bbox=5,49,6,50&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
                              "/items/linyi?crs=http://www.opengis.net/def/crs/0/unsupported"})
        EXPECT_EQ(service.get(std::string{"/collections/water-sections"} + query).status, 400) << query;
}

}  // namespace
}  // namespace yihong::ogcapi::testing
