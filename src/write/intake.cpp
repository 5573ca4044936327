#include "yihong/write/intake.hpp"

#include "yihong/evaluate/judge.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace yihong {
namespace {

/// A value that cannot be costs itself, not its record.
void put_impossible_aside(ParsedRecord& parsed, StandardsBook const& standards, Ranges ranges, std::vector<Refusal>& refused)
{
    for (auto& [reading, failure] : take_impossible(parsed.record, standards.parameters(), ranges)) {
        auto const value = reading.value.to_string();
        refused.push_back(
            refused_reading(parsed.index, std::move(failure), parsed,
                            {.parameter = standards.parameters().find(reading.parameter)->name, .value = value, .is_json = true}));
    }
}

}  // namespace

PreparedBatch Intake::prepare(ParsedBatch batch, std::string source, World const& world, UtcTime now) const
{
    PreparedBatch prepared;
    prepared.source = std::move(source);
    prepared.format = std::move(batch.format);
    prepared.raw_prefix = std::move(batch.raw_prefix);
    prepared.refused = std::move(batch.refused);
    prepared.records.reserve(batch.records.size());
    for (auto& parsed : batch.records) {
        auto& record = parsed.record;
        auto const ranges = ranges_of(parsed.site->kind);
        auto failure = check_record(record, *world.standards, now, limits_, ranges);
        if (failure && failure->code == Errc::out_of_range) {
            put_impossible_aside(parsed, *world.standards, ranges, prepared.refused);
            failure = check_record(record, *world.standards, now, limits_, ranges);
        }
        if (failure) {
            prepared.refused.push_back({parsed.index, std::move(*failure), std::string{parsed.raw}, parsed.site->id});
            continue;
        }
        record.site = parsed.site->number;
        record.received_at = now;
        if (parsed.site->judges(record.interval))
            record.verdict = judge(record, parsed.site->kind_at(record.time), *world.standards);
        prepared.records.push_back(std::move(record));
    }
    std::ranges::sort(prepared.refused, {}, &Refusal::index);
    return prepared;
}

bool Intake::submit(PreparedBatch&& batch, Done done)
{
    Job job = BatchJob{std::move(batch), std::move(done)};
    if (writer_.submit(std::move(job)))
        return true;
    batch = std::move(std::get<BatchJob>(job).batch);
    return false;
}

bool Intake::submit(std::vector<PreparedBatch>&& batches, std::function<void(bool kept)> done)
{
    Job job = BatchesJob{std::move(batches), std::move(done)};
    if (writer_.submit(std::move(job)))
        return true;
    batches = std::move(std::get<BatchesJob>(job).batches);
    return false;
}

IngestReport Intake::submit_and_wait(PreparedBatch batch)
{
    std::promise<std::optional<IngestReport>> promise;
    auto future = promise.get_future();
    writer_.submit_when_there_is_room(
        BatchJob{std::move(batch), [&promise](std::optional<IngestReport> report) { promise.set_value(std::move(report)); }});
    auto report = future.get();
    if (!report)
        throw StoreError{"the store could not write; see the log above"};
    return *std::move(report);
}

}  // namespace yihong
