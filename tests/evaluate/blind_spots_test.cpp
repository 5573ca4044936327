// What rules did not see: rounds sent twice, gaps, stations out of service, items that are missing.
#include "testing.hpp"

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/owed_parameters.hpp"

#include <random>

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

UtcTime const begin = *parse_rfc3339("2026-11-01T00:00:00+08:00");

AlertRule rule(std::string id, RuleKind kind, AlertSeverity severity = AlertSeverity::notice, int records = 1)
{
    AlertRule made;
    made.id = std::move(id);
    made.kind = kind;
    made.severity = severity;
    made.records = records;
    made.after = 24h;
    return made;
}

/// A national section with the rules that it is watched by, and what it has sent.
class Watch {
public:
    explicit Watch(std::vector<AlertRule> rules)
    {
        plan.rules = std::move(rules);
        site.id = "zhangliuzhuang";
        site.level = "national";
        site.target_class = 3;
        site.number = 1;
        compiled = rules_for(plan, site, facts, book().parameters());
    }
    AlertStepInput input() const { return {compiled, &site, &book(), excluded}; }

    void add(Values values, UtcTime time, StationStatus status = StationStatus::normal, IntervalKind interval = IntervalKind::four_hours)
    {
        auto made = record(values, interval);
        made.time = time;
        made.received_at = time + period_length(interval) + 5min;
        made.status = status;
        made.verdict = judge(made, SiteKind::water_section, book());
        add(std::move(made));
    }
    void add(Record made)
    {
        records.push_back(std::move(made));
        heard = heard_after(heard, records.back());
        items.take(records.back());
        auto const now = records.back().received_at;
        causes =
            step_record(input(), causes, [this](std::size_t i) { return i < records.size() ? &records[records.size() - 1 - i] : nullptr; });
        causes = step_time(input(), causes, *heard, begin, now);
        causes = step_items(input(), causes, items, records.back());
    }
    void tick(UtcTime now) { causes = step_time(input(), causes, *heard, awake_since, now); }
    std::optional<UtcTime> due() const { return due_from(input(), *heard, awake_since); }

    AlertCause const* holds(std::string_view id) const
    {
        auto const found = std::ranges::find(causes, id, &AlertCause::rule);
        return found == causes.end() ? nullptr : &*found;
    }
    std::vector<std::string> items_of(std::string_view id) const
    {
        std::vector<std::string> names;
        if (auto const* cause = holds(id))
            for (auto const& item : cause->items)
                names.push_back(name(item.parameter));
        return names;
    }

    AlertPlan plan;
    Site site;
    OverlayFacts facts;
    std::vector<CompiledRule> compiled;
    std::function<bool(UtcTime)> excluded;
    UtcTime awake_since = begin;
    std::vector<Record> records;
    std::optional<LastHeard> heard;
    ItemsHeard items;
    std::vector<AlertCause> causes;
};

/// One round: the four chemical items, and oxygen, which is measured anew each time.
struct Round {
    std::string_view codmn, ammonia, oxygen;
};

std::string drawn(Watch& watch, std::vector<Round> const& rounds, std::string_view id)
{
    std::string states;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        auto const& round = rounds[i];
        watch.add({{"codmn", round.codmn}, {"ammonia_nitrogen", round.ammonia}, {"dissolved_oxygen", round.oxygen}},
                  begin + 4h * static_cast<int>(i));
        states += watch.holds(id) ? 'x' : '.';
    }
    return states;
}

AlertRule two_in_a_row()
{
    auto made = rule("twice", RuleKind::worse_than_class, AlertSeverity::alert, 2);
    made.min_gap = 3h;
    return made;
}

TEST(RepeatedRound, DoesNotRaise)
{
    Watch watch{{two_in_a_row()}};
    EXPECT_EQ(drawn(watch,
                    {{"3.1", "0.3", "8.0"}, {"4.1", "1.31", "8.1"}, {"4.1", "1.31", "8.2"}, {"4.1", "1.310", "8.3"}, {"4.0", "0.4", "8.4"}},
                    "twice"),
              ".....");
    EXPECT_EQ(drawn(watch, {{"4.1", "1.31", "8.0"}, {"4.1", "1.31", "8.1"}, {"4.2", "1.31", "8.2"}}, "twice"), "..x")
        << "the third is a measurement of its own";
}

