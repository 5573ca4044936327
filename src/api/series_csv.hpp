#pragma once

#include "series.hpp"

#include "yihong/http/body.hpp"
#include "yihong/net/pool.hpp"

#include <memory>
#include <string>
#include <string_view>

/// A series as CSV, in the long form that readings come in, so that it can be sent back; moment in Beijing, class and index stand behind for people.
namespace yihong::api {

[[nodiscard]] std::string_view csv_head() noexcept;
/// A row a reading, or one for a record without any.
void append_csv_rows(std::string& out, Record const& record, SeriesRequest const& request, Site const& site,
                     ParameterBook const& parameters);

/// A series of any length: a first page and what comes behind it. \param records outlives the body
http::StreamBody whole_csv(SeriesRequest request, std::shared_ptr<World const> world, Site const& site, Records const& records,
                           SeriesPage first, net::Pool& readers);

}  // namespace yihong::api
