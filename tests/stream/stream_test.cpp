#include "yihong/stream/streams.hpp"

#include "yihong/state/site_feature.hpp"
#include "yihong/stream/filter.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace yihong::stream {
namespace {

using Texts = std::vector<std::string>;

/// One site `a` that the catalog knows.
std::shared_ptr<Catalog const> catalog_with_a()
{
    Site site;
    site.id = "a";
    auto world = std::make_shared<World>();
    world->sites = std::make_shared<SiteRegistry const>(std::vector<Site>{site});
    world->facts.resize(1);
    auto const schema = std::make_shared<Schema const>();
    auto catalog = std::make_shared<Catalog>();
    catalog->collections.push_back(std::make_shared<MemorySource const>(
        SourceMetadata{.id = "water-sections"}, schema,
        MemorySource::Features{
            make_site_feature(std::make_shared<SiteState const>(world, 0, std::nullopt,
                                                                std::make_shared<Present const>(world, 0, NewestReadings{}, UtcTime{})),
                              schema)}));
    return catalog;
}

LiveEvent event(std::string type = "site.changed", std::string json = "{}")
{
    return {.type = std::move(type),
            .site = "a",
            .kind = SiteKind::water_section,
            .position = LonLat{111, 35},
            .rivers = {"浍河", "汾河"},
            .county = "河津市",
            .feature = nullptr,
            .json = std::make_shared<std::string const>(std::move(json)),
            .at = parse_rfc3339("2026-11-25T00:00:00Z").value()};
}

struct StreamTest : ::testing::Test {
    Snapshot<Catalog> catalog{catalog_with_a()};
    EventFeed feed{{7, 0xab, UtcTime{}}, {.events = 4}};                 // ids count from 7-1
    Streams streams{feed, catalog};

