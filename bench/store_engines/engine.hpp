#pragma once

#include "bytes.hpp"
#include "series_chunk.hpp"

#include "yihong/store_local/local_store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace yihong::store_engines {

using namespace store_local;
namespace fs = std::filesystem;

inline constexpr std::uint32_t site_count = 500;
inline constexpr int batches_a_group = 4;
inline constexpr int hours = 90 * 24;
inline constexpr std::int64_t hour_ms = 3'600'000;
inline constexpr std::int64_t first_hour = 1'754'006'400'000;   // 2025-08-01T00:00Z
inline constexpr double values_total = double{hours} * site_count * 10;

/// A candidate for the embedded store, as far as the measurement needs it.
class Engine {
public:
    virtual ~Engine() = default;
    virtual void commit(WriteGroup const& group) = 0;
    virtual void compact() = 0;
    /// One parameter of one site over [from, to). \return how many values
    virtual std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) = 0;
    virtual void backup(fs::path const& directory) = 0;
};

inline Row row_of(Record const& r) { return {r.time, r.received_at, r.status, r.verdict, r.readings}; }
inline std::int64_t ms(UtcTime t) { return t.time_since_epoch().count(); }

inline std::string series_key(Record const& r, std::int64_t time)
{
    std::string key;
    append_big_endian(key, r.site);
    key += static_cast<char>(r.interval);
    append_big_endian(key, static_cast<std::uint64_t>(time) ^ (1ULL << 63));
    return key;
}

}  // namespace yihong::store_engines
