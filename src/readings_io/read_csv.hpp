#pragma once

#include "yihong/readings_io/readings.hpp"

#include <cstdint>

namespace yihong {

/// read_csv for a piece of a longer text: `body` begins with the header, its rows begin on `first_line` (0: behind the header) and are
/// counted from `first_index`. \return Errc::too_large with more refusals than `refusals`
Result<ParsedBatch> read_csv_piece(std::string_view body, NameBook const& names, std::size_t first_line, std::uint32_t first_index,
                                   std::size_t refusals);

}  // namespace yihong
