#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::bench {

/// What a national river section measures, with the decimals it is published with. `level` and `step` (from one record to the
/// next) are in units of the last decimal, medians over the national 4-hourly file of April 2021; `spread` is how far sites differ.
struct Measured {
    std::string_view name;
    int decimals;
    double level;
    double step;
    double spread;
    double most;
};
inline constexpr std::array<Measured, 10> measured{{
    {"water_temperature", 1, 160, 1, 0.15, 350},
    {"ph", 2, 782, 2, 0.03, 1000},
    {"dissolved_oxygen", 2, 866, 10, 0.1, 2000},
    {"conductivity", 1, 4133, 15, 0.5, 60'000},
    {"turbidity", 1, 178, 8, 0.5, 20'000},
    {"codmn", 2, 268, 6, 0.6, 3000},
    {"ammonia_nitrogen", 3, 76, 2, 0.5, 9000},
    {"total_phosphorus", 3, 56, 1, 0.6, 2000},
    {"total_nitrogen", 2, 214, 2, 0.5, 3000},
    {"chlorophyll_a", 3, 7, 0.5, 0.5, 900},
}};

/// `section-0007`
std::string site_id(int site);

/// Those that the service takes, and the lines that InfluxDB and VictoriaMetrics take.
enum class Form { csv, json, line };

/// Records of every site, an hour or four hours apart, as random walks round the site's own level. The same arguments give the same values.
class History {
public:
    using Values = std::array<std::int32_t, measured.size()>;
    static constexpr UtcTime begin{std::chrono::sys_days{std::chrono::year{2025} / 8 / 1}};

    History(int sites, int hours);
    /// Of whole years from the beginning of `first_year`, Beijing time, every four hours.
    static History of_years(int sites, int first_year, int years);

    [[nodiscard]] UtcTime time(int hour) const noexcept { return begin_ + hour * step_; }
    /// As readings name it.
    [[nodiscard]] std::string_view interval() const noexcept { return step_ == std::chrono::hours{1} ? "hour" : "4h"; }
    [[nodiscard]] int sites() const noexcept { return sites_; }
    [[nodiscard]] int hours() const noexcept { return hours_; }
    [[nodiscard]] Values const& at(int site, int hour) const noexcept
    {
        return values_[static_cast<std::size_t>(hour) * static_cast<std::size_t>(sites_) + static_cast<std::size_t>(site)];
    }

private:
    UtcTime begin_ = begin;
    std::chrono::hours step_{1};
    int sites_;
    int hours_;
    std::vector<Values> values_;
};

/// The column names of a wide CSV, with the line end.
std::string csv_header();
/// One record as a line of a wide CSV, as a JSON object, or as a line of InfluxDB's protocol with the time in seconds.
void append_record(std::string& out, Form form, int site, UtcTime time, std::string_view interval, History::Values const& values);

/// A POST of `body` to /api/v1/readings, or of lines to /write into the database `bench`, as it goes over the wire.
std::string post_of(Form form, std::string const& body);

}  // namespace yihong::bench
