#pragma once

#include "ports/memory_store.hpp"

#include "yihong/service/intake.hpp"
#include "yihong/service/site_feature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace yihong::testing {

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

/// The real standards, three made sites and an intake over a MemoryStore.
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
        return f ? f->rendered().geojson : "no such feature";
    }
    void SetUp() override
    {
        start();
        current = intake->world();
    }

    MemoryStore store;
    Snapshot<Catalog> catalog{std::make_shared<Catalog const>()};
    std::unique_ptr<Intake> intake;
    std::shared_ptr<World const> current;
};

}  // namespace yihong::testing
