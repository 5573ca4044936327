#include "yihong/readings_io/archive.hpp"

#include "archive_format.hpp"
#include "cnemc.hpp"
#include "csv_rows.hpp"
#include "file_text.hpp"
#include "read_csv.hpp"
#include "read_xlsx.hpp"
#include "record_fields.hpp"
#include "yihong/base/text.hpp"
#include "yihong/model/value_text.hpp"

#include <algorithm>
#include <unordered_map>

namespace yihong {
namespace {

constexpr std::size_t window_bytes = 64U << 20U;         // the most that is looked at together
constexpr std::size_t whole_bytes = 256U << 20U;         // formats that are read at once

}  // namespace

struct ArchiveReader::State {
    State(ArchiveContext c, std::string n) : context{std::move(c)}, name{std::move(n)} {}

    ArchiveContext context;
    std::string name;
    FileText file;
    bool from_memory = false;
    std::uint64_t memory_size = 0;

    std::string buffer;                  // text from `position_.offset` on is at `used`
    std::size_t used = 0;
    bool text_done = false;              // no more text will come behind the buffer
    std::uint64_t text_size = 0;         // of all text, where it was read at once
    bool gb18030 = false;

    std::optional<std::string> sheet;    // the text is that of a sheet of this name
    std::string header;                  // as UTF-8, without line end
    std::size_t columns = 0;
    bool is_long = false;
    std::array<std::size_t, 3> record_key{};   // columns of site, time, interval
    std::optional<CnemcTable> table;
    std::optional<DateHint> hint;
    ArchivePosition at;
    ArchiveCounts counts;
    std::unordered_map<std::string, Site const*> places;   // by external id; null: unknown
    std::string place_key;
    bool finished = false;

    [[nodiscard]] bool whole() const { return context.format == "readings-json" || context.format == "readings-ndjson"; }

    /// More text behind the buffer. \return broken_file
    Result<void> read_more(std::size_t bytes)
    {
        if (used > piece_bytes || used == buffer.size()) {
            buffer.erase(0, used);
            used = 0;
        }
        auto read = file.read(buffer, bytes);
        text_done = text_done || file.done();
        if (!read)
            read.error().detail = name + ": " + read.error().detail;
        return read;
    }

    Result<void> read_rest()
    {
        while (!text_done && buffer.size() <= whole_bytes) {
            if (auto read = read_more(whole_bytes / 16); !read)
                return read;
        }
        if (buffer.size() > whole_bytes)
            return fail(Errc::too_large, name + ": this format is read at once, up to 256 MB");
        return {};
    }

    /// Finds format and header. Leaves the position behind the header.
    Result<void> begin()
    {
        if (!from_memory) {
            if (auto read = read_more(piece_bytes); !read)
                return read;
        }
        std::string_view const head = std::string_view{buffer}.substr(0, text_done ? buffer.size() : buffer.rfind('\n') + 1);
        if (context.format == "readings-xlsx" || (context.format.empty() && is_workbook(buffer)))
            return begin_sheet();
        auto const converted = is_valid_utf8(head) ? std::nullopt : from_gb18030(head);
        gb18030 = converted.has_value();
        if (context.format.empty())
            context.format = find_format(converted ? *converted : head);
        if (auto known = check_format(context.format); !known)
            return std::unexpected{Failure{known.error().code, name + ": " + known.error().detail}};
        if (context.date)
            hint = DateHint{beijing_midnight(*context.date) + std::chrono::hours{12}, false};
        else
            hint = date_in_name(name);
        bool const transcoded =
            context.format == "cnemc-water-json" || context.format == "cnemc-air-json" || context.format == "cnemc-air-xml";
        if (transcoded || whole()) {
            if (auto read = read_rest(); !read)
                return read;
        }
        if (transcoded) {
            gb18030 = false;
            std::string_view const text = buffer;
            auto const json = text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
            auto csv = context.format == "cnemc-water-json" ? water_json_to_csv(json)
                       : context.format == "cnemc-air-json" ? air_json_to_csv(json)
                                                            : air_xml_to_csv(text);
            if (!csv)
                return std::unexpected{Failure{csv.error().code, name + ": " + csv.error().detail}};
            buffer = std::move(*csv);
        }
        text_size = text_done ? buffer.size() : 0;
        return whole() ? Result<void>{} : read_header();
    }

