#include "fixture.hpp"

#include <random>

namespace yihong {
namespace {

TEST(ReadJson, KeepsTheExampleOfTheContractAsItWasWritten)
{
    auto const batch = read_json(R"({"site": "zhangliuzhuang", "time": "2025-11-06T20:00:00+08:00", "interval": "4h",
 "values": {"ph": 8.10, "dissolved_oxygen": 7.9, "codmn": 5.2, "ammonia_nitrogen": {"value": 1.31, "flag": "T"}, "total_phosphorus": 0.21}})",
                                 names());

    EXPECT_EQ(shown(batch),
              Lines{"zhangliuzhuang 4h 2025-11-06T12:00:00Z normal ph=8.10 dissolved_oxygen=7.9 codmn=5.2 ammonia_nitrogen=1.31:T "
                    "total_phosphorus=0.21"});
    EXPECT_EQ(batch->format, "readings-json");
    EXPECT_EQ(batch->records[0].record.site, 1U);
}

TEST(ReadJson, TakesAnArrayAnObjectWithRecordsOrOneRecord)
{
    std::string const record = R"({"site":"A140800_0001","time":"2025-11-06T12:00:00Z","interval":"hour","values":{"w01001":7}})";
    std::string const expected = "zhangliuzhuang hour 2025-11-06T12:00:00Z normal ph=7";

    EXPECT_EQ(shown(read_json(record, names())), Lines{expected});
    EXPECT_EQ(shown(read_json("\xEF\xBB\xBF [" + record + " ,\n" + record + "] ", names())), (Lines{expected, expected}));
    EXPECT_EQ(shown(read_json("{\"records\":[" + record + "]}", names())), Lines{expected});
    EXPECT_EQ(shown(read_json("[]", names())), Lines{});
}

TEST(ReadJson, UnderstandsNoValueFlagsUnitsAndStatus)
{
    EXPECT_EQ(
        shown(read_json(R"({"site":"longmen","time":"2025-11-06T12:00:00.5Z","interval":"realtime","status":"maintenance","values":{
        "ph":null,"codmn":"","cod":"--","bod5":"*","turbidity":" — ","conductivity":{"value":null,"flag":"D"},"total_nitrogen":{"flag":"hd"},
        "ammonia_nitrogen":{"unit":"ug/L","value":1310},"chlorophyll_a":{"value":0.008,"unit":"mg/L","flag":null}}})",
                        names())),
        Lines{"longmen realtime 2025-11-06T12:00:00.500Z maintenance ph=- codmn=- cod=- bod5=- ammonia_nitrogen=1.310 total_nitrogen=-:hd "
              "conductivity=-:D turbidity=- chlorophyll_a=8"});
    EXPECT_EQ(shown(read_json(R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","status":"stopped"})", names())),
              Lines{"longmen 4h 2025-11-06T12:00:00Z stopped"});
}

