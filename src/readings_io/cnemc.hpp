#pragma once

#include "yihong/readings_io/archive.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// When the file at hand was made, for the year that CNEMC's water times lack.
struct DateHint {
    UtcTime time;
    bool collected = false;      ///< the moment of collection: later times are of the year before; otherwise the nearest year counts
};

/// The date in a file name: `…_2021-04-01_03.csv`, `…2021-04…`, `…20210401…`.
std::optional<DateHint> date_in_name(std::string_view file_name);

/// What a row says. `problem`: why it cannot be a record.
struct CnemcRow {
    ParsedRecord record;         ///< without a site
    bool empty = false;
    std::optional<Failure> problem;
    struct BadCell {
        Failure failure;
        ReadingText text;
    };
    std::vector<BadCell> bad_cells;      ///< values that are not in the record
};

/// One of CNEMC's tables, told by its header: water (both shapes) or air.
class CnemcTable {
public:
    /// Whether a header looks like this table's.
    static bool is_water(std::span<std::string_view const> header);
    static bool is_air(std::span<std::string_view const> header);
    /// Whether a water column (Chinese or English name, unit aside) holds values.
    static bool is_water_value(std::string_view column);

    /// \return missing_field, unknown_unit
    static Result<CnemcTable> from_header(bool air, std::span<std::string_view const> header, ParameterBook const& parameters);

    /// \pre as many cells as the header had
    /// `hint` counts where no column `collected` gives a date.
    [[nodiscard]] CnemcRow read(std::span<std::string_view const> cells, std::optional<DateHint> const& hint) const;
    /// The external id of the row's place, without allocating more than `key` needs.
    void place_key(std::span<std::string_view const> cells, std::string& key) const;
    [[nodiscard]] PublishedPlace place(std::span<std::string_view const> cells) const;
    [[nodiscard]] bool has_collected() const noexcept;

private:
    enum Field : std::size_t { collected, province, name, city, river, code, time, status, longitude, latitude, field_count };
    struct ValueColumn {
        Parameter const* parameter;
        std::size_t published;
        std::size_t unrounded;   ///< may be no_column
        std::string unit;        ///< empty: the canonical one
    };
    static std::optional<Field> field_of(bool air, std::string_view column);
    [[nodiscard]] std::string_view cell(std::span<std::string_view const> cells, Field field) const;
    [[nodiscard]] Result<UtcTime> read_time(std::span<std::string_view const> cells, std::optional<DateHint> const& hint) const;
    void read_values(std::span<std::string_view const> cells, CnemcRow& row, bool& any) const;
    void put_ozone_right(CnemcRow& row) const;

    bool air_ = false;
    std::array<std::size_t, field_count> fields_{};
    std::vector<ValueColumn> values_;       // ascending parameter
    Parameter const* ozone_hour_ = nullptr;
    Parameter const* ozone_highest_ = nullptr;
};

/// The publishing system's JSON answer as a `cnemc-water-csv` table.
Result<std::string> water_json_to_csv(std::string_view json);
/// The publishing platform's XML answer as a `cnemc-air-csv` table.
Result<std::string> air_xml_to_csv(std::string_view xml);
/// The platform's JSON feed (an array of stations, or an object that holds one) as a `cnemc-air-csv` table.
Result<std::string> air_json_to_csv(std::string_view json);

/// A table of the air platform under way: its columns, and a row for each station.
class AirTable {
public:
    AirTable();
    /// Sets a cell of the row under way. Columns of other names are passed over. \param column in letters of any case
    void set(std::string_view column, std::string_view text);
    void end_row();
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::string take() && { return std::move(csv_); }

private:
    static constexpr std::size_t column_count = 24;
    std::string csv_;
    std::array<std::string, column_count> cells_;
    std::size_t rows_ = 0;
};

}  // namespace yihong
