#pragma once

#include "../evaluate/testing.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/records.hpp"

#include <algorithm>

namespace yihong::testing {

/// What a store has of a few sites, in memory.
class KeptRecords final : public Records {
public:
    std::vector<Record> kept;

    [[nodiscard]] std::optional<Record> find(SiteNumber, IntervalKind, UtcTime) const override { return std::nullopt; }
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        std::vector<Record const*> found;
        for (auto const& one : kept)
            if (one.site == query.site && query.time.contains(one.time))
                found.push_back(&one);
        std::ranges::sort(found, {}, [](Record const* one) { return std::pair{one->time, one->interval}; });
        for (auto const* one : found)
            if (!visit(*one))
                return;
    }
    [[nodiscard]] std::vector<Revision> revisions(SiteNumber, TimeInterval, std::size_t) const override { return {}; }
    [[nodiscard]] std::vector<Record> newest(NewestQuery const&) const override { return {}; }
    void visit_history(HistoryQuery const&, std::function<bool(Record const&)> const&) const override {}
};

class NoLayers final : public LayerSet {
public:
    [[nodiscard]] std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    [[nodiscard]] OverlayFacts facts(LonLat position) const override
    {
        OverlayFacts facts;
        facts.county = position.lon < 111 ? "河津市" : "永济市";
        return facts;
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

/// Marks as if people had made them, in this order.
inline std::shared_ptr<MarkBook const> marked(std::vector<PeriodMark> marks)
{
    PeriodMarks all;
    for (auto& mark : marks) {
        mark.id = "m" + std::to_string(all.size() + 1);
        if (mark.reason.empty())
            mark.reason = "原因";
        if (mark.by.empty())
            mark.by = "李";
        all.push_back(std::make_shared<PeriodMark const>(std::move(mark)));
    }
    return std::make_shared<MarkBook const>(std::move(all));
}

/// A mark of whole days, both of them part of it.
inline PeriodMark mark_of(PeriodMarkKind kind, std::string site, Date first, Date last, std::vector<std::string> parameters = {})
{
    PeriodMark made;
    made.kind = kind;
    made.site = std::move(site);
    made.begin = beijing_midnight(first);
    made.end = beijing_midnight(last) + std::chrono::days{1};
    made.parameters = std::move(parameters);
    return made;
}

inline Site section(std::uint32_t number, std::string id, std::string name, double lon, int target)
{
    Site made;
    made.id = std::move(id);
    made.name = std::move(name);
    made.position = LonLat{lon, 35};
    made.water_body = "汾河";
    made.target_class = target;
    made.number = number;
    return made;
}

}  // namespace yihong::testing
