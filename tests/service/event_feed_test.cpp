#include "yihong/service/event_feed.hpp"

#include "service_fixture.hpp"

#include <atomic>
#include <thread>

namespace yihong::testing {
namespace {

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
    EventFeed feed{"run1"};
    feed.publish({plain("1"), plain("2")});
    feed.publish({plain("3")});
    EXPECT_EQ(payloads(feed.read(1, 10)), (Texts{"1", "2", "3"}));
    EXPECT_EQ(payloads(feed.read(2, 1)), (Texts{"2"}));
    EXPECT_EQ(payloads(feed.read(feed.end(), 10)), Texts{});
    EXPECT_EQ(feed.read(1, 1).events.front()->id(), "run1-1");
    EXPECT_EQ(feed.id_before(feed.end()), "run1-3");
}

TEST(EventFeed, ResumesBehindAnIdOfThisRunOnly)
{
    EventFeed feed{"run1", {.events = 2}};
    EXPECT_EQ(feed.place_after("run1-0"), 1U);
    for (int i = 1; i <= 4; ++i)
        feed.publish({plain(std::to_string(i))});
    EXPECT_EQ(feed.place_after("run1-4"), 5U);
    EXPECT_EQ(feed.place_after("run1-2"), 3U);                 // 3 and 4 are kept
    for (auto const* id : {"run1-1", "run1-5", "run1-99999999999999999999999", "run0-4", "run1", "run1-", "run1-4x", "run1--4", "", "-",
                           "4", "run1-18446744073709551615"})
        EXPECT_EQ(feed.place_after(id), std::nullopt) << id;
}

TEST(EventFeed, TellsWhoIsTooSlowThatItsPlaceIsGone)
{
    EventFeed by_number{"e", {.events = 2}};
    by_number.publish({plain("1"), plain("2"), plain("3")});
    EXPECT_TRUE(by_number.read(1, 10).lost);
    EXPECT_EQ(payloads(by_number.read(2, 10)), (Texts{"2", "3"}));

    EventFeed by_size{"e", {.events = 100, .bytes = 1000}};
    by_size.publish({plain(std::string(600, '1')), plain(std::string(300, '2')), plain(std::string(300, '3'))});
    EXPECT_TRUE(by_size.read(1, 10).lost);
    EXPECT_EQ(by_size.read(2, 10).events.size(), 2U);
    by_size.publish({plain(std::string(5000, '4'))});          // the newest is kept whatever its size
    EXPECT_EQ(by_size.read(4, 10).events.size(), 1U);
}

TEST(EventFeed, RendersAnEventOnceForAllReaders)
{
    static std::atomic<int> made{0};
    EventFeed feed{"e"};
    feed.publish({plain("{}")});
    auto const event = feed.read(1, 1).events.front();
    EXPECT_EQ(made, 0);
    auto const render = [](PublishedEvent const& e) { return ++made, e.id() + std::string{e.json()}; };
    std::vector<std::thread> readers;
    for (int i = 0; i < 8; ++i)
        readers.emplace_back([&] { EXPECT_EQ(event->text(PublishedEvent::Form::message, render), "e-1{}"); });
    for (auto& reader : readers)
        reader.join();
    EXPECT_EQ(made, 1);
}

TEST(EventFeed, WakesAfterPublishingAndNeverAfterTheWakeWasTakenAway)
{
    EventFeed feed{"e"};
    std::atomic<std::uint64_t> seen{0};
    feed.on_publish([&] { seen = feed.published(); });
    feed.publish({plain("1"), plain("2")});
    EXPECT_EQ(seen, 2U);
    feed.publish({});
    feed.on_publish({});
    feed.publish({plain("3")});
    EXPECT_EQ(seen, 2U);
}

TEST(EventFeed, ReadersOfManyThreadsMissNothing)
{
    constexpr std::uint64_t count = 2000;
    EventFeed feed{"e", {.events = 10'000}};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            std::uint64_t place = 1;
            while (place <= count) {
                for (auto const& event : feed.read(place, 7).events) {
                    ASSERT_EQ(event->number(), place);
                    ++place;
                }
                std::this_thread::yield();
            }
        });
    for (std::uint64_t i = 0; i < count / 2; ++i)
        feed.publish({plain("1"), plain("2")});
    for (auto& reader : readers)
        reader.join();
}

class ChangesTest : public ServiceFixture {
protected:
    void SetUp() override
    {
        IntakeOptions options;
        options.feed = &feed;
        intake = std::make_unique<Intake>(store, catalog,
                                          world({site("a", SiteKind::water_section), site("b", SiteKind::lake_section, std::nullopt),
                                                 site("air", SiteKind::air_station)}),
                                          std::move(options));
        current = intake->world();
    }
    void TearDown() override { intake.reset(); }
    std::vector<std::string> told() const
    {
        std::vector<std::string> all;
        for (auto const& event : feed.read(1, 100).events)
            all.push_back(event->event().type + " " + event->event().site);
        return all;
    }
    EventFeed feed{"e"};
};

TEST_F(ChangesTest, AChangedSiteIsToldWithItsFeatureAndWhereItLies)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});
    ASSERT_EQ(told(), (Texts{"site.changed a"}));
    auto const event = feed.read(1, 1).events.front();
    EXPECT_EQ(event->event().county, "永济市");
    EXPECT_EQ(event->event().kind, SiteKind::water_section);
    EXPECT_EQ(event->event().position, (LonLat{110.4, 34.9}));
    EXPECT_EQ(event->json(), feature("water-sections", "a"));
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});    // a duplicate changes nothing
    send({parsed("a", "2025-11-06T08:00:00Z", {reading("codmn", "6.8")})});    // an older record neither
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(ChangesTest, AnotherColumnIsNoChangeOfTheOtherSites)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("fluoride", "0.5")})});
    EXPECT_EQ(told(), (Texts{"site.changed a"}));
}

TEST_F(ChangesTest, AReplacedWorldIsOneReset)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});
    intake->replace_world(world({site("a", SiteKind::water_section), site("new", SiteKind::water_section)}));
    EXPECT_EQ(told(), (Texts{"site.changed a", "reset "}));
    EXPECT_EQ(feed.read(2, 1).events.front()->json(), R"({"reason":"reloaded"})");
}

}  // namespace
}  // namespace yihong::testing
