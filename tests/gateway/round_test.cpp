#include "round.hpp"

#include "core_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <future>

/// Frames of many connections are one job of the writer.
namespace yihong::gateway {
namespace {

namespace asio = boost::asio;

class RoundTest : public testing::CoreFixture {
protected:
    void SetUp() override
    {
        testing::CoreOptions options;
        options.limits.queue_jobs = 1;
        start(world({site("a", SiteKind::water_section)}), std::move(options));
        round = std::make_unique<Round>(core->intake);
    }
    void TearDown() override { core.reset(); }  // its thread may still be about to leave the context to which it has brought an answer
    /// One more session has a record.
    void begin_commit()
    {
        ParsedBatch batch;
        auto record = parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1")});
        record.record.time += std::chrono::hours{4} * begun++;
        batch.records.push_back(std::move(record));
        auto prepared = core->intake.prepare(std::move(batch), "hj212 test", *current, testing::at("2026-01-01T00:00:00Z"));
        auto commit = [](RoundTest& test, PreparedBatch of) -> asio::awaitable<void> {
            bool const kept = co_await test.round->commit(test.io.get_executor(), std::move(of));
            ++(kept ? test.kept : test.lost);
        };
        asio::co_spawn(io, commit(*this, std::move(prepared)), asio::detached);
    }
    void run_ready()
    {
        io.restart();
        io.poll();
    }
    /// Until every session has its answer.
    void finish()
    {
        while (kept + lost < begun) {
            io.restart();
            io.run_for(std::chrono::milliseconds{10});
        }
    }
    /// The writer stands still until `go_on`.
    void hold_writer()
    {
        std::promise<void> holds;
        ASSERT_TRUE(core->writer.submit(ProbeJob{[&](bool) {
            holds.set_value();
            released.get_future().wait();
        }}));
        holds.get_future().wait();
    }
    void go_on() { released.set_value(); }
    [[nodiscard]] std::size_t waiting_records() const { return core->writer.counters().queued_records; }

    asio::io_context io{1};
    std::unique_ptr<Round> round;
    std::promise<void> released;
    int begun = 0, kept = 0, lost = 0;
};

TEST_F(RoundTest, SessionsThatHaveSomethingNowShareOneJob)
{
    hold_writer();
    for (int i = 0; i < 20; ++i)
        begin_commit();
    run_ready();
    EXPECT_EQ(waiting_records(), 20U);  // the writer's queue takes one job
    for (int i = 0; i < 30; ++i)
        begin_commit();
    run_ready();
    EXPECT_EQ(waiting_records(), 20U);  // they go with the next one
    EXPECT_EQ(kept, 0);
    go_on();
    finish();
    EXPECT_EQ(kept, 50);
    EXPECT_EQ(core->writer.counters().accepted, 50U);
}

TEST_F(RoundTest, WaitsForRoomInTheWritersQueue)
{
    hold_writer();
    ASSERT_TRUE(core->writer.submit(OutboxJob{}));
    begin_commit();
    begin_commit();
    run_ready();
    EXPECT_EQ(waiting_records(), 0U);
    go_on();
    finish();
    EXPECT_EQ(kept, 2);
}

TEST_F(RoundTest, TellsEverySessionThatNothingIsKept)
{
    store.broken = true;
    begin_commit();
    begin_commit();
    finish();
    EXPECT_EQ(lost, 2);
    store.broken = false;
    begin_commit();
    finish();
    EXPECT_EQ(kept, 1);
}

}  // namespace
}  // namespace yihong::gateway
