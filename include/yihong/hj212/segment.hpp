#pragma once

#include "yihong/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::hj212 {

/// Which protocol a frame speaks. HJ 1404 (地表水自动监测系统通讯协议) shares frame and version bits with HJ 212-2025.
enum class Edition : std::uint8_t { hjt212_2005, hj212_2017, hj212_2025, surface_water };
/// `2005` | `2017` | `2025` | `surface-water`
std::string_view to_text(Edition edition) noexcept;
Result<Edition> parse_edition(std::string_view text);
/// Version bits of Flag, in place: 0, 4, 8, 8.
[[nodiscard]] int version_bits(Edition edition) noexcept;

/// Commands (命令编码 CN) by name, where the code treats them one by one.
namespace cn {
inline constexpr int set_timeouts = 1000, read_clock = 1011, set_clock = 1012, clock_request = 1013, new_key = 1014, real_time = 2011,
                     stop_real_time = 2012, state = 2021, day = 2031, running_time = 2041, minute = 2051, hour = 2061, start_up = 2081,
                     alarm_2005 = 2072, site_information = 3020, request_answer = 9011, execution_result = 9012, notice_answer = 9013,
                     data_answer = 9014, heartbeat = 9015;
}  // namespace cn

/// A data segment (数据段) taken apart: `QN=…;ST=…;CN=…;PW=…;MN=…;Flag=…;[PNUM=…;PNO=…;][RF=1;]CP=&&…&&`. Views into the segment.
struct Segment {
    std::string_view qn;               ///< identity of the exchange, 17 digits in Beijing time; 2005 loggers may leave it out
    std::string_view st;               ///< system type (系统编码)
    int cn = 0;
    std::string_view pw;
    std::string_view mn;
    std::optional<int> flag;
    std::optional<int> pnum;           ///< parts in all, with Flag bit 1
    std::optional<int> pno;            ///< this part, from 1
    bool retransmitted = false;        ///< RF=1 (2025): old data sent again
    std::string_view cp;               ///< between `CP=&&` and `&&`; ciphertext where the frame is encrypted

    [[nodiscard]] Edition edition() const noexcept;
    [[nodiscard]] bool wants_answer() const noexcept { return flag && (*flag & 1) != 0; }
};

/// Taken are also: a comma for a semicolon, `Flag=5CP=` without one, blanks, PNO before PNUM, fields that are not there (but MN, CN
/// and CP) and unknown ones. \return Errc::missing_field or bad_value naming the field, or bad_syntax when CP has no end
Result<Segment> parse_segment(std::string_view text);

/// One `name=value` of the data area: `w01018-Avg=40.1` is code `w01018`, part `Avg`; `DataTime=…` is a code without part.
struct Field {
    std::string_view code;
    std::string_view part;
    std::string_view value;
    bool operator==(Field const&) const = default;
};

/// Takes a data area (数据区) apart. Items end with `;`, their parts with `,`; either is taken for the other, blanks are dropped.
/// Text without `=` is a code without part and value. `out` is cleared first.
void parse_data_area(std::string_view cp, std::vector<Field>& out);
/// Whether two names are the same but for the case of their ASCII letters.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
/// The value of a field without part, its name in letters of either case. \return empty when there is none
[[nodiscard]] std::string_view find_value(std::vector<Field> const& fields, std::string_view name) noexcept;

/// Beijing time as stations write it: `YYYYMMDDhhmmss`, also with milliseconds (17 digits) or without seconds (12). \return Errc::bad_time
Result<UtcTime> parse_station_time(std::string_view text);
/// `YYYYMMDDhhmmss` in Beijing time.
[[nodiscard]] std::string format_station_time(UtcTime time);
/// The 17 digits of a QN.
[[nodiscard]] std::string format_qn(UtcTime time);

/// A segment to send. Empty texts and absent numbers are left out.
struct Outgoing {
    std::string qn{};
    std::string st{};
    int cn = 0;
    std::string pw{};
    std::string mn{};
    std::optional<int> flag{};
    std::optional<int> pnum{};
    std::optional<int> pno{};
    bool retransmitted = false;
    std::string cp{};
};
[[nodiscard]] std::string to_segment(Outgoing const& message);

/// The data area is at most this long in what this program sends (数据区最大长度); what would be longer is split.
inline constexpr std::size_t longest_cp = 950;

/// Splits items (`w01018-Avg=1,w01018-Flag=N`) over as few data areas as needed, each beginning with `DataTime=…`; no item is cut in two.
[[nodiscard]] std::vector<std::string> to_data_areas(UtcTime data_time, std::vector<std::string> const& items,
                                                     std::size_t limit = longest_cp);

}  // namespace yihong::hj212
