#pragma once

#include "series.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/state/record_json.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

/// The JSON of a series: records one by one, and the page round them.
namespace yihong::api {

/// Writes records of a series, one after the other. One thread at a time.
class SeriesWriter {
public:
    /// All outlive it.
    SeriesWriter(std::string& out, SeriesRequest const& request, Site const& site, World const& world);
    void write(Record const& record);

private:
    void write_water(Record const& record, WaterStandard const& standard);

    JsonWriter json_;
    Site const& site_;
    StandardsBook const& standards_;
    RecordWriter records_;
    std::uint8_t edition_ = 0;                     ///< of `clean_`
    std::array<std::string, 4> clean_;             ///< members of a record that has no main pollutants, by class; empty: not made
};

/// What the store has to read for the JSON of `request`: the main pollutants of a section need all parameters.
[[nodiscard]] SeriesQuery json_query(SeriesRequest const& request, Site const& site);

/// `{…"records":[`
void begin_json_page(std::string& body, Site const& site);
/// `],"numberReturned":…}` \param next value of `after` for the next page; empty: none
void end_json_page(std::string& body, std::size_t count, std::string const& self_url, std::string const& page_url, std::string const& next);

/// The cursor of a record at this time.
std::string series_cursor(UtcTime time, IntervalKind interval);

}  // namespace yihong::api
