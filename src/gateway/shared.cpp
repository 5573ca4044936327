#include "shared.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/networks.hpp"

namespace yihong::gateway {
namespace {

constexpr int refused_kept_a_minute = 30;           // of one source
constexpr std::chrono::minutes window_length{1};
constexpr std::size_t sources_limit = 10'000;

}  // namespace

Shared::Shared(GatewayOptions gateway_options, Intake& the_intake, std::vector<Device> const& devices)
    : options{std::move(gateway_options)}, intake{the_intake},
      admission{{.total = options.connection_limit, .per_peer = options.connections_per_source_limit}}, keys{options.key_file},
      book{std::make_shared<DeviceBook const>(devices, intake.world(), keys)}
{}

bool RefusalQuota::take(boost::asio::ip::address const& from)
{
    auto const source = net::source_of(from);
    std::lock_guard const lock{mutex_};
    auto const now = Clock::now();
    if (sources_.size() >= sources_limit && now - swept_ > window_length) {
        swept_ = now;
        std::erase_if(sources_, [&](auto const& each) { return now - each.second.window > window_length; });
    }
    if (sources_.size() >= sources_limit && !sources_.contains(source))
        return false;
    auto& entry = sources_[source];
    if (now - entry.window > window_length) {
        entry.window = now;
        entry.refusals = 0;
    }
    return ++entry.refusals <= refused_kept_a_minute;
}

void FrameQuota::leave_out(std::vector<FrameOfBatch>& frames, UtcTime now)
{
    if (limit_ == 0 || frames.empty())
        return;
    auto const today = std::chrono::floor<std::chrono::days>(now);
    std::lock_guard const lock{mutex_};
    auto known = days_.end();                          // most turns are of one device
    std::erase_if(frames, [&](FrameOfBatch const& one) {
        if (known == days_.end() || known->first != one.frame.device)
            known = days_.try_emplace(one.frame.device).first;
        auto& day = known->second;
        if (day.day != today)
            day = {today, 0};
        return !takes(day, one.frame);
    });
}

bool FrameQuota::takes(Day& day, RawFrame const& frame)
{
    bool const was_within = day.bytes <= limit_;
    day.bytes += frame.bytes.size();
    if (day.bytes <= limit_)
        return true;
    if (was_within)
        log::warning(
            "hj212_frames_left_out",
            {{"mn", frame.device}, {"kept_bytes", limit_}, {"detail", "its records are taken, its frames of today are not kept any more"}});
    ++left_out_;
    return false;
}

}  // namespace yihong::gateway
