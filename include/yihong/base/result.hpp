#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace yihong {

/// Why an input or a request was refused. One function (http/problem.hpp) maps these to HTTP status codes;
/// `code_name` is the stable word that clients see in `rejected[].code`, problem documents and quarantine.
enum class Errc {
    bad_syntax,          ///< the text cannot be read as what it should be
    bad_value,           ///< readable, but not a permitted value
    bad_time,            ///< not an RFC 3339 time with offset
    future_time,         ///< the phenomenon time lies in the future
    out_of_range,        ///< physically impossible
    missing_field,
    unknown_field,
    unknown_site,
    unknown_device,      ///< no HJ 212 device is registered under this MN
    unknown_parameter,
    unknown_unit,
    no_value,            ///< a record without any reading
    duplicate_id,
    too_large,
    unsupported,
    not_found,
    forbidden,
    unauthorized,
    busy,                ///< a queue is full; try again later
    broken_file,         ///< a file is truncated, damaged or missing
    conflict,
};

std::string_view code_name(Errc code) noexcept;

/// What was wrong with an input. `detail` names the field and the place.
struct Failure {
    Errc code;
    std::string detail;
    bool operator==(Failure const&) const = default;
};

template <typename T>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(Errc code, std::string detail) { return std::unexpected{Failure{code, std::move(detail)}}; }

}  // namespace yihong
