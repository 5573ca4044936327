// Collections without a feature are listed, or hidden from lists by a switch.
#include "fixture.hpp"

#include <algorithm>

namespace yihong::ogcapi::testing {
namespace {

std::shared_ptr<FeatureSource const> outfalls(std::vector<Station> stations, std::string version)
{
    Stations made{std::move(stations)};
    made.metadata.id = "outfalls";
    made.metadata.version = std::move(version);
    return made.made();
}

std::vector<std::string> listed(Service const& service)
{
    std::vector<std::string> ids;
    auto const document = service.get_json("/collections");
    for (auto const& collection : document.at("collections").as_array())
        ids.push_back(text(collection.at("id")));
    return ids;
}

TEST(EmptyCollections, AreListedAsTheOthersAre)
{
    Service const service{{make_stations(four_stations()), outfalls({}, "o1")}};
    EXPECT_EQ(listed(service), (std::vector<std::string>{"water-sections", "outfalls"}));
    EXPECT_EQ(service.get_json("/collections/outfalls/items").at("numberMatched").to_number<int>(), 0);
}

TEST(EmptyCollections, AreHiddenBySwitchUntilTheyHaveAFeature)
{
    OgcApiOptions options;
    options.hide_empty = true;
    Service service{{make_stations(four_stations()), outfalls({}, "o1")}, std::move(options)};
    auto const names_it = [&](std::string const& target, std::string const& accept = {}) {
        return service.get(target, accept).content()->plain().contains("/collections/outfalls");
    };
    EXPECT_EQ(listed(service), std::vector<std::string>{"water-sections"});
    EXPECT_FALSE(service.get_json("/api").at("paths").as_object().contains("/collections/outfalls/items"));
    for (auto const* list : {"/", "/collections", "/api.html"})
        EXPECT_FALSE(names_it(list, "text/html")) << list;

    for (auto const* direct : {"/collections/outfalls", "/collections/outfalls/items", "/collections/outfalls/schema",
                               "/collections/outfalls/queryables", "/collections/outfalls/items?f=csv"})
        EXPECT_EQ(service.get(direct).status, 200) << direct << ": an address that somebody has noted holds";

    auto one = four_stations().front();
    service.publish({make_stations(four_stations()), outfalls({one}, "o2")}, "c1");
    EXPECT_EQ(listed(service), (std::vector<std::string>{"water-sections", "outfalls"})) << "as soon as there is something to see";
    EXPECT_TRUE(service.get_json("/api").at("paths").as_object().contains("/collections/outfalls/items"));
    EXPECT_TRUE(names_it("/", "text/html"));
}

}  // namespace
}  // namespace yihong::ogcapi::testing
