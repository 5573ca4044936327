#include "yihong/reports/water_report.hpp"

#include "yihong/evaluate/owed_parameters.hpp"

#include "group_trends.hpp"
#include "place_ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_set>

namespace yihong {
namespace {

std::string place_of(Site const& site, OverlayFacts const& facts) { return site.assessed_for.empty() ? facts.county : site.assessed_for; }

/// Grade and main pollutants of some sections: of five or more by their classes, of fewer by the mean of their unrounded means.
BasinJudgement judge_sections(std::vector<SectionPeriod const*> const& sections, WaterStandard const& standard,
                              WaterEvaluation const& evaluation, StandardsBook const& standards)
{
    std::vector<WaterJudgement> anew;                      // by another edition than the one of their period
    anew.reserve(sections.size());
    std::vector<WaterJudgement const*> judged;
    judged.reserve(sections.size());
    for (auto const* section : sections)
        judged.push_back(section->judgement.edition == &standard.edition
                             ? &section->judgement
                             : &anew.emplace_back(judge_water(means_of(*section), false, standard, standards.parameters())));
    auto basin = judge_basin(judged, evaluation);
    if (basin.counts.total() >= evaluation.sections_for_shares)
        return basin;
    std::vector<Record> exact;
    for (auto const* section : sections)
        exact.push_back(exact_means_of(*section));
    basin.mean = judge_period(exact, false, standard, standards);
    basin.grade = water_grade(basin.mean->water_class);
    for (auto const& main : basin.mean->main_pollutants)
        basin.main_pollutants.push_back({main.parameter, 0, std::nullopt, main.multiple});
    return basin;
}

/// Of the comparable sections. \return nothing without any
std::optional<int> change_of(std::vector<SectionPeriod const*> const& now, std::vector<SectionPeriod const*> const& base,
                             WaterStandard const& standard, WaterEvaluation const& evaluation, StandardsBook const& standards)
{
    if (now.empty())
        return std::nullopt;
    auto const judged_now = judge_sections(now, standard, evaluation, standards);
    auto const judged_base = judge_sections(base, standard, evaluation, standards);
    auto const by_grade = change_of_grade(judged_base.grade, judged_now.grade);
    if (judged_now.mean)                                   // shares say nothing of fewer sections than they need
        return by_grade;
    return larger_change(by_grade, change_of_shares(judged_base.counts.good_share(), judged_base.counts.bad_share(),
                                                    judged_now.counts.good_share(), judged_now.counts.bad_share(), evaluation));
}

/// Counts, grade and change of some sections. \param members indices into the report's sections
GroupRow group_of(std::string name, std::vector<std::size_t> const& members, WaterReport const& report, World const& world)
{
    auto const date = report.query.period.last_day();
    auto const& standard = *world.standards->water(date);
    auto const* evaluation = world.standards->water_evaluation(date);
    GroupRow row;
    row.name = std::move(name);
    row.sections = members;
    row.lakes_only = std::ranges::all_of(members, [&](std::size_t index) { return report.sections[index].lake; });
    std::vector<SectionOutcome> now, base, measured, deducted;
    bool is_left_out = false, is_deducted = false;
    std::vector<SectionPeriod const*> rivers, comparable_now, comparable_base;
    std::vector<Record> river_means, lake_means;
    for (auto const index : members) {
        auto const& section = report.sections[index];
        bool const evaluated = section.now.judgement.water_class > 0;
        now.push_back(outcome_of(index, section.now));
        measured.push_back(outcome_of(index, section.as_measured ? *section.as_measured : section.now));
        deducted.push_back(outcome_of(index, section.deducted ? *section.deducted : section.now));
        is_left_out = is_left_out || section.as_measured;
        is_deducted = is_deducted || section.deducted;
        if (section.base)
            base.push_back(outcome_of(index, *section.base));
        if (evaluated)
            (section.lake ? lake_means : river_means).push_back(exact_means_of(section.now));
        if (!evaluated || section.lake)
            continue;
        rivers.push_back(&section.now);
        if (section.base && section.base->judgement.water_class > 0) {
            comparable_now.push_back(&section.now);
            comparable_base.push_back(&*section.base);
        }
    }
    row.now = count_sections(now);
    row.base = count_sections(base);
    if (is_left_out)
        row.as_measured = count_sections(measured);
    if (is_deducted)
        row.deducted = count_sections(deducted);
    row.compared = compare_sections(now, base);
    if (!evaluation)
        return row;
    auto const basin = judge_sections(rivers, standard, *evaluation, *world.standards);
    row.grade = basin.grade;
    row.main_pollutants = basin.main_pollutants;
    row.index = place_index(river_means, lake_means, standard, *evaluation, *world.standards, report.query.ranking);
    row.change = change_of(comparable_now, comparable_base, standard, *evaluation, *world.standards);
    return row;
}

std::vector<GroupRow> groups_by(std::function<std::string const&(SectionRow const&)> const& name_of, WaterReport const& report,
                                World const& world)
{
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < report.sections.size(); ++i)
        if (auto const& name = name_of(report.sections[i]); !name.empty())
            members[name].push_back(i);
    std::vector<GroupRow> rows;
    for (auto const& [name, indices] : members)
        rows.push_back(group_of(name, indices, report, world));
    return rows;
}

std::vector<LakeRow> lakes_of(WaterReport const& report, World const& world)
{
    auto const date = report.query.period.last_day();
    auto const& standard = *world.standards->water(date);
    auto const* evaluation = world.standards->water_evaluation(date);
    if (!evaluation)
        return {};
    if (std::ranges::none_of(report.sections, &SectionRow::lake))
        return {};
    std::vector<LakeRow> lakes;
    auto const& sites = world.sites->all();
    for (auto const& [name, everywhere] : world.lakes) {
        std::vector<std::size_t> points;
        for (auto const index : everywhere)
            if (auto const found = std::ranges::lower_bound(report.sections, &sites[index], {}, &SectionRow::site);
                found != report.sections.end() && found->site == &sites[index] && found->lake)
                points.push_back(static_cast<std::size_t>(found - report.sections.begin()));
        if (points.empty())
            continue;
        std::vector<SectionPeriod const*> now, base;
        for (auto const index : points) {
            now.push_back(&report.sections[index].now);
            if (auto const& before = report.sections[index].base; before && before->judgement.lake)
                base.push_back(&*before);                  // not as a section of a river
        }
        auto& lake = lakes.emplace_back(name, points, evaluate_lake(now, standard, *evaluation, *world.standards));
        if (!report.query.base)
            continue;
        lake.base = evaluate_lake(base, standard, *evaluation, *world.standards);
        if (lake.now.judgement.water_class > 0 && lake.base->judgement.water_class > 0)
            lake.change = change_of_grade(water_grade(lake.base->judgement.water_class), water_grade(lake.now.judgement.water_class));
    }
    return lakes;
}

Result<std::vector<std::size_t>> sites_of(WaterQuery const& query, World const& world)
{
    auto const& all = world.sites->all();
    for (auto const& id : query.sites)
        if (auto const* site = world.sites->find(id); !site || !is_water(site->kind))
            return fail(Errc::bad_value, "site: '" + id.substr(0, 80) + "' is no section");
    std::unordered_set<std::string_view> const wanted(query.sites.begin(), query.sites.end());
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& site = all[i];
        bool const named = wanted.empty() || wanted.contains(site.id);
        bool const there = query.place.empty() || is_assessed_for(site, query.place) || place_of(site, world.facts[i]) == query.place;
        if (is_water(site.kind) && named && there)
            found.push_back(i);
    }
    if (found.empty() && !query.place.empty())
        return fail(Errc::bad_value, "place: '" + query.place.substr(0, 80) + "' has none of the sections");
    return found;
}

