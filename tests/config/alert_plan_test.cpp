#include "alert_plan_fixture.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace yihong::alert_plan_testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }

TEST(AlertPlan, RefusesHoursThatAreNone)
{
    EXPECT_EQ(only_failure("[quiet]\nfrom = \"24:00\"\n").detail, "alerts.toml:2:8: quiet.from: must be before 24:00");
    EXPECT_EQ(only_failure("[quiet]\nuntil = \"06:00\"\n").code, Errc::unknown_field);
    EXPECT_EQ(only_failure("[digest]\nat = \"24:00\"\n").detail,
              "alerts.toml:2:6: digest.at: \"24:00\" is neither a time of day from 00:00 to 23:59 nor \"off\"");
    EXPECT_EQ(only_failure("[escalation]\nrepeat_every = \"25h\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[life]\nknown_after = \"90m\"\n").code, Errc::bad_value);
    EXPECT_EQ(plan_of("[digest]\nat = \"07:15\"\n").digest_at, 7h + 15min);
}

TEST(AlertPlan, RulesOfTheStationItselfLastADayByDefault)
{
    for (std::string const kind : {"out_of_service", "item_gap", "item_owed"})
        EXPECT_EQ(plan_of("rules = [{ id = \"a\", kind = \"" + kind + "\" }]").rules.at(0).after, 24h) << kind;
    EXPECT_EQ(failures_of("rules = [{ id = \"a\", kind = \"out_of_service\", parameters = [\"ph\"] }]").size(), 1U);
    EXPECT_EQ(failures_of("rules = [{ id = \"a\", kind = \"item_gap\", class = 3 }]").size(), 1U);
}

TEST(AlertPlan, ReadsEveryKeyOfARule)
{
    auto const plan = plan_of(R"(
[[rules]]
id = "a"
kind = "worse_than_class"
title = "甲"
title_en = "A"
severity = "high"
scope = { level = "national", kind = ["water_section", "lake_section"], river = "汾河", county = ["河津市"], zone = "clean-heating", site = "s", assessed_for = ["临汾市侯马市"] }
parameters = ["codmn", "w21003"]
class = 4
records = 2
min_gap = "3h"
recover_records = 5
channels = "duty"
[[rules]]
id = "b"
kind = "jump"
factor = 1.5
window = "14d"
min_records = 20
class = 3
[[rules]]
id = "c"
kind = "discharge"
limits = { ph = { low = 6, high = 9 }, cod = 40.5, chlorine = { low = 0.5 } }
standard = "DB14/1928-2019"
[[rules]]
id = "d"
kind = "data_gap"
after = "90m"
[[rules]]
id = "e"
kind = "frozen"
[[rules]]
id = "f"
kind = "heavy"
multiple = 2
[[rules]]
id = "g"
kind = "approaching"
percent = 80
[[rules]]
id = "h"
kind = "aqi"
aqi = 100
records = 3
)");

    ASSERT_EQ(plan.rules.size(), 8U);
    AlertRule a;
    a.id = "a";
    a.title = "甲";
    a.title_en = "A";
    a.severity = AlertSeverity::high;
    a.scope = {
        {SiteKind::water_section, SiteKind::lake_section}, {"national"}, {"汾河"}, {"河津市"}, {"clean-heating"}, {"s"}, {"临汾市侯马市"}};
    a.parameters = {"codmn", "w21003"};
    a.water_class = 4;
    a.records = 2;
    a.min_gap = 180min;
    a.recover_records = 5;
    a.channels = {"duty"};
    EXPECT_EQ(plan.rules[0], a);
    AlertRule b;
    b.id = b.title = "b";
    b.kind = RuleKind::jump;
    b.factor = Decimal{15, 1};
    b.window = days{14};
    b.min_records = 20;
    EXPECT_EQ(plan.rules[1], b);
    EXPECT_EQ(
        plan.rules[2].limits,
        (std::vector<DischargeLimit>{{"chlorine", Decimal{5, 1}, {}}, {"cod", {}, Decimal{405, 1}}, {"ph", Decimal{6, 0}, Decimal{9, 0}}}));
    EXPECT_EQ(plan.rules[2].standard, "DB14/1928-2019");
    EXPECT_EQ(plan.rules[3].after, 90min);
    EXPECT_EQ(plan.rules[4].records, 6) << "a default of the kind";
    EXPECT_EQ(plan.rules[5].multiple, (Decimal{2, 0}));
    EXPECT_EQ(plan.rules[6].percent, 80);
    EXPECT_EQ(std::pair(plan.rules[7].aqi, plan.rules[7].records), std::pair(100, 3));
}

