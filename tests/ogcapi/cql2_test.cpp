// OGC API - Features Part 3 with CQL2, by the names of its check-list.
#include "fixture.hpp"

#include "yihong/base/text.hpp"

namespace yihong::ogcapi::testing {
namespace {

constexpr char const* items = "/collections/water-sections/items";

Service service_with_systems()
{
    OgcApiOptions options;
    options.transformers = std::make_shared<crs::Transformers const>(crs::Systems::make({}).value());
    return standard_service(std::move(options));
}

Ids found(Service const& service, std::string_view filter, std::string const& more = {})
{
    return filtered(service, "filter=" + percent_encoded(filter) + more);
}

std::string refused(Service const& service, std::string_view filter, std::string const& more = {})
{
    return text(service.get_json(std::string{items} + "?filter=" + percent_encoded(filter) + more, 400).at("detail"));
}

TEST(Q01, QueryablesNameTheGeometry)
{
    auto const service = standard_service();
    auto const properties = service.get_json("/collections/lakes/queryables").at("properties");
    EXPECT_EQ(text(properties.at("geometry").at("format")), "geometry-polygon");
    EXPECT_FALSE(properties.at("geometry").as_object().contains("type"));
    EXPECT_EQ(text(properties.at("area").at("type")), "number");
}

TEST(Q02, AnUnknownPropertyIsRefusedByName)
{
    auto const service = standard_service();
    EXPECT_TRUE(refused(service, "water_class > 1 AND wrong = 1")
                    .starts_with("filter: character 21: \"wrong\" is no property of this collection; it has id, name, codmn, water_class"));
    EXPECT_TRUE(refused(service, "secret = 'hidden'").starts_with("filter: character 1: \"secret\" is no property"));
}

TEST(Q04, AFilterHoldsTogetherWithEveryOtherParameter)
{
    auto const service = standard_service();
    EXPECT_EQ(found(service, "water_class >= 3"), (Ids{"linyi", "nowhere"}));
    EXPECT_EQ(found(service, "water_class >= 3", "&bbox=110,35,111,36"), (Ids{"linyi", "nowhere"}));
    EXPECT_EQ(found(service, "water_class >= 3", "&meets_target=true"), (Ids{"nowhere"}));
    EXPECT_EQ(found(service, "water_class >= 3", "&datetime=2025-11-06T08:00:00Z"), (Ids{"linyi"}));
    EXPECT_EQ(found(service, "water_class >= 2", "&sortby=-codmn&limit=2"), (Ids{"nowhere", "linyi"}));
    auto const page = service.get_json(std::string{items} + "?filter=codmn%20%3E%201&limit=1");
    EXPECT_EQ(page.at("numberMatched").as_int64(), 3);
    EXPECT_EQ(ids(service.get_json(link(page, "next"))), (Ids{"linyi"})) << "the next link keeps the filter";
}

TEST(Q04, LanguagesAndSystemsAreNamedAndOthersRefused)
{
    auto const service = service_with_systems();
    EXPECT_EQ(found(service, "codmn > 5", "&filter-lang=cql2-text"), (Ids{"linyi", "nowhere"}));
    EXPECT_EQ(found(service, R"({"op":">","args":[{"property":"codmn"},5]})", "&filter-lang=cql2-json"), (Ids{"linyi", "nowhere"}));
    EXPECT_TRUE(refused(service, "codmn > 5", "&filter-lang=cql2-json").starts_with("filter: character 1: "));
    EXPECT_EQ(refused(service, "codmn > 5", "&filter-lang=sql"), "filter-lang: 'sql' is not one of cql2-text, cql2-json");
    EXPECT_TRUE(refused(service, "codmn > 5", "&filter-crs=EPSG:1").starts_with("filter-crs: 'EPSG:1' is not supported"));
    std::string const epsg = "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/";
    EXPECT_EQ(found(service, "S_INTERSECTS(geometry, BBOX(110.4,35.2,110.6,35.3))"), (Ids{"hanyang"}));
    EXPECT_EQ(found(service, "S_INTERSECTS(geometry, BBOX(35.2,110.4,35.3,110.6))", epsg + "4490"), (Ids{"hanyang"}));
    EXPECT_EQ(found(service, "S_INTERSECTS(geometry, POLYGON((35 110,35 110.6,36 110.6,35 110)))", epsg + "4326"), (Ids{"hanyang"}));
    // Gauss-Krueger zone of 111 E: north first
    EXPECT_EQ(found(service, "S_INTERSECTS(geometry, BBOX(3900000,450000,3905000,456000))", epsg + "4546"), (Ids{"hanyang"}));
    EXPECT_EQ(refused(service, "S_INTERSECTS(geometry, POINT(110.5 35.25))", epsg + "4490").substr(0, 58),
              "filter: character 24: the geometry lies outside of longitu");
}

TEST(Q05, WithoutAValueNothingHolds)
{
    auto const service = standard_service();
    EXPECT_EQ(found(service, "codmn > 5 OR NOT codmn > 5"), (Ids{"hanyang", "linyi", "nowhere"}));
    EXPECT_EQ(found(service, "codmn IS NULL"), (Ids{"timeless"}));
    EXPECT_EQ(found(service, "S_DISJOINT(geometry, POINT(0 0))"), (Ids{"hanyang", "linyi", "timeless"}));
}

TEST(Q06, ComparesWhatIsServed)
{
    auto const service = standard_service();
    EXPECT_EQ(found(service, "codmn = 3.5"), (Ids{"hanyang"}));
    EXPECT_EQ(found(service, "meets_target = true AND time > TIMESTAMP('2025-11-06T00:00:00Z')"), (Ids{"hanyang"}));
    EXPECT_EQ(found(service, "time = DATE('2025-11-06')"), (Ids{"hanyang", "linyi"}));
    EXPECT_EQ(found(service, "zones = 'plain' AND A_CONTAINS(zones, ('salt-lake'))"), (Ids{"hanyang"}));
    EXPECT_EQ(found(service, "name IN ('临猗', '无数据')"), (Ids{"linyi", "timeless"}));
}

TEST(Q08, LooksOnlyWhereTheFilterPoints)
{
    auto const service = standard_service();
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?filter=" + percent_encoded("S_INTERSECTS(geometry, POINT(110.5 35.5))"))),
              Ids{})
        << "in the hole";
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?filter=" +
                                   percent_encoded("S_CONTAINS(geometry, POINT(110.1 35.1)) AND area > 100"))),
              (Ids{"10"}));
    EXPECT_TRUE(refused(service, "S_INTERSECTS(geometry, POINT(90 180))").starts_with("filter: character 24: "));
}

