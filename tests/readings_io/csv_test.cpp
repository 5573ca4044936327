#include "fixture.hpp"

#include "csv_rows.hpp"

#include <random>

namespace yihong {
namespace {

std::vector<std::vector<std::string>> rows_of(std::string_view text)
{
    std::vector<std::vector<std::string>> all;
    for (CsvRows rows{text}; rows.next();)
        all.emplace_back(rows.fields().begin(), rows.fields().end());
    return all;
}

TEST(CsvRows, FollowsRfc4180)
{
    using Rows = std::vector<std::vector<std::string>>;
    EXPECT_EQ(rows_of("a,b\r\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(rows_of("\xEF\xBB\xBF\r\n\n"
                      "a,,\n\n\n,b"),
              (Rows{{"a", "", ""}, {"", "b"}}));
    EXPECT_EQ(rows_of("\"a,\"\"b\"\"\r\nc\",\"\"\r\n\"d\""), (Rows{{"a,\"b\"\r\nc", ""}, {"d"}}));
    EXPECT_EQ(rows_of("a\rb,c\r"), (Rows{{"a\rb", "c"}}));
    EXPECT_EQ(rows_of(""), Rows{});
    EXPECT_EQ(rows_of("a,b\r\r\n\r\r\nc,d\r\r\n"), (Rows{{"a", "b"}, {"c", "d"}}));
}

TEST(CsvRows, TellsPlacesAndMisplacedQuotes)
{
    CsvRows rows{"\"x\ny\",1\n\na\"b,2\n\"c\"d,\"e\nf"};
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.line(), 1U);
    EXPECT_EQ(rows.raw(), "\"x\ny\",1");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.line(), 4U);
    EXPECT_EQ(rows.stray_quote(), 1U);
    EXPECT_TRUE(rows.closed());
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.line(), 5U);
    EXPECT_EQ(rows.stray_quote(), 1U);
    EXPECT_TRUE(rows.open_quote());
    EXPECT_FALSE(rows.next());
}

constexpr std::string_view wide = "\xEF\xBB\xBF"
                                  "codmn,time,ph,site,interval,ph_flag,status\r\n"
                                  "5.20,2025-11-06T20:00:00+08:00,8.1,zhangliuzhuang,4h,,\r\n"
                                  ",2025-11-06T20:00:00+08:00,\"7.0\",longmen,4h,T,maintenance\r\n"
                                  "--,2025-11-07T00:00:00+08:00,,longmen,4h,D,\r\n"
                                  ",2025-11-07T00:00:00+08:00,,longmen,4h,,stopped";

TEST(ReadCsv, ReadsTheWideForm)
{
    auto const batch = read_csv(wide, names());

    EXPECT_EQ(shown(batch), (Lines{"zhangliuzhuang 4h 2025-11-06T12:00:00Z normal ph=8.1 codmn=5.20",
                                   "longmen 4h 2025-11-06T12:00:00Z maintenance ph=7.0:T",
                                   "longmen 4h 2025-11-06T16:00:00Z normal ph=-:D codmn=-", "longmen 4h 2025-11-06T16:00:00Z stopped"}));
    EXPECT_EQ(batch->format, "readings-csv");
    EXPECT_EQ(batch->raw_prefix, "codmn,time,ph,site,interval,ph_flag,status\n");
    EXPECT_EQ(batch->records[2].index, 2U);
    expect_self_contained(*batch);
}

TEST(ReadCsv, ReadsTheMonthThatASampleWasTakenFor)
{
    auto const lines_of = [](std::string const& month) {
        return shown(read_csv("site,time,interval,ph,plan_month\nlongmen,2025-11-01T01:00:00Z,sample,7.1," + month + "\n", names()));
    };
    for (auto const* text : {"2025-10", "2025/10", "2025年10月", "202510"})
        EXPECT_EQ(lines_of(text), (Lines{"longmen sample 2025-11-01T01:00:00Z normal ph=7.1 plan_month=202510"}));
    for (std::string const text : {"2025-13", "2025-00", "2025-10-01", "十月"})
        EXPECT_EQ(lines_of(text), (Lines{"longmen sample 2025-11-01T01:00:00Z normal ph=7.1",
                                         "0 bad_value line 2: plan_month: '" + text + "' is no month such as 2025-10"}));
}

