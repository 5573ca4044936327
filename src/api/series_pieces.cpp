#include "series_pieces.hpp"

#include "series_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>

namespace yihong::api {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_windows = 40;          // of a page; what is longer is read from the store as it comes

/// How long a piece is; zero: records of this kind come at no steady pace.
constexpr std::chrono::milliseconds window_of(IntervalKind kind) noexcept
{
    switch (kind) {
    case IntervalKind::minute: return 1h;
    case IntervalKind::hour: return 24h;
    case IntervalKind::four_hours: return 96h;
    case IntervalKind::day: return 24h * 32;
    case IntervalKind::realtime:
    case IntervalKind::sample: break;
    }
    return 0ms;
}

std::int64_t floor_of(UtcTime time, std::chrono::milliseconds window) noexcept
{
    auto const ms = time.time_since_epoch().count();
    return ms / window.count() - (ms % window.count() < 0 ? 1 : 0);
}

void append_number(std::string& out, std::int64_t number)
{
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr) += ' ';
}

/// Which records of a piece belong to the page: first, and behind the last.
std::pair<std::size_t, std::size_t> wanted_of(PieceText const& piece, SeriesQuery const& query)
{
    auto const& records = piece.records;
    auto const is_before = [&](PieceText::Place const& place) {
        return place.time < *query.time.begin || (query.after && std::pair{place.time, *query.interval} <= *query.after);
    };
    auto const first = std::ranges::partition_point(records, is_before);
    auto const last = std::ranges::partition_point(records, [&](auto const& place) { return place.time <= *query.time.end; });
    return {static_cast<std::size_t>(first - records.begin()), static_cast<std::size_t>(std::max(first, last) - records.begin())};
}

/// The pieces of windows that follow one another: they lie in the same chunks of the store, which are unpacked once for all of them.
void make_run(SeriesRequest const& request, std::span<PieceWindow const> windows, std::span<PieceText> pieces, Site const& site,
              World const& world, Records const& records)
{
    auto query = json_query(request, site);
    query.time = {windows.front().time.begin, windows.back().time.end};
    query.after.reset();
    query.limit = SIZE_MAX;
    std::size_t at = 0;
    std::optional<SeriesWriter> json{std::in_place, pieces[at].text, request, site, world};
    records.visit_series(query, [&](Record const& record) {
        while (record.time > *windows[at].time.end)
            json.emplace(pieces[++at].text, request, site, world);
        json->write(record);
        pieces[at].records.push_back({record.time, pieces[at].text.size()});
        return true;
    });
}

/// From one record of a piece to the next; nearly all alike, so that packed they take next to nothing.
struct Step {
    std::int64_t time;                             ///< ms
    std::int64_t length;                           ///< of the record
};

}  // namespace

std::optional<std::vector<PieceWindow>> windows_of(SeriesRequest const& request)
{
    auto const& query = request.query;
    if (request.form != http::Form::json || !query.interval || !query.time.begin || !query.time.end)
        return std::nullopt;
    auto const window = window_of(*query.interval);
    if (window == 0ms)
        return std::nullopt;
    auto const first = floor_of(*query.time.begin, window);
    auto const last = floor_of(*query.time.end, window);
    if (last - first >= most_windows)
        return std::nullopt;
    std::string series;
    append_number(series, query.site);
    append_number(series, static_cast<std::int64_t>(*query.interval));
    for (auto const id : request.parameters)
        append_number(series, id);
    std::vector<PieceWindow> windows;
    for (auto number = first; number <= last; ++number) {
        auto key = series + '@';
        append_number(key, number);
        UtcTime const begin{window * number};
        windows.push_back({std::move(key), {begin, begin + window - 1ms}});
    }
    return windows;
}

