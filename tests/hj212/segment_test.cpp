#include "yihong/hj212/segment.hpp"

#include "frames.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/model/frame_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace yihong::hj212 {
namespace {

using Fields = std::vector<Field>;

std::string_view segment_of(Reference const& reference) { return reference.frame.substr(6, reference.length); }

Reference const& by_id(std::string_view id) { return *std::ranges::find(references, id, &Reference::id); }

Fields fields_of(std::string_view cp)
{
    Fields fields;
    parse_data_area(cp, fields);
    return fields;
}

Segment parsed(std::string_view text)
{
    auto const segment = parse_segment(text);
    EXPECT_TRUE(segment) << text << ": " << (segment ? "" : segment.error().detail);
    return segment.value_or(Segment{});
}

Errc error_of(std::string_view text) { return parse_segment(text).error().code; }

UtcTime utc(std::string_view text) { return parse_rfc3339(text).value(); }

TEST(ReferenceFrames, AreTakenApart)
{
    for (auto const& reference : references) {
        auto const segment = parsed(segment_of(reference));
        EXPECT_EQ(segment.qn, reference.qn) << reference.id;
        EXPECT_EQ(segment.st, reference.st) << reference.id;
        EXPECT_EQ(segment.cn, reference.cn) << reference.id;
        EXPECT_EQ(segment.pw, reference.pw) << reference.id;
        EXPECT_EQ(segment.mn, reference.mn) << reference.id;
        EXPECT_EQ(segment.flag, reference.flag) << reference.id;
        EXPECT_EQ(segment.pnum, reference.pnum) << reference.id;
        EXPECT_EQ(segment.pno, reference.pno) << reference.id;
        EXPECT_FALSE(segment.retransmitted) << reference.id;
        EXPECT_EQ(segment.edition(), reference.edition) << reference.id;
        EXPECT_EQ(segment.wants_answer(), reference.wants_answer) << reference.id;

        // put together again, the fields of the data area are the data area
        auto const fields = fields_of(segment.cp);
        EXPECT_EQ(fields.size(), reference.fields) << reference.id;
        std::string again;
        for (auto const& field : fields) {
            again.append(field.code).append(field.part.empty() ? "" : "-").append(field.part).append("=").append(field.value);
            if (again.size() < segment.cp.size())
                again += segment.cp[again.size()];
        }
        EXPECT_EQ(again, segment.cp) << reference.id;
    }
}

TEST(ReferenceFrames, GiveTheFieldsOfTheirDataAreas)
{
    EXPECT_EQ(fields_of(parsed(segment_of(by_id("f04"))).cp), (Fields{{"DataTime", "", "20160801085857"},
                                                                      {"w01001", "Rtd", "7.1"},
                                                                      {"w01001", "Flag", "N"},
                                                                      {"w01018", "SampleTime", "20160801070000"},
                                                                      {"w01018", "Rtd", "2.2"},
                                                                      {"w01018", "Flag", "N"},
                                                                      {"w01018", "EFlag", "A01"}}));
    EXPECT_EQ(fields_of(parsed(segment_of(by_id("f19"))).cp), (Fields{{"DataTime", "", "20160824003817000"},
                                                                      {"B01", "Rtd", "36.91"},
                                                                      {"011", "Rtd", "231.0"},
                                                                      {"011", "Flag", "N"},
                                                                      {"060", "Rtd", "1.803"},
                                                                      {"060", "Flag", "N"}}));
    auto const f16 = fields_of(parsed(segment_of(by_id("f16"))).cp);
    EXPECT_EQ(find_value(f16, "RestartTime"), "20160801085624");
    EXPECT_EQ(find_value(f16, "BeginTime"), "");
}

TEST(ReferenceFrames, AreWrittenAgainByteByByte)
{
    for (auto const& reference : references) {
        auto const segment = parsed(segment_of(reference));
        Outgoing const message{std::string{segment.qn},
                               std::string{segment.st},
                               segment.cn,
                               std::string{segment.pw},
                               std::string{segment.mn},
                               segment.flag,
                               segment.pnum,
                               segment.pno,
                               segment.retransmitted,
                               std::string{segment.cp}};
        EXPECT_EQ(to_frame(to_segment(message)), reference.frame) << reference.id;
    }
}

TEST(Edition, FollowsFlagThenSystemTypeAndMn)
{
    auto const edition = [](std::string_view st, std::string_view mn, std::optional<int> flag) {
        Segment segment;
        segment.st = st;
        segment.mn = mn;
        segment.flag = flag;
        return segment.edition();
    };
    for (std::optional<int> const flag : {std::optional<int>{}, {0}, {1}, {2}, {3}})
        EXPECT_EQ(edition("21", "A140800_0001", flag), Edition::hjt212_2005);
    for (int const flag : {4, 5, 6, 7})
        EXPECT_EQ(edition("21", "A140800_0001", flag), Edition::hj212_2017);
    for (int const flag : {8, 9, 10, 11, 12, 255}) {
        EXPECT_EQ(edition("32", "010000A8900016F000169DC0", flag), Edition::hj212_2025);
        EXPECT_EQ(edition("21", "010000A8900016F000169DC0", flag), Edition::surface_water);
        EXPECT_EQ(edition("91", "A140800_0001", flag), Edition::surface_water) << "answers carry ST=91";
        EXPECT_EQ(edition("91", "NM100000_0005", flag), Edition::surface_water) << "two letters occur (f23)";
        for (auto const* mn : {"A140800-0001", "1140800_0001", "A14080_00001", "A140800_000X", "A140800_00012", "A1408000_001", ""})
            EXPECT_EQ(edition("91", mn, flag), Edition::hj212_2025) << mn;
    }
    for (auto const each : {Edition::hjt212_2005, Edition::hj212_2017, Edition::hj212_2025, Edition::surface_water}) {
        EXPECT_EQ(parse_edition(to_text(each)), each);
        Segment segment;
        segment.st = each == Edition::surface_water ? "21" : "32";
        segment.flag = version_bits(each);
        EXPECT_EQ(segment.edition(), each);
    }
    EXPECT_EQ(parse_edition("2018").error().code, Errc::bad_value);
}

TEST(Tolerances, TimesWithMillisecondsOrWithoutSeconds)
{
    EXPECT_EQ(parse_station_time("20160824003817000"), utc("2016-08-24T00:38:17+08:00"));
    EXPECT_EQ(parse_station_time("201608240038"), utc("2016-08-24T00:38:00+08:00"));
}

TEST(Tolerances, BlanksInTheDataArea)
{
    EXPECT_EQ(fields_of(" DataTime = 20160801085857 ; w01001-Rtd = 7.1 , w01001 - Flag =N ; "),
              (Fields{{"DataTime", "", "20160801085857"}, {"w01001", "Rtd", "7.1"}, {"w01001", "Flag", "N"}}));
}

TEST(Tolerances, CommaForSemicolon)
{
    auto const segment = parsed("QN=20160801085857223,ST=32;CN=2061;MN=A;Flag=5;CP=&&BeginTime=20160801080000,EndTime=20160801090000&&");
    EXPECT_EQ(segment.qn, "20160801085857223");
    EXPECT_EQ(segment.st, "32");
    EXPECT_EQ(fields_of(segment.cp), (Fields{{"BeginTime", "", "20160801080000"}, {"EndTime", "", "20160801090000"}}));
    EXPECT_EQ(fields_of("w01001-Rtd=7.1;w01001-Flag=N"), fields_of("w01001-Rtd=7.1,w01001-Flag=N"));
}

TEST(Tolerances, NoSemicolonBeforeCp)
{
    auto const segment = parsed("QN=1;ST=32;CN=2011;PW=123456;MN=A;Flag=5CP=&&w01001-Rtd=7&&");
    EXPECT_EQ(segment.flag, 5);
    EXPECT_EQ(segment.cp, "w01001-Rtd=7");
}

TEST(Tolerances, FactorCodesStandAsSent) { EXPECT_EQ(fields_of("01018-Rtd=3.0"), (Fields{{"01018", "Rtd", "3.0"}})); }

TEST(Tolerances, MissingQnFlagAndOthers)
{
    auto const segment = parsed("MN=LD130133000015;CN=2011;CP=&&&&");
    EXPECT_EQ(segment.qn, "");
    EXPECT_EQ(segment.st, "");
    EXPECT_EQ(segment.pw, "");
    EXPECT_FALSE(segment.flag);
    EXPECT_FALSE(segment.wants_answer());
    EXPECT_EQ(segment.edition(), Edition::hjt212_2005);
    EXPECT_EQ(segment.cp, "");
    EXPECT_FALSE(parsed("MN=A;CN=1;Flag=;PNUM=;PNO=;CP=&&&&").flag) << "empty is missing";
}

TEST(Tolerances, MnOfAnyForm)
{
    for (auto const* mn : {"LD130133000015", "A140800_0001", "x", "站01"})
        EXPECT_EQ(parsed(std::string{"MN="} + mn + ";CN=1;CP=&&&&").mn, mn);
}

TEST(Tolerances, UnknownFieldsAndAnyOrder)
{
    auto const segment = parsed(" MN = A ;XX=1;;nonsense;=;PNO=2;PNUM=3;Flag=11;RF=1;CN=2061;CP=&&w99999-New=1;Odd&&");
    EXPECT_EQ(segment.mn, "A");
    EXPECT_EQ(segment.pno, 2);
    EXPECT_EQ(segment.pnum, 3);
    EXPECT_EQ(segment.flag, 11);
    EXPECT_TRUE(segment.retransmitted);
    EXPECT_EQ(segment.cn, 2061);
    EXPECT_EQ(fields_of(segment.cp), (Fields{{"w99999", "New", "1"}, {"Odd", "", ""}}));
    EXPECT_FALSE(parsed("MN=A;CN=1;RF=0;CP=&&&&").retransmitted);
}

TEST(Segment, RefusesWhatCannotBeRead)
{
    EXPECT_EQ(error_of(""), Errc::missing_field);
    EXPECT_EQ(error_of("MN=A;CN=2011"), Errc::missing_field);
    EXPECT_EQ(error_of("CN=2011;CP=&&&&"), Errc::missing_field);
    EXPECT_EQ(error_of("MN= ;CN=2011;CP=&&&&"), Errc::missing_field);
    EXPECT_EQ(error_of("MN=A;CP=&&&&"), Errc::missing_field);
    for (auto const* text :
         {"MN=A;CN=2011;CP=&&", "MN=A;CN=2011;CP=&&&", "MN=A;CN=2011;CP=&&w01001-Rtd=7", "MN=A;CN=2011;CP=&&w01001-Rtd=7&"})
        EXPECT_EQ(error_of(text), Errc::bad_syntax) << text;
    for (auto const* text :
         {"MN=A;CN=;CP=&&&&", "MN=A;CN=20x;CP=&&&&", "MN=A;CN=-1;CP=&&&&", "MN=A;CN=20110;CP=&&&&", "MN=A;CN=1;Flag=256;CP=&&&&",
          "MN=A;CN=1;Flag=N;CP=&&&&", "MN=A;CN=1;Flag=99999999999;CP=&&&&", "MN=A;CN=1;PNUM=x;CP=&&&&", "MN=A;CN=1;PNO=-1;CP=&&&&"})
        EXPECT_EQ(error_of(text), Errc::bad_value) << text;
    EXPECT_EQ(parse_segment("MN=A;CN=1;Flag=\xB5;CP=&&&&").error().detail, "Flag '\xEF\xBF\xBD' is not a whole number");
}

TEST(Segment, EndsItsDataAreaWithTheLastAmpersands)
{
    EXPECT_EQ(parsed("MN=A;CN=2011;CP=&&a&&b\r\n##&&&&").cp, "a&&b\r\n##&&");
    EXPECT_EQ(parsed("MN=A;CN=2011;CP=&&CP=&&&&").cp, "CP=&&");
}

TEST(DataArea, TakesAnything)
{
    EXPECT_EQ(fields_of(""), Fields{});
    EXPECT_EQ(fields_of(" ;,; "), Fields{});
    EXPECT_EQ(fields_of("a-b-c=d=e;-;=x;SB1-RS=1;w21003-Flag=hd"),
              (Fields{{"a", "b-c", "d=e"}, {"", "", ""}, {"", "", "x"}, {"SB1", "RS", "1"}, {"w21003", "Flag", "hd"}}));
    Fields fields{{"left", "over", ""}};
    parse_data_area("QnRtn=1", fields);
    EXPECT_EQ(fields, (Fields{{"QnRtn", "", "1"}}));
    EXPECT_EQ(find_value(fields_of("w01001-DataTime=1;DataTime=2;DataTime=3"), "DataTime"), "2");
}

TEST(StationTime, IsBeijingTime)
{
    EXPECT_EQ(parse_station_time("20160801085857"), utc("2016-08-01T00:58:57Z"));
    EXPECT_EQ(parse_station_time("20160801085857223"), utc("2016-08-01T00:58:57.223Z"));
    EXPECT_EQ(parse_station_time("20240229000000"), utc("2024-02-28T16:00:00Z"));
    EXPECT_EQ(format_station_time(utc("2016-08-01T00:58:57.223Z")), "20160801085857");
    EXPECT_EQ(format_qn(utc("2016-08-01T00:58:57.003Z")), "20160801085857003");
    EXPECT_EQ(format_qn(utc("2025-12-31T16:00:00Z")), "20260101000000000");
    for (auto const* text : {"00000101000000000", "19691231235959999", "99991231235959999", "20240229080000001"})
        EXPECT_EQ(format_qn(parse_station_time(text).value()), text);
}

TEST(StationTime, RefusesAnythingElse)
{
    for (auto const* text : {"",
                             "2016080108",
                             "20160801085",
                             "2016080108585",
                             "201608010858570",
                             "2016080108585700",
                             "201608010858570000",
                             "20160001085857",
                             "20161301085857",
                             "20150229085857",
                             "20160832085857",
                             "20160801245857",
                             "20160801240000",
                             "20160801086057",
                             "20160801085860",
                             "2016-8-1085857",
                             "2016080108585x",
                             " 2016080108585",
                             "20160801085857-00",
                             "20160801085857-01",
                             "20160801085857+01",
                             "20160801085857 01",
                             "20160801085857x00",
                             "2016080108585722x"})
        EXPECT_EQ(parse_station_time(text).error().code, Errc::bad_time) << text;
}

TEST(Outgoing, LeavesOutWhatIsEmpty)
{
    EXPECT_EQ(to_segment({.cn = 9014, .mn = "A"}), "CN=9014;MN=A;CP=&&&&");
    EXPECT_EQ(
        to_segment(
            {.qn = "1", .st = "31", .cn = 2051, .pw = "p", .mn = "A", .flag = 11, .pnum = 2, .pno = 1, .retransmitted = true, .cp = "x=1"}),
        "QN=1;ST=31;CN=2051;PW=p;MN=A;Flag=11;PNUM=2;PNO=1;RF=1;CP=&&x=1&&");
    auto const back = parsed(to_segment({.cn = 9015, .mn = "A", .flag = 0, .retransmitted = true}));
    EXPECT_EQ(back.flag, 0);
    EXPECT_TRUE(back.retransmitted);
}

TEST(DataAreas, SplitAtTheLimitWithoutCuttingItems)
{
    auto const time = utc("2016-08-01T00:00:00Z");
    std::string const begin = "DataTime=20160801080000";
    EXPECT_EQ(to_data_areas(time, {}), std::vector{begin});
    EXPECT_EQ(to_data_areas(time, {"a=1", "b=2"}), std::vector{begin + ";a=1;b=2"});

    std::vector<std::string> items;
    for (int i = 0; i < 60; ++i)
        items.push_back("w" + std::to_string(10000 + i) + "-Avg=" + std::string(static_cast<std::size_t>(i % 7 + 1), '1') + ",w" +
                        std::to_string(10000 + i) + "-Flag=N");
    auto const areas = to_data_areas(time, items);
    std::vector<std::string> back;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        EXPECT_LE(areas[i].size(), longest_cp);
        EXPECT_TRUE(areas[i].starts_with(begin + ";"));
        auto rest = std::string_view{areas[i]}.substr(begin.size());
        if (i > 0)
            EXPECT_GT(areas[i - 1].size() + rest.substr(0, rest.find(';', 1)).size(), longest_cp) << "no more areas than needed";
        while (!rest.empty()) {
            rest.remove_prefix(1);
            auto const end = std::min(rest.find(';'), rest.size());
            back.emplace_back(rest.substr(0, end));
            rest.remove_prefix(end);
        }
    }
    EXPECT_GT(areas.size(), 1U);
    EXPECT_EQ(back, items);

