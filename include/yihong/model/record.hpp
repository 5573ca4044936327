#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"
#include "yihong/model/parameter.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// What a record stands for (数据类型): an instant, or a period that begins at its time.
enum class IntervalKind : std::uint8_t { realtime = 0, minute = 1, hour = 2, four_hours = 3, day = 4, sample = 5 };
inline constexpr std::array all_interval_kinds{IntervalKind::realtime,   IntervalKind::minute, IntervalKind::hour,
                                               IntervalKind::four_hours, IntervalKind::day,    IntervalKind::sample};
/// `realtime` | `minute` | `hour` | `4h` | `day` | `sample`
std::string_view to_text(IntervalKind kind) noexcept;
Result<IntervalKind> parse_interval_kind(std::string_view text);
/// How long the period of such a record lasts; zero for instants and samples. \param minute_interval of minute data, which every device has its own of
[[nodiscard]] std::chrono::minutes period_length(IntervalKind kind, std::chrono::minutes minute_interval = {}) noexcept;

/// The state of the station as a whole (站点情况).
enum class StationStatus : std::uint8_t { normal = 0, maintenance = 1, calibration = 2, fault = 3, stopped = 4 };
std::string_view to_text(StationStatus status) noexcept;
Result<StationStatus> parse_station_status(std::string_view text);

/// The data flag of HJ 212 or of the surface-water network: one or two characters (`N`, `T`, `hd`). Only N is judged.
class Flag {
public:
    constexpr Flag() noexcept = default;  // N
    constexpr explicit Flag(char c) noexcept : text_{c, '\0'} {}
    constexpr Flag(char a, char b) noexcept : text_{a, b} {}
    /// One or two ASCII letters or digits. \return Errc::bad_value otherwise.
    static Result<Flag> parse(std::string_view text);
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_[1] ? 2U : 1U}; }
    [[nodiscard]] constexpr bool is_normal() const noexcept { return text_[0] == 'N' && text_[1] == '\0'; }
    bool operator==(Flag const&) const = default;

private:
    std::array<char, 2> text_{'N', '\0'};
};

/// Marks on a reading (质控标记): quality control sets them, `below_detection` (低于检出限) comes with the value. They point something out; they never delete a value.
enum class Mark : std::uint8_t { none = 0, spike = 1, flat_line = 2, below_detection = 4, unit_doubtful = 8 };
constexpr Mark operator|(Mark a, Mark b) noexcept { return static_cast<Mark>(static_cast<int>(a) | static_cast<int>(b)); }
constexpr bool has(Mark set, Mark one) noexcept { return (static_cast<int>(set) & static_cast<int>(one)) != 0; }

/// One reading (监测值) in the parameter's canonical unit. Without a value it only carries its flag (`*`, `--`).
struct Reading {
    ParameterId parameter = 0;
    Flag flag;
    Mark marks = Mark::none;
    bool has_value = true;
    Decimal value;
    /// Same parameter, flag and number, and both or neither below the detection limit, which the sender says; the other marks are ours and do not count.
    [[nodiscard]] bool same_as(Reading const& other) const noexcept
    {
        return parameter == other.parameter && flag == other.flag && has_value == other.has_value && (!has_value || value == other.value) &&
               has(marks, Mark::below_detection) == has(other.marks, Mark::below_detection);
    }
};

/// The number of a site in the store: given once, never again.
using SiteNumber = std::uint32_t;

/// The result of judging a record, in the form kept with it. `edition` numbers a standard edition (StandardsBook).
struct Verdict {
    std::uint8_t edition = 0;  ///< 0: no standard grades this kind of site on this date
    std::uint8_t water_class = 0;  ///< 1 to 6 (劣Ⅴ), 0: none
    std::uint16_t aqi = 0;  ///< 0: none
    bool operator==(Verdict const&) const = default;
};

/// What a station sends at once: the readings of one site for one time (监测记录).
struct Record {
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::realtime;
    StationStatus status = StationStatus::normal;
    Verdict verdict;
    UtcTime time{};  ///< phenomenon time: the instant, or the beginning of the period
    UtcTime received_at{};  ///< when the service took it in
    std::vector<Reading> readings;  ///< ascending parameter, each once

    [[nodiscard]] Reading const* find(ParameterId parameter) const noexcept;
    /// Same site, interval, time, status and readings.
    [[nodiscard]] bool same_content(Record const& other) const noexcept;
};

}  // namespace yihong