TEST(ReadJson, RefusesEachBadRecordByItselfWithFieldAndPlace)
{
    struct Case {
        std::string record;
        std::string refusal;
    };
    auto const with_values = [](std::string values) {
        return R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{)" + values + "}}";
    };
    std::vector<Case> const cases{
        {R"(17)", "bad_syntax record 1: a record is an object"},
        {R"({"time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})", "missing_field record 1: site is missing"},
        {R"({"site":"longmen","interval":"4h","values":{"ph":7}})", "missing_field record 1: time is missing"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","values":{"ph":7}})", "missing_field record 1: interval is missing"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h"})", "missing_field record 1: values is missing"},
        {R"({"site":"nowhere","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})",
         "unknown_site record 1: site 'nowhere' is neither the id nor the MN of a site"},
        {R"({"site":5,"time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})", "bad_value record 1: site is not a text"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00","interval":"4h","values":{"ph":7}})",
         "bad_time record 1: time: '2025-11-06T12:00:00' has no offset: add +08:00 for Beijing time, or Z for UTC"},
        {R"({"site":"longmen","time":"2025-02-30T12:00:00Z","interval":"4h","values":{"ph":7}})",
         "bad_time record 1: time: '2025-02-30T12:00:00Z' is not a day of the calendar"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"week","values":{"ph":7}})",
         "bad_value record 1: interval 'week' is none of realtime minute hour 4h day sample"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","status":"broken","values":{"ph":7}})",
         "bad_value record 1: status 'broken' is none of normal maintenance calibration fault stopped"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":[7]})", "bad_value record 1: values is not an object"},
        {R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7},"remark":{"a":[1,{}]}})",
         "unknown_field record 1: 'remark' is none of site, time, interval, status, values"},
        {R"({"site":"longmen","site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})",
         "bad_value record 1: field 'site' is there twice"},
        {with_values(""), "no_value record 1: the record has no reading"},
        {with_values(R"("phh":7)"), "unknown_parameter record 1: values.phh: no parameter has this name or code"},
        {with_values(R"("ph":7,"codmn":3,"ph":7)"), "bad_value record 1: values.ph is there twice"},
        {with_values(R"("ph":7,"w01001":8)"), "bad_value record 1: values.ph is there twice"},
        {with_values(R"("ph":"seven")"), "bad_value record 1: values.ph: 'seven' is not a number"},
        {with_values(R"("ph":Infinity)"), "bad_value record 1: values.ph is neither a number nor null"},
        {with_values(R"("ph":true)"), "bad_value record 1: values.ph is neither a number nor null"},
        {with_values(R"("ph":[7])"), "bad_value record 1: values.ph is neither a number nor null"},
        {with_values(R"("ph":1e999)"), "bad_value record 1: values.ph: '1e999' is too large"},
        {with_values(R"("ph":123456789012345678901234567890)"),
         "bad_value record 1: values.ph: '123456789012345678901234567890' is too large"},
        {with_values(R"("ph":{})"), "missing_field record 1: values.ph: value is missing"},
        {with_values(R"("ph":{"value":{"value":7}})"), "bad_value record 1: values.ph: value is neither a number nor null"},
        {with_values(R"("ph":{"value":7,"value":8})"), "bad_value record 1: values.ph: value is there twice"},
        {with_values(R"("ph":{"value":7,"note":1})"), "unknown_field record 1: values.ph: 'note' is none of value, flag, unit"},
        {with_values(R"("ph":{"value":7,"flag":"NNN"})"), "bad_value record 1: values.ph: flag 'NNN' is not one or two letters or digits"},
        {with_values(R"("ph":{"value":7,"flag":3})"), "bad_value record 1: values.ph.flag is not a text"},
    };
    std::string const good = R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})";
    for (auto const& [record, refusal] : cases) {
        std::string const body = "[" + good + "," + record + ",\n" + good + "]";
        auto const batch = read_json(body, names());

        ASSERT_TRUE(batch) << record << "\n" << batch.error().detail;
        EXPECT_EQ(batch->records.size(), 2U) << record;
        ASSERT_EQ(batch->refused.size(), 1U) << record;
        EXPECT_EQ("1 " + refusal, shown(*batch).back());
        EXPECT_EQ(batch->refused[0].raw, record);
        if (record.starts_with('{'))
            expect_self_contained(*batch);
    }
}

TEST(ReadJson, KeepsTheRestOfARecordWhoseValueIsBad)
{
    auto const batch = read_json(
        R"([{"values":{"ph":"seven","codmn":NaN,"phh":{"a":[1]},"cod":"<4","ammonia_nitrogen":"0.31","bod5":{"value":"3L","unit":"mg/L"},
        "total_phosphorus":{"value":1,"unit":"furlong"},"total_nitrogen":true,"arsenic":"未检出","chloride":"ND"},
        "site":"longmen","time":"2025/11/6 20:00","interval":"4h"}])",
        names());

    EXPECT_EQ(shown(batch),
              (Lines{"longmen 4h 2025-11-06T12:00:00Z normal codmn=- cod=<4 bod5=<3 ammonia_nitrogen=0.31 arsenic=<0.0003 chloride=<-",
                     "0 bad_value record 0: values.ph: 'seven' is not a number",
                     "0 unknown_parameter record 0: values.phh: no parameter has this name or code",
                     "0 unknown_unit record 0: values.total_phosphorus: total_phosphorus: unit 'furlong' cannot be converted to mg/L",
                     "0 bad_value record 0: values.total_nitrogen is neither a number nor null"}));
    EXPECT_EQ(batch->refused[1].raw, R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"phh":{"a":[1]}}})");
    expect_self_contained(*batch);
    auto const lines = read_ndjson(
        "{\"site\":\"longmen\",\"time\":\"2025-11-06T12:00:00Z\",\"interval\":\"4h\",\"values\":{\"ph\":\"x\",\"codmn\":2}}\n", names());
    EXPECT_EQ(shown(lines),
              (Lines{"longmen 4h 2025-11-06T12:00:00Z normal codmn=2", "0 bad_value line 1: values.ph: 'x' is not a number"}));
    expect_self_contained(*lines);
}

