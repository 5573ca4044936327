// Stories whose log was touched from outside: shown, and shown to be wrong.
#include "story.hpp"

#include "world_fixture.hpp"

#include "yihong/write/chained_hash.hpp"

namespace yihong::alerts {
namespace {

using yihong::testing::MemoryStore;

std::string document(int step)
{
    return R"({"data":{"event":{"kind":"opened","at":"2026-03-02T00:00:00Z","by":"engine","from":"engine","note":")" +
           std::to_string(step) + R"(","links":[]},"text":{"zh":{"title":"标","body":"文"},"en":{"title":"t","body":"b"}}}})";
}

/// Steps of `a`, `b`, `a`, chained as they should be.
std::vector<JournalEntry> steps()
{
    std::vector<JournalEntry> all;
    std::string hash;
    for (int i = 1; i <= 3; ++i) {
        hash = chained_hash(hash, document(i));
        all.push_back({static_cast<std::uint64_t>(i), "alert", i == 2 ? "b" : "a", {}, document(i), hash});
    }
    return all;
}

Story story_of(std::string_view alert, std::vector<JournalEntry> log)
{
    MemoryStore store;
    WriteGroup group;
    group.journal = std::move(log);
    store.commit(group);
    return read_story(store, alert);
}

TEST(Story, RunsThroughTheLogOfAllAlerts)
{
    auto const story = story_of("a", steps());
    ASSERT_EQ(story.steps.size(), 2U);
    EXPECT_TRUE(story.is_verified());
    EXPECT_EQ(story.steps[0].previous, "");
    EXPECT_EQ(story.steps[1].previous, steps()[1].hash);
    EXPECT_EQ(story.steps[1].note, "3");
    EXPECT_EQ(story.steps[1].text.title_zh, "标");
}

TEST(Story, AnAlteredDocumentIsSeen)
{
    auto log = steps();
    log[2].document.replace(log[2].document.find("\"3\""), 3, "\"4\"");
    auto const story = story_of("a", log);
    EXPECT_TRUE(story.steps.at(0).verified);
    EXPECT_FALSE(story.steps.at(1).verified);
    EXPECT_FALSE(story.is_verified());
}

TEST(Story, AStepThatIsGoneIsSeen)
{
    auto log = steps();
    log.erase(log.begin() + 1);
    EXPECT_FALSE(story_of("a", log).is_verified());
    EXPECT_FALSE(story_of("b", log).is_verified()) << "a story without a step is none";
}

TEST(Story, ADamagedDocumentIsShownAsThat)
{
    for (std::string const damaged : {"", "{", "[]", "{\"data\":1}", "\xFF\xFE", R"({"data":{"event":{"kind":1}}})"}) {
        auto log = steps();
        log[0].document = damaged;
        auto const story = story_of("a", log);
        ASSERT_EQ(story.steps.size(), 2U);
        EXPECT_FALSE(story.steps[0].readable);
        EXPECT_FALSE(story.steps[0].verified);
        EXPECT_EQ(story.steps[0].kind, "");
        EXPECT_TRUE(story.steps[1].readable);
    }
}

}  // namespace
}  // namespace yihong::alerts
