#include "yihong/hj212/meaning.hpp"

#include "frames.hpp"

#include "yihong/hj212/frame.hpp"

#include <gtest/gtest.h>

namespace yihong::hj212 {
namespace {

StandardsBook const& standards()
{
    static auto const book = load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards").value();
    return book;
}

Dialect dialect(Device const& device = {}) { return make_dialect(device, CommonUnits::make(standards()), standards()).value(); }

Result<Meaning> read(std::string_view segment_text, Device const& device = {})
{
    auto const segment = parse_segment(segment_text).value();
    std::vector<Field> fields;
    parse_data_area(segment.cp, fields);
    return read_data(segment, fields, dialect(device));
}

std::string segment(std::string_view st, int command, std::string_view cp)
{
    Outgoing message;
    message.qn = "20261105080512000";
    message.st = st;
    message.cn = command;
    message.pw = "123456";
    message.mn = "010000A8900016F000169DC0";
    message.flag = 5;
    message.cp = cp;
    return to_segment(message);
}

/// `ph=8.02(N) codmn=5.86(N)`
std::string shown(Record const& record)
{
    std::string text;
    for (auto const& reading : record.readings)
        text += (text.empty() ? "" : " ") + standards().parameters().find(reading.parameter)->name + "=" +
                (reading.has_value ? reading.value.to_string() : "-") + "(" + std::string{reading.flag.text()} + ")";
    return text;
}

TEST(Meaning, EveryReferenceFrameWithDataBecomesARecord)
{
    std::size_t records = 0;
    for (auto const& reference : references) {
        FrameDecoder decoder;
        decoder.feed(reference.frame);
        auto const frame = decoder.next();
        ASSERT_TRUE(frame) << reference.frame;
        auto const parsed = parse_segment(frame->segment).value();
        std::vector<Field> fields;
        parse_data_area(parsed.cp, fields);
        if (!interval_of(parsed, dialect()) || find_value(fields, "DataTime").empty())
            continue;
        auto const meaning = read(frame->segment);
        ASSERT_TRUE(meaning) << meaning.error().detail;
        EXPECT_TRUE(meaning->refused.empty()) << meaning->refused.front().detail;
        EXPECT_FALSE(meaning->record.readings.empty()) << reference.frame;
        ++records;
    }
    EXPECT_GE(records, 12U);
}

TEST(Meaning, ANineParameterStationSendsFourHourValuesAtTheStartOfTheTest)
{
    auto const meaning =
        read(segment("21", cn::hour,
                     "DataTime=20261105080001;w01001-Avg=8.02,w01001-Flag=N;w01019-Avg=5.86,w01019-Flag=N;w21003-Avg=1.284,w21003-Flag=M"));
    ASSERT_TRUE(meaning);
    EXPECT_EQ(meaning->record.interval, IntervalKind::four_hours);
    EXPECT_EQ(format_rfc3339(meaning->record.time), "2026-11-05T00:00:00Z");
    EXPECT_EQ(shown(meaning->record), "ph=8.02(N) codmn=5.86(N) ammonia_nitrogen=1.284(M)");
}

TEST(Meaning, AnOldLoggersFactorsAreKnownByTheirOldCodesAndMissingFlagsAreNotNormal)
{
    auto const meaning = read("ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&DataTime=20160824003817000;B01-Rtd=36.91;011-Rtd=231.0,011-"
                              "Flag=N;060-Rtd=1.803,060-Flag=N&&");
    ASSERT_TRUE(meaning);
    EXPECT_EQ(meaning->record.interval, IntervalKind::realtime);
    EXPECT_EQ(shown(meaning->record), "cod=231.0(N) ammonia_nitrogen=1.803(N) effluent_flow=36.91(U)");
    Device trusted;
    trusted.missing_flag = Flag{'N'};
    EXPECT_EQ(shown(read(segment("32", cn::real_time, "DataTime=20160824003817;w01001-Rtd=7.1"), trusted)->record), "ph=7.1(N)");
}

TEST(Meaning, UnitsFollowTheSystemTypeUnlessTheDeviceSaysOtherwise)
{
    constexpr std::string_view cp = "DataTime=20261105080000;w20115-Avg=4.2,w20115-Flag=N";
    EXPECT_EQ(shown(read(segment("32", cn::hour, cp))->record), "cadmium=0.0042(N)");      // ug/L of Appendix B
    EXPECT_EQ(shown(read(segment("21", cn::hour, cp))->record), "cadmium=4.2(N)");         // mg/L of the surface-water network
    Device device;
    device.units = {{"w20115", "ng/L"}};
    EXPECT_EQ(shown(read(segment("32", cn::hour, cp), device)->record), "cadmium=0.0000042(N)");
    EXPECT_EQ(shown(read(segment("21", cn::hour, cp), device)->record), "cadmium=0.0000042(N)");
    constexpr std::string_view dust = "DataTime=20261105080000;a34004-Avg=72,a34004-Flag=D;a21005-Avg=0.8,a21005-Flag=N";
    EXPECT_EQ(shown(read(segment("22", cn::hour, dust))->record), "pm25=72(D) co=0.8(N)");
}

TEST(Meaning, NamesOfPartsAndCodesMayHaveLettersOfEitherCase)
{
    EXPECT_EQ(
        shown(read(segment("22", cn::hour, "DATATIME=20261105080000;a34004-AVG=24.0,a34004-FLAG=N;A34002-avg=41,a34002-flag=D"))->record),
        "pm25=24.0(N) pm10=41(D)");
    EXPECT_EQ(shown(read(segment("32", cn::real_time, "DataTime=20261105080000;w01001-RTD=7.1,w01001-Flag=N;b01-Rtd=3"))->record),
              "ph=7.1(N) effluent_flow=3(U)");
    // what cannot be understood is said
    auto const strange = read(segment("22", cn::hour, "DataTime=20261105080000;a34004-Value=24.0,a34004-Flag=N;a34002-Cou=41"));
    EXPECT_TRUE(strange->record.readings.empty());
    EXPECT_EQ(strange->unknown, std::vector<std::string>{"a34004-Value"});
}

TEST(Meaning, ValuesMayBeBelowDetectionOrAbsentInEverySpelling)
{
    auto const one = [](std::string const& value) {
        auto const meaning =
            read(segment("21", cn::hour, "DataTime=20261105080000;w21003-Avg=" + value + ",w21003-Flag=N;w01001-Avg=8,w01001-Flag=N"));
        if (!meaning || !meaning->refused.empty())
            return std::string{"refused"};
        auto const* reading = meaning->record.find(standards().parameters().find("ammonia_nitrogen")->id);
        return (has(reading->marks, Mark::below_detection) ? "<" : "") + (reading->has_value ? reading->value.to_string() : "-");
    };
    for (auto const* nothing : {"", "-", "--", "*", "NaN", "NULL", "N/A", "—", "/"})
        EXPECT_EQ(one(nothing), "-") << nothing;
    for (auto const* limit : {"0.025L", "<0.025", "＜0.025", "0.025 l", "ND", "未检出"})
        EXPECT_EQ(one(limit), "<0.025") << limit;
    EXPECT_EQ(one("seven"), "refused");
    auto const in_ug = read(segment("32", cn::hour, "DataTime=20261105080000;w20115-Avg=<0.5,w20115-Flag=N"));
    EXPECT_EQ(shown(in_ug->record), "cadmium=0.0005(N)");
}

TEST(Meaning, WhatIsPossibleDependsOnWhereItIsMeasured)
{
    auto const flue = segment("31", cn::hour, "DataTime=20261105080000;a21026-Avg=111.0,a21026-Flag=N;a19001-Avg=6.1,a19001-Flag=N");
    EXPECT_EQ(shown(read(flue)->record), "oxygen_content=6.1(N)");
    auto stack = dialect();
    stack.ranges = Ranges::emission;
    std::vector<Field> fields;
    auto const parsed = parse_segment(flue).value();
    parse_data_area(parsed.cp, fields);
    auto const meaning = read_data(parsed, fields, stack);
    EXPECT_EQ(shown(meaning->record), "so2=111000(N) oxygen_content=6.1(N)");
    EXPECT_TRUE(meaning->refused.empty());
}

TEST(Meaning, OneImpossibleReadingIsReportedAndLeavesTheOthersAlone)
{
    auto const meaning = read(segment("21", cn::hour,
                                      "DataTime=20261105080000;w01001-Avg=15,w01001-Flag=N;w01019-Avg=abc,w01019-Flag=N;w21003-Avg=--,"
                                      "w21003-Flag=D;w01009-Avg=6,w01009-Flag=N;x9-Avg=1"));
    ASSERT_TRUE(meaning);
    EXPECT_EQ(shown(meaning->record), "dissolved_oxygen=6(N) ammonia_nitrogen=-(D)");
    ASSERT_EQ(meaning->refused.size(), 2U);
    EXPECT_EQ(meaning->refused[0].detail, "CP w01001-Avg: ph 15 is outside the possible range 0 to 14");
    EXPECT_EQ(meaning->refused[1].detail, "CP w01019-Avg: 'abc' is not a number");
    EXPECT_EQ(meaning->unknown, std::vector<std::string>{"x9"});
}

TEST(Meaning, ASecondCodeOfAParameterDoesNotReplaceTheFirst)
{
    EXPECT_EQ(
        shown(read(segment("21", cn::hour, "DataTime=20261105080000;w20119-Avg=0.01,w20119-Flag=N;w20141-Avg=0.02,w20141-Flag=N"))->record),
        "arsenic=0.01(N)");
}

TEST(Meaning, TheLeadingLetterOfACodeMayBeMissing)
{
    EXPECT_EQ(shown(read(segment("32", cn::hour, "DataTime=20261105080000;01018-Avg=40.1,01018-Flag=N"))->record), "cod=40.1(N)");
}

TEST(Meaning, ADeviceMaySendTheEndOfAPeriodOrHoursFromASurfaceWaterStation)
{
    Device device;
    device.time_is_end = true;
    device.hour_data = IntervalKind::hour;
    device.minute_interval = std::chrono::minutes{5};
    constexpr std::string_view cp = "DataTime=20261105080000;w01001-Avg=8,w01001-Flag=N";
    EXPECT_EQ(format_rfc3339(read(segment("21", cn::hour, cp), device)->record.time), "2026-11-04T23:00:00Z");
    EXPECT_EQ(read(segment("21", cn::hour, cp), device)->record.interval, IntervalKind::hour);
    EXPECT_EQ(format_rfc3339(read(segment("21", cn::minute, cp), device)->record.time), "2026-11-04T23:55:00Z");
    EXPECT_EQ(format_rfc3339(read(segment("21", cn::day, cp), device)->record.time), "2026-11-04T00:00:00Z");
}

TEST(Meaning, WhatIsSentComesBackTheSame)
{
    auto const parameters = [](std::string_view name) { return standards().parameters().find(name)->id; };
    Record record;
    record.interval = IntervalKind::hour;
    record.time = parse_rfc3339("2026-11-05T08:00:00+08:00").value();
    record.readings = {{parameters("ph"), Flag{'U'}, Mark::none, true, Decimal{71, 1}},
                       {parameters("codmn"), Flag{'D'}, Mark::none, false, {}},
                       {parameters("cadmium"), Flag{}, Mark::none, true, Decimal{42, 4}}};
    auto const appendix_b = CommonUnits::make(standards()).appendix_b;
    auto const items = to_items(record, standards().parameters(), Edition::hj212_2017, appendix_b.get());
    EXPECT_EQ(items, (std::vector<std::string>{"w01001-Avg=7.1", "w01019-Avg=--,w01019-Flag=D", "w20115-Avg=4.2,w20115-Flag=N"}));
    auto const back = read(segment("32", command_of(record.interval), to_data_areas(record.time, items).front()));
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->record.same_content(record)) << shown(back->record);
    record.status = StationStatus::maintenance;            // the whole station: in the flags of its valid values
    EXPECT_EQ(to_items(record, standards().parameters(), Edition::hjt212_2005, nullptr).back(), "022-Avg=0.0042,022-Flag=M");
}

TEST(Meaning, WithoutATimeOnlyRealTimeDataHasOne)
{
    constexpr std::string_view cp = "w01001-Rtd=8,w01001-Flag=N";
    EXPECT_EQ(format_rfc3339(read(segment("32", cn::real_time, cp))->record.time), "2026-11-05T00:05:12Z");
    EXPECT_EQ(read(segment("32", cn::hour, cp)).error(), (Failure{Errc::missing_field, "CP has no DataTime"}));
    EXPECT_EQ(read(segment("32", cn::hour, "DataTime=2026110508;w01001-Avg=8")).error().code, Errc::bad_time);
}

}  // namespace
}  // namespace yihong::hj212