/// Of one section. \param read evaluates it over a period
std::optional<SectionTrend> section_trend(SectionPeriod const& now, WaterQuery const& query, StandardsBook const& standards,
                                          std::function<SectionPeriod(Period const&)> const& read)
{
    auto const* evaluation = standards.water_evaluation(query.period.last_day());
    if (!query.trend || evaluation == nullptr)
        return std::nullopt;
    if (!query.trend_since)
        return trend_within(now, *evaluation, standards.parameters(), query.as_of);
    std::vector<SectionPeriod> years;
    for (auto const& period : trend_years(query, standards))
        years.push_back(period == query.period ? now : read(period));
    return trend_over_years(years, *evaluation, query.as_of);
}

}  // namespace

std::optional<int> SectionRow::change() const noexcept
{
    int const before = base ? base->judgement.water_class : 0;
    if (before == 0 || now.judgement.water_class == 0)
        return std::nullopt;
    return change_of_grade(water_grade(before), water_grade(now.judgement.water_class));
}

SectionFacts facts_of(Site const& site, StandardsBook const& standards, Period const& period)
{
    SectionFacts facts;
    facts.lake = site.kind_at(period.end - std::chrono::milliseconds{1}) == SiteKind::lake_section;
    if (facts.lake && site.kind_at(period.begin) == SiteKind::water_section)
        facts.lake_since = site.lake_since;
    facts.target_class = site.target_class;
    facts.drinking_water_source = site.drinking_water_source;
    auto const first = period.first_day(), last = period.last_day();
    if (auto const* standard = standards.water(last)) {
        facts.owed = owed_parameters(site, first, last, *standard, standards.parameters());
        if (site.has_owed_list(static_cast<int>(first.year())))
            facts.graded = facts.owed;
    }
    return facts;
}

