#include "series_chunk.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace yihong::store_local {
namespace {

constexpr char chunk_version = 1;
constexpr std::uint64_t first_packed_shape = 14;   // 1 + Decimal::max_scale + 1

std::uint64_t shape_of(Reading const& r) noexcept
{
    auto const scale = r.has_value ? static_cast<std::uint64_t>(r.value.scale()) : 0;
    if (r.has_value && r.flag.is_normal() && r.marks == Mark::none)
        return 1 + scale;
    auto const text = r.flag.text();
    std::uint64_t const flag =
        static_cast<std::uint8_t>(text[0]) | (text.size() > 1 ? static_cast<std::uint64_t>(static_cast<std::uint8_t>(text[1])) << 8 : 0);
    return first_packed_shape + (std::uint64_t{r.has_value} | static_cast<std::uint64_t>(r.marks) << 1 | scale << 9 | flag << 13);
}

struct Shape {
    Flag flag;
    Mark marks = Mark::none;
    bool has_value = true;
    int scale = 0;
};

bool read_shape(std::uint64_t code, Shape& shape) noexcept
{
    if (code < first_packed_shape) {
        shape = Shape{Flag{}, Mark::none, true, static_cast<int>(code - 1)};
        return true;
    }
    std::uint64_t const packed = code - first_packed_shape;
    auto const a = static_cast<char>(packed >> 13 & 0xFF);
    auto const b = static_cast<char>(packed >> 21 & 0xFF);
    shape = Shape{b == '\0' ? Flag{a} : Flag{a, b}, static_cast<Mark>(packed >> 1 & 0xFF), (packed & 1) != 0,
                  static_cast<int>(packed >> 9 & 0xF)};
    return packed >> 29 == 0 && a != '\0' && shape.scale <= Decimal::max_scale;
}

/// Collects equal neighbours and writes each run once.
class RunWriter {
public:
    RunWriter(char* at, std::size_t rows) noexcept : at_{at}, left_{rows} {}
    void add(std::uint64_t value) noexcept
    {
        if (count_ != 0 && value != value_)
            flush();
        value_ = value;
        ++count_;
    }
    char* finish() noexcept
    {
        if (count_ != 0)
            flush();
        return at_;
    }

private:
    void flush() noexcept
    {
        at_ = put_varint(at_, value_);
        at_ = put_varint(at_, count_ == left_ ? 0 : count_);
        left_ -= count_;
        count_ = 0;
    }
    char* at_;
    std::size_t left_;
    std::size_t count_ = 0;
    std::uint64_t value_ = 0;
};

/// Calls `each(value, first row, row behind the last)` for every run.
template <typename Each>
void read_runs(ByteReader& in, std::size_t rows, Each each) noexcept
{
    for (std::size_t first = 0; first < rows && in.ok();) {
        std::uint64_t const value = in.varint();
        std::uint64_t const count = in.varint();
        if (count > rows - first)
            return in.fail();
        std::size_t const end = count == 0 ? rows : first + static_cast<std::size_t>(count);
        each(value, first, end);
        first = end;
    }
}

constexpr std::size_t max_run_bytes = 2 * max_varint_bytes;

template <typename ValueOf>
char* put_runs(char* at, std::span<Row const> rows, ValueOf value_of) noexcept
{
    RunWriter runs{at, rows.size()};
    for (auto const& row : rows)
        runs.add(value_of(row));
    return runs.finish();
}

std::int64_t ms(UtcTime t) noexcept { return t.time_since_epoch().count(); }
std::int64_t delay_of(Row const& row) noexcept { return wrapping_sub(ms(row.received_at), ms(row.time)); }

/// Makes `out` long enough for `extra` more bytes behind `used`. \return where to write
char* room(std::string& out, std::size_t used, std::size_t extra)
{
    if (out.size() < used + extra)
        out.resize(std::max(used + extra, out.size() * 2));
    return out.data() + used;
}

/// An archive import takes in many times at one moment, a live station each time after the same delay: whichever makes
/// the smaller steps is written.
char* put_received(char* at, std::span<Row const> rows) noexcept
{
    std::uint64_t by_moment = 0;
    std::uint64_t by_delay = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        by_moment |= zigzag(wrapping_sub(ms(rows[i].received_at), ms(rows[i - 1].received_at)));
        by_delay |= zigzag(wrapping_sub(delay_of(rows[i]), delay_of(rows[i - 1])));
    }
    bool const delay = by_delay < by_moment;
    *at++ = delay ? 1 : 0;
    at = put_varint(at, zigzag(delay_of(rows[0])));
    for (std::size_t i = 1; i < rows.size(); ++i) {
        at = put_varint(at, zigzag(delay ? wrapping_sub(delay_of(rows[i]), delay_of(rows[i - 1]))
                                         : wrapping_sub(ms(rows[i].received_at), ms(rows[i - 1].received_at))));
    }
    return at;
}

