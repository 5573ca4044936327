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

}  // namespace yihong::station
