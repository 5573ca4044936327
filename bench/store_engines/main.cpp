// Compares the candidates for the embedded store on the same synthetic but realistic network: 500 sites, hourly records of ten
// parameters, 90 days, handed over as a service would: groups of four posts of 500 records, each group synced before the next.
// Usage: store_engines DIRECTORY [ENGINE…]    (every phase runs in a process of its own, so memory figures are honest)
#include "network.hpp"
#include "rocks.hpp"
#include "sqlite.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

namespace yihong::store_engines {
namespace {

/// What came of it.
class Chosen final : public Engine {
public:
    explicit Chosen(fs::path const& path) : store_{LocalStore::open(path)} {}
    void commit(WriteGroup const& group) override { store_->commit(group); }
    void compact() override { store_->compact(); }
    std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) override
    {
        SeriesQuery query;
        query.site = site;
        query.interval = IntervalKind::hour;
        query.time = {UtcTime{std::chrono::milliseconds{from}}, UtcTime{std::chrono::milliseconds{to - 1}}};
        if (parameter != 0)
            query.parameters = {parameter};
        std::size_t count = 0;
        store_->visit_series(query, [&](Record const& r) {
            count += r.readings.size();
            return true;
        });
        return count;
    }
    void backup(fs::path const& directory) override { store_->backup(directory); }
    std::size_t newest() { return store_->newest({}).size(); }

private:
    std::unique_ptr<LocalStore> store_;
};

struct Candidate {
    char const* name;
    std::function<std::unique_ptr<Engine>(fs::path const&)> open;
};

std::vector<Candidate> const& candidates()
{
    static std::vector<Candidate> const all{
        {"yihong", [](fs::path const& p) { return std::make_unique<Chosen>(p); }},
        {"rocksdb-rows", [](fs::path const& p) { return std::make_unique<Rocks>(p, 1); }},
        {"rocksdb-day-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 24 * hour_ms); }},
        {"rocksdb-week-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 7 * 24 * hour_ms); }},
        {"rocksdb-fortnight-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 14 * 24 * hour_ms); }},
        {"sqlite-journal", [](fs::path const& p) { return std::make_unique<SqliteJournal>(p); }},
        {"sqlite-rows", [](fs::path const& p) { return std::make_unique<SqliteRows>(p); }},
    };
    return all;
}

double seconds(auto since) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count(); }
double cpu_seconds()
{
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    auto const s = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
    return s(u.ru_utime) + s(u.ru_stime);
}
double resident_mb()
{
    std::ifstream statm{"/proc/self/statm"};
    double pages = 0;
    statm >> pages >> pages;
    return pages * 4096 / 1e6;
}
double disk_mb(fs::path const& directory)
{
    double bytes = 0;
    for (auto const& f : fs::recursive_directory_iterator{directory})
        if (f.is_regular_file())
            bytes += static_cast<double>(f.file_size());
    return bytes / 1e6;
}
void in_child(std::function<void()> const& work)
{
    std::fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        try {
            work();
        } catch (std::exception const& e) {
            std::printf("  failed: %s\n", e.what());
        }
        std::fflush(stdout);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
}

void measure(Candidate const& candidate, fs::path const& directory)
{
    auto const path = directory / candidate.name;
    fs::remove_all(path);
    fs::remove_all(directory / "backup");
    std::printf("%s\n", candidate.name);
    in_child([&] {
        auto engine = candidate.open(path);
        Network network;
        double wall = 0;
        double cpu = 0;
        double slowest = 0;
        for (int h = 0; h < hours; h += batches_a_group) {
            auto const& group = network.next();
            double const c = cpu_seconds();
            auto const t = std::chrono::steady_clock::now();
            engine->commit(group);
            double const took = seconds(t);
            wall += took;
            cpu += cpu_seconds() - c;
            slowest = std::max(slowest, took);
        }
        std::printf("  ingest      %.2f M values/s while committing, slowest group %.0f ms, %.2f us CPU a record there, %.1f MB on disk\n",
                    values_total / wall / 1e6, slowest * 1e3, cpu / values_total * 10 * 1e6, disk_mb(path));
        double const c = cpu_seconds();
        auto const t = std::chrono::steady_clock::now();
        engine->compact();
        std::printf("  compact     %.2f s, %.2f us CPU a record\n", seconds(t), (cpu_seconds() - c) / values_total * 10 * 1e6);
        auto const b = std::chrono::steady_clock::now();
        engine->backup(directory / "backup");
        std::printf("  backup      %.0f ms\n", seconds(b) * 1e3);
    });
    std::printf("  disk        %.1f MB, %.2f bytes a value\n", disk_mb(path), disk_mb(path) * 1e6 / values_total);
    in_child([&] {
        double const before = resident_mb();
        auto const t = std::chrono::steady_clock::now();
        auto engine = candidate.open(path);
        double const opened = seconds(t);
        double const after_open = resident_mb();
        std::mt19937 random{7};
        auto const reads = [&](char const* what, int first, ParameterId parameter) {
            constexpr int count = 5000;
            std::size_t values = 0;
            double const c = cpu_seconds();
            auto const r = std::chrono::steady_clock::now();
            for (int i = 0; i < count; ++i) {
                std::int64_t const from =
                    first_hour + (hours - 7 * 24 - static_cast<int>(random() % static_cast<unsigned>(first))) * hour_ms;
                values += engine->read(random() % site_count, from, from + 7 * 24 * hour_ms, parameter);
            }
            std::printf("  series      %5.1f us (%.1f us CPU) for 7 days of one site, %s (%zu values)\n", seconds(r) / count * 1e6,
                        (cpu_seconds() - c) / count * 1e6, what, values / count);
        };
        reads("one parameter, the last week, cold", 24, 3);
        reads("one parameter, the last week", 24, 3);
        reads("one parameter, anywhere in 90 days", hours - 7 * 24, 3);
        if (auto* chosen = dynamic_cast<Chosen*>(engine.get())) {
            reads("all parameters, the last week", 24, 0);
            auto const n = std::chrono::steady_clock::now();
            std::size_t const newest = chosen->newest();
            std::printf("  newest      %.1f ms for %zu series\n", seconds(n) * 1e3, newest);
            Network network;                        // the first week again, an hour a commit, as live stations send: not yet packed
            for (int h = 0; h < 7 * 24; h += batches_a_group)
                engine->commit(network.next());
            std::size_t values = 0;
            double const c = cpu_seconds();
            for (SiteNumber s = 0; s < site_count; ++s)
                values += engine->read(s, first_hour, first_hour + 7 * 24 * hour_ms, 3);
            std::printf("  series      %5.1f us CPU for a week that still lies in the write buffer over a packed one (%zu values)\n",
                        (cpu_seconds() - c) / site_count * 1e6, values / site_count);
        }
        std::printf("  open        %.1f ms, +%.1f MB resident, +%.1f MB after the reads\n", opened * 1e3, after_open - before,
                    resident_mb() - before);
    });
    fs::remove_all(path);
    fs::remove_all(directory / "backup");
}

}  // namespace
}  // namespace yihong::store_engines

int main(int argc, char** argv)
{
    using namespace yihong::store_engines;
    if (argc < 2) {
        std::fprintf(stderr, "usage: store_engines DIRECTORY [ENGINE...]\n");
        return 2;
    }
    fs::create_directories(argv[1]);
    for (auto const& candidate : candidates()) {
        bool wanted = argc == 2;
        for (int i = 2; i < argc; ++i)
            wanted = wanted || candidate.name == std::string_view{argv[i]};
        if (wanted)
            measure(candidate, argv[1]);
    }
}