    using Opened = std::expected<std::unique_ptr<http::StreamSource>, http::Reply>;
    Opened open(http::Request const& request) { return std::get<http::EventStreamHandler>(streams.routes().front().handler).open(request); }
    Opened open_websocket(http::Request const& request)
    {
        return std::get<http::WebSocketHandler>(streams.routes().back().handler).open(request);
    }
    static http::Request asking(std::vector<std::pair<std::string, std::string>> query, std::string last_event_id = {})
    {
        http::Request request;
        request.query = std::move(query);
        request.last_event_id = std::move(last_event_id);
        return request;
    }
    static Texts all(http::StreamSource& source)
    {
        Texts texts;
        for (auto piece = source.next(); piece.bytes || piece.end; piece = source.next()) {
            texts.push_back(piece.end ? "end" : *piece.bytes);
            if (piece.end)
                break;
        }
        return texts;
    }
    Result<EventFilter> filter(std::vector<std::pair<std::string, std::string>> query)
    {
        return http::read_parameters(filter_parameters(catalog), asking(std::move(query)));
    }
    bool passes(std::string name, std::string value, LiveEvent const& what = event())
    {
        return filter({{std::move(name), std::move(value)}}).value().passes(what);
    }
};

TEST_F(StreamTest, FiltersByEachOfSixThings)
{
    EXPECT_TRUE(filter({}).value().passes(event()));
    EXPECT_TRUE(passes("bbox", "110,34,112,36"));
    EXPECT_TRUE(passes("bbox", "111,35,111,35"));
    EXPECT_FALSE(passes("bbox", "111.1,34,112,36"));
    EXPECT_FALSE(passes("bbox", "110,35.1,112,36"));
    EXPECT_TRUE(passes("bbox", "110,-90,-170,90"));            // across the antimeridian
    EXPECT_FALSE(passes("bbox", "170,-90,-170,90"));
    EXPECT_TRUE(passes("kind", "air_station,water_section"));
    EXPECT_FALSE(passes("kind", "air_station"));
    EXPECT_TRUE(passes("river", "黄河, 汾河"));
    EXPECT_TRUE(passes("river", "浍河")) << "its own river, and the nearest of the layers";
    EXPECT_FALSE(passes("river", "黄河"));
    EXPECT_TRUE(passes("county", "河津市"));
    EXPECT_FALSE(passes("county", "河津"));
    EXPECT_TRUE(passes("site", "a"));
    EXPECT_TRUE(passes("type", "alert,site"));
    EXPECT_FALSE(passes("type", "alert"));
    EXPECT_TRUE(passes("type", "alert", event("alert.opened")));
    EXPECT_TRUE(passes("type", "alert.opened", event("alert.opened")));
    EXPECT_FALSE(passes("type", "alert.open", event("alert.opened")));
    EXPECT_FALSE(passes("type", "alert.opened", event("alert")));
    EXPECT_FALSE(filter({{"type", "site"}, {"river", "黄河"}}).value().passes(event()));       // all must hold
}

TEST_F(StreamTest, WhatHasNoPlaceIsInNoBoxAndAResetPassesEveryFilter)
{
    auto nowhere = event();
    nowhere.position.reset();
    nowhere.kind.reset();
    EXPECT_TRUE(filter({}).value().passes(nowhere));
    EXPECT_FALSE(passes("bbox", "-180,-90,180,90", nowhere));
    EXPECT_FALSE(passes("kind", "water_section", nowhere));
    for (auto const& [name, value] : {std::pair{"bbox", "1,1,2,2"}, std::pair{"type", "alert"}, std::pair{"river", "x"},
                                      std::pair{"site", "a"}, std::pair{"kind", "outfall"}})
        EXPECT_TRUE(passes(name, value, reset_event("reloaded", {}))) << name;
}

TEST_F(StreamTest, RefusesWhatItDoesNotUnderstand)
{
    for (auto const& [name, value] : std::vector<std::pair<std::string, std::string>>{{"bbox", ""},
                                                                                      {"bbox", "1,2,3"},
                                                                                      {"bbox", "1,2,3,4,5"},
                                                                                      {"bbox", "1,2,x,4"},
                                                                                      {"bbox", "nan,1,2,3"},
                                                                                      {"bbox", "0,2,1,1"},
                                                                                      {"bbox", "0,0,1e999,1"},
                                                                                      {"kind", ""},
                                                                                      {"kind", "river"},
                                                                                      {"kind", "outfall,"},
                                                                                      {"type", "rain"},
                                                                                      {"type", "alert."},
                                                                                      {"type", ".alert"},
                                                                                      {"type", "alert..x"},
                                                                                      {"type", "Alert"},
                                                                                      {"type", "alert.\nid"},
                                                                                      {"river", ""},
                                                                                      {"county", ","},
                                                                                      {"site", "nobody"},
                                                                                      {"site", "a,nobody"},
                                                                                      {"river", std::string(300, ',')},
                                                                                      {"colour", "red"},
                                                                                      {"f", "json"}}) {
        auto const opened = open(asking({{name, value}}));
        ASSERT_FALSE(opened) << name << "=" << value;
        EXPECT_EQ(opened.error().status, 400) << name << "=" << value;
        EXPECT_FALSE(open_websocket(asking({{name, value}})));
    }
    EXPECT_FALSE(open(asking({{"site", "a"}, {"site", "a"}})));
    EXPECT_FALSE(open(asking({{"bbox", "1,1,2,2"}, {"bbox", "1,1,2,2"}})));
}

TEST_F(StreamTest, ANewClientIsGivenItsPlaceThenWhatHappens)
{
    feed.publish({event("site.changed", "{\"old\":1}")}, {7, 0xab, UtcTime{}});
    auto source = open(asking({})).value();
    EXPECT_EQ(all(*source), (Texts{"retry: 3000\nid: 7-1-000000ab\n\n"}));
    feed.publish({event("site.changed", "{\"a\":\"x\",\r\n \"b\":2}"), event("alert.opened")}, {7, 0xab, UtcTime{}});
    EXPECT_EQ(all(*source), (Texts{"id: 7-2-000000ab.1\nevent: site.changed\ndata: {\"a\":\"x\",   \"b\":2}\n\n",
                                   "id: 7-3-000000ab\nevent: alert.opened\ndata: {}\n\n"}));
    EXPECT_EQ(all(*source), Texts{});
    EXPECT_EQ(*source->heartbeat(), ":\nid: 7-3-000000ab\n\n");
}

TEST_F(StreamTest, AMessageCarriesItsEventWhole)
{
    auto source = open_websocket(asking({{"type", "alert"}})).value();
    auto service = event("alert.opened", "{\"x\":1}");
    service.site.clear();
    feed.publish({event("alert.closed", "{\"x\":0}"), event(), service}, {7, 0xab, UtcTime{}});
    EXPECT_EQ(all(*source),
              (Texts{R"({"id":"7-1-000000ab.2","type":"alert.closed","time":"2026-11-25T00:00:00Z","site":"a","data":{"x":0}})",
                     R"({"id":"7-3-000000ab","type":"alert.opened","time":"2026-11-25T00:00:00Z","site":null,"data":{"x":1}})"}));
}

TEST_F(StreamTest, ResumesBehindTheLastEventOrBeginsWithAReset)
{
    feed.publish({event("site.changed", "1"), event("site.changed", "2"), event("site.changed", "3")}, {7, 0xab, UtcTime{}});
    Texts const rest{"retry: 3000\nid: 7-2-000000ab.1\n\n", "id: 7-3-000000ab\nevent: site.changed\ndata: 3\n\n"};
    EXPECT_EQ(all(*open(asking({}, "7-2-000000ab.1")).value()), rest);
    EXPECT_EQ(all(*open(asking({{"last_event_id", "7-2-000000ab.1"}})).value()), rest);
    EXPECT_EQ(all(*open(asking({{"last_event_id", "6-9-000000ab"}}, "7-2-000000ab.1")).value()), rest);      // a browser's old address
    EXPECT_EQ(all(*open_websocket(asking({{"last_event_id", "7-2-000000ab.1"}})).value()).size(), 1U);

    Texts const reset{"retry: 3000\nid: 7-3-000000ab\nevent: reset\ndata: {\"reason\":\"missed\"}\n\n"};
    for (auto const* id : {"6-2-000000ab", "7-4-000000ab", "7-2-000000ab", "run2-2", "rubbish", "\xff\xfe"})
        EXPECT_EQ(all(*open(asking({}, id)).value()), reset) << id;
    feed.publish({event(), event(), event()}, {7, 0xab, UtcTime{}});                 // only four are kept
    EXPECT_EQ(all(*open(asking({}, "7-1-000000ab.2")).value()).size(), 1U);
    auto const message = all(*open_websocket(asking({{"last_event_id", "6-2-000000ab"}, {"type", "alert"}})).value());
    ASSERT_EQ(message.size(), 1U);
    EXPECT_TRUE(message[0].starts_with(R"({"id":"7-6-000000ab","type":"reset","time":")")) << message[0];
    EXPECT_TRUE(message[0].ends_with(R"("site":null,"data":{"reason":"missed"}})")) << message[0];
}

TEST_F(StreamTest, WhoFallsOutOfTheFeedIsDroppedAndCounted)
{
    auto slow = open(asking({})).value();
    auto quick = open(asking({})).value();
    EXPECT_EQ(all(*slow).size(), 1U);
    EXPECT_EQ(all(*quick).size(), 1U);
    for (int i = 0; i < 5; ++i) {
        feed.publish({event()}, {7, 0xab, UtcTime{}});
        EXPECT_EQ(all(*quick).size(), 1U);
    }
    EXPECT_EQ(all(*slow), (Texts{"end"}));
    auto const metrics = streams.metrics_text();
    for (auto const* line : {"\nyihong_stream_clients 2\n", "\nyihong_stream_events_total 5\n", "\nyihong_stream_sent_total 5\n",
                             "\nyihong_stream_dropped_total 1\n"})
        EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
    slow->overdue();
    slow.reset();
    EXPECT_NE(streams.metrics_text().find("\nyihong_stream_dropped_total 2\n"), std::string::npos);
    EXPECT_NE(streams.metrics_text().find("\nyihong_stream_clients 1\n"), std::string::npos);
}

TEST_F(StreamTest, AllClientsAreSentTheSameBytes)
{
    auto one = open(asking({})).value();
    auto other = open(asking({})).value();
    (void)one->next();
    (void)other->next();
    feed.publish({event()}, {7, 0xab, UtcTime{}});
    EXPECT_EQ(one->next().bytes.get(), other->next().bytes.get());
}

}  // namespace
}  // namespace yihong::stream
