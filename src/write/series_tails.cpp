#include "series_tails.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/quality_control.hpp"

#include <algorithm>
#include <functional>
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
        record.verdict = judge(record, site->kind_at(record.time), *world.standards);
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
    visit_back(query, [&](Record const& record) { tail.records.push_front(record); });
    tail.filled = true;
}

void SeriesTails::visit_back(SeriesQuery query, std::function<void(Record const&)> const& visit) const
{
    query.newest_first = true;
    auto left = std::exchange(query.limit, query.limit + withdrawn_.size());
    store_.visit_series(query, [&](Record const& record) {
        if (withdrawn_.contains(key_of(record)))
            return true;
        visit(record);
        return --left > 0;
    });
}

std::optional<std::vector<Record>> SeriesTails::withdraw(SeriesQuery query, RecordChanges& group)
{
    std::vector<Record> taken;
    auto const most = std::exchange(query.limit, query.limit + 1);
    store_.visit_series(query, [&](Record const& record) {
        taken.push_back(record);
        return true;
    });
    if (taken.size() > most)
        return std::nullopt;
    for (auto const& record : taken) {
        withdrawn_.insert(key_of(record));
        tail(record.site, record.interval).filled = false;     // read again, without them
    }
    look_.of.reset();
    group.withdrawn.insert(group.withdrawn.end(), taken.begin(), taken.end());
    return taken;
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
    group_ = &group;
    look_.of.reset();                              // what lies behind a tail is another when the tail moves on
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
        return keep(before, std::move(record), group);
    }
    auto* const earlier = pending(key_of(record), group.added);
    auto stored = known(before, record, earlier);
    if (!stored) {                                 // an older time that was missing: marks need its neighbours and stay away
        insert(before, record);
        return keep(before, std::move(record), group);
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
    Decision decision{.verdict = outcome == Outcome::revised ? FrameVerdict::revised : FrameVerdict::accepted,
                      .kept = earlier,
                      .before = &group.superseded.back(),
                      .outdated = outdated};
    if (earlier)
        *earlier = std::move(merged);
    else
        decision.kept = keep(before, std::move(merged), group).kept;
    return decision;
}

SeriesTails::Decision SeriesTails::keep(Tail& tail, Record&& record, RecordChanges& group)
{
    if (tail.in_group++ == 0)
        in_group_.emplace_back(record.site, record.interval);
    tail.reaches_behind = tail.reaches_behind || tail.in_group > length || record.time < tail.records.front().time;
    group.added.push_back(std::move(record));
    return {.verdict = FrameVerdict::accepted, .kept = &group.added.back()};
}

std::optional<Record> SeriesTails::find(RecordKey const& key, RecordChanges& group)
{
    if (auto const* record = pending(key, group.added))
        return *record;
    return withdrawn_.contains(key) ? std::nullopt : store_.find(key.site, key.interval, key.time);
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
    for (auto const& [site, interval] : in_group_) {
        auto& series = tails_[site][static_cast<std::size_t>(interval)];
        series.in_group = 0;
        series.reaches_behind = false;
    }
    forget_group();
    return newest;
}

RecordsBack SeriesTails::back(SiteNumber site, IntervalKind interval)
{
    return [this, site, interval](std::size_t i) { return look_back(site, interval, i); };
}

Record const* SeriesTails::look_back(SiteNumber site, IntervalKind interval, std::size_t i)
{
    auto const& recent = tail(site, interval);
    if (i < recent.records.size())
        return &recent.records[recent.records.size() - 1 - i];
    if (recent.records.size() < length)            // the tail has them all
        return nullptr;
    if (look_.of != std::pair{site, interval})
        look_ = {.of = std::pair{site, interval}, .older = {}, .no_more = false};
    i -= recent.records.size();
    while (!look_.no_more && i >= look_.older.size())
        read_older(site, interval, recent);
    return i < look_.older.size() ? &look_.older[i] : nullptr;
}

void SeriesTails::read_older(SiteNumber site, IntervalKind interval, Tail const& recent)
{
    auto& older = look_.older;
    SeriesQuery query;
    query.site = site;
    query.interval = interval;
    query.time.end = (older.empty() ? recent.records.front().time : older.back().time) - std::chrono::milliseconds{1};
    query.limit = older_a_piece;
    std::vector<Record> piece;
    visit_back(query, [&](Record const& record) { piece.push_back(record); });
    look_.no_more = piece.size() < older_a_piece;
    if (recent.reaches_behind && group_)
        add_of_group(piece, {look_.no_more ? UtcTime::min() : piece.back().time, *query.time.end}, query);
    std::ranges::move(piece, std::back_inserter(older));
    look_.no_more = look_.no_more || recent.records.size() + older.size() >= records_back_limit;
}

void SeriesTails::add_of_group(std::vector<Record>& piece, std::pair<UtcTime, UtcTime> times, SeriesQuery const& of) const
{
    for (auto const& record : group_->added) {
        if (record.site != of.site || record.interval != of.interval || record.time < times.first || record.time > times.second)
            continue;
        auto const at = std::ranges::lower_bound(piece, record.time, std::greater{}, &Record::time);
        if (at != piece.end() && at->time == record.time)
            *at = record;
        else
            piece.insert(at, record);
    }
}

void SeriesTails::forget_group()
{
    touched_.clear();
    in_group_.clear();
    index_.clear();
    indexed_ = 0;
    withdrawn_.clear();
    group_ = nullptr;
    look_.of.reset();
}

void SeriesTails::forget()
{
    tails_.clear();
    forget_group();
}

}  // namespace yihong
