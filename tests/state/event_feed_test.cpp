#include "yihong/state/event_feed.hpp"

#include "world_fixture.hpp"

#include <atomic>
#include <thread>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

LiveEvent plain(std::string json)
{
    LiveEvent event;
    event.type = "alert.opened";
    event.json = std::make_shared<std::string const>(std::move(json));
    return event;
}

std::vector<std::string> payloads(EventFeed::Page const& page)
{
    std::vector<std::string> all;
    for (auto const& event : page.events)
        all.emplace_back(event->json());
    return all;
}

using Texts = std::vector<std::string>;

TEST(EventFeed, GivesEachReaderEverythingFromItsPlaceOn)
{
    EventFeed feed{{7, 0xab, at("2026-01-01T00:00:00Z")}};
    feed.publish({plain("1"), plain("2")}, {8, 0xab, at("2026-01-01T00:00:01Z")});
    feed.publish({plain("3")}, {9, 0xab, at("2026-01-01T00:00:02Z")});
    EXPECT_EQ(payloads(feed.read(1, 10)), (Texts{"1", "2", "3"}));
    EXPECT_EQ(payloads(feed.read(2, 1)), (Texts{"2"}));
    EXPECT_EQ(payloads(feed.read(feed.end(), 10)), Texts{});
    EXPECT_EQ(to_text(feed.read(1, 1).events.front()->id()), "8-1767225601000-000000ab.1");
    EXPECT_EQ(to_text(feed.id_before(feed.end())), "9-1767225602000-000000ab");
    EXPECT_EQ(feed.id_before(1), (EventId{7, 1767225600000, 0xab}));
}

TEST(EventFeed, ResumesBehindAnIdWhileNothingBehindItIsGone)
{
    EventFeed feed{{40, 1, UtcTime{1000ms}}, {.events = 2}};
    for (std::uint64_t i = 1; i <= 4; ++i)
        feed.publish({plain(std::to_string(i))}, {40 + i, 1, UtcTime{2000ms}});
    EXPECT_EQ(feed.place_after({44, 2003, 1}), 5U);
    EXPECT_EQ(feed.place_after({43, 2002, 1}), 4U);
    EXPECT_EQ(feed.place_after({42, 2001, 1}), 3U);            // 43 and 44 are kept
    for (auto const id :
         {EventId{41, 2000, 1}, EventId{40, 1000, 1}, EventId{44, 2004, 1}, EventId{45, 2003, 1}, EventId{43, 2001, 1}, EventId{}})
        EXPECT_EQ(feed.place_after(id), std::nullopt) << to_text(id);
}

TEST(EventFeed, GoesOnOverARestartBehindTheCommitWithWhichItBegan)
{
    EventFeed before{{40, 1, UtcTime{1000ms}}};
    before.publish({plain("1"), plain("2")}, {41, 1, UtcTime{2000ms}});
    auto const last = before.id_before(before.end());
    auto const one_earlier = before.id_before(before.end() - 1);

    EventFeed feed{{41, 1, UtcTime{9000ms}}};
    EXPECT_EQ(feed.place_after(last), 1U) << "nothing was committed behind it";
    EXPECT_EQ(feed.place_after(one_earlier), std::nullopt) << "the other event of the same commit was missed";
    EXPECT_EQ(feed.place_after({40, 1000, 1}), std::nullopt) << "commit 41 was missed";
    EXPECT_EQ(feed.place_after({41, 9001, 1}), std::nullopt) << "never told: the clock was set back, or somebody made it up";
    feed.publish({plain("3")}, {42, 1, UtcTime{9500ms}});
    EXPECT_EQ(feed.place_after(last), 1U);
    EXPECT_EQ(payloads(feed.read(1, 10)), (Texts{"3"}));

    EventFeed later{{42, 1, UtcTime{9900ms}}};
    EXPECT_EQ(later.place_after(last), std::nullopt);
    EventFeed configured_otherwise{{41, 2, UtcTime{9000ms}}};
    EXPECT_EQ(configured_otherwise.place_after(last), std::nullopt);
}

TEST(EventFeed, ReadsItsIdsAndNoOthers)
{
    for (auto const id : {EventId{41, 2000, 0x5f3a9c1b}, EventId{41, 2000, 0, 3}})
        EXPECT_EQ(parse_event_id(to_text(id)), id);
    for (auto const* text : {"", "-", "41", "41-", "41-2000", "41-2000-", "-2000-ab", "41-2000x-ab", "41--2000-ab", "x41-2000-ab",
                             "+41-2000-ab", "41-99999999999999999999999-ab", "18446744073709551616-1-ab", "41-2000-123456789", "run1-4",
                             "41-2000-ab.", "41-2000-ab.0", "41-2000-ab.-1", "41.2000-1-ab"})
        EXPECT_EQ(parse_event_id(text), std::nullopt) << text;
}