bool same_parameters(std::span<Reading const> a, std::span<Reading const> b) noexcept
{
    return std::ranges::equal(a, b, {}, &Reading::parameter, &Reading::parameter);
}

std::vector<ParameterId> parameters_of(std::span<Row const> rows)
{
    std::vector<ParameterId> all;
    all.reserve(rows[0].readings.size());
    for (auto const& r : rows[0].readings)
        all.push_back(r.parameter);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (same_parameters(rows[i].readings, rows[i - 1].readings))
            continue;
        for (auto const& r : rows[i].readings)
            all.push_back(r.parameter);
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
    }
    return all;
}

}  // namespace

void encode_chunk(std::span<Row const> rows, std::string& out)
{
    std::size_t const n = rows.size();
    auto const parameters = parameters_of(rows);
    std::vector<std::uint32_t> next_reading(n, 0);

    // The bounds are generous (every number at its longest); `out` is cut to what was used at the end.
    std::size_t const head_bytes = 1 + (n + 4) * max_varint_bytes + 5 * n * max_run_bytes;
    std::size_t const column_bytes = n * (max_run_bytes + max_varint_bytes);
    std::size_t used = out.size();
    char* const begin = room(out, used, head_bytes);
    char* at = begin;
    *at++ = chunk_version;
    at = put_varint(at, n);
    at = put_varint(at, zigzag(ms(rows[0].time)));
    RunWriter steps{at, n - 1};
    for (std::size_t i = 1; i < n; ++i)
        steps.add(static_cast<std::uint64_t>(wrapping_sub(ms(rows[i].time), ms(rows[i - 1].time))));
    at = put_received(steps.finish(), rows);
    at = put_runs(at, rows, [](Row const& r) { return static_cast<std::uint64_t>(r.status); });
    at = put_runs(at, rows, [](Row const& r) { return std::uint64_t{r.verdict.edition}; });
    at = put_runs(at, rows, [](Row const& r) { return std::uint64_t{r.verdict.water_class}; });
    at = put_runs(at, rows, [](Row const& r) { return std::uint64_t{r.verdict.aqi}; });
    at = put_varint(at, parameters.size());
    used += static_cast<std::size_t>(at - begin);

    ParameterId previous_parameter = 0;
    for (ParameterId const parameter : parameters) {
        char* const column = room(out, used, 2 * max_varint_bytes + column_bytes);
        char* const body = put_varint(column, static_cast<std::uint64_t>(parameter - previous_parameter)) + max_varint_bytes;
        previous_parameter = parameter;
        // One pass: the mantissas go behind the longest the shapes can become and close up afterwards.
        RunWriter shapes{body, n};
        char* const mantissas = body + n * max_run_bytes;
        char* mantissas_end = mantissas;
        std::int64_t previous = 0;
        for (std::size_t i = 0; i < n; ++i) {
            auto const readings = rows[i].readings;
            auto const k = next_reading[i];
            if (k == readings.size() || readings[k].parameter != parameter) {
                shapes.add(0);
                continue;
            }
            ++next_reading[i];
            Reading const& reading = readings[k];
            shapes.add(shape_of(reading));
            if (!reading.has_value)
                continue;
            std::int64_t const mantissa = reading.value.mantissa();
            mantissas_end = put_varint(mantissas_end, zigzag(wrapping_sub(mantissa, previous)));
            previous = mantissa;
        }
        char* const end = std::copy(mantissas, mantissas_end, shapes.finish());
        // The length stands before the body but is known only now: the body moves up to it.
        auto const length = static_cast<std::size_t>(end - body);
        char* const place = put_varint(body - max_varint_bytes, length);
        std::copy(body, end, place);
        used += static_cast<std::size_t>(place + length - column);
    }
    out.resize(used);
}