SeriesPiece::SeriesPiece(PieceText const& piece) : records_{piece.records.size()}
{
    std::vector<Step> steps(records_);
    std::int64_t before = 0;
    for (std::size_t i = 0; i < records_; ++i) {
        auto const time = piece.records[i].time.time_since_epoch().count();
        steps[i] = {time - before, static_cast<std::int64_t>(piece.records[i].end - piece.begin_of(i))};
        before = time;
    }
    std::string all{reinterpret_cast<char const*>(steps.data()), steps.size() * sizeof(Step)};
    all.append(piece.text, piece.begin);
    packed_ = PackedText{all};
}

PieceText SeriesPiece::text() const
{
    PieceText piece;
    packed_.append_to(piece.text);
    piece.begin = records_ * sizeof(Step);
    piece.records.reserve(records_);
    std::int64_t time = 0;
    for (std::size_t i = 0; i < records_; ++i) {
        Step step{};
        std::memcpy(&step, piece.text.data() + i * sizeof(Step), sizeof(Step));
        time += step.time;
        piece.records.push_back({UtcTime{std::chrono::milliseconds{time}}, piece.begin_of(i) + static_cast<std::size_t>(step.length)});
    }
    return piece;
}

std::vector<PieceText> make_missing(SeriesRequest const& request, std::span<PieceWindow const> windows,
                                    std::span<std::shared_ptr<SeriesPiece const> const> found, Site const& site, World const& world,
                                    Records const& records)
{
    std::vector<PieceText> pieces(windows.size());
    for (std::size_t begin = 0; begin < found.size();) {
        auto end = begin;
        while (end < found.size() && !found[end])
            ++end;
        if (end > begin)
            make_run(request, windows.subspan(begin, end - begin), std::span{pieces}.subspan(begin, end - begin), site, world, records);
        begin = end + 1;
    }
    return pieces;
}

SeriesPage join_pieces(SeriesRequest const& request, Site const& site, std::span<PieceText const> pieces, std::string const& self_url,
                       std::string const& page_url)
{
    constexpr std::size_t around = 1024;           // the names of the site, and the links
    SeriesPage page;
    std::size_t size = around;
    for (auto const& piece : pieces)
        size += piece.text.size() + 1;
    page.body.reserve(size);
    begin_json_page(page.body, site);
    std::size_t count = 0;
    UtcTime last{};
    for (auto const& piece : pieces) {
        auto const [first, end] = wanted_of(piece, request.query);
        auto const taken = std::min(end - first, request.query.limit - count);
        if (taken > 0) {
            last = piece.records[first + taken - 1].time;
            if (count > 0)
                page.body += ',';
            auto const begin = piece.begin_of(first);
            page.body.append(piece.text, begin, piece.records[first + taken - 1].end - begin);
            count += taken;
        }
        if (taken < end - first) {
            page.next = series_cursor(last, *request.query.interval);
            break;
        }
    }
    end_json_page(page.body, count, self_url, page_url, page.next);
    return page;
}

std::vector<std::shared_ptr<SeriesPiece const>> SeriesPieces::find(std::span<PieceWindow const> windows, std::string_view version)
{
    std::vector<std::shared_ptr<SeriesPiece const>> found;
    found.reserve(windows.size());
    std::lock_guard const lock{mutex_};
    for (auto const& window : windows) {
        auto const* known = pieces_.find(window.key);
        found.push_back(known && known->version == version ? known->value : nullptr);
    }
    return found;
}

void SeriesPieces::put_if_asked_before(std::string_view key, std::string_view version, PieceText const& piece, std::size_t limit_bytes)
{
    constexpr std::size_t bookkeeping = 200;
    if (asked_.count(key) < 2)
        return;
    auto packed = std::make_shared<SeriesPiece const>(piece);
    auto const charge = bookkeeping + key.size() + version.size() + packed->memory();
    std::unique_lock lock{mutex_};
    auto const left = pieces_.put({std::string{key}, std::string{version}, std::move(packed), charge}, limit_bytes);
    lock.unlock();
}

std::size_t SeriesPieces::bytes() const
{
    std::lock_guard const lock{mutex_};
    return pieces_.bytes();
}

}  // namespace yihong::api
