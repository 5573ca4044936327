#pragma once

#include "yihong/ports/record_store.hpp"
#include "yihong/service/intake.hpp"
#include "yihong/service/site_feature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>

namespace yihong::testing {

/// A store that keeps everything in maps: the contract at its plainest, to test the intake without a disk.
class MapStore final : public RecordStore {
public:
    std::atomic<bool> broken = false;
    std::size_t commits = 0;
    std::vector<Revision> kept_revisions;
    std::map<std::uint64_t, QuarantineEntry> entries;
    std::vector<RawFrame> frames;

    void commit(WriteGroup const& group) override
    {
        std::lock_guard const lock{mutex_};
        if (broken)
            throw StoreError{"the disk is full"};
        ++commits;
        for (auto const& r : group.records)
            records_[{r.site, r.interval, r.time}] = r;
        for (auto const& r : group.superseded)
            kept_revisions.push_back({r, group.superseded_at});
        for (auto entry : group.quarantine) {
            entry.id = ++last_entry_;
            entries[entry.id] = entry;
        }
        for (auto const id : group.quarantine_cleared)
            entries.erase(id);
        registered_.insert(registered_.end(), group.registered_sites.begin(), group.registered_sites.end());
        frames.insert(frames.end(), group.frames.begin(), group.frames.end());
        for (auto entry : group.outbox) {
            entry.id = ++last_outbox_;
            outbox_.push_back(std::move(entry));
        }
        for (auto const& [queue, id] : group.outbox_done)
            std::erase_if(outbox_, [&](OutboxEntry const& e) { return e.queue == queue && e.id == id; });
        for (auto const& alert : group.alerts)
            alerts_[alert.id] = alert;
        steps_.insert(steps_.end(), group.alert_steps.begin(), group.alert_steps.end());
        for (auto const& silence : group.silences)
            silences_[silence.id] = silence;
        for (auto const& id : group.silences_ended)
            silences_.erase(id);
    }
    std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const override
    {
        std::lock_guard const lock{mutex_};
        auto const found = records_.find({site, interval, time});
        return found == records_.end() ? std::nullopt : std::optional{found->second};
    }
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        std::vector<Record> found;
        for (auto const& [key, record] : records_)
            if (record.site == query.site && (!query.interval || record.interval == *query.interval) && query.time.contains(record.time))
                found.push_back(record);
        std::ranges::sort(found, {}, [](Record const& r) { return std::pair{r.time, r.interval}; });
        if (query.newest_first)
            std::ranges::reverse(found);
        for (std::size_t i = 0; i < std::min(found.size(), query.limit); ++i)
            if (!visit(found[i]))
                return;
    }
    std::vector<Revision> revisions(SiteNumber, TimeInterval) const override { return kept_revisions; }
    std::vector<Record> newest() const override
    {
        std::map<std::pair<SiteNumber, IntervalKind>, Record> last;
        for (auto const& [key, record] : records_)
            last[{record.site, record.interval}] = record;
        std::vector<Record> all;
        for (auto const& [key, record] : last)
            all.push_back(record);
        return all;
    }
    std::vector<QuarantineEntry> quarantine(std::uint64_t after, std::size_t limit) const override
    {
        std::vector<QuarantineEntry> found;
        for (auto at = entries.upper_bound(after); at != entries.end() && found.size() < limit; ++at)
            found.push_back(at->second);
        return found;
    }
    std::optional<QuarantineEntry> quarantine_entry(std::uint64_t id) const override
    {
        auto const found = entries.find(id);
        return found == entries.end() ? std::nullopt : std::optional{found->second};
    }
    void visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const override
    {
        std::lock_guard const lock{mutex_};
        for (auto const& frame : frames)
            if (frame.site == query.site && frame.interval == query.interval && query.time.contains(frame.time) && !visit(frame))
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
    std::vector<Alert> alerts() const override
    {
        std::lock_guard const lock{mutex_};
        std::vector<Alert> all;
        for (auto const& [id, alert] : alerts_)
            all.push_back(alert);
        return all;
    }
    std::vector<AlertStep> alert_steps(std::string_view alert) const override
    {
        std::lock_guard const lock{mutex_};
        auto found = steps_;
        std::erase_if(found, [&](AlertStep const& step) { return step.alert != alert; });
        return found;
    }
    std::vector<AlertStep> alert_log(std::uint64_t after, std::size_t limit) const override
    {
        std::lock_guard const lock{mutex_};
        auto found = steps_;
        std::erase_if(found, [&](AlertStep const& step) { return step.number <= after; });
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::optional<AlertStep> last_alert_step() const override
    {
        std::lock_guard const lock{mutex_};
        return steps_.empty() ? std::nullopt : std::optional{steps_.back()};
    }
    std::vector<Silence> silences() const override
    {
        std::lock_guard const lock{mutex_};
        std::vector<Silence> all;
        for (auto const& [id, silence] : silences_)
            all.push_back(silence);
        return all;
    }
    std::vector<SiteNumber> number_sites(std::span<std::string const> ids) override
    {
        std::vector<SiteNumber> numbers;
        for (auto const& id : ids)
            numbers.push_back(numbers_.try_emplace(id, static_cast<SiteNumber>(numbers_.size() + 1)).first->second);
        return numbers;
    }
    std::vector<Site> registered_sites() const override { return registered_; }
    void backup(std::filesystem::path const&) override {}
    void compact() override {}
    StoreStats stats() const override { return {}; }

private:
    mutable std::mutex mutex_;
    std::map<std::tuple<SiteNumber, IntervalKind, UtcTime>, Record> records_;
    std::map<std::string, SiteNumber> numbers_;
    std::vector<Site> registered_;
    std::uint64_t last_entry_ = 0;
    std::vector<OutboxEntry> outbox_;
    std::uint64_t last_outbox_ = 0;
    std::map<std::string, Alert> alerts_;
    std::vector<AlertStep> steps_;
    std::map<std::string, Silence> silences_;
};

class NoLayers final : public LayerSet {
public:
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override
    {
        OverlayFacts facts;
        facts.county = "永济市";
        return facts;
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

/// One river from west to east: the longitude of a place is its chainage.
class OneRiver final : public LayerSet {
public:
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat position) const override
    {
        OverlayFacts facts;
        facts.county = position.lon < 111 ? "河津市" : "永济市";
        facts.river = "汾河";
        facts.river_chainage_km = position.lon;
        return facts;
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

/// A notice for one record worse than Class III, an alert for two.
inline std::vector<AlertRule> exceedance_rules()
{
    AlertRule notice;
    notice.id = "exceed-notice";
    notice.kind = RuleKind::worse_than_class;
    notice.severity = AlertSeverity::notice;
    AlertRule twice = notice;
    twice.id = "below-class-iii";
    twice.severity = AlertSeverity::alert;
    twice.records = 2;
    return {notice, twice};
}

inline UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }

/// The real standards, three made sites and an intake over a MapStore.
class ServiceFixture : public ::testing::Test {
protected:
    static std::shared_ptr<StandardsBook const> standards()
    {
        static auto const book =
            std::make_shared<StandardsBook const>(load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards").value());
        return book;
    }
    static Site site(std::string id, SiteKind kind, std::optional<LonLat> position = LonLat{110.4, 34.9})
    {
        Site made;
        made.id = std::move(id);
        made.name = "断面 " + made.id;
        made.kind = kind;
        made.position = position;
        made.target_class = kind == SiteKind::water_section ? std::optional{3} : std::nullopt;
        return made;
    }
    std::shared_ptr<World const> world(std::vector<Site> sites)
    {
        for (auto& s : sites)
            s.number = store.number_sites({&s.id, 1}).front();
        return make_world(standards(), std::move(sites), std::make_shared<NoLayers const>());
    }
    void start()
    {
        intake = std::make_unique<Intake>(store, catalog,
                                          world({site("a", SiteKind::water_section), site("b", SiteKind::lake_section, std::nullopt),
                                                 site("air", SiteKind::air_station)}));
    }

    Reading reading(std::string_view parameter, std::string_view value, std::string_view flag = "N") const
    {
        Reading made;
        made.parameter = standards()->parameters().find(parameter)->id;
        made.value = Decimal::parse(value).value();
        made.flag = Flag::parse(flag).value();
        return made;
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
        return intake->submit_and_wait(intake->prepare(std::move(batch), "test", *current, at(now)));
    }
    std::string feature(std::string_view collection, std::string_view id) const
    {
        auto const found = catalog.load()->find(collection);
        auto const f = found ? found->find(id) : nullptr;
        return f ? f->geojson() : "no such feature";
    }
    void SetUp() override
    {
        start();
        current = intake->world();
    }

    MapStore store;
    Snapshot<Catalog> catalog{std::make_shared<Catalog const>()};
    std::unique_ptr<Intake> intake;
    std::shared_ptr<World const> current;
};

}  // namespace yihong::testing