namespace {

/// The rows of a chunk, and the places of the readings of those from `begin` to before `end`: `stride` of each.
struct Cells {
    std::span<Row> rows;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t stride = 0;
    Reading* places = nullptr;

    void add(std::size_t row, Reading const& reading) const noexcept
    {
        auto* const first = places + (row - begin) * stride;
        std::size_t const count = rows[row].readings.size();
        std::construct_at(first + count, reading);
        rows[row].readings = {first, count + 1};
    }
};

/// Adds the readings of a column. Mantissas are differences: those of rows before the wanted ones are added up, those behind them stay unread.
/// \return false when the bytes are no column
bool read_column(std::string_view body, ParameterId parameter, Cells const& cells)
{
    std::size_t const begin = cells.begin;
    std::size_t const end = cells.end;
    std::size_t const count = cells.rows.size();
    // The shapes come before the mantissas: one reader runs ahead to where the mantissas begin.
    ByteReader shapes{body};
    ByteReader mantissas{body};
    read_runs(mantissas, count, [](auto...) {});
    std::int64_t mantissa = 0;
    bool valid = true;
    read_runs(shapes, count, [&](std::uint64_t code, std::size_t from, std::size_t to) {
        Shape shape;
        if (code == 0)
            return;
        valid = read_shape(code, shape) && valid;
        if (from >= end)
            return;
        auto const next = [&] {
            mantissa = wrapping_add(mantissa, mantissas.signed_varint());
            valid = valid && mantissa <= Decimal::max_mantissa && mantissa >= -Decimal::max_mantissa;
        };
        Reading reading{parameter, shape.flag, shape.marks, shape.has_value, Decimal{}};
        std::size_t i = from;
        if (shape.has_value)
            for (; i < std::min(to, begin); ++i)
                next();
        for (i = std::max(from, begin); i < std::min(to, end); ++i) {
            if (shape.has_value) {
                next();
                reading.value = Decimal{mantissa, shape.scale};
            }
            cells.add(i, reading);
        }
    });
    return valid && shapes.ok() && mantissas.ok() && (end < count || mantissas.at_end());
}

}  // namespace