TEST(ReadCsv, RefusesBadRowsAlone)
{
    auto const batch = read_csv("site,time,interval,ph,codmn\n"
                                "nowhere,2025-11-06T12:00:00Z,4h,7,1\n"
                                "longmen,06.11.2025 12:00,4h,7,1\n"
                                "longmen,2025-11-06T12:00:00Z,,7,1\n"
                                "longmen,2025-11-06T12:00:00Z,4h,seven,\n"
                                "longmen,2025-11-06T12:00:00Z,4h,,\n"
                                "longmen,2025-11-06T12:00:00Z,4h,7\n"
                                "longmen,2025-11-06T12:00:00Z,4h,7,1,2\n"
                                "long\"men,2025-11-06T12:00:00Z,4h,7,1\n"
                                "longmen,2025-11-06T12:00:00Z,4h,1e999,\n"
                                "longmen,2025-11-06T12:00:00Z,4h,Infinity,\n"
                                ",2025-11-06T12:00:00Z,4h,7,1\n"
                                "longmen,2025-11-06T12:00:00Z,4h,+7., .5 \n",
                                names());

    EXPECT_EQ(shown(batch),
              (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7 codmn=0.5",
                     "0 unknown_site line 2: site 'nowhere' is neither the id nor the MN of a site",
                     "1 bad_time line 3: time: '06.11.2025 12:00' is not a time like 2025-11-06T20:00:00+08:00",
                     "2 bad_value line 4: interval '' is none of realtime minute hour 4h day sample",
                     "3 bad_value line 5: ph: 'seven' is not a number", "4 no_value line 6: the row has no reading",
                     "5 bad_syntax line 7: 4 fields where the header has 5", "6 bad_syntax line 8: 6 fields where the header has 5",
                     "7 bad_syntax line 9: field 1 has a quote out of place", "8 bad_value line 10: ph: '1e999' is too large",
                     "9 bad_value line 11: ph: 'Infinity' is not a number", "10 missing_field line 12: site is empty"}));
    EXPECT_EQ(batch->refused[5].raw, "longmen,2025-11-06T12:00:00Z,4h,7");
    EXPECT_EQ(batch->refused[0].site, "nowhere");
    expect_self_contained(*batch);
}

