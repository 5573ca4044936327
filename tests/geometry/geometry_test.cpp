#include "yihong/geometry/box_tree.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/geometry/geos.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace yihong {
namespace {

Positions square(double west, double south, double size)
{
    return {{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}};
}

TEST(BoxIntersection, OfPointsIsExactWithClosedEdges)
{
    Geometry const points = MultiPoint{{{1, 1}, {5, 5}}};
    EXPECT_TRUE(intersects(points, {4, 4, 6, 6}));
    EXPECT_TRUE(intersects(points, {5, 5, 6, 6}));
    EXPECT_FALSE(intersects(points, {2, 2, 4, 4}));       // between them: inside their bounds, at neither
}

TEST(BoxIntersection, OfALineLooksAtEverySegment)
{
    Geometry const line = LineString{{{0, 0}, {10, 10}, {20, 0}}};
    EXPECT_TRUE(intersects(line, {4, 3, 6, 5}));          // crosses without a vertex inside
    EXPECT_FALSE(intersects(line, {0, 5, 4, 10}));        // inside its bounds, off the line
    EXPECT_TRUE(intersects(line, {5, 5, 5, 5}));          // a point on it
    EXPECT_TRUE(intersects(line, {20, 0, 30, 1}));        // touches the end
    Geometry const upright = LineString{{{1, 0}, {1, 9}}};
    EXPECT_TRUE(intersects(upright, {0, 4, 2, 5}));
    EXPECT_FALSE(intersects(upright, {1.5, 4, 2, 5}));
    Geometry const dot = LineString{{{1, 1}}};
    EXPECT_TRUE(intersects(dot, {0, 0, 2, 2}));
}

TEST(BoxIntersection, OfAPolygonKnowsInsideOutsideAndHoles)
{
    Positions hole = square(3, 3, 4);
    std::ranges::reverse(hole);
    Geometry const ring = Polygon{{square(0, 0, 10), hole}};
    EXPECT_TRUE(intersects(ring, {1, 1, 2, 2}));          // wholly inside
    EXPECT_FALSE(intersects(ring, {4, 4, 5, 5}));         // wholly in the hole
    EXPECT_TRUE(intersects(ring, {2, 4, 4, 5}));          // across the hole's edge
    EXPECT_TRUE(intersects(ring, {-5, -5, 15, 15}));      // contains it
    EXPECT_FALSE(intersects(ring, {11, 0, 12, 1}));
    EXPECT_TRUE(intersects(ring, {10, 10, 12, 12}));      // touches the corner
    Geometry const two = MultiPolygon{{{{square(0, 0, 1)}}, {{square(5, 5, 1)}}}};
    EXPECT_TRUE(intersects(two, {5.2, 5.2, 5.4, 5.4}));
    EXPECT_FALSE(intersects(two, {2, 2, 4, 4}));
    Geometry const triangle = Polygon{{{{0, 0}, {10, 0}, {0, 10}, {0, 0}}}};
    EXPECT_FALSE(intersects(triangle, {8, 8, 9, 9}));     // inside its bounds, beyond the slope
}

TEST(BoxIntersection, OfNothingIsNothing) { EXPECT_FALSE(intersects({}, {-180, -90, 180, 90})); }

TEST(Bounds, ContainEveryPosition)
{
    EXPECT_EQ(bounds_of(MultiPolygon{{{{square(0, 0, 1)}}, {{square(5, 6, 1)}}}}), (BoundingBox{0, 0, 6, 7}));
    EXPECT_EQ(bounds_of(Point{{111, 35}}), (BoundingBox{111, 35, 111, 35}));
    EXPECT_TRUE(bounds_of({}).is_empty());
}

TEST(BoxTree, FindsWhatAScanFinds)
{
    std::mt19937 random{4};
    std::uniform_real_distribution<double> degrees{-90, 90};
    std::uniform_real_distribution<double> size{0, 8};
    std::vector<BoundingBox> boxes;
    for (int i = 0; i < 2000; ++i) {
        double const west = degrees(random), south = degrees(random) / 2;
        boxes.push_back(i % 3 == 0 ? BoundingBox{west, south, west, south}
                                   : BoundingBox{west, south, west + size(random), south + size(random)});
    }
    boxes[7] = {};
    BoxTree const tree{boxes};
    for (int i = 0; i < 200; ++i) {
        double const west = degrees(random), south = degrees(random) / 2;
        BoundingBox const asked = i == 0 ? boxes[3] : BoundingBox{west, south, west + size(random), south + size(random)};
        std::vector<std::uint32_t> scanned;
        for (std::uint32_t at = 0; at < boxes.size(); ++at)
            if (!boxes[at].is_empty() && boxes[at].intersects(asked))
                scanned.push_back(at);
        auto found = tree.query(asked);
        std::ranges::sort(found);
        EXPECT_EQ(found, scanned);
    }
    EXPECT_TRUE(tree.query({}).empty());
    EXPECT_TRUE(BoxTree{}.query({-180, -90, 180, 90}).empty());
}

TEST(BoxTree, AnswersSeveralThreadsAtOnce)
{
    std::vector<BoundingBox> boxes;
    for (int i = 0; i < 1000; ++i)
        boxes.push_back({i * 0.1, 0, i * 0.1, 1});
    BoxTree const tree{boxes};
    std::vector<std::jthread> threads;
    std::array<std::size_t, 4> found{};
    for (auto& count : found)
        threads.emplace_back([&tree, &count] {
            for (int i = 0; i < 200; ++i)
                count += tree.query({i * 0.1, 0, i * 0.1 + 0.95, 1}).size();
        });
    threads.clear();
    for (auto const count : found)
        EXPECT_EQ(count, found[0]);
    EXPECT_GE(found[0], 200U * 9);
}

TEST(Geos, KnowsValidityDistanceAndCover)
{
    Geos const geos;
    Geometry const area = Polygon{{square(0, 0, 10), square(4, 4, 2)}};
    EXPECT_EQ(geos.why_invalid(area), "");
    EXPECT_NE(geos.why_invalid(Polygon{{{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}}}), "");
    EXPECT_TRUE(geos.covers(area, Point{{1, 1}}));
    EXPECT_TRUE(geos.covers(area, Point{{0, 5}})) << "the edge";
    EXPECT_FALSE(geos.covers(area, Point{{5, 5}})) << "the hole";
    EXPECT_FALSE(geos.covers(area, LineString{{{1, 1}, {11, 1}}}));
    EXPECT_DOUBLE_EQ(geos.distance(area, Point{{13, 14}}), 5);
    EXPECT_DOUBLE_EQ(geos.distance(area, MultiPoint{{{20, 20}, {1, 1}}}), 0);
    auto const prepared = geos.prepared(area);
    EXPECT_TRUE(prepared.covers({10, 10}));
    EXPECT_FALSE(prepared.covers({5, 5}));
    EXPECT_DOUBLE_EQ(prepared.size(), 96);
}

TEST(Geos, JoinsLinesInTheirOwnDirection)
{
    Geos const geos;
    EXPECT_EQ(geos.joined({{{{1, 0}, {2, 0}}, {{0, 0}, {1, 0}}}}), (MultiLineString{{{{0, 0}, {1, 0}, {2, 0}}}}));
}

TEST(Geos, MendsOverlapsAsTheirUnion)
{
    Geos const geos;
    MultiPolygon bowtie{{{{{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}}}}};
    EXPECT_NE(geos.mend(bowtie), "");
    EXPECT_EQ(bowtie.polygons.size(), 2U);
    EXPECT_EQ(geos.mend(bowtie), "");
}

}  // namespace
}  // namespace yihong