    /// A workbook goes on as the CSV of its sheet.
    Result<void> begin_sheet()
    {
        if (auto read = read_rest(); !read)
            return read;
        auto made = sheet_to_csv(buffer);
        if (!made)
            return std::unexpected{Failure{made.error().code, name + ": " + made.error().detail}};
        sheet = std::move(made->name);
        buffer = std::move(made->csv);
        context.format = "readings-csv";
        text_size = buffer.size();
        return read_header();
    }
    /// With its place in the sheet, where the text is that of one.
    [[nodiscard]] Failure placed(Failure failure) const { return sheet ? in_sheet(*sheet, std::move(failure)) : std::move(failure); }

    Result<void> read_header()
    {
        CsvRows raw_rows{buffer};
        if (!raw_rows.next() || (!raw_rows.closed() && !text_done) || raw_rows.open_quote() || raw_rows.stray_quote() != 0)
            return fail(Errc::bad_syntax, name + ": line 1, column 1: no sound header");
        auto const utf8 = gb18030 ? from_gb18030(raw_rows.raw()) : std::string{raw_rows.raw()};
        header = to_valid_utf8(utf8.value_or(std::string{raw_rows.raw()}));
        used = raw_rows.end();
        at = {used, raw_rows.next_line(), 0};
        CsvRows rows{header};
        rows.next();
        columns = rows.fields().size();
        if (context.format == "readings-csv") {
            auto const column_of = [&](std::string_view field) {
                return static_cast<std::size_t>(std::ranges::find(rows.fields(), field, without_blanks) - rows.fields().begin());
            };
            is_long = column_of("parameter") < columns;
            record_key = {column_of("site"), column_of("time"), column_of("interval")};
            if (auto const sound = read_csv(header, context.names); !sound)
                return std::unexpected{Failure{sound.error().code, name + ": " + placed(sound.error()).detail}};
            return {};
        }
        bool const air = context.format.starts_with("cnemc-air");
        auto found = CnemcTable::from_header(air, rows.fields(), context.names.parameters);
        if (!found)
            return std::unexpected{Failure{found.error().code, name + ": " + found.error().detail}};
        table.emplace(std::move(*found));
        return {};
    }

    /// How much of the buffer to take: whole rows, about `max_rows` of them (long form: all that fit, up to a change of record).
    struct Slice {
        std::size_t bytes = 0;
        std::uint64_t next_line = 0;
    };
    [[nodiscard]] Slice whole_rows(std::size_t max_rows, bool& want_more) const
    {
        CsvRows rows{std::string_view{buffer}.substr(used), at.line};
        Slice slice{0, at.line};
        std::array<std::string, 3> last_key;
        want_more = false;
        for (std::size_t n = 0; is_long || n < max_rows; ++n) {
            if (!rows.next())
                break;
            if (rows.open_quote() || (!rows.closed() && !text_done)) {
                want_more = !text_done;
                return slice;
            }
            if (is_long && !text_done) {                          // what precedes a new record is complete
                bool changed = rows.fields().size() != columns;
                for (std::size_t k = 0; k < 3 && rows.fields().size() == columns; ++k) {
                    changed |= rows.fields()[record_key[k]] != last_key[k];
                    last_key[k] = rows.fields()[record_key[k]];
                }
                if (changed)
                    slice = {rows.begin(), rows.line()};
                continue;
            }
            slice = {rows.end(), rows.next_line()};
            if (n + 1 == max_rows && !is_long)
                return slice;
        }
        want_more = !text_done;
        if (text_done)
            slice = {buffer.size() - used, rows.next_line()};
        return slice;
    }