TEST(ReadJson, NamesUnknownUnits)
{
    auto const batch = read_json(
        R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"codmn":{"value":7,"unit":"furlong"}}})", names());

    ASSERT_EQ(batch->refused.size(), 1U);
    EXPECT_EQ(batch->refused[0].failure.code, Errc::unknown_unit);
    EXPECT_NE(batch->refused[0].failure.detail.find("furlong"), std::string::npos);
}

TEST(ReadJson, RefusesABodyThatIsNoJsonWithLineAndColumn)
{
    std::string const deep = std::string(100'000, '[');
    std::string deep_objects;
    for (int i = 0; i < 5000; ++i)
        deep_objects += "{\"a\":";
    std::vector<std::pair<std::string, std::string>> const cases{
        {"", "bad_syntax line 1, column 1: a value is missing"},
        {"[", "bad_syntax line 1, column 2: the array is not closed"},
        {"[{\"site\":\"longmen\"\n ,}]", "bad_syntax line 2, column 3: a member's name in quotes is missing"},
        {"[{}]x", "bad_syntax line 1, column 5: something follows the end"},
        {"[{},]", "bad_syntax line 1, column 5: a value is missing behind the comma"},
        {"[{} {}]", "bad_syntax line 1, column 5: a comma or ] is missing"},
        {"[{\"values\":{\"ph\":nan}}]", "bad_syntax line 1, column 18: not a value"},
        {"[{\"values\":{\"ph\":+7}}]", "bad_syntax line 1, column 18: not a number"},
        {"[{\"values\":{\"ph\":07}}]", "bad_syntax line 1, column 18: not a number"},
        {"[{\"values\":{\"ph\":.5}}]", "bad_syntax line 1, column 18: not a number"},
        {"[{\"values\":{\"ph\":5.}}]", "bad_syntax line 1, column 18: not a number"},
        {"[{\"values\":{\"ph\":1e}}]", "bad_syntax line 1, column 18: not a number"},
        {"[{\"values\":{\"ph\":7 \"codmn\":1}}]", "bad_syntax line 1, column 20: a comma or } is missing"},
        {"[{\"site\" \"x\"}]", "bad_syntax line 1, column 10: a colon is missing"},
        {"[{\"site\":\"\\ud800\"}]", "bad_syntax line 1, column 17: a lone surrogate"},
        {"[{\"site\":\"\\udc00x\"}]", "bad_syntax line 1, column 17: a lone surrogate"},
        {"[{\"site\":\"\\x\"}]", "bad_syntax line 1, column 12: an unknown escape"},
        {"[{\"site\":\"\\u12g4\"}]", "bad_syntax line 1, column 15: \\u needs four hexadecimal digits"},
        {"[{\"site\":\"a\nb\"}]", "bad_syntax line 1, column 12: a control character stands inside a text"},
        {"[{\"site\":\"abc", "bad_syntax line 1, column 14: a text is not closed"},
        {"[\n{\"site\":\"\xFFx\"}]", "bad_syntax line 2, column 10: not UTF-8"},
        {std::string{"[{\"site\":\"\0\"}]", 14}, "bad_syntax line 1, column 11: a control character stands inside a text"},
        {"[truE]", "bad_syntax line 1, column 2: not a value"},
        {"3", "bad_syntax line 1, column 1: neither an array nor an object"},
        {"{\"records\":5}", "bad_value line 1, column 12: 'records' is not an array"},
        {"{\"records\":[],\"more\":1}", "unknown_field line 1, column 22: only one member 'records' may be here, not 'more'"},
        {deep, "bad_syntax line 1, column 34: nested too deep"},
        {"[" + deep_objects, "bad_syntax line 1, column 162: nested too deep"},
    };
    for (auto const& [body, failure] : cases)
        EXPECT_EQ(shown(read_json(body, names())), Lines{failure}) << body.substr(0, 80);
}

TEST(ReadJson, ReadsEscapedNamesAsTheyMean)
{
    EXPECT_EQ(shown(read_json(
                  "{\"s\\u0069te\":\"long\\u006den\",\"time\":\"2025-11-06T12:00:00Z\",\"interval\":\"4h\",\"values\":{\"\\u0070h\":7}}",
                  names())),
              Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7"});
    auto const smile =
        read_json(R"([{"site":"\ud83d\ude00\n\"","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}}])", names());
    EXPECT_EQ(smile->refused[0].site, "😀\n\"");
}

TEST(ReadJson, RemembersNamesOfTheRecordBeforeWithoutMixingThemUp)
{
    EXPECT_EQ(
        shown(read_json(R"([{"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7,"codmn":2}},
        {"site":"zhangliuzhuang","time":"2025-11-06T16:00:00Z","interval":"hour","values":{"codmn":2,"ph":7,"cod":9}},
        {"site":"longmen","time":"2025-11-06T99:00:00Z","interval":"hour","values":{"codmn":2}},
        {"site":"longmen","time":"2025-11-06T16:00:00Z","interval":"hour","values":{"codmn":3}}])",
                        names())),
        (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7 codmn=2", "zhangliuzhuang hour 2025-11-06T16:00:00Z normal ph=7 codmn=2 cod=9",
               "longmen hour 2025-11-06T16:00:00Z normal codmn=3",
               "2 bad_time record 2: time: '2025-11-06T99:00:00Z' is not a time of day"}));
}

