#pragma once

#include "world_fixture.hpp"

#include "yihong/alerting/alert_keeper.hpp"
#include "yihong/write/intake.hpp"
#include "yihong/write/world_keeper.hpp"
#include "yihong/write/writer.hpp"

#include <functional>
#include <future>

namespace yihong::testing {

struct CoreOptions {
    AlertingOptions alerting = {};
    LookAtPeriods periods = {};
    WriterLimits limits = {};
    std::function<std::vector<Seat>(CurrentState&)> make_first = {};       ///< participants before alerting
    std::vector<Seat> more = {};                   ///< and behind it
    std::function<std::vector<Seat>(CurrentState&)> make_more = {};        ///< and behind them, those that need the state
    Committer* committer = nullptr;                ///< null: the store itself
};

/// State, alerting, writer and intake over a store, as the service has them.
struct Core {
    Core(Store& store, std::shared_ptr<World const> world, CoreOptions options = {})
        : state{std::move(world), store.last_commit().number, utc_now()},
          writer{{options.committer ? *options.committer : static_cast<Committer&>(store), store, store},
                 state,
                 seats(store, std::move(options)),
                 options.limits}
    {}

    /// Has a command carried out. \return nothing when the store failed
    std::optional<AlertOutcome> carry_out(AlertCommand command)
    {
        std::promise<std::optional<AlertOutcome>> promise;
        EXPECT_TRUE(writer.submit(
            AlertJob{std::move(command), [&](std::optional<AlertOutcome> outcome) { promise.set_value(std::move(outcome)); }}));
        return promise.get_future().get();
    }
    /// \return whether the commit was made
    bool write(OutboxJob job)
    {
        std::promise<bool> promise;
        job.done = [&](bool kept) { promise.set_value(kept); };
        EXPECT_TRUE(writer.submit(std::move(job)));
        return promise.get_future().get();
    }

    CurrentState state;
    Writer writer;
    Intake intake{writer, state};
    WorldKeeper worlds{writer};

private:
    std::vector<Seat> seats(Store& store, CoreOptions options)
    {
        auto all = options.make_first ? options.make_first(state) : std::vector<Seat>{};
        all.push_back(
            {"alerting", std::make_shared<AlertKeeper>(AlertKeeper::Store{store, store, store}, state, std::move(options.alerting),
                                                       std::move(options.periods), std::chrono::milliseconds{0})});
        std::ranges::move(options.more, std::back_inserter(all));
        if (options.make_more)
            std::ranges::move(options.make_more(state), std::back_inserter(all));
        return all;
    }
};

/// Three made sites and the core of the service over a MemoryStore.
class CoreFixture : public WorldFixture {
protected:
    void SetUp() override
    {
        start(world(
            {site("a", SiteKind::water_section), site("b", SiteKind::lake_section, std::nullopt), site("air", SiteKind::air_station)}));
    }
    void start(std::shared_ptr<World const> of, CoreOptions options = {})
    {
        core.reset();
        core = std::make_unique<Core>(store, std::move(of), std::move(options));
        current = core->intake.world();
    }

    ParsedRecord parsed(std::string_view site_id, std::string_view time, std::vector<Reading> readings,
                        IntervalKind interval = IntervalKind::four_hours) const
    {
        ParsedRecord made;
        made.site = current->sites->find(site_id);
        made.record.time = at(time);
        made.record.interval = interval;
        made.record.readings = std::move(readings);
        made.raw = "raw bytes";
        return made;
    }
    /// Prepares and commits records of one batch as if received at `now`.
    IngestReport send(std::vector<ParsedRecord> records, std::string_view now = "2026-01-01T00:00:00Z")
    {
        ParsedBatch batch;
        for (std::uint32_t i = 0; i < records.size(); ++i)
            records[i].index = i;
        batch.records = std::move(records);
        batch.format = "readings-json";
        return core->intake.submit_and_wait(core->intake.prepare(std::move(batch), "test", *current, at(now)));
    }
    std::string feature(std::string_view collection, std::string_view id) const
    {
        auto const found = core->state.catalog.load()->find(collection);
        auto const f = found ? found->find(id) : nullptr;
        return f ? f->geojson() : "no such feature";
    }

    std::unique_ptr<Core> core;
    std::shared_ptr<World const> current;
};

}  // namespace yihong::testing
