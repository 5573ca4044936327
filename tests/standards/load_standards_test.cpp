#include "yihong/standards/standards_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace yihong {
namespace {

std::string const folder = YIHONG_SOURCE_DIR "/config/standards";

std::vector<StandardsFile> shipped()
{
    std::vector<StandardsFile> files;
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        std::ifstream in{entry.path()};
        std::stringstream text;
        text << in.rdbuf();
        files.push_back({entry.path().filename(), text.str()});
    }
    std::ranges::sort(files, {}, &StandardsFile::name);
    return files;
}

/// The shipped files with one replacement in one of them.
std::vector<StandardsFile> with(std::string const& name, std::string const& old_text, std::string const& new_text)
{
    auto files = shipped();
    auto const file = std::ranges::find(files, name, &StandardsFile::name);
    EXPECT_NE(file, files.end()) << name;
    auto const at = file->text.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    file->text.replace(at, old_text.size(), new_text);
    return files;
}

std::string problems(std::vector<StandardsFile> const& files)
{
    auto const result = parse_standards(files);
    std::string all;
    if (!result)
        for (auto const& failure : result.error())
            all += failure.detail + "\n";
    return all;
}

int line_of(std::string const& name, std::string const& text)
{
    auto const files = shipped();
    auto const& whole = std::ranges::find(files, name, &StandardsFile::name)->text;
    return 1 + static_cast<int>(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.find(text)), '\n'));
}

Date day(std::string_view text) { return parse_date(text).value(); }

TEST(Standards, TheShippedFilesLoad)
{
    auto const book = load_standards(folder);
    ASSERT_TRUE(book.has_value()) << (book ? "" : book.error().front().detail);
    EXPECT_EQ(book->parameters().all().size(), 108U);
    EXPECT_EQ(book->water(day("2026-11-01"))->edition.label, "GB 3838-2002");
    EXPECT_EQ(book->water(day("2002-05-31")), nullptr);
    EXPECT_EQ(book->edition(1)->title_zh, "地表水环境质量标准");
    EXPECT_EQ(book->edition(99), nullptr);
    EXPECT_EQ(book->water_edition(1), book->water(day("2026-11-01")));
    EXPECT_EQ(book->aqi_edition(1), nullptr);
    for (auto const& parameter : book->parameters().all()) {
        EXPECT_FALSE(parameter.name_zh.empty() || parameter.name_en.empty() || parameter.unit.empty()) << parameter.name;
        EXPECT_TRUE(parameter.minimum && parameter.maximum) << parameter.name;
    }
}

TEST(Standards, TheEditionFollowsTheDateOfTheMeasurement)
{
    auto const book = load_standards(folder).value();
    struct Example {
        char const *date, *aqi, *limits, *statistics;
    };
    for (auto const& e : {Example{"2026-02-28", "HJ 633-2012", "GB 3095-2012", "HJ 663-2013"},
                          {"2026-03-01", "HJ 633-2026", "GB 3095-2026 (transitional)", "HJ 663-2026"},
                          {"2030-12-31", "HJ 633-2026", "GB 3095-2026 (transitional)", "HJ 663-2026"},
                          {"2031-01-01", "HJ 633-2026", "GB 3095-2026", "HJ 663-2026"}}) {
        EXPECT_EQ(book.aqi(day(e.date))->edition.label, e.aqi) << e.date;
        EXPECT_EQ(book.air_limits(day(e.date))->edition.label, e.limits) << e.date;
        EXPECT_EQ(book.air_statistics(day(e.date))->edition.label, e.statistics) << e.date;
    }
    EXPECT_EQ(book.aqi(day("2015-12-31")), nullptr);
}

TEST(Standards, ParametersAreFoundByNameAndByEveryCode)
{
    auto const book = load_standards(folder).value();
    auto const& parameters = book.parameters();
    for (auto const* name : {"ammonia_nitrogen", "w21003", "060"})
        EXPECT_EQ(parameters.find(name)->name_zh, "氨氮") << name;
    for (auto const* name : {"arsenic", "w20119", "w20141", "026"})
        EXPECT_EQ(parameters.find(name)->name, "arsenic") << name;
    EXPECT_EQ(parameters.find("a34004")->name, "pm25");
    EXPECT_EQ(parameters.find("02")->name, "so2");
    EXPECT_EQ(parameters.find("W21003"), nullptr);
    auto const* units = book.factor_units(day("2025-11-06"));
    EXPECT_EQ(units->find("w20111")->unit, "ug/L");
    EXPECT_EQ(units->find("w20111")->parameter, parameters.find("mercury")->id);
    EXPECT_FALSE(units->find("w01003")->in_standard);
    EXPECT_EQ(units->find("w00001"), nullptr);
}