    Result<std::optional<ParsedBatch>> next(std::size_t max_rows)
    {
        if (finished)
            return std::nullopt;
        if (whole())
            return next_whole();
        max_rows = std::max<std::size_t>(max_rows, 1);
        Slice slice;
        for (bool want_more = true;;) {
            slice = whole_rows(max_rows, want_more);
            std::size_t const seen = buffer.size() - used;
            if (!want_more || seen >= window_bytes)
                break;
            // grows geometrically, so that looking again costs no more than reading
            if (auto read = read_more(is_long ? window_bytes - seen : std::max(piece_bytes, seen)); !read)
                return std::unexpected{read.error()};
        }
        if (slice.bytes == 0 && used == buffer.size()) {
            finished = true;
            return std::nullopt;
        }
        if (slice.bytes == 0)
            return fail(Errc::bad_syntax, place() + ": " +
                                              (text_done ? "a quoted field is never closed"
                                               : is_long ? "no record ends within 64 MB"
                                                         : "no row ends within 64 MB"));
        std::string_view const raw_text = std::string_view{buffer}.substr(used, slice.bytes);
        std::string text;
        if (table) {
            text = raw_text;
        } else {
            text.reserve(header.size() + 1 + raw_text.size());
            text.append(header).append("\n").append(raw_text);
        }
        if (gb18030) {
            auto converted = from_gb18030(raw_text);
            if (!converted)
                return fail(Errc::bad_syntax, place() + ": the text is no longer GB18030");
            text = table ? std::move(*converted) : header + "\n" + *converted;
        } else if (!is_valid_utf8(raw_text)) {
            // what is in neither encoding is marked: a row that is read again by itself must not look like GB18030
            text = to_valid_utf8(text);
        }
        auto batch = table ? Result<ParsedBatch>{read_table(std::move(text))} : read_readings(std::move(text));
        if (!batch)
            return std::unexpected{batch.error()};
        used += slice.bytes;
        at.offset += slice.bytes;
        at.line = slice.next_line;
        counts.records += batch->records.size();
        counts.refused += batch->refused.size();
        return std::optional{std::move(*batch)};
    }

    Result<std::optional<ParsedBatch>> next_whole()
    {
        finished = true;
        std::deque<std::string> kept;
        std::string const& text = kept.emplace_back(std::move(buffer));
        buffer.clear();
        auto batch = context.format == "readings-json" ? read_json(text, context.names) : read_ndjson(text, context.names);
        if (!batch)
            return std::unexpected{Failure{batch.error().code, name + ": " + batch.error().detail}};
        at.offset = text_size;
        counts.records = batch->records.size();
        counts.refused = batch->refused.size();
        counts.rows = counts.records + counts.refused;
        batch->kept = std::move(kept);               // a moved deque keeps its strings where they are
        return std::optional{std::move(*batch)};
    }

    Result<ParsedBatch> read_readings(std::string text)
    {
        std::deque<std::string> kept;
        kept.push_back(std::move(text));
        auto batch = read_csv_piece(kept.front(), context.names, at.line, static_cast<std::uint32_t>(at.row), SIZE_MAX);
        if (!batch)
            return fail(batch.error().code, name + ": " + placed(batch.error()).detail);
        for (auto& refusal : batch->refused)
            refusal.failure = placed(std::move(refusal.failure));
        auto const rows = rows_in(kept.front()) - 1;
        counts.rows += rows;
        at.row += rows;
        batch->kept.push_back(std::move(kept.front()));   // longer than a short string: its bytes stay where they are
        return batch;
    }

    static std::uint64_t rows_in(std::string_view text)
    {
        CsvRows rows{text};
        std::uint64_t n = 0;
        while (rows.next())
            ++n;
        return n;
    }

