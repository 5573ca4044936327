#include "alert_plan_fixture.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

/// config/alerts.toml, the file that ships: its rules, its explanations, its examples.
namespace yihong::alert_plan_testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

std::filesystem::path const shipped{YIHONG_SOURCE_DIR "/config/alerts.toml"};

std::string shipped_text()
{
    std::ifstream in{shipped};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> keys_in(Failure const& unknown)
{
    auto const keys = unknown.detail.substr(unknown.detail.find("the keys are ") + 13);
    std::vector<std::string> all;
    std::regex const word{"[a-z_]+"};
    for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it)
        all.push_back(it->str());
    return all;
}

AlertRule const& rule(AlertPlan const& plan, std::string_view id)
{
    auto const found = std::ranges::find(plan.rules, id, &AlertRule::id);
    EXPECT_NE(found, plan.rules.end()) << id;
    return found == plan.rules.end() ? plan.rules.front() : *found;
}

TEST(AlertPlan, WithoutAFileIsTheFileThatShips)
{
    auto const plan = load_alert_plan(shipped);

    ASSERT_TRUE(plan.has_value()) << plan.error().front().detail;
    EXPECT_EQ(*plan, default_alert_plan());
}

TEST(AlertPlan, ShippedFileShowsTheDefaultsBesideTheRules)
{
    auto const plan = load_alert_plan(shipped).value();
    auto defaults = AlertPlan{};
    defaults.rules = plan.rules;

    EXPECT_EQ(plan, defaults);
    EXPECT_EQ(plan_of(""), AlertPlan{});
}

TEST(AlertPlan, ShippedRulesAreTheProposals)
{
    auto const plan = load_alert_plan(shipped).value();

    std::vector<std::string> ids;
    for (auto const& one : plan.rules) {
        ids.push_back(one.id);
        EXPECT_NE(one.title, one.id) << "has a Chinese title";
        EXPECT_NE(one.title_en, "") << one.id;
        EXPECT_TRUE(one.channels.empty()) << one.id;
    }
    EXPECT_EQ(
        ids,
        (std::vector<std::string>{
            "exceed-notice", "below-class-iii",        "heavy",       "below-target", "jump",           "approaching-iii", "month-mean",
            "aqi-over-200",  "sewage-plant-discharge", "year-target", "plant-day",    "over-range",     "silence-water",   "silence-air",
            "frozen",        "out-of-service",         "item-gap",    "item-owed",    "outbox-stalled", "store-full",      "no-data",
            "clock-jump"}));
    for (auto const kind : all_rule_kinds)                  // a target of good days is everybody's own: an example
        EXPECT_EQ(std::ranges::find(plan.rules, kind, &AlertRule::kind) != plan.rules.end(), kind != RuleKind::good_days) << to_text(kind);

    EXPECT_EQ(rule(plan, "exceed-notice").severity, AlertSeverity::notice);
    auto const& twice = rule(plan, "below-class-iii");
    EXPECT_EQ(std::tuple(twice.water_class, twice.records, twice.min_gap, twice.recover_records, twice.severity),
              std::tuple(3, 2, 180min, 3, AlertSeverity::alert));
    EXPECT_EQ(rule(plan, "heavy").multiple, (Decimal{1, 0}));
    EXPECT_EQ(rule(plan, "heavy").severity, AlertSeverity::high);
    auto const& jump = rule(plan, "jump");
    EXPECT_EQ(std::tuple(jump.factor, jump.window, jump.min_records, jump.water_class), std::tuple(Decimal(2, 0), days{7}, 12, 2));
    auto const& aqi = rule(plan, "aqi-over-200");
    EXPECT_EQ(std::tuple(aqi.aqi, aqi.records, aqi.severity), std::tuple(200, 3, AlertSeverity::alert));
    EXPECT_EQ(rule(plan, "silence-water").after, 9h);
    EXPECT_EQ(rule(plan, "silence-air").after, 3h);
    EXPECT_EQ(rule(plan, "frozen").records, 6);
    EXPECT_EQ(rule(plan, "sewage-plant-discharge").limits,
              (std::vector<DischargeLimit>{
                  {"ammonia_nitrogen", {}, Decimal{2, 0}}, {"cod", {}, Decimal{40, 0}}, {"total_phosphorus", {}, Decimal{4, 1}}}));
}

