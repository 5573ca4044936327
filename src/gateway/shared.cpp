#include "shared.hpp"

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

bool RefusalQuota::take(boost::asio::ip::address const& source)
{
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

}  // namespace yihong::gateway
