#include "testing.hpp"

#include "yihong/evaluate/quality_control.hpp"

namespace yihong {
namespace {

using namespace testing;

UtcTime const now = beijing_midnight(day("2025-11-07"));

std::string refused(Record made)
{
    auto const failure = check_record(made, book(), now);
    return failure ? std::string{code_name(failure->code)} + ": " + failure->detail : "";
}

TEST(CheckRecord, AcceptsWhatIsPossibleAndSortsTheReadings)
{
    auto made = record({{"ph", "8.1"}, {"codmn", "5.2"}});
    std::ranges::reverse(made.readings);
    EXPECT_EQ(check_record(made, book(), now), std::nullopt);
    made.time = UtcTime{std::chrono::sys_days{std::chrono::year{1989} / 12 / 31}} + std::chrono::hours{15};
    EXPECT_EQ(check_record(made, book(), now).value().code, Errc::bad_time);
    EXPECT_EQ(check_record(made, book(), now, {.earliest_year = 1980}), std::nullopt);
    EXPECT_EQ(made.readings[0].parameter, id("ph"));
    EXPECT_EQ(refused(record({{"ph", "0"}})), "");
    EXPECT_EQ(refused(record({{"ph", "14"}})), "");
}

TEST(CheckRecord, RefusesImpossibleValuesUnlessTheirFlagSaysSoToo)
{
    EXPECT_EQ(refused(record({{"codmn", "5"}, {"ph", "14.01"}})), "out_of_range: ph 14.01 is outside the possible range 0 to 14");
    EXPECT_EQ(refused(record({{"codmn", "-0.1"}})), "out_of_range: codmn -0.1 mg/L is outside the possible range 0 to 2000");
    auto faulty = record({{"codmn", "-999"}});
    faulty.readings[0].flag = Flag{'D'};
    EXPECT_EQ(refused(faulty), "");
}

TEST(TakeImpossible, TakesTheBadReadingsOutAndLeavesTheOthers)
{
    auto made = record({{"ph", "14.01"}, {"codmn", "5"}});
    auto const taken = take_impossible(made, book().parameters(), Ranges::ambient);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].first.parameter, id("ph"));
    EXPECT_EQ(taken[0].second.detail, "ph 14.01 is outside the possible range 0 to 14");
    ASSERT_EQ(made.readings.size(), 1U);
    EXPECT_EQ(made.readings[0].parameter, id("codmn"));
    auto alone = record({{"ph", "15"}});
    EXPECT_TRUE(take_impossible(alone, book().parameters(), Ranges::ambient).empty());
    EXPECT_EQ(alone.readings.size(), 1U);
}

TEST(CheckRecord, KnowsThatWasteGasIsNoAir)
{
    auto made = record({{"so2", "111000"}});
    EXPECT_NE(check_record(made, book(), now), std::nullopt);
    EXPECT_EQ(check_record(made, book(), now, {}, Ranges::emission), std::nullopt);
    EXPECT_EQ(ranges_of(SiteKind::outfall), Ranges::emission);
    EXPECT_EQ(ranges_of(SiteKind::air_station), Ranges::ambient);
}

TEST(CheckRecord, RefusesTheFutureBeyondTheTolerance)
{
    auto made = record({{"ph", "8"}});
    made.time = now + std::chrono::minutes{10};
    EXPECT_EQ(refused(made), "");
    made.time += std::chrono::milliseconds{1};
    EXPECT_TRUE(
        refused(made).starts_with("future_time: time 2025-11-06T16:10:00.001Z lies more than 10 minutes after now, 2025-11-06T16:00:00Z"))
        << refused(made);
}

