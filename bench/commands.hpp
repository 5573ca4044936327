#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace yihong::bench {

/// In which order a network's history reaches the service. Each batch holds 500 records.
enum class Shape {
    own_sites,   ///< every connection is one upstream platform with sites of its own and sends their hours in order
    next_hour,   ///< a batch is one hour of 500 sites; whichever connection is free sends the next hour
    backfill,    ///< a batch is 500 hours of one site
};

struct IngestOptions {
    std::uint16_t port = 0;
    int pid = 0;                             ///< of the service, for the processor time it takes
    std::string form = "csv";
    Shape shape = Shape::own_sites;
    int sites = 500;
    int hours = 90 * 24;
    int first_year = 0;  ///< set: whole years of 4-hour data from the beginning of it, Beijing time, instead of `hours`
    int years = 1;
    int connections = 4;
    int rounds = 4;
    double yardstick_seconds = 3;  ///< of SQLite a round
    std::filesystem::path yardstick;  ///< SQLite's file; none: without
};
void ingest(IngestOptions const& options);

struct PostsOptions {
    std::uint16_t port = 0;
    int pid = 0;
    int connections = 64;
    int posts = 2000;  ///< at most, of each connection
    int rounds = 3;
    int seconds = 4;  ///< a round
    std::filesystem::path folder;  ///< on the disk of the store, for the yardstick
};
void posts(PostsOptions const& options);

struct NetworkOptions {
    std::filesystem::path folder;
    int sites = 5641;
    std::string area = "china";  ///< or yuncheng
};
/// Writes sites.geojson, newest.csv (one current record of each) and bbox.txt (a box with about 200 of them).
void network(NetworkOptions const& options);

/// Appends a device for each site to yihong.toml of the folder.
void devices(NetworkOptions const& options);

struct FramesOptions {
    std::uint16_t port = 0;  ///< of the HJ 212 gateway
    int pid = 0;  ///< of the service
    int connections = 100;
    int window = 16;  ///< frames that a station sends before it waits for their answers
    int seconds = 5;
    double rate = 0;  ///< frames a second of all; 0: as many as are answered
    int first_minute = 0;  ///< of the history to send, so that each run brings new records
    bool hourly = false;  ///< 4-hour data of good water, which is judged and looked at by the rules, instead of minute data, which is not
    bool sink = false;  ///< also measure a sink
};
/// Stations that send minute data of ten factors.
void frames(FramesOptions const& options);
/// Memory of connected, silent stations.
void idle_stations(FramesOptions const& options);

struct AlertsOptions {
    std::uint16_t port = 0;  ///< of HTTP
    std::uint16_t hj212_port = 0;
    std::uint16_t hook_port = 0;  ///< where the service's webhook channel sends to
    int pid = 0;  ///< of the service
    int sites = 1000;  ///< 100 for the load, each of the others opens one alert
    bool load = false;  ///< at half of the most that 100 stations can bring
    bool hourly = false;  ///< as in FramesOptions, of the load
    int seconds = 5;  ///< of measuring the most
};
/// From the last byte of a record that opens an alert to the first byte of its webhook.
void alerts(AlertsOptions const& options);

struct StreamsOptions {
    int clients = 1000;
    double rate = 20;  ///< publications a second
    int events = 1;  ///< of each publication
    int seconds = 10;
    std::string form = "sse";  ///< or ws, or tcp: the same bytes from one thread that sends to one socket after the other
};
/// Live streams, from publishing an event to its last byte at the clients.
void streams(StreamsOptions const& options);

struct RowsOptions {
    std::filesystem::path file;
    int sites = 500;
    int hours = 90 * 24;
    double seconds = 3;
    std::size_t parameters = 1;  ///< 1, or all of them
};
void fill_rows(RowsOptions const& options);
void read_rows(RowsOptions const& options);

struct YearOptions {
    std::filesystem::path file;  ///< of SQLite
    int sites = 3641;
    int year = 2025;
    int site = -1;  ///< of a query: one section; else all
    bool of_months = false;  ///< of a query: from the means of months that were kept, instead of from the records
    std::filesystem::path classes;  ///< of a query: where its answer goes, a line `section-0001 3` each; empty: nowhere
    bool sql = false;  ///< of a query: only prints it, as PostgreSQL reads it
};
/// A year of 4-hour data as rows of SQLite, one row a record, and the means of its months.
void fill_year(YearOptions const& options);
/// The class of each section by the means of the year, in one query; prints the milliseconds that it took.
void query_year(YearOptions const& options);

}  // namespace yihong::bench