TEST(ReadCsv, RefusesABodyWithoutASoundHeader)
{
    std::vector<std::pair<std::string, std::string>> const cases{
        {"", "bad_syntax line 1, column 1: the header is missing"},
        {"site,time,ph\n", "missing_field line 1, column 1: column 'interval' is missing"},
        {"site,time,interval\n", "missing_field line 1, column 1: column 'parameter' is missing"},
        {"site,time,interval,parameter\n", "missing_field line 1, column 1: column 'value' is missing"},
        {"site,time,interval,value\n", "missing_field line 1, column 1: column 'parameter' is missing"},
        {"site,time,interval,parameter,value,ph\n",
         "unknown_field line 1, column 1: column 'parameter' and parameters as columns exclude each other"},
        {"site,time,interval,phh\n", "unknown_field line 1, column 4: column 'phh' is neither a field nor a parameter"},
        {"site,time,interval,ph,w01001\n", "bad_syntax line 1, column 5: column 'w01001' is there twice"},
        {"site,time,site,interval,ph\n", "bad_syntax line 1, column 3: column 'site' is there twice"},
        {"site,time,interval,ph,ph_flag,ph_flag\n", "bad_syntax line 1, column 6: column 'ph_flag' is there twice"},
        {"site,time,interval,ph,codmn_flag\n", "missing_field line 1, column 1: 'codmn' has a flag column but none for its value"},
        {"site,time,interval,\"ph\n", "bad_syntax line 1, column 1: the header has a quote out of place"},
        {"site,time,interval,ph" + std::string(70'000, ' ') + "\n", "too_large line 1, column 1: the header is longer than 64 KB"},
        {"site,time,interval,ph\nlongmen,2025-11-06T12:00:00Z,4h,7\nlongmen,\"2025-11",
         "bad_syntax line 3, column 2: a quoted field is never closed"},
    };
    for (auto const& [body, failure] : cases)
        EXPECT_EQ(shown(read_csv(body, names())), Lines{failure}) << body.substr(0, 80);
}

TEST(ReadCsv, JoinsRowsOfTheLongFormWhereverTheyStand)
{
    auto const batch = read_csv("parameter,value,flag,unit,site,time,interval\n"
                                "ph,8.1,,,zhangliuzhuang,2025-11-06T20:00:00+08:00,4h\n"
                                "ph,7.5,,,longmen,2025-11-06T20:00:00+08:00,4h\n"
                                "codmn,2,T,,longmen,2025-11-06T12:00:00Z,4h\n"
                                "ph,7.5,,,longmen,2025-11-06T20:00:00+08:00,hour\n"
                                "ammonia_nitrogen,150,,ug/L,A140800_0001,2025-11-06T12:00:00Z,4h\n"
                                "cod,--,D,,longmen,2025-11-06T20:00:00+08:00,4h\n",
                                names());

    EXPECT_EQ(shown(batch), (Lines{"zhangliuzhuang 4h 2025-11-06T12:00:00Z normal ph=8.1 ammonia_nitrogen=0.150",
                                   "longmen 4h 2025-11-06T12:00:00Z normal ph=7.5 codmn=2:T cod=-:D",
                                   "longmen hour 2025-11-06T12:00:00Z normal ph=7.5"}));
    EXPECT_EQ(batch->records[1].index, 1U);
    EXPECT_EQ(batch->records[2].raw, "ph,7.5,,,longmen,2025-11-06T20:00:00+08:00,hour");
    expect_self_contained(*batch);
}

TEST(ReadCsv, KeepsTheRestOfARowWhoseCellIsBad)
{
    auto const batch = read_csv("site,time,interval,status,ph,codmn,codmn_flag,ammonia_nitrogen\n"
                                "longmen,2025-11-06T12:00:00Z,4h,,seven,2.1,,0.31\n"
                                "longmen,2025-11-06T16:00:00Z,4h,,7.1,2.1,NNN,1e999\n"
                                "longmen,2025-11-06T20:00:00Z,4h,maintenance,x,,,\n"
                                "longmen,2025-11-07T00:00:00Z,4h,,x,y,,\n",
                                names());

    EXPECT_EQ(shown(batch), (Lines{"longmen 4h 2025-11-06T12:00:00Z normal codmn=2.1 ammonia_nitrogen=0.31",
                                   "longmen 4h 2025-11-06T16:00:00Z normal ph=7.1", "longmen 4h 2025-11-06T20:00:00Z maintenance",
                                   "0 bad_value line 2: ph: 'seven' is not a number",
                                   "1 bad_value line 3: codmn: flag 'NNN' is not one or two letters or digits",
                                   "1 bad_value line 3: ammonia_nitrogen: '1e999' is too large",
                                   "2 bad_value line 4: ph: 'x' is not a number", "3 bad_value line 5: ph: 'x' is not a number"}));
    EXPECT_EQ(batch->refused[0].format, "readings-json");
    EXPECT_EQ(batch->refused[0].raw, R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":"seven"}})");
    EXPECT_EQ(batch->refused[1].raw,
              R"({"site":"longmen","time":"2025-11-06T16:00:00Z","interval":"4h","values":{"codmn":{"value":"2.1","flag":"NNN"}}})");
    EXPECT_EQ(batch->refused[4].format, "");
    expect_self_contained(*batch);
}

TEST(ReadCsv, KeepsTheRestOfALongRecordWhoseRowIsBad)
{
    auto const batch = read_csv("site,time,interval,parameter,value,unit,status\n"
                                "longmen,2025-11-06T12:00:00Z,4h,ph,7.5,,\n"
                                "longmen,2025-11-06T12:00:00Z,4h,phh,1,,\n"
                                "longmen,2025-11-06T12:00:00Z,4h,cod,12,furlong,\n"
                                "longmen,2025-11-06T16:00:00Z,4h,ph,7.6,,\n"
                                "longmen,2025-11-06T16:00:00Z,4h,w01001,7.6,,\n"
                                "longmen,2025-11-06T20:00:00Z,4h,codmn,x,,\n"
                                "longmen,yesterday,4h,ph,7.8,,\n"
                                "longmen,2025-11-07T00:00:00Z,4h,ph,7.9,,maintenance\n"
                                "longmen,2025-11-07T00:00:00Z,4h,codmn,1,,\n"
                                "longmen,2025-11-07T04:00:00Z,4h,,,,\n"
                                "longmen,2025-11-07T08:00:00Z,4h,,,,stopped\n"
                                "longmen,2025-11-07T12:00:00Z,4h,ph,8.0,,\n",
                                names());

    EXPECT_EQ(shown(batch),
              (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7.5", "longmen 4h 2025-11-07T08:00:00Z stopped",
                     "longmen 4h 2025-11-07T12:00:00Z normal ph=8.0",
                     "6 bad_time line 8: time: 'yesterday' is not a time like 2025-11-06T20:00:00+08:00",
                     "1 unknown_parameter line 3: parameter 'phh': no parameter has this name or code",
                     "2 unknown_unit line 4: cod: cod: unit 'furlong' cannot be converted to mg/L",
                     "3 bad_value line 6: ph is there twice in one record", "5 bad_value line 7: codmn: 'x' is not a number",
                     "7 bad_value line 10: status differs within one record", "9 no_value line 11: the record has no reading"}));
    EXPECT_EQ(batch->refused[1].raw, R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"phh":"1"}})");
    expect_self_contained(*batch);
}