TEST(AlertPlan, ShippedFileExplainsEveryKey)
{
    auto const text = shipped_text();
    for (std::string const table : {"calendar", "ledger", "escalation", "life"}) {
        for (auto const& key : keys_in(only_failure("[" + table + "]\nno_such_key = 1\n")))
            EXPECT_NE(text.find("\n" + key + " = "), std::string::npos) << table << "." << key;
    }
    std::array<std::pair<std::string, std::string>, 5> const arrays{{
        {"The keys of every rule:", "rules = [{ id = \"a\", kind = \"KIND\", limits = { cod = 1 }, no_such_key = 1 }]"},
        {"The keys of a contact:", "contacts = [{ id = \"a\", no_such_key = 1 }]"},
        {"The keys of a shift:", "contacts = [{ id = \"a\" }]\nduty = [{ contacts = \"a\", no_such_key = 1 }]"},
        {"The keys of a route:", "routes = [{ on_duty = true, no_such_key = 1 }]"},
        {"raise nothing. The keys:",
         "maintenance = [{ scope = { site = \"a\" }, begin = \"2026-01-01T00:00:00Z\", end = \"2026-01-02T00:00:00Z\", no_such_key = 1 }]"},
    }};
    for (auto const& [heading, sample] : arrays) {
        auto const begin = text.find(heading);
        ASSERT_NE(begin, std::string::npos) << heading;
        auto const part = text.substr(begin, text.find("\n\n", begin) - begin);
        for (auto const kind : all_rule_kinds) {
            auto one = std::regex_replace(sample, std::regex{"KIND"}, std::string{to_text(kind)});
            if (kind != RuleKind::discharge)
                one = std::regex_replace(one, std::regex{" limits = [^}]*[}],"}, kind == RuleKind::good_days ? " target = 75," : "");
            for (auto const& key : keys_in(only_failure(one)))
                EXPECT_TRUE(std::regex_search(part, std::regex{"\n#   ([a-z_]+ )*" + key + " "})) << heading << " " << key;
            EXPECT_TRUE(heading != arrays[0].first || part.find(std::string{to_text(kind)}) != std::string::npos) << to_text(kind);
        }
    }
}

TEST(AlertPlan, ExamplesOfTheShippedFileWorkWithoutTheirCommentSigns)
{
    std::regex const example{"\n# (\\[\\[[a-z]+\\]\\]|[a-z_]+ = .*)(?=\n)"};
    auto const plan = plan_of(std::regex_replace(shipped_text(), example, "\n$1"));

    EXPECT_EQ(rule(plan, "good-days-near").percent, 80);
    EXPECT_EQ(rule(plan, "good-days-used-up").percent, 100);
    EXPECT_EQ(rule(plan, "good-days-used-up").target, (Decimal{75, 0}));
    ASSERT_EQ(plan.contacts.size(), 2U);
    EXPECT_EQ(plan.contacts[0],
              (Contact{.id = "zhang", .name = "张三", .role = "市生态环境局值班室", .phone = "0359-0000000", .email = "duty@example.cn"}));
    ASSERT_EQ(plan.duty.size(), 2U);
    EXPECT_EQ(plan.duty[0], (DutyShift{{"zhang"}, {}, {}, 0b11111, 8h, 20h}));
    EXPECT_EQ(plan.duty[1], (DutyShift{{"li"}, {}, {}, 0, 20h, 8h}));
    ASSERT_EQ(plan.routes.size(), 2U);
    EXPECT_EQ(plan.routes[0].scope.counties, (std::vector<std::string>{"河津市", "稷山县"}));
    EXPECT_TRUE(plan.routes[0].on_duty);
    EXPECT_EQ(plan.routes[1].level, 1);
    ASSERT_EQ(plan.maintenance.size(), 1U);
    EXPECT_EQ(plan.maintenance[0].reason, "更换采水泵");
}

}  // namespace
}  // namespace yihong::alert_plan_testing