bool SeriesRows::append(std::string_view chunk, WantedRows const& wanted)
{
    ByteReader in{chunk};
    if (in.byte() != chunk_version)
        return false;
    std::uint64_t const count = in.varint();
    if (count == 0 || count > in.left())  // every row has at least one byte below, so memory stays in proportion
        return false;
    auto const n = static_cast<std::size_t>(count);
    std::size_t const first = rows_.size();
    rows_.resize(first + n);
    auto const refuse = [&] {
        rows_.resize(first);
        return false;
    };
    std::span<Row> const rows{rows_.data() + first, n};

    bool valid = true;
    std::int64_t time = in.signed_varint();
    rows[0].time = UtcTime{std::chrono::milliseconds{time}};
    read_runs(in, n - 1, [&](std::uint64_t step, std::size_t from, std::size_t end) {
        for (std::size_t i = from; i < end; ++i) {
            std::int64_t const next = wrapping_add(time, static_cast<std::int64_t>(step));
            valid = valid && next > time;
            time = next;
            rows[i + 1].time = UtcTime{std::chrono::milliseconds{time}};
        }
    });
    std::uint8_t const mode = in.byte();
    std::int64_t received = wrapping_add(in.signed_varint(), mode == 0 ? ms(rows[0].time) : 0);
    for (std::size_t i = 0; i < n; ++i) {
        if (i != 0)
            received = wrapping_add(received, in.signed_varint());
        rows[i].received_at = UtcTime{std::chrono::milliseconds{mode == 0 ? received : wrapping_add(received, ms(rows[i].time))}};
    }
    valid = valid && mode <= 1;
    auto const read_field = [&](std::uint64_t largest, auto set) {
        read_runs(in, n, [&](std::uint64_t value, std::size_t from, std::size_t end) {
            valid = valid && value <= largest;
            for (std::size_t i = from; i < end; ++i)
                set(rows[i], value);
        });
    };
    read_field(static_cast<std::uint64_t>(StationStatus::stopped),
               [](Row& row, std::uint64_t v) { row.status = static_cast<StationStatus>(v); });
    read_field(0xFF, [](Row& row, std::uint64_t v) { row.verdict.edition = static_cast<std::uint8_t>(v); });
    read_field(0xFF, [](Row& row, std::uint64_t v) { row.verdict.water_class = static_cast<std::uint8_t>(v); });
    read_field(0xFFFF, [](Row& row, std::uint64_t v) { row.verdict.aqi = static_cast<std::uint16_t>(v); });
    std::uint64_t const columns = in.varint();
    if (!in.ok() || !valid || columns > in.left() / 4)
        return refuse();

    // Row by row `stride` places; a column appends to the rows that have it, so each row's readings lie together, ascending.
    auto const& only = wanted.only;
    Cells cells{.rows = rows};
    cells.begin = static_cast<std::size_t>(std::ranges::lower_bound(rows, wanted.first, {}, &Row::time) - rows.begin());
    cells.end = std::max(cells.begin, static_cast<std::size_t>(std::ranges::upper_bound(rows, wanted.last, {}, &Row::time) - rows.begin()));
    cells.stride = only.empty() ? static_cast<std::size_t>(columns) : std::min(static_cast<std::size_t>(columns), only.size());
    if (auto const wanted_places = (cells.end - cells.begin) * cells.stride; wanted_places > 0)
        cells.places = std::pmr::polymorphic_allocator<Reading>{&arena_}.allocate(wanted_places);
    std::uint64_t parameter = 0;
    for (std::uint64_t c = 0; c < columns; ++c) {
        std::uint64_t const step = in.varint();
        parameter += step;
        std::string_view const body = in.bytes(in.varint());
        if (!in.ok() || (c != 0 && step == 0) || step > 0xFFFF || parameter > 0xFFFF)
            return refuse();
        if (cells.places == nullptr || (!only.empty() && !std::ranges::binary_search(only, static_cast<ParameterId>(parameter))))
            continue;
        if (!read_column(body, static_cast<ParameterId>(parameter), cells))
            return refuse();
    }
    return in.at_end() || refuse();
}

void SeriesRows::settle()
{
    auto const not_after = [](Row const& a, Row const& b) { return a.time >= b.time; };
    if (std::ranges::adjacent_find(rows_, not_after) == rows_.end())
        return;
    std::vector<std::uint32_t> order(rows_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair{rows_[i].time, i}; });
    std::vector<Row> settled;
    settled.reserve(rows_.size());
    for (std::uint32_t const i : order) {
        if (!settled.empty() && settled.back().time == rows_[i].time)
            settled.back() = rows_[i];
        else
            settled.push_back(rows_[i]);
    }
    rows_ = std::move(settled);
}

}  // namespace yihong::store_local
