// Records that are taken back (撤回), and old data that comes late: what stands, what is kept, and what follows.
#include "core_fixture.hpp"

#include <chrono>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class WithdrawalTest : public CoreFixture {
protected:
    void SetUp() override
    {
        auto made = site("a", SiteKind::water_section);
        made.number = store.number_sites({&made.id, 1}).front();
        AlertPlan plan;
        plan.rules = exceedance_rules();
        CoreOptions options;
        options.alerting.clocks = false;
        start(make_world(standards(), {made}, std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(std::move(plan))),
              std::move(options));
    }
    static std::string text(UtcTime time) { return format_rfc3339(time); }
    /// A round of this time, received ten minutes later.
    IngestReport measure(UtcTime time, std::string_view ammonia)
    {
        return send({parsed("a", text(time),
                            {reading("ph", "8.1"), reading("dissolved_oxygen", "7.9"), reading("codmn", "3.2"),
                             reading("ammonia_nitrogen", ammonia), reading("total_phosphorus", "0.08")})},
                    text(time + 10min));
    }
    std::optional<std::size_t> withdraw(TimeInterval time, std::size_t most = 1000)
    {
        SeriesQuery which;
        which.limit = most;
        which.site = number();
        which.time = time;
        std::promise<std::optional<std::size_t>> promise;
        EXPECT_TRUE(core->writer.submit(WithdrawJob{which, [&](auto count) { promise.set_value(count); }}));
        return promise.get_future().get();
    }
    SiteNumber number() const { return current->sites->find("a")->number; }
    bool shows(std::string_view what) const { return feature("water-sections", "a").find(what) != std::string::npos; }
    Alert alert() const { return *core->state.alerts.load()->alerts.at(0); }

    UtcTime const now = std::chrono::floor<std::chrono::hours>(utc_now());
};

TEST_F(WithdrawalTest, ARecordOfAFutureClockIsNoLongerTheNewest)
{
    measure(now - 8h, "0.30");
    measure(now - 4h, "0.31");
    auto const future = now + std::chrono::days{300};
    measure(future, "1.31");
    measure(future + 4h, "1.32");
    ASSERT_TRUE(shows("\"water_class\":4"));
    ASSERT_EQ(alert().state, AlertState::open);

    EXPECT_EQ(withdraw({now, std::nullopt}), 2U);
    EXPECT_TRUE(shows("\"water_class\":2")) << feature("water-sections", "a");
    EXPECT_TRUE(shows("\"time\":\"" + text(now - 4h)));
    EXPECT_TRUE(is_over(alert().state));
    EXPECT_EQ(store.kept_revisions.size(), 2U);
    EXPECT_FALSE(store.find(number(), IntervalKind::four_hours, future));

    measure(now, "1.33");
    EXPECT_TRUE(shows("\"water_class\":4")) << "the clock is right again, and so is what is newest";
    EXPECT_EQ(store.newest({}).at(0).time, now);
    EXPECT_EQ(measure(future, "0.2").accepted, 1U) << "as if it had never come";
}

TEST_F(WithdrawalTest, OfAllRecordsEndsTheirAlert)
{
    measure(now - 4h, "1.31");
    ASSERT_EQ(alert().state, AlertState::open);
    auto const version = core->state.series.of(number());
    EXPECT_EQ(withdraw({}), 1U);
    EXPECT_NE(core->state.series.of(number()), version) << "finished pages of the series are made anew";
    EXPECT_TRUE(is_over(alert().state));
    EXPECT_TRUE(shows("\"water_class\":null")) << feature("water-sections", "a");
    EXPECT_EQ(withdraw({}), 0U);
}

TEST_F(WithdrawalTest, OfOneInTheMiddleLeavesTheOthers)
{
    for (int i = 40; i > 0; --i)
        measure(now - 4h * i, i == 20 ? "1.31" : "0.31");
    EXPECT_EQ(withdraw({now - 80h, now - 80h}), 1U);
    EXPECT_EQ(measure(now - 80h, "0.32").accepted, 1U);
    EXPECT_EQ(measure(now - 160h, "0.31").duplicates, 1U) << "what lies behind the tail is known";
}

TEST_F(WithdrawalTest, OfMoreThanMayBeLeavesAllOfThem)
{
    measure(now - 12h, "0.31");
    measure(now - 8h, "0.32");
    measure(now - 4h, "1.31");
    EXPECT_EQ(withdraw({}, 2), 3U) << "one more than the limit";
    EXPECT_TRUE(store.kept_revisions.empty());
    EXPECT_EQ(alert().state, AlertState::open);
    EXPECT_EQ(measure(now - 12h, "0.31").duplicates, 1U) << "it stands";
    EXPECT_EQ(withdraw({}, 3), 3U);
    EXPECT_EQ(store.kept_revisions.size(), 3U);
}

TEST_F(WithdrawalTest, IsNotDoneWhereTheStoreCannotWrite)
{
    measure(now - 4h, "1.31");
    store.broken = true;
    EXPECT_EQ(withdraw({}), std::nullopt);
    store.broken = false;
    EXPECT_EQ(withdraw({}), 1U);
}

TEST_F(WithdrawalTest, WhatWaitedInQuarantineNeverReplacesWhatCameSince)
{
    measure(now - 4h, "0.90");
    auto const replayed = [&](UtcTime first_received, std::string_view value) {
        ParsedBatch parsed_batch;
        parsed_batch.records = {parsed("a", text(now - 4h), {reading("ammonia_nitrogen", value)})};
        auto batch = core->intake.prepare(std::move(parsed_batch), "replay", *current, now);
        batch.first_received = {first_received};
        return core->intake.submit_and_wait(std::move(batch));
    };
    auto const stands = [&] {
        return store.find(number(), IntervalKind::four_hours, now - 4h)->find(reading("ammonia_nitrogen", "1").parameter)->value;
    };
    auto const old = replayed(now - 3h - 55min, "0.10");
    EXPECT_EQ(old.superseded, 1U);
    EXPECT_EQ(old.duplicates + old.revised + old.accepted, 0U);
    EXPECT_EQ(stands(), (Decimal{90, 2}));
    ASSERT_EQ(store.kept_revisions.size(), 1U);
    EXPECT_EQ(store.kept_revisions[0].record.readings.at(0).value, (Decimal{10, 2}));
    EXPECT_EQ(replayed(now - 3h - 55min, "0.90").duplicates, 1U) << "it says nothing else";
    EXPECT_EQ(replayed(now - 3h, "0.20").revised, 1U) << "it came later";
    EXPECT_EQ(stands(), (Decimal{20, 2}));
    EXPECT_EQ(replayed(now - 2h, "0.30").revised, 1U) << "they keep their order";
}

}  // namespace
}  // namespace yihong::testing
