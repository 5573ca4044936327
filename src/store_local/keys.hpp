#pragma once

#include "bytes.hpp"

#include "yihong/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace yihong::store_local {

/// A key of one number, so that entries lie in its order.
inline std::string number_key(std::uint64_t number)
{
    std::string key;
    append_big_endian(key, number);
    return key;
}

/// Times before 1970 come first.
inline void append_time(std::string& key, UtcTime time)
{
    append_big_endian(key, static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (1ULL << 63));
}
inline UtcTime read_time(std::string_view bytes)
{
    return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(big_endian<std::uint64_t>(bytes) ^ (1ULL << 63))}};
}

}  // namespace yihong::store_local
