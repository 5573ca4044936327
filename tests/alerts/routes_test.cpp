// The routes of alerts over real sockets: what is listed, told, changed and refused.
#include "fixture.hpp"

#include "story.hpp"

#include "yihong/write/chained_hash.hpp"

#include <future>

namespace yihong::alerts::testing {
namespace {

std::string const upper = "upper-water-20260302T000000Z";
std::string const lower = "lower-water-20260302T040000Z";

class TwoAlerts : public AlertRoutes {
protected:
    void SetUp() override
    {
        AlertRoutes::SetUp();
        measure("upper", "2026-03-02T00:00:00Z", "1.31", "2026-03-02T04:05:00Z");
        measure("upper", "2026-03-02T04:00:00Z", "1.50", "2026-03-02T08:05:00Z");      // now it is an alert
        measure("lower", "2026-03-02T04:00:00Z", "1.20", "2026-03-02T08:06:00Z");      // still a notice
    }
};

TEST_F(TwoAlerts, AreListedNewestFirstAndFiltered)
{
    using Ids = std::vector<std::string>;
    EXPECT_EQ(ids("/api/v1/alerts"), (Ids{lower, upper}));
    EXPECT_EQ(ids("/api/v1/alerts?severity=notice"), (Ids{lower, upper}));
    EXPECT_EQ(ids("/api/v1/alerts?severity=alert"), Ids{upper});
    EXPECT_EQ(ids("/api/v1/alerts?severity=high"), Ids{});
    EXPECT_EQ(ids("/api/v1/alerts?site=lower"), Ids{lower});
    EXPECT_EQ(ids("/api/v1/alerts?county=%E6%B2%B3%E6%B4%A5%E5%B8%82"), Ids{upper});
    EXPECT_EQ(ids("/api/v1/alerts?river=%E6%B1%BE%E6%B2%B3&site=upper"), Ids{upper});
    EXPECT_EQ(ids("/api/v1/alerts?river=nowhere"), Ids{});
    EXPECT_EQ(ids("/api/v1/alerts?rule=below-class-iii"), Ids{upper});
    EXPECT_EQ(ids("/api/v1/alerts?family=air"), Ids{});
    EXPECT_EQ(ids("/api/v1/alerts?family=water"), (Ids{lower, upper}));
    EXPECT_EQ(ids("/api/v1/alerts?datetime=2026-03-02T08:00:00Z/.."), Ids{lower});
    EXPECT_EQ(ids("/api/v1/alerts?datetime=../2026-03-02T08:00:00Z"), Ids{upper});
    ASSERT_EQ(operate("POST", "/api/v1/alerts/" + upper + "/acknowledge").status, 200);
    EXPECT_EQ(ids("/api/v1/alerts?state=open"), Ids{lower});
    EXPECT_EQ(ids("/api/v1/alerts?state=open,acknowledged"), (Ids{lower, upper}));
    EXPECT_EQ(ids("/api/v1/alerts?state=resolved,closed"), Ids{});
    auto const one = json("/api/v1/alerts?site=upper");
    EXPECT_EQ(one.at("/numberMatched"), "1");
    EXPECT_EQ(one.at("/alerts/0/severity"), "alert");
    EXPECT_EQ(one.at("/alerts/0/pollutants/0/value"), "1.5");
    EXPECT_EQ(one.at("/alerts/0/position/0"), "110.5");
}

TEST_F(TwoAlerts, RulesAreListedAndTriedOnWhatIsStored)
{
    auto const rules = json("/api/v1/alerts/rules");
    EXPECT_EQ(rules.size("/rules"), current->alerts->rules.size());
    EXPECT_EQ(rules.at("/rules/0/id"), current->alerts->rules.front().id);
    EXPECT_NE(rules.at("/rules/0/description"), "");

    std::string const days = "/api/v1/alerts/backtest?datetime=2026-03-01/2026-03-03";
    auto const tried = [&](std::string const& more, std::string_view body = {}) {
        auto const reply = operate("POST", days + more, body);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json{reply.body};
    };
    auto const all = tried("");
    EXPECT_EQ(all.at("/records"), "3");
    EXPECT_EQ(all.at("/numberMatched"), "2");
    EXPECT_EQ(all.at("/alerts/0/peak_severity"), "alert");
    EXPECT_EQ(tried("&rule=exceed-notice").at("/alerts/0/peak_severity"), "notice");
    EXPECT_EQ(tried("&site=lower").at("/numberReturned"), "1");
    auto const other = tried("", "mine");
    EXPECT_EQ(other.size("/rules"), 1U);
    EXPECT_EQ(other.at("/rules/0/rule"), "mine");
    EXPECT_EQ(other.at("/rules/0/alerts"), "2");
    EXPECT_EQ(ids("/api/v1/alerts").size(), 2U) << "nothing was written";

    auto const refused = [&](std::string const& target, std::string_view body = {}) {
        auto const reply = operate("POST", target, body);
        EXPECT_EQ(reply.status, 400) << reply.body;
        return Json{reply.body}.at("/detail");
    };
    EXPECT_TRUE(refused("/api/v1/alerts/backtest").starts_with("datetime:"));
    EXPECT_TRUE(refused(days + "&rule=nothing").starts_with("rule: no rule is called 'nothing'"));
    EXPECT_TRUE(refused(days + "&site=nowhere").starts_with("site: 'nowhere'"));
    EXPECT_EQ(refused(days, "two words"), "rules:1:1: wrong\nrules:2:1: wrong too");
    EXPECT_EQ(http::request("127.0.0.1", server->port(), "POST", days, {{"Authorization", "Bearer map-secret"}}).status, 403);
}

TEST_F(AlertRoutes, PagesStayRightWhileAlertsAreRaised)
{
    for (int n = 1; n <= 9; ++n)                   // each a notice that ends before the next day
        for (int i = 0; i < 4; ++i)
            measure("upper", fmt::format("2026-03-{:02}T{:02}:00:00Z", 2 * n, 4 * i), i == 0 ? "1.31" : "0.2",
                    fmt::format("2026-03-{:02}T{:02}:05:00Z", 2 * n, 4 * i + 4));
    std::vector<std::string> all;
    std::string next = "/api/v1/alerts?state=closed&limit=4";
    int pages = 0;
    while (next != "(none)") {
        auto const reply = get(next);
        ASSERT_EQ(reply.status, 200) << reply.body;
        auto const page = Json{reply.body};
        EXPECT_EQ(page.at("/numberMatched"), "9");
        for (std::size_t i = 0; i < page.size("/alerts"); ++i)
            all.push_back(page.at(fmt::format("/alerts/{}/id", i)));
        auto const href = page.at("/links/1/href");
        EXPECT_EQ(reply.header("Link") != nullptr, href != "(none)");
        next = href == "(none)" ? href : href.substr(href.find("/api"));
        if (++pages == 1)                          // another section: stands before every page
            measure("lower", "2026-03-30T00:00:00Z", "1.31", "2026-03-30T04:05:00Z");
    }
    EXPECT_EQ(pages, 3);
    ASSERT_EQ(all.size(), 9U);
    EXPECT_TRUE(std::ranges::is_sorted(all, std::greater{}));
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST_F(TwoAlerts, AnswerTheSameTagWith304UntilOneChanges)
{
    for (std::string const target : {"/api/v1/alerts", "/api/v1/alerts?limit=1", "/api/v1/silences"}) {
        auto const first = get(target);
        ASSERT_NE(first.header("ETag"), nullptr) << target;
        EXPECT_EQ(get(target, {{"If-None-Match", *first.header("ETag")}}).status, 304) << target;
    }
    auto const target = "/api/v1/alerts/" + upper;
    auto const first = get(target);
    ASSERT_NE(first.header("ETag"), nullptr);
    EXPECT_EQ(get(target, {{"If-None-Match", *first.header("ETag")}}).status, 304);
    EXPECT_EQ(get(target, {{"If-None-Match", *first.header("ETag")}, {"Authorization", "Bearer duty-secret"}}).status, 200)
        << "it tells more to who may operate";
    ASSERT_EQ(operate("POST", target + "/comment", R"({"note":"看到了"})").status, 200);
    EXPECT_EQ(get(target, {{"If-None-Match", *first.header("ETag")}}).status, 200);
}

TEST_F(TwoAlerts, TellTheirWholeStory)
{
    ASSERT_EQ(operate("POST", "/api/v1/alerts/" + upper + "/acknowledge",
                      R"({"by":"李值班","note":"已通知","links":["https://example.invalid/a.jpg"]})")
                  .status,
              200);
    auto const story = json("/api/v1/alerts/" + upper, "duty-secret");
    EXPECT_EQ(story.at("/id"), upper);
    EXPECT_EQ(story.at("/state"), "acknowledged");
    ASSERT_EQ(story.size("/causes"), 2U) << "the gravest first";
    EXPECT_EQ(story.at("/causes/0/rule"), "below-class-iii");
    EXPECT_EQ(story.at("/causes/0/severity"), "alert");
    EXPECT_EQ(story.at("/causes/0/description"), "连续2次有效数据同一指标劣于Ⅲ类");
    EXPECT_EQ(story.at("/causes/0/since"), "2026-03-02T00:00:00Z");
    EXPECT_EQ(story.at("/causes/0/since_beijing"), "北京时间 2026-03-02 08:00");
    EXPECT_EQ(story.at("/causes/1/rule"), "exceed-notice");
    ASSERT_EQ(story.size("/history"), 3U);
    EXPECT_EQ(story.at("/history/0/kind"), "opened");
    EXPECT_EQ(story.at("/history/0/by"), "engine");
    EXPECT_EQ(story.at("/history/0/previous_hash"), "null");
    EXPECT_EQ(story.at("/history/1/kind"), "escalated");
    EXPECT_EQ(story.at("/history/1/previous_hash"), story.at("/history/0/hash"));
    EXPECT_EQ(story.at("/history/2/kind"), "acknowledged");
    EXPECT_EQ(story.at("/history/2/by"), "李值班");
    EXPECT_EQ(story.at("/history/2/from"), "127.0.0.1 token=duty");
    EXPECT_EQ(story.at("/history/2/note"), "已通知");
    EXPECT_EQ(story.at("/history/2/links/0"), "https://example.invalid/a.jpg");
    EXPECT_EQ(story.at("/history/2/number"), "4") << "the other alert took a step between";
    EXPECT_NE(story.at("/history/0/text/zh/title").find("断面 upper"), std::string::npos);
    ASSERT_EQ(story.size("/evidence"), 2U);
    EXPECT_EQ(story.at("/evidence/1/step"), "2");
    EXPECT_EQ(story.at("/evidence/1/data/records/0/values/ammonia_nitrogen"), "1.5");
    EXPECT_EQ(story.at("/evidence/1/data/judgement/items/0/clause_zh"), "表1 第7项");
    EXPECT_EQ(story.at("/chain/verified"), "true");
    EXPECT_NE(get("/api/v1/alerts/" + upper).body.find(R"("ammonia_nitrogen":1.50})"), std::string::npos) << "digits as they came";
    EXPECT_TRUE(story.at("/links/3/href").ends_with("/api/v1/alerts/" + upper + "/cap"));
    EXPECT_TRUE(story.at("/links/4/href").ends_with("/collections/water-sections/items/upper"));
    EXPECT_TRUE(story.at("/links/5/href").ends_with("/api/v1/sites/upper/readings?datetime=2026-03-02T00:00:00Z/2026-03-02T04:00:00Z"));

    auto const for_everybody = get("/api/v1/alerts/" + upper).body;
    EXPECT_EQ(for_everybody.find("token=duty"), std::string::npos);
    EXPECT_EQ(get("/api/v1/alerts/" + upper, {{"Authorization", "Bearer map-secret"}}).body.find("token=duty"), std::string::npos);
    EXPECT_EQ(get("/api/v1/alerts/" + upper + "?f=html").body.find("token=duty"), std::string::npos);
    EXPECT_EQ(for_everybody.find("13800000000"), std::string::npos) << "recipients are for the channels";
}

TEST_F(AlertRoutes, ThePageIsToPrintAndEscapesEverything)
{
    measure("evil", "2026-03-02T00:00:00Z", "1.31", "2026-03-02T04:05:00Z");
    measure("evil", "2026-03-02T04:00:00Z", "1.31", "2026-03-02T08:05:00Z");
    std::string const id = "evil-water-20260302T000000Z";
    ASSERT_EQ(
        operate(
            "POST", "/api/v1/alerts/" + id + "/assign",
            R"({"by":"<b>李</b>","assignee":"<i>张</i>","note":"</td><img src=x onerror=alert(2)>","links":["https://example.invalid/\"onclick=\"x"]})")
            .status,
        200);
    auto const page = get("/api/v1/alerts/" + id, {{"Accept", "text/html,*/*"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.header("Content-Type")->starts_with("text/html"));
    ASSERT_NE(page.header("Content-Security-Policy"), nullptr);
    EXPECT_NE(page.header("Vary")->find("Accept"), std::string::npos);
    for (auto const* attack : {"<script", "<b>", "<i>", "<img", "onerror=alert(2)>", "\" onload", "\"onclick"})
        EXPECT_EQ(page.body.find(attack), std::string::npos) << attack;
    for (auto const* part : {"&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;李&lt;/b&gt;", "@media print", "GB 3838-2002", "表1 第7项",
                             "1.31 mg/L", "交办", "证据：第 2 步，升级", "每一步都与日志中的前一步相符"})
        EXPECT_NE(page.body.find(part), std::string::npos) << part << "\n" << page.body;
    EXPECT_EQ(page.body.find("王某"), std::string::npos) << "recipients are for the channels";
    EXPECT_EQ(page.body.find("/raw\""), std::string::npos) << "no frame, no link to one";
    EXPECT_EQ(get("/api/v1/alerts/" + id, {{"Accept", "application/json"}}).body.front(), '{');
    EXPECT_EQ(get("/api/v1/alerts/" + id + "?f=pdf").status, 400);
}

TEST_F(AlertRoutes, ThePageShowsFramesWithoutTheirPasswords)
{
    ParsedBatch parsed_batch;
    parsed_batch.records.push_back(
        parsed("lower", "2026-03-02T00:00:00Z", {reading("ph", "8.1", "D"), reading("ammonia_nitrogen", "1.31")}));
    auto batch = core->intake.prepare(std::move(parsed_batch), "hj212", *current, at("2026-03-02T04:05:00Z"));
    RawFrame frame;
    frame.site = current->sites->find("lower")->number;
    frame.interval = IntervalKind::four_hours;
    frame.time = at("2026-03-02T00:00:00Z");
    frame.received_at = at("2026-03-02T04:05:00Z");
    frame.bytes = "##0101QN=1;ST=21;CN=2061;PW=123456;MN=<A>;Flag=5;CP=&&x&&1C80\r\n";
    batch.frames.push_back({frame, 0});
    (void)core->intake.submit_and_wait(std::move(batch));
    measure("lower", "2026-03-02T04:00:00Z", "1.31", "2026-03-02T08:05:00Z");
    auto const list = json("/api/v1/alerts");
    ASSERT_EQ(list.size("/alerts"), 1U);
    auto const page = get("/api/v1/alerts/" + list.at("/alerts/0/id") + "?f=html").body;
    EXPECT_NE(page.find("PW=******;MN=&lt;A&gt;;"), std::string::npos) << page;
    EXPECT_EQ(page.find("123456"), std::string::npos);
    EXPECT_NE(page.find("/api/v1/sites/lower/readings/2026-03-02T00:00:00Z/raw\""), std::string::npos);
    EXPECT_NE(page.find("8.1 [D]"), std::string::npos) << "a flag that is not N";
    EXPECT_EQ(page.find("/api/v1/sites/lower/readings/2026-03-02T04:00:00Z/raw\""), std::string::npos);
}

TEST_F(AlertRoutes, ThePageBeginsWithOneSheetAndRepeatsNothingBehindIt)
{
    for (int i = 0; i < 6; ++i) {
        auto const time = at("2026-03-02T00:00:00Z") + std::chrono::hours{4 * i};
        ParsedBatch parsed_batch;
        parsed_batch.records.push_back(
            parsed("lower", format_rfc3339(time), {reading("ph", "8.1"), reading("ammonia_nitrogen", "1.3" + std::to_string(i))}));
        auto const received = time + std::chrono::minutes{245};
        auto batch = core->intake.prepare(std::move(parsed_batch), "hj212", *current, received);
        RawFrame frame;
        frame.site = current->sites->find("lower")->number;
        frame.interval = IntervalKind::four_hours;
        frame.time = time;
        frame.received_at = received;
        frame.bytes = "##0101QN=" + std::to_string(i) + ";ST=21;CN=2061;PW=123456;MN=A;Flag=5;CP=&&x&&1C80\r\n";
        batch.frames.push_back({frame, 0});
        (void)core->intake.submit_and_wait(std::move(batch));
    }
    auto const list = json("/api/v1/alerts");
    ASSERT_EQ(list.size("/alerts"), 1U);
    auto const page = get("/api/v1/alerts/" + list.at("/alerts/0/id") + "?f=html").body;
    auto const count = [&](std::string const& text) {
        std::size_t found = 0;
        for (auto at = page.find(text); at != std::string::npos; at = page.find(text, at + 1))
            ++found;
        return found;
    };
    for (int i = 0; i < 6; ++i)
        EXPECT_LE(count("QN=" + std::to_string(i) + ";"), 1U) << "a frame stands once";
    EXPECT_GE(count("QN=0;"), 1U);
    auto const annex = page.find("class=\"annex\"");
    ASSERT_NE(annex, std::string::npos);
    for (auto const* part : {"待确认", "持续", "超标项目", "触发的规则", "全过程", "值班", "SHA-256"}) {
        auto const found = page.find(part);
        EXPECT_LT(found, annex) << part << " belongs on the first sheet";
    }
    EXPECT_GT(page.find("原始报文"), annex);
}

TEST_F(AlertRoutes, AnAlertOfTheServiceItselfHasNoSite)
{
    Alert alert;
    alert.id = "service-20260302T000000Z";
    alert.family = AlertFamily::service;
    alert.opened_at = alert.updated_at = at("2026-03-02T00:00:00Z");
    AlertContext const context{*current, {}};
    StoryLinks const links{"http://127.0.0.1", ""};
    auto const page = story_as_html(alert, {}, context, links, false);
    EXPECT_NE(page.find("服务自身"), std::string::npos) << page;
    EXPECT_EQ(page.find("/collections/"), std::string::npos) << "nowhere to lead to";
    auto const story = Json{story_as_json(alert, {}, context, links, false)};
    EXPECT_EQ(story.at("/family"), "service");
    EXPECT_EQ(story.at("/chain/verified"), "false") << "without a step there is nothing to verify";
    EXPECT_EQ(story.size("/links"), 4U);
}

TEST_F(TwoAlerts, PassThroughTheirStatesByHand)
{
    auto const path = "/api/v1/alerts/" + upper + "/";
    auto const state_after = [&](std::string const& action, std::string_view body) {
        auto const reply = operate("POST", path + action, body);
        EXPECT_EQ(reply.status, 200) << action << " " << reply.body;
        auto const shown = json("/api/v1/alerts?site=upper");
        EXPECT_EQ(shown.at("/alerts/0"), Json{reply.body}.at("")) << "the answer is what the next reader sees";
        return shown.at("/alerts/0/state");
    };
    EXPECT_EQ(state_after("acknowledge", ""), "acknowledged");
    EXPECT_EQ(json("/api/v1/alerts?site=upper").at("/alerts/0/acknowledged_by"), "duty") << "the name of the token";
    EXPECT_EQ(state_after("assign", R"({"by":"李","assignee":"河津市河长办","major":true})"), "acknowledged");
    EXPECT_EQ(json("/api/v1/alerts?site=upper").at("/alerts/0/deadlines/major"), "true");
    EXPECT_EQ(state_after("progress", R"({"note":"已派人"})"), "acknowledged");
    EXPECT_EQ(state_after("comment", R"({"note":"两行\n说明"})"), "acknowledged");
    EXPECT_EQ(state_after("resolve", "{}"), "resolved");
    EXPECT_EQ(operate("POST", path + "acknowledge").status, 409);
    EXPECT_EQ(operate("POST", path + "close").status, 409) << "the readings have not recovered";
    EXPECT_EQ(state_after("reopen", "{}"), "open");
    auto const until = format_rfc3339(std::chrono::floor<std::chrono::seconds>(utc_now()) + std::chrono::hours{5});
    EXPECT_EQ(state_after("silence", fmt::format(R"({{"until":"{}"}})", until)), "open");
    EXPECT_EQ(json("/api/v1/alerts?site=upper").at("/alerts/0/silent_until"), until);
    EXPECT_EQ(operate("POST", path + "silence", R"({"until":"2027-12-01T00:00:00Z"})").status, 400) << "more than 90 days";
    for (int i = 2; i < 5; ++i)
        measure("upper", fmt::format("2026-03-02T{:02}:00:00Z", 4 * i), "0.2", fmt::format("2026-03-02T{:02}:05:00Z", 4 * i + 3));
    EXPECT_EQ(state_after("close", "{}"), "closed");
    EXPECT_EQ(json("/api/v1/alerts/" + upper).at("/chain/verified"), "true");
}

TEST_F(TwoAlerts, RefuseWhatTheyDoNotUnderstand)
{
    auto const path = "/api/v1/alerts/" + upper + "/";
    auto const refused = [&](std::string const& action, std::string_view body, int status, std::string_view why) {
        auto const reply = operate("POST", path + action, body);
        EXPECT_EQ(reply.status, status) << action << " " << body << " " << reply.body;
        EXPECT_NE(reply.body.find(why), std::string::npos) << reply.body;
    };
    refused("acknowledge", "{\"by\":\"a\",\n\"note\":}", 400, "line 2, column 8");
    refused("acknowledge", "[]", 400, "must be a JSON object");
    refused("acknowledge", "{} {}", 400, "line 1, column 4");
    refused("acknowledge", "\xFF", 400, "UTF-8");
    refused("acknowledge", R"({"who":"a"})", 400, "'who' is not a member here; known: by note links");
    refused("acknowledge", R"({"until":"2026-12-01T00:00:00Z"})", 400, "'until' is not a member here");
    refused("acknowledge", R"({"by":1})", 400, "by: must be a text");
    refused("acknowledge", R"({"by":"a","by":"b"})", 400, "by: stands there twice");
    refused("acknowledge", R"({"by":"a\nX-Forged: b"})", 400, "by: holds control characters");
    refused("acknowledge", R"x({"links":["javascript:alert(1)"]})x", 400, "links");
    refused("acknowledge", R"({"links":[1]})", 400, "links: must be a text");
    refused("acknowledge", R"({"note":")" + std::string(5000, 'x') + "\"}", 413, "note");
    refused("acknowledge", R"({"note":")" + std::string(100'000, 'x') + "\"}", 413, "");
    refused("comment", "{}", 400, "note");
    refused("assign", R"({"assignee":"a","major":1})", 400, "major: must be true or false");
    refused("silence", R"({"until":"tomorrow"})", 400, "until");
    refused("silence", R"({"until":"2020-01-01T00:00:00Z"})", 400, "until");
    refused("acknowledge?x=1", "{}", 400, "'x'");
    refused("explode", "{}", 404, "");
    EXPECT_EQ(operate("GET", path + "acknowledge").status, 405);
    EXPECT_EQ(operate("POST", "/api/v1/alerts/nobody/acknowledge").status, 404);
    EXPECT_EQ(get("/api/v1/alerts/nobody").status, 404);
    EXPECT_EQ(http::request("127.0.0.1", server->port(), "POST", path + "acknowledge", {}, "{}").status, 401);
    EXPECT_EQ(
        http::request("127.0.0.1", server->port(), "POST", path + "acknowledge", {{"Authorization", "Bearer map-secret"}}, "{}").status,
        403);
    for (auto const* bad : {"?state=asleep", "?state=", "?severity=5", "?family=fire", "?datetime=never", "?limit=0", "?limit=x",
                            "?after=nobody", "?colour=red"})
        EXPECT_EQ(get(std::string{"/api/v1/alerts"} + bad).status, 400) << bad;
    EXPECT_EQ(json("/api/v1/alerts?site=upper").at("/alerts/0/steps"), "2") << "nothing happened";
}

TEST_F(TwoAlerts, ALostCommitIsToldAndChangesNothing)
{
    auto const path = "/api/v1/alerts/" + upper + "/";
    store.broken = true;
    auto const lost = operate("POST", path + "acknowledge");
    EXPECT_EQ(lost.status, 503);
    EXPECT_NE(lost.body.find("store_unavailable"), std::string::npos);
    auto const soon = format_rfc3339(utc_now() + std::chrono::hours{2});
    EXPECT_EQ(operate("POST", "/api/v1/silences", fmt::format(R"({{"reason":"r","end":"{}"}})", soon)).status, 503);
    store.broken = false;
    EXPECT_EQ(json("/api/v1/alerts?site=upper").at("/alerts/0/state"), "open");
    EXPECT_EQ(operate("POST", path + "acknowledge").status, 200);
    EXPECT_EQ(json("/api/v1/alerts/" + upper).at("/chain/verified"), "true");
}

TEST_F(AlertRoutes, SilencesKeepTheChannelsQuietUntilTheyEnd)
{
    auto const hours = [](int n) { return format_rfc3339(std::chrono::floor<std::chrono::seconds>(utc_now()) + std::chrono::hours{n}); };
    auto const begun = operate(
        "POST", "/api/v1/silences",
        fmt::format(
            R"({{"county":"河津市","rule":"exceed-notice","begin":"2026-03-01T00:00:00+08:00","end":"2026-05-01T00:00:00Z","reason":"检修"}})"));
    EXPECT_EQ(begun.status, 400) << "it is over";
    auto const made =
        operate("POST", "/api/v1/silences", fmt::format(R"({{"site":"upper","end":"{}","reason":"检修","by":"李"}})", hours(2)));
    ASSERT_EQ(made.status, 201) << made.body;
    auto const id = Json{made.body}.at("/id");
    auto const second = operate("POST", "/api/v1/silences", fmt::format(R"({{"county":"河津市","end":"{}","reason":"演练"}})", hours(3)));
    ASSERT_EQ(second.status, 201) << second.body;
    auto const all = json("/api/v1/silences");
    ASSERT_EQ(all.size("/silences"), 2U);
    EXPECT_EQ(all.at("/silences/0/id"), id);
    EXPECT_EQ(all.at("/silences/0/site"), "upper");
    EXPECT_EQ(all.at("/silences/0/river"), "null");
    EXPECT_EQ(all.at("/silences/0/by"), "李");
    EXPECT_EQ(all.at("/silences/1/by"), "duty") << "the name of the token";
    auto const now = utc_now();
    send({parsed("upper", format_rfc3339(now - std::chrono::hours{5}), {reading("ammonia_nitrogen", "1.31")})}, format_rfc3339(now));
    EXPECT_EQ(json("/api/v1/alerts").size("/alerts"), 1U) << "raised and kept all the same";
    EXPECT_TRUE(store.outbox("alert:duty", 0, 10).empty());
    EXPECT_EQ(operate("DELETE", "/api/v1/silences/" + id).status, 204);
    EXPECT_EQ(operate("DELETE", "/api/v1/silences/" + id).status, 404);
    EXPECT_EQ(operate("DELETE", "/api/v1/silences/" + Json{second.body}.at("/id")).status, 204);
    EXPECT_EQ(json("/api/v1/silences").size("/silences"), 0U);
    EXPECT_TRUE(store.silences().empty());
    send({parsed("upper", format_rfc3339(now - std::chrono::hours{1}), {reading("ammonia_nitrogen", "1.31")})}, format_rfc3339(now));
    EXPECT_EQ(store.outbox("alert:duty", 0, 10).size(), 1U) << "told again";

    auto const refused = [&](std::string const& body, std::string_view why) {
        auto const reply = operate("POST", "/api/v1/silences", body);
        EXPECT_EQ(reply.status, 400) << body;
        EXPECT_NE(reply.body.find(why), std::string::npos) << reply.body;
    };
    auto const end = R"("end":")" + hours(2) + R"(","reason":"r")";
    refused("{}", "end");
    refused("", "JSON object");
    refused(R"({"end":")" + hours(2) + "\"}", "reason");
    refused(R"({"end":")" + hours(24 * 91) + R"(","reason":"r"})", "90 days");
    refused(R"({"site":"nobody",)" + end + "}", "unknown_site");
    refused(R"({"rule":"nothing",)" + end + "}", "no rule is called 'nothing'");
    refused(R"({"river":"Nile",)" + end + "}", "no site's river is called 'Nile'");
    refused(R"({"county":"nowhere",)" + end + "}", "no site's county");
    refused(R"({"colour":"red",)" + end + "}", "'colour' is not a member here");
    EXPECT_EQ(http::request("127.0.0.1", server->port(), "POST", "/api/v1/silences", {}, "{}").status, 401);
    EXPECT_EQ(http::request("127.0.0.1", server->port(), "DELETE", "/api/v1/silences/1", {}).status, 401);
}

TEST_F(AlertRoutes, SilencesAreNotWithoutNumber)
{
    auto const now = utc_now();
    auto const end = now + std::chrono::hours{2};
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(core->carry_out(BeginSilence{{.id = std::to_string(i),
                                                  .site = "upper",
                                                  .river = {},
                                                  .county = {},
                                                  .rule = {},
                                                  .begin = now,
                                                  .end = end,
                                                  .reason = "r",
                                                  .author = "a",
                                                  .created_at = now}}));
    auto const body = fmt::format(R"({{"end":"{}","reason":"r"}})", format_rfc3339(end));
    EXPECT_EQ(operate("POST", "/api/v1/silences", body).status, 409);
    EXPECT_EQ(operate("DELETE", "/api/v1/silences/7").status, 204);
    EXPECT_EQ(operate("POST", "/api/v1/silences", body).status, 201);
}

TEST_F(TwoAlerts, TheLogIsWholeAndChained)
{
    ASSERT_EQ(operate("POST", "/api/v1/alerts/" + upper + "/acknowledge", R"({"note":"“引号”\t\\ 和 \u0007"})").status, 400);
    ASSERT_EQ(operate("POST", "/api/v1/alerts/" + upper + "/acknowledge", R"({"note":"“引号” \\ 和\n换行"})").status, 200);
    std::string hash;
    std::uint64_t number = 0;
    std::string next = "/api/v1/alerts/log?limit=3";
    int pages = 0;
    while (next != "(none)") {
        auto const page = json(next, "duty-secret");
        ++pages;
        for (std::size_t i = 0; i < page.size("/steps"); ++i) {
            auto const at_step = fmt::format("/steps/{}", i);
            EXPECT_EQ(page.at(at_step + "/number"), std::to_string(++number));
            hash = chained_hash(hash, page.at(at_step + "/document"));
            EXPECT_EQ(page.at(at_step + "/hash"), hash);
        }
        auto const href = page.at("/links/0/href");
        next = href == "(none)" ? href : href.substr(href.find("/api"));
    }
    EXPECT_EQ(number, 4U);
    EXPECT_EQ(pages, 2);
    EXPECT_EQ(json("/api/v1/alerts/log?after=4", "duty-secret").size("/steps"), 0U);
    EXPECT_EQ(get("/api/v1/alerts/log").status, 401);
    EXPECT_EQ(get("/api/v1/alerts/log", {{"Authorization", "Bearer map-secret"}}).status, 403);
    EXPECT_EQ(operate("GET", "/api/v1/alerts/log?after=-1").status, 400);
}

TEST_F(TwoAlerts, AreCounted)
{
    auto const text = metrics_text(*core->state.alerts.load());
    EXPECT_NE(text.find("yihong_alerts{state=\"open\",severity=\"alert\"} 1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("yihong_alerts{state=\"open\",severity=\"notice\"} 1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("yihong_alerts{state=\"closed\",severity=\"high\"} 0\n"), std::string::npos) << text;
    EXPECT_NE(text.find("yihong_alert_steps_total 3\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace yihong::alerts::testing