TEST(CheckRecord, RefusesEmptyDoubledAndUnknown)
{
    EXPECT_EQ(refused(record({})), "no_value: the record has no reading and no status");
    auto stopped = record({});
    stopped.status = StationStatus::stopped;
    EXPECT_EQ(refused(stopped), "");
    EXPECT_EQ(refused(record({{"ph", "8"}, {"codmn", "5"}, {"ph", "8"}})), "bad_value: ph is given twice");
    auto strange = record({{"ph", "8"}});
    strange.readings[0].parameter = 65535;
    EXPECT_EQ(refused(strange), "unknown_parameter: parameter number 65535 is not known");
}

std::string converted(std::string_view value, std::string_view unit, std::string_view parameter)
{
    auto const result = to_canonical_unit(d(value), unit, *book().parameters().find(parameter));
    return result ? result->to_string() : std::string{code_name(result.error().code)} + ": " + result.error().detail;
}

TEST(Units, ConvertByExactPowersOfTen)
{
    EXPECT_EQ(converted("7.10", "", "codmn"), "7.10");
    EXPECT_EQ(converted("7.10", "mg/L", "codmn"), "7.10");
    EXPECT_EQ(converted("7.10", "g/m3", "codmn"), "7.10");
    EXPECT_EQ(converted("71", "ug/L", "arsenic"), "0.071");
    EXPECT_EQ(converted("71", "μg/L", "arsenic"), "0.071");            // Greek mu
    EXPECT_EQ(converted("71", "µg/l", "arsenic"), "0.071");            // micro sign
    EXPECT_EQ(converted("250", "ng/L", "thallium"), "0.000250");
    EXPECT_EQ(converted("0.004", "mg/L", "chlorophyll_a"), "4");
    EXPECT_EQ(converted("4", "mg/m³", "chlorophyll_a"), "4");
    EXPECT_EQ(converted("0.035", "mg/m3", "pm25"), "35");
    EXPECT_EQ(converted("35000", "ng/m3", "pm25"), "35.000");
    EXPECT_EQ(converted("1200", "ug/m3", "co"), "1.200");
    EXPECT_EQ(converted("1.2", "mS/cm", "conductivity"), "1200");
    EXPECT_EQ(converted("120", "mS/m", "conductivity"), "1200");
    EXPECT_EQ(converted("1186.0", "μS/cm", "conductivity"), "1186.0");
    EXPECT_EQ(converted("62", "cm", "transparency"), "0.62");
    EXPECT_EQ(converted("12", "个/mL", "algae_density"), "12000");
    EXPECT_EQ(converted("23", "MPN/100mL", "faecal_coliform"), "230");
    EXPECT_EQ(converted("1013.25", "hPa", "air_pressure"), "101.325");
    EXPECT_EQ(converted("250", "L/s", "flow"), "0.250");
    EXPECT_EQ(converted("11.4", "℃", "water_temperature"), "11.4");
    EXPECT_EQ(converted("11.4", "°C", "water_temperature"), "11.4");
    EXPECT_EQ(converted("8", "无量纲", "ph"), "8");
}

TEST(Units, RefuseWhatIsNoPowerOfTenAndNameBothUnits)
{
    EXPECT_EQ(converted("8", "mg/L", "conductivity"), "unknown_unit: conductivity: unit 'mg/L' cannot be converted to uS/cm");
    EXPECT_EQ(converted("52", "degF", "water_temperature"), "unknown_unit: water_temperature: unit 'degF' cannot be converted to degC");
    EXPECT_EQ(converted("8", "ppm", "codmn"), "unknown_unit: codmn: unit 'ppm' cannot be converted to mg/L");
    EXPECT_EQ(converted("8", "m3/h", "flow"), "unknown_unit: flow: unit 'm3/h' cannot be converted to m3/s");
    EXPECT_TRUE(converted("8", std::string(1000, 'x'), "codmn").size() < 120);
    EXPECT_TRUE(converted("999999999999999", "g/L", "codmn").starts_with("bad_value"));
}

