#include "core_fixture.hpp"

#include <thread>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

/// Notes what it is asked, and fails where it is told to.
class Noting final : public Participant {
public:
    explicit Noting(std::string name) : name_{std::move(name)} {}

    std::atomic<int> fails_on_record = 0;          ///< so often
    std::atomic<bool> fails_at_the_end = false;
    std::atomic<int> rolled_back_count = 0;
    std::atomic<int> failures_on_record = 0;

    [[nodiscard]] std::vector<std::string> committed_records() const
    {
        std::lock_guard const lock{mutex_};
        return kept_;
    }

    void begin() override { seen_.clear(); }
    void on_record(RecordTaken const& taken, GroupUnderWay& group) override
    {
        if (fails_on_record > 0) {
            --fails_on_record;
            ++failures_on_record;
            throw std::runtime_error{"cannot see this record"};
        }
        auto const text = std::string{to_text(taken.verdict)} + " " + taken.record.readings.front().value.to_string() +
                          (taken.quiet ? " quiet" : "") + (taken.back(0)->time == taken.record.time ? "" : " older");
        seen_.push_back(text);
        group.share().outbox.added.push_back({0, name_, text});
    }
    void finish(GroupUnderWay&) override
    {
        if (fails_at_the_end.exchange(false))
            throw std::runtime_error{"cannot finish"};
    }
    void committed(CommitMade const&) override
    {
        std::lock_guard const lock{mutex_};
        kept_.insert(kept_.end(), seen_.begin(), seen_.end());
    }
    void rolled_back() noexcept override
    {
        ++rolled_back_count;
        seen_.clear();
    }

private:
    std::string name_;
    std::vector<std::string> seen_;
    mutable std::mutex mutex_;
    std::vector<std::string> kept_;
};

class ParticipantsTest : public CoreFixture {
protected:
    void SetUp() override
    {
        start(world({site("a", SiteKind::water_section), site("air", SiteKind::air_station)}),
              {.more = {{"first", first}, {"second", second}}});
    }
    ParsedRecord ph(std::string_view value, std::string_view time = "2025-11-06T12:00:00Z") const
    {
        return parsed("a", time, {reading("ph", value)});
    }
    std::vector<std::string> queue(std::string const& name)
    {
        std::vector<std::string> all;
        for (auto const& entry : store.outbox(name, 0, 1000))
            all.push_back(entry.payload);
        return all;
    }
    static bool eventually(std::function<bool()> const& holds)
    {
        for (auto const end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(5ms))
            if (holds())
                return true;
        return holds();
    }

    std::shared_ptr<Noting> first = std::make_shared<Noting>("first");
    std::shared_ptr<Noting> second = std::make_shared<Noting>("second");
};

using Texts = std::vector<std::string>;

TEST_F(ParticipantsTest, SeeEveryRecordThatChangesAndAddToItsCommit)
{
    send({ph("7.1")});
    send({ph("7.1")});
    send({ph("7.2"), ph("6.9", "2025-11-06T08:00:00Z")});
    Texts const all{"accepted 7.1", "revised 7.2", "accepted 6.9 older"};
    EXPECT_EQ(first->committed_records(), all);
    EXPECT_EQ(queue("first"), all);
    EXPECT_EQ(queue("second"), all);
    EXPECT_EQ(first->rolled_back_count, 0);
}

TEST_F(ParticipantsTest, OneThatFailsLosesItsOwnShareAndNothingElse)
{
    first->fails_on_record = 1;
    EXPECT_EQ(send({ph("7.1"), ph("7.3", "2025-11-06T16:00:00Z")}).accepted, 2U) << "the sender has done nothing wrong";
    EXPECT_EQ(queue("second"), (Texts{"accepted 7.1", "accepted 7.3"}));
    EXPECT_EQ(first->rolled_back_count, 1);
    EXPECT_EQ(core->writer.counters().participant_failures, 1U);
    EXPECT_FALSE(core->writer.counters().store_broken);
}

TEST_F(ParticipantsTest, OneThatFailedIsShownTheRecordsAgain)
{
    first->fails_on_record = 1;
    send({ph("7.1"), ph("7.3", "2025-11-06T16:00:00Z")});
    Texts const shown_again{"accepted 7.1 older", "accepted 7.3"};
    EXPECT_TRUE(eventually([&] { return first->committed_records() == shown_again; }))
        << "with the next group, that of the clock at the latest";
    EXPECT_EQ(queue("first"), shown_again);
    EXPECT_EQ(queue("second").size(), 2U) << "who has seen them is not asked again";
}

TEST_F(ParticipantsTest, WhatIsAddedIsLostWithAFailureAtTheEndAndComesAgain)
{
    first->fails_at_the_end = true;
    send({ph("7.1")});
    EXPECT_EQ(first->rolled_back_count, 1);
    EXPECT_EQ(queue("second"), Texts{"accepted 7.1"});
    EXPECT_TRUE(eventually([&] { return queue("first") == Texts{"accepted 7.1"}; })) << "once, not twice";
}

TEST_F(ParticipantsTest, ARecordThatIsNeverUnderstoodIsPassedOver)
{
    first->fails_on_record = 1'000'000;
    send({ph("7.1")});
    EXPECT_TRUE(eventually([&] { return first->failures_on_record >= 4; }));
    first->fails_on_record = 0;
    send({ph("7.3", "2025-11-06T16:00:00Z")});
    EXPECT_TRUE(eventually([&] { return !queue("first").empty(); }));
    EXPECT_EQ(queue("first"), Texts{"accepted 7.3"});
}

