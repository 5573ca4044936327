#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/model/record.hpp"

#include <string>

namespace yihong::api {

/// Explains the class or AQI of one record: each reading, limits, clause, edition, what decided. JSON object.
std::string explain_as_json(Record const& record, Site const& site, World const& world);
/// The same for people, Chinese first.
std::string explain_as_html(Record const& record, Site const& site, World const& world);

}  // namespace yihong::api
