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

/// About, with what its place costs.
std::size_t charge_of(SectionMonth const& month)
{
    constexpr std::size_t place = 200;
    return place + sizeof(SectionMonth) + month.piece.items.capacity() * sizeof(ItemPiece) +
           month.planned.capacity() * sizeof(SectionMonth::Planned);
}

constexpr std::array around{months{-2}, months{-1}, months{0}, months{1}, months{2}};

/// The beginnings of the months that a record can be a part of: its own, and of a sample those that it may have been taken for.
std::span<months const> reach_of(Record const& record)
{
    return record.interval == IntervalKind::sample ? std::span{around} : std::span{around}.subspan(2, 1);
}

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

SectionMonths::Key SectionMonths::key_of(SiteNumber site, UtcTime begin) noexcept
{
    auto const day = beijing_date(begin);
    constexpr int months_a_year = 12;
    auto const month = static_cast<int>(day.year()) * months_a_year + static_cast<int>(static_cast<unsigned>(day.month()));
    constexpr unsigned bits = 32;
    return Key{site} << bits | static_cast<std::uint32_t>(month);
}

std::shared_ptr<SectionMonth const> SectionMonths::get(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                       ParameterBook const& parameters)
{
    auto const key = key_of(site, month.begin);
    std::uint64_t reading = 0;
    {
        std::lock_guard const lock{mutex_};
        if (auto const known = by_key_.find(key); known != by_key_.end()) {
            if (known->second->month && known->second->validity == validity) {
                slots_.splice(slots_.begin(), slots_, known->second);
                return known->second->month;
            }
            take_out(known->second);
        }
        reading = ++readings_;
        slots_.push_front({.key = key, .validity = validity, .reading = reading, .month = nullptr, .charge = 0});
        by_key_.emplace(key, slots_.begin());
    }
    auto made = std::make_shared<SectionMonth const>(read_month(records_, site, month, validity, parameters));
    std::lock_guard const lock{mutex_};
    auto const own = by_key_.find(key);
    if (own == by_key_.end() || own->second->reading != reading)       // it changed meanwhile, or another reads it
        return made;
    own->second->month = made;
    own->second->charge = charge_of(*made);
    bytes_ += own->second->charge;
    while (bytes_ > limit_ && slots_.size() > 1)
        take_out(std::prev(slots_.end()));
    return made;
}

bool SectionMonths::changed(std::span<Record const> records)
{
    if (records.empty())
        return false;
    std::lock_guard const lock{mutex_};
    if (by_key_.empty())
        return false;
    bool any = false;
    for (auto const& record : records) {
        auto const day = beijing_date(record.time);
        for (auto const away : reach_of(record)) {
            auto const month = day.year() / day.month() / 1 + away;
            auto const begin = beijing_midnight(month);
            auto const known = by_key_.find(key_of(record.site, begin));
            if (known == by_key_.end())
                continue;
            stale_.push_back({record.site, begin, known->second->validity});
            take_out(known->second);
            any = true;
        }
    }
    return any;
}

void SectionMonths::refresh(ParameterBook const& parameters, std::stop_token const& stop)
{
    std::vector<Stale> stale;
    {
        std::lock_guard const lock{mutex_};
        stale.swap(stale_);
    }
    for (auto const& one : stale) {
        if (stop.stop_requested())
            return;
        (void)get(one.site, period_of(PeriodKind::month, one.begin), one.validity, parameters);
    }
}

void SectionMonths::clear()
{
    std::lock_guard const lock{mutex_};
    stale_.clear();
    slots_.clear();
    by_key_.clear();
    bytes_ = 0;
}

std::size_t SectionMonths::bytes() const
{
    std::lock_guard const lock{mutex_};
    return bytes_;
}

void SectionMonths::take_out(Slots::iterator slot)
{
    bytes_ -= slot->charge;
    by_key_.erase(slot->key);
    slots_.erase(slot);
}

std::shared_ptr<SectionMonth const> ReportRecords::month(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                         ParameterBook const& parameters) const
{
    return months ? months->get(site, month, validity, parameters)
                  : std::make_shared<SectionMonth const>(read_month(records, site, month, validity, parameters));
}

}  // namespace yihong
