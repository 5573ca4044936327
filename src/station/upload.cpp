#include "yihong/station/upload.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace yihong::station {
namespace {

using namespace std::chrono;

/// HJ/T 212-2005 has codes of two or three characters (`011`, `B01`); the later ones have six.
std::string_view code_for(Parameter const& parameter, hj212::Edition edition)
{
    if (edition == hj212::Edition::hjt212_2005) {
        auto const old = std::ranges::find_if(parameter.other_codes, [](std::string const& code) { return code.size() <= 3; });
        if (old != parameter.other_codes.end())
            return *old;
    }
    return parameter.code;
}

std::string_view flag_of(Reading const& reading, StationStatus status)
{
    if (reading.flag.is_normal()) {
        switch (status) {
        case StationStatus::normal: break;
        case StationStatus::maintenance: return "M";
        case StationStatus::calibration: return "C";
        case StationStatus::fault: return "D";
        case StationStatus::stopped: return "F";
        }
    }
    return reading.flag.text();
}

std::vector<std::string> to_items(Record const& record, ParameterBook const& parameters, UploadForm const& form)
{
    std::string_view const part = record.interval == IntervalKind::realtime ? "-Rtd=" : "-Avg=";
    std::vector<std::string> items;
    for (auto const& reading : record.readings) {
        auto const* parameter = parameters.find(reading.parameter);
        if (!parameter || parameter->code.empty())
            continue;
        auto const code = code_for(*parameter, form.edition);
        auto const flag = flag_of(reading, record.status);
        std::string item;
        if (reading.has_value) {
            auto value = reading.value;
            if (auto const* factor = form.factors ? form.factors->find(code) : nullptr)
                value = value.scaled_by_power_of_ten(-factor->power).value_or(value);
            item.append(code).append(part);
            value.append_to(item);
            item += ',';
        } else if (flag == "N") {
            continue;
        }
        item.append(code).append("-Flag=").append(flag);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

int command_of(IntervalKind kind) noexcept
{
    switch (kind) {
    case IntervalKind::realtime: return hj212::cn::real_time;
    case IntervalKind::minute: return hj212::cn::minute;
    case IntervalKind::hour:
    case IntervalKind::four_hours: return hj212::cn::hour;
    case IntervalKind::day: return hj212::cn::day;
    case IntervalKind::sample: return 0;
    }
    return 0;
}

minutes period_of(IntervalKind kind, minutes minute_interval) noexcept
{
    switch (kind) {
    case IntervalKind::minute: return minute_interval;
    case IntervalKind::hour: return hours{1};
    case IntervalKind::four_hours: return hours{4};
    case IntervalKind::day: return hours{24};
    case IntervalKind::realtime:
    case IntervalKind::sample: return minutes{0};
    }
    return minutes{0};
}

std::vector<Upload> to_uploads(std::span<Record const> records, ParameterBook const& parameters, UploadForm const& form)
{
    std::vector<Upload> uploads;
    uploads.reserve(records.size());
    for (auto const& record : records) {
        Upload upload;
        upload.cn = command_of(record.interval);
        upload.items = upload.cn ? to_items(record, parameters, form) : std::vector<std::string>{};
        if (upload.items.empty())
            continue;
        upload.available_at = record.time + period_of(record.interval, form.minute_interval);
        upload.data_time = form.time_is_end ? upload.available_at : record.time;
        uploads.push_back(std::move(upload));
    }
    std::ranges::sort(uploads, [](Upload const& a, Upload const& b) { return std::tie(a.available_at, a.cn, a.data_time) < std::tie(b.available_at, b.cn, b.data_time); });
    return uploads;
}

milliseconds shift_to(UtcTime now, std::span<Record const> records, minutes minute_interval)
{
    milliseconds grid = minutes{1};
    auto newest = UtcTime::min();
    for (auto const& record : records) {
        auto const period = period_of(record.interval, minute_interval);
        grid = std::max<milliseconds>(grid, period);
        newest = std::max(newest, record.time + period);
    }
    if (records.empty())
        return milliseconds{0};
    // a whole number of the longest period keeps all shorter ones on their grid too, as each divides the next
    auto const wanted = now - newest;
    auto steps = wanted / grid;
    if (wanted < milliseconds{0} && wanted % grid != milliseconds{0})
        --steps;                       // downwards, so that nothing lies in the future
    return steps * grid;
}

}  // namespace yihong::station
