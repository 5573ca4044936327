#include "report_clock.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/client.hpp"
#include "yihong/notify/mail_file.hpp"

#include <fmt/format.h>

#include <algorithm>

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
        if (!archive_.has(schedule.kind, period, schedule.place) && now >= try_again_[i])
            hand_out(i, period, now);
        send(i, now);
    }
}

void ReportClock::hand_out(std::size_t i, Period const& period, UtcTime now)
{
    auto const& schedule = schedules_[i];
    try {
        if (!schedule.folder.empty())                      // before the report is kept: without its folder it is not handed out
            std::filesystem::create_directories(schedule.folder);
        auto file = hand_out_(schedule, period);
        if (!file)
            throw std::runtime_error{file.error().detail};
        auto const name = file_name(schedule, period, 1);
        if (!schedule.folder.empty()) {
            write_private_file(schedule.folder / name, *file);
            // it is for colleagues
            std::filesystem::permissions(schedule.folder / name, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
        }
        log::info("report_issued_by_schedule", {{"kind", schedule.kind}, {"period", period_code(period)}, {"file", name}});
        if (!schedule.channel.empty())
            letters_[i] = {name, *std::move(file), now};
    } catch (std::exception const& problem) {
        log::error("report_schedule_failed", {{"kind", schedule.kind}, {"period", period_code(period)}, {"detail", problem.what()}});
        try_again_[i] = now + 1h;
    }
}

void ReportClock::send(std::size_t i, UtcTime now)
{
    auto const letter = letters_.find(i);
    if (letter == letters_.end() || now < letter->second.next)
        return;
    auto& [name, file, next] = letter->second;
    if (auto const sent = send_(schedules_[i], name, file); sent) {
        log::info("report_mailed", {{"channel", schedules_[i].channel}, {"file", name}});
        letters_.erase(letter);
    } else {
        log::warning("report_not_mailed", {{"channel", schedules_[i].channel}, {"file", name}, {"detail", sent.error().detail}});
        next = now + 15min;
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

Result<void> mail_report(Config const& config, ReportSchedule const& schedule, std::string const& name, std::string const& file)
{
    auto const channel = std::ranges::find(config.channels, schedule.channel, &Channel::id);
    auto const title = name.substr(0, name.rfind('.'));
    auto const type = schedule.format == "html" ? "text/html" : "application/octet-stream";
    return notify::mail_file(*channel, title, "附件为" + title + "，由" + config.landing.title + "定时印发，已留存。", {name, type, file});
}

}  // namespace yihong
