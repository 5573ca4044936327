#include "station_frames.hpp"

#include "yihong/hj212/frame.hpp"

#include <fmt/format.h>

#include <utility>

namespace yihong::bench {
namespace {

namespace cn = hj212::cn;

constexpr std::array<std::string_view, measured.size()> codes{"w01010", "w01001", "w01009", "w01014", "w01003",
                                                              "w01019", "w21003", "w21011", "w21001", "w01016"};
constexpr std::string_view time_name = "DataTime=";

}  // namespace

hj212::Outgoing station_message(int site, int command)
{
    hj212::Outgoing m;
    m.qn = "20250801000000000";
    m.st = "21";
    m.cn = command;
    m.pw = "123456";
    m.mn = site_id(site);
    m.flag = 9;
    return m;
}

std::size_t answer_size(int site, int command)
{
    auto m = station_message(site, command);
    m.st = "91";
    m.flag = 8;
    return hj212::to_frame(hj212::to_segment(m)).size();
}

DataFrame::DataFrame(int site, int command, History::Values const& values)
{
    auto m = station_message(site, command);
    m.cp = std::string{time_name} + "20250801000000";
    for (std::size_t i = 0; i < codes.size(); ++i)
        m.cp += fmt::format(";{0}-Avg={1},{0}-Flag=N", codes[i], Decimal{values[i], measured[i].decimals}.to_string());
    frame_ = hj212::to_frame(hj212::to_segment(m));
    time_at_ = frame_.find(time_name) + time_name.size();
}

void DataFrame::set_time(UtcTime time)
{
    auto const text = hj212::format_station_time(time);
    frame_.replace(time_at_, text.size(), text);
    auto const crc = fmt::format("{:04X}", hj212::crc_of(std::string_view{frame_}.substr(6, frame_.size() - 12)));
    frame_.replace(frame_.size() - 6, 4, crc);
}

History::Values good_water(int n)
{
    History::Values values{};
    for (std::size_t p = 0; p < measured.size(); ++p)
        values[p] = static_cast<std::int32_t>(measured[p].level) + n % 32;
    return values;
}

UtcTime first_time(bool hourly, int sent)
{
    return hourly ? History::begin - std::chrono::days{7300} + std::chrono::hours{sent} : History::begin + std::chrono::minutes{sent};
}

Stations::Stations(Options options) : options_{std::move(options)}, lanes_(static_cast<std::size_t>(options_.count))
{
    for (int c = 0; c < options_.count; ++c)
        for (int v = 0; v < options_.variants; ++v)
            lanes_[static_cast<std::size_t>(c)].frames.emplace_back(c, options_.command, options_.values(c, v));
}

Load Stations::load(std::chrono::seconds limit, double rate)
{
    Load load;
    load.connections = options_.count;
    load.limit = limit;
    load.answer_bytes = [this](int c) { return static_cast<std::size_t>(options_.window) * answer_size(c, cn::data_answer); };
    load.next = [this](int c) -> std::optional<std::string_view> {
        auto const step = options_.command == cn::hour ? std::chrono::minutes{60} : std::chrono::minutes{1};
        auto& lane = lanes_[static_cast<std::size_t>(c)];
        lane.burst.clear();
        for (int k = 0; k < options_.window; ++k) {
            auto& frame = lane.frames[lane.sent % lane.frames.size()];
            frame.set_time(options_.first + step * static_cast<std::int64_t>(lane.sent++));
            lane.burst += frame.bytes();
        }
        return lane.burst;
    };
    if (rate > 0) {
        // every connection keeps its own pace; they begin spread over the first period
        auto const period =
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.window * options_.count / rate));
        auto const begin = Clock::now();
        for (int c = 0; c < options_.count; ++c)
            lanes_[static_cast<std::size_t>(c)].due = begin + period * c / options_.count - period;
        load.pause = [this, period](int c) { return (lanes_[static_cast<std::size_t>(c)].due += period) - Clock::now(); };
    }
    return load;
}

void Stations::send_the_same()
{
    auto const first = lanes_.front().frames.front();
    for (auto& lane : lanes_)
        for (auto& frame : lane.frames)
            frame = first;
}

}  // namespace yihong::bench
