#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/series_memory.hpp"
#include "yihong/evaluate/world.hpp"

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace yihong {

/// What is compiled for a site, and when it and its items were last heard.
struct SiteWatch {
    std::size_t index = 0;                         ///< in the registry
    std::span<CompiledRule const> rules;           ///< one list for all sites that the same rules cover
    std::optional<LastHeard> heard;
    ItemsHeard items;
    std::vector<std::pair<IntervalKind, SeriesMemory>> memories;   ///< of the series that rules look at
};

/// Every configured site, by its number, as the rules watch it.
class SiteWatches {
public:
    /// Takes new rules and sites; when a site was last heard stays known.
    void use(std::shared_ptr<World const> world);
    /// A record came, or was read back at the start: oldest first.
    void heard(Record const& newest);
    /// What was heard later than `now` was heard now.
    void none_heard_after(UtcTime now) noexcept;
    /// As if nothing had ever been heard of a site.
    void forget_heard(SiteNumber site);
    /// A record is kept, new or instead of `before` (null: it is new): what the rules remember of its series takes it.
    void remember(Record const& record, Record const* before);
    /// What the rules remember of a series. \pre the site is configured
    [[nodiscard]] SeriesMemory& memory(SiteNumber site, IntervalKind interval);
    /// What is remembered may not be what is kept: it is built anew.
    void forget_memories() noexcept;
    /// \return null when the site is not configured
    [[nodiscard]] SiteWatch const* find(SiteNumber site) const noexcept { return site < by_number_.size() ? by_number_[site] : nullptr; }
    [[nodiscard]] std::map<SiteNumber, SiteWatch> const& all() const noexcept { return watches_; }
    /// What a step of the engine looks at. Points into the world and into this.
    [[nodiscard]] AlertStepInput input(SiteWatch const& watch) const;
    /// When the last record of a station that reports live came. \return nothing while none does
    [[nodiscard]] std::optional<UtcTime> last_data() const;

private:
    std::span<CompiledRule const> shared_rules(std::vector<CompiledRule> rules);

    std::shared_ptr<World const> world_;
    std::map<std::vector<AlertRule const*>, std::vector<CompiledRule>> rules_;   ///< each list once
    std::map<SiteNumber, SiteWatch> watches_;
    std::vector<SiteWatch*> by_number_;            ///< into `watches_`; null: not configured
};

}  // namespace yihong
