#include "yihong/reports/water_report.hpp"

#include "add_records.hpp"

#include <algorithm>

namespace yihong {
namespace {

bool leaves_days_out(PeriodMark const& mark) { return mark.kind == PeriodMarkKind::dry || mark.kind == PeriodMarkKind::not_measured; }
bool takes_items_off(PeriodMark const& mark) { return mark.kind == PeriodMarkKind::background || mark.kind == PeriodMarkKind::upstream; }

/// The days that people have marked as dry or not measured.
std::vector<Stretch> left_out_of(PeriodMarks marks, Period const& period)
{
    std::erase_if(marks, [](auto const& mark) { return !leaves_days_out(*mark); });
    return MarkBook::covered(marks, {period.begin, period.end});
}

bool has_part_in(std::vector<Stretch> const& stretches, Period const& period)
{
    return std::ranges::any_of(stretches, [&](Stretch const& one) { return one.first < period.end && period.begin < one.second; });
}

SectionPieces read_pieces(ReportRecords const& records, SiteNumber site, Period const& period, WaterValidity const& validity,
                          ParameterBook const& parameters, std::vector<Stretch> const& left_out, DataState& data)
{
    if (!is_whole_months(period)) {
        SectionSums sums{period, validity, parameters, left_out};
        add_records(sums, records.records, site, period, data);
        return sums.finish();
    }
    SectionPieces pieces;
    auto const take = [&](SectionMonth const& month) {
        pieces.push_back(month.piece);
        data.add(month.read);
        for (auto const& sample : month.planned)
            if (!period.contains(sample.time))                 // else it is one of another of these months
                data.note(sample.received_at);
    };
    auto const months = months_of(period);
    pieces.reserve(months.size());
    if (left_out.empty()) {
        for (auto const& month : records.months_of(site, months, validity, parameters))
            take(*month);
        return pieces;
    }
    for (auto const& month : months)
        if (has_part_in(left_out, month))
            take(read_months(records.records, site, {&month, 1}, validity, parameters, left_out).front());
        else
            take(*records.months_of(site, {&month, 1}, validity, parameters).front());
    return pieces;
}

/// Does the mark take the item off?
bool is_of_item(PeriodMark const& mark, ParameterId id, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    return mark.parameters.empty() || (parameter && std::ranges::find(mark.parameters, parameter->name) != mark.parameters.end());
}

}  // namespace

SectionPeriod read_section(ReportRecords const& records, Site const& site, SectionFacts const& facts, Period const& period,
                           WaterValidity const& validity, StandardsBook const& standards, UtcTime as_of, DataState& data)
{
    auto marks = records.marks->of_site(site.id, {period.begin, period.end});
    auto const left_out = left_out_of(marks, period);
    auto pieces = read_pieces(records, site.number, period, validity, standards.parameters(), left_out, data);
    auto made = evaluate_section(period, std::move(pieces), facts, validity, standards, as_of, left_out);
    made.marks = std::move(marks);
    return made;
}

std::optional<SectionPeriod> read_as_measured(ReportRecords const& records, Site const& site, SectionFacts const& facts,
                                              SectionPeriod const& section, WaterValidity const& validity, StandardsBook const& standards,
                                              UtcTime as_of)
{
    if (std::ranges::none_of(section.marks, [](auto const& mark) { return leaves_days_out(*mark); }))
        return std::nullopt;
    DataState same_records;
    return evaluate_section(section.period,
                            read_pieces(records, site.number, section.period, validity, standards.parameters(), {}, same_records), facts,
                            validity, standards, as_of);
}

std::optional<SectionPeriod> deducted(SectionPeriod const& section, SectionFacts const& facts, WaterValidity const& validity,
                                      StandardsBook const& standards, UtcTime as_of)
{
    if (std::ranges::none_of(section.marks, [](auto const& mark) { return takes_items_off(*mark); }))
        return std::nullopt;
    auto const& parameters = standards.parameters();
    auto pieces = section.pieces;
    auto owed = facts;
    for (auto& piece : pieces)
        for (auto const& mark : section.marks)
            if (takes_items_off(*mark) && mark->touches(piece->period.begin, piece->period.end)) {
                auto left = *piece;
                std::erase_if(left.items, [&](ItemPiece const& item) { return is_of_item(*mark, item.parameter, parameters); });
                piece = std::make_shared<SectionPiece const>(std::move(left));
            }
    std::erase_if(owed.owed, [&](ParameterId id) {         // what is left of it nowhere is owed no more
        auto const has_it = [&](std::shared_ptr<SectionPiece const> const& piece) {
            return std::ranges::find(piece->items, id, &ItemPiece::parameter) != piece->items.end();
        };
        return std::ranges::any_of(section.pieces, has_it) && std::ranges::none_of(pieces, has_it);
    });
    return evaluate_section(section.period, std::move(pieces), owed, validity, standards, as_of,
                            left_out_of(section.marks, section.period));
}

}  // namespace yihong
