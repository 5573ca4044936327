#include "group_trends.hpp"

#include "place_ranking.hpp"

#include <algorithm>
#include <span>

namespace yihong {
namespace {

/// The parts that the query asks for the trend over.
std::optional<TrendParts> parts_of(WaterQuery const& query, StandardsBook const& standards, WaterEvaluation const& evaluation)
{
    if (!query.trend_since)
        return trend_parts(query.period, evaluation, query.as_of);
    return trend_parts(trend_years(query, standards), evaluation, query.as_of);
}

/// What the trends of one place are made of, part by part.
struct Series {
    std::span<std::size_t const> members;  ///< in the report's sections
    std::optional<FigureTrend>* into = nullptr;
    std::vector<std::optional<Decimal>> values;
};

}  // namespace

std::vector<Period> trend_years(WaterQuery const& query, StandardsBook const& standards)
{
    std::vector<Period> years;
    for (int year = *query.trend_since; year < year_of(query.period); ++year)
        if (auto const before = in_year(query.period, year); before && standards.water(before->last_day()))
            years.push_back(*before);
    years.push_back(query.period);
    return years;
}

void add_group_trends(WaterReport& report, World const& world, ReportRecords const& records)
{
    auto const& query = report.query;
    auto const& standards = *world.standards;
    auto const* evaluation = standards.water_evaluation(query.period.last_day());
    auto const parts = evaluation ? parts_of(query, standards, *evaluation) : std::nullopt;
    if (!parts)
        return;
    std::vector<Series> shares, lakes;
    auto const add_share = [&](GroupRow& group) { shares.push_back({group.sections, &group.share_trend, {}}); };
    add_share(report.all);
    std::ranges::for_each(report.rivers, add_share);
    std::ranges::for_each(report.places, add_share);
    for (auto& lake : report.lakes)
        lakes.push_back({lake.points, &lake.tli_trend, {}});
    for (auto const& part : parts->periods) {                  // one at a time: only figures are kept
        std::vector<SectionPeriod> sections;
        DataState read;                                        // the same records as those of the sections' own trends
        for (auto const& row : report.sections)
            sections.push_back(
                read_section(records, *row.site, facts_of(*row.site, standards, part), part, query.validity, standards, query.as_of, read));
        for (auto& one : shares) {
            std::vector<SectionOutcome> outcomes;
            for (auto const member : one.members)
                outcomes.push_back(outcome_of(member, sections[member]));
            one.values.push_back(count_sections(outcomes).good_share());
        }
        auto const& standard = *standards.water(part.last_day());
        for (auto& one : lakes) {
            std::vector<SectionPeriod const*> points;
            for (auto const member : one.members)
                if (sections[member].judgement.lake || sections[member].judgement.water_class == 0)
                    points.push_back(&sections[member]);
            auto const lake = evaluate_lake(points, standard, *evaluation, standards);
            one.values.push_back(lake.trophic ? std::optional{lake.trophic->shown} : std::nullopt);
        }
    }
    for (auto* of : {&shares, &lakes})
        for (auto& one : *of)
            *one.into = figure_trend(*parts, one.values, *evaluation);
}

}  // namespace yihong
