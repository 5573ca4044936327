#include "yihong/features/leading.hpp"

#include <algorithm>
#include <numeric>

namespace yihong {

std::vector<std::uint32_t> leading_places(std::size_t count, std::function<Feature const&(std::uint32_t)> const& at, Schema const& schema)
{
    auto const has_value = [&](std::uint32_t place, std::size_t column) {
        return !is_null(shown_value(schema.columns()[column], at(place), Profile::flat));
    };
    // whoever brings a value in a column that none before had may lead
    constexpr std::size_t enough = 64;
    std::vector<std::size_t> open(schema.columns().size());
    std::iota(open.begin(), open.end(), std::size_t{0});
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t place = 0; place < count && !open.empty() && candidates.size() < enough; ++place)
        if (std::erase_if(open, [&](std::size_t column) { return has_value(place, column); }) > 0)
            candidates.push_back(place);
    // of these, again and again the one that adds most
    std::vector<std::size_t> wanted(schema.columns().size());
    std::iota(wanted.begin(), wanted.end(), std::size_t{0});
    auto const adds = [&](std::uint32_t place) {
        return std::ranges::count_if(wanted, [&](std::size_t column) { return has_value(place, column); });
    };
    std::vector<std::uint32_t> places;
    while (places.size() < most_leading && !candidates.empty()) {
        auto const best = std::ranges::max_element(candidates, {}, adds);
        if (std::erase_if(wanted, [&, place = *best](std::size_t column) { return has_value(place, column); }) == 0)
            break;
        places.push_back(*best);
        candidates.erase(best);
    }
    return places;
}

}  // namespace yihong
