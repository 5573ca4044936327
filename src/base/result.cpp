#include "yihong/base/result.hpp"

namespace yihong {

std::string_view code_name(Errc code) noexcept
{
    switch (code) {
    case Errc::bad_syntax: return "bad_syntax";
    case Errc::bad_value: return "bad_value";
    case Errc::bad_time: return "bad_time";
    case Errc::future_time: return "future_time";
    case Errc::out_of_range: return "out_of_range";
    case Errc::missing_field: return "missing_field";
    case Errc::unknown_field: return "unknown_field";
    case Errc::unknown_site: return "unknown_site";
    case Errc::unknown_device: return "unknown_device";
    case Errc::unknown_parameter: return "unknown_parameter";
    case Errc::unknown_unit: return "unknown_unit";
    case Errc::no_value: return "no_value";
    case Errc::duplicate_id: return "duplicate_id";
    case Errc::too_large: return "too_large";
    case Errc::unsupported: return "unsupported";
    case Errc::not_found: return "not_found";
    case Errc::forbidden: return "forbidden";
    case Errc::unauthorized: return "unauthorized";
    case Errc::busy: return "busy";
    case Errc::broken_file: return "broken_file";
    case Errc::conflict: return "conflict";
    }
    return "unknown";
}

}  // namespace yihong
