#include "station.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <thread>

namespace yihong::station {

namespace asio = boost::asio;

/// One thread with its stations.
struct StationFleet::Worker {
    asio::io_context io{1};
    asio::steady_timer tick{io};
    std::vector<std::unique_ptr<Station>> stations;
    std::size_t running = 0;
    std::exception_ptr failure;
    std::thread thread;

    /// One timer for all writes: arming one for each costs more than the write.
    asio::awaitable<void> watch()
    {
        constexpr std::chrono::milliseconds interval{250};
        while (running > 0) {
            boost::system::error_code ec;
            tick.expires_after(interval);
            co_await tick.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            auto const now = Station::Clock::now();
            for (auto const& station : stations)
                station->check_write(now);
        }
    }

    void spawn()
    {
        running = stations.size();
        for (auto const& station : stations)
            asio::co_spawn(io, station->run(), [this](std::exception_ptr problem) {
                if (problem && !failure)
                    failure = problem;
                if (--running == 0)
                    tick.cancel();
            });
        asio::co_spawn(io, watch(), [](std::exception_ptr) {});
    }

    void stop()
    {
        for (auto const& station : stations)
            station->stop();
    }
};

StationFleet::StationFleet(FleetOptions options, std::vector<StationOptions> stations) : options_{std::move(options)}
{
    auto const threads =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(options_.threads, 1)), 1, std::max<std::size_t>(stations.size(), 1));
    for (std::size_t i = 0; i < threads; ++i)
        workers_.push_back(std::make_unique<Worker>());
    Station::Pace pace{.start = Station::Clock::now(), .first = UtcTime::max(), .speed = options_.speed};
    for (auto const& station : stations)
        if (station.uploads && !station.uploads->empty())
            pace.first = std::min(pace.first, station.uploads->front().available_at);
    std::chrono::microseconds const between{1'000'000 / std::max(options_.connects_per_second, 1)};
    for (std::size_t i = 0; i < stations.size(); ++i) {
        auto& worker = *workers_[i % threads];
        auto const delay = between * static_cast<std::int64_t>(worker.stations.size());
        worker.stations.push_back(std::make_unique<Station>(worker.io, options_, std::move(stations[i]), pace, delay));
    }
}

StationFleet::~StationFleet()
{
    stop();
    for (auto const& worker : workers_)
        if (worker->thread.joinable())
            worker->thread.join();
}

void StationFleet::start(std::function<void()> on_finished)
{
    on_finished_ = std::move(on_finished);
    running_ = workers_.size();
    for (auto const& worker : workers_) {
        worker->spawn();
        worker->thread = std::thread{[this, &worker = *worker] {
            worker.io.run();
            if (--running_ == 0 && on_finished_)
                on_finished_();
        }};
    }
}

void StationFleet::stop()
{
    for (auto const& worker : workers_)
        asio::post(worker->io, [&worker = *worker] { worker.stop(); });
}

void StationFleet::wait()
{
    for (auto const& worker : workers_)
        if (worker->thread.joinable())
            worker->thread.join();
    for (auto const& worker : workers_)
        if (worker->failure)
            std::rethrow_exception(worker->failure);
}

FleetTotals StationFleet::totals() const
{
    FleetTotals totals;
    for (auto const& worker : workers_)
        for (auto const& station : worker->stations)
            totals.add(station->totals());
    return totals;
}

}  // namespace yihong::station
