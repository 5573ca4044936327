#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace yihong::api {

/// How often something was asked for lately, so that what is asked for once does not push out of a cache what is asked for again and again.
/// What comes to the place of another takes it: with more keys than places the rare ones are forgotten. Thread-safe.
template <std::size_t Places>
class AskedLately {
public:
    /// \return how often, this time included
    unsigned count(std::string_view key) noexcept
    {
        constexpr std::uint64_t most = 0xFF;
        auto const hash = std::uint64_t{std::hash<std::string_view>{}(key)};
        auto& place = places_[hash / (most + 1) % Places];
        auto const known = place.load(std::memory_order_relaxed);
        auto const times = ((known ^ hash) & ~most) == 0 ? known & most : 0;
        auto const now = times < most ? times + 1 : most;
        place.store((hash & ~most) | now, std::memory_order_relaxed);
        return static_cast<unsigned>(now);
    }

private:
    std::array<std::atomic<std::uint64_t>, Places> places_{};  ///< the hash, and in its last byte the count
};

}  // namespace yihong::api
