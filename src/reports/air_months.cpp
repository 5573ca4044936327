#include "yihong/reports/air_months.hpp"

#include "yihong/periods/air_days.hpp"

#include "add_records.hpp"

namespace yihong {
namespace {

std::size_t charge_of(AirMonth const& month)
{
    return sizeof(AirMonth) + month.days.capacity() * sizeof(AirMonth::Day) + month.values.capacity() * sizeof(month.values.front());
}

constexpr auto own_month = [](Record const& record, auto const& visit) { visit(period_of(PeriodKind::month, record.time).begin); };

}  // namespace

void AirMonth::append_to(std::vector<Record>& records) const
{
    auto value = values.begin();
    for (auto const& day : days) {
        Record made;
        made.interval = IntervalKind::day;
        made.time = day.time;
        made.readings.reserve(day.values);
        for (unsigned i = 0; i < day.values; ++i, ++value) {
            Reading reading;
            reading.parameter = value->first;
            reading.value = value->second;
            made.readings.push_back(reading);
        }
        records.push_back(std::move(made));
    }
}

AirMonth read_air_month(Records const& records, SiteNumber station, Period const& month, StandardsBook const& standards)
{
    AirMonth made;
    AirDays days{month, standards};
    add_records(days, records, station, month, made.read);
    for (auto const& day : days.finish()) {
        made.days.push_back({day.time, static_cast<std::uint8_t>(day.readings.size())});
        for (auto const& reading : day.readings)
            made.values.emplace_back(reading.parameter, reading.value);
    }
    made.days.shrink_to_fit();
    made.values.shrink_to_fit();
    return made;
}

std::shared_ptr<AirMonth const> AirMonths::get(SiteNumber station, Period const& month, StandardsBook const& standards)
{
    auto const read = [&](std::span<Period const> run) {
        std::vector<AirMonth> made;
        made.reserve(run.size());
        for (auto const& one : run)
            made.push_back(read_air_month(records_, station, one, standards));
        return made;
    };
    return kept_.get(station, {&month, 1}, {}, read, charge_of).front();
}

bool AirMonths::changed(std::span<Record const> records) { return kept_.changed(records, own_month); }

void AirMonths::refresh(StandardsBook const& standards, std::stop_token const& stop)
{
    for (auto const& one : kept_.take_stale()) {
        if (stop.stop_requested())
            return;
        (void)get(one.site, period_of(PeriodKind::month, one.begin), standards);
    }
}

}  // namespace yihong