// The store keeps these numbers: a change here would turn old records into others.
TEST(Standards, NumbersOfParametersAndEditionsAreFixed)
{
    auto const book = load_standards(folder).value();
    std::vector<std::pair<int, std::string>> const fixed{{1, "water_temperature"},
                                                         {2, "ph"},
                                                         {3, "dissolved_oxygen"},
                                                         {4, "codmn"},
                                                         {7, "ammonia_nitrogen"},
                                                         {8, "total_phosphorus"},
                                                         {9, "total_nitrogen"},
                                                         {24, "faecal_coliform"},
                                                         {30, "conductivity"},
                                                         {31, "turbidity"},
                                                         {200, "pm25"},
                                                         {205, "o3"},
                                                         {206, "o3_8h"},
                                                         {216, "o3_8h_24h"}};
    for (auto const& [number, name] : fixed)
        EXPECT_EQ(book.parameters().find(static_cast<ParameterId>(number))->name, name);
    EXPECT_EQ(book.edition(1)->label, "GB 3838-2002");
    EXPECT_EQ(book.edition(10)->label, "HJ 633-2012");
    EXPECT_EQ(book.edition(11)->label, "HJ 633-2026");
}

TEST(Standards, ARevisedStandardIsOneMoreFile)
{
    auto files = shipped();
    auto revised = std::ranges::find(files, "gb3838-2002.toml", &StandardsFile::name)->text;
    auto const replace = [&](std::string const& from, std::string const& to) { revised.replace(revised.find(from), from.size(), to); };
    replace("number = 1\n", "number = 2\n");
    replace("label = \"GB 3838-2002\"", "label = \"GB 3838-2028\"");
    replace("effective_from = 2002-06-01", "effective_from = 2028-01-01");
    replace("river = [2, 4, 6, 10, 15]", "river = [2, 3, 5, 8, 10]");
    files.push_back({"gb3838-2028.toml", revised});
    auto const book = parse_standards(files).value();
    EXPECT_EQ(book.water(day("2027-12-31"))->edition.label, "GB 3838-2002");
    EXPECT_EQ(book.water(day("2028-01-01"))->edition.label, "GB 3838-2028");
    EXPECT_EQ(book.edition(1)->effective_to, day("2027-12-31"));       // ends where the next begins
    EXPECT_EQ(book.water(day("2028-01-01"))->find(4)->river[2], Decimal(5, 0));
}

TEST(Standards, AllProblemsAreReportedTogetherWithFileLineAndKey)
{
    auto files = with("hj633-2026.toml", "number = 11", "number = 10");
    for (auto& file : files)
        if (file.name == "gb3838-2002.toml") {
            file.text.replace(file.text.find("[2, 4, 6, 10, 15]"), 17, "[2, 4, 3, 10, 15]");
            file.text += "colour = 3\n";
        }
    auto const text = problems(files);
    auto const at = [](std::string const& name, std::string const& what) {
        return name + ":" + std::to_string(line_of(name, what)) + ": ";
    };
    EXPECT_NE(text.find(at("gb3838-2002.toml", "\"codmn\"") + "items[3].river must ascend from class I to V\n"), std::string::npos) << text;
    EXPECT_NE(text.find("colour is an unknown key\n"), std::string::npos) << text;
    EXPECT_NE(text.find(at("hj633-2026.toml", "number = ") + "number 10 is taken by hj633-2012.toml\n"), std::string::npos) << text;
    EXPECT_EQ(std::ranges::count(text, '\n'), 3) << text;
}

