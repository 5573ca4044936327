#include "serve.hpp"

#include "yihong/base/log.hpp"

#include "service_host.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>

namespace yihong {

bool serve(Overrides const& overrides)
{
    // before any thread starts, so that no signal is missed
    boost::asio::io_context context{1};
    boost::asio::signal_set signals{context, SIGTERM, SIGINT, SIGHUP};
    auto started = ServiceHost::start(overrides, Purpose::serve);
    if (!started) {
        print_problems(started.error());
        return false;
    }
    auto& host = **started;
    auto const shown = [](std::string const& address) { return address.find(':') != std::string::npos ? "[" + address + "]" : address; };
    fmt::print("listening http=http://{}:{}", shown(host.address()), host.port());
    if (host.tls_port() != 0)
        fmt::print(" https={}", host.tls_port());
    if (auto const stations = host.gateway_endpoint())
        fmt::print(" hj212={}:{}", shown(stations->address), stations->port);
    if (host.gateway_tls_port() != 0)
        fmt::print(" hj212-tls={}", host.gateway_tls_port());
    fmt::print("\n");
    std::fflush(stdout);
    std::function<void()> const wait = [&] {
        signals.async_wait([&](boost::system::error_code const& error, int signal) {
            if (error || signal != SIGHUP)
                return context.stop();
            try {
                (void)host.reload();
            } catch (std::exception const& problem) {
                log::error("reload_failed", {{"detail", problem.what()}});
            }
            wait();
        });
    };
    wait();
    bool lost = false;
    boost::asio::steady_timer look{context};
    std::function<void()> const watch = [&] {
        look.expires_after(std::chrono::milliseconds{500});
        look.async_wait([&](boost::system::error_code const& error) {
            if (error)
                return;
            lost = host.has_lost_its_store();
            lost ? context.stop() : watch();
        });
    };
    watch();
    context.run();
    if (lost)
        log::error("store_given_up",
                   {{"detail", "the engine of the store does not recover; the service ends, so that it is started anew"}});
    log::info("stopping");
    return !lost;
}

}  // namespace yihong
