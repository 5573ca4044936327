#include "yihong/station/upload.hpp"

#include <algorithm>
#include <tuple>

namespace yihong::station {

using namespace std::chrono;
std::vector<Upload> to_uploads(std::span<Record const> records, ParameterBook const& parameters, UploadForm const& form)
{
    std::vector<Upload> uploads;
    uploads.reserve(records.size());
    for (auto const& record : records) {
        Upload upload;
        upload.cn = hj212::command_of(record.interval);
        upload.items = upload.cn ? hj212::to_items(record, parameters, form.edition, form.factors) : std::vector<std::string>{};
        if (upload.items.empty())
            continue;
        upload.available_at = record.time + period_length(record.interval, form.minute_interval);
        upload.data_time = form.time_is_end ? upload.available_at : record.time;
        uploads.push_back(std::move(upload));
    }
    std::ranges::sort(uploads, [](Upload const& a, Upload const& b) {
        return std::tie(a.available_at, a.cn, a.data_time) < std::tie(b.available_at, b.cn, b.data_time);
    });
    return uploads;
}

milliseconds shift_to(UtcTime now, std::span<Record const> records, minutes minute_interval)
{
    milliseconds grid = minutes{1};
    auto newest = UtcTime::min();
    for (auto const& record : records) {
        auto const period = period_length(record.interval, minute_interval);
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

milliseconds loop_period_of(std::span<Record const> records, minutes minute_interval)
{
    if (records.empty())
        return milliseconds{0};
    milliseconds grid = minutes{1};
    auto first = UtcTime::max();
    auto end = UtcTime::min();
    for (auto const& record : records) {
        // an instant takes a minute, so that the first of the next loop does not fall on the last
        auto const period = std::max(period_length(record.interval, minute_interval), minutes{1});
        grid = std::max<milliseconds>(grid, period);
        first = std::min(first, record.time);
        end = std::max(end, record.time + period);
    }
    return (end - first + grid - milliseconds{1}) / grid * grid;
}

void move_into_last_loop(std::vector<Record>& records, UtcTime now, milliseconds period, minutes minute_interval)
{
    for (auto& record : records) {
        auto const wanted = now - (record.time + period_length(record.interval, minute_interval));
        auto loops = wanted / period;
        if (wanted < milliseconds{0} && wanted % period != milliseconds{0})
            --loops;                       // downwards, so that nothing lies in the future
        record.time += loops * period;
    }
    std::ranges::sort(records, {}, [](Record const& record) { return std::pair{record.time, record.interval}; });
}

}  // namespace yihong::station
