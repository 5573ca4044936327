#include "key_renewal.hpp"

#include "yihong/base/log.hpp"

namespace yihong::gateway {
namespace {

constexpr std::chrono::hours again_after{24};      // where the station did not take it

}  // namespace

void KeyRenewal::start()
{
    if (options_.key_days > 0)
        thread_ = std::jthread{[this](std::stop_token const& stop) { run(stop); }};
}

void KeyRenewal::stop()
{
    thread_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

void KeyRenewal::run(std::stop_token const& stop)
{
    while (!stop.stop_requested()) {
        try {
            look(utc_now());
        } catch (std::exception const& problem) {
            log::warning("key_renewal_failed", {{"detail", problem.what()}});      // the disk; the next look tries again
        }
        std::unique_lock lock{mutex_};
        wake_.wait_for(lock, stop, options_.key_look_interval, [] { return false; });
    }
}

void KeyRenewal::look(UtcTime now)
{
    auto const book = book_.load();
    for (auto const& known : book->all()) {
        auto const& mn = known.device.mn;
        if (!is_due(known, now))
            continue;
        auto const spec = find_command("new_key", hj212::Edition::hj212_2025);
        keys_.make(mn, now);
        tried_[mn] = now;
        (void)desk_.give(
            {mn, *spec, build_command(**spec, {}).value(), "key_renewal", "gateway"});    // what becomes of it stands among its commands
    }
}

/// A key of the configuration tells no age, so it is due.
bool KeyRenewal::is_due(KnownDevice const& known, UtcTime now) const
{
    if (!known.keys)
        return false;
    auto const made_at = known.keys->load()->in_force().made_at;
    if (made_at && now - *made_at < std::chrono::days{options_.key_days})
        return false;
    auto const tried = tried_.find(known.device.mn);
    if (tried != tried_.end() && now - tried->second < again_after)
        return false;
    auto const status = board_.status(known.device.mn);
    return status.connected && status.edition == hj212::Edition::hj212_2025;
}

}  // namespace yihong::gateway