TEST(RepeatedRound, DoesNotRecover)
{
    Watch watch{{rule("once", RuleKind::worse_than_class)}};
    EXPECT_EQ(drawn(watch,
                    {{"4.1", "1.31", "8.0"},
                     {"4.0", "0.4", "8.1"},
                     {"4.0", "0.4", "8.2"},
                     {"4.0", "0.4", "8.3"},
                     {"4.0", "0.5", "8.4"},
                     {"4.0", "0.5", "8.5"},
                     {"4.2", "0.5", "8.5"}},
                    "once"),
              "xxxxxx.");
}

TEST(RepeatedRound, IsNoneWhereOneItemAloneIsEqual)
{
    Watch watch{{two_in_a_row()}};
    watch.add({{"ammonia_nitrogen", "1.31"}, {"dissolved_oxygen", "8.0"}}, begin);
    watch.add({{"ammonia_nitrogen", "1.31"}, {"dissolved_oxygen", "8.0"}}, begin + 4h);
    EXPECT_TRUE(watch.holds("twice"));
}

TEST(RepeatedRound, OtherItemsOfTheSameRoundCount)
{
    Watch watch{{two_in_a_row()}};
    EXPECT_EQ(drawn(watch, {{"4.1", "0.3", "4.1"}, {"4.1", "0.3", "4.2"}}, "twice"), ".x") << "oxygen is of no group, and bad twice";
}

TEST(RepeatedRound, DoesNotSpeakForARoundBehindAGap)
{
    Watch watch{{rule("once", RuleKind::worse_than_class)}};
    watch.add({{"codmn", "4.1"}, {"ammonia_nitrogen", "0.3"}}, begin);
    watch.add({{"codmn", "8.1"}, {"ammonia_nitrogen", "0.3"}}, begin + 4h, StationStatus::maintenance);
    watch.add({{"codmn", "8.1"}, {"ammonia_nitrogen", "0.3"}}, begin + 60h);
    EXPECT_TRUE(watch.holds("once"));
}

TEST(RepeatedRound, FrozenStillSeesIt)
{
    auto frozen = rule("frozen", RuleKind::frozen, AlertSeverity::notice, 3);
    Watch watch{{frozen}};
    EXPECT_EQ(drawn(watch, {{"4.1", "0.3", "8.0"}, {"4.1", "0.3", "8.1"}, {"4.1", "0.3", "8.2"}}, "frozen"), "..x");
}

/// Whatever else comes, leaving out the repeats changes nothing.
TEST(RepeatedRound, IsAsIfItHadNotCome)
{
    std::mt19937 random{20210401};
    std::array<std::string_view, 4> const ammonia{"0.3", "0.4", "1.31", "2.3"};
    for (int pass = 0; pass < 200; ++pass) {
        Watch with{{rule("once", RuleKind::worse_than_class), two_in_a_row(), rule("heavy", RuleKind::heavy)}};
        Watch without{with.plan.rules};
        std::string_view last;
        for (int i = 0; i < 30; ++i) {
            bool const again = !last.empty() && random() % 3 == 0;
            auto const value = again ? last : ammonia[random() % ammonia.size()];
            auto const codmn = again ? with.records.back().find(id("codmn"))->value.to_string() : "3." + std::to_string(i % 10);
            with.add({{"codmn", codmn}, {"ammonia_nitrogen", value}}, begin + 4h * i);
            if (!again)
                without.add({{"codmn", codmn}, {"ammonia_nitrogen", value}}, begin + 4h * i);
            last = value;
            ASSERT_EQ(with.causes, without.causes) << pass << " " << i;
        }
    }
}