TEST_F(ParticipantsTest, AllLoseTheirSharesWithTheGroup)
{
    store.broken = true;
    EXPECT_THROW(send({ph("7.1")}), StoreError);
    EXPECT_GE(first->rolled_back_count, 1);
    EXPECT_GE(second->rolled_back_count, 1);
    store.broken = false;
    send({ph("7.1")});
    EXPECT_EQ(first->committed_records(), Texts{"accepted 7.1"});
    EXPECT_EQ(queue("first"), Texts{"accepted 7.1"});
}

TEST_F(ParticipantsTest, AnotherOnesFaultDoesNotTouchTheAlerts)
{
    AlertPlan plan;
    plan.rules = exceedance_rules();
    std::vector<Site> sites{site("a", SiteKind::water_section)};
    sites[0].number = store.number_sites({&sites[0].id, 1}).front();
    start(make_world(standards(), std::move(sites), std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(std::move(plan))),
          {.more = {{"first", first}}});
    first->fails_on_record = 1;
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("ammonia_nitrogen", "1.31")})}, "2025-11-06T16:05:00Z");
    ASSERT_EQ(core->state.alerts.load()->alerts.size(), 1U);
    EXPECT_EQ(store.open_alerts().size(), 1U);
    EXPECT_EQ(core->writer.counters().participant_failures, 1U);
}

class WriterTest : public CoreFixture {};

TEST_F(WriterTest, TellsWhetherTheStoreTakesCommitsWithoutMakingOne)
{
    auto const ask = [&] {
        std::promise<bool> answer;
        EXPECT_TRUE(core->writer.submit(ProbeJob{[&](bool writable) { answer.set_value(writable); }}));
        return answer.get_future().get();
    };
    auto const before = store.last_commit();
    EXPECT_TRUE(ask());
    store.broken = true;
    EXPECT_FALSE(ask());
    EXPECT_TRUE(core->writer.counters().store_broken);
    store.broken = false;
    EXPECT_TRUE(ask());
    EXPECT_FALSE(core->writer.counters().store_broken);
    EXPECT_EQ(store.last_commit(), before);
}

TEST_F(WriterTest, TheBoundOfTheQueueHoldsForEveryKindOfJob)
{
    start(current, {.limits = {.queue_jobs = 3}});
    std::promise<void> holds, goes_on;
    ASSERT_TRUE(core->writer.submit(ProbeJob{[&](bool) { holds.set_value(), goes_on.get_future().wait(); }}));
    holds.get_future().wait();                     // the writer is busy: what comes now waits
    std::atomic<int> answered = 0;
    EXPECT_TRUE(core->writer.submit(MissingPeriodsJob{}));
    EXPECT_TRUE(core->writer.submit(OutboxJob{.added = {}, .done_entries = {}, .done = [&](bool) { ++answered; }}));
    EXPECT_TRUE(core->writer.submit(AlertJob{EndSilence{"none"}, [&](auto) { ++answered; }}));
    EXPECT_FALSE(core->writer.submit(MissingPeriodsJob{}));
    EXPECT_FALSE(core->writer.submit(OutboxJob{}));
    EXPECT_FALSE(core->writer.submit(AlertJob{EndSilence{"none"}, {}}));
    EXPECT_FALSE(core->writer.submit(ProbeJob{[](bool) {}}));
    PreparedBatch batch;
    batch.source = "kept";
    EXPECT_FALSE(core->intake.submit(std::move(batch), {}));
    EXPECT_EQ(batch.source, "kept") << "who is refused still has it";
    goes_on.set_value();
    core.reset();
    EXPECT_EQ(answered, 2) << "who was taken is answered";
}

TEST_F(WriterTest, CountersMoveWithTheCommitOnly)
{
    store.broken = true;
    EXPECT_THROW(send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "7.1")})}), StoreError);
    EXPECT_EQ(core->writer.counters().values, 0U);
    EXPECT_EQ(core->writer.counters().accepted, 0U);
    store.broken = false;
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "7.1"), reading("codmn", "5")})});
    EXPECT_EQ(core->writer.counters().values, 2U);
}

TEST_F(WriterTest, NeedsNobodyThatLooksOn)
{
    core.reset();
    CurrentState state{current, store.last_commit().number, utc_now()};
    Writer writer{{store, store, store}, state, {}};
    std::promise<bool> kept;
    std::promise<std::optional<AlertOutcome>> outcome;
    ASSERT_TRUE(writer.submit(
        OutboxJob{.added = {{0, "queue", "event"}}, .done_entries = {}, .done = [&](bool written) { kept.set_value(written); }}));
    ASSERT_TRUE(writer.submit(AlertJob{EndSilence{"none"}, [&](auto of) { outcome.set_value(std::move(of)); }}));
    EXPECT_TRUE(kept.get_future().get());
    EXPECT_FALSE(outcome.get_future().get());
}

TEST_F(WriterTest, AStartTellsWhatHasTurnedStaleSinceTheLastCommit)
{
    auto const now = utc_now();
    auto record = parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "5")});
    record.record.time = now - 12h + 6s;           // current for six seconds more
    ParsedBatch batch;
    batch.records = {record};
    core->intake.submit_and_wait(core->intake.prepare(std::move(batch), "test", *current, now));
    EXPECT_NE(feature("water-sections", "a").find("\"currency\":\"current\""), std::string::npos);
    std::this_thread::sleep_until(now + 6s + 10ms);
    start(current);
    EXPECT_NE(feature("water-sections", "a").find("\"currency\":\"stale\""), std::string::npos);
    auto const told = core->state.feed.read(1, 10).events;
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]->event().site, "a");
}

}  // namespace
}  // namespace yihong::testing
