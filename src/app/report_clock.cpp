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
    }
    for (auto& delivery : deliveries_) {
        if (now < delivery.next)
            continue;
        put(delivery);
        send(delivery);
        delivery.next = now + 15min;
    }
    std::erase_if(deliveries_, [](Delivery const& delivery) { return delivery.is_put && delivery.is_sent; });
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
        log::info("report_issued_by_schedule", {{"kind", schedule.kind}, {"period", period_code(period)}, {"file", name}});
        deliveries_.push_back({i, name, *std::move(file), schedule.folder.empty(), schedule.channel.empty(), now});
    } catch (std::exception const& problem) {
        log::error("report_schedule_failed", {{"kind", schedule.kind}, {"period", period_code(period)}, {"detail", problem.what()}});
        try_again_[i] = now + 1h;
    }
}

void ReportClock::put(Delivery& delivery) const
{
    if (delivery.is_put)
        return;
    auto const file = schedules_[delivery.schedule].folder / delivery.name;
    try {
        write_private_file(file, delivery.file);
        std::filesystem::permissions(file, std::filesystem::perms::group_read, std::filesystem::perm_options::add);  // it is for colleagues
        delivery.is_put = true;
    } catch (std::exception const& problem) {
        log::error("report_not_put", {{"file", file.string()}, {"detail", problem.what()}});
    }
}

void ReportClock::send(Delivery& delivery) const
{
    if (delivery.is_sent)
        return;
    auto const& schedule = schedules_[delivery.schedule];
    auto const sent = send_(schedule, delivery.name, delivery.file);
    delivery.is_sent = sent.has_value();
    if (sent)
        log::info("report_mailed", {{"channel", schedule.channel}, {"file", delivery.name}});
    else
        log::warning("report_not_mailed", {{"channel", schedule.channel}, {"file", delivery.name}, {"detail", sent.error().detail}});
}

std::string issue_target(ReportSchedule const& schedule, Period const& period)
{
    auto target =
        fmt::format("/api/v1/reports/{}?period={}&f={}&links=public", schedule.kind, percent_encoded(period_code(period)), schedule.format);
    if (!schedule.place.empty())
        target += "&place=" + percent_encoded(schedule.place);
    if (!schedule.compare.empty())
        target += "&compare=" + percent_encoded(schedule.compare);
    return target;
}

Result<std::string> hand_out_over_http(Endpoint const& service, std::string const& secret, ReportSchedule const& schedule,
                                       Period const& period)
{
    auto const reply = http::request(service.address, service.port, "POST", issue_target(schedule, period),
                                     {{"Authorization", "Bearer " + secret}}, {}, std::chrono::minutes{30});
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
