// Marks of people are kept version by version, chained, and are there after a restart.
#include "core_fixture.hpp"

#include "yihong/history/mark_keeper.hpp"
#include "yihong/write/chained_hash.hpp"

namespace yihong::testing {
namespace {

class MarkKeeperTest : public CoreFixture {
protected:
    void SetUp() override { restart(); }
    void restart(Committer* committer = nullptr)
    {
        core.reset();
        CoreOptions options;
        options.alerting.clocks = false;
        options.committer = committer;
        auto const known = world({site("a", SiteKind::water_section)});
        current = known;
        core = std::make_unique<Core>(store, known, with_keeper(std::move(options)));
    }
    /// The keeper needs the state of the core, which is made with it: it reaches it a moment later.
    CoreOptions with_keeper(CoreOptions options)
    {
        options.make_more = [this](CurrentState& state) {
            return std::vector<Seat>{{"marks", std::make_shared<MarkKeeper>(store, state)}};
        };
        return options;
    }
    std::optional<MarkOutcome> carry_out(MarkCommand command)
    {
        std::promise<std::optional<MarkOutcome>> promise;
        EXPECT_TRUE(core->writer.submit(MarkJob{std::move(command), [&](auto outcome) { promise.set_value(std::move(outcome)); }}));
        return promise.get_future().get();
    }
    static PeriodMark dry(std::string_view from)
    {
        PeriodMark mark;
        mark.kind = PeriodMarkKind::dry;
        mark.site = "a";
        mark.begin = at(from);
        mark.reason = "河道无水";
        mark.by = "李";
        return mark;
    }
    PeriodMarks marks() const { return core->state.marks.load()->all(); }
};

TEST_F(MarkKeeperTest, KeepsEveryVersionAndFindsThemAfterARestart)
{
    auto made = carry_out(AddMarks{{dry("2025-10-03T00:00:00+08:00")}});
    ASSERT_TRUE(made && *made);
    auto mark = *(**made).front();
    EXPECT_EQ(mark.id, "m1");
    mark.end = at("2025-10-10T00:00:00+08:00");
    mark.parameters = {"codmn"};
    mark.document = "12号";
    mark.note = "河道\"复流\"";
    ASSERT_TRUE(carry_out(ChangeMark{mark}).value());
    auto const stale = carry_out(ChangeMark{mark});             // of a version that is no more
    EXPECT_EQ(stale.value().error().code, Errc::conflict);
    mark.version = 2;
    mark.state = PeriodMarkState::withdrawn;
    ASSERT_TRUE(carry_out(ChangeMark{mark}).value());
    ASSERT_EQ(marks().size(), 1U);
    auto const before = *marks().front();
    EXPECT_EQ(before.version, 3);
    restart();
    ASSERT_EQ(marks().size(), 1U);
    EXPECT_EQ(*marks().front(), before);
    auto const story = store.story(mark_topic, "m1");
    ASSERT_EQ(story.size(), 3U);
    std::string hash;
    for (auto const& entry : story) {
        hash = chained_hash(hash, entry.document);
        EXPECT_EQ(entry.hash, hash);
    }
    auto const next = carry_out(AddMarks{{dry("2025-10-03T00:00:00+08:00")}});  // withdrawn: it can be said again
    EXPECT_EQ((**next).front()->id, "m4");
}

TEST_F(MarkKeeperTest, PassesOverWhatIsMarkedAlready)
{
    auto const one = dry("2025-10-03T00:00:00+08:00");
    auto const other = dry("2025-11-03T00:00:00+08:00");
    EXPECT_EQ((**carry_out(AddMarks{{one, one}})).size(), 1U);
    EXPECT_EQ((**carry_out(AddMarks{{one, other}})).size(), 1U);
    EXPECT_EQ(marks().size(), 2U);
    auto const none = carry_out(ChangeMark{other});
    EXPECT_EQ(none.value().error().code, Errc::not_found);
}

class NoDisk final : public Committer {
public:
    CommitNumber commit(WriteGroup const&) override { throw StoreError{"no space"}; }
    [[nodiscard]] LastCommit last_commit() const override { return {}; }
    void probe() override {}
};

TEST_F(MarkKeeperTest, ShowsNothingThatIsNotOnDisk)
{
    NoDisk broken;
    restart(&broken);
    EXPECT_FALSE(carry_out(AddMarks{{dry("2025-10-03T00:00:00+08:00")}}));
    EXPECT_TRUE(marks().empty());
    core.reset();                                               // before what it writes to
}

}  // namespace
}  // namespace yihong::testing
