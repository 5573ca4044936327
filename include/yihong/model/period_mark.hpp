#pragma once

#include "yihong/base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What people say of a place over some time, which no reading says (人工标记): figures of periods are made with it.
namespace yihong {

/// 断流、停测、自然本底、上游来水、沙尘、停运
enum class PeriodMarkKind : std::uint8_t { dry, not_measured, background, upstream, dust, stop };
inline constexpr std::array all_period_mark_kinds{PeriodMarkKind::dry,      PeriodMarkKind::not_measured, PeriodMarkKind::background,
                                                  PeriodMarkKind::upstream, PeriodMarkKind::dust,         PeriodMarkKind::stop};
/// `dry` | `not_measured` | `background` | `upstream` | `dust` | `stop`
std::string_view to_text(PeriodMarkKind kind) noexcept;
/// 断流
std::string_view period_mark_label(PeriodMarkKind kind) noexcept;

/// `rejected`: a proposal that somebody looked at and that is none; it is not proposed again.
enum class PeriodMarkState : std::uint8_t { standing, withdrawn, rejected };
inline constexpr std::array all_period_mark_states{PeriodMarkState::standing, PeriodMarkState::withdrawn, PeriodMarkState::rejected};
/// `standing` | `withdrawn` | `rejected`
std::string_view to_text(PeriodMarkState state) noexcept;

/// From one instant up to another, which is not part of it.
using Stretch = std::pair<UtcTime, UtcTime>;

/// One mark as it stands. What becomes of it are further versions; none is ever deleted.
struct PeriodMark {
    std::string id;  ///< given when it is kept
    PeriodMarkKind kind = PeriodMarkKind::dry;
    PeriodMarkState state = PeriodMarkState::standing;
    std::string site;  ///< id; empty only for dust
    std::string place;  ///< of dust: the county or 考核归属 whose air stations it is of; neither site nor place: all air stations
    std::vector<std::string> parameters;  ///< names of the items that it is of (background, upstream); of upstream none: all
    UtcTime begin{};
    std::optional<UtcTime> end;  ///< not part of it; none: until further notice
    std::string reason;
    std::string document;  ///< 文号
    std::string by;  ///< who made this version
    std::string note;  ///< why this version was made; empty for the first
    UtcTime at{};  ///< when this version was made
    int version = 1;

    [[nodiscard]] bool touches(UtcTime from, UtcTime to) const noexcept { return begin < to && (!end || *end > from); }
    /// Is it about the same, whoever said it why?
    [[nodiscard]] bool is_same(PeriodMark const& other) const noexcept
    {
        return kind == other.kind && site == other.site && place == other.place && parameters == other.parameters && begin == other.begin &&
               end == other.end;
    }
    bool operator==(PeriodMark const&) const = default;
};

}  // namespace yihong
