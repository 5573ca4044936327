#include "yihong/periods/air_days.hpp"

#include <algorithm>

namespace yihong {

AirDays::AirDays(Period const& period, StandardsBook const& standards) : period_{period}, standards_{standards}
{
    auto const& parameters = standards.parameters();
    auto const add = [&](std::string_view hourly, std::string_view daily) {
        auto const* from = parameters.find(hourly);
        auto const* to = parameters.find(daily);
        if (from && to)
            pollutants_.push_back({from->id, to->id, to->decimals, from != to, {}});
    };
    for (auto const name : {"pm25", "pm10", "so2", "no2", "co"})
        add(name, name);
    add("o3", "o3_8h");
    std::ranges::sort(pollutants_, {}, &Pollutant::daily);
}

void AirDays::add(Record const& record)
{
    bool const hour = record.interval == IntervalKind::hour;
    if ((!hour && record.interval != IntervalKind::day) || !period_.contains(record.time) || record.status != StationStatus::normal)
        return;
    auto const day = std::chrono::floor<std::chrono::days>(record.time + beijing_offset);
    if (day_ != day) {
        close_day();
        day_ = day;
    }
    if (!hour) {
        own_ = record;
        return;
    }
    auto const at = std::chrono::duration_cast<std::chrono::hours>(record.time + beijing_offset - day).count();
    for (auto& pollutant : pollutants_)
        if (auto const* reading = record.find(pollutant.hourly); reading && is_valid(*reading))
            pollutant.hours.at(static_cast<std::size_t>(at)) = reading->value;
}

void AirDays::close_day()
{
    if (!day_)
        return;
    Date const date{*day_};
    auto const* statistics = standards_.air_statistics(date);
    auto const* limits = standards_.air_limits(date);
    Record made;
    made.interval = IntervalKind::day;
    made.time = beijing_midnight(date);
    for (auto& pollutant : pollutants_) {
        auto const* limit = limits ? limits->find(pollutant.daily, Averaging::eight_hours) : nullptr;
        std::optional<Decimal> value;
        if (statistics && !pollutant.highest_8h)
            value = daily_mean(pollutant.hours, *statistics, pollutant.decimals);
        else if (statistics && limit)
            value = daily_highest_8h(pollutant.hours, *statistics, limit->class2, pollutant.decimals);
        auto const* own = own_ ? own_->find(pollutant.daily) : nullptr;
        if (!value && own && is_valid(*own))
            value = own->value;
        if (value) {
            Reading reading;
            reading.parameter = pollutant.daily;
            reading.value = *value;
            made.readings.push_back(reading);
        }
        pollutant.hours = {};
    }
    own_.reset();
    if (!made.readings.empty())
        days_.push_back(std::move(made));
}

std::vector<Record> AirDays::finish()
{
    close_day();
    day_.reset();
    return std::move(days_);
}

}  // namespace yihong
