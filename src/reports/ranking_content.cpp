#include "links.hpp"
#include "water_lists.hpp"

#include <algorithm>
#include <utility>

namespace yihong::water_lists {
namespace {

/// Those with a rank by their change, in its order; nothing where there is nobody to be compared with.
template <typename Row>
std::vector<Row const*> by_change(std::vector<Row> const& rows, std::optional<FigureChange> Row::* change)
{
    std::vector<Row const*> ranked;
    for (auto const& row : rows)
        if (row.*change && (row.*change)->rank > 0)
            ranked.push_back(&row);
    if (ranked.size() < 2)
        ranked.clear();
    std::ranges::sort(ranked, {}, [&](Row const* row) { return std::pair{(row->*change)->rank, row}; });
    return ranked;
}

}  // namespace

PrintedList ranking(Sources const& from)
{
    static constexpr Column<GroupRow> columns[]{
        {"排名", [](GroupRow const& row, Sources const&) { return number(row.rank); }},
        {"区域", [](GroupRow const& row, Sources const&) { return plain(row.name); }},
        {"断面数", [](GroupRow const& row, Sources const&) { return number(row.now.classes.total()); }},
        {"指数", [](GroupRow const& row, Sources const&) { return figure(row.ranked_by); }},
    };
    std::vector<GroupRow const*> ranked;
    for (auto const& place : from.report.places)
        if (place.rank > 0)
            ranked.push_back(&place);
    if (ranked.size() < 2)
        ranked.clear();
    std::ranges::sort(ranked,
                      [](GroupRow const* a, GroupRow const* b) { return a->rank != b->rank ? a->rank < b->rank : a->name < b->name; });
    return list_of(columns, ranked, from);
}

PrintedList change_ranking(Sources const& from)
{
    static constexpr Column<GroupRow> columns[]{
        {"排名", [](GroupRow const& row, Sources const&) { return number(row.figure_change->rank); }},
        {"区域", [](GroupRow const& row, Sources const&) { return plain(row.name); }},
        {"可比断面", [](GroupRow const& row, Sources const&) { return number(row.figure_change->sections); }},
        {"指数", [](GroupRow const& row, Sources const&) { return figure(row.figure_change->now); }},
        {"上期指数", [](GroupRow const& row, Sources const&) { return figure(row.figure_change->base); }},
        {"变化幅度", [](GroupRow const& row, Sources const&) { return signed_figure(row.figure_change->change); }},
    };
    auto const rows = by_change(from.report.places, &GroupRow::figure_change);
    auto list = list_of(columns, rows, from);
    link_groups(list, rows, from);
    return list;
}

PrintedList section_change_ranking(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"排名", [](SectionRow const& row, Sources const&) { return number(row.index_change->rank); }},
        {"断面", [](SectionRow const& row, Sources const& with) { return Printed{row.site->name, {}, records_link(row, with)}; }},
        {"考核归属", [](SectionRow const& row, Sources const&) { return plain(row.place); }},
        {"指数", [](SectionRow const& row, Sources const&) { return figure(row.index_change->now); }},
        {"上期指数", [](SectionRow const& row, Sources const&) { return figure(row.index_change->base); }},
        {"变化幅度", [](SectionRow const& row, Sources const&) { return signed_figure(row.index_change->change); }},
    };
    auto const rows = by_change(from.report.sections, &SectionRow::index_change);
    auto list = list_of(columns, rows, from);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        list.rows[i][*list.column("上期指数")].link = explained_link(*rows[i], rows[i]->base->period, from);
        links::under_figures(list.rows[i], explained_link(*rows[i], from.report.query.period, from));
    }
    return list;
}

}  // namespace yihong::water_lists
