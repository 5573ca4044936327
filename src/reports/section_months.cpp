#include "yihong/reports/section_months.hpp"

#include <algorithm>
#include <limits>

namespace yihong {
namespace {

using namespace std::chrono;

/// Which of the months the instant lies in. \return how many there are, where in none
std::size_t place_of(std::span<Period const> months, UtcTime time)
{
    auto const at = std::ranges::upper_bound(months, time, {}, &Period::end);
    return static_cast<std::size_t>((at != months.end() && at->contains(time) ? at : months.end()) - months.begin());
}

/// Adds up the records of months that lie one after the other.
class MonthsReader {
public:
    MonthsReader(Records const& records, SiteNumber site, std::span<Period const> months, SectionSums& sums)
        : records_{records}, site_{site}, months_{months}, sums_{sums}, made_(months.size())
    {}
    std::vector<SectionMonth> read()
    {
        auto const begin = months_.front().begin, end = months_.back().end;
        visit(begin - SectionSums::plan_reach, begin, IntervalKind::sample, [this](Record const& record) { add_planned(record); });
        visit(begin, end, std::nullopt, [this](Record const& record) {
            made_[place_of(months_, record.time)].read.note(record.received_at);
            sums_.add(record);
            note_plan(record);
        });
        visit(end, end + SectionSums::plan_reach, IntervalKind::sample, [this](Record const& record) { add_planned(record); });
        auto pieces = sums_.finish();
        for (std::size_t i = 0; i < made_.size(); ++i)
            made_[i].piece = std::move(pieces[i]);
        return std::move(made_);
    }

private:
    template <typename Visit>
    void visit(UtcTime begin, UtcTime end, std::optional<IntervalKind> interval, Visit const& one)
    {
        SeriesQuery query;
        query.site = site_;
        query.interval = interval;
        query.time = {begin, end - milliseconds{1}};
        query.limit = std::numeric_limits<std::size_t>::max();
        records_.visit_series(query, [&](Record const& record) {
            one(record);
            return true;
        });
    }
    /// A sample that was taken outside of the month that it was taken for. \return whether it is one of these months
    bool note_plan(Record const& record)
    {
        auto const plan = record.interval == IntervalKind::sample ? sums_.plan_month(record) : std::nullopt;
        auto const place = plan ? place_of(months_, plan->begin) : months_.size();
        if (place == months_.size())
            return false;
        if (!plan->contains(record.time))
            made_[place].planned.push_back({record.time, record.received_at});
        return true;
    }
    void add_planned(Record const& record)
    {
        if (note_plan(record))
            sums_.add(record);
    }

    Records const& records_;
    SiteNumber site_;
    std::span<Period const> months_;
    SectionSums& sums_;
    std::vector<SectionMonth> made_;
};

std::size_t charge_of(SectionMonth const& month)
{
    return sizeof(SectionMonth) + sizeof(SectionPiece) + month.piece->items.capacity() * sizeof(ItemPiece) +
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

std::vector<SectionMonth> read_months(Records const& records, SiteNumber site, std::span<Period const> months,
                                      WaterValidity const& validity, ParameterBook const& parameters, std::vector<Stretch> left_out)
{
    if (months.empty())
        return {};
    SectionSums sums{{PeriodKind::interval, months.front().begin, months.back().end}, validity, parameters, std::move(left_out)};
    return MonthsReader{records, site, months, sums}.read();
}

std::vector<std::shared_ptr<SectionMonth const>> SectionMonths::get(SiteNumber site, std::span<Period const> months,
                                                                    WaterValidity const& validity, ParameterBook const& parameters)
{
    auto const read = [&](std::span<Period const> run) { return read_months(records_, site, run, validity, parameters); };
    return kept_.get(site, months, validity, read, charge_of);
}

bool SectionMonths::changed(std::span<Record const> records) { return kept_.changed(records, each_month); }

void SectionMonths::refresh(ParameterBook const& parameters, std::stop_token const& stop)
{
    auto stale = kept_.take_stale();
    std::ranges::sort(stale, {}, [](auto const& one) { return std::pair{one.site, one.begin}; });
    std::vector<Period> run;
    for (std::size_t i = 0; i < stale.size(); ++i) {
        if (stop.stop_requested())
            return;
        auto const& one = stale[i];
        run.push_back(period_of(PeriodKind::month, one.begin));
        bool const goes_on =
            i + 1 < stale.size() && stale[i + 1].site == one.site && stale[i + 1].how == one.how && stale[i + 1].begin <= run.back().end;
        if (goes_on && stale[i + 1].begin == one.begin)
            run.pop_back();                                // it changed twice
        if (!goes_on) {
            (void)get(one.site, run, one.how, parameters);
            run.clear();
        }
    }
}

std::vector<std::shared_ptr<SectionMonth const>> ReportRecords::months_of(SiteNumber site, std::span<Period const> wanted,
                                                                          WaterValidity const& validity,
                                                                          ParameterBook const& parameters) const
{
    if (months)
        return months->get(site, wanted, validity, parameters);
    std::vector<std::shared_ptr<SectionMonth const>> all;
    all.reserve(wanted.size());
    for (auto& month : read_months(records, site, wanted, validity, parameters))
        all.push_back(std::make_shared<SectionMonth const>(std::move(month)));
    return all;
}

}  // namespace yihong
