#include "series_tails.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/quality_control.hpp"

#include <algorithm>
#include <utility>

namespace yihong {
namespace {

constexpr std::size_t older_a_piece = 200;         // records that are read behind a tail at once

enum class Outcome { duplicate, completed, revised };

/// Joins what came into what is known of the same site, interval and time: new parameters are added, other numbers replace.
/// \param may_change false: they do not, what came is older
Outcome merge(Record& known, Record const& came, bool may_change)
{
    bool added = false;
    bool changed = may_change && known.status != came.status;
    if (changed)
        known.status = came.status;
    for (auto const& reading : came.readings) {
        auto const at = std::ranges::lower_bound(known.readings, reading.parameter, {}, &Reading::parameter);
        if (at == known.readings.end() || at->parameter != reading.parameter) {
            known.readings.insert(at, reading);
            added = true;
        } else if (may_change && !at->same_as(reading)) {
            *at = reading;
            changed = true;
        }
    }
    known.received_at = std::max(known.received_at, came.received_at);
    return changed ? Outcome::revised : added ? Outcome::completed : Outcome::duplicate;
}

void judge_again(Record& record, World const& world)
{
    auto const* site = world.sites->numbered(record.site);
    if (site && site->judges(record.interval))
        record.verdict = judge(record, site->kind, *world.standards);
}

}  // namespace

std::size_t SeriesTails::KeyHash::operator()(RecordKey const& key) const noexcept
{
    auto const mixed = static_cast<std::uint64_t>(key.time.time_since_epoch().count()) * 0x9E3779B97F4A7C15ULL ^
                       (static_cast<std::uint64_t>(key.site) << 3U | static_cast<std::uint64_t>(key.interval));
    return static_cast<std::size_t>(mixed ^ mixed >> 29U);
}

SeriesTails::Tail& SeriesTails::tail(SiteNumber site, IntervalKind interval)
{
    if (site >= tails_.size())
        tails_.resize(site + 1U);
    auto& found = tails_[site][static_cast<std::size_t>(interval)];
    if (!found.filled)
        fill(found, site, interval);
    return found;
}

void SeriesTails::fill(Tail& tail, SiteNumber site, IntervalKind interval) const
{
    tail.records.clear();
    SeriesQuery query;
    query.site = site;
    query.interval = interval;
    query.limit = length;
    query.newest_first = true;
    store_.visit_series(query, [&](Record const& record) {
        tail.records.push_front(record);
        return true;
    });
    tail.filled = true;
}

void SeriesTails::insert(Tail& tail, Record const& record)
{
    auto const at = std::ranges::lower_bound(tail.records, record.time, {}, &Record::time);
    if (at == tail.records.begin() && tail.records.size() == length)
        return;                                    // before the tail
    tail.records.insert(at, record);
    if (tail.records.size() > length)
        tail.records.pop_front();
}

void SeriesTails::touch(Tail& tail, Record const& record)
{
    if (!std::exchange(tail.touched, true))
        touched_.emplace_back(record.site, record.interval);
}

Record* SeriesTails::pending(RecordKey const& key, std::vector<Record>& added)
{
    for (; indexed_ < added.size(); ++indexed_)
        index_[key_of(added[indexed_])] = indexed_;
    auto const found = index_.find(key);
    return found == index_.end() ? nullptr : &added[found->second];
}

std::optional<Record> SeriesTails::known(Tail const& tail, Record const& record, Record const* pending) const
{
    if (pending)
        return *pending;
    auto const at = std::ranges::lower_bound(tail.records, record.time, {}, &Record::time);
    if (at->time == record.time)
        return *at;
    if (at == tail.records.begin() && tail.records.size() == length)       // the tail has no gaps: else it is nowhere
        return store_.find(record.site, record.interval, record.time);
    return std::nullopt;
}

SeriesTails::Decision SeriesTails::take(Record&& record, RecordChanges& group, World const& world, IsOutdated const& is_outdated)
{
    auto& before = tail(record.site, record.interval);
    if (before.records.empty() || record.time > before.records.back().time) {
        std::array<Record const*, length> views{};
        std::size_t count = 0;
        for (auto const& r : before.records)
            views[count++] = &r;
        mark_suspicious(record, {views.data(), count}, world.standards->parameters());
        if (before.records.size() == length)
            before.records.pop_front();
        before.records.push_back(record);
        touch(before, record);
        group.added.push_back(std::move(record));
        return {.verdict = FrameVerdict::accepted, .kept = &group.added.back()};
    }
    auto* const earlier = pending(key_of(record), group.added);
    auto stored = known(before, record, earlier);
    if (!stored) {                                 // an older time that was missing: marks need its neighbours and stay away
        insert(before, record);
        group.added.push_back(std::move(record));
        return {.verdict = FrameVerdict::accepted, .kept = &group.added.back()};
    }
    Record merged = *stored;
    auto outcome = merge(merged, record, true);
    bool const outdated = outcome == Outcome::revised && is_outdated(*stored);
    if (outdated) {
        merged = *stored;
        outcome = merge(merged, record, false);
    }
    if (outcome == Outcome::duplicate)
        return {.outdated = outdated};
    judge_again(merged, world);
    for (auto& one : before.records) {
        if (one.time == merged.time) {
            one = merged;
            touch(before, merged);
        }
    }
    group.superseded.push_back(*std::move(stored));
    auto const verdict = outcome == Outcome::revised ? FrameVerdict::revised : FrameVerdict::accepted;
    if (earlier) {
        *earlier = std::move(merged);
        return {.verdict = verdict, .kept = earlier, .outdated = outdated};
    }
    group.added.push_back(std::move(merged));
    return {.verdict = verdict, .kept = &group.added.back(), .outdated = outdated};
}

std::optional<Record> SeriesTails::find(RecordKey const& key, RecordChanges& group)
{
    if (auto const* record = pending(key, group.added))
        return *record;
    return store_.find(key.site, key.interval, key.time);
}

std::vector<Record> SeriesTails::take_newest()
{
    std::vector<Record> newest;
    newest.reserve(touched_.size());
    for (auto const& [site, interval] : touched_) {
        auto& series = tails_[site][static_cast<std::size_t>(interval)];
        series.touched = false;
        newest.push_back(series.records.back());
    }
    touched_.clear();
    index_.clear();
    indexed_ = 0;
    return newest;
}

RecordsBack const& SeriesTails::back(SiteNumber site, IntervalKind interval)
{
    auto const& recent = tail(site, interval).records;
    look_.site = site;
    look_.interval = interval;
    look_.recent = &recent;
    look_.older.clear();
    look_.no_more = recent.size() < length;        // then the tail has them all
    return back_;
}

Record const* SeriesTails::look_back(std::size_t i)
{
    auto const& recent = *look_.recent;
    auto& older = look_.older;
    if (i < recent.size())
        return &recent[recent.size() - 1 - i];
    i -= recent.size();
    while (!look_.no_more && i >= older.size()) {
        SeriesQuery query;
        query.site = look_.site;
        query.interval = look_.interval;
        query.time.end = (older.empty() ? recent.front().time : older.back().time) - std::chrono::milliseconds{1};
        query.newest_first = true;
        query.limit = older_a_piece;
        auto const before = older.size();
        store_.visit_series(query, [&](Record const& record) {
            older.push_back(record);
            return true;
        });
        look_.no_more = older.size() < before + older_a_piece || recent.size() + older.size() >= records_back_limit;
    }
    return i < older.size() ? &older[i] : nullptr;
}

void SeriesTails::forget()
{
    tails_.clear();
    touched_.clear();
    index_.clear();
    indexed_ = 0;
}

}  // namespace yihong
