#include "report_clock.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/log.hpp"

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

}  // namespace yihong
