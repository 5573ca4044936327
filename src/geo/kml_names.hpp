#pragma once

#include "yihong/base/result.hpp"

#include <map>
#include <optional>
#include <string>

namespace yihong::geo {

/// A KML whose `<Data name="…">` GDAL can read: its driver turns every letter outside of ASCII into `_`, so that 等级 and 面积 become one
/// attribute. The names are replaced by plain ones in a copy in memory. Where a document has `Data` and `SchemaData`, of which the driver reads
/// one kind alone, all become `Data`, and so text.
struct PlainKml {
    std::string source;  ///< what to open instead
    std::map<std::string, std::string> original;  ///< by the plain name
};
/// A copy lives until `forget_plain_kml`. \return nothing for sources that need no copy, are no KML or KMZ, or are too large for one
std::optional<PlainKml> plain_kml(std::string const& source);
void forget_plain_kml(std::string const& copy) noexcept;

}  // namespace yihong::geo