    ParsedBatch read_table(std::string moved_text)
    {
        ParsedBatch batch;
        std::string_view const text = batch.kept.emplace_back(std::move(moved_text));
        bool const dated = table->has_collected();
        batch.format = context.format.starts_with("cnemc-air") ? "cnemc-air-csv" : "cnemc-water-csv";
        batch.raw_prefix = (dated ? "" : "collected,") + header + "\n";
        CsvRows rows{text, at.line};
        for (; rows.next(); ++at.row, ++counts.rows)
            read_table_row(rows, dated, batch);
        return batch;
    }

    void read_table_row(CsvRows const& rows, bool dated, ParsedBatch& batch)
    {
        auto const refuse = [&](Failure failure, UtcTime const* time) {
            std::string site = rows.fields().size() == columns ? place_key : std::string{};
            batch.refused.push_back({static_cast<std::uint32_t>(at.row),
                                     at_place("line " + std::to_string(rows.line()), std::move(failure)),
                                     dated ? std::string{rows.raw()} : dated_row(rows.raw(), time), std::move(site)});
        };
        place_key.clear();
        if (rows.stray_quote() != 0)
            return refuse({Errc::bad_syntax, "field " + std::to_string(rows.stray_quote()) + " has a quote out of place"}, nullptr);
        if (rows.fields().size() != columns)
            return refuse(
                {Errc::bad_syntax, std::to_string(rows.fields().size()) + " fields where the header has " + std::to_string(columns)},
                nullptr);
        CnemcRow row = table->read(rows.fields(), hint);
        if (row.empty) {
            ++counts.empty;
            return;
        }
        table->place_key(rows.fields(), place_key);
        Site const* const site = find_site(rows.fields());
        if (site == nullptr) {
            if (context.skip_unknown_sites) {
                ++counts.unknown_site_rows;
                return;
            }
            return refuse({Errc::unknown_site, quote(place_key) + " is no site's external id 'cnemc'"}, nullptr);
        }
        if (row.problem)
            return refuse(std::move(*row.problem), nullptr);
        row.record.site = site;
        row.record.record.site = site->number;
        row.record.index = static_cast<std::uint32_t>(at.row);
        row.record.raw = dated ? rows.raw() : std::string_view{batch.kept.emplace_back(dated_row(rows.raw(), &row.record.record.time))};
        for (auto& bad : row.bad_cells)
            batch.refused.push_back(refused_reading(static_cast<std::uint32_t>(at.row),
                                                    at_place("line " + std::to_string(rows.line()), std::move(bad.failure)), row.record,
                                                    bad.text));
        batch.records.push_back(std::move(row.record));
    }

    /// A row that keeps the date which only the file's name knew.
    [[nodiscard]] std::string dated_row(std::string_view raw, UtcTime const* time) const
    {
        std::string row;
        if (time != nullptr || hint)
            row = format_date(beijing_date(time != nullptr ? *time : hint->time));
        return row.append(",").append(raw);
    }

    Site const* find_site(std::span<std::string_view const> cells)
    {
        auto [place, added] = places.try_emplace(place_key, nullptr);
        if (added) {
            place->second = context.names.sites.find_external("cnemc", place_key);
            if (place->second == nullptr && context.on_unknown_place)
                place->second = context.on_unknown_place(table->place(cells));
            counts.unknown_sites += place->second == nullptr;
        }
        return place->second;
    }

