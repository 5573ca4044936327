// Closed alerts that have left memory, over real sockets: they are listed behind the others, told and changed all the same.
#include "fixture.hpp"

#include "alert_list.hpp"

namespace yihong::alerts::testing {
namespace {

/// Nine notices of March that closed by themselves and are in the store alone; and one alert that is open.
class OlderAlerts : public AlertRoutes {
protected:
    void SetUp() override
    {
        AlertRoutes::SetUp();
        for (int n = 1; n <= 9; ++n) {
            for (int i = 0; i < 4; ++i)
                measure("upper", fmt::format("2026-03-{:02}T{:02}:00:00Z", 2 * n, 4 * i), i == 0 ? "1.31" : "0.2",
                        fmt::format("2026-03-{:02}T{:02}:05:00Z", 2 * n, 4 * i + 4));
            closed.insert(closed.begin(), fmt::format("upper-water-202603{:02}T000000Z", 2 * n));
        }
        measure("lower", "2026-03-10T00:00:00Z", "1.31", "2026-03-10T04:05:00Z");
        open = "lower-water-20260310T000000Z";
    }
    /// Ids of all pages. \param between is called behind the first page
    std::vector<std::string> all_pages(std::string next, std::function<void()> const& between = [] {}) const
    {
        std::vector<std::string> all;
        for (int pages = 0; next != "(none)" && pages < 20; ++pages) {
            auto const page = json(next);
            for (std::size_t i = 0; i < page.size("/alerts"); ++i)
                all.push_back(page.at(fmt::format("/alerts/{}/id", i)));
            auto const href = page.at("/links/1/href");
            next = href == "(none)" ? href : href.substr(href.find("/api"));
            if (pages == 0)
                between();
        }
        return all;
    }

