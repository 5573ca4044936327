#pragma once

#include "yihong/model/batch.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/model/site.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace yihong::store_local {

/// Everything but the id, which is the key. \return none when the bytes are no entry
std::string encode_quarantine(QuarantineEntry const& entry);
std::optional<QuarantineEntry> decode_quarantine(std::string_view bytes);

/// Everything but site, interval kind and times, which are the key. Appends to `out`.
void encode_frame(RawFrame const& frame, std::string& out);
/// \return none when the bytes are no frame
std::optional<RawFrame> decode_frame(std::string_view bytes);

/// Everything but the id, which is the key, and the number. \return none when the bytes are no site
std::string encode_site(Site const& site);
std::optional<Site> decode_site(std::string_view bytes);

}  // namespace yihong::store_local
