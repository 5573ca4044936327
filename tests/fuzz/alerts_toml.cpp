// fuzzes: config
#include "yihong/config/alert_plan.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const plan = yihong::parse_alert_plan({reinterpret_cast<char const*>(data), size}, "alerts.toml");
    if (!plan && plan.error().empty())
        std::abort();                                  // refused without a reason
    if (plan)
        (void)yihong::check_plan(*plan, {});
    return 0;
}
