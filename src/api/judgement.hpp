#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/http/message.hpp"
#include "yihong/model/record.hpp"

#include <string>
#include <string_view>

namespace yihong::api {

/// A judgement in a sentence or two.
struct Summary {
    std::string zh, en;
};
Summary summary_of(Record const& record, Site const& site, World const& world);
/// Whether the standard gives class limits for the item in this kind of water (total nitrogen: lakes only; temperature: none).
bool has_class_limits(WaterItem const& item, bool lake) noexcept;

/// Explains the class or AQI of one record: each reading, limits, clause, edition, what decided. JSON object.
std::string explain_as_json(Record const& record, Site const& site, World const& world);
/// The same for people, Chinese first. \param collection in which the site stands, for the way back
std::string explain_as_html(Record const& record, Site const& site, World const& world, std::string_view collection,
                            http::Request const& request);

}  // namespace yihong::api
