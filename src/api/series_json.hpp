#pragma once

#include "series.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/compress/packed_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The JSON of a series: records one by one, and the page round them.
namespace yihong::api {

/// Records of one site and interval as JSON, with commas between them, packed. Immutable, shared by all pages that show them.
struct SeriesPiece {
    struct Place {
        UtcTime time;
        std::uint32_t end;                         ///< of the record in `text`; the next one begins behind the comma
    };
    PackedText text;
    std::vector<Place> records;                    ///< ascending

    [[nodiscard]] std::size_t begin_of(std::size_t record) const noexcept { return record == 0 ? 0 : records[record - 1].end + 1; }
    [[nodiscard]] std::size_t memory() const noexcept { return sizeof(SeriesPiece) + text.memory() + records.capacity() * sizeof(Place); }
};

void write_json_record(JsonWriter& json, Record const& record, SeriesRequest const& request, Site const& site, World const& world);
/// What the store has to read for the JSON of `request`: with few parameters only those, which is several times quicker, but main pollutants need all.
[[nodiscard]] SeriesQuery json_query(SeriesRequest const& request, Site const& site, Records const& records);

/// `{…"records":[`
void begin_json_page(std::string& body, Site const& site);
/// `],"numberReturned":…}` \param next value of `after` for the next page; empty: none
void end_json_page(std::string& body, std::size_t count, std::string const& self_url, std::string const& page_url, std::string const& next);

/// The cursor of a record at this time.
std::string series_cursor(UtcTime time, IntervalKind interval);

}  // namespace yihong::api
