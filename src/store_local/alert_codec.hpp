#pragma once

#include "yihong/model/alert.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace yihong::store_local {

/// Everything but the id, which is the key. \return none when the bytes are no alert
std::string encode_alert(Alert const& alert);
std::optional<Alert> decode_alert(std::string_view bytes);

/// Everything but the number, which is the key. \return none when the bytes are no step
std::string encode_alert_step(AlertStep const& step);
std::optional<AlertStep> decode_alert_step(std::string_view bytes);

/// Everything but the id, which is the key. \return none when the bytes are no silence
std::string encode_silence(Silence const& silence);
std::optional<Silence> decode_silence(std::string_view bytes);

}  // namespace yihong::store_local
