#include "read_csv.hpp"

#include "csv_rows.hpp"
#include "plain_text.hpp"
#include "record_fields.hpp"
#include "yihong/base/text.hpp"
#include "yihong/model/value_text.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace yihong {
namespace {

constexpr std::size_t no_column = SIZE_MAX;
constexpr std::size_t max_header = 64 * 1024;        // it is kept with every refused row

enum Field : std::size_t { site, time, interval, status, parameter, value, flag, unit, field_count };
constexpr std::array<std::string_view, field_count> field_names{"site", "time", "interval", "status", "parameter", "value", "flag", "unit"};

/// What our own CSV tells people beside the readings: passed over when it comes back.
constexpr std::array<std::string_view, 3> told_names{"time_beijing", "water_class", "aqi"};

struct ValueColumn {
    Parameter const* parameter;
    std::size_t value;
    std::size_t flag = no_column;
};

/// What the header says.
struct Columns {
    std::array<std::size_t, field_count> fields;
    std::vector<ValueColumn> values;                 // wide; ascending parameter
    std::size_t count = 0;
    [[nodiscard]] bool is_long() const noexcept { return fields[parameter] != no_column; }
};

std::string column_place(std::size_t line, std::size_t column)
{
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Result<Columns> read_header(CsvRows const& header, ParameterBook const& parameters)
{
    if (header.open_quote() || header.stray_quote() != 0)
        return fail(Errc::bad_syntax, column_place(header.line(), 1) + ": the header has a quote out of place");
    if (header.raw().size() > max_header)
        return fail(Errc::too_large, column_place(header.line(), 1) + ": the header is longer than 64 KB");
    Columns columns;
    columns.fields.fill(no_column);
    columns.count = header.fields().size();
    using FlagColumn = std::pair<Parameter const*, std::size_t>;
    std::vector<FlagColumn> flags;
    for (std::size_t i = 0; i < columns.count; ++i) {
        std::string_view const name = without_blanks(header.fields()[i]);
        auto const place = [&] { return column_place(header.line(), i + 1); };
        auto const twice = [&] { return fail(Errc::bad_syntax, place() + ": column " + quote(name) + " is there twice"); };
        if (auto const field = std::ranges::find(field_names, name); field != field_names.end()) {
            auto& column = columns.fields[static_cast<std::size_t>(field - field_names.begin())];
            if (column != no_column)
                return twice();
            column = i;
        } else if (std::ranges::find(told_names, name) != told_names.end()) {
            continue;
        } else if (Parameter const* const p = parameters.find(name); p != nullptr) {
            if (std::ranges::find(columns.values, p, &ValueColumn::parameter) != columns.values.end())
                return twice();
            columns.values.push_back({p, i});
        } else if (Parameter const* const flagged = name.ends_with("_flag") ? parameters.find(name.substr(0, name.size() - 5)) : nullptr;
                   flagged != nullptr) {
            if (std::ranges::find(flags, flagged, &FlagColumn::first) != flags.end())
                return twice();
            flags.emplace_back(flagged, i);
        } else {
            return fail(Errc::unknown_field, place() + ": column " + quote(name) + " is neither a field nor a parameter");
        }
    }
    auto const missing = [&](Field field) {
        return fail(Errc::missing_field, column_place(header.line(), 1) + ": column '" + std::string{field_names[field]} + "' is missing");
    };
    for (Field const field : {site, time, interval}) {
        if (columns.fields[field] == no_column)
            return missing(field);
    }
    if (columns.is_long()) {
        if (columns.fields[value] == no_column)
            return missing(value);
        if (!columns.values.empty() || !flags.empty())
            return fail(Errc::unknown_field,
                        column_place(header.line(), 1) + ": column 'parameter' and parameters as columns exclude each other");
        return columns;
    }
    for (Field const field : {value, flag, unit}) {
        if (columns.fields[field] != no_column)
            return missing(parameter);
    }
    for (auto const& [p, column] : flags) {
        auto const valued = std::ranges::find(columns.values, p, &ValueColumn::parameter);
        if (valued == columns.values.end())
            return fail(Errc::missing_field,
                        column_place(header.line(), 1) + ": '" + p->name + "' has a flag column but none for its value");
        valued->flag = column;
    }
    if (columns.values.empty() && columns.fields[status] == no_column)
        return missing(parameter);
    std::ranges::sort(columns.values, {}, [](ValueColumn const& c) { return c.parameter->id; });
    return columns;
}

/// The rows of a body, in either form.
class CsvRecords {
public:
    CsvRecords(CsvRows& rows, Columns columns, NameBook const& names, std::uint32_t first_index, std::size_t refusals)
        : rows_{rows}, columns_{std::move(columns)}, names_{names}, fields_{names}, index_{first_index}, refusals_{refusals}
    {}

    /// Both stop at the end, at a quote that is never closed (rows.open_quote()), or with too many refusals.
    [[nodiscard]] bool too_many_refusals(ParsedBatch const& batch) const
    {
        return std::max(batch.refused.size(), row_refusals_.size()) > refusals_;
    }
    void read_wide(ParsedBatch& batch, std::string_view body);
    void read_long(ParsedBatch& batch);

private:
    /// One row of the long form whose site, time and interval are sound.
    struct LongRow {
        Site const* site;
        UtcTime time;
        IntervalKind interval;
        StationStatus status;
        std::uint32_t index;
        std::uint32_t line;
        std::int32_t refusal = -1;                   // place in row_refusals_
        bool has_reading = false;
        Reading reading;
        std::string_view raw;
        [[nodiscard]] auto key() const noexcept { return std::tuple{site, time, interval}; }
    };

    [[nodiscard]] std::string_view field(Field f) const { return rows_.fields()[columns_.fields[f]]; }
    [[nodiscard]] bool has(Field f) const { return columns_.fields[f] != no_column; }
    std::optional<Failure> read_row_shape() const;
    std::optional<Failure> read_common(ParsedRecord& record);
    static std::optional<Failure> read_cell(ReadingText const& text, Parameter const& parameter, Reading& reading);
    std::optional<Failure> read_wide_values(ParsedRecord& record, ParsedBatch& batch);
    std::optional<Failure> read_long_reading(LongRow& row);
    [[nodiscard]] ReadingText long_text() const;
    [[nodiscard]] std::string row_place() const { return "line " + std::to_string(rows_.line()); }
    void add_long_record(std::span<LongRow> rows, ParsedBatch& batch);
    void refuse(ParsedBatch& batch, Failure failure) const
    {
        std::string site_text{rows_.fields().size() == columns_.count ? field(site).substr(0, 200) : std::string_view{}};
        batch.refused.push_back({index_, at_place(row_place(), std::move(failure)), std::string{rows_.raw()}, std::move(site_text)});
    }

    CsvRows& rows_;
    Columns columns_;
    NameBook names_;
    RecordFields fields_;
    std::uint32_t index_;
    std::size_t refusals_;
    std::size_t usual_readings_ = 8;                 // of the row before
    std::vector<Refusal> row_refusals_;              // of the readings of long rows
    std::vector<std::pair<std::size_t, Failure>> bad_cells_;       // of a wide row: which value column, and why
    std::string parameter_text_;                     // the last one, and what it means
    Parameter const* parameter_ = nullptr;
};

std::optional<Failure> CsvRecords::read_row_shape() const
{
    if (rows_.stray_quote() != 0)
        return Failure{Errc::bad_syntax, "field " + std::to_string(rows_.stray_quote()) + " has a quote out of place"};
    if (rows_.fields().size() != columns_.count)
        return Failure{Errc::bad_syntax,
                       std::to_string(rows_.fields().size()) + " fields where the header has " + std::to_string(columns_.count)};
    return std::nullopt;
}

std::optional<Failure> CsvRecords::read_common(ParsedRecord& record)
{
    if (auto failure = read_row_shape())
        return failure;
    if (auto failure = fields_.site(field(site), record))
        return failure;
    if (auto failure = fields_.time(field(time), record))
        return failure;
    if (auto failure = fields_.interval(field(interval), record))
        return failure;
    if (has(status) && !field(status).empty() && !without_blanks(field(status)).empty())
        return fields_.status(field(status), record);
    return std::nullopt;
}

std::optional<Failure> CsvRecords::read_cell(ReadingText const& text, Parameter const& parameter, Reading& reading)
{
    reading.parameter = parameter.id;
    if (!text.flag.empty())
        if (auto failure = read_flag(text.flag, reading))
            return failure;
    if (text.unit.empty() && read_plain_decimal(text.value, reading.value))
        return std::nullopt;
    return read_reading(text.value, text.unit, parameter, reading);
}

/// A bad cell is put aside by itself; it refuses the row where nothing else is left of it.
std::optional<Failure> CsvRecords::read_wide_values(ParsedRecord& parsed, ParsedBatch& batch)
{
    auto const cells = rows_.fields();
    auto& record = parsed.record;
    auto const text_of = [&](ValueColumn const& column) {
        return ReadingText{.parameter = column.parameter->name,
                           .value = cells[column.value],
                           .flag = column.flag == no_column ? std::string_view{} : cells[column.flag]};
    };
    record.readings.reserve(usual_readings_);
    bad_cells_.clear();
    for (std::size_t i = 0; i < columns_.values.size(); ++i) {
        ValueColumn const& column = columns_.values[i];
        auto const text = text_of(column);
        if (text.value.empty() && text.flag.empty())
            continue;
        if (auto failure = read_cell(text, *column.parameter, record.readings.emplace_back())) {
            record.readings.pop_back();
            bad_cells_.emplace_back(i, at_place(column.parameter->name, std::move(*failure)));
        }
    }
    usual_readings_ = std::max<std::size_t>(record.readings.size(), 1);
    if (record.readings.empty() && !bad_cells_.empty() && record.status == StationStatus::normal)
        return std::move(bad_cells_.front().second);
    if (record.readings.empty() && (!has(status) || field(status).empty()))
        return Failure{Errc::no_value, "the row has no reading"};
    for (auto& [i, failure] : bad_cells_)
        batch.refused.push_back(refused_reading(index_, at_place(row_place(), std::move(failure)), parsed, text_of(columns_.values[i])));
    return std::nullopt;
}

void CsvRecords::read_wide(ParsedBatch& batch, std::string_view body)
{
    for (; !too_many_refusals(batch) && rows_.next() && !rows_.open_quote(); ++index_) {
        ParsedRecord& record = batch.records.emplace_back();
        record.index = index_;
        record.raw = rows_.raw();
        auto failure = read_common(record);
        if (!failure)
            failure = read_wide_values(record, batch);
        if (failure) {
            batch.records.pop_back();
            refuse(batch, std::move(*failure));
        } else if (batch.records.size() == 1) {
            batch.records.reserve((body.size() - rows_.begin()) / (rows_.raw().size() + 1) + 1);
        }
    }
}

std::optional<Failure> CsvRecords::read_long_reading(LongRow& row)
{
    std::string_view const name = field(parameter);
    if (without_blanks(name).empty() && without_blanks(field(value)).empty() && has(status))
        return std::nullopt;                                  // a row for the status alone
    if (parameter_ == nullptr || name != parameter_text_) {
        Parameter const* const found = names_.parameters.find(without_blanks(name));
        if (found == nullptr)
            return Failure{Errc::unknown_parameter, "parameter " + quote(name) + ": no parameter has this name or code"};
        parameter_ = found;
        parameter_text_ = name;
    }
    row.has_reading = true;
    if (auto failure = read_cell(long_text(), *parameter_, row.reading))
        return at_place(parameter_->name, std::move(*failure));
    return std::nullopt;
}

ReadingText CsvRecords::long_text() const
{
    auto const text = [&](Field f) { return has(f) ? field(f) : std::string_view{}; };
    return {.parameter = without_blanks(field(parameter)), .value = field(value), .flag = text(flag), .unit = without_blanks(text(unit))};
}

/// A record from its rows, in their order. A bad row is put aside by itself; it refuses the record where nothing else is left of it.
void CsvRecords::add_long_record(std::span<LongRow> rows, ParsedBatch& batch)
{
    LongRow const& first = rows.front();
    std::string_view raw = first.raw;
    if (rows.back().index - first.index + 1 == rows.size()) {
        raw = {raw.data(), static_cast<std::size_t>(rows.back().raw.data() + rows.back().raw.size() - raw.data())};
    } else {
        std::string& joined = batch.kept.emplace_back();
        for (LongRow const& row : rows)
            joined.append(row.raw).append("\n");
        raw = joined;
    }
    ParsedRecord& parsed = batch.records.emplace_back();
    parsed.index = first.index;
    parsed.raw = raw;
    parsed.site = first.site;
    Record& record = parsed.record;
    record.site = first.site->number;
    record.interval = first.interval;
    record.time = first.time;
    record.status = first.status;
    record.readings.reserve(rows.size());
    std::optional<Failure> failure;
    Refusal* first_bad = nullptr;
    auto const refuse_at = [&](LongRow const& row, Failure why) { failure = at_place("line " + std::to_string(row.line), std::move(why)); };
    for (LongRow const& row : rows) {
        if (row.status != first.status) {
            refuse_at(row, {Errc::bad_value, "status differs within one record"});
            break;
        }
        if (row.refusal >= 0 && first_bad == nullptr)
            first_bad = &row_refusals_[static_cast<std::size_t>(row.refusal)];
        if (row.refusal < 0 && row.has_reading)
            record.readings.push_back(row.reading);
    }
    if (!failure && record.readings.empty() && record.status == StationStatus::normal) {
        if (first_bad != nullptr)
            failure = first_bad->failure;
        else
            refuse_at(first, {Errc::no_value, "the record has no reading"});
    }
    if (auto const twice = failure ? std::nullopt : sort_readings(record)) {
        auto const again = std::find_if(rows.rbegin(), rows.rend(),
                                        [&](LongRow const& r) { return r.refusal < 0 && r.has_reading && r.reading.parameter == *twice; });
        refuse_at(*again, {Errc::bad_value, names_.parameters.find(*twice)->name + " is there twice in one record"});
    }
    if (failure) {
        batch.refused.push_back({first.index, std::move(*failure), std::string{raw}, first.site->id});
        batch.records.pop_back();
        return;
    }
    for (LongRow const& row : rows)
        if (row.refusal >= 0)
            batch.refused.push_back(std::move(row_refusals_[static_cast<std::size_t>(row.refusal)]));
}

void CsvRecords::read_long(ParsedBatch& batch)
{
    std::vector<LongRow> rows;
    ParsedRecord common;
    for (; !too_many_refusals(batch) && rows_.next() && !rows_.open_quote(); ++index_) {
        common.record.status = StationStatus::normal;
        if (auto failure = read_common(common)) {             // it belongs to no record
            refuse(batch, std::move(*failure));
            continue;
        }
        LongRow& row = rows.emplace_back(LongRow{common.site,
                                                 common.record.time,
                                                 common.record.interval,
                                                 common.record.status,
                                                 index_,
                                                 static_cast<std::uint32_t>(rows_.line()),
                                                 -1,
                                                 false,
                                                 {},
                                                 rows_.raw()});
        if (auto failure = read_long_reading(row)) {
            row.refusal = static_cast<std::int32_t>(row_refusals_.size());
            row_refusals_.push_back(refused_reading(index_, at_place(row_place(), std::move(*failure)), common, long_text()));
        }
    }
    std::ranges::sort(rows, {}, [](LongRow const& row) { return std::tuple_cat(row.key(), std::tuple{row.index}); });
    std::vector<std::span<LongRow>> records;
    for (auto begin = rows.begin(); begin != rows.end();) {
        auto const end = std::find_if(begin, rows.end(), [&](LongRow const& row) { return row.key() != begin->key(); });
        records.emplace_back(begin, end);
        begin = end;
    }
    std::ranges::sort(records, {}, [](auto const& record) { return record.front().index; });
    batch.records.reserve(records.size());
    for (auto const& record : records)
        add_long_record(record, batch);
}

}  // namespace

Result<ParsedBatch> read_csv_piece(std::string_view body, NameBook const& names, std::size_t first_line, std::uint32_t first_index,
                                   std::size_t refusals)
{
    CsvRows header{body};
    if (!header.next())
        return fail(Errc::bad_syntax, "line 1, column 1: the header is missing");
    auto columns = read_header(header, names.parameters);
    if (!columns)
        return std::unexpected{std::move(columns.error())};
    ParsedBatch batch;
    batch.format = "readings-csv";
    batch.raw_prefix = std::string{header.raw()} + "\n";
    CsvRows rows{body.substr(header.end()), first_line == 0 ? header.next_line() : first_line};
    bool const is_long = columns->is_long();
    CsvRecords records{rows, std::move(*columns), names, first_index, refusals};
    if (is_long)
        records.read_long(batch);
    else
        records.read_wide(batch, body);
    if (rows.open_quote())
        return fail(Errc::bad_syntax, column_place(rows.line(), rows.fields().size()) + ": a quoted field is never closed");
    if (records.too_many_refusals(batch))
        return std::unexpected{too_many_refusals(batch)};
    return batch;
}

Result<ParsedBatch> read_csv(std::string_view body, NameBook const& names) { return read_csv_piece(body, names, 0, 0, max_refusals); }

}  // namespace yihong
