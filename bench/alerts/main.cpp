// alerts_bench SOURCE_FOLDER [sites] [records a site]: hourly records of national river sections (bench/history.hpp) through the rules of
// config/alerts.toml, by processor time on one core:
//   judge        the class of each record, as it is judged on the way in;
//   step_record  the causes that hold after each record, over what they were before;
//   alerting     the whole keeper: alerts with their steps, documents, hashes and evidence;
// and the bytes that the keeper takes for a site without and with an open alert.
#include "../history.hpp"

#include "yihong/alerting/alerting.hpp"
#include "yihong/config/alert_plan.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/series_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <filesystem>
#include <utility>
#include <vector>

namespace {

using namespace yihong;
using namespace std::chrono_literals;

/// Processor time: what else runs on the machine does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double in_use() { return static_cast<double>(mallinfo2().uordblks); }

class NoLayers final : public LayerSet {
public:
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override { return {}; }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

std::shared_ptr<World const> make(std::filesystem::path const& source, int count)
{
    auto standards = std::make_shared<StandardsBook const>(load_standards(source / "config/standards").value());
    auto plan = std::make_shared<AlertPlan const>(load_alert_plan(source / "config/alerts.toml").value());
    std::vector<Site> sites;
    for (int i = 0; i < count; ++i) {
        Site site;
        site.id = bench::site_id(i);
        site.name = site.id;
        site.kind = SiteKind::water_section;
        site.level = "national";
        site.target_class = 3;
        site.number = static_cast<SiteNumber>(i + 1);
        sites.push_back(std::move(site));
    }
    return make_world(std::move(standards), std::move(sites), std::make_shared<NoLayers const>(), std::move(plan));
}

/// Hour by hour, and in each hour site by site, as a network sends.
std::vector<Record> make_records(World const& world, bench::History const& history)
{
    std::vector<ParameterId> ids;
    for (auto const& one : bench::measured)
        ids.push_back(world.standards->parameters().find(one.name)->id);
    std::vector<Record> records;
    for (int hour = 0; hour < history.hours(); ++hour) {
        for (int site = 0; site < history.sites(); ++site) {
            Record record;
            record.site = static_cast<SiteNumber>(site + 1);
            record.interval = IntervalKind::hour;
            record.time = bench::History::begin + std::chrono::hours{hour};
            record.received_at = record.time + 65min;
            for (std::size_t p = 0; p < ids.size(); ++p) {
                Reading reading;
                reading.parameter = ids[p];
                reading.value = Decimal{history.at(site, hour)[p], bench::measured[p].decimals};
                record.readings.push_back(reading);
            }
            std::ranges::sort(record.readings, {}, &Reading::parameter);
            records.push_back(std::move(record));
        }
    }
    return records;
}

void print(char const* what, std::size_t records, double seconds)
{
    std::printf("%-12s %10.0f records/s %8.2f us a record\n", what, static_cast<double>(records) / seconds,
                seconds / static_cast<double>(records) * 1e6);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: alerts_bench SOURCE_FOLDER [sites] [records a site]\n");
        return 2;
    }
    int const site_count = argc > 2 ? std::atoi(argv[2]) : 10'000;
    int const hours = argc > 3 ? std::atoi(argv[3]) : 24;
    auto const world = make(argv[1], site_count);
    auto records = make_records(*world, bench::History{site_count, hours});

    auto begin = processor_seconds();
    for (auto& record : records)
        record.verdict = judge(record, SiteKind::water_section, *world->standards);
    print("judge", records.size(), processor_seconds() - begin);

    auto const& sites = world->sites->all();
    std::vector<std::vector<CompiledRule>> rules;
    std::size_t rule_count = 0;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        rules.push_back(rules_for(*world->alerts, sites[i], world->facts[i], world->standards->parameters()));
        rule_count += rules.back().size();
    }
    auto const back_from = [&](std::size_t at) -> RecordsBack {
        return [&records, &sites, at](std::size_t i) { return i * sites.size() <= at ? &records[at - i * sites.size()] : nullptr; };
    };
    std::vector<std::vector<AlertCause>> causes(sites.size());
    std::vector<SeriesMemory> memories(sites.size());
    begin = processor_seconds();
    for (std::size_t at = 0; at < records.size(); ++at) {
        auto const s = at % sites.size();
        AlertStepInput const input{.rules = rules[s], .site = &sites[s], .standards = world->standards.get(), .excluded = {}};
        memories[s].take(input, records[at], nullptr);
        causes[s] = step_record(input, causes[s], back_from(at), memories[s]);
    }
    print("step_record", records.size(), processor_seconds() - begin);
    auto const holding = std::ranges::count_if(causes, [](auto const& held) { return !held.empty(); });

    auto const before = in_use();
    Alerting alerting{AlertingOptions{}, bench::History::begin};
    alerting.use(world);
    auto const watched = in_use();
    WriteGroup group;
    std::size_t steps = 0, bytes = 0;
    begin = processor_seconds();
    for (std::size_t at = 0; at < records.size(); ++at) {
        auto const back = back_from(at);
        alerting.on_record({.record = records[at], .before = nullptr, .back = back, .received_at = records[at].received_at}, {}, group);
        alerting.look(group);
        for (auto const& step : group.journal)
            bytes += step.document.size();
        steps += group.journal.size();
        group = {};
    }
    print("alerting", records.size(), processor_seconds() - begin);
    alerting.tick(records.back().received_at + 1min, group);       // the reminders that are due
    constexpr int ticks = 100;
    begin = processor_seconds();
    for (int i = 1; i <= ticks; ++i)
        alerting.tick(records.back().received_at + 1min + std::chrono::seconds{i}, group);
    auto const tick = (processor_seconds() - begin) / ticks;
    group = {};
    auto const after = in_use();
    alerting.committed();
    auto const alerts = alerting.published()->alerts.size();
    std::printf("%zu sites, %zu rules in play, %zu records; causes hold at %td sites; %zu alerts, %zu steps of %.1f KB\n", sites.size(),
                rule_count, records.size(), holding, alerts, steps,
                static_cast<double>(bytes) / static_cast<double>(std::max<std::size_t>(1, steps)) / 1e3);
    std::printf("a tick of the clocks, every second, %.2f ms; memory: %.0f bytes a watched site, %.0f more an alert\n", tick * 1e3,
                (watched - before) / static_cast<double>(sites.size()),
                (after - watched) / static_cast<double>(std::max<std::size_t>(1, alerts)));
}
