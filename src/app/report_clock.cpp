#include "report_clock.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/client.hpp"

#include <fmt/format.h>

namespace yihong {

using namespace std::chrono_literals;

void ReportClock::start()
{
    if (schedules_.empty())
        return;
    thread_ = std::jthread{[this](std::stop_token const& stopping) {
        std::unique_lock lock{mutex_};
        do
            look(utc_now());
        while (!wake_.wait_for(lock, stopping, 1min, [&] { return stopping.stop_requested(); }));
    }};
}

void ReportClock::stop()
{
    thread_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

void ReportClock::look(UtcTime now)
{
    for (std::size_t i = 0; i < schedules_.size(); ++i) {
        auto const& schedule = schedules_[i];
        auto const period = due_period(schedule, now);
        if (archive_.has(schedule.kind, period, schedule.place) || now < try_again_[i])
            continue;
        try {
            std::filesystem::create_directories(schedule.folder);  // before the report is kept: without its folder it is not handed out
            auto const file = hand_out_(schedule, period);
            if (!file)
                throw std::runtime_error{file.error().detail};
            auto const name = schedule.folder / file_name(schedule, period, 1);
            write_private_file(name, *file);
            std::filesystem::permissions(name, std::filesystem::perms::group_read,
                                         std::filesystem::perm_options::add);  // it is for colleagues
            log::info("report_issued_by_schedule", {{"kind", schedule.kind}, {"period", period_code(period)}, {"file", name.string()}});
        } catch (std::exception const& problem) {
            log::error("report_schedule_failed", {{"kind", schedule.kind}, {"period", period_code(period)}, {"detail", problem.what()}});
            try_again_[i] = now + 1h;
        }
    }
}

Result<std::string> hand_out_over_http(Endpoint const& service, std::string const& secret, ReportSchedule const& schedule,
                                       Period const& period)
{
    auto const target = fmt::format("/api/v1/reports/{}?period={}&f={}&links=false{}", schedule.kind, percent_encoded(period_code(period)),
                                    schedule.format, schedule.place.empty() ? "" : "&place=" + percent_encoded(schedule.place));
    auto const reply =
        http::request(service.address, service.port, "POST", target, {{"Authorization", "Bearer " + secret}}, {}, std::chrono::minutes{30});
    return reply.status < 300 ? Result<std::string>{reply.body} : fail(Errc::bad_value, reply.body);
}

}  // namespace yihong
