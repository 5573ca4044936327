#pragma once

#include "yihong/model/record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// The check sum in the field: that of HJ 212's annex, or CRC-16/MODBUS with its bytes in either order, which some loggers send.
enum class CrcForm : std::uint8_t { hj212, modbus, modbus_swapped };
std::string_view to_text(CrcForm form) noexcept;
/// `hj212` | `modbus` | `modbus-swapped`. \return Errc::bad_value
Result<CrcForm> parse_crc_form(std::string_view text);

/// A station's logger (数采仪) as the configuration registers it: who it is and how it speaks. One site may have several.
struct Device {
    std::string mn;                                ///< 设备唯一标识
    std::string site;                              ///< id of the site its readings belong to
    std::string password;                          ///< PW
    std::vector<std::string> system_types;         ///< ST that it may send (`21`); empty: any
    std::vector<std::string> networks;             ///< addresses or networks it may come from; empty: any
    CrcForm crc = CrcForm::hj212;                  ///< of what it sends, and of what it is sent
    std::vector<CrcForm> other_crc;                ///< forms that some of its frames have besides; an answer has the form of its frame
    /// Units in which it sends factors, by HJ 525/524 code or parameter name, where they differ from those of its system type:
    /// ours for ST 21 and 22, HJ 212-2017 Appendix B otherwise.
    std::vector<std::pair<std::string, std::string>> units;
    bool time_is_end = false;                      ///< DataTime of minute, hour and day data is the end of the period, not its start
    std::optional<IntervalKind> hour_data;         ///< what CN 2061 stands for; none: four_hours for ST 21, hour otherwise
    std::chrono::minutes minute_interval{10};      ///< length of the periods of CN 2051
    Flag missing_flag{'U'};                        ///< what a value without flag counts as; not N: nobody vouched for it
    /// Records of these intervals are judged and shown as the site's present state; the others are kept as series only.
    std::vector<IntervalKind> judged{IntervalKind::hour, IntervalKind::four_hours, IntervalKind::day, IntervalKind::sample};
    std::string sm4_key;                           ///< 16 characters or 32 hexadecimal digits (HJ 212-2025); empty: sends in clear
    bool encrypted_only = false;                   ///< data in clear is refused
    bool refill = true;                            ///< ask it for periods that are missing
    bool operator==(Device const&) const = default;
};

}  // namespace yihong