TEST(Q10, FunctionsAreListed)
{
    auto const service = standard_service();
    auto const functions = service.get_json("/functions");
    EXPECT_EQ(text(functions.at("functions").at(0).at("name")), "abs");
    EXPECT_EQ(text(functions.at("functions").at(0).at("returns").at(0)), "number");
    EXPECT_EQ(text(functions.at("functions").at(0).at("arguments").at(0).at("type").at(0)), "number");
    EXPECT_EQ(service.get("/functions?f=html").status, 200);
    EXPECT_EQ(link(service.get_json("/"), "http://www.opengis.net/def/rel/ogc/1.0/functions"), "http://test.example/functions");
    EXPECT_EQ(found(service, "hour(time) = 20"), (Ids{"hanyang"}));
}

TEST(H13, HostileFiltersAreRefusedAtOnce)
{
    auto const service = standard_service();
    auto const repeated = [](std::string_view piece, std::size_t times) {
        std::string all;
        for (std::size_t i = 0; i < times; ++i)
            all += piece;
        return all;
    };
    EXPECT_TRUE(refused(service, repeated("(", 1000) + "codmn" + repeated(")", 1000)).contains("nested deeper"));
    EXPECT_TRUE(refused(service, "codmn IN (1" + repeated(",1", 10'000) + ")").contains("more than 4000 values"));
    EXPECT_TRUE(refused(service, "codmn IN (1" + repeated(",1", 100'000) + ")").contains("at most 65536 are allowed"));
    EXPECT_TRUE(refused(service, "S_INTERSECTS(geometry, LINESTRING(0 0" + repeated(",1 1", 12'000) + "))").contains("positions"));
    EXPECT_EQ(found(service, "name LIKE '" + repeated("%", 10'000) + "临%'"), (Ids{"linyi"}));
}

}  // namespace
}  // namespace yihong::ogcapi::testing
