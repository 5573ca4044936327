// The parts of bench/run.sh that a shell cannot do.
#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"
#include "rows.hpp"

#include "yihong/store_local/local_store.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>
#include <random>
#include <stdexcept>

namespace yihong::bench {

/// In order of the key and in one transaction: as good as a table can be laid out.
void fill_rows(RowsOptions const& options)
{
    History const history{options.sites, options.hours};
    RowTable table{options.file};
    table.begin();
    for (int site = 0; site < options.sites; ++site)
        for (std::size_t p = 0; p < measured.size(); ++p)
            for (int hour = 0; hour < options.hours; ++hour)
                table.insert(site, p, hour, history.at(site, hour)[p]);
    table.commit();
}

void read_rows(RowsOptions const& options)
{
    constexpr int week = 7 * 24;
    constexpr std::size_t codmn = 5;
    RowTable table{options.file};
    std::mt19937 random{7};
    double sum = 0;
    std::size_t reads = 0;
    auto const begin = Clock::now();
    for (; seconds_since(begin) < options.seconds; ++reads) {
        int const site = static_cast<int>(random() % static_cast<unsigned>(options.sites));
        std::size_t count = 0;
        for (std::size_t p = 0; p < options.parameters; ++p)
            count += table.read(site, options.parameters == 1 ? codmn : p, options.hours - week, options.hours, sum);
        if (count != week * options.parameters || sum == 0)
            throw std::runtime_error{"the table does not hold the history"};
    }
    fmt::print("{:.0f}\n", static_cast<double>(reads) / seconds_since(begin));
}

namespace {

// Each adds commands that fill their options and work by them, so options must live until the arguments are read.

void add_posting(CLI::App& app, IngestOptions& in, PostsOptions& single)
{
    auto* c = app.add_subcommand("ingest", "history over HTTP beside SQLite");
    c->add_option("--port", in.port)->required();
    c->add_option("--pid", in.pid);
    c->add_option("--form", in.form)->check(CLI::IsMember({"csv", "json", "line"}));
    c->add_option("--shape", in.shape)
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, Shape>{{"own-sites", Shape::own_sites}, {"next-hour", Shape::next_hour}, {"backfill", Shape::backfill}}));
    c->add_option("--sites", in.sites);
    c->add_option("--hours", in.hours);
    c->add_option("--first-year", in.first_year, "whole years of 4-hour data from the beginning of this one, instead of --hours");
    c->add_option("--years", in.years);
    c->add_option("--rounds", in.rounds);
    c->add_option("--yardstick", in.yardstick, "file of the SQLite table");
    c->add_option("--yardstick-seconds", in.yardstick_seconds, "a round");
    c->callback([&] { ingest(in); });

    c = app.add_subcommand("posts", "one record a post");
    c->add_option("--port", single.port)->required();
    c->add_option("--pid", single.pid);
    c->add_option("--connections", single.connections);
    c->add_option("--posts", single.posts);
    c->add_option("--rounds", single.rounds);
    c->add_option("--seconds", single.seconds);
    c->add_option("--folder", single.folder)->required();
    c->callback([&] { posts(single); });
}

void add_networks(CLI::App& app, NetworkOptions& net)
{
    auto* c = app.add_subcommand("network", "makes sites and their newest records");
    c->add_option("folder", net.folder)->required();
    c->add_option("--sites", net.sites);
    c->add_option("--area", net.area)->check(CLI::IsMember({"china", "yuncheng"}));
    c->callback([&] { network(net); });

    c = app.add_subcommand("devices", "registers a device for each site of a network");
    c->add_option("folder", net.folder)->required();
    c->add_option("--sites", net.sites);
    c->callback([&] { devices(net); });
}

void add_streams(CLI::App& app, StreamsOptions& live)
{
    auto* c = app.add_subcommand("streams", "live streams, from publishing to the last byte at the clients");
    c->add_option("--clients", live.clients);
    c->add_option("--rate", live.rate, "publications a second");
    c->add_option("--events", live.events, "of a publication");
    c->add_option("--seconds", live.seconds);
    c->add_option("--form", live.form)->check(CLI::IsMember({"sse", "ws", "tcp"}));
    c->callback([&] { streams(live); });
}