    std::vector<std::string> closed;               // newest first
    std::string open;
};

TEST_F(OlderAlerts, StandBehindTheOthersInTheList)
{
    EXPECT_EQ(json("/api/v1/alerts").at("/numberMatched"), "10");
    restart();
    EXPECT_EQ(core->state.alerts.load()->alerts.size(), 1U);
    std::vector<std::string> everything{open};
    everything.insert(everything.end(), closed.begin(), closed.end());
    EXPECT_EQ(ids("/api/v1/alerts"), everything);
    for (auto const limit : {1, 2, 3, 5, 9, 10, 11})
        EXPECT_EQ(all_pages(fmt::format("/api/v1/alerts?limit={}", limit)), everything) << limit;
    EXPECT_EQ(all_pages("/api/v1/alerts?state=closed&limit=4"), closed);
    EXPECT_EQ(all_pages("/api/v1/alerts?site=upper&limit=4"), closed);
    EXPECT_EQ(ids("/api/v1/alerts?site=lower"), std::vector{open});
    EXPECT_EQ(ids("/api/v1/alerts?datetime=2026-03-15T00:00:00Z/.."), (std::vector(closed.begin(), closed.begin() + 2)));
    EXPECT_EQ(ids("/api/v1/alerts?datetime=../2026-03-03T00:00:00Z"), std::vector{closed.back()});
    EXPECT_EQ(ids("/api/v1/alerts?severity=alert"), std::vector<std::string>{});
    auto const list = json("/api/v1/alerts?limit=2");
    EXPECT_EQ(list.at("/numberMatched"), "(none)") << "nobody counts those of the store";
    EXPECT_EQ(list.at("/numberReturned"), "2");
    EXPECT_EQ(json("/api/v1/alerts?state=open,acknowledged,resolved").at("/numberMatched"), "1");
    for (auto const* refused : {"?after=nobody", "?after=nobody/x", "?after=%2F"})
        EXPECT_EQ(get(std::string{"/api/v1/alerts"} + refused).status, 400) << refused;
}

TEST_F(OlderAlerts, NoneIsLeftOutWhenTheyLeaveMemoryBetweenTwoPages)
{
    auto all = all_pages("/api/v1/alerts?limit=3", [&] { restart(); });
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    EXPECT_EQ(all.size(), 10U);
}

TEST_F(OlderAlerts, TellTheirStories)
{
    restart();
    auto const target = "/api/v1/alerts/" + closed[3];
    auto const story = json(target);
    EXPECT_EQ(story.at("/id"), closed[3]);
    EXPECT_EQ(story.at("/state"), "closed");
    EXPECT_EQ(story.size("/history"), 3U);
    EXPECT_EQ(story.at("/chain/verified"), "true");
    EXPECT_EQ(get(target).body.find("/collections/alerts/"), std::string::npos) << "it is no feature any more";
    EXPECT_EQ(feature("alerts", closed[3]), "no such feature");
    EXPECT_NE(json("/api/v1/alerts/" + open).at("/links/2/href").find("/collections/alerts/items/" + open), std::string::npos);
    EXPECT_NE(get(target + "?f=html").body.find("每一步都与日志中的前一步相符"), std::string::npos);
    auto const first = get(target);
    ASSERT_NE(first.header("ETag"), nullptr);
    EXPECT_EQ(get(target, {{"If-None-Match", *first.header("ETag")}}).status, 304);
    EXPECT_EQ(get("/api/v1/alerts/nobody").status, 404);
    EXPECT_NE(metrics_text(*core->state.alerts.load()).find("yihong_alert_steps_total 28\n"), std::string::npos) << "none is forgotten";
}

TEST_F(OlderAlerts, CanBeCommentedOnAndReopened)
{
    restart();
    auto const target = "/api/v1/alerts/" + closed[0];
    auto const commented = operate("POST", target + "/comment", R"({"note":"补充调查结论"})");
    EXPECT_EQ(commented.status, 200) << commented.body;
    EXPECT_EQ(json(target).at("/history/3/note"), "补充调查结论");
    EXPECT_EQ(all_pages("/api/v1/alerts?limit=2").size(), 10U) << "once, in memory or behind it";
    EXPECT_EQ(operate("POST", "/api/v1/alerts/" + closed[1] + "/reopen", "{}").status, 409) << "there is a newer one";
    EXPECT_EQ(operate("POST", "/api/v1/alerts/" + closed[1] + "/acknowledge", "{}").status, 409);
    EXPECT_EQ(operate("POST", target + "/reopen", "{}").status, 200);
    EXPECT_EQ(ids("/api/v1/alerts?state=open"), (std::vector{closed[0], open}));
    EXPECT_EQ(operate("POST", "/api/v1/alerts/nobody/comment", R"({"note":"x"})").status, 404);
}

/// Closed alerts of one site, with one of another behind them all.
class ManyClosed final : public Alerts {
public:
    explicit ManyClosed(std::size_t count)
    {
        for (std::size_t n = 0; n < count; ++n) {
            Alert alert;
            alert.id = fmt::format("a-water-{}", n);
            alert.site_id = n + 1 == count ? "b" : "a";
            alert.state = AlertState::closed;
            alert.closed_at = at("2026-03-02T00:00:00Z") - std::chrono::seconds{n};
            alerts_.push_back(std::move(alert));
        }
    }
    std::vector<Alert> open_alerts() const override { return {}; }
    std::vector<Alert> closed_alerts(ClosedAlertsQuery const& query) const override
    {
        auto const from = std::ranges::find_if(alerts_, [&](Alert const& a) { return std::pair{time_closed(a), a.id} < *query.after; });
        auto const left = static_cast<std::size_t>(alerts_.end() - from);
        return {from, from + static_cast<std::ptrdiff_t>(std::min(query.limit, left))};
    }
    std::optional<Alert> find_alert(std::string_view) const override { return std::nullopt; }
    std::vector<Silence> silences() const override { return {}; }

private:
    std::vector<Alert> alerts_;
};

TEST_F(AlertRoutes, APageLooksAtSoManyOfTheStoreAndGoesOnInTheNext)
{
    ManyClosed const store_of_many{2 * looked_at_limit + 10};
    AlertBook book;
    book.closed_since = at("2026-04-01T00:00:00Z");
    AlertFilter filter;
    filter.site = "b";
    std::size_t found = 0, pages = 0;
    do {
        auto const page = read_page(book, store_of_many, filter, {*current, {}}).value();
        EXPECT_EQ(page.matched, std::nullopt);
        found += page.alerts.size();
        filter.after = page.next;
        ++pages;
    } while (!filter.after.empty() && pages < 10);
    EXPECT_EQ(pages, 3U);
    EXPECT_EQ(found, 1U);
}

}  // namespace
}  // namespace yihong::alerts::testing
