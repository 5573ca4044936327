#include "yihong/reports/section_months.hpp"

#include "add_records.hpp"

#include <array>

namespace yihong {
namespace {

using namespace std::chrono;

/// Those that were taken a little before or after the month for it.
void add_planned_samples(SectionSums& sums, SectionMonth& month, Records const& records, SiteNumber site, Period const& period)
{
    for (auto const& [begin, end] : std::array{std::pair{period.begin - SectionSums::plan_reach, period.begin},
                                               std::pair{period.end, period.end + SectionSums::plan_reach}}) {
        SeriesQuery query;
        query.site = site;
        query.interval = IntervalKind::sample;
        query.time = {begin, end - milliseconds{1}};
        query.limit = std::numeric_limits<std::size_t>::max();
        records.visit_series(query, [&](Record const& record) {
            auto const plan = record.interval == IntervalKind::sample ? sums.plan_month(record) : std::nullopt;
            if (plan && plan->begin == period.begin) {
                month.planned.push_back({record.time, record.received_at});
                sums.add(record);
            }
            return true;
        });
    }
}

std::size_t charge_of(SectionMonth const& month)
{
    return sizeof(SectionMonth) + month.piece.items.capacity() * sizeof(ItemPiece) +
           month.planned.capacity() * sizeof(SectionMonth::Planned);
}

/// The beginnings of the months that a record can be a part of: its own, and of a sample those that it may have been taken for.
constexpr auto each_month = [](Record const& record, auto const& visit) {
    auto const day = beijing_date(record.time);
    int const reach = record.interval == IntervalKind::sample ? 2 : 0;
    for (int away = -reach; away <= reach; ++away)
        visit(beijing_midnight(day.year() / day.month() / 1 + months{away}));
};

}  // namespace

SectionMonth read_month(Records const& records, SiteNumber site, Period const& month, WaterValidity const& validity,
                        ParameterBook const& parameters, std::vector<Stretch> left_out)
{
    SectionMonth made;
    SectionSums sums{month, validity, parameters, std::move(left_out)};
    add_records(sums, records, site, month, made.read);
    add_planned_samples(sums, made, records, site, month);
    made.piece = std::move(sums.finish().front());
    made.piece.items.shrink_to_fit();
    return made;
}

std::shared_ptr<SectionMonth const> SectionMonths::get(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                       ParameterBook const& parameters)
{
    return kept_.get(site, month, validity, [&] { return read_month(records_, site, month, validity, parameters); }, charge_of);
}

bool SectionMonths::changed(std::span<Record const> records) { return kept_.changed(records, each_month); }

void SectionMonths::refresh(ParameterBook const& parameters, std::stop_token const& stop)
{
    for (auto const& one : kept_.take_stale()) {
        if (stop.stop_requested())
            return;
        (void)get(one.site, period_of(PeriodKind::month, one.begin), one.how, parameters);
    }
}

std::shared_ptr<SectionMonth const> ReportRecords::month(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                         ParameterBook const& parameters) const
{
    return months ? months->get(site, month, validity, parameters)
                  : std::make_shared<SectionMonth const>(read_month(records, site, month, validity, parameters));
}

}  // namespace yihong
