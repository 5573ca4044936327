#pragma once

#include "yihong/http/message.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/service/world.hpp"

#include <optional>
#include <string>
#include <vector>

namespace yihong::api {

enum class SeriesFormat { json, csv };

/// A checked request for the records of one site.
struct SeriesRequest {
    SeriesQuery query;
    std::vector<ParameterId> parameters;           ///< empty: all
    SeriesFormat format = SeriesFormat::json;
};

/// Reads `parameter`, `datetime`, `interval`, `limit`, `after`, `f`. \return a failure that names the query parameter
Result<SeriesRequest> parse_series_request(http::Request const& request, Site const& site, ParameterBook const& parameters);

/// A page of a series, oldest first, and where the next one begins.
struct SeriesPage {
    std::string body;
    std::string next;                              ///< value of `after` for the next page; empty: no more
};

/// `page_url`: the request's URL without `after` and with at least one query parameter, for links.
SeriesPage render_series(SeriesRequest const& request, Site const& site, World const& world, Records const& records,
                         std::string const& self_url, std::string const& page_url);

}  // namespace yihong::api
