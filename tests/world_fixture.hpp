#pragma once

#include "ports/memory_store.hpp"

#include "yihong/state/site_feature.hpp"

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
        facts.rivers = {{.name = "汾河", .distance_m = 0, .chainage_km = position.lon, .accuracy_m = {}}};
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

/// The real standards, and worlds of made sites over a MemoryStore.
class WorldFixture : public ::testing::Test {
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
    Reading reading(std::string_view parameter, std::string_view value, std::string_view flag = "N") const
    {
        Reading made;
        made.parameter = standards()->parameters().find(parameter)->id;
        made.value = Decimal::parse(value).value();
        made.flag = Flag::parse(flag).value();
        return made;
    }

    MemoryStore store;
};

}  // namespace yihong::testing
