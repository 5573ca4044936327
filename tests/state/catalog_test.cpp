#include "yihong/state/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yihong {
namespace {

std::shared_ptr<Layer> layer_of(std::vector<std::string> const& ids)
{
    auto layer = std::make_shared<Layer>();
    layer->id = "rivers";
    layer->title = "河流";
    layer->title_en = "Rivers";
    layer->description = "主要河流";
    layer->attribution = "示例";
    layer->license = "ODbL-1.0";
    layer->geometry_type = GeometryType::line_string;
    layer->attributes = {{"name", "名称", AttributeType::text},
                         {"rank", "", AttributeType::integer},
                         {"length", "长度", AttributeType::real},
                         {"seasonal", "", AttributeType::boolean},
                         {"since", "", AttributeType::date}};
    double lon = 110;
    for (auto const& id : ids) {
        layer->features.push_back(
            {id, LineString{{{lon, 35}, {lon + 1, 36}}}, {}, {std::string{"涑水河"}, std::int64_t{3}, 12.5, false, std::monostate{}}});
        lon += 1;
    }
    return layer;
}

std::vector<std::string> ids_of(MemorySource const& collection)
{
    std::vector<std::string> ids;
    for (auto const& feature : collection.features())
        ids.push_back(feature->id());
    return ids;
}

TEST(IdOrder, PutsNumbersFirstByValueThenTheOthersByBytes)
{
    std::vector<std::string> ids{"b", "10", "2", "a10", "a2", "002", "2175A", "100000000000000000000000", "9", "0", "00"};
    std::ranges::sort(ids, id_less);
    EXPECT_EQ(ids, (std::vector<std::string>{"0", "00", "002", "2", "9", "10", "100000000000000000000000", "2175A", "a10", "a2", "b"}));
}

TEST(IdOrder, IsAStrictWeakOrder)
{
    std::vector<std::string> const ids{"", "0", "00", "1", "01", "10", "9", "1a", "a", "9a", "10a"};
    for (auto const& a : ids) {
        EXPECT_FALSE(id_less(a, a)) << a;
        for (auto const& b : ids) {
            EXPECT_FALSE(id_less(a, b) && id_less(b, a)) << a << " " << b;
            EXPECT_TRUE(a == b || id_less(a, b) || id_less(b, a)) << a << " " << b;
            for (auto const& c : ids)
                EXPECT_TRUE(!id_less(a, b) || !id_less(b, c) || id_less(a, c)) << a << " " << b << " " << c;
        }
    }
}

TEST(LayerCollection, CarriesTitlesAttributionAndTypedProperties)
{
    auto const collection = make_layer_collection(layer_of({"1"}), "v7");
    EXPECT_EQ(collection->metadata().id, "rivers");
    EXPECT_EQ(collection->metadata().title, "河流");
    EXPECT_EQ(collection->metadata().title_en, "Rivers");
    EXPECT_EQ(collection->metadata().description, "主要河流");
    EXPECT_EQ(collection->metadata().attribution, "示例");
    EXPECT_EQ(collection->metadata().license, "ODbL-1.0");
    EXPECT_EQ(collection->metadata().version, "v7");
    EXPECT_EQ(collection->metadata().bounds, (BoundingBox{110, 35, 111, 36}));
    EXPECT_EQ(collection->metadata().time, TimeInterval{});
    ASSERT_EQ(collection->schema().columns().size(), 5U);
    EXPECT_EQ(collection->schema().columns()[2].name, "length");
    EXPECT_EQ(collection->schema().columns()[2].title, "长度");
    EXPECT_EQ(collection->schema().columns()[2].type, AttributeType::real);
    EXPECT_EQ(collection->schema().find("seasonal"), 3U);
    EXPECT_EQ(collection->schema().find("nothing"), std::nullopt);
}

TEST(LayerCollection, RendersRfc7946FeaturesWithTypedValues)
{
    auto const collection = make_layer_collection(layer_of({"1"}), "v");
    EXPECT_EQ(collection->features()[0]->geojson(),
              R"({"type":"Feature","id":"1","geometry":{"type":"LineString","coordinates":[[110,35],[111,36]]},)"
              R"("properties":{"name":"涑水河","rank":3,"length":12.5,"seasonal":false,"since":null}})");
    EXPECT_EQ(collection->features()[0]->value(1), Value{std::int64_t{3}});
}

TEST(LayerCollection, OrdersIdsByValueAndFindsThem)
{
    auto const collection = make_layer_collection(layer_of({"10", "a", "9", "2"}), "v");
    EXPECT_EQ(ids_of(*collection), (std::vector<std::string>{"2", "9", "10", "a"}));
    for (auto const& feature : collection->features())
        EXPECT_EQ(collection->find(feature->id()), feature);
    EXPECT_EQ(collection->find("02"), nullptr);
    EXPECT_EQ(collection->find(""), nullptr);
    EXPECT_EQ(collection->find("b"), nullptr);
}

TEST(LayerCollection, GivesRepeatedAndEmptyIdsAnAddressOfTheirOwn)
{
    auto const collection = make_layer_collection(layer_of({"x", "x", "x_2", "", "x"}), "v");
    EXPECT_EQ(ids_of(*collection), (std::vector<std::string>{"rivers", "x", "x_2", "x_2_2", "x_3"}));
}

TEST(LayerCollection, KeepsFeaturesWithoutGeometry)
{
    auto layer = layer_of({"1"});
    layer->features[0].geometry = {};
    auto const collection = make_layer_collection(layer, "v");
    EXPECT_EQ(collection->features()[0]->geometry(), Geometry{});
    EXPECT_TRUE(collection->metadata().bounds.is_empty());
    EXPECT_TRUE(collection->features()[0]->geojson().find(R"("geometry":null)") != std::string::npos);
}

TEST(LayerCollection, LivesOnWithoutTheCallersLayer)
{
    auto layer = layer_of({"1"});
    auto const collection = make_layer_collection(layer, "v");
    layer.reset();
    EXPECT_FALSE(collection->features()[0]->geojson().empty());
}

TEST(CatalogLookup, FindsCollectionsById)
{
    Catalog catalog;
    catalog.collections.push_back(make_layer_collection(layer_of({"1"}), "v"));
    EXPECT_EQ(catalog.find("rivers"), catalog.collections[0]);
    EXPECT_EQ(catalog.find("river"), nullptr);
}

}  // namespace
}  // namespace yihong
