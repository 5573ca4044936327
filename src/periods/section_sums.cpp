#include "yihong/periods/section_period.hpp"

#include "yihong/periods/stretches.hpp"

#include <algorithm>

namespace yihong {
namespace {

using namespace std::chrono;

/// Where an interval stands in a day's sums; the first that counts is taken.
constexpr int not_summed = -1;
int place_of(IntervalKind interval) noexcept
{
    switch (interval) {
    case IntervalKind::four_hours: return 0;
    case IntervalKind::day: return 1;
    case IntervalKind::hour: return 2;
    default: return not_summed;
    }
}

}  // namespace

SectionSums::SectionSums(Period const& period, WaterValidity const& validity, ParameterBook const& parameters,
                         std::vector<Stretch> left_out)
    : period_{period}, validity_{validity}, left_out_{std::move(left_out)}
{
    if (auto const* ph = parameters.find("ph"))
        ph_ = ph->id;
    if (auto const* plan = parameters.find("plan_month"))
        plan_month_ = plan->id;
    by_months_ = is_whole_months(period);
    if (by_months_)
        for (auto const& month : months_of(period))
            pieces_.push_back({month, {}});
    else
        pieces_.push_back({period, {}});
}

SectionSums::PieceItem& SectionSums::item_of(Piece& piece, ParameterId parameter)
{
    bool const ph = parameter == ph_;
    auto at = std::ranges::lower_bound(piece.items, parameter, {}, &PieceItem::parameter);
    if (at == piece.items.end() || at->parameter != parameter)
        at = piece.items.insert(at, PieceItem{parameter, ValueSum{ph}, ValueSum{ph}});
    return *at;
}

SectionSums::Piece* SectionSums::piece_at(UtcTime time)
{
    if (!period_.contains(time))
        return nullptr;
    while (piece_ + 1 < pieces_.size() && time >= pieces_[piece_].period.end)
        ++piece_;
    return &pieces_[piece_];
}

std::optional<Period> SectionSums::plan_month(Record const& record) const
{
    auto const said = std::ranges::find(record.readings, plan_month_, &Reading::parameter);
    if (plan_month_ == 0 || said == record.readings.end() || !is_valid(*said))
        return std::nullopt;
    auto const number = static_cast<int>(said->value.to_double());     // 202510
    constexpr int in_a_year = 100;
    auto const month = year{number / in_a_year} / (number % in_a_year) / 1;
    if (!month.ok())
        return std::nullopt;
    auto const plan = period_of(PeriodKind::month, beijing_midnight(month));
    bool const is_near = plan.begin - plan_reach <= record.time && record.time < plan.end + plan_reach;
    return is_near ? std::optional{plan} : std::nullopt;
}

/// A sample belongs to the month that it was taken for; where it does not say, or no months are asked for, to its time.
void SectionSums::add_sample(Record const& record)
{
    auto const plan = by_months_ ? plan_month(record) : std::nullopt;
    auto const at = plan ? plan->begin : record.time;
    auto const piece = std::ranges::find_if(pieces_, [&](Piece const& one) { return one.period.contains(at); });
    if (piece == pieces_.end())
        return;
    for (auto const& reading : record.readings) {
        if (!is_valid(reading) || reading.parameter == plan_month_)
            continue;
        bool const below = has(reading.marks, Mark::below_detection);
        auto& item = item_of(*piece, reading.parameter);
        item.samples.add({reading.value, below});
        item.samples_below = item.samples_below && below;
    }
}

void SectionSums::add(Record const& record)
{
    if (validity_.normal_stations_only && record.status != StationStatus::normal)
        return;
    if (is_within(left_out_, record.time))
        return;
    if (record.interval == IntervalKind::sample) {
        add_sample(record);
        return;
    }
    auto const place = place_of(record.interval);
    if (!period_.contains(record.time) || place == not_summed)
        return;
    auto const day = floor<days>(record.time + beijing_offset);
    if (day_ != day) {
        close_day();
        day_ = day;
    }
    (void)piece_at(record.time);                           // the day's, for when it is closed
    auto item_at = today_.begin();
    for (auto const& reading : record.readings) {          // both ascend
        if (!is_valid(reading))
            continue;
        bool const below = has(reading.marks, Mark::below_detection);
        while (item_at != today_.end() && item_at->parameter < reading.parameter)
            ++item_at;
        if (item_at == today_.end() || item_at->parameter != reading.parameter) {
            ValueSum const empty{reading.parameter == ph_};
            item_at = today_.insert(item_at, DayItem{reading.parameter, {empty, empty, empty}});
        }
        auto& item = *item_at;
        item.sums[static_cast<std::size_t>(place)].add({reading.value, below});
        item.all_below = item.all_below && below;
    }
}

void SectionSums::close_day()
{
    if (!day_)
        return;
    auto& piece = pieces_[piece_];
    for (auto const& item : today_) {
        auto const& [rounds, daily, hours] = item.sums;
        constexpr int hours_a_day = 24;
        ValueSum const* const counts =
            rounds.count() >= validity_.rounds_needed                                                              ? &rounds
            : daily.count() > 0                                                                                    ? &daily
            : hours.count() > 0 && hours.count() * validity_.rounds_a_day >= hours_a_day * validity_.rounds_needed ? &hours
                                                                                                                   : nullptr;
        if (!counts)
            continue;
        auto& into = item_of(piece, item.parameter);
        into.days.add({*counts->mean(Decimal::max_scale), false});
        into.days_below = into.days_below && item.all_below;
    }
    for (auto& item : today_) {                            // kept: most days have the same
        item.sums.fill(ValueSum{item.parameter == ph_});
        item.all_below = true;
    }
}

SectionPieces SectionSums::finish()
{
    close_day();
    day_.reset();
    SectionPieces all;
    all.reserve(pieces_.size());
    for (auto const& piece : pieces_) {
        SectionPiece made{piece.period, {}};
        made.items.reserve(piece.items.size());
        for (auto const& item : piece.items)
            made.items.push_back({item.parameter, item.days.mean(Decimal::max_scale), item.days.count(),
                                  item.samples.mean(Decimal::max_scale), item.samples.count(), item.days_below, item.samples_below});
        all.push_back(std::make_shared<SectionPiece const>(std::move(made)));
    }
    return all;
}

}  // namespace yihong
