#include "yihong/crs/transformers.hpp"

#include "usual_systems.hpp"

#include <gtest/gtest.h>
#include <proj.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace yihong::crs {
namespace {

Systems systems() { return Systems::make(std::array{32649}).value(); }

LonLat moved(Transformers const& transformers, System const& system, LonLat position)
{
    return std::get<Point>(transformers.lend(system)->moved(Point{position})).position;
}

/// Positions all over Shanxi and a little beyond.
std::vector<LonLat> positions()
{
    std::vector<LonLat> all;
    for (double lon = 110.05; lon < 115; lon += 0.61)
        for (double lat = 34.5; lat < 41; lat += 0.83)
            all.push_back({lon, lat});
    return all;
}

TEST(Systems, AreFoundByUriAndCode)
{
    auto const all = systems();
    EXPECT_EQ(all.all().front().uri, crs84);
    EXPECT_EQ(all.find(crs84)->code, 0);
    for (auto const* name :
         {"http://www.opengis.net/def/crs/EPSG/0/4547", "https://www.opengis.net/def/crs/EPSG/0/4547", "EPSG:4547", "[EPSG:4547]"})
        EXPECT_EQ(all.find(name)->name, "CGCS2000 / 3-degree Gauss-Kruger CM 114E") << name;
    EXPECT_EQ(all.find("EPSG:32649")->name, "WGS 84 / UTM zone 49N") << "by configuration";
    for (auto const* name : {"", "EPSG:4548", "EPSG:", "EPSG:45470", "EPSG:0", "http://www.opengis.net/def/crs/0/unsupported"})
        EXPECT_EQ(all.find(name), nullptr) << name;
    EXPECT_EQ(Systems::make(std::array{99999}).error().detail, "EPSG:99999 is not known to PROJ");
    EXPECT_EQ(Systems::make(std::array{4979}).error().detail, "EPSG:4979 does not have two axes");
}

TEST(Systems, CoverShanxiInZonesOfThreeAndSixDegrees)
{
    auto const all = systems();
    for (auto const& [code, name] : {std::pair{4546, "CGCS2000 / 3-degree Gauss-Kruger CM 111E"},
                                     {4547, "CGCS2000 / 3-degree Gauss-Kruger CM 114E"},
                                     {4525, "CGCS2000 / 3-degree Gauss-Kruger zone 37"},
                                     {4526, "CGCS2000 / 3-degree Gauss-Kruger zone 38"},
                                     {4508, "CGCS2000 / Gauss-Kruger CM 111E"},
                                     {4509, "CGCS2000 / Gauss-Kruger CM 117E"},
                                     {4497, "CGCS2000 / Gauss-Kruger zone 19"},
                                     {4498, "CGCS2000 / Gauss-Kruger zone 20"}})
        EXPECT_EQ(all.find("EPSG:" + std::to_string(code))->name, name);
}

TEST(Systems, AreAsTheRegisterHasThem)
{
    std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> const context{proj_context_create(), &proj_context_destroy};
    using Handle = std::unique_ptr<PJ, decltype(&proj_destroy)>;
    auto const all = Systems::make({}).value().all();
    ASSERT_EQ(all.size(), 12U);
    for (auto const& system : std::span{all}.subspan(1)) {
        auto const code = std::to_string(system.code);
        Handle const crs{proj_create_from_database(context.get(), "EPSG", code.c_str(), PJ_CATEGORY_CRS, 0, nullptr), &proj_destroy};
        ASSERT_TRUE(crs) << code;
        Handle const axes{proj_crs_get_coordinate_system(context.get(), crs.get()), &proj_destroy};
        char const* direction = nullptr;
        proj_cs_get_axis_info(context.get(), axes.get(), 0, nullptr, nullptr, &direction, nullptr, nullptr, nullptr, nullptr);
        EXPECT_EQ(system.name, proj_get_name(crs.get()));
        EXPECT_EQ(system.uri, "http://www.opengis.net/def/crs/EPSG/0/" + code);
        EXPECT_EQ(system.north_first, std::string_view{direction} == "north") << code;
        EXPECT_EQ(system.in_degrees, proj_get_type(crs.get()) == PJ_TYPE_GEOGRAPHIC_2D_CRS) << code;
        Handle const way{proj_create_crs_to_crs(context.get(), "OGC:CRS84", ("EPSG:" + code).c_str(), nullptr), &proj_destroy};
        ASSERT_NE(usual_system(system.code), nullptr) << code;
        EXPECT_EQ(usual_operation(*usual_system(system.code)), proj_as_proj_string(context.get(), way.get(), PJ_PROJ_5, nullptr)) << code;
    }
    EXPECT_EQ(usual_system(32649), nullptr);
}

/// More places than are kept, asked for twice: as points, which are kept, and as one geometry of many, which is not.
TEST(C05, AKeptPlaceIsWhereAFreshOneIs)
{
    Transformers const transformers{systems()};
    auto const lent = transformers.lend(*transformers.systems().find("EPSG:4547"));
    MultiPoint all;
    for (int i = 0; i < 40'000; ++i)
        all.positions.push_back({110 + i * 1e-4, 34 + (i * 7919 % 40'000) * 1e-4});
    auto const fresh = std::get<MultiPoint>(lent->moved(all)).positions;
    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < all.positions.size(); ++i)
            ASSERT_EQ(std::get<Point>(lent->moved(Point{all.positions[i]})).position, fresh[i]) << i;
    EXPECT_EQ(type_of(lent->moved(Point{{111, 95}})), type_of(lent->moved(Point{{111, 95}}))) << "nor is what has no place";
}

/// C05, C07: to a millimetre what PROJ's own program says, axes in the order of the register.
TEST(C05, AgreesWithCs2csToAMillimetre)
{
    Transformers const transformers{systems()};
    auto const file = std::filesystem::temp_directory_path() / ("yihong_crs_" + std::to_string(::getpid()));
    for (auto const& system : transformers.systems().all()) {
        if (system.code == 0)
            continue;
        {
            std::ofstream in{file};
            in.precision(12);
            for (auto const& p : positions())
                in << p.lon << ' ' << p.lat << '\n';
        }
        std::string const command = "cs2cs -f %.10f OGC:CRS84 EPSG:" + std::to_string(system.code) + " " + file.string();
        FILE* const pipe = popen(command.c_str(), "r");
        ASSERT_NE(pipe, nullptr);
        std::string out;
        std::array<char, 4096> piece;
        for (std::size_t n = 0; (n = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
            out.append(piece.data(), n);
        pclose(pipe);
        std::istringstream lines{out};
        double const millimetre = system.in_degrees ? 1e-8 : 1e-3;
        std::size_t count = 0;
        for (auto const& p : positions()) {
            double first = 0, second = 0, height = 0;
            ASSERT_TRUE(lines >> first >> second >> height) << system.name << "\n" << out.substr(0, 300);
            auto const ours = moved(transformers, system, p);
            EXPECT_NEAR(ours.lon, first, millimetre) << system.name;
            EXPECT_NEAR(ours.lat, second, millimetre) << system.name;
            ++count;
        }
        EXPECT_EQ(count, positions().size());
    }
    std::filesystem::remove(file);
}

TEST(C06, BoxesAreInTheOrderOfTheAxes)
{
    Transformers const transformers{systems()};
    auto const all = transformers.systems();
    auto const lat_first = transformers.lend(*all.find("EPSG:4326"))->boxes_round(34, 110, 36, 112);
    ASSERT_EQ(lat_first.size(), 1U);
    EXPECT_NEAR(lat_first[0].west, 110, 1e-9);
    EXPECT_NEAR(lat_first[0].north, 36, 1e-9);
    auto const pacific = transformers.lend(*all.find("EPSG:4326"))->boxes_round(-10, 170, 10, -170);
    EXPECT_EQ(pacific.size(), 2U);
    EXPECT_TRUE(transformers.lend(*all.find("EPSG:4490"))->boxes_round(110, 34, 112, 36).empty()) << "no latitude is 110";
    EXPECT_EQ(transformers.lend(*all.find("EPSG:4490"))->boxes_round(-100, -180, 100, 180).size(), 1U) << "the whole globe and more";
    auto const& zone = *all.find("EPSG:4546");
    for (auto const& p : positions()) {
        auto const at = moved(transformers, zone, p);
        auto const round = transformers.lend(zone)->boxes_round(at.lon - 1, at.lat - 1, at.lon + 1, at.lat + 1);
        ASSERT_EQ(round.size(), 1U);
        EXPECT_TRUE(round[0].contains(p));
        EXPECT_LT(round[0].east - round[0].west, 0.0001);
    }
}

/// Those of usual systems are made without PROJ's database where that is as good: the whole globe, and beyond, comes out as PROJ has it.
TEST(C06, BoxesAreThoseOfProj)
{
    std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> const context{proj_context_create(), &proj_context_destroy};
    proj_log_level(context.get(), PJ_LOG_NONE);
    Transformers const transformers{systems()};
    for (auto const& system : transformers.systems().all()) {
        if (system.code == 0)
            continue;
        auto const lent = transformers.lend(system);
        auto const code = "EPSG:" + std::to_string(system.code);
        std::unique_ptr<PJ, decltype(&proj_destroy)> const way{proj_create_crs_to_crs(context.get(), "OGC:CRS84", code.c_str(), nullptr),
                                                               &proj_destroy};
        auto const middle = moved(transformers, system, {111, 36});
        double const degree = system.in_degrees ? 1 : 100'000;
        for (double const reach : {0.0, 0.00001, 0.5, 3.0, 12.0, 30.0, 53.9, 54.0, 70.0, 90.0, 150.0, 200.0})
            for (double const wide : {1.0, 2.2}) {
                double const low[] = {middle.lon - reach * degree, middle.lat - reach * degree * wide};
                double const high[] = {middle.lon + reach * degree, middle.lat + reach * degree * wide};
                BoundingBox expected;
                int const found = proj_trans_bounds(context.get(), way.get(), PJ_INV, low[0], low[1], high[0], high[1], &expected.west,
                                                    &expected.south, &expected.east, &expected.north, 21);
                auto const ours = lent->boxes_round(low[0], low[1], high[0], high[1]);
                auto const what = code + " " + std::to_string(reach) + " " + std::to_string(wide);
                if (!found || !std::isfinite(expected.west) || !std::isfinite(expected.south)) {
                    EXPECT_TRUE(ours.empty()) << what;
                    continue;
                }
                ASSERT_EQ(ours.size(), expected.west > expected.east ? 2U : 1U) << what;
                EXPECT_NEAR(ours.front().west, expected.west, 1e-9) << what;
                EXPECT_NEAR(ours.front().south, expected.south, 1e-9) << what;
                EXPECT_NEAR(ours.back().east, expected.east, 1e-9) << what;
                EXPECT_NEAR(ours.front().north, expected.north, 1e-9) << what;
            }
    }
}

TEST(Transformer, MovesEveryKindOfGeometryAndRefusesWhatHasNoPlace)
{
    Transformers const transformers{systems()};
    auto const all = transformers.systems();
    auto const lent = transformers.lend(*all.find("EPSG:4326"));
    Geometry const lines = MultiLineString{{{{111, 35}, {112, 36}}, {{113, 37}, {114, 38}}}};
    auto const swapped = lent->moved(lines);
    EXPECT_EQ(std::get<MultiLineString>(swapped).lines[1][0], (LonLat{37, 113}));
    EXPECT_EQ(type_of(lent->moved(Geometry{})), GeometryType::none);
    EXPECT_EQ(type_of(transformers.lend(*all.find("EPSG:3857"))->moved(Point{{0, 90.5}})), GeometryType::none);
}

TEST(Transformers, AreMadeOnceAndLentToOneAtATime)
{
    Transformers const transformers{systems()};
    auto const& system = *transformers.systems().find("EPSG:4547");
    Transformer const* first = nullptr;
    {
        auto const one = transformers.lend(system);
        auto const other = transformers.lend(system);
        first = one.get();
        EXPECT_NE(one, other);
    }
    auto const again = transformers.lend(system);
    auto const second = transformers.lend(system);
    EXPECT_TRUE(again.get() == first || second.get() == first) << "it came back";
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i)
                EXPECT_NEAR(moved(transformers, system, {114, 36}).lat, 500'000, 1e-3);
        });
}

}  // namespace
}  // namespace yihong::crs
