#pragma once

#include "yihong/evaluate/air_statistics.hpp"
#include "yihong/periods/calendar.hpp"

#include <array>
#include <vector>

/// The days of a station from its hours (HJ 663: 日评价).
namespace yihong {

/// Makes a day of 24 hours: means of PM10, PM2.5, SO2, NO2 and CO from 20 valid hours on, the highest 8 h mean of O3 from 14 such means on (fewer
/// where it exceeds the limit). A pollutant without enough hours is taken from the station's own daily record, where there is one.
class AirDays {
public:
    AirDays(Period const& period, StandardsBook const& standards);
    /// \pre hours and days come in ascending time; other kinds are left out
    void add(Record const& record);
    /// One record of kind `day` for each day that has anything, oldest first. Call once, at the end.
    [[nodiscard]] std::vector<Record> finish();

private:
    struct Pollutant {
        ParameterId hourly = 0;  ///< what hours carry
        ParameterId daily = 0;  ///< what the day is told as: for O3 its 8 h mean
        int decimals = 0;
        bool highest_8h = false;
        std::array<std::optional<Decimal>, 24> hours;
    };
    void close_day();

    Period period_;
    StandardsBook const& standards_;
    std::vector<Pollutant> pollutants_;  ///< ascending `daily`
    std::optional<Record> own_;  ///< the station's daily record of the present day
    std::optional<std::chrono::sys_days> day_;
    std::vector<Record> days_;
};

}  // namespace yihong