TEST(ReadCsv, UnderstandsNoValueAndBelowDetectionInEverySpelling)
{
    std::string const head = "site,time,interval,ph,ammonia_nitrogen\nlongmen,2025-11-06T12:00:00Z,4h,8.1,";
    auto const reading = [&](std::string const& cell) {
        auto const batch = read_csv(head + cell + "\n", names());
        return batch && batch->records.size() == 1 && batch->refused.empty() ? shown(batch->records[0]).substr(46) : "refused";
    };
    for (auto const* nothing : {"--", "-",   "—",   "——",   "－", "/",   "*",  "NaN",  "nan",    "-nan", "NULL",           "null",
                                "NA", "N/A", "n/a", "#N/A", "-;", "--;", "无", "缺测", "未监测", "　",   "\u00A0--\u00A0", "Ｎ／Ａ"})
        EXPECT_EQ(reading(nothing), "ammonia_nitrogen=-") << nothing;
    for (auto const* limit : {"<0.025", "＜0.025", "< 0.025", "<0.025L", "0.025L", "0.025l", "0.025 L", "0.025Ｌ", "０．０２５L",
                              "ND(0.025)", "小于0.025", "未检出（0.025）", " 0.025L\u3000"})
        EXPECT_EQ(reading(limit), "ammonia_nitrogen=<0.025") << limit;
    for (auto const* unsaid : {"未检出", "ND", "N.D.", "nd", "n.d.", "低于检出限", "<DL", "未 检 出"})
        EXPECT_EQ(reading(unsaid), "ammonia_nitrogen=<0.025") << unsaid << ": the limit of the usual method";
    EXPECT_EQ(reading("０．３１"), "ammonia_nitrogen=0.31");
    for (auto const* bad : {"seven", ">20", "<-1", "1 234", "0.025mg", "#DIV/0!"})
        EXPECT_EQ(reading(bad), "refused") << bad;
    EXPECT_EQ(shown(read_csv("site,time,interval,parameter,value,unit\nlongmen,2025-11-06T12:00:00Z,4h,ammonia_nitrogen,<25,ug/L\n"
                             "longmen,2025-11-06T12:00:00Z,4h,chloride,未检出,ug/L\n",
                             names())),
              Lines{"longmen 4h 2025-11-06T12:00:00Z normal ammonia_nitrogen=<0.025 chloride=<-"});
}

