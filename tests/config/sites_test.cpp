#include "yihong/config/sites.hpp"

#include "temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace yihong {
namespace {

std::expected<std::vector<Site>, std::vector<Failure>> parse(std::string text)
{
    std::array const files{SiteFile{"s.geojson", std::move(text)}};
    return parse_sites(files);
}

std::string collection(std::string_view features) { return R"({"type":"FeatureCollection","features":[)" + std::string{features} + "]}"; }

/// A feature with these properties beside the required ones.
std::string feature(std::string_view more, std::string_view id = "a", std::string_view geometry = "null")
{
    return R"({"type":"Feature","id":")" + std::string{id} + R"(","geometry":)" + std::string{geometry} +
           R"(,"properties":{"name":"甲","kind":"water_section")" + (more.empty() ? "" : ",") + std::string{more} + "}}";
}

Failure only_failure(std::string text)
{
    auto const sites = parse(std::move(text));
    EXPECT_FALSE(sites.has_value());
    if (sites)
        return {};
    EXPECT_EQ(sites.error().size(), 1U) << sites.error().back().detail;
    return sites.error().front();
}

/// A section whose water comes to another.
std::string flowing(std::string_view id, std::string_view to) { return feature(R"("downstream":")" + std::string{to} + '"', id); }

TEST(Sites, KnowWhereTheirWaterGoes)
{
    auto const sites = parse(collection(feature(R"("downstream":"b","mouth_km":98.5,"mouth_bank":"left")", "a") + "," + feature("", "b")));
    ASSERT_TRUE(sites.has_value()) << sites.error().front().detail;
    EXPECT_EQ((*sites)[0].downstream, "b");
    EXPECT_EQ((*sites)[0].mouth_km, 98.5);
    EXPECT_EQ((*sites)[0].mouth_bank, "left");
    EXPECT_EQ((*sites)[1].downstream, "");
    EXPECT_EQ((*sites)[1].mouth_km, std::nullopt);
}

TEST(Sites, RefuseWatersThatGoNowhereOrInACircle)
{
    auto const detail_of = [](std::string const& features) { return only_failure(collection(features)).detail; };
    EXPECT_EQ(detail_of(flowing("a", "z")), R"(site "a": downstream: there is no site "z")");
    EXPECT_EQ(detail_of(flowing("a", "a")), R"(site "a": downstream: its water runs in a circle)");
    EXPECT_EQ(detail_of(flowing("c", "a") + "," + flowing("a", "b") + "," + flowing("b", "a")),
              R"(site "a": downstream: its water runs in a circle)")
        << "told once, and not of what runs into it";
    auto const station = R"({"type":"Feature","id":"s","geometry":null,"properties":{"name":"甲","kind":"air_station"}})";
    EXPECT_EQ(detail_of(flowing("a", "s") + "," + station), R"(site "a": downstream: "s" is no water section)");
    EXPECT_NE(detail_of(feature(R"("mouth_bank":"north")")).find("mouth_bank: must be left or right"), std::string::npos);
    EXPECT_NE(detail_of(feature(R"("mouth_km":-1)")).find("mouth_km: must be a number of kilometres"), std::string::npos);
}

TEST(Sites, ReadsEveryProperty)
{
    auto const sites = parse("\xEF\xBB\xBF" + collection(R"({"type":"Feature","id":"zhangliuzhuang","bbox":[1,2,3,4],
        "geometry":{"type":"Point","coordinates":[110.37,34.86,350]},
        "properties":{"name":"张留庄","name_en":"Zhangliuzhuang","kind":"lake_section","mn":"A140800_0001","level":"national",
        "water_body":"涑水河","target_class":3,"external_ids":{"cnemc":["山西省/张留庄","山西/张留庄"],"old":"17"},
        "coordinate_accuracy_m":10000,"coordinate_status":"guess","source":"公开发布","note":"n"}})"));

    ASSERT_TRUE(sites.has_value()) << sites.error().front().detail;
    ASSERT_EQ(sites->size(), 1U);
    auto const& site = sites->front();
    EXPECT_EQ(site.id, "zhangliuzhuang");
    EXPECT_EQ(site.name, "张留庄");
    EXPECT_EQ(site.name_en, "Zhangliuzhuang");
    EXPECT_EQ(site.kind, SiteKind::lake_section);
    EXPECT_EQ(site.position, (LonLat{110.37, 34.86}));
    EXPECT_EQ(site.mn, "A140800_0001");
    EXPECT_EQ(site.level, "national");
    EXPECT_EQ(site.water_body, "涑水河");
    EXPECT_EQ(site.target_class, 3);
    EXPECT_EQ(site.external_ids,
              (std::vector<std::pair<std::string, std::string>>{{"cnemc", "山西省/张留庄"}, {"cnemc", "山西/张留庄"}, {"old", "17"}}));
    EXPECT_EQ(site.coordinate_accuracy_m, 10000);
    EXPECT_EQ(site.source, "公开发布");
}

TEST(Sites, NullMeansAbsent)
{
    auto const sites =
        parse(collection(feature(R"("name_en":null,"mn":null,"level":null,"water_body":null,"target_class":null,"external_ids":null,
        "coordinate_accuracy_m":null,"coordinate_status":null,"source":null,"note":null)")));

    ASSERT_TRUE(sites.has_value()) << sites.error().front().detail;
    auto const& site = sites->front();
    EXPECT_EQ(site.position, std::nullopt);
    EXPECT_EQ(site.target_class, std::nullopt);
    EXPECT_EQ(site.mn, "");
    EXPECT_TRUE(site.external_ids.empty());
}

TEST(Sites, ShippedFileIsFine)
{
    std::array const files{std::filesystem::path{YIHONG_SOURCE_DIR "/config/sites/yuncheng.geojson"}};

    auto const sites = load_sites(files);

    ASSERT_TRUE(sites.has_value()) << sites.error().front().detail;
    EXPECT_GE(sites->size(), 15U);
    auto const site = [&](std::string_view id) { return *std::ranges::find(*sites, id, &Site::id); };
    EXPECT_EQ(site("xiaohancun").assessed_for, "临汾市侯马市");
    EXPECT_EQ(site("shangpingwang").assessed_for, "临汾市侯马市");
    EXPECT_EQ(site("zhangliuzhuang").assessed_for, "运城市");
    auto const mouth = site("miaoqiancun");
    EXPECT_EQ(mouth.name, "庙前村");
    EXPECT_EQ(mouth.water_body, "汾河");
    EXPECT_EQ(mouth.position, std::nullopt);
}

TEST(Sites, ReadTheItemsThatASectionOwes)
{
    using Lists = std::vector<OwedList>;
    EXPECT_EQ(parse(collection(feature("")))->at(0).owed_parameters, Lists{});
    EXPECT_EQ(parse(collection(feature(R"("owed_parameters":[])")))->at(0).owed_parameters, (Lists{{OwedList::always, {}}}));
    EXPECT_EQ(parse(collection(feature(R"("owed_parameters":["ph","w21003"])")))->at(0).owed_parameters,
              (Lists{{OwedList::always, {"ph", "w21003"}}}));
    EXPECT_EQ(parse(collection(feature(R"("owed_parameters":{"2025":["ph","cod"],"2023":["ph"]})")))->at(0).owed_parameters,
              (Lists{{2023, {"ph"}}, {2025, {"ph", "cod"}}}));
    for (auto const* wrong : {R"("owed_parameters":"ph")", R"("owed_parameters":[""])", R"("owed_parameters":[7])"})
        EXPECT_NE(only_failure(collection(feature(wrong))).detail.find("owed_parameters: "), std::string::npos) << wrong;
    auto const refused = [](std::string_view years) {
        return only_failure(collection(feature(fmt::format(R"("owed_parameters":{})", years)))).detail;
    };
    auto const place = std::string{"s.geojson: feature 0 (\"a\"): owed_parameters"};
    EXPECT_EQ(refused(R"({"25":["ph"]})"), place + ".25: must be a year, such as \"2025\"");
    EXPECT_EQ(refused(R"({"2025":"ph"})"), place + ".2025: must be an array of parameters, such as [\"ph\", \"ammonia_nitrogen\"]");
    EXPECT_EQ(refused(R"({"2025":["ph"],"2025":[]})"), place + ".2025: stands there twice");
    EXPECT_EQ(refused("{}"), place + ": must name a year, such as {\"2025\": [\"ph\"]}, or be an array");
}

TEST(Sites, ReadSinceWhenASectionIsOneOfALake)
{
    auto const since = [](std::string_view kind, std::string_view value) {
        return fmt::format(R"({{"type":"Feature","id":"a","geometry":null,"properties":{{"name":"甲","kind":"{}","lake_since":{}}}}})",
                           kind, value);
    };
    auto const moved = parse(collection(since("lake_section", R"("2024-07-01")")))->at(0);
    EXPECT_EQ(moved.lake_since, parse_date("2024-07-01").value());
    EXPECT_EQ(moved.kind_at(parse_rfc3339("2024-06-30T23:59:59+08:00").value()), SiteKind::water_section);
    EXPECT_EQ(moved.kind_at(parse_rfc3339("2024-07-01T00:00:00+08:00").value()), SiteKind::lake_section);
    EXPECT_EQ(only_failure(collection(since("water_section", R"("2024-07-01")"))).detail,
              "s.geojson: feature 0 (\"a\"): lake_since: only a lake_section has one; it is a river section before that day");
    for (auto const* wrong : {R"("2024-07")", R"("2024-06-31")", "2024", "true"})
        EXPECT_EQ(only_failure(collection(since("lake_section", wrong))).detail,
                  "s.geojson: feature 0 (\"a\"): lake_since: must be a day in Beijing, such as \"2024-07-01\"")
            << wrong;
}

TEST(Sites, ReadWhichSectionsAreDrinkingWaterSources)
{
    EXPECT_FALSE(parse(collection(feature("")))->at(0).drinking_water_source);
    EXPECT_TRUE(parse(collection(feature(R"("drinking_water_source":true)")))->at(0).drinking_water_source);
    EXPECT_NE(
        only_failure(collection(feature(R"("drinking_water_source":"yes")"))).detail.find("drinking_water_source: must be true or false"),
        std::string::npos);
}

TEST(Sites, ListsEveryProblemOfEveryFile)
{
    TemporaryFolder const folder;
    auto const first =
        folder.write("a.geojson", collection(feature(R"("target_class":6,"colour":"red")") + "," + feature("", "b", "[]") + ",7"));
    auto const second = folder.write("b.geojson", collection(feature("") + "," + feature(R"("mn":"b")", "c")));
    auto const third = folder.path() / "none.geojson";
    std::array const files{first, second, third};

    auto const sites = load_sites(files);

    auto const a = first.string();
    auto const b = second.string();
    std::vector<Failure> const expected{
        {Errc::bad_value, a + ": feature 0 (\"a\"): target_class: must be a whole number from 1 to 5"},
        {Errc::unknown_field,
         a + ": feature 0 (\"a\"): colour: is not a property of a site; those are name, name_en, kind, lake_since, mn, level, water_body, "
             "downstream, mouth_km, mouth_bank, assessed_for, target_class, drinking_water_source, owed_parameters, external_ids, "
             "coordinate_accuracy_m, coordinate_status, source, note"},
        {Errc::bad_value, a + ": feature 1 (\"b\"): geometry: must be a Point or null"},
        {Errc::bad_value, a + ": feature 2: must be a GeoJSON object of type Feature"},
        {Errc::duplicate_id, b + ": feature 0 (\"a\"): id: \"a\" is taken by " + a + ": feature 0 (\"a\")"},
        {Errc::duplicate_id, b + ": feature 1 (\"c\"): mn: \"b\" is taken by " + a + ": feature 1 (\"b\")"},
        {Errc::broken_file, third.string() + ": there is no such file"},
    };
    ASSERT_FALSE(sites.has_value());
    EXPECT_EQ(sites.error(), expected);
}

TEST(Sites, SwappedCoordinatesAreNamedSo)
{
    for (std::string const pair : {"34.86,110.37", "40.5,80.25"})
        EXPECT_NE(
            only_failure(collection(feature("", "a", R"({"type":"Point","coordinates":[)" + pair + "]}"))).detail.find("looks swapped"),
            std::string::npos)
            << pair;
    for (std::string const pair : {"181,0", "0,91", "-110,1e300"})
        EXPECT_NE(
            only_failure(collection(feature("", "a", R"({"type":"Point","coordinates":[)" + pair + "]}"))).detail.find("not on the globe"),
            std::string::npos)
            << pair;
}

TEST(Sites, OnlyAPointWithNumbersIsAPosition)
{
    for (std::string const geometry :
         {R"({"type":"LineString","coordinates":[[1,2],[3,4]]})", R"({"type":"Point"})", R"({"type":"Point","coordinates":[]})",
          R"({"type":"Point","coordinates":[110]})", R"({"type":"Point","coordinates":[110,35,1,2]})",
          R"({"type":"Point","coordinates":["110",35]})", R"({"type":"Point","coordinates":[[110,35]]})", "7", "\"\"", "{}"})
        EXPECT_EQ(only_failure(collection(feature("", "a", geometry))).code, Errc::bad_value) << geometry;
}

TEST(Sites, RefusesWrongProperties)
{
    for (std::string const property :
         {R"("target_class":0)", R"("target_class":2.5)", R"("target_class":"3")", R"("level":"city")", R"("level":3)", R"("mn":"a b")",
          R"("mn":7)", R"("name_en":["x"])", R"("coordinate_accuracy_m":-1)", R"("coordinate_accuracy_m":"10")", R"("external_ids":"x")",
          R"("external_ids":{"cnemc":7})", R"("external_ids":{"cnemc":[""]})", R"("external_ids":{"a b":"x"})", R"("source":"a\nb")",
          R"("note":7)"})
        EXPECT_EQ(only_failure(collection(feature(property))).code, Errc::bad_value) << property;
}

TEST(Sites, WhatTheOverlayKnowsIsNotTypedIn)
{
    EXPECT_EQ(only_failure(collection(feature(R"("county":"盐湖区")"))),
              (Failure{Errc::unknown_field, "s.geojson: feature 0 (\"a\"): county: is worked out from the layers, not typed in"}));
}

TEST(Sites, OnlyWaterSectionsHaveATargetClass)
{
    auto text = collection(feature(R"("target_class":3)"));
    text.replace(text.find("water_section"), 13, "air_station");

    EXPECT_EQ(only_failure(text).detail, "s.geojson: feature 0 (\"a\"): target_class: only water sections have one");
}

TEST(Sites, IdMustFitIntoAUrl)
{
    for (std::string const id : {"", "a b", "a/b", "涑水河", "..", "-a", "a?"})
        EXPECT_EQ(only_failure(collection(feature("", id))).code, Errc::bad_value) << id;
    EXPECT_EQ(only_failure(collection(R"({"type":"Feature","id":7,"geometry":null,"properties":{"name":"n","kind":"outfall"}})")).code,
              Errc::bad_value);
    EXPECT_EQ(only_failure(collection(R"({"type":"Feature","geometry":null,"properties":{"name":"n","kind":"outfall"}})")).code,
              Errc::missing_field);
}

TEST(Sites, RequiredMembersAreMissed)
{
    auto const sites =
        parse(collection(R"({"type":"Feature","properties":{}},{"type":"Feature","id":"b","geometry":null,"propertes":{}})"));

    std::vector<Failure> const expected{
        {Errc::missing_field, "s.geojson: feature 0: name: is missing"},
        {Errc::missing_field, "s.geojson: feature 0: kind: is missing"},
        {Errc::missing_field, "s.geojson: feature 0: id: is missing"},
        {Errc::missing_field, "s.geojson: feature 0: geometry: is missing; a site without position has null"},
        {Errc::unknown_field,
         "s.geojson: feature 1 (\"b\"): propertes: is not a member of a feature here; what describes the site goes into "
         "properties"},
        {Errc::missing_field, "s.geojson: feature 1 (\"b\"): properties: must be an object"},
    };
    ASSERT_FALSE(sites.has_value());
    EXPECT_EQ(sites.error(), expected);
}

TEST(Sites, NamesThatStandTwiceAreRefused)
{
    EXPECT_EQ(only_failure(collection(feature(R"("level":"national","level":"municipal")"))).code, Errc::duplicate_id);
    EXPECT_EQ(only_failure(collection(feature(R"("external_ids":{"cnemc":"x","cnemc":"y"})"))).code, Errc::duplicate_id);
    EXPECT_EQ(
        only_failure(collection(feature(R"("external_ids":{"cnemc":"x"})") + "," + feature(R"("external_ids":{"cnemc":"x"})", "b"))).detail,
        "s.geojson: feature 1 (\"b\"): external_ids: \"cnemc: x\" is taken by s.geojson: feature 0 (\"a\")");
    EXPECT_TRUE(parse(collection(feature(R"("mn":"a","external_ids":{"cnemc":"x","old":"x"})"))).has_value());
}

TEST(Sites, RefusesWhatIsNoFeatureCollection)
{
    EXPECT_EQ(only_failure("").code, Errc::bad_syntax);
    EXPECT_EQ(only_failure("{\"type\":").code, Errc::bad_syntax);
    EXPECT_EQ(only_failure("\xFF").code, Errc::bad_syntax);
    EXPECT_EQ(only_failure("[]").code, Errc::bad_value);
    EXPECT_EQ(only_failure(feature("")).code, Errc::bad_value);
    EXPECT_EQ(only_failure(R"({"type":"FeatureCollection"})").code, Errc::missing_field);
    EXPECT_EQ(only_failure(R"({"type":"FeatureCollection","features":{}})").code, Errc::missing_field);
    EXPECT_TRUE(parse(collection("")).has_value());
}

TEST(Sites, OtherReferenceSystemsAreRefused)
{
    auto const with_crs = [](std::string_view name) {
        return R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":")" + std::string{name} + R"("}},"features":[]})";
    };
    EXPECT_TRUE(parse(with_crs("urn:ogc:def:crs:OGC:1.3:CRS84")).has_value());
    EXPECT_EQ(only_failure(with_crs("urn:ogc:def:crs:EPSG::4547")).code, Errc::bad_value);
}

TEST(Sites, StopsListingAfterAThousandProblems)
{
    std::string features = "7";
    for (int i = 0; i < 5000; ++i)
        features += ",7";

    auto const sites = parse(collection(features));

    ASSERT_FALSE(sites.has_value());
    EXPECT_EQ(sites.error().size(), 1002U);
    EXPECT_NE(sites.error().back().detail.find("only the first 1000"), std::string::npos);
}

}  // namespace
}  // namespace yihong