TEST(LookingBack, EndsAtAGap)
{
    auto frozen = rule("frozen", RuleKind::frozen, AlertSeverity::notice, 6);
    Watch watch{{frozen, rule("approaching", RuleKind::approaching)}};
    for (int i = 0; i < 6; ++i)
        watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin + std::chrono::days{60} * i);
    EXPECT_FALSE(watch.holds("frozen")) << "six equal values two months apart";
    int day = 400;
    for (auto const* const value : {"0.91", "0.93", "0.95"})
        watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", value}}, begin + std::chrono::days{day += 60});
    EXPECT_FALSE(watch.holds("approaching")) << "three rising ones";
    watch.add({{"ammonia_nitrogen", "0.96"}}, begin + std::chrono::days{day} + 4h);
    watch.add({{"ammonia_nitrogen", "0.97"}}, begin + std::chrono::days{day} + 8h);
    EXPECT_TRUE(watch.holds("approaching"));
}

TEST(OutOfService, IsToldWhenItLasts)
{
    Watch watch{{rule("gap", RuleKind::data_gap), rule("out", RuleKind::out_of_service)}};
    watch.add({{"codmn", "3.3"}}, begin);
    for (int i = 1; i <= 5; ++i)
        watch.add({{"codmn", "13.3"}}, begin + 4h * i, i % 2 ? StationStatus::maintenance : StationStatus::fault);
    EXPECT_FALSE(watch.holds("out")) << "the last came 20 h after the first";
    EXPECT_EQ(watch.due(), begin + 4h + 24h);
    watch.add({{"codmn", "13.3"}}, begin + 24h, StationStatus::maintenance);
    ASSERT_TRUE(watch.holds("out"));
    EXPECT_EQ(watch.holds("out")->since, begin + 4h) << "its first record";
    watch.add({{"codmn", "3.3"}}, begin + 32h);
    EXPECT_TRUE(watch.causes.empty());
}

TEST(OutOfService, IsToldWhenNothingComesAnyMore)
{
    Watch watch{{rule("gap", RuleKind::data_gap), rule("out", RuleKind::out_of_service)}};
    watch.add({{"codmn", "3.3"}}, begin, StationStatus::fault);
    watch.tick(begin + 24h - 1ms);
    EXPECT_TRUE(watch.causes.empty());
    watch.tick(begin + 24h);
    EXPECT_TRUE(watch.holds("out"));
    watch.tick(begin + 240h);
    EXPECT_EQ(watch.causes.size(), 1U);
    watch.add({{"codmn", "3.3"}}, begin + 241h);
    EXPECT_TRUE(watch.causes.empty());
}

TEST(OutOfService, IsNotToldOfPlannedWorkOrOfAStationThatIsStopped)
{
    Watch planned{{rule("out", RuleKind::out_of_service)}};
    planned.excluded = [](UtcTime time) { return time < begin + 100h; };
    planned.add({{"codmn", "3.3"}}, begin, StationStatus::maintenance);
    planned.tick(begin + 99h);
    EXPECT_TRUE(planned.causes.empty());
    planned.tick(begin + 100h);
    EXPECT_TRUE(planned.holds("out")) << "it was to be over";
    Watch stopped{{rule("out", RuleKind::out_of_service)}};
    stopped.add({{"codmn", "3.3"}}, begin, StationStatus::stopped);
    EXPECT_FALSE(stopped.due());
}

TEST(OutOfService, ALateStartOfTheServiceGivesItTimeToHear)
{
    Watch watch{{rule("out", RuleKind::out_of_service)}};
    watch.add({{"codmn", "3.3"}}, begin, StationStatus::maintenance);
    watch.awake_since = begin + 200h;
    EXPECT_EQ(watch.due(), begin + 224h);
}