TEST(Standards, EachMistakeIsNamed)
{
    struct Example {
        char const *file, *from, *to, *message;
    };
    for (auto const& e : {
             Example{"gb3838-2002.toml", "number = 1\n", "number = 0\n", "number must be a whole number from 1 to 255"},
             {"gb3838-2002.toml", "number = 1\n", "", "number is missing"},
             {"gb3838-2002.toml", "kind = \"water\"", "kind = \"wine\"", "kind must be one of"},
             {"gb3838-2002.toml", "kind = \"water\"", "kind = 7", "kind must be a text"},
             {"gb3838-2002.toml", "effective_from = 2002-06-01", "effective_from = \"2002-06-01\"", "effective_from must be a date like"},
             {"gb3838-2002.toml", "effective_from = 2002-06-01", "", "effective_from is missing"},
             {"gb3838-2002.toml", "effective_from = 2002-06-01", "effective_from = 2002-06-01\neffective_to = 2001-01-01",
              "effective_to lies before effective_from"},
             {"gb3838-2002.toml", "parameter = \"codmn\"", "parameter = \"w01019\"",
              "items[3].parameter names 'w01019', which is no parameter"},
             {"gb3838-2002.toml", "parameter = \"cod\"", "parameter = \"codmn\"", "items[4].parameter 'codmn' is given twice"},
             {"gb3838-2002.toml", "rule = \"minimum\"", "rule = \"least\"", "items[2].rule must be maximum, minimum, range or change"},
             {"gb3838-2002.toml", "[7.5, 6, 5, 3, 2]", "[2, 3, 5, 6, 7.5]", "must descend from class I to V"},
             {"gb3838-2002.toml", "[7.5, 6, 5, 3, 2]", "[7.5, 6, 5, 3]", "items[2].river must be a list of 5 numbers"},
             {"gb3838-2002.toml", "[7.5, 6, 5, 3, 2]", "[7.5, 6, 5, 3, nan]", "items[2].river must be a list of 5 numbers"},
             {"gb3838-2002.toml", "[7.5, 6, 5, 3, 2]", "[7.5, 6, 5, 3, 0]", "items[2].river must be above 0"},
             {"gb3838-2002.toml", "range = [6, 9]", "range = [9, 6]", "items[1].range must ascend"},
             {"gb3838-2002.toml", "toxic = true", "toxic = 1", "toxic must be true or false"},
             {"hj633-2012.toml", "[0, 50, 150, 475,", "[0, 50, 50, 475,", "columns[0].breakpoints must ascend from 0"},
             {"hj633-2012.toml", "\"PM10_24h\", \"CO_1h\"", "\"PM10_1h\", \"CO_1h\"", "hourly names column 'PM10_1h', which is not there"},
             {"hj633-2012.toml", "above_column = \"SO2_24h\"", "above_column = \"SO2\"", "names column 'SO2', which is not there"},
             {"hj633-2012.toml", "effective_to = 2026-02-28", "effective_to = 2026-03-01", "effective_from overlaps with HJ 633-2012"},
             {"parameters.toml", "id = 2,", "id = 1,", "parameters[1].id 1 is given twice"},
             {"parameters.toml", "id = 2,", "id = 70000,", "parameters[1].id must be a whole number from 1 to 4095"},
             {"parameters.toml", "code = \"w01001\"", "code = \"w01010\"", "parameters[1].code 'w01010' names another parameter too"},
             {"parameters.toml", "medium = \"water\"", "medium = \"fire\"", "parameters[0].medium must be water, air or other"},
             {"parameters.toml", "min = 0, max = 14", "min = 15, max = 14", "parameters[1].min is above max"},
             {"parameters.toml", "name = \"ph\"", "name = \"pH\"", "parameters[1].name may hold only a-z, 0-9 and _"},
             {"gb3095-2012.toml", "class1 = 20, class2 = 60", "class1 = 70, class2 = 60", "limits[0].class1 is above class2"},
             {"gb3095-2012.toml", "averaging = \"year\"", "averaging = \"decade\"",
              "limits[0].averaging must be 1h, 8h, 24h, quarter or year"},
             {"hj663-2013.toml", "hours_a_day = 20", "hours_a_day = 25", "validity.hours_a_day must be a whole number from 1 to 24"},
             {"hj663-2013.toml", "percentile = 0.98", "percentile = 98", "statistics[0].percentile must lie above 0 and not above 1"},
             {"hj663-2013.toml", "{so2 = 60", "{so3 = 60", "composite_index.limits.so3 is no parameter"},
             {"surface-water-evaluation.toml", "{n = 6,", "{n = 5,", "trend.critical[1].n must ascend"},
             {"surface-water-evaluation.toml", "fine_good = 75", "fine_good = 95", "basin.fine_good is above excellent_good"},
             {"surface-water-evaluation.toml", "[cwqi]", "[cwqi_]", "cwqi is missing"},
             {"hj212-2017-units.toml", "code = \"w00000\"", "code = \"w00001\"", "factors[0].code 'w00001' belongs to no parameter"},
         }) {
        auto const text = problems(with(e.file, e.from, e.to));
        EXPECT_NE(text.find(e.message), std::string::npos) << e.message << "\n--- got:\n" << text;
        EXPECT_NE(text.find(".toml"), std::string::npos) << text;
    }
}

TEST(Standards, BrokenTomlNamesItsLine)
{
    auto const text = problems(with("hj633-2026.toml", "number = 11", "number = = 11"));
    EXPECT_TRUE(text.starts_with("hj633-2026.toml:" + std::to_string(line_of("hj633-2026.toml", "number = ")) + ": ")) << text;
}

TEST(Standards, WhatIsIndispensableIsAskedFor)
{
    EXPECT_NE(problems({}).find("no file of kind \"parameters\" is there"), std::string::npos);
    auto files = shipped();
    std::erase_if(files, [](StandardsFile const& f) { return f.name.starts_with("hj633"); });
    EXPECT_EQ(problems(files), "standards: no file of kind \"aqi\" is there\n");
    EXPECT_TRUE(parse_standards(shipped()).has_value());
}

TEST(Standards, AMissingOrEmptyFolderIsNamed)
{
    auto const missing = load_standards("/nowhere/standards");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().front().code, Errc::broken_file);
    EXPECT_NE(missing.error().front().detail.find("/nowhere/standards: "), std::string::npos);
    auto const empty =
        std::filesystem::temp_directory_path() / ("yihong_standards_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                                                  "_" + std::to_string(reinterpret_cast<std::uintptr_t>(&missing)));
    std::filesystem::create_directory(empty);
    auto const nothing = load_standards(empty);
    std::filesystem::remove_all(empty);
    ASSERT_FALSE(nothing.has_value());
    EXPECT_NE(nothing.error().front().detail.find("no *.toml file is there"), std::string::npos);
}

}  // namespace
}  // namespace yihong
