#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/ports/records.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::api {

/// A checked request for the records of one site.
struct SeriesRequest {
    std::string site;                              ///< id
    SeriesQuery query;
    std::vector<ParameterId> parameters;           ///< empty: all
    http::Form form = http::Form::json;            ///< json, csv or html
    bool bom = false;                              ///< CSV begins with a byte order mark, by which Excel knows UTF-8
};

/// The record that a page ends with.
using SeriesCursor = std::pair<UtcTime, IntervalKind>;
/// \return Errc::bad_value
Result<SeriesCursor> parse_series_cursor(std::string_view text);

/// `id`, `parameter`, `datetime`, `interval`, `limit`, `after`, `f`, `bom`. \param world the present one, which knows the names of parameters
http::Parameters<SeriesRequest> series_parameters(std::function<std::shared_ptr<World const>()> world);

/// A page of a series, oldest first, and where the next one begins.
struct SeriesPage {
    std::string body;
    std::string next;  ///< value of `after` for the next page; empty: no more
};

/// `page_url`: the request's URL without `after` and with at least one query parameter, for links.
SeriesPage render_series(SeriesRequest const& request, Site const& site, World const& world, Records const& records,
                         std::string const& self_url, std::string const& page_url);

/// The same for people: newest first, one row a record. \param collection in which the site stands, for the way back
SeriesPage render_series_page(SeriesRequest const& wanted, Site const& site, World const& world, Records const& records,
                              std::string_view collection, http::Request const& request, std::string const& page_url);
/// The value of `after` for what comes behind this record.
std::string series_cursor(Record const& record);

}  // namespace yihong::api
