// OGC API - Features Part 2, by the names of its check-list.
#include "fixture.hpp"

#include <algorithm>
#include <cmath>

namespace yihong::ogcapi::testing {
namespace {

constexpr char const* items = "/collections/water-sections/items";

std::string uri(int code) { return "http://www.opengis.net/def/crs/EPSG/0/" + std::to_string(code); }

Service service_with_systems()
{
    OgcApiOptions options;
    options.transformers = std::make_shared<crs::Transformers const>(crs::Systems::make({}).value());
    return standard_service(std::move(options));
}

/// Coordinates of the first feature.
std::pair<double, double> first_position(json::value const& document)
{
    auto const& feature = document.as_object().contains("features") ? document.at("features").at(0) : document;
    auto const& coordinates = feature.at("geometry").at("coordinates");
    return {coordinates.at(0).to_number<double>(), coordinates.at(1).to_number<double>()};
}

TEST(C01, CollectionsNameTheirSystemsAndTheOneTheyAreStoredIn)
{
    auto const service = service_with_systems();
    for (auto const& collection : service.get_json("/collections").at("collections").as_array()) {
        auto const& systems = collection.at("crs").as_array();
        EXPECT_EQ(text(systems.at(0)), crs::crs84);
        EXPECT_EQ(systems.size(), 12U);
        for (auto const& system : systems)
            EXPECT_TRUE(text(system).starts_with("http://www.opengis.net/def/crs/")) << text(system);
        EXPECT_NE(std::ranges::find(systems, collection.at("storageCrs")), systems.end());
        EXPECT_EQ(service.get_json("/collections/" + text(collection.at("id"))).at("crs"), collection.at("crs"));
    }
}

TEST(C03, EveryNamedSystemIsServedAndSaidInTheHeader)
{
    auto const service = service_with_systems();
    auto const collection = service.get_json("/collections/water-sections");
    for (auto const& system : collection.at("crs").as_array())
        for (std::string const& path : {std::string{items}, std::string{items} + "/linyi"}) {
            auto const reply = service.get(path + "?crs=" + text(system));
            EXPECT_EQ(reply.status, 200) << text(system);
            EXPECT_EQ(header(reply, "Content-Crs"), "<" + text(system) + ">");
            EXPECT_FALSE(json::parse(reply.content()->plain()).as_object().contains("crs"));
        }
    EXPECT_EQ(header(service.get(items), "Content-Crs"), "<" + std::string{crs::crs84} + ">");
}

TEST(C04, OthersAreRefusedByName)
{
    auto const service = service_with_systems();
    std::string const unsupported = "http://www.opengis.net/def/crs/0/unsupported";
    for (auto const& target : {std::string{items} + "?crs=" + unsupported, std::string{items} + "/linyi?crs=" + unsupported,
                               std::string{items} + "?bbox=5,49,6,50&bbox-crs=" + unsupported}) {
        auto const problem = service.get_json(target, 400);
        EXPECT_NE(text(problem.at("detail")).find("'" + unsupported + "' is not supported; this resource has"), std::string::npos)
            << target;
    }
}

TEST(C05, CoordinatesStandInTheOrderOfTheAxesWithTheDigitsOfTheirUnit)
{
    auto const service = service_with_systems();
    std::string const one = std::string{items} + "/linyi?crs=";
    EXPECT_EQ(first_position(service.get_json(one + uri(4326))), (std::pair{35.14, 110.77}));
    EXPECT_EQ(first_position(service.get_json(one + uri(4490))), (std::pair{35.14, 110.77}));
    auto const zone = first_position(service.get_json(one + uri(4546))); // north, east
    EXPECT_NEAR(zone.first, 3'890'160, 200);
    EXPECT_NEAR(zone.second, 479'040, 200);
    auto const numbered = first_position(service.get_json(one + uri(4525)));
    EXPECT_NEAR(numbered.second, zone.second + 37'000'000, 1e-3);
    EXPECT_NEAR(numbered.first, zone.first, 1e-3);
    auto const rounded = first_position(service.get_json(one + uri(4546) + "&precision=0"));
    EXPECT_EQ(rounded.first, std::round(zone.first));
}

TEST(C06, ABoxIsReadInItsOwnSystem)
{
    auto const service = service_with_systems();
    Ids const all = filtered(service, "bbox=110.7,35.1,110.8,35.2");
    EXPECT_EQ(all, (Ids{"linyi", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=35.1,110.7,35.2,110.8&bbox-crs=" + uri(4326)), all);
    EXPECT_EQ(filtered(service, "bbox=35.1,110.7,35.2,110.8&bbox-crs=" + uri(4490)), all);
    auto const p = first_position(service.get_json(std::string{items} + "/linyi?crs=" + uri(4546)));
    auto const box = std::to_string(p.first - 100) + "," + std::to_string(p.second - 100) + "," + std::to_string(p.first + 100) + "," +
                     std::to_string(p.second + 100);
    EXPECT_EQ(filtered(service, "bbox=" + box + "&bbox-crs=" + uri(4546)), all);
    EXPECT_EQ(filtered(service, "bbox=" + box + "&bbox-crs=" + uri(4547)), (Ids{"nowhere"})) << "the same numbers elsewhere";
    for (auto const* wrong : {"1,2,3", "a,b,c,d"})
        EXPECT_EQ(service.get(std::string{items} + "?bbox=" + wrong + "&bbox-crs=" + uri(4546)).status, 400) << wrong;
}

TEST(C07, CrsIsKeptByTheLinksAndCrs84ChangesNothing)
{
    auto const service = service_with_systems();
    std::string const crs84{crs::crs84};
    EXPECT_EQ(filtered(service, "bbox=110.7,35.1,110.8,35.2&bbox-crs=" + crs84), filtered(service, "bbox=110.7,35.1,110.8,35.2"));
    auto const first = service.get_json(std::string{items} + "?limit=1&crs=" + uri(4326));
    EXPECT_EQ(first_position(service.get_json(link(first, "next"))), (std::pair{35.14, 110.77}));
}

} // namespace
} // namespace yihong::ogcapi::testing
