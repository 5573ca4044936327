// fuzzes: config
#include "yihong/config/sites.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::array const files{yihong::SiteFile{"s.geojson", {reinterpret_cast<char const*>(data), size}}};
    auto const sites = yihong::parse_sites(files);
    if (!sites && sites.error().empty())
        std::abort();                                  // refused without a reason
    if (sites) {
        for (auto const& site : *sites) {
            bool const is_on_globe = !site.position || (std::abs(site.position->lon) <= 180 && std::abs(site.position->lat) <= 90);
            if (site.id.empty() || site.name.empty() || !is_on_globe)
                std::abort();
        }
    }
    return 0;
}
