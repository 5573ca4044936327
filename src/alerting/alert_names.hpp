#pragma once

#include "yihong/alerting/alert_document.hpp"
#include "yihong/model/alert.hpp"
#include "yihong/standards/standards_book.hpp"

#include <string>

namespace yihong {

/// A parameter in words, with its unit as it stands behind a number.
struct ParameterNames {
    std::string zh, en, unit;
};
/// \param id 0: the AQI as a whole; one that the standards do not know is `#<id>`
[[nodiscard]] ParameterNames names_of(ParameterId id, ParameterBook const& parameters);

/// The value of `text`, and the member `recipients`, of an event's data.
void write_text(JsonWriter& json, AlertText const& text);
void write_recipients(JsonWriter& json, std::span<Contact const* const> recipients);

}  // namespace yihong