    std::string const fits(longest_cp - begin.size() - 1, 'x');
    EXPECT_EQ(to_data_areas(time, {fits}).front().size(), longest_cp);
    EXPECT_EQ(to_data_areas(time, {fits, "a=1"}), (std::vector{begin + ";" + fits, begin + ";a=1"}));
    EXPECT_EQ(to_data_areas(time, {"a=1", fits + "y", "b=2"}), (std::vector{begin + ";a=1", begin + ";" + fits + "y", begin + ";b=2"}))
        << "one that fits nowhere stays whole";
}

TEST(Secrets, AreMaskedHoweverTheParserTakesThem)
{
    constexpr std::string_view secret = "741852";
    constexpr std::array<std::string_view, 6> before{"PW=", "PW =", " PW=", "PW = ", "PW=\r\n", "PW\t=\t"};
    constexpr std::array<std::string_view, 4> behind{";", ",", " ;", "\n,"};
    for (auto const name : before)
        for (auto const end : behind)
            for (auto const* form :
                 {"QN=1;{}{}{}MN=A;Flag=5;CP=&&x=1&&", "{}{}{}ST=21;CN=2011;MN=A;CP=&&x=1&&", "CN=2011;MN=A;{}{}{}CP=&&&&"}) {
                auto const segment = fmt::format(fmt::runtime(form), name, secret, end);
                auto const whole = segment.find("CN=") == std::string::npos ? "CN=2011;" + segment : segment;
                auto const read = parse_segment(whole);
                ASSERT_TRUE(read) << segment;
                ASSERT_EQ(read->pw, secret) << segment;
                auto const shown = without_secrets(to_frame(segment));
                EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
                EXPECT_TRUE(shown.ends_with("&&****\r\n")) << shown;
            }
    EXPECT_EQ(without_secrets("##0030MN=A;PW=741852CP=&&NewPW=741852&&1C80"), "##0030MN=A;PW=******CP=&&NewPW=******&&****");
    EXPECT_EQ(without_secrets("QN=1;pw=741852"), "QN=1;pw=******");
    EXPECT_EQ(without_secrets("##0030MN=A;PW=;CP=&&&&1C80\r\n"), "##0030MN=A;PW=******;CP=&&&&****\r\n");
    EXPECT_EQ(without_secrets("##0030MN=A;CP=&&SPW=1;x-PWR=2&&1C80\r\n"), "##0030MN=A;CP=&&SPW=1;x-PWR=2&&1C80\r\n");
}

}  // namespace
}  // namespace yihong::hj212
