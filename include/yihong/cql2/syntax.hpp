#pragma once

#include "yihong/base/result.hpp"
#include "yihong/cql2/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yihong::cql2 {

/// What a filter may cost, so that nobody keeps the service busy with one.
struct Budget {
    std::size_t bytes = 64 * 1024;                 ///< of its text
    std::size_t depth = 40;                        ///< of pieces within pieces
    std::size_t nodes = 4'000;                     ///< properties, values and calls
    std::size_t positions = 10'000;                ///< of all its geometries
    /// Steps of one request, about 20 ns each: those of a feature times the number of features.
    std::uint64_t steps = 50'000'000;
};

/// CQL2 as text. Words of the language in any case; names of letters of any script or in double quotes.
/// \return Errc::bad_syntax or bad_value beginning with `character N: `, Errc::too_large beyond the budget
[[nodiscard]] Result<Node> parse_text(std::string_view text, Budget const& budget = {});
/// The shortest text that reads back as the same tree.
[[nodiscard]] std::string to_text(Node const& node);

/// CQL2 as JSON. \return failures as those of `parse_text`
[[nodiscard]] Result<Node> parse_json(std::string_view text, Budget const& budget = {});
[[nodiscard]] std::string to_json(Node const& node);

}  // namespace yihong::cql2
