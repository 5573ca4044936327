#include "yihong/api/metrics.hpp"

#include "process_figures.hpp"

#include "yihong/base/time.hpp"
#include "yihong/http/metrics_text.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <sstream>
#include <utility>
#include <vector>

namespace yihong::api {

struct Metrics::State {
    struct RouteFigures {
        std::map<int, prometheus::Counter*> by_status;
        prometheus::Histogram* duration = nullptr;
    };
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests =
        prometheus::BuildCounter().Name("yihong_http_requests_total").Help("Requests answered").Register(registry);
    prometheus::Family<prometheus::Histogram>& durations = prometheus::BuildHistogram()
                                                               .Name("yihong_http_request_duration_seconds")
                                                               .Help("Time from the whole request to the whole reply")
                                                               .Register(registry);
    prometheus::Counter& bytes =
        prometheus::BuildCounter().Name("yihong_http_sent_bytes_total").Help("Bytes sent").Register(registry).Add({});
    std::mutex mutex;                              // guards `routes`; the figures themselves are atomic
    std::map<std::pair<std::string, std::string>, RouteFigures, std::less<>> routes;
    std::vector<std::pair<std::string, std::function<std::size_t()>>> caches;      // a label, and what it keeps
    UtcTime const started = utc_now();
};

Metrics::Metrics() : state_{std::make_unique<State>()} {}
Metrics::~Metrics() = default;

void Metrics::observe(http::RequestSummary const& request)
{
    std::pair<std::string, std::string> key{http::to_text(request.method), request.route};
    prometheus::Counter* counter = nullptr;
    prometheus::Histogram* duration = nullptr;
    {
        std::lock_guard const lock{state_->mutex};
        auto& figures = state_->routes[key];
        if (!figures.duration)
            figures.duration =
                &state_->durations.Add({{"method", key.first}, {"route", key.second}},
                                       prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30});
        auto& by_status = figures.by_status[request.status];
        if (!by_status)
            by_status = &state_->requests.Add({{"method", key.first}, {"route", key.second}, {"status", std::to_string(request.status)}});
        counter = by_status;
        duration = figures.duration;
    }
    counter->Increment();
    duration->Observe(std::chrono::duration<double>(request.duration).count());
    state_->bytes.Increment(static_cast<double>(request.bytes_sent));
}

void Metrics::watch_cache(std::string of, std::function<std::size_t()> bytes)
{
    state_->caches.emplace_back(std::move(of), std::move(bytes));
}

std::string Metrics::exposition(WriterCounters const& writer, StoreStats const& store, std::size_t connections) const
{
    std::ostringstream requests;
    prometheus::TextSerializer{}.Serialize(requests, state_->registry.Collect());
    auto text = std::move(requests).str();
    auto const line = [&](std::string_view name, std::string_view type, std::string_view help, double value) {
        http::append_metric(text, name, type, help, value);
    };
    line("yihong_records_accepted_total", "counter", "Records taken in", static_cast<double>(writer.accepted));
    line("yihong_records_duplicate_total", "counter", "Records that were known already", static_cast<double>(writer.duplicates));
    line("yihong_records_revised_total", "counter", "Records that replaced other values", static_cast<double>(writer.revised));
    line("yihong_records_rejected_total", "counter", "Records refused and quarantined", static_cast<double>(writer.rejected));
    line("yihong_values_total", "counter", "Values received in readable records", static_cast<double>(writer.values));
    line("yihong_store_commits_total", "counter", "Synced group commits", static_cast<double>(writer.commits));
    line("yihong_store_last_commit_timestamp_seconds", "gauge", "Time of the last commit",
         static_cast<double>(writer.last_commit_ms) / 1000.0);
    line("yihong_store_disk_bytes", "gauge", "Size of the store on disk", static_cast<double>(store.disk_bytes));
    line("yihong_frames_bytes", "gauge", "Size of the raw frames on disk", static_cast<double>(store.frames_bytes));
    line("yihong_store_records", "gauge", "Records in the store, estimated", static_cast<double>(store.records_estimate));
    line("yihong_store_lost_commits", "gauge", "Commits that were acknowledged and were not there at the start",
         static_cast<double>(store.lost_commits));
    line("yihong_quarantine_entries", "gauge", "Entries in quarantine", static_cast<double>(store.quarantine_entries));
    line("yihong_participant_failures_total", "counter", "Times that what takes part in commits lost its share by a fault of its own",
         static_cast<double>(writer.participant_failures));
    line("yihong_clock_jumps_total", "counter", "Times that the wall clock was set by half a minute or more",
         static_cast<double>(writer.clock_jumps));
    line("yihong_intake_queued_records", "gauge", "Records that wait for the writer", static_cast<double>(writer.queued_records));
    line("yihong_http_connections", "gauge", "Open connections", static_cast<double>(connections));
    std::vector<http::MetricSample> kept;
    for (auto const& [of, bytes] : state_->caches)
        kept.push_back({"of=\"" + of + "\"", static_cast<double>(bytes())});
    http::append_metric(text, "yihong_cache_bytes", "gauge", "What is kept in memory to be quick, each within its bound", kept);
    // under the names that Prometheus' own clients give them
    auto const process = process_figures();
    line("process_cpu_seconds_total", "counter", "Processor time", process.cpu_seconds);
    line("process_resident_memory_bytes", "gauge", "Memory with the files that are mapped", static_cast<double>(process.resident_bytes));
    line("yihong_own_memory_bytes", "gauge", "Memory without them", static_cast<double>(process.own_bytes));
    line("process_open_fds", "gauge", "Open files and connections", static_cast<double>(process.open_files));
    line("process_max_fds", "gauge", "How many may be open", static_cast<double>(process.open_files_limit));
    line("process_start_time_seconds", "gauge", "When it began", static_cast<double>(state_->started.time_since_epoch().count()) / 1000.0);
    return text;
}

}  // namespace yihong::api
