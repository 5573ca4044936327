// The classes and indices that the national centre published, reproduced row by row. tests/data/oracles/README.md names the sources.
#include "testing.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

namespace yihong {
namespace {

using namespace testing;

struct WaterRow {
    std::string section;
    std::string time;
    bool lake = false;
    Record record;
    int published = 0;
};

std::vector<WaterRow> read_water(std::string const& file, std::string const& year)
{
    std::ifstream in{YIHONG_SOURCE_DIR "/tests/data/oracles/" + file};
    std::vector<WaterRow> rows;
    std::string line, section;
    bool lake = false;
    while (std::getline(in, line)) {
        if (line.starts_with('#') || line.empty())
            continue;
        auto const fields = split(line, ',');
        if (line.starts_with('>')) {
            section = fields.at(0).substr(1);
            lake = fields.at(1) == "lake";
            continue;
        }
        WaterRow row{section, std::string{fields.at(0)}, lake, record({}, IntervalKind::four_hours),
                     std::atoi(std::string{fields.at(6)}.c_str())};
        if (row.time.size() == 11)                 // a few rows carry `--`
            row.record.time = parse_rfc3339(year + "-" + row.time.substr(0, 5) + "T" + row.time.substr(6) + ":00+08:00").value();
        std::size_t at = 1;
        for (auto const* parameter : {"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"}) {
            if (auto const text = fields.at(at++); !text.empty()) {
                Reading reading;
                reading.parameter = id(parameter);
                reading.value = d(text);
                row.record.readings.push_back(reading);
            }
        }
        std::ranges::sort(row.record.readings, {}, &Reading::parameter);
        rows.push_back(std::move(row));
    }
    return rows;
}

int class_of(WaterRow const& row, bool lake, bool round)
{
    return judge_water(row.record, lake, gb3838(), book().parameters(), round).water_class;
}

/// Whether numbers that round to the published ones could have the published class: half a unit of the last digit either way.
bool rounding_explains(WaterRow const& row)
{
    int lowest = 0, highest = 0;
    for (auto const& reading : row.record.readings) {
        auto const* item = gb3838().find(reading.parameter);
        auto const& v = reading.value;
        int best = 6, worst = 1;
        for (int const half : {-5, 0, 5}) {
            int const c = water_item_class(*item, Decimal{v.mantissa() * 10 + half, v.scale() + 1}, row.lake);
            best = std::min(best, c);
            worst = std::max(worst, c);
        }
        lowest = std::max(lowest, best);
        highest = std::max(highest, worst);
    }
    return lowest <= row.published && row.published <= highest;
}

TEST(Oracle, EveryPublishedClassOf2025FollowsFromTheRoundedValues)
{
    auto const rows = read_water("water_2025.csv", "2025");
    ASSERT_EQ(rows.size(), 1593U);
    std::size_t lakes_needed = 0;
    for (auto const& row : rows) {
        EXPECT_EQ(class_of(row, row.lake, true), row.published) << row.section;
        lakes_needed += class_of(row, false, true) != row.published;
    }
    EXPECT_EQ(lakes_needed, 46U);
}

TEST(Oracle, MainPollutantsAloneAreThoseOfTheWholeJudgement)
{
    std::size_t with = 0;
    for (auto const& row : read_water("water_2025.csv", "2025"))
        for (bool const lake : {false, true}) {
            auto const alone = main_pollutants(row.record, lake, gb3838());
            auto const whole = judge_water(row.record, lake, gb3838(), book().parameters()).main_pollutants;
            ASSERT_TRUE(std::ranges::equal(alone, whole, {}, &MainPollutant::parameter, &MainPollutant::parameter)) << row.section;
            ASSERT_TRUE(std::ranges::equal(alone, whole, {}, &MainPollutant::multiple, &MainPollutant::multiple)) << row.section;
            with += !alone.empty();
        }
    EXPECT_GT(with, 100U);
}

TEST(Oracle, OnTheSixthOfNovemberZhangliuzhuangAndXiaohancunWereClassIV)
{
    std::map<std::string, std::string> deciding;
    for (auto const& row : read_water("water_2025.csv", "2025"))
        if (row.section.starts_with("山西省/张留庄") || row.section.starts_with("山西省/小韩村")) {
            auto const judgement = judge_water(row.record, false, gb3838(), book().parameters());
            EXPECT_EQ(judgement.water_class, 4) << row.section;
            for (auto const& main : judgement.main_pollutants)
                deciding[row.section] += name(main.parameter) + "(" + (main.multiple ? main.multiple->to_string() : "-") + ") ";
        }
    EXPECT_EQ(deciding.size(), 2U);
    for (auto const& [section, pollutants] : deciding)
        EXPECT_FALSE(pollutants.empty()) << section;
}

TEST(Oracle, PublishedClassesOf2020FollowFromTheUnroundedValuesButForFourRowsOfOneMorning)
{
    auto const rows = read_water("water_2020.csv", "2020");
    ASSERT_EQ(rows.size(), 14579U);
    // All of 2020-11-04: the class does not belong to the values, whichever column is used; most likely a value was replaced after the class had been made.
    std::set<std::string> const known{"天津市/三岔口 11-04 08:00", "江苏省/大屈 11-04 08:00", "湖北省/宗关 11-04 08:00",
                                      "浙江省/王江泾 11-04 08:00"};
    std::set<std::string> missed;
    for (auto const& row : rows)
        if (class_of(row, row.lake, false) != row.published)
            missed.insert(row.section + " " + row.time);
    EXPECT_EQ(missed, known);
}

TEST(Oracle, EveryPublishedClassOfTheRawResponseFollowsFromTheUnroundedValues)
{
    auto const rows = read_water("water_2021_raw.csv", "2021");
    ASSERT_EQ(rows.size(), 79U);
    for (auto const& row : rows)
        EXPECT_EQ(class_of(row, row.lake, false), row.published) << row.section;
}

// Of pH the publications tell: between 9.0 and 9.5, and between 5.5 and 6.0, whole numbers meet 6 to 9 and what was measured does not.
TEST(Oracle, AcidityWasPublishedAsMeasured)
{
    std::map<std::string, std::pair<std::size_t, std::size_t>> found;  // rows that tell, those of them that were published as worse than V
    for (auto const& [file, year] : {std::pair{"water_2020.csv", "2020"}, {"water_2021.csv", "2021"}, {"water_2021_raw.csv", "2021"}})
        for (auto const& row : read_water(file, year)) {
            auto const* ph = row.record.find(id("ph"));
            if (!ph || ph->value.rounded(0) < d("6") || ph->value.rounded(0) > d("9") || (d("6") <= ph->value && ph->value <= d("9")))
                continue;
            ++found[file].first;
            found[file].second += row.published == 6;
            EXPECT_EQ(class_of(row, row.lake, true), 6) << row.section << " " << row.time;
        }
    EXPECT_EQ(found["water_2020.csv"], std::pair(119UZ, 119UZ));
    EXPECT_EQ(found["water_2021.csv"], std::pair(224UZ, 221UZ)) << "the class of the round before or after";
    EXPECT_EQ(found["water_2021_raw.csv"], std::pair(1UZ, 1UZ));
}

// Here only rounded values were published, while the class was made from the unrounded ones. Of 24,068 rows 23,749 agree as they stand; in 121 a value lies so
// close to a limit that its lost digits decide; 188 carry the class of the section's round before or after (values and class were refreshed at different
// moments, mostly at 00:00). Ten remain, most of them beside a missing round.
TEST(Oracle, PublishedClassesOf2021AreReproducedOrUnderstoodRowByRow)
{
    auto const rows = read_water("water_2021.csv", "2021");
    ASSERT_EQ(rows.size(), 24068U);
    std::size_t agree = 0, rounding = 0, neighbour = 0;
    std::set<std::string> unexplained;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& row = rows[i];
        if (class_of(row, row.lake, false) == row.published) {
            ++agree;
            continue;
        }
        if (rounding_explains(row)) {
            ++rounding;
            continue;
        }
        // The published class would fit the values of the nearest other time of this section.
        auto const fits_other = [&](int step) {
            for (auto j = static_cast<std::ptrdiff_t>(i) + step;
                 j >= 0 && j < std::ssize(rows) && rows[static_cast<std::size_t>(j)].section == row.section; j += step)
                if (auto other = rows[static_cast<std::size_t>(j)]; other.time != row.time) {
                    other.published = row.published;
                    return rounding_explains(other);
                }
            return false;
        };
        if (fits_other(-1) || fits_other(1))
            ++neighbour;
        else
            unexplained.insert(row.section + " " + row.time);
    }
    EXPECT_EQ(agree, 23749U);
    EXPECT_EQ(rounding, 121U);
    EXPECT_EQ(neighbour, 188U);
    std::set<std::string> const known{"北京市/密云水库 04-01 08:00",   "广东省/东溪水闸 04-03 20:00",   "广东省/寿长 04-01 20:00",
                                      "江西省/上犹江江口 04-03 20:00", "河北省/大杖子(老) 04-01 12:00", "河北省/饮马河口 04-01 08:00",
                                      "浙江省/温峤 04-03 20:00",       "浙江省/老鼠屿 04-02 04:00",     "海南省/演州河河口 04-01 20:00",
                                      "海南省/演州河河口 04-03 20:00"};
    EXPECT_EQ(unexplained, known);
}

struct AirRow {
    std::string station;
    Record record;
    std::optional<int> aqi;
    std::string primary;
    bool both_pm_missing = false;
};

std::vector<AirRow> read_air()
{
    std::ifstream in{YIHONG_SOURCE_DIR "/tests/data/oracles/air_2019.csv"};
    std::vector<AirRow> rows;
    std::string line;
    while (std::getline(in, line)) {
        if (line.starts_with('#') || line.empty())
            continue;
        auto const fields = split(line, ',');
        AirRow row;
        row.station = std::string{fields.at(0)} + " " + std::string{fields.at(1)};
        row.record.interval = IntervalKind::hour;
        row.record.time = parse_rfc3339("2019-07-18T" + std::string{fields.at(1)} + ":00:00+08:00").value();
        std::size_t at = 2;
        for (auto const* parameter : {"so2", "no2", "pm10", "co", "o3", "pm25"}) {
            Reading reading;
            reading.parameter = id(parameter);
            reading.has_value = !fields.at(at).empty();
            if (reading.has_value)
                reading.value = d(fields.at(at));
            row.record.readings.push_back(reading);
            ++at;
        }
        row.both_pm_missing = fields.at(4).empty() && fields.at(7).empty();
        if (!fields.at(8).empty())
            row.aqi = std::atoi(std::string{fields.at(8)}.c_str());
        row.primary = fields.at(9);
        std::ranges::sort(row.record.readings, {}, &Reading::parameter);
        rows.push_back(std::move(row));
    }
    return rows;
}

TEST(Oracle, EveryPublishedAqiOf2019AndItsPrimaryPollutantsAreReproduced)
{
    auto const rows = read_air();
    ASSERT_EQ(rows.size(), 8946U);
    std::size_t published = 0, without_pm = 0;
    std::multiset<std::string> withheld;  // by the publisher, for a reason the feed does not give
    for (auto const& row : rows) {
        auto const judgement = judge_air(row.record, *book().aqi(beijing_date(row.record.time)), book().parameters());
        if (!row.aqi) {
            without_pm += row.both_pm_missing;
            EXPECT_EQ(judgement.published, !row.both_pm_missing) << row.station;
            if (!row.both_pm_missing)
                withheld.insert(row.station);
            continue;
        }
        ++published;
        EXPECT_EQ(judgement.aqi, *row.aqi) << row.station;
        EXPECT_TRUE(judgement.published) << row.station;
        std::set<std::string> expected, found;
        for (auto const name_ : split(row.primary, '+'))
            if (!name_.empty())
                expected.emplace(name_);
        for (auto const parameter : judgement.primary)
            found.insert(name(parameter));
        EXPECT_EQ(found, expected) << row.station;
    }
    EXPECT_EQ(published, 8523U);
    EXPECT_EQ(without_pm, 411U);
    EXPECT_EQ(withheld.size(), 12U);
}

TEST(Oracle, TheQuickVerdictAgreesWithTheExplanationOnEveryRow)
{
    std::size_t rows = 0;
    for (auto const& [file, year] : {std::pair{"water_2020.csv", "2020"}, {"water_2021.csv", "2021"}, {"water_2025.csv", "2025"}})
        for (auto const& row : read_water(file, year))
            for (bool const lake : {false, true}) {
                auto const verdict = judge(row.record, lake ? SiteKind::lake_section : SiteKind::water_section, book());
                auto const judgement = judge_water(row.record, lake, gb3838(), book().parameters());
                ASSERT_EQ(verdict, (Verdict{1, static_cast<std::uint8_t>(judgement.water_class), 0})) << row.section << " " << row.time;
                ++rows;
            }
    for (auto row : read_air())
        for (auto const* date : {"2019-07-18", "2026-03-01"})
            for (auto const interval : {IntervalKind::hour, IntervalKind::day}) {
                row.record.time = beijing_midnight(day(date));
                row.record.interval = interval;
                auto const* standard = book().aqi(day(date));
                auto const judgement = judge_air(row.record, *standard, book().parameters());
                auto const verdict = judge(row.record, SiteKind::air_station, book());
                ASSERT_EQ(verdict.aqi, judgement.aqi) << row.station;
                ASSERT_EQ(verdict.edition, standard->edition.number) << row.station;
                ++rows;
            }
    EXPECT_EQ(rows, 2 * (14579U + 24068U + 1593U) + 4 * 8946U);
}

}  // namespace
}  // namespace yihong