TEST(ReadNdjson, ReadsLinesAndRefusesBadOnesAlone)
{
    std::string const good = R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})";
    std::string const body = good + "\r\n\n{\"site\":\n" + good + " x\nnot json\n{\"site\":\"\xFF\"}\n[1]\n" + good;
    auto const batch = read_ndjson(body, names());

    EXPECT_EQ(shown(batch), (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7", "longmen 4h 2025-11-06T12:00:00Z normal ph=7",
                                   "1 bad_syntax line 3, column 9: a value is missing",
                                   "2 bad_syntax line 4, column " + std::to_string(good.size() + 2) + ": something follows the end",
                                   "3 bad_syntax line 5, column 1: not a value", "4 bad_syntax line 6: not UTF-8",
                                   "5 bad_syntax line 7: a record is an object"}));
    EXPECT_EQ(batch->records[0].raw, good);
    EXPECT_EQ(batch->records[1].index, 6U);
    EXPECT_EQ(batch->refused[1].raw, good + " x");
}

TEST(ReadNdjson, TakesFilesThatWereJoinedWithTheirMarksOfByteOrder)
{
    std::string const mark = "\xEF\xBB\xBF";
    std::string const good = R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})";
    auto const text = mark + good + "\n" + mark + good + "\n " + mark + mark + good;
    auto const batch = read_ndjson(text, names());
    EXPECT_EQ(shown(batch), (Lines(3, "longmen 4h 2025-11-06T12:00:00Z normal ph=7")));
    EXPECT_EQ(batch->records[2].raw, good);
}

TEST(ReadJson, RefusesABodyAsAWholeWhenTooMuchOfItIsBad)
{
    std::string array = "[1", lines, rows = "site,time,interval,ph\n", long_rows = "site,time,interval,parameter,value\n";
    for (int i = 0; i < 10'000; ++i) {
        array += ",1";
        lines += "1\n";
        rows += "x\n";
        long_rows += "longmen,2025-11-06T12:00:00." + std::to_string(i) + "Z,4h,phh,1\n";
    }
    EXPECT_EQ(shown(read_json(array + "]", names())),
              Lines{"too_large more than 10000 records would be refused; the first: record 0: a record is an object"});
    EXPECT_EQ(read_ndjson(lines, names())->refused.size(), 10'000U);
    EXPECT_EQ(read_csv(rows, names())->refused.size(), 10'000U);
    EXPECT_EQ(read_ndjson(lines + "1\n", names()).error().code, Errc::too_large);
    EXPECT_EQ(read_csv(rows + "x\n", names()).error().code, Errc::too_large);
    for (int i = 0; i < 10'000; ++i)
        long_rows += "longmen,2025-11-06T12:00:01." + std::to_string(i) + "Z,4h,phh,1\n";
    EXPECT_EQ(read_csv(long_rows, names()).error().code, Errc::too_large);
}

TEST(ReadJson, SurvivesEveryCutAndRandomDamage)
{
    std::string const body =
        R"([{"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","status":null,"values":{"ph":{"value":7.10,"flag":"T","unit":"dimensionless"},"codmn":"--"}},
 {"site":"\u00e9","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":-1.5E+2}}])";
    ASSERT_TRUE(read_json(body, names()));
    for (std::size_t n = 0; n < body.size(); ++n) {
        std::string const cut = body.substr(0, n);               // its own allocation: reading past the end would show
        EXPECT_FALSE(read_json(cut, names())) << cut;
        EXPECT_TRUE(read_ndjson(cut, names()));
    }
    std::mt19937 random{7};
    for (int i = 0; i < 20'000; ++i) {
        std::string damaged = body;
        for (int k = 0; k < 3; ++k)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        auto const batch = read_json(damaged, names());
        if (batch)
            EXPECT_EQ(batch->records.size() + batch->refused.size() <= 8, true);
    }
}

}  // namespace
}  // namespace yihong
