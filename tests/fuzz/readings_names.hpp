// What the fuzz targets of readings_io know by name, and what must hold for any batch.
#pragma once

#include "yihong/readings_io/readings.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace yihong::fuzz {

inline NameBook names()
{
    static SiteRegistry const sites = [] {
        std::vector<Site> all(2);
        all[0].id = "longmen";
        all[0].external_ids = {{"cnemc", "山西省/龙门"}};
        all[1].id = "x";
        all[1].external_ids = {{"cnemc", "2175A"}};
        return SiteRegistry{std::move(all)};
    }();
    static ParameterBook const parameters = [] {
        std::vector<Parameter> all(5);
        char const* const known[] = {"ph", "codmn", "chlorophyll_a", "o3", "pm25"};
        char const* const units[] = {"dimensionless", "mg/L", "ug/L", "ug/m3", "ug/m3"};
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].id = static_cast<ParameterId>(7 * (all.size() - i));
            all[i].name = known[i];
            all[i].unit = units[i];
        }
        return ParameterBook{std::move(all)};
    }();
    return {sites, parameters};
}

inline std::string_view text_of(std::uint8_t const* data, std::size_t size) { return {reinterpret_cast<char const*>(data), size}; }

/// A record that was read is read again, alike, from the bytes that would be kept of it; what was refused, a record or a single reading, is
/// refused again.
inline void check(Result<ParsedBatch> const& batch)
{
    if (!batch)
        return;
    for (auto const& record : batch->records) {
        auto const again = read_text(batch->format, batch->raw_prefix + std::string{record.raw}, names());
        if (!again || again->records.size() != 1 || !again->records[0].record.same_content(record.record))
            std::abort();
    }
    for (auto const& refusal : batch->refused) {
        auto const again = refusal.format.empty() ? read_text(batch->format, batch->raw_prefix + refusal.raw, names())
                                                  : read_text(refusal.format, refusal.raw, names());
        bool const is_alone = !refusal.format.empty();  // a single reading: the status of its record may stand with it
        if (again && (is_alone ? again->refused.empty() : !again->records.empty()))
            std::abort();
    }
}

}  // namespace yihong::fuzz
