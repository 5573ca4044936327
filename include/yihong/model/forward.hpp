#pragma once

#include "yihong/model/device.hpp"
#include "yihong/model/record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

/// A higher platform (上级平台) that data are passed on to over HJ 212, as the configuration has it.
struct Forward {
    std::string id;
    std::string host;                              ///< numeric address, or a name that is resolved at every connecting
    std::uint16_t port = 0;
    std::vector<std::string> sites;                ///< ids; empty: all
    std::vector<IntervalKind> intervals{IntervalKind::hour, IntervalKind::four_hours, IntervalKind::day};
    std::string edition = "2017";                  ///< 2005 | 2017 | 2025 | surface-water
    std::string system_type;                       ///< ST; empty: by the kind of the site
    std::string password;                          ///< PW
    std::vector<std::pair<std::string, std::string>> mns;      ///< (site, MN) where the receiver knows it by another than the site's own
    CrcForm crc = CrcForm::hj212;
    std::string sm4_key;                           ///< 16 characters or 32 hexadecimal digits; empty: sends in clear
    std::size_t window = 8;                        ///< records sent and not yet answered
    std::chrono::milliseconds answer_timeout{10'000};
    bool operator==(Forward const&) const = default;
};

}  // namespace yihong
