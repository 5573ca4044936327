#pragma once

#include "series.hpp"

#include "yihong/http/body.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// What series are sent as, each a text that is made while it is sent: memory is that of a piece, however long it is.
namespace yihong::edr {

enum class Format : std::uint8_t { coverage_json, geojson, csv };

/// The objects of `parameters` and `parameter_names`, by name. \param root of the service \param in_coverage texts by language, as CoverageJSON has them
void write_parameters(JsonWriter& json, Series const& series, std::vector<std::size_t> const& parameters, std::string_view root,
                      bool in_coverage);

inline constexpr std::size_t bytes_a_piece = 64U << 10U;

/// At most so many times in one coverage: a longer series goes on in the next one, `ID/2`.
inline constexpr std::size_t most_times = 10'000;

struct SeriesText {
    Series series;
    SeriesQuery query;
    std::string root;  ///< of the service
    std::string url;  ///< of the request
    std::size_t times = most_times;  ///< in one coverage
};
std::unique_ptr<http::BodySource> coverage_text(std::shared_ptr<SeriesText const> text);
std::unique_ptr<http::BodySource> geojson_text(std::shared_ptr<SeriesText const> text);
std::unique_ptr<http::BodySource> csv_text(std::shared_ptr<SeriesText const> text);

}  // namespace yihong::edr
