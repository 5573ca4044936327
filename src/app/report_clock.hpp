#pragma once

#include "yihong/api/report_archive.hpp"
#include "yihong/config/config.hpp"
#include "yihong/reports/schedule.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace yihong {

/// Hands out reports when they are due (定时印发), and puts each into its folder. What was due while the service was down is made up for, as
/// far as the last period; what is kept already is not handed out again.
class ReportClock {
public:
    /// Hands a report out. \return the file, or why not
    using HandOut = std::function<Result<std::string>(ReportSchedule const& schedule, Period const& period)>;

    /// Sends it by the schedule's channel. \return why not
    using Send = std::function<Result<void>(ReportSchedule const& schedule, std::string const& name, std::string const& file)>;

    /// \param archive outlives it
    ReportClock(std::vector<ReportSchedule> schedules, api::ReportArchive const& archive, HandOut hand_out, Send send)
        : schedules_{std::move(schedules)}, archive_{archive}, hand_out_{std::move(hand_out)}, send_{std::move(send)}
    {}

    /// Looks every minute, on a thread of its own. Nothing happens without schedules.
    void start();
    void stop();
    /// Hands out what is due by now. A report that fails is tried again an hour later; what was handed out and did not come into its folder, or did not
    /// get through as a letter, every 15 minutes until the service ends.
    void look(UtcTime now);

private:
    /// What was handed out and is not everywhere yet where it is to go.
    struct Delivery {
        std::size_t schedule = 0;
        std::string name, file;
        bool is_put = false;  ///< into the folder
        bool is_sent = false;  ///< by the channel
        UtcTime next{};
    };
    void hand_out(std::size_t schedule, Period const& period, UtcTime now);
    void put(Delivery& delivery) const;
    void send(Delivery& delivery) const;

    std::vector<ReportSchedule> schedules_;
    api::ReportArchive const& archive_;
    HandOut hand_out_;
    Send send_;
    std::map<std::size_t, UtcTime> try_again_;  ///< by schedule
    std::vector<Delivery> deliveries_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

/// What is asked of the service so that it hands out the report of a period.
std::string issue_target(ReportSchedule const& schedule, Period const& period);
/// Has the service hand a report out, as any other client would. \param secret opens every door of it \return the file, or what it said instead
Result<std::string> hand_out_over_http(Endpoint const& service, std::string const& secret, ReportSchedule const& schedule,
                                       Period const& period);
/// Sends a report by the channel that its schedule names, as an attachment. \pre the configuration has that channel
Result<void> mail_report(Config const& config, ReportSchedule const& schedule, std::string const& name, std::string const& file);

}  // namespace yihong
