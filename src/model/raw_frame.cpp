#include "yihong/model/raw_frame.hpp"

#include <array>

namespace yihong {

std::string_view to_text(FrameVerdict verdict) noexcept
{
    constexpr std::array<std::string_view, 5> names{"accepted", "duplicate", "revised", "kept", "refused"};
    return names[static_cast<std::size_t>(verdict)];
}

}  // namespace yihong