    [[nodiscard]] std::string place() const { return name + ": line " + std::to_string(at.line); }
};

ArchiveReader::ArchiveReader(std::unique_ptr<State> state) : state_{std::move(state)} {}
ArchiveReader::~ArchiveReader() = default;

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::start(std::unique_ptr<State> state)
{
    if (auto const begun = state->begin(); !begun)
        return std::unexpected{begun.error()};
    return std::unique_ptr<ArchiveReader>{new ArchiveReader{std::move(state)}};
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(std::filesystem::path const& path, ArchiveContext context)
{
    auto state = std::make_unique<State>(std::move(context), path.filename().string());
    if (auto const opened = state->file.open(path); !opened)
        return std::unexpected{opened.error()};
    return start(std::move(state));
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::over(std::string text, std::string const& name, ArchiveContext context)
{
    auto state = std::make_unique<State>(std::move(context), name);
    state->from_memory = state->text_done = true;
    state->memory_size = text.size();
    state->buffer = std::move(text);
    return start(std::move(state));
}

Result<std::optional<ParsedBatch>> ArchiveReader::next(std::size_t max_rows) { return state_->next(max_rows); }

Result<void> ArchiveReader::resume(ArchivePosition position)
{
    State& s = *state_;
    if (s.whole()) {
        s.finished = position.offset > 0;
        return {};
    }
    auto const nowhere = [&] {
        return fail(Errc::broken_file, s.name + ": no row begins at byte " + std::to_string(position.offset) + "; the file has changed");
    };
    if (position.offset < s.at.offset)
        return position == ArchivePosition{} ? Result<void>{} : nowhere();
    while (s.at.offset < position.offset) {
        if (s.used == s.buffer.size()) {
            if (s.text_done)
                return nowhere();
            // all but the last byte, which is looked at
            std::uint64_t const passed = position.offset - s.at.offset - 1;
            if (s.file.skip(passed))
                s.at.offset += passed;
            if (auto read = s.read_more(piece_bytes); !read)
                return read;
            continue;
        }
        auto const step = static_cast<std::size_t>(std::min<std::uint64_t>(s.buffer.size() - s.used, position.offset - s.at.offset));
        s.used += step;
        s.at.offset += step;
        if (s.at.offset == position.offset && s.buffer[s.used - 1] != '\n' && !(s.text_done && s.used == s.buffer.size()))
            return nowhere();
    }
    s.at = position;
    return {};
}

ArchivePosition ArchiveReader::position() const noexcept { return state_->at; }
ArchiveCounts const& ArchiveReader::counts() const noexcept { return state_->counts; }
std::string const& ArchiveReader::format() const noexcept
{
    static std::string const of_sheets = "readings-xlsx";
    return state_->sheet ? of_sheets : state_->context.format;
}

std::uint64_t ArchiveReader::bytes_total() const noexcept { return state_->from_memory ? state_->memory_size : state_->file.size(); }

std::uint64_t ArchiveReader::bytes_read() const noexcept
{
    State const& s = *state_;
    if (s.finished)
        return bytes_total();
    // what the buffer still holds was read from the file, but not handed out; compressed bytes are shared out evenly
    std::uint64_t const text = s.text_size > 0 ? s.text_size : s.at.offset + (s.buffer.size() - s.used);
    double const share = text == 0 ? 0 : static_cast<double>(s.at.offset) / static_cast<double>(text);
    return static_cast<std::uint64_t>(share * static_cast<double>(s.text_size > 0 ? bytes_total() : s.file.consumed()));
}

Result<ParsedBatch> read_text(std::string_view format, std::string_view body, NameBook const& names)
{
    if (format == "readings-json")
        return read_json(body, names);
    if (format == "readings-ndjson")
        return read_ndjson(body, names);
    if (format == "readings-csv")
        return read_csv(body, names);
    auto reader = ArchiveReader::over(
        std::string{body}, std::string{format},
        {.names = names, .format = std::string{format}, .skip_unknown_sites = false, .on_unknown_place = {}, .date = {}});
    if (!reader)
        return std::unexpected{reader.error()};
    auto batch = (*reader)->next(SIZE_MAX);                // all of it: the text is in memory
    if (!batch)
        return std::unexpected{batch.error()};
    return *batch ? std::move(**batch) : ParsedBatch{};
}

}  // namespace yihong