TEST(AlertPlan, ReadsGradesOfSewagePlants)
{
    auto const plan = plan_of(R"toml(
[[rules]]
id = "a"
kind = "discharge"
grade = "1A"
limits = { cod = 40, ammonia_nitrogen = { high = 2, cold_high = 3 } }
)toml");
    auto const& limits = plan.rules.at(0).limits;
    auto const of = [&](std::string_view name) { return *std::ranges::find(limits, name, &DischargeLimit::parameter); };
    EXPECT_EQ(of("cod"), (DischargeLimit{"cod", {}, Decimal{40, 0}})) << "what the rule names goes before the grade";
    EXPECT_EQ(of("ammonia_nitrogen"), (DischargeLimit{"ammonia_nitrogen", {}, Decimal{2, 0}, Decimal{3, 0}}));
    EXPECT_EQ(of("total_nitrogen").high, (Decimal{15, 0}));
    EXPECT_EQ(of("total_phosphorus").high, (Decimal{5, 1}));
    EXPECT_EQ(plan.rules[0].standard, "GB 18918-2002 一级A");
    EXPECT_EQ(only_failure("[[rules]]\nid = \"a\"\nkind = \"discharge\"\ngrade = \"3\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[[rules]]\nid = \"a\"\nkind = \"discharge\"\n").code, Errc::missing_field);
    EXPECT_EQ(only_failure("[[rules]]\nid = \"a\"\nkind = \"discharge\"\nlimits = { cod = { cold_high = 8 } }\n").code, Errc::bad_value);
}

TEST(AlertPlan, ReadsAFilterOfSites)
{
    auto const plan = plan_of(R"toml(
[[rules]]
id = "a"
kind = "heavy"
scope = { level = "national", filter = "target_class <= 3 AND river = '汾河' AND S_WITHIN(geometry, BBOX(110, 34, 112, 36))" }
)toml");
    ASSERT_EQ(plan.rules.size(), 1U);
    auto const& scope = plan.rules[0].scope;
    EXPECT_TRUE(scope.filter.text.starts_with("target_class <= 3"));
    auto without = scope;
    without.filter = {};
    EXPECT_FALSE(scope == without) << "a filter makes another scope";
    Site site;
    site.position = LonLat{111, 35};
    site.level = "national";
    site.water_body = "汾河";
    site.target_class = 3;
    EXPECT_TRUE(covers(scope, site, {}));
    auto const with = [&](auto change) {
        auto other = site;
        change(other);
        return covers(scope, other, {});
    };
    EXPECT_FALSE(with([](Site& s) { s.level = "municipal"; })) << "the lists hold beside it";
    EXPECT_FALSE(with([](Site& s) { s.target_class = 4; }));
    EXPECT_FALSE(with([](Site& s) { s.target_class = {}; })) << "without a target nothing is said";
    EXPECT_FALSE(with([](Site& s) { s.water_body = "黄河"; }));
    EXPECT_FALSE(with([](Site& s) { s.position = LonLat{113, 35}; }));
}

