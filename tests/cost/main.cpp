// Fixed inputs whose processor instructions are counted: what a change costs shows on a loaded machine as well as on a quiet one.
//   yihong_cost           lists the cases
//   yihong_cost CASE      runs one; under `valgrind --tool=callgrind --instr-atstart=no` only what is measured is counted (check.py)
#include "core_fixture.hpp"
#include "counted.hpp"
#include "temporary_folder.hpp"

#include "../answer.hpp"
#include "../bench/history.hpp"
#include "../bench/http_load.hpp"

#include "yihong/config/alert_plan.hpp"
#include "yihong/cql2/filter.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/meaning.hpp"
#include "yihong/http/server.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/readings_io/readings.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/tiles_http/routes.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <span>

namespace yihong {

std::shared_ptr<StandardsBook const> cost::standards()
{
    static auto const book =
        std::make_shared<StandardsBook const>(load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards").value());
    return book;
}

namespace {

using cost::Counted;
using cost::standards;

constexpr std::chrono::hours round_length{4};

/// A network with the shipped rules over a store on disk.
class NationalNetwork {
public:
    /// Its clocks stand: how often they would tick depends on how slowly the instructions are counted.
    explicit NationalNetwork(int sites)
        : store_{LocalStore::open(folder_.path())}, core_{*store_, world(sites), without_clocks()}, names_{core_.intake.world()}
    {}

    /// One round of all sites from `first` on, as a body of CSV.
    [[nodiscard]] static std::string round_of(bench::History const& history, int round, int first = 0, int count = -1)
    {
        auto body = bench::csv_header();
        int const end = count < 0 ? history.sites() : first + count;
        for (int site = first; site < end; ++site)
            bench::append_record(body, bench::Form::csv, site, time_of(round), "4h", history.at(site, round));
        return body;
    }
    static UtcTime time_of(int round) { return bench::History::begin + round * round_length; }

    /// As if it came a quarter of an hour after its round: the rules look at it.
    void take_in(std::string_view body, int round)
    {
        auto batch = read_csv(body, {*names_->sites, names_->standards->parameters()}).value();
        auto const now = time_of(round) + std::chrono::minutes{15};
        auto const report = core_.intake.submit_and_wait(core_.intake.prepare(std::move(batch), "cost", *names_, now));
        if (!report.rejected.empty())
            throw std::runtime_error{"refused: " + report.rejected.front().failure.detail};
    }
    /// What came so far lies in files: none is written in the background while something is counted.
    void settle() { store_->compact(); }
    [[nodiscard]] Snapshot<Catalog> const& catalog() const noexcept { return core_.state.catalog; }

private:
    static testing::CoreOptions without_clocks()
    {
        testing::CoreOptions options;
        options.alerting.clocks = false;
        options.alerting.tells_news = true;
        return options;
    }
    std::shared_ptr<World const> world(int count)
    {
        std::vector<std::string> ids;
        for (int i = 0; i < count; ++i)
            ids.push_back(bench::site_id(i));
        auto const numbers = store_->number_sites(ids);
        std::vector<Site> sites;
        for (int i = 0; i < count; ++i) {
            Site site;
            site.id = ids[static_cast<std::size_t>(i)];
            site.number = numbers[static_cast<std::size_t>(i)];
            site.name = site.id;
            site.kind = SiteKind::water_section;
            site.level = "national";
            site.target_class = 3;
            site.position = LonLat{105 + i % 100 * 0.1, 30 + i / 100 * 0.1};
            sites.push_back(std::move(site));
        }
        return make_world(standards(), std::move(sites), std::make_shared<testing::NoLayers const>(),
                          std::make_shared<AlertPlan const>(default_alert_plan()));
    }

    TemporaryFolder folder_;
    std::unique_ptr<LocalStore> store_;
    testing::Core core_;
    std::shared_ptr<World const> names_;
};

void judge_records()
{
    bench::History const history{100, 20};
    auto const body = [&] {
        std::string all = bench::csv_header();
        for (int round = 0; round < history.hours(); ++round)
            for (int site = 0; site < history.sites(); ++site)
                bench::append_record(all, bench::Form::csv, site, NationalNetwork::time_of(round), "4h", history.at(site, round));
        return all;
    }();
    std::vector<Site> sites;
    for (int i = 0; i < history.sites(); ++i) {
        Site site;
        site.id = bench::site_id(i);
        site.number = static_cast<SiteNumber>(i + 1);
        sites.push_back(std::move(site));
    }
    SiteRegistry const registry{std::move(sites)};
    auto const batch = read_csv(body, {registry, standards()->parameters()}).value();
    int classed = 0;
    {
        Counted const counted;
        for (auto const& parsed : batch.records)
            classed += judge(parsed.record, SiteKind::water_section, *standards()).water_class > 0;
    }
    if (classed != history.sites() * history.hours())
        throw std::runtime_error{"a record has no class"};
}

void take_in_records()
{
    constexpr int before = 20, rounds = 50;
    bench::History const history{200, before + rounds};
    NationalNetwork network{history.sites()};
    std::vector<std::string> bodies;
    for (int round = 0; round < history.hours(); ++round)
        bodies.push_back(NationalNetwork::round_of(history, round));
    for (int round = 0; round < before; ++round)
        network.take_in(bodies[static_cast<std::size_t>(round)], round);
    network.settle();
    Counted const counted;
    for (int round = before; round < before + rounds; ++round)
        network.take_in(bodies[static_cast<std::size_t>(round)], round);
}

/// The sections of a network, each with its bytes made.
FeatureList const& encoded_sections(NationalNetwork const& network, std::shared_ptr<FeatureSource const>& holder)
{
    holder = network.catalog().load()->find("water-sections");
    auto const& features = dynamic_cast<MemorySource const&>(*holder).features();
    for (auto const& feature : features)
        (void)feature->geojson();
    return features;
}

void publish_a_site()
{
    constexpr int changes = 50;
    bench::History const history{5641, 2};
    NationalNetwork network{history.sites()};
    network.take_in(NationalNetwork::round_of(history, 0), 0);
    network.settle();
    std::shared_ptr<FeatureSource const> sections;
    (void)encoded_sections(network, sections);     // else the writer makes their bytes in its first pause
    std::vector<std::string> bodies;
    for (int site = 0; site < changes; ++site)
        bodies.push_back(NationalNetwork::round_of(history, 1, site * 100, 1));
    Counted const counted;
    for (auto const& body : bodies)
        network.take_in(body, 1);
}

void encode_sites()
{
    bench::History const history{1000, 1};
    NationalNetwork network{history.sites()};
    network.take_in(NationalNetwork::round_of(history, 0), 0);
    network.settle();
    std::shared_ptr<FeatureSource const> sections;
    auto const schema =
        std::make_shared<Schema const>(dynamic_cast<MemorySource const&>(*network.catalog().load()->find("water-sections")).schema());
    std::vector<std::shared_ptr<Feature const>> anew;
    for (auto const& feature : encoded_sections(network, sections))
        anew.push_back(make_site_feature(site_state(*feature), schema));
    Counted const counted;
    for (auto const& feature : anew)
        (void)feature->geojson();
}

/// Pages of 1,000 of a national network. \param others how many different pages; every one of them is asked for `times`
void pages(int others, int times)
{
    bench::History const history{5641, 1};
    NationalNetwork network{history.sites()};
    network.take_in(NationalNetwork::round_of(history, 0), 0);
    network.settle();
    std::shared_ptr<FeatureSource const> sections;
    (void)encoded_sections(network, sections);
    net::Pool readers{1, 4};
    http::Router const router{ogcapi::OgcApi{network.catalog(), readers, readers, readers, {}}.routes()};
    auto const page_from = [](int offset) {
        http::Request request;
        request.path = "/collections/water-sections/items";
        request.query = {{"limit", "1000"}, {"offset", std::to_string(offset)}};
        request.query_text = fmt::format("limit=1000&offset={}", offset);
        request.host = "cost.example";
        request.path_parameters = {"water-sections"};
        return request;
    };
    std::vector<http::Request> requests;
    for (int i = 0; i < others; ++i)
        requests.push_back(page_from(i * 100));
    auto const& route = *router.find(http::Method::get, requests.front().path).route;
    auto const ask = [&](http::Request const& request) {
        if (testing::answer_of(route, request).status != 200)
            throw std::runtime_error{"no page"};
    };
    ask(page_from(5000));                                  // what leads the collection is looked for once a minute
    if (times > 1)
        std::ranges::for_each(requests, ask);              // so that all of them are kept
    Counted const counted;
    for (int i = 0; i < times; ++i)
        std::ranges::for_each(requests, ask);
}

/// The same page over one connection of HTTP, compressed: what the edge costs when nothing is to be made.
void answer_requests()
{
    constexpr int times = 2000;
    bench::History const history{1000, 1};
    NationalNetwork network{history.sites()};
    network.take_in(NationalNetwork::round_of(history, 0), 0);
    network.settle();
    std::shared_ptr<FeatureSource const> sections;
    (void)encoded_sections(network, sections);
    net::Pool readers{1, 4};
    Snapshot<http::Router> const router{
        std::make_shared<http::Router const>(ogcapi::OgcApi{network.catalog(), readers, readers, readers, {}}.routes())};
    http::ServerOptions options;
    options.port = 0;
    options.threads = 1;
    http::Server server{options, router, {}, {}};
    server.start();
    auto const client = bench::connect_to(server.port());
    std::string const request{"GET /collections/water-sections/items?limit=100 HTTP/1.1\r\nHost: cost.example\r\n"
                              "Accept: application/geo+json\r\nAccept-Encoding: gzip\r\n\r\n"};
    std::vector<char> reply(256 * 1024);
    auto const ask = [&](std::size_t size) {
        if (::send(client.get(), request.data(), request.size(), 0) != static_cast<ssize_t>(request.size()))
            throw std::runtime_error{"the request cannot be sent"};
        auto const got = ::recv(client.get(), reply.data(), size == 0 ? reply.size() : size, size == 0 ? 0 : MSG_WAITALL);
        if (got <= 0)
            throw std::runtime_error{"no reply"};
        return static_cast<std::size_t>(got);
    };
    auto const size = ask(0);                              // it fits one write, and one read
    for (int i = 0; i < 10; ++i)
        ask(size);
    {
        Counted const counted;
        for (int i = 0; i < times; ++i)
            ask(size);
    }
    server.stop();
}

/// Tiles of 260 sections, which is what a province sees. \param times each of 20 places is asked for
void tiles_of_sections(int times)
{
    constexpr int places = 20;
    bench::History const history{260, 1};
    NationalNetwork network{history.sites()};
    network.take_in(NationalNetwork::round_of(history, 0), 0);
    network.settle();
    (void)network.catalog().load();
    net::Pool makers{1, 4};
    http::Router const router{tiles_http::Tiles{network.catalog(), makers, {}}.routes()};
    std::vector<http::Request> requests(places);
    for (int i = 0; i < places; ++i) {                     // the whole world, and then ever other moments of it
        auto& request = requests[static_cast<std::size_t>(i)];
        request.path = "/collections/water-sections/tiles/WebMercatorQuad/0/0/0";
        request.query = {{"datetime", fmt::format("2000-01-{:02}/..", i + 1)}};
        request.query_text = "datetime=" + request.query.front().second;
        request.host = "cost.example";
        request.path_parameters = {"water-sections", "WebMercatorQuad", "0", "0", "0"};
    }
    auto const& route = *router.find(http::Method::get, requests.front().path).route;
    auto const ask = [&](http::Request const& request) {
        auto const reply = testing::answer_of(route, request);
        if (reply.status != 200 || reply.content()->plain().size() < 10'000)
            throw std::runtime_error{"no tile"};
    };
    if (times > 1)
        std::ranges::for_each(requests, ask);              // so that all of them are kept
    Counted const counted;
    for (int i = 0; i < times; ++i)
        std::ranges::for_each(requests, ask);
}

void new_tiles() { tiles_of_sections(1); }
void kept_tiles() { tiles_of_sections(50); }

void new_pages() { pages(10, 1); }
void kept_pages() { pages(1, 1000); }

void read_frames()
{
    bench::History const history{1, 500};
    auto const dialect = hj212::make_dialect({}, hj212::CommonUnits::make(*standards()), *standards()).value();
    std::string bytes;
    for (int hour = 0; hour < history.hours(); ++hour) {
        Record record;
        record.interval = IntervalKind::four_hours;
        for (std::size_t p = 0; p < bench::measured.size(); ++p) {
            auto const& one = bench::measured[p];
            Reading reading;
            reading.parameter = standards()->parameters().find(one.name)->id;
            reading.value = Decimal{history.at(0, hour)[p], one.decimals};
            record.readings.push_back(std::move(reading));
        }
        std::ranges::sort(record.readings, {}, &Reading::parameter);
        auto const items = hj212::to_items(record, standards()->parameters(), hj212::Edition::hj212_2017, nullptr);
        auto const time = NationalNetwork::time_of(hour);
        for (auto const& area : hj212::to_data_areas(time, items))
            bytes += hj212::to_frame(hj212::to_segment({.qn = hj212::format_qn(time),
                                                        .st = "21",
                                                        .cn = hj212::cn::hour,
                                                        .pw = "123456",
                                                        .mn = "A140800_0001",
                                                        .flag = 5,
                                                        .cp = area}));
    }
    std::size_t readings = 0;
    {
        Counted const counted;
        hj212::FrameDecoder decoder;
        std::vector<hj212::Field> fields;
        decoder.feed(bytes);
        while (auto const frame = decoder.next()) {
            if (hj212::crc_of(frame->segment) != frame->crc)
                throw std::runtime_error{"check sum"};
            auto const segment = hj212::parse_segment(frame->segment).value();
            hj212::parse_data_area(segment.cp, fields);
            readings += hj212::read_data(segment, fields, dialect).value().record.readings.size();
        }
    }
    if (readings != static_cast<std::size_t>(history.hours()) * bench::measured.size())
        throw std::runtime_error{"readings are missing"};
}

/// 100,000 points with a text and a number.
std::shared_ptr<FeatureSource const> wells()
{
    constexpr int count = 100'000;
    auto layer = std::make_shared<Layer>();
    layer->id = "wells";
    layer->title = "机井";
    layer->geometry_type = GeometryType::point;
    layer->attributes = {{"name", "名称", AttributeType::text}, {"depth", "井深", AttributeType::integer}};
    for (int i = 0; i < count; ++i)
        layer->features.push_back({fmt::format("{:06}", i),
                                   Point{{110 + i % 1000 * 0.002, 34.5 + i / 1000 * 0.01}},
                                   {},
                                   {fmt::format("机井{}", i % 977), std::int64_t{i % 500}}});
    return make_layer_collection(layer, "1");
}

void filter_features()
{
    auto const source = wells();
    FeatureQuery by_value{.limit = 100};
    by_value.filter = {And{{{Equals{.column = 1, .text = "77", .integer = 77, .number = 77.0}}}}};
    FeatureQuery by_place{.boxes = {BoundingBox{110.5, 34.7, 110.6, 34.75}}, .limit = 100};
    std::size_t matched = 0;
    {
        Counted const counted;
        for (auto const* query : {&by_value, &by_place})
            for (int i = 0; i < 5; ++i)
                matched += source->select(*query)->matched().value_or(0);
    }
    if (matched == 0)
        throw std::runtime_error{"nothing matches"};
}

/// The text of each filter is read, checked and evaluated.
void filter_by_cql2()
{
    auto const source = wells();
    std::size_t matched = 0;
    {
        Counted const counted;
        for (std::string_view const text : {"depth >= 77 AND (name LIKE '机井1%' OR depth * 2 = 154)",
                                            "S_WITHIN(geometry, POLYGON((110.5 34.7, 110.6 34.7, 110.6 34.75, 110.5 34.7))) AND depth > 77",
                                            "S_INTERSECTS(geometry, BBOX(110.5, 34.7, 110.6, 34.75))"}) {
            auto filter = cql2::make_filter(cql2::parse_text(text).value(),
                                            {.schema = &source->schema(), .features = source->metadata().count.value()});
            FeatureQuery query{.limit = 100};
            query.filter = {std::make_shared<cql2::Filter const>(*std::move(filter))};
            matched += source->select(query)->matched().value_or(0);
        }
    }
    if (matched == 0)
        throw std::runtime_error{"nothing matches"};
}

struct Case {
    char const* name;
    void (*run)();
};

constexpr std::array cases{
    Case{"judge_2000_records", judge_records},
    Case{"take_in_10000_records", take_in_records},
    Case{"publish_50_of_5641_sites", publish_a_site},
    Case{"put_together_10_pages_of_1000", new_pages},
    Case{"send_1000_kept_pages_of_1000", kept_pages},
    Case{"make_20_tiles_of_260_sections", new_tiles},
    Case{"send_1000_kept_tiles_of_260_sections", kept_tiles},
    Case{"read_500_frames", read_frames},
    Case{"encode_1000_sites", encode_sites},
    Case{"filter_100000_features_10_times", filter_features},
    Case{"filter_100000_features_by_cql2_3_times", filter_by_cql2},
    Case{"answer_2000_requests_of_a_page", answer_requests},
    Case{"read_a_year_of_100_sections", cost::read_year},
    Case{"evaluate_a_kept_year_of_100_sections", cost::keep_year},
    Case{"send_a_kept_year_of_100_sections", cost::send_year},
    Case{"filter_a_year_of_100_sections", cost::filter_year},
    Case{"send_200_series_of_168_records", cost::send_weeks},
};

}  // namespace
}  // namespace yihong

int main(int argc, char** argv)
{
    for (auto const& one : yihong::cases) {
        if (argc < 2)
            std::puts(one.name);
        else if (std::string_view{argv[1]} == one.name)
            return one.run(), 0;
    }
    if (argc < 2)
        return 0;
    std::fprintf(stderr, "there is no case %s\n", argv[1]);
    return 2;
}