TEST(ItemGap, IsToldOfAnItemThatStopsWhileOthersGoOn)
{
    Watch watch{{rule("item", RuleKind::item_gap)}};
    watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin);
    for (int i = 1; i <= 5; ++i)
        watch.add({{"codmn", "3.3"}}, begin + 4h * i);
    EXPECT_FALSE(watch.holds("item"));
    auto flagged = record({{"codmn", "3.4"}, {"ammonia_nitrogen", "0.2"}});
    for (auto& reading : flagged.readings)
        if (reading.parameter == id("ammonia_nitrogen"))
            reading.flag = Flag{'D'};
    flagged.time = begin + 24h;
    watch.add(flagged);
    EXPECT_EQ(watch.items_of("item"), std::vector<std::string>{"ammonia_nitrogen"}) << "a flagged value is no valid one";
    EXPECT_EQ(watch.holds("item")->items[0].time, begin);
    watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin + 28h);
    EXPECT_FALSE(watch.holds("item"));
}

TEST(ItemGap, IsNotToldOfWhatAStationGaveUpLongAgo)
{
    Watch watch{{rule("item", RuleKind::item_gap)}};
    watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin);
    for (int i = 0; i <= 12; ++i)                          // an archive brought the first record
        watch.add({{"codmn", "3.3"}}, begin + 31 * 24h + 4h * i);
    EXPECT_TRUE(watch.causes.empty());
}

TEST(ItemGap, IsNotToldWhenEverythingStopsOrAtTheFirstRecordBehindAGap)
{
    Watch watch{{rule("item", RuleKind::item_gap)}};
    watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin);
    watch.add({{"codmn", "3.3"}, {"ammonia_nitrogen", "0.2"}}, begin + 240h);
    EXPECT_TRUE(watch.causes.empty());
    for (int i = 1; i <= 10; ++i)
        watch.add({{"codmn", "3.3"}}, begin + 240h + 4h * i, StationStatus::maintenance);
    EXPECT_TRUE(watch.causes.empty()) << "under maintenance nothing is valid";
}

TEST(ItemOwed, IsToldOfWhatNeverCame)
{
    Watch watch{{rule("owed", RuleKind::item_owed)}};
    for (int i = 0; i < 6; ++i)
        watch.add({{"ph", "7.1"}, {"dissolved_oxygen", "8.1"}, {"turbidity", "30"}}, begin + 4h * i);
    EXPECT_TRUE(watch.causes.empty()) << "it has only begun";
    watch.add({{"ph", "7.1"}, {"dissolved_oxygen", "8.1"}}, begin + 24h);
    EXPECT_EQ(watch.items_of("owed"), (std::vector<std::string>{"codmn", "ammonia_nitrogen", "total_phosphorus"}));
    watch.add({{"codmn", "3.1"}}, begin + 24h, StationStatus::normal, IntervalKind::day);
    EXPECT_EQ(watch.items_of("owed"), (std::vector<std::string>{"ammonia_nitrogen", "total_phosphorus"}))
        << "in records of whatever interval";
}

TEST(ItemOwed, AMunicipalSectionOwesNothingUnlessARuleSaysSo)
{
    Site site;
    site.level = "municipal";
    EXPECT_TRUE(awaited_parameters(site, book(), beijing_date(begin)).empty());
    site.level = "provincial";
    EXPECT_EQ(awaited_parameters(site, book(), beijing_date(begin)).size(), 5U);
    site.level = "municipal";
    site.owed_parameters = {{static_cast<int>(beijing_date(begin).year()) + 1, {"ph", "cod"}}};
    EXPECT_TRUE(awaited_parameters(site, book(), beijing_date(begin)).empty()) << "its list is of the next year";
    EXPECT_EQ(awaited_parameters(site, book(), beijing_date(begin + std::chrono::days{366})).size(), 2U);
    auto by_name = rule("owed", RuleKind::item_owed);
    by_name.parameters = {"total_nitrogen"};
    Watch watch{{by_name}};
    watch.add({{"ph", "7.1"}}, begin);
    watch.add({{"ph", "7.1"}}, begin + 24h);
    EXPECT_EQ(watch.items_of("owed"), std::vector<std::string>{"total_nitrogen"});
}

}  // namespace
}  // namespace yihong
