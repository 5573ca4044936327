// fuzzes: standards
#include "yihong/standards/standards_book.hpp"

#include <cstdint>
#include <cstdlib>

namespace {
// Enough parameters for a hostile file to name.
constexpr auto parameters = R"(kind = "parameters"
parameters = [
  {id = 2, name = "ph", name_zh = "pH值", name_en = "pH", code = "w01001", medium = "water", unit = "dimensionless", decimals = 0},
  {id = 4, name = "codmn", name_zh = "高锰酸盐指数", name_en = "Permanganate index", medium = "water", unit = "mg/L", decimals = 1, min = 0},
  {id = 200, name = "pm25", name_zh = "细颗粒物", name_en = "PM2.5", medium = "air", unit = "ug/m3", decimals = 0},
])";
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const result =
        yihong::parse_standards({{"parameters.toml", parameters}, {"fuzz.toml", std::string(reinterpret_cast<char const*>(data), size)}});
    if (result ? result->water_.empty() || result->aqi_.empty() : result.error().empty())
        std::abort();      // neither a whole book nor a problem
    return 0;
}
