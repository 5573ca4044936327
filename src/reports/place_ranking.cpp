#include "place_ranking.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>
#include <map>

namespace yihong {
namespace {

/// Items that an index lacks: only indices over the same items can be ranked.
std::vector<ParameterId> missing_of(PlaceIndex const& index)
{
    std::vector<ParameterId> missing;
    for (auto const& part : {index.rivers, index.lakes})
        if (part)
            missing.insert(missing.end(), part->missing.begin(), part->missing.end());
    std::ranges::sort(missing);
    missing.erase(std::ranges::unique(missing).begin(), missing.end());
    return missing;
}

/// What ranks some sections, as it is shown.
std::optional<Decimal> figure_of(SectionCounts const& counts, std::optional<PlaceIndex> const& index, RankingRules const& rules)
{
    auto const share_of = [&](std::ptrdiff_t part, std::ptrdiff_t total) {
        return total > 0 ? std::optional{exact::quotient(Decimal{part * 100, 0}, Decimal{total, 0}, rules.decimals)} : std::nullopt;
    };
    switch (rules.figure) {
    case RankingFigure::good_share: return share_of(counts.classes.good, counts.classes.total());
    case RankingFigure::met_share: return share_of(std::ssize(counts.met), std::ssize(counts.met) + std::ssize(counts.missed));
    case RankingFigure::water_index: break;
    }
    return index ? std::optional{index->total} : std::nullopt;
}

/// One that may be ranked: by what, and over which items.
struct Runner {
    Decimal shown;
    std::vector<ParameterId> lacks;
    int* rank = nullptr;
    FigureChange* change = nullptr;  ///< of a ranking by change
};

/// Ranks those whose figures hold the same items as most of them do.
void rank(std::vector<Runner> const& runners, RankingRules const& rules)
{
    std::map<std::vector<ParameterId>, std::vector<Runner const*>> alike;
    for (auto const& runner : runners)
        alike[runner.lacks].push_back(&runner);
    auto const most = std::ranges::max_element(alike, {}, [](auto const& entry) { return entry.second.size(); });
    if (most == alike.end())
        return;
    std::vector<Decimal> shown;
    for (auto const* runner : most->second)
        shown.push_back(runner->shown);
    auto const given = ranks(shown, rules.smallest_first, rules.ties);
    for (std::size_t i = 0; i < given.size(); ++i)
        *most->second[i]->rank = given[i];
    for (auto const& runner : runners)
        if (runner.change && *runner.rank == 0)
            runner.change->unranked = Unranked::other_items;
}

/// Some sections in one of the two periods.
struct Side {
    std::vector<SectionOutcome> outcomes;
    std::vector<Record> rivers, lakes;
    void add(std::size_t index, SectionPeriod const& section)
    {
        outcomes.push_back(outcome_of(index, section));
        (section.judgement.lake ? lakes : rivers).push_back(exact_means_of(section));
    }
};

bool was_best(SectionPeriod const& section)
{
    return section.judgement.water_class <= 2 && (section.target == TargetVerdict::met || section.target == TargetVerdict::none);
}

/// Puts places or sections by the change of their figure.
class ChangeRanking {
public:
    /// \pre the report has a compared period
    ChangeRanking(WaterReport const& report, World const& world, RankingRules const& rules)
        : report_{report}, rules_{rules}, standards_{*world.standards}, standard_{*standards_.water(report.query.period.last_day())},
          evaluation_{standards_.water_evaluation(report.query.period.last_day())}
    {}

    /// \param members indices into the report's sections \param into outlives this
    void add(std::vector<std::size_t> const& members, std::optional<FigureChange>& into)
    {
        auto& made = into.emplace();
        Side now, base;
        bool best = true;
        for (auto const index : members) {
            auto const& row = report_.sections[index];
            if (!is_comparable(row))
                continue;
            now.add(index, row.now);
            base.add(index, *row.base);
            best = best && was_best(row.now) && was_best(*row.base);
        }
        made.sections = static_cast<int>(now.outcomes.size());
        made.unranked = made.sections == 0 ? Unranked::no_base : best ? std::optional{Unranked::best_already} : std::nullopt;
        auto const index_now = index_of(now), index_base = index_of(base);
        made.now = figure_of(count_sections(now.outcomes), index_now, rules_);
        made.base = figure_of(count_sections(base.outcomes), index_base, rules_);
        bool const of_index = rules_.figure == RankingFigure::water_index;
        if (of_index && index_now && index_base && missing_of(*index_now) != missing_of(*index_base)) {
            made.unranked = Unranked::other_items;
            return;
        }
        if (made.now && made.base && (!of_index || *made.base > Decimal{}))
            made.change =
                of_index ? relative_change(*made.now, *made.base, rules_.change_decimals) : change_in_points(*made.now, *made.base);
        else if (!made.unranked)
            made.unranked = Unranked::no_base;
        if (!made.unranked)
            runners_.push_back({*made.change, of_index ? missing_of(*index_now) : std::vector<ParameterId>{}, &made.rank, &made});
    }
    void rank_all() const { rank(runners_, rules_); }

private:
    /// Evaluated in both periods, by the limits of the same waters.
    static bool is_comparable(SectionRow const& row)
    {
        return row.base && row.now.judgement.water_class > 0 && row.base->judgement.water_class > 0 &&
               row.now.judgement.lake == row.base->judgement.lake;
    }
    std::optional<PlaceIndex> index_of(Side const& side) const
    {
        return evaluation_ ? place_index(side.rivers, side.lakes, standard_, *evaluation_, standards_, rules_) : std::nullopt;
    }

    WaterReport const& report_;
    RankingRules const& rules_;
    StandardsBook const& standards_;
    WaterStandard const& standard_;
    WaterEvaluation const* evaluation_;
    std::vector<Runner> runners_;
};

void rank_by_change(WaterReport& report, World const& world)
{
    auto const& rules = report.query.ranking;
    ChangeRanking places{report, world, rules};
    for (auto& place : report.places)
        places.add(place.sections, place.figure_change);
    places.rank_all();
    auto const own = section_rules(rules);
    ChangeRanking sections{report, world, own};
    for (std::size_t i = 0; i < report.sections.size(); ++i)
        sections.add({i}, report.sections[i].index_change);
    sections.rank_all();
}

}  // namespace

void rank_places(WaterReport& report, World const& world)
{
    auto const& rules = report.query.ranking;
    std::vector<Runner> runners;
    for (auto& place : report.places) {
        place.ranked_by = figure_of(place.now, place.index, rules);
        if (place.ranked_by)
            runners.push_back({*place.ranked_by,
                               rules.figure == RankingFigure::water_index ? missing_of(*place.index) : std::vector<ParameterId>{},
                               &place.rank,
                               {}});
    }
    rank(runners, rules);
    if (report.query.base)
        rank_by_change(report, world);
}

}  // namespace yihong
