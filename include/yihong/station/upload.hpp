#pragma once

#include "yihong/hj212/meaning.hpp"
#include "yihong/model/record.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace yihong::station {

/// One record as a station sends it; with more than fits one data area it goes out in parts.
struct Upload {
    int cn = 0;
    UtcTime data_time{};               ///< as it stands in DataTime
    UtcTime available_at{};            ///< when a logger would have it: the end of the period
    std::vector<std::string> items;    ///< `w01018-Avg=40.1,w01018-Flag=N`
};
/// Ascending `available_at`. Shared by all stations that play the same site.
using Uploads = std::shared_ptr<std::vector<Upload> const>;

struct UploadForm {
    hj212::Edition edition = hj212::Edition::hj212_2017;
    bool time_is_end = false;                          ///< DataTime of periods is their end
    std::chrono::minutes minute_interval{10};
    hj212::FactorTable const* factors = nullptr;       ///< the units in which the station sends; null: ours
};

/// Records as uploads, sorted; samples are left out, and what hj212::to_items leaves out.
std::vector<Upload> to_uploads(std::span<Record const> records, ParameterBook const& parameters, UploadForm const& form);

/// How far to move times so that the newest record is complete at `now`: whole days where there is day data, whole 4 h or hours or
/// minutes else, so that every period stays where Beijing's clock has it.
[[nodiscard]] std::chrono::milliseconds shift_to(UtcTime now, std::span<Record const> records, std::chrono::minutes minute_interval);

/// How long the records of a site take, from their first to the end of their last period: a whole number of their longest period,
/// so that a loop that long keeps every period where Beijing's clock may have it. Zero without records.
[[nodiscard]] std::chrono::milliseconds loop_period_of(std::span<Record const> records, std::chrono::minutes minute_interval);

/// Moves each record by whole loops, so that it is the last of its kind that is over at `now`; sorted by time afterwards. The same moment gets
/// the same record whenever this is done: whoever begins the loop again sends what is known already, and nothing that contradicts it.
/// \pre period > 0
void move_into_last_loop(std::vector<Record>& records, UtcTime now, std::chrono::milliseconds period, std::chrono::minutes minute_interval);

}  // namespace yihong::station
