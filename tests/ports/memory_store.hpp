#pragma once

#include "yihong/ports/store.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace yihong::testing {

/// The contract of every role at its plainest, in maps: for tests without a disk. It passes the same suites as the real stores.
class MemoryStore final : public Store {
public:
    std::atomic<bool> broken = false;              ///< commits fail
    std::size_t commits = 0;
    std::vector<Revision> kept_revisions;
    std::map<std::uint64_t, QuarantineEntry> entries;
    std::vector<RawFrame> frames;

    MemoryStore() = default;
    /// The copy that `of` made in this folder.
    static std::unique_ptr<MemoryStore> open_backup(MemoryStore const& of, std::filesystem::path const& directory)
    {
        std::lock_guard const lock{of.mutex_};
        auto copy = std::make_unique<MemoryStore>();
        copy->take(*of.backups_.at(directory.string()));
        return copy;
    }

    CommitNumber commit(WriteGroup const& group) override
    {
        std::lock_guard const lock{mutex_};
        if (broken)
            throw StoreError{"the disk is full"};
        if (group.empty())
            return last_commit_.number;
        ++commits;
        add(group.records);
        add(group.evidence);
        add(group.outbox);
        add(group.alerts);
        journal_.insert(journal_.end(), group.journal.begin(), group.journal.end());
        for (auto const& site : group.sites)
            registered_[site.id] = site;
        last_commit_ = {last_commit_.number + 1, utc_now()};
        return last_commit_.number;
    }
    void probe() override
    {
        if (broken)
            throw StoreError{"the disk is full"};
    }
    LastCommit last_commit() const override
    {
        std::lock_guard const lock{mutex_};
        return last_commit_;
    }