TEST(ReadCsv, UnderstandsTimesAsSpreadsheetsWriteThem)
{
    auto const time = [&](std::string const& cell) {
        auto const batch = read_csv("site,time,interval,ph\nlongmen," + cell + ",sample,8.1\n", names());
        return batch && batch->records.size() == 1 ? format_beijing_minute(batch->records[0].record.time) : "refused";
    };
    for (auto const* evening : {"2025/11/6 20:00",      "2025/11/06 20:00:00",  "2025-11-6 20:00",        "2025-11-06 20:00:00.000",
                                "2025.11.6 20:00",      "2025年11月6日20时",    "2025年11月6日 20时00分", "2025年11月06日 20:00",
                                "2025年11月6日20点",    "2025/11/6 下午8:00",   "2025/11/6 8:00:00 PM",   "45967.8333",
                                "45967.833333333336",   "20251106200000",       "202511062000",           "　2025/11/6　20:00",
                                "2025/11/6\u00A020:00", "２０２５/11/6 20：00", "\uFEFF2025/11/6 20:00",  "2025-11-06 20:00:00+08:00",
                                "2025/11/6 12:00Z"})
        EXPECT_EQ(time(evening), "2025-11-06 20:00") << evening;
    EXPECT_EQ(time("2025/11/6"), "2025-11-06 00:00");
    EXPECT_EQ(time("45967"), "2025-11-06 00:00");
    EXPECT_EQ(time("45967.5"), "2025-11-06 12:00");
    EXPECT_EQ(time("2025/11/6 24:00"), "2025-11-07 00:00");
    for (auto const* bad : {"20:00:00", "11/6/2025 20:00", "2025/11/6 25:00", "2025/2/30 8:00", "45967.83", "3.5", "2025-11-06T20:00:00",
                            "2025/11-6", "yesterday"})
        EXPECT_EQ(time(bad), "refused") << bad;
}

TEST(ReadCsv, TakesNoLineEndForAStatus)
{
    auto const batch = read_csv("\xEF\xBB\xBF"
                                "codmn,time,ph,site,interval,status\r\r\n5.20,2025-11-06T20:00:00+08:00,8.1,longmen,4h,\r\r\n"
                                "\xEF\xBB\xBF"
                                "6,2025-11-07T00:00:00Z,,\u3000longmen\u00A0,4h,stopped",
                                names());
    EXPECT_EQ(shown(batch),
              (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=8.1 codmn=5.20", "longmen 4h 2025-11-07T00:00:00Z stopped codmn=6"}));
    expect_self_contained(*batch);
}

TEST(ReadCsv, SurvivesEveryCutAndRandomDamage)
{
    std::string const long_form = "site,time,interval,parameter,value,flag\nlongmen,2025-11-06T12:00:00Z,4h,ph,7.5,\n"
                                  "zhangliuzhuang,2025-11-06T12:00:00Z,4h,\"p\"\"h\",7.5,\nlongmen,2025-11-06T12:00:00Z,4h,codmn,1e2,T\n";
    std::mt19937 random{11};
    for (std::string const& body : {std::string{wide}, long_form}) {
        auto const whole = read_csv(body, names());
        ASSERT_TRUE(whole);
        for (std::size_t n = 0; n < body.size(); ++n) {
            auto const cut = read_csv(std::string{body.substr(0, n)}, names());
            if (cut)
                EXPECT_LE(cut->records.size(), whole->records.size());
        }
        for (int i = 0; i < 20'000; ++i) {
            std::string damaged = body;
            for (int k = 0; k < 3; ++k)
                damaged[random() % damaged.size()] = ",\"\n\r5-\xFF"
                                                     "a"[random() % 8];
            auto const batch = read_csv(damaged, names());
            if (batch)
                EXPECT_LE(batch->records.size() + batch->refused.size(), 16U);
        }
    }
}

TEST(ReadText, KnowsItsFormats)
{
    auto const unknown = read_text("readings-yaml", "", names());

    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace yihong