TEST(AlertPlan, ReadsPeopleAndCalendar)
{
    auto const plan = plan_of(R"(
calendar = { working_days = true, holidays = ["2026-10-02", "2026-10-01"], workdays = ["2026-10-10"] }
ledger = { from = "high", assign_days = 2, assign_within = "2h", progress_days = 4, resolve_days = 10, major_months = 2, remind_before = "12h" }
escalation = { acknowledge_within = "0m", from = "notice", repeat_every = "2h" }
quiet = { from = "23:00", to = "06:30" }
digest = { at = "off" }
life = { reopen_within = "2d", upstream_hours = 24, known_after = "3d" }
[[duty]]
contacts = ["zhang", "li"]
begin = "2026-10-01T08:00:00+08:00"
end = "2026-10-02T08:00:00+08:00"
[[routes]]
scope = { county = "河津市" }
level = 2
contacts = "li"
channels = ["city"]
[[maintenance]]
scope = { site = ["a", "b"] }
begin = "2026-12-01T09:00:00+08:00"
end = "2026-12-03T18:00:00+08:00"
[[contacts]]
id = "zhang"
[[contacts]]
id = "li"
name = "李四"
role = "河长办"
phone = "+86 (359) 123-4567"
email = "li.si+duty@example.cn"
)");

    AlertPlan expected;
    expected.contacts = {{.id = "zhang", .name = "zhang"},
                         {.id = "li", .name = "李四", .role = "河长办", .phone = "+86 (359) 123-4567", .email = "li.si+duty@example.cn"}};
    expected.duty = {{{"zhang", "li"}, at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z"), 0, 0min, 24h}};
    expected.routes = {{{.counties = {"河津市"}}, 2, {"li"}, {"city"}, false}};
    expected.maintenance = {{{.sites = {"a", "b"}}, at("2026-12-01T01:00:00Z"), at("2026-12-03T10:00:00Z"), ""}};
    expected.calendar = {true, {parse_date("2026-10-01").value(), parse_date("2026-10-02").value()}, {parse_date("2026-10-10").value()}};
    expected.ledger_from = AlertSeverity::high;
    expected.assign_days = 2;
    expected.assign_within = std::chrono::hours{2};
    expected.progress_days = 4;
    expected.resolve_days = 10;
    expected.major_months = 2;
    expected.remind_before = 12h;
    expected.acknowledge_within = 0min;
    expected.escalate_from = AlertSeverity::notice;
    expected.reopen_within = 48h;
    expected.upstream_hours = 24h;
    expected.repeat_every = 2h;
    expected.quiet = {23h, 6h + 30min};
    expected.digest_at.reset();
    expected.known_after = 72h;
    EXPECT_EQ(plan, expected);
}

TEST(AlertPlan, KeysOfOtherKindsAreErrors)
{
    for (std::string const rest : {
             "kind = \"silence\", percent = 90",
             "kind = \"silence\", records = 2",
             "kind = \"silence\", parameters = \"ph\"",
             "kind = \"jump\", records = 2",
             "kind = \"heavy\", class = 3",
             "kind = \"worse_than_target\", class = 3",
             "kind = \"frozen\", min_gap = \"3h\"",
             "kind = \"aqi\", min_gap = \"3h\"",
             "kind = \"aqi\", parameters = \"pm25\"",
             "kind = \"month_mean\", records = 2",
             "kind = \"year_mean\", recover_records = 2",
             "kind = \"year_mean\", target = 75.0",
             "kind = \"good_days\", target = 75.0, min_months = 2",
             "kind = \"discharge_day\", limits = { cod = 40 }",
             "kind = \"over_range\", aqi = 100",
             "kind = \"worse_than_class\", limits = { cod = 40 }",
             "kind = \"worse_than_class\", filter = \"county = '盐湖区'\"",
         }) {
        auto const failure = only_failure("rules = [{ id = \"a\", " + rest + " }]\n");
        EXPECT_EQ(failure.code, Errc::unknown_field) << failure.detail;
    }
}

TEST(AlertPlan, RefusesWrongValues)
{
    std::string const rule = "rules = [{ id = \"a\", kind = ";
    std::string const contact = "contacts = [{ id = \"a\" ";
    std::string const duty = "contacts = [{ id = \"a\" }]\nduty = [{ contacts = \"a\", ";
    for (std::string const& text : {
             rule + "\"worse\" }]",
             rule + "\"heavy\", severity = \"loud\" }]",
             rule + "\"heavy\", multiple = \"1\" }]",
             rule + "\"heavy\", multiple = 0 }]",
             rule + "\"heavy\", multiple = nan }]",
             rule + "\"heavy\", records = 0 }]",
             rule + "\"heavy\", recover_records = 0 }]",
             rule + "\"heavy\", min_gap = \"30s\" }]",
             rule + "\"heavy\", scope = { level = \"county\" } }]",
             rule + "\"heavy\", scope = { kind = \"river\" } }]",
             rule + "\"heavy\", scope = { site = [] } }]",
             rule + "\"heavy\", scope = { site = [1] } }]",
             rule + "\"heavy\", scope = { filter = 1 } }]",
             rule + "\"heavy\", scope = { filter = \"level = \" } }]",
             rule + "\"heavy\", scope = { filter = \"water_class > 3\" } }]",
             rule + "\"heavy\", scope = { filter = \"target_class\" } }]",
             rule + "\"heavy\", scope = \"a\" }]",
             rule + "\"heavy\", channels = [] }]",
             rule + "\"heavy\", title = 1 }]",
             rule + "\"worse_than_class\", class = 0 }]",
             rule + "\"worse_than_class\", class = 6 }]",
             rule + "\"jump\", factor = 1.0 }]",
             rule + "\"jump\", window = \"12h\" }]",
             rule + "\"jump\", min_records = 0 }]",
             rule + "\"approaching\", percent = 101 }]",
             rule + "\"aqi\", aqi = 501 }]",
             rule + "\"silence\", after = 8 }]",
             rule + "\"silence\", after = \"0m\" }]",
             rule + "\"frozen\", records = 1 }]",
             rule + "\"discharge\", limits = {} }]",
             rule + "\"discharge\", limits = { cod = \"40\" } }]",
             rule + "\"discharge\", limits = { ph = {} } }]",
             rule + "\"discharge\", limits = { ph = { low = 9, high = 6 } } }]",
             rule + "\"discharge\", limits = { ph = { low = 6, top = 9 } } }]",
             rule + "\"discharge\", limits = { cod = inf } }]",
             contact + ", phone = \"call me\" }]",
             contact + ", phone = \"1\" }]",
             contact + ", email = \"duty\" }]",
             contact + ", email = \"@example.cn\" }]",
             contact + ", email = \"duty@\" }]",
             contact + ", email = \"a@b@c\" }]",
             contact + ", email = \"a b@example.cn\" }]",
             contact + ", email = \"<a@example.cn>\" }]",
             contact + ", email = \"a@example.cn,b@example.cn\" }]",
             contact + ", email = \"a@example.cn\\nBcc: b@example.cn\" }]",
             duty + "weekdays = [\"monday\"] }]",
             duty + "from = \"8:00\" }]",
             duty + "from = \"24:00\" }]",
             duty + "to = \"24:01\" }]",
             duty + "to = \"08:60\" }]",
             duty + "to = \"ab:cd\" }]",
             duty + "from = 8 }]",
             duty + "begin = 2026-10-01T08:00:00+08:00, end = \"2026-10-02T08:00:00+08:00\" }]",
             duty + "begin = \"2026-10-02T08:00:00+08:00\", end = \"2026-10-02T08:00:00+08:00\" }]",
             duty + "begin = \"2026-10-01T08:00:00+08:00\", end = \"2026-10-02T08:00:00+08:00\", from = \"08:00\" }]",
             std::string{"routes = [{ on_duty = true, level = 10 }]"},
             std::string{"routes = [{ on_duty = true, level = -1 }]"},
             std::string{"maintenance = [{ scope = {}, begin = \"2026-10-01T08:00:00Z\", end = \"2026-10-02T08:00:00Z\" }]"},
             std::string{"maintenance = [{ scope = { site = \"a\" }, begin = \"2026-10-03T08:00:00Z\", end = \"2026-10-02T08:00:00Z\" }]"},
             std::string{"calendar = { holidays = [2026-10-01] }"},
             std::string{"calendar = { holidays = [\"2026-10-10\"], workdays = [\"2026-10-10\"] }"},
             std::string{"calendar = { workdays = [\"2026-10-09\"] }"},
             std::string{"ledger = { assign_days = 0 }"},
             std::string{"ledger = { assign_days = 4 }"},
             std::string{"ledger = { assign_within = \"25h\" }"},
             std::string{"ledger = { resolve_days = 2 }"},
             std::string{"ledger = { resolve_days = 29 }"},
             std::string{"ledger = { remind_before = \"90m\" }"},
             std::string{"escalation = { acknowledge_within = \"8d\" }"},
             std::string{"life = { upstream_hours = \"48h\" }"},
             std::string{"rules = {}"},
         }) {
        auto const failure = only_failure(text + "\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << text << "\n" << failure.detail;
        EXPECT_TRUE(failure.detail.starts_with("alerts.toml:")) << failure.detail;
    }
}

TEST(AlertPlan, UnderstandsTheFormerNameOfADataGapAndSaysSo)
{
    ::testing::internal::CaptureStderr();
    auto const plan = parse_alert_plan("[[rules]]\nid = \"old\"\nkind = \"silence\"\nafter = \"9h\"\n", "alerts.toml");
    auto const told = ::testing::internal::GetCapturedStderr();
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->rules.at(0).kind, RuleKind::data_gap);
    EXPECT_EQ(plan->rules.at(0).after, 9h);
    EXPECT_NE(told.find("config_outdated"), std::string::npos) << told;
    EXPECT_NE(told.find("alerts.toml:3:8: rules[0].kind: "), std::string::npos) << told;
}

TEST(AlertPlan, TellsEveryProblemWithItsPlace)
{
    auto const failures = failures_of(R"([[rules]]
id = "silent"
kind = "data_gap"
percent = 90
[[rules]]
id = "silent"
kind = "discharge"
[[rules]]
title = "x"
[[duty]]
contacts = ["nobody"]
begin = "2026-10-01 08:00"
[[routes]]
level = 1
[[maintenance]]
reason = "x"
[calendar]
holidays = ["2026-02-30", "2026-10-01", "2026-10-01"]
[leger]
)");

    std::vector<std::pair<Errc, std::string>> const expected{
        {Errc::unknown_field,
         "alerts.toml:4:1: rules[0].percent: is not a key here; the keys are id, kind, title, title_en, severity, scope, recover_records, "
         "channels, after"},
        {Errc::missing_field, "alerts.toml:5:1: rules[1].limits: is missing"},
        {Errc::duplicate_id, "alerts.toml:6:6: rules[1].id: \"silent\" is the id of another of the rules too"},
        {Errc::missing_field, "alerts.toml:8:1: rules[2].id: is missing"},
        {Errc::missing_field, "alerts.toml:8:1: rules[2].kind: is missing"},
        {Errc::missing_field, "alerts.toml:10:1: duty[0].end: is missing"},
        {Errc::not_found, "alerts.toml:11:12: duty[0].contacts: no [[contacts]] has the id \"nobody\""},
        {Errc::bad_time, "alerts.toml:12:9: duty[0].begin: "},
        {Errc::missing_field,
         "alerts.toml:13:1: routes[0].contacts: the route leads to nobody; give contacts, channels, or on_duty = true"},
        {Errc::missing_field, "alerts.toml:15:1: maintenance[0].scope: is missing"},
        {Errc::missing_field, "alerts.toml:15:1: maintenance[0].begin: is missing"},
        {Errc::missing_field, "alerts.toml:15:1: maintenance[0].end: is missing"},
        {Errc::bad_time, "alerts.toml:18:12: calendar.holidays: "},
        {Errc::duplicate_id, "alerts.toml:18:12: calendar.holidays: 2026-10-01 stands here twice"},
        {Errc::unknown_field, "alerts.toml:19:2: leger: is not a key here"},
    };
    ASSERT_EQ(failures.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(failures[i].code, expected[i].first) << failures[i].detail;
        EXPECT_TRUE(failures[i].detail.starts_with(expected[i].second)) << failures[i].detail << "\nis not\n" << expected[i].second;
    }
}

TEST(AlertPlan, UnreadableFileAndBrokenSyntaxAreNamed)
{
    TemporaryFolder const folder;
    auto const none = load_alert_plan(folder.path() / "none.toml");
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().front().code, Errc::broken_file);
    EXPECT_NE(none.error().front().detail.find("none.toml"), std::string::npos);

    auto const broken = load_alert_plan(folder.write("broken.toml", "[[rules]\n"));
    ASSERT_FALSE(broken.has_value());
    EXPECT_EQ(broken.error().front().code, Errc::bad_syntax);
    EXPECT_NE(broken.error().front().detail.find("broken.toml:1:"), std::string::npos);
}

TEST(CheckPlan, TellsOfNamesThatNothingHas)
{
    auto const plan = plan_of(R"(
[[rules]]
id = "a"
kind = "worse_than_class"
scope = { river = ["汾河", "涑水"], assessed_for = ["临汾市", "长治市"], county = "河津", zone = "hot", site = "nowhere" }
parameters = ["codmn", "w01019", "cod_mn"]
channels = ["duty", "dutty"]
[[rules]]
id = "b"
kind = "discharge"
limits = { codmn = 40, nitrogen = 1 }
[[routes]]
scope = { county = "河津市" }
channels = "nobody"
[[maintenance]]
scope = { site = ["zhangliuzhuang", "zhang"] }
begin = "2026-12-01T09:00:00+08:00"
end = "2026-12-03T18:00:00+08:00"
)");
    PlanNames const names{{"zhangliuzhuang"}, {"河津市"}, {"汾河"}, {"clean-heating"}, {"duty"}, {"codmn", "w01019"}, {"临汾市侯马市"}};

    EXPECT_EQ(check_plan(plan, names),
              (std::vector<Failure>{
                  {Errc::not_found, "rules[0] (\"a\"): scope.river: neither a site's water_body nor a river layer has the name \"涑水\""},
                  {Errc::not_found, "rules[0] (\"a\"): scope.county: no boundary layer has a county named \"河津\""},
                  {Errc::not_found, "rules[0] (\"a\"): scope.zone: no zone has the id \"hot\""},
                  {Errc::not_found, "rules[0] (\"a\"): scope.assessed_for: no site is assessed for \"长治市\""},
                  {Errc::unknown_site, "rules[0] (\"a\"): scope.site: no site file has a site \"nowhere\""},
                  {Errc::unknown_parameter, "rules[0] (\"a\"): parameters: parameters.toml has neither the code nor the name \"cod_mn\""},
                  {Errc::not_found, "rules[0] (\"a\"): channels: no [[channels]] has the id \"dutty\""},
                  {Errc::unknown_parameter, "rules[1] (\"b\"): limits: parameters.toml has neither the code nor the name \"nitrogen\""},
                  {Errc::not_found, "routes[0]: channels: no [[channels]] has the id \"nobody\""},
                  {Errc::unknown_site, "maintenance[0]: scope.site: no site file has a site \"zhang\""},
              }));
    EXPECT_TRUE(check_plan(AlertPlan{}, {}).empty());
}

}  // namespace
}  // namespace yihong::alert_plan_testing
