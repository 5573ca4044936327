#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"
#include "rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <vector>

namespace yihong::bench {
namespace {

constexpr int batch_records = 500;

struct Batches {
    std::vector<std::vector<std::string>> by_connection;       ///< next_hour: all in the first
    std::size_t records = 0;
};

Form form_of(IngestOptions const& options) { return options.form == "csv" ? Form::csv : options.form == "line" ? Form::line : Form::json; }

/// The posts of hours [from, to).
Batches make_batches(IngestOptions const& options, History const& history, int from, int to)
{
    auto const form = form_of(options);
    Batches batches;
    batches.by_connection.resize(static_cast<std::size_t>(options.connections));
    std::string body;
    int in_body = 0;
    auto const finish = [&](int connection) {
        if (in_body == 0)
            return;
        if (form == Form::json)
            body += ']';
        batches.by_connection[static_cast<std::size_t>(connection)].push_back(post_of(form, body));
        in_body = 0;
    };
    auto const add = [&](int connection, int site, int hour) {
        if (in_body == 0)
            body = form == Form::csv ? csv_header() : form == Form::json ? "[" : "";
        else if (form == Form::json)
            body += ',';
        append_record(body, form, site, history.time(hour), history.interval(), history.at(site, hour));
        ++batches.records;
        if (++in_body == batch_records)
            finish(connection);
    };
    auto const first_site = [&](int connection) { return history.sites() * connection / options.connections; };
    for (int c = 0; c < options.connections; ++c) {
        switch (options.shape) {
        case Shape::own_sites:
            for (int hour = from; hour < to; ++hour)
                for (int site = first_site(c); site < first_site(c + 1); ++site)
                    add(c, site, hour);
            break;
        case Shape::next_hour:
            for (int hour = from; hour < to && c == 0; ++hour)
                for (int site = 0; site < history.sites(); ++site)
                    add(0, site, hour);
            break;
        case Shape::backfill:
            for (int site = first_site(c); site < first_site(c + 1); ++site)
                for (int hour = from; hour < to; ++hour)
                    add(c, site, hour);
            break;
        }
        finish(c);
    }
    return batches;
}

std::uint64_t accepted_of(std::string_view answer)
{
    constexpr std::string_view name = "\"accepted\":";
    auto const at = answer.find(name);
    std::uint64_t count = 0;
    if (at == answer.npos || std::from_chars(answer.data() + at + name.size(), answer.data() + answer.size(), count).ec != std::errc{})
        throw std::runtime_error{"not the answer to readings: " + std::string{answer.substr(0, 300)}};
    return count;
}

/// To the service, or to a database that takes lines, whose answer says that all of a post was taken. \return seconds
double post_all(IngestOptions const& options, Batches const& batches)
{
    std::vector<std::size_t> sent(batches.by_connection.size());
    bool const counts = form_of(options) != Form::line;
    std::uint64_t accepted = 0;
    Load load;
    load.port = options.port;
    load.connections = options.connections;
    load.limit = std::chrono::minutes{5};
    load.next = [&](int c) -> std::optional<std::string_view> {
        auto const lane = options.shape == Shape::next_hour ? 0 : static_cast<std::size_t>(c);
        auto const& waiting = batches.by_connection[lane];
        return sent[lane] < waiting.size() ? std::optional<std::string_view>{waiting[sent[lane]++]} : std::nullopt;
    };
    load.answered = [&](int, int status, std::string_view body, double) {
        if (status != (counts ? 200 : 204))
            throw std::runtime_error{fmt::format("status {}: {}", status, body.substr(0, 300))};
        if (counts)
            accepted += accepted_of(body);
    };
    double const seconds = run(load);
    if (counts && accepted != batches.records)
        throw std::runtime_error{fmt::format("{} of {} records were accepted", accepted, batches.records)};
    return seconds;
}

struct Inserted {
    std::size_t values = 0;
    double seconds = 0;
};

/// The same records in order of arrival, until the time is up.
Inserted insert_some(RowTable& table, History const& history, int from, int to, double limit)
{
    Inserted inserted;
    auto const begin = Clock::now();
    std::size_t open = 0;
    table.begin();
    for (int hour = from; hour < to && inserted.seconds < limit; ++hour) {
        for (int site = 0; site < history.sites() && inserted.seconds < limit; ++site) {
            for (std::size_t p = 0; p < measured.size(); ++p)
                table.insert(site, p, hour, history.at(site, hour)[p]);
            inserted.values += measured.size();
            open += measured.size();
            if (open >= RowTable::rows_a_transaction) {
                table.commit();
                table.begin();
                open = 0;
                inserted.seconds = seconds_since(begin);
            }
        }
    }
    table.commit();
    inserted.seconds = seconds_since(begin);
    return inserted;
}

}  // namespace

void ingest(IngestOptions const& options)
{
    auto const history =
        options.first_year ? History::of_years(options.sites, options.first_year, options.years) : History{options.sites, options.hours};
    std::optional<RowTable> table;
    if (!options.yardstick.empty())
        table.emplace(options.yardstick);
    double service_seconds = 0, service_processor = 0, values = 0;
    std::vector<double> us_a_record;               // of processor time, a round
    Inserted inserted;
    for (int round = 0; round < options.rounds; ++round) {
        int const from = history.hours() * round / options.rounds;
        int const to = history.hours() * (round + 1) / options.rounds;
        Inserted rows;
        if (table)
            rows = insert_some(*table, history, from, to, options.yardstick_seconds);
        auto const batches = make_batches(options, history, from, to);
        double const processor = options.pid ? processor_seconds(options.pid) : 0;
        double const seconds = post_all(options, batches);
        double const round_values = static_cast<double>(batches.records * measured.size());
        double const used = options.pid ? processor_seconds(options.pid) - processor : 0;
        us_a_record.push_back(used / static_cast<double>(batches.records) * 1e6);
        fmt::print("  round {}: {:.2f} M values/s", round + 1, round_values / seconds / 1e6);
        if (options.pid)
            fmt::print(", {:.2f} us a record", us_a_record.back());
        if (table)
            fmt::print(", SQLite {:.3f} M", static_cast<double>(rows.values) / rows.seconds / 1e6);
        fmt::print("\n");
        service_seconds += seconds;
        service_processor += used;
        values += round_values;
        inserted.values += rows.values;
        inserted.seconds += rows.seconds;
    }
    fmt::print("  {:.1f} M values in {:.2f} s: {:.2f} M values/s acknowledged", values / 1e6, service_seconds,
               values / service_seconds / 1e6);
    if (options.pid)
        fmt::print("; {:.2f} us of processor time a record, {:.2f} of the first round's in the last",
                   service_processor / values * static_cast<double>(measured.size()) * 1e6, us_a_record.back() / us_a_record.front());
    if (table)
        fmt::print("; SQLite {:.3f} M values/s", static_cast<double>(inserted.values) / inserted.seconds / 1e6);
    fmt::print("\n");
}

}  // namespace yihong::bench