void add_rows_of_sqlite(CLI::App& app, RowsOptions& rows)
{
    auto const add_rows = [&](char const* name, char const* help, void (*work)(RowsOptions const&)) {
        auto* c = app.add_subcommand(name, help);
        c->add_option("file", rows.file)->required();
        c->add_option("--sites", rows.sites);
        c->add_option("--hours", rows.hours);
        c->add_option("--seconds", rows.seconds);
        c->add_option("--parameters", rows.parameters)->check(CLI::IsMember(std::vector<std::size_t>{1, measured.size()}));
        c->callback([&rows, work] { work(rows); });
    };
    add_rows("fill-rows", "the history as rows of SQLite", fill_rows);
    add_rows("read-rows", "reads a second of 7 days of one site there", read_rows);
}

void add_years_of_sqlite(CLI::App& app, YearOptions& year)
{
    auto const add = [&](char const* name, char const* help, void (*work)(YearOptions const&)) {
        auto* c = app.add_subcommand(name, help);
        c->add_option("file", year.file)->required();
        c->add_option("--sites", year.sites);
        c->add_option("--year", year.year);
        c->callback([&year, work] { work(year); });
        return c;
    };
    add("fill-year", "a year of 4-hour data as records of SQLite, and the means of its months", fill_year);
    auto* c = add("query-year", "the class of each section by the means of that year there", query_year);
    c->add_option("--site", year.site, "of one section");
    c->add_flag("--of-months", year.of_months, "from the means of months");
    c->add_option("--classes", year.classes, "where the classes go");
    c->add_flag("--sql", year.sql, "only print the query, as PostgreSQL reads it");
}

void add_stations(CLI::App& app, FramesOptions& stations)
{
    auto const add = [&](char const* name, char const* help, void (*work)(FramesOptions const&)) {
        auto* c = app.add_subcommand(name, help);
        c->add_option("--port", stations.port)->required();
        c->add_option("--pid", stations.pid);
        c->add_option("--connections", stations.connections);
        c->add_option("--window", stations.window);
        c->add_option("--seconds", stations.seconds);
        c->add_option("--rate", stations.rate);
        c->add_option("--first-minute", stations.first_minute);
        c->add_flag("--hourly", stations.hourly, "4-hour data of good water");
        c->add_flag("--sink", stations.sink);
        c->callback([&stations, work] { work(stations); });
    };
    add("frames", "HJ 212 frames from the socket to the acknowledgement", frames);
    add("idle-stations", "memory of silent stations", idle_stations);
}

void add_alerts(CLI::App& app, AlertsOptions& warned)
{
    auto* c = app.add_subcommand("alerts", "from the last byte of a record that opens an alert to the first byte of its webhook");
    c->add_option("--port", warned.port)->required();
    c->add_option("--hj212-port", warned.hj212_port)->required();
    c->add_option("--hook-port", warned.hook_port)->required();
    c->add_option("--pid", warned.pid);
    c->add_option("--sites", warned.sites);
    c->add_option("--seconds", warned.seconds);
    c->add_flag("--load", warned.load, "at half of the most that 100 stations can bring");
    c->add_flag("--hourly", warned.hourly, "of the load: 4-hour data of good water");
    c->callback([&] { alerts(warned); });
}

void add_compaction(CLI::App& app, std::string& store)
{
    auto* c = app.add_subcommand("compact", "compacts a store that no service has open");
    c->add_option("store", store)->required()->check(CLI::ExistingDirectory);
    c->callback([&] { yihong::LocalStore::open(store)->compact(); });
}

}  // namespace
}  // namespace yihong::bench

int main(int argc, char** argv)
{
    using namespace yihong::bench;
    CLI::App app{"Parts of bench/run.sh", "yihong_bench"};
    app.require_subcommand(1);

    IngestOptions in;
    PostsOptions single;
    add_posting(app, in, single);
    NetworkOptions net;
    add_networks(app, net);
    StreamsOptions live;
    add_streams(app, live);
    RowsOptions rows;
    add_rows_of_sqlite(app, rows);
    YearOptions year;
    add_years_of_sqlite(app, year);
    FramesOptions stations;
    add_stations(app, stations);
    AlertsOptions warned;
    add_alerts(app, warned);
    std::string store;
    add_compaction(app, store);

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& problem) {
        return app.exit(problem);
    } catch (std::exception const& problem) {
        fmt::print(stderr, "yihong_bench: {}\n", problem.what());
        return 1;
    }
}