Result<WaterReport> make_water_report(WaterQuery const& query, World const& world, ReportRecords const& records)
{
    auto const& standards = *world.standards;
    auto const* standard = standards.water(query.period.last_day());
    if (!standard || (query.base && !standards.water(query.base->last_day())))
        return fail(Errc::bad_value, "period: no edition of the water standard is in force then");
    if (query.trend_since && *query.trend_since >= year_of(query.period))
        return fail(Errc::bad_value,
                    fmt::format("trend_since: '{}' is not before {}, the year of the period", *query.trend_since, year_of(query.period)));
    auto const sites = sites_of(query, world);
    if (!sites)
        return std::unexpected{sites.error()};
    WaterReport report;
    report.query = query;
    report.edition = &standard->edition;
    auto const year = period_of(PeriodKind::year, query.period.begin);
    bool const has_outlook = query.outlook && standards.water(year.last_day());  // the year may end before the first edition begins
    for (auto const index : *sites) {
        auto const& site = world.sites->all()[index];
        auto const facts = facts_of(site, standards, query.period);
        auto const read_by = [&](SectionFacts const& held_to, Period const& period) {
            return read_section(records, site, held_to, period, query.validity, standards, query.as_of, report.data);
        };
        auto const read = [&](Period const& period) {      // another year may owe other items
            return read_by(facts_of(site, standards, period), period);
        };
        SectionRow row;
        row.site = &site;
        row.river = std::string{river_of(site, world.facts[index])};
        row.place = place_of(site, world.facts[index]);
        row.lake = facts.lake;
        row.now = read_by(facts, query.period);
        row.as_measured = read_as_measured(records, site, facts, row.now, query.validity, standards, query.as_of);
        row.deducted = deducted(row.now, facts, query.validity, standards, query.as_of);
        if (query.base) {
            auto const then = facts_of(site, standards, *query.base);
            row.base = read_by(then, *query.base);
            std::ranges::set_difference(facts.owed, then.owed, std::back_inserter(row.owed_now));
            std::ranges::set_difference(then.owed, facts.owed, std::back_inserter(row.owed_then));
        }
        if (has_outlook && site.target_class) {
            auto const all_year = facts_of(site, standards, year);
            row.outlook = section_outlook(query.period == year ? row.now : read_by(all_year, year), all_year.lake, all_year.owed,
                                          query.validity.months_needed, *standard, standards.parameters(), query.as_of);
        }
        row.trend =
            section_trend(row.now, query, standards, [&](Period const& period) { return query.base == period ? *row.base : read(period); });
        report.sections.push_back(std::move(row));
    }
    std::vector<std::size_t> everyone(report.sections.size());
    for (std::size_t i = 0; i < everyone.size(); ++i)
        everyone[i] = i;
    report.all = group_of({}, everyone, report, world);
    report.rivers = groups_by([](SectionRow const& row) -> std::string const& { return row.river; }, report, world);
    report.places = groups_by([](SectionRow const& row) -> std::string const& { return row.place; }, report, world);
    report.lakes = lakes_of(report, world);
    rank_places(report, world);
    if (query.trend)
        add_group_trends(report, world, records);
    return report;
}

}  // namespace yihong
