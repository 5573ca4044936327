// What it costs to evaluate sections over a year, to find records in it, and to send series of it.
#include "counted.hpp"
#include "series.hpp"
#include "temporary_folder.hpp"
#include "world_fixture.hpp"

#include "../answer.hpp"
#include "../bench/history.hpp"

#include "yihong/cql2/filter.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/history/period_source.hpp"
#include "yihong/history/record_source.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/reports/water_report.hpp"
#include "yihong/store_local/local_store.hpp"

#include <stdexcept>

namespace yihong::cost {
namespace {

constexpr int sections = 100;
constexpr int rounds = 365 * 6;
constexpr std::chrono::hours round_length{4};

std::shared_ptr<World const> world_of(Sites& store)
{
    std::vector<Site> sites;
    for (int i = 0; i < sections; ++i) {
        Site site;
        site.id = bench::site_id(i);
        site.number = store.number_sites({&site.id, 1}).front();
        site.name = site.id;
        site.target_class = 3;
        site.water_body = "river-" + std::to_string(i / 10);
        site.position = LonLat{105 + i * 0.1, 35};
        sites.push_back(std::move(site));
    }
    return make_world(standards(), std::move(sites), std::make_shared<testing::NoLayers const>());
}

void fill(Committer& store, World const& world, UtcTime begin)
{
    bench::History const history{sections, rounds};
    for (int site = 0; site < sections; ++site) {
        WriteGroup group;
        for (int round = 0; round < rounds; ++round) {
            Record record;
            record.site = world.sites->all()[static_cast<std::size_t>(site)].number;
            record.interval = IntervalKind::four_hours;
            record.time = begin + round * round_length;
            record.received_at = record.time + std::chrono::minutes{20};
            for (std::size_t p = 0; p < bench::measured.size(); ++p) {
                Reading reading;
                reading.parameter = standards()->parameters().find(bench::measured[p].name)->id;
                reading.value = Decimal{history.at(site, round)[p], bench::measured[p].decimals};
                record.readings.push_back(reading);
            }
            std::ranges::sort(record.readings, {}, &Reading::parameter);
            record.verdict = judge(record, SiteKind::water_section, *standards());
            group.records.added.push_back(std::move(record));
        }
        store.commit(group);
    }
}

void evaluate_year(bool keeps)
{
    TemporaryFolder const folder;
    auto const store = LocalStore::open(folder.path());
    auto const world = world_of(*store);
    WaterQuery query;
    query.period = parse_period("2025").value();
    query.as_of = parse_rfc3339("2026-01-05T00:00:00Z").value();
    fill(*store, *world, query.period.begin);
    store->compact();
    SectionMonths months{*store};
    auto const report = [&] { return make_water_report(query, *world, {*store, keeps ? &months : nullptr}).value(); };
    if (keeps)
        (void)report();
    Counted const counted;
    if (report().data.records != std::size_t{sections} * rounds)
        throw std::runtime_error{"records are missing"};
}

/// As items of the collection, over HTTP.
void send_items()
{
    TemporaryFolder const folder;
    auto const store = LocalStore::open(folder.path());
    auto const world = world_of(*store);
    auto const year = parse_period("2025").value();
    fill(*store, *world, year.begin);
    store->compact();
    SectionMonths months{*store};
    Snapshot<ReportSettings> const settings{std::make_shared<ReportSettings const>()};
    Snapshot<MarkBook> const marks{std::make_shared<MarkBook const>()};
    Catalog list;
    list.version = "1";
    list.collections.push_back(
        make_period_source(PeriodOf::section, world, {year.begin, year.end - std::chrono::hours{4}}, {*store, &months, settings, marks}));
    Snapshot<Catalog> const catalog{std::make_shared<Catalog const>(std::move(list))};
    net::Pool readers{1, 4};
    http::Router const router{ogcapi::OgcApi{catalog, readers, readers, readers, {}}.routes()};
    http::Request request;
    request.path = "/collections/section-periods/items";
    request.query = {{"period", "2025"}, {"limit", "10000"}, {"f", "json"}};
    request.query_text = "period=2025&limit=10000&f=json";
    request.host = "cost.example";
    request.path_parameters = {"section-periods"};
    auto const& route = *router.find(http::Method::get, request.path).route;
    auto const ask = [&] {
        auto const reply = testing::answer_of(route, request);
        if (reply.status != 200 || !reply.content()->plain().contains(bench::site_id(sections - 1)))
            throw std::runtime_error{"no year"};
    };
    ask();
    Counted const counted;
    ask();
}

/// Few records hold.
void filter_records()
{
    TemporaryFolder const folder;
    auto const store = LocalStore::open(folder.path());
    auto const world = world_of(*store);
    fill(*store, *world, parse_rfc3339("2025-01-01T00:00:00Z").value());
    store->compact();
    std::vector<ParameterId> columns;
    for (auto const& one : bench::measured)
        columns.push_back(standards()->parameters().find(one.name)->id);
    std::ranges::sort(columns);
    auto const source = make_record_source(world, SiteKind::water_section, columns, true, *store);
    std::size_t found = 0;
    {
        Counted const counted;
        auto filter = cql2::make_filter(cql2::parse_text("codmn > 14 AND ph < 7").value(), {.schema = &source->schema()});
        FeatureQuery query{.limit = 10'000};
        query.filter = {std::make_shared<cql2::Filter const>(*std::move(filter))};
        for (auto const stream = source->select(query); stream->next();)
            ++found;
    }
    if (found == 0 || found > 1000)
        throw std::runtime_error{std::to_string(found) + " records hold"};
}

/// Each site's own 168 records as JSON, first of all parameters and then of one.
void send_series()
{
    TemporaryFolder const folder;
    auto const store = LocalStore::open(folder.path());
    auto const world = world_of(*store);
    auto const begin = parse_rfc3339("2025-01-01T00:00:00Z").value();
    fill(*store, *world, begin);
    store->compact();
    api::SeriesRequest wanted;
    wanted.query.interval = IntervalKind::four_hours;
    auto const ask = [&] {
        for (auto const& site : world->sites->all()) {
            auto const first = begin + std::chrono::days{site.number};
            wanted.site = site.id;
            wanted.query.site = site.number;
            wanted.query.time = {first, first + std::chrono::days{28} - round_length};
            auto const body = api::render_series(wanted, site, *world, *store, "self", "page?f=json").body;
            if (body.find("\"numberReturned\":168,", body.size() - 200) == body.npos)
                throw std::runtime_error{"records are missing"};
        }
    };
    ask();                                                 // so that the blocks are in the store's cache
    Counted const counted;
    ask();
    wanted.parameters = {standards()->parameters().find("codmn")->id};
    ask();
}

}  // namespace

void read_year() { evaluate_year(false); }
void keep_year() { evaluate_year(true); }
void send_year() { send_items(); }
void filter_year() { filter_records(); }
void send_weeks() { send_series(); }

}  // namespace yihong::cost