TEST(EventFeed, TellsWhoIsTooSlowThatItsPlaceIsGone)
{
    EventFeed by_number{{1, 0, UtcTime{}}, {.events = 2}};
    by_number.publish({plain("1"), plain("2"), plain("3")}, {1, 0, UtcTime{}});
    EXPECT_TRUE(by_number.read(1, 10).lost);
    EXPECT_EQ(payloads(by_number.read(2, 10)), (Texts{"2", "3"}));

    EventFeed by_size{{1, 0, UtcTime{}}, {.events = 100, .bytes = 1000}};
    by_size.publish({plain(std::string(600, '1')), plain(std::string(300, '2')), plain(std::string(300, '3'))}, {1, 0, UtcTime{}});
    EXPECT_TRUE(by_size.read(1, 10).lost);
    EXPECT_EQ(by_size.read(2, 10).events.size(), 2U);
    by_size.publish({plain(std::string(5000, '4'))}, {1, 0, UtcTime{}});          // the newest is kept whatever its size
    EXPECT_EQ(by_size.read(4, 10).events.size(), 1U);
}

TEST(EventFeed, RendersAnEventOnceForAllReaders)
{
    static std::atomic<int> made;
    made = 0;
    EventFeed feed{{1, 0, UtcTime{}}};
    feed.publish({plain("{}")}, {1, 0, UtcTime{}});
    auto const event = feed.read(1, 1).events.front();
    EXPECT_EQ(made, 0);
    auto const render = [](PublishedEvent const& e) { return ++made, to_text(e.id()) + std::string{e.json()}; };
    std::vector<std::thread> readers;
    for (int i = 0; i < 8; ++i)
        readers.emplace_back([&] { EXPECT_EQ(*event->text(PublishedEvent::Form::message, render), "1-1-00000000{}"); });
    for (auto& reader : readers)
        reader.join();
    EXPECT_EQ(made, 1);
}

TEST(EventFeed, KeepsOfWhatIsNoNewsAnyMoreItsPayloadAlone)
{
    static std::atomic<int> made;
    made = 0;
    auto const render = [](PublishedEvent const& e) { return ++made, std::string{e.json()}; };
    EventFeed feed{{1, 0, UtcTime{}}, {.news = 2}};
    auto feature = std::make_shared<PointFeature const>("a", LonLat{111, 35}, std::nullopt, std::make_shared<Schema const>());
    std::weak_ptr<PointFeature const> const heard = feature;
    auto const json = feature->geojson();
    LiveEvent event;
    event.type = "site.changed";
    event.site = "a";
    event.feature = std::move(feature);
    auto const ask = [&](std::uint64_t place) {
        return *feed.text(*feed.read(place, 1).events.front(), PublishedEvent::Form::sse, render);
    };

    feed.publish({std::move(event)}, {1, 0, UtcTime{}});
    EXPECT_EQ(feed.bytes(), 2048U);
    EXPECT_EQ(ask(1), json);
    EXPECT_EQ(ask(1), json);
    EXPECT_EQ(made, 1) << "news is rendered once for all";
    feed.publish({plain("2")}, {1, 0, UtcTime{}});
    EXPECT_FALSE(heard.expired());
    feed.publish({plain("3"), plain("4")}, {1, 0, UtcTime{}});

    EXPECT_TRUE(heard.expired()) << "the feature behind it is gone";
    EXPECT_EQ(feed.bytes(), json.size() + 3);
    auto const kept = feed.read(1, 1).events.front();
    EXPECT_EQ(kept->json(), json);
    EXPECT_EQ(kept->event().site, "a");
    EXPECT_EQ(kept->id(), (EventId{1, 1, 0}));
    EXPECT_EQ(ask(1), json);
    EXPECT_EQ(ask(1), json);
    EXPECT_EQ(made, 3) << "who comes back later has it made anew";
}

TEST(EventFeed, WakesAfterPublishingAndNeverAfterTheWakeWasTakenAway)
{
    EventFeed feed{{1, 0, UtcTime{}}};
    std::atomic<std::uint64_t> seen{0};
    feed.on_publish([&] { seen = feed.published(); });
    feed.publish({plain("1"), plain("2")}, {1, 0, UtcTime{}});
    EXPECT_EQ(seen, 2U);
    feed.publish({}, {1, 0, UtcTime{}});
    feed.on_publish({});
    feed.publish({plain("3")}, {1, 0, UtcTime{}});
    EXPECT_EQ(seen, 2U);
}

TEST(EventFeed, ReadersOfManyThreadsMissNothing)
{
    constexpr std::uint64_t count = 2000;
    EventFeed feed{{1, 0, UtcTime{}}, {.events = 10'000}};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            std::uint64_t place = 1;
            while (place <= count) {
                for (auto const& event : feed.read(place, 7).events) {
                    ASSERT_EQ(event->place(), place);
                    ++place;
                }
                std::this_thread::yield();
            }
        });
    for (std::uint64_t i = 0; i < count / 2; ++i)
        feed.publish({plain("1"), plain("2")}, {1, 0, UtcTime{}});
    for (auto& reader : readers)
        reader.join();
}

}  // namespace
}  // namespace yihong::testing
