#include "yihong/model/period_mark.hpp"

namespace yihong {

std::string_view to_text(PeriodMarkKind kind) noexcept
{
    constexpr std::array<std::string_view, 6> names{"dry", "not_measured", "background", "upstream", "dust", "stop"};
    return names[static_cast<std::size_t>(kind)];
}
std::string_view period_mark_label(PeriodMarkKind kind) noexcept
{
    constexpr std::array<std::string_view, 6> names{"断流", "停测", "自然本底", "上游来水", "沙尘", "停运"};
    return names[static_cast<std::size_t>(kind)];
}
std::string_view to_text(PeriodMarkState state) noexcept
{
    constexpr std::array<std::string_view, 3> names{"standing", "withdrawn", "rejected"};
    return names[static_cast<std::size_t>(state)];
}

}  // namespace yihong
