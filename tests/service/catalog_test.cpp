#include "yihong/service/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yihong {
namespace {

using Ring = std::vector<LonLat>;

Ring square(double west, double south, double size)
{
    return {{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}};
}

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
        layer->features.push_back({id,
                                   {GeometryType::line_string, {{{{lon, 35}, {lon + 1, 36}}}}},
                                   {},
                                   {std::string{"涑水河"}, std::int64_t{3}, 12.5, false, std::monostate{}}});
        lon += 1;
    }
    return layer;
}

std::vector<std::string> ids_of(Collection const& collection)
{
    std::vector<std::string> ids;
    for (auto const& feature : collection.features)
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
    EXPECT_EQ(collection->id, "rivers");
    EXPECT_EQ(collection->title, "河流");
    EXPECT_EQ(collection->title_en, "Rivers");
    EXPECT_EQ(collection->description, "主要河流");
    EXPECT_EQ(collection->attribution, "示例");
    EXPECT_EQ(collection->license, "ODbL-1.0");
    EXPECT_EQ(collection->version, "v7");
    EXPECT_EQ(collection->bounds, (BoundingBox{110, 35, 111, 36}));
    EXPECT_EQ(collection->time, TimeInterval{});
    ASSERT_EQ(collection->properties.size(), 5U);
    EXPECT_EQ(collection->properties[2].name, "length");
    EXPECT_EQ(collection->properties[2].title, "长度");
    EXPECT_EQ(collection->properties[2].type, AttributeType::real);
    EXPECT_EQ(collection->property_index("seasonal"), 3U);
    EXPECT_EQ(collection->property_index("nothing"), std::nullopt);
}

TEST(LayerCollection, RendersRfc7946FeaturesWithTypedValues)
{
    auto const collection = make_layer_collection(layer_of({"1"}), "v");
    EXPECT_EQ(collection->features[0]->rendered().geojson,
              R"({"type":"Feature","id":"1","geometry":{"type":"LineString","coordinates":[[110,35],[111,36]]},)"
              R"("properties":{"name":"涑水河","rank":3,"length":12.5,"seasonal":false,"since":null}})");
    EXPECT_EQ(collection->features[0]->rendered().values[1], AttributeValue{std::int64_t{3}});
}

TEST(LayerCollection, OrdersIdsByValueAndFindsThem)
{
    auto const collection = make_layer_collection(layer_of({"10", "a", "9", "2"}), "v");
    EXPECT_EQ(ids_of(*collection), (std::vector<std::string>{"2", "9", "10", "a"}));
    for (auto const& feature : collection->features)
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
    EXPECT_EQ(collection->features[0]->bounds(), std::nullopt);
    EXPECT_TRUE(collection->bounds.is_empty());
    EXPECT_TRUE(collection->features[0]->rendered().geojson.find(R"("geometry":null)") != std::string::npos);
}

TEST(LayerCollection, LivesOnWithoutTheCallersLayer)
{
    auto layer = layer_of({"1"});
    auto const collection = make_layer_collection(layer, "v");
    layer.reset();
    EXPECT_FALSE(collection->features[0]->rendered().geojson.empty());
}

TEST(CatalogLookup, FindsCollectionsById)
{
    Catalog catalog;
    catalog.collections.push_back(make_layer_collection(layer_of({"1"}), "v"));
    EXPECT_EQ(catalog.find("rivers"), catalog.collections[0]);
    EXPECT_EQ(catalog.find("river"), nullptr);
}

TEST(BoxIntersection, OfPointsIsExactWithClosedEdges)
{
    Geometry const points{GeometryType::multi_point, {{{{1, 1}}}, {{{5, 5}}}}};
    EXPECT_TRUE(intersects(points, {4, 4, 6, 6}));
    EXPECT_TRUE(intersects(points, {5, 5, 6, 6}));
    EXPECT_FALSE(intersects(points, {2, 2, 4, 4}));       // between them: inside their bounds, at neither
}

TEST(BoxIntersection, OfALineLooksAtEverySegment)
{
    Geometry const line{GeometryType::line_string, {{{{0, 0}, {10, 10}, {20, 0}}}}};
    EXPECT_TRUE(intersects(line, {4, 3, 6, 5}));          // crosses without a vertex inside
    EXPECT_FALSE(intersects(line, {0, 5, 4, 10}));        // inside its bounds, off the line
    EXPECT_TRUE(intersects(line, {5, 5, 5, 5}));          // a point on it
    EXPECT_TRUE(intersects(line, {20, 0, 30, 1}));        // touches the end
    Geometry const upright{GeometryType::line_string, {{{{1, 0}, {1, 9}}}}};
    EXPECT_TRUE(intersects(upright, {0, 4, 2, 5}));
    EXPECT_FALSE(intersects(upright, {1.5, 4, 2, 5}));
    Geometry const dot{GeometryType::line_string, {{{{1, 1}}}}};
    EXPECT_TRUE(intersects(dot, {0, 0, 2, 2}));
}

TEST(BoxIntersection, OfAPolygonKnowsInsideOutsideAndHoles)
{
    Ring hole = square(3, 3, 4);
    std::ranges::reverse(hole);
    Geometry const ring{GeometryType::polygon, {{square(0, 0, 10), hole}}};
    EXPECT_TRUE(intersects(ring, {1, 1, 2, 2}));          // wholly inside
    EXPECT_FALSE(intersects(ring, {4, 4, 5, 5}));         // wholly in the hole
    EXPECT_TRUE(intersects(ring, {2, 4, 4, 5}));          // across the hole's edge
    EXPECT_TRUE(intersects(ring, {-5, -5, 15, 15}));      // contains it
    EXPECT_FALSE(intersects(ring, {11, 0, 12, 1}));
    EXPECT_TRUE(intersects(ring, {10, 10, 12, 12}));      // touches the corner
    Geometry const two{GeometryType::multi_polygon, {{square(0, 0, 1)}, {square(5, 5, 1)}}};
    EXPECT_TRUE(intersects(two, {5.2, 5.2, 5.4, 5.4}));
    EXPECT_FALSE(intersects(two, {2, 2, 4, 4}));
    Geometry const triangle{GeometryType::polygon, {{{{0, 0}, {10, 0}, {0, 10}, {0, 0}}}}};
    EXPECT_FALSE(intersects(triangle, {8, 8, 9, 9}));     // inside its bounds, beyond the slope
}

TEST(BoxIntersection, OfNothingIsNothing) { EXPECT_FALSE(intersects({}, {-180, -90, 180, 90})); }

}  // namespace
}  // namespace yihong