    std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const override
    {
        std::lock_guard const lock{mutex_};
        auto const found = records_.find({site, interval, time});
        return found == records_.end() ? std::nullopt : std::optional{found->second};
    }
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        auto found = matching({query.site}, query.interval, query.time, query.parameters);
        auto const order = [](Record const& r) { return std::pair{r.time, r.interval}; };
        std::ranges::sort(found, {}, order);
        if (query.newest_first)
            std::ranges::reverse(found);
        if (query.after)
            std::erase_if(found, [&](Record const& r) { return query.newest_first ? order(r) >= *query.after : order(r) <= *query.after; });
        for (std::size_t i = 0; i < std::min(found.size(), query.limit); ++i)
            if (!visit(found[i]))
                return;
    }
    std::vector<Revision> revisions(SiteNumber site, TimeInterval time, std::size_t limit = SIZE_MAX) const override
    {
        std::lock_guard const lock{mutex_};
        auto found = kept_revisions;
        std::erase_if(found, [&](Revision const& r) { return r.record.site != site || !time.contains(r.record.time); });
        std::ranges::stable_sort(found, {},
                                 [](Revision const& r) { return std::tuple{r.record.time, r.record.interval, r.superseded_at}; });
        if (found.size() > limit)
            found.resize(limit);
        return found;
    }
    std::vector<Record> newest(NewestQuery const& query) const override
    {
        std::lock_guard const lock{mutex_};
        std::map<std::pair<SiteNumber, IntervalKind>, Record> last;
        for (auto const& [key, record] : records_)
            if ((!query.before || record.time < *query.before) && (!query.interval || record.interval == *query.interval) &&
                (!query.sites || std::ranges::find(*query.sites, record.site) != query.sites->end()))
                last[{record.site, record.interval}] = record;
        std::vector<Record> all;
        for (auto const& [key, record] : last)
            all.push_back(record);
        return all;
    }
    void visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        auto found = matching(query.sites, query.interval, query.time, {});
        if (query.condition.holds)
            std::erase_if(found, [&](Record const& r) { return !query.condition.holds(only(query.condition.parameters, r)); });
        for (auto& record : found)
            record = only(query.parameters, std::move(record));
        std::ranges::sort(found, {}, history_key);
        if (query.newest_first)
            std::ranges::reverse(found);
        if (query.after)
            std::erase_if(found, [&](Record const& r) {
                return query.newest_first ? history_key(r) >= *query.after : history_key(r) <= *query.after;
            });
        for (std::size_t i = 0; i < std::min(found.size(), query.limit); ++i)
            if (!visit(found[i]))
                return;
    }

    std::vector<QuarantineEntry> quarantine(std::uint64_t after, std::size_t limit, std::size_t bytes = SIZE_MAX) const override
    {
        std::lock_guard const lock{mutex_};
        std::vector<QuarantineEntry> found;
        std::size_t taken = 0;
        for (auto at = entries.upper_bound(after); at != entries.end() && found.size() < limit && taken < bytes; ++at) {
            found.push_back(at->second);
            taken += at->second.raw.size();
        }
        return found;
    }
    std::optional<QuarantineEntry> quarantine_entry(std::uint64_t id) const override
    {
        std::lock_guard const lock{mutex_};
        auto const found = entries.find(id);
        return found == entries.end() ? std::nullopt : std::optional{found->second};
    }
    void visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const override
    {
        std::vector<RawFrame> found;
        {
            std::lock_guard const lock{mutex_};
            std::ranges::copy_if(frames, std::back_inserter(found), [&](RawFrame const& f) {
                return f.site == query.site && f.interval == query.interval && query.time.contains(f.time);
            });
        }
        std::ranges::stable_sort(found, {}, [](RawFrame const& f) { return std::pair{f.time, f.received_at}; });
        if (query.newest_first)
            std::ranges::reverse(found);
        for (std::size_t i = 0; i < std::min(found.size(), query.limit); ++i)
            if (!visit(found[i]))
                return;
    }

    std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const override
    {
        std::lock_guard const lock{mutex_};
        std::vector<OutboxEntry> found;
        for (auto const& entry : outbox_)
            if (entry.queue == queue && entry.id > after && found.size() < limit)
                found.push_back(entry);
        return found;
    }

    std::vector<OutboxEntry> claim(OutboxClaim const& claim) override
    {
        std::lock_guard const lock{mutex_};
        std::vector<OutboxEntry> taken;
        for (auto const& entry : outbox_) {
            if (entry.queue != claim.queue || entry.id <= claim.after || taken.size() == claim.limit)
                continue;
            auto& held = claims_[entry.id];
            if (held.second > claim.now && held.first != claim.claimant)
                continue;
            held = {claim.claimant, claim.now + claim.lease};
            taken.push_back(entry);
        }
        return taken;
    }
    void give_back(std::string_view queue, std::string_view claimant) override
    {
        std::lock_guard const lock{mutex_};
        for (auto const& entry : outbox_)
            if (auto const held = claims_.find(entry.id); entry.queue == queue && held != claims_.end() && held->second.first == claimant)
                claims_.erase(held);
    }

    std::vector<JournalEntry> story(std::string_view topic, std::string_view subject) const override
    {
        std::lock_guard const lock{mutex_};
        auto found = journal_;
        std::erase_if(found, [&](JournalEntry const& entry) { return entry.topic != topic || entry.subject != subject; });
        return found;
    }
    std::vector<JournalEntry> journal(std::string_view topic, std::uint64_t after, std::size_t limit) const override
    {
        std::lock_guard const lock{mutex_};
        auto found = journal_;
        std::erase_if(found, [&](JournalEntry const& entry) { return entry.topic != topic || entry.number <= after; });
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::optional<JournalEntry> last_entry(std::string_view topic) const override
    {
        std::lock_guard const lock{mutex_};
        auto const last = std::find_if(journal_.rbegin(), journal_.rend(), [&](JournalEntry const& entry) { return entry.topic == topic; });
        return last == journal_.rend() ? std::nullopt : std::optional{*last};
    }

    std::vector<Alert> open_alerts() const override
    {
        auto found = values(alerts_);
        std::erase_if(found, [](Alert const& alert) { return alert.state == AlertState::closed; });
        return found;
    }
    std::vector<Alert> closed_alerts(ClosedAlertsQuery const& query) const override
    {
        auto found = values(alerts_);
        auto const key = [](Alert const& alert) { return std::pair{time_closed(alert), alert.id}; };
        std::erase_if(found, [&](Alert const& a) {
            return a.state != AlertState::closed || (query.after && key(a) >= *query.after) ||
                   (query.since && time_closed(a) < *query.since);
        });
        std::ranges::sort(found, std::ranges::greater{}, key);
        found.resize(std::min(found.size(), query.limit));
        return found;
    }
    std::optional<Alert> find_alert(std::string_view id) const override
    {
        std::lock_guard const lock{mutex_};
        auto const found = alerts_.find(std::string{id});
        return found == alerts_.end() ? std::nullopt : std::optional{found->second};
    }
    std::vector<Silence> silences() const override { return values(silences_); }

    std::vector<SiteNumber> number_sites(std::span<std::string const> ids) override
    {
        std::lock_guard const lock{mutex_};
        std::vector<SiteNumber> numbers;
        for (auto const& id : ids)
            numbers.push_back(numbers_.try_emplace(id, static_cast<SiteNumber>(numbers_.size() + 1)).first->second);
        return numbers;
    }
    std::vector<Site> registered_sites() const override { return values(registered_); }

    void backup(std::filesystem::path const& directory) override
    {
        std::lock_guard const lock{mutex_};
        auto const [place, added] = backups_.try_emplace(directory.string());
        if (!added)
            throw StoreError{"backup folder " + directory.string() + " is not empty"};
        place->second = std::make_unique<MemoryStore>();
        place->second->take(*this);
    }
    StoreStats stats() const override
    {
        std::lock_guard const lock{mutex_};
        return {.disk_bytes = sizeof(Record) * records_.size(),
                .records_estimate = records_.size(),
                .quarantine_entries = entries.size(),
                .frames_bytes = 0};
    }

private:
    template <typename Key, typename Value, typename Less>
    std::vector<Value> values(std::map<Key, Value, Less> const& map) const
    {
        std::lock_guard const lock{mutex_};
        std::vector<Value> all;
        for (auto const& [key, value] : map)
            all.push_back(value);
        return all;
    }
    std::vector<Record> matching(std::vector<SiteNumber> const& sites, std::optional<IntervalKind> interval, TimeInterval const& time,
                                 std::vector<ParameterId> const& parameters) const
    {
        std::lock_guard const lock{mutex_};
        std::vector<Record> found;
        for (auto const& [key, record] : records_)
            if (names(sites, record.site) && (!interval || record.interval == *interval) && time.contains(record.time))
                found.push_back(only(parameters, record));
        return found;
    }
    static bool names(auto const& list, auto one) { return std::ranges::find(list, one) != list.end(); }
    /// \param parameters empty: all
    static Record only(std::vector<ParameterId> const& parameters, Record record)
    {
        if (!parameters.empty())
            std::erase_if(record.readings, [&](Reading const& r) { return !names(parameters, r.parameter); });
        return record;
    }

    void add(RecordChanges const& changes)
    {
        for (auto const& r : changes.withdrawn)
            records_.erase({r.site, r.interval, r.time});
        for (auto const& r : changes.added)
            records_[{r.site, r.interval, r.time}] = r;
        for (auto const* group : {&changes.superseded, &changes.came_late, &changes.withdrawn})
            for (auto const& r : *group)
                kept_revisions.push_back({r, changes.superseded_at});
    }
    void add(EvidenceChanges const& changes)
    {
        for (auto entry : changes.quarantined) {
            entry.id = ++last_entry_;
            entries[entry.id] = entry;
        }
        for (auto const id : changes.cleared)
            entries.erase(id);
        frames.insert(frames.end(), changes.frames.begin(), changes.frames.end());
    }
    void add(OutboxChanges const& changes)
    {
        for (auto entry : changes.added) {
            entry.id = ++last_outbox_;
            outbox_.push_back(std::move(entry));
        }
        for (auto const& [queue, id] : changes.done)
            std::erase_if(outbox_, [&](OutboxEntry const& e) { return e.queue == queue && e.id == id; });
    }
    void add(AlertChanges const& changes)
    {
        for (auto const& alert : changes.changed)
            alerts_[alert.id] = alert;
        for (auto const& silence : changes.silences)
            silences_[silence.id] = silence;
        for (auto const& id : changes.silences_ended)
            silences_.erase(id);
    }
    /// Everything but the backups. \pre `other` is locked, or nobody else's yet
    void take(MemoryStore const& other)
    {
        commits = other.commits, kept_revisions = other.kept_revisions, entries = other.entries, frames = other.frames;
        records_ = other.records_, numbers_ = other.numbers_, registered_ = other.registered_;
        last_commit_ = other.last_commit_;
        last_entry_ = other.last_entry_, outbox_ = other.outbox_, last_outbox_ = other.last_outbox_;
        alerts_ = other.alerts_, journal_ = other.journal_, silences_ = other.silences_;
    }

    mutable std::mutex mutex_;
    std::map<std::tuple<SiteNumber, IntervalKind, UtcTime>, Record> records_;
    std::map<std::string, SiteNumber> numbers_;
    std::map<std::string, Site> registered_;
    std::uint64_t last_entry_ = 0;
    std::vector<OutboxEntry> outbox_;
    std::uint64_t last_outbox_ = 0;
    std::map<std::uint64_t, std::pair<std::string, UtcTime>> claims_;      // until when, by entry
    LastCommit last_commit_;
    std::map<std::string, Alert> alerts_;
    std::vector<JournalEntry> journal_;
    std::map<std::string, Silence> silences_;
    std::map<std::string, std::unique_ptr<MemoryStore>> backups_;
};

/// Open ones first.
inline std::vector<Alert> every_alert(Alerts const& alerts)
{
    auto all = alerts.open_alerts();
    std::ranges::move(alerts.closed_alerts({.after = {}, .limit = SIZE_MAX}), std::back_inserter(all));
    return all;
}

}  // namespace yihong::testing