TEST(Units, EveryCanonicalUnitAndEveryDefaultOfHj212IsKnown)
{
    for (auto const& parameter : book().parameters().all()) {
        auto const other = parameter.unit == "mg/L" ? "ug/L" : parameter.unit;
        EXPECT_TRUE(to_canonical_unit(d("1"), other, parameter).has_value()) << parameter.name;
    }
    auto const& units = *book().factor_units(day("2025-11-06"));
    ASSERT_EQ(units.factors.size(), 99U);
    for (auto const& factor : units.factors)
        EXPECT_TRUE(to_canonical_unit(d("1"), factor.unit, *book().parameters().find(factor.parameter)).has_value())
            << factor.code << " " << factor.unit;
}

/// One value a record, oldest first; the last is the one under test.
Mark mark_of(std::string_view parameter, std::vector<std::string> const& values)
{
    std::vector<Record> records;
    for (auto const& value : values)
        records.push_back(record({{parameter, value}}));
    std::vector<Record const*> before;
    for (std::size_t i = 0; i + 1 < records.size(); ++i)
        before.push_back(&records[i]);
    mark_suspicious(records.back(), before, book().parameters());
    return records.back().readings[0].marks;
}

TEST(Marks, ASpikeIsAJumpFarBeyondTheRecentSpread)
{
    std::vector<std::string> const calm{"5.1", "5.3", "5.0", "5.2", "5.4", "5.1", "5.2", "5.3"};
    auto const then = [&](std::initializer_list<std::string> more) {
        auto values = calm;
        values.insert(values.end(), more);
        return mark_of("codmn", values);
    };
    EXPECT_EQ(then({"5.6"}), Mark::none);
    EXPECT_EQ(then({"6.5"}), Mark::none);
    EXPECT_EQ(then({"19.8"}), Mark::spike);
    EXPECT_EQ(then({"0.2"}), Mark::spike);
    EXPECT_EQ(then({"19.8", "20.1"}), Mark::none);            // it stays there: a change, no spike
    EXPECT_EQ(then({"19.8", "5.2"}), Mark::none);             // back to normal
    EXPECT_EQ(mark_of("codmn", {"5.1", "5.2", "19.8"}), Mark::none);    // too little is known
    EXPECT_EQ(mark_of("turbidity", {"10", "300", "45", "800", "20", "150", "60", "400", "900"}), Mark::none);
}

TEST(Marks, AFlatLineIsTheSameNumberManyTimesInARow)
{
    EXPECT_EQ(mark_of("conductivity", std::vector<std::string>(12, "1186.0")), Mark::flat_line);
    EXPECT_EQ(mark_of("conductivity", std::vector<std::string>(11, "1186.0")), Mark::none);
    auto interrupted = std::vector<std::string>(12, "1186.0");
    interrupted[5] = "1186.1";
    EXPECT_EQ(mark_of("conductivity", interrupted), Mark::none);
    EXPECT_EQ(mark_of("ammonia_nitrogen", std::vector<std::string>(24, "0.025")), Mark::none);   // half a detection limit
    EXPECT_EQ(mark_of("ph", std::vector<std::string>(24, "8.00")), Mark::none);
}

TEST(Marks, LeaveFlaggedValuesAloneAndSkipThemInTheHistory)
{
    std::vector<Record> records;
    for (int i = 0; i < 12; ++i)
        records.push_back(record({{"codmn", i % 2 ? "500" : "5.25"}}));
    std::vector<Record const*> before;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (i % 2)
            records[i].readings[0].flag = Flag{'M'};
        before.push_back(&records[i]);
    }
    auto latest = record({{"codmn", "500"}});
    mark_suspicious(latest, before, book().parameters());
    EXPECT_EQ(latest.readings[0].marks, Mark::none);          // six valid ones are too few
    latest.readings[0].flag = Flag{'D'};
    mark_suspicious(latest, {}, book().parameters());
    EXPECT_EQ(latest.readings[0].marks, Mark::none);
}

}  // namespace
}  // namespace yihong
