// What time and records change of a site, and what stays as it is.
#include "world_fixture.hpp"

#include "yihong/state/network.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class NetworkTest : public WorldFixture {
protected:
    void SetUp() override { network.reset(known, {}, noon); }

    Record record(IntervalKind interval, UtcTime time, std::vector<Reading> readings)
    {
        Record made;
        made.site = known->sites->find("a")->number;
        made.interval = interval;
        made.time = time;
        made.received_at = time + 10min;
        made.readings = std::move(readings);
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        return made;
    }
    void apply(Record record, UtcTime now)
    {
        EXPECT_TRUE(network.apply({&record, 1}).empty());
        EXPECT_TRUE(network.publish(now));
    }
    [[nodiscard]] std::shared_ptr<SiteState const> state() const { return find_site(*catalog.load(), "a"); }
    [[nodiscard]] std::size_t items() const { return state()->present->state().items.size(); }

    UtcTime const noon = at("2025-11-06T12:00:00Z");
    Snapshot<Catalog> catalog{std::make_shared<Catalog const>()};
    Network network{catalog};
    std::shared_ptr<World const> known = world({site("a", SiteKind::water_section)});
};

TEST_F(NetworkTest, LosesSingleItemsAsTimePasses)
{
    apply(record(IntervalKind::four_hours, noon, {reading("codmn", "3"), reading("ph", "8")}), noon);
    apply(record(IntervalKind::hour, noon + 1h, {reading("ph", "8.1")}), noon + 1h);
    EXPECT_EQ(items(), 2U);
    apply(record(IntervalKind::four_hours, noon + 2h, {reading("codmn", "4")}), noon + 2h);
    EXPECT_TRUE(network.publish(noon + 4h + 1min)) << "the hour's pH is no longer current";
    EXPECT_EQ(items(), 1U);
    EXPECT_FALSE(state()->stale);
    EXPECT_EQ(network.changes().size(), 1U);
    EXPECT_FALSE(network.publish(noon + 5h + 2min)) << "nothing else has changed";

    EXPECT_TRUE(network.publish(noon + 14h + 5min));
    EXPECT_TRUE(state()->stale);
    EXPECT_EQ(items(), 2U) << "as it was last known";
    EXPECT_FALSE(network.publish(noon + 20h));
}

TEST_F(NetworkTest, KeepsAStateThatAnAlertDoesNotTouch)
{
    apply(record(IntervalKind::four_hours, noon, {reading("codmn", "3")}), noon);
    auto const before = state()->present;
    network.set_missing(state()->site().number, 2);
    EXPECT_TRUE(network.publish(noon + 1min));
    EXPECT_EQ(state()->present, before);
    EXPECT_EQ(state()->missing_periods, 2);
}

TEST_F(NetworkTest, AsksForRecordsWhereAValueIsWithdrawnAndGathersThem)
{
    auto const older = record(IntervalKind::four_hours, noon - 4h, {reading("codmn", "5")});
    apply(older, noon);
    apply(record(IntervalKind::four_hours, noon, {reading("codmn", "30")}), noon);
    auto const corrected = record(IntervalKind::four_hours, noon, {reading("codmn", "30", "D")});
    EXPECT_EQ(network.apply({&corrected, 1}), std::vector{corrected.site});
    network.gather(corrected.site, std::vector{older, corrected});
    EXPECT_TRUE(network.publish(noon + 1min));
    EXPECT_EQ(state()->present->state().items.at(0).reading.value, (Decimal{5, 0}));
    EXPECT_EQ(state()->newest->readings.at(0).flag, Flag{'D'});
}

TEST_F(NetworkTest, TakesManyRecordsOfASiteAtOnce)
{
    std::vector<Record> many;
    for (int i = 0; i < 5; ++i)
        many.push_back(record(IntervalKind::hour, noon + 1h * i, {reading("codmn", std::to_string(i + 1))}));
    std::swap(many[1], many[4]);
    EXPECT_TRUE(network.apply(many).empty());
    EXPECT_TRUE(network.publish(noon + 5h));
    EXPECT_EQ(state()->newest->time, noon + 4h);
    EXPECT_EQ(state()->present->state().items.at(0).reading.value, (Decimal{5, 0}));
}

}  // namespace
}  // namespace yihong::testing
