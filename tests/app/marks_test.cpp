// Marks of people over HTTP: who, when, why; durable, corrected and withdrawn step by step, in the figures of periods and in reports.
#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view json_type = "application/json";

class MarksOverHttp : public ::testing::Test {
protected:
    void SetUp() override { start(small_config(folder.path())); }
    void start(fs::path const& config)
    {
        service.reset();
        service = std::make_unique<Service>(folder / "data", ServeOptions{.config = config});
        used = config;
    }
    http::ClientReply post(std::string_view path, std::string_view body) const { return service->post(path, json_type, body); }
    http::ClientReply patch(std::string_view path, std::string_view body) const
    {
        return http::request("127.0.0.1", service->port(), "PATCH", path, {{"Content-Type", std::string{json_type}}}, body);
    }
    /// What the service says of a body that does not do.
    std::string refusal(std::string_view body) const
    {
        auto const reply = post("/api/v1/marks", body);
        EXPECT_EQ(reply.status, 400) << reply.body;
        return Json{reply.body}.at("/detail");
    }

    TemporaryFolder folder;
    fs::path used;
    std::unique_ptr<Service> service;
};

TEST_F(MarksOverHttp, AreKeptCorrectedAndWithdrawnStepByStep)
{
    std::string readings = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen,total_phosphorus\n";
    for (int day = 1; day <= 31; ++day)
        readings += fmt::format("a,2025-10-{:02}T00:00:00+08:00,day,8.0,8.1,3.5,{},0.15\n", day, day < 11 ? "0.4" : "3.0");
    (void)service->ingest("text/csv", readings);
    constexpr auto section = "/api/v1/statistics/water-sections?period=2025-10&compare=none&site=a";
    constexpr auto feature = "/collections/section-periods/items/a.2025-10?f=json";
    EXPECT_EQ(service->json(section).at("/sections/0/water_class"), "6");
    auto const made =
        post("/api/v1/marks", R"({"kind":"dry","site":"a","begin":"2025-10-11","reason":"河道无水","document":"12号","by":"李"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(Json{made.body}.at("/time_label"), "2025-10-11起");
    EXPECT_EQ(post("/api/v1/marks", R"({"kind":"dry","site":"a","begin":"2025-10-11","reason":"再次","by":"王"})").status, 409);
    auto const id = Json{made.body}.at("/id");
    auto const dry = service->json(section);
    EXPECT_EQ(dry.at("/sections/0/water_class"), "3");
    EXPECT_EQ(dry.at("/sections/0/as_measured/water_class"), "6");
    EXPECT_EQ(dry.at("/sections/0/marks/0/by"), "李");
    EXPECT_EQ(dry.at("/all/as_measured/good"), "0");
    EXPECT_EQ(service->json(feature).at("/properties/water_class_as_measured"), "6");
    EXPECT_EQ(service->json(feature).at("/properties/days_left_out"), "21");

    auto const corrected = patch("/api/v1/marks/" + id, R"({"end":"2025-10-20","note":"复流","by":"王"})");
    ASSERT_EQ(corrected.status, 200) << corrected.body;
    EXPECT_EQ(Json{corrected.body}.at("/time_label"), "2025-10-11至2025-10-20");
    EXPECT_EQ(service->json(feature).at("/properties/days_left_out"), "10");
    start(used);                                                // it is on disk
    EXPECT_EQ(service->json("/api/v1/marks?kind=dry&site=a&datetime=2025-10-20").size("/marks"), 1U);
    EXPECT_EQ(service->json("/api/v1/marks?datetime=2025-10-21").size("/marks"), 0U);
    EXPECT_EQ(service->json(feature).at("/properties/days_left_out"), "10");

    EXPECT_EQ(post("/api/v1/marks/" + id + "/withdraw", R"({"by":"王"})").status, 400);
    ASSERT_EQ(post("/api/v1/marks/" + id + "/withdraw", R"({"note":"登记有误","by":"王"})").status, 200);
    EXPECT_EQ(post("/api/v1/marks/" + id + "/withdraw", R"({"note":"登记有误","by":"王"})").status, 409);
    EXPECT_EQ(service->json(section).at("/sections/0/water_class"), "6");
    auto const story = service->json("/api/v1/marks/" + id);
    EXPECT_EQ(story.size("/versions"), 3U);
    EXPECT_EQ(story.at("/versions/0/mark/by"), "李");
    EXPECT_EQ(story.at("/versions/1/mark/note"), "复流");
    EXPECT_EQ(story.at("/mark/state"), "withdrawn");
    EXPECT_TRUE(service->logged("mark_withdrawn"));
    EXPECT_EQ(service->get("/api/v1/marks/m99").status, 404);
}

TEST_F(MarksOverHttp, NameTheMemberThatIsWrong)
{
    EXPECT_EQ(refusal(R"({"site":"a","begin":"2025-10-11","reason":"x","by":"x"})"),
              "kind: one of dry, not_measured, background, upstream, dust, stop");
    EXPECT_EQ(refusal(R"({"kind":"dry","begin":"2025-10-11","reason":"x","by":"x"})"), "site: the id of a section or point of a lake");
    EXPECT_EQ(refusal(R"({"kind":"stop","site":"a","begin":"2025-10-11","reason":"x","by":"x"})"),
              "site: 'a' is not the id of an outfall or plant");
    EXPECT_EQ(refusal(R"({"kind":"dry","site":"a","begin":"11.10.2025","reason":"x","by":"x"})"),
              "begin: must be a day of Beijing such as 2025-10-03, or an RFC 3339 time with an offset");
    EXPECT_EQ(refusal(R"({"kind":"dry","site":"a","begin":"2025-10-11T08:00:00+08:00","reason":"x","by":"x"})"),
              "begin, end: this kind is of whole days of Beijing; only a stop has hours");
    EXPECT_EQ(refusal(R"({"kind":"dry","site":"a","begin":"2025-10-11","end":"2025-10-10","reason":"x","by":"x"})"),
              "end: must lie behind begin; a day as an end is part of it");
    EXPECT_EQ(refusal(R"({"kind":"dry","site":"a","begin":"2025-10-11","by":"x"})"), "reason: why it is marked");
    EXPECT_EQ(refusal(R"({"kind":"background","site":"a","begin":"2025-01-01","reason":"x","by":"x","document":"1号"})"),
              "parameters: the items that have a natural background, such as [\"fluoride\"]");
    EXPECT_EQ(refusal(R"({"kind":"background","site":"a","begin":"2025-01-01","reason":"x","by":"x","parameters":["fluoride"]})"),
              "document: the number of the paper that decides it");
    EXPECT_EQ(refusal(R"({"kind":"background","site":"a","begin":"2025-01-01","reason":"x","by":"x","parameters":["unobtainium"]})"),
              "parameters: there is no item 'unobtainium'");
    EXPECT_EQ(refusal(R"({"kind":"dust","place":"无此县","begin":"2025-10-11","reason":"x","by":"x"})"),
              "place: there is no air station of '无此县'");
    EXPECT_EQ(refusal(R"({"kind":"dry","site":"a","begin":"2025-10-11","reason":"x","by":"x","until":"x"})").substr(0, 32),
              "'until' is not a member here; kn");
}

/// Two days of hours at a station of Yuncheng: dust from the second noon on.
std::string dusty_hours()
{
    std::string text = "site,time,interval,pm10,pm25,so2,no2,co,o3\n";
    for (int hour = 0; hour < 48; ++hour)
        text += fmt::format("2175A,2025-04-{:02}T{:02}:00:00+08:00,hour,{},{},10,20,0.5,60\n", 11 + hour / 24, hour % 24,
                            hour < 36 ? 80 : 600, hour < 36 ? 40 : 90);
    return text;
}

TEST_F(MarksOverHttp, DustIsProposedAndDecidedByPeople)
{
    start(shipped_config);
    (void)service->ingest("text/csv", dusty_hours());
    constexpr auto proposals = "/api/v1/marks/dust-proposals?period=2025-04";
    constexpr auto statistics = "/api/v1/statistics/air-stations?period=2025-04&compare=none&site=2175A";
    auto const proposed = service->json(proposals);
    ASSERT_EQ(proposed.size("/proposals"), 1U);
    EXPECT_EQ(proposed.at("/proposals/0/date"), "2025-04-12");
    EXPECT_EQ(proposed.at("/proposals/0/stations/0/pm10_before"), "80");
    EXPECT_EQ(proposed.at("/proposals/0/stations/0/pm10_highest"), "600");
    EXPECT_EQ(service->json(statistics).at("/all/now/as_valid_on_the_day/good"), "1");
    EXPECT_EQ(service->json(statistics).at("/all/as_measured"), "null");

    auto const elsewhere = service->post("/api/v1/marks/dust-list?by=x", "text/csv", "城市,日期\n北京市,2025-04-12\n");
    EXPECT_EQ(elsewhere.status, 400) << elsewhere.body;
    std::string endless = "city,date\n";
    for (int row = 0; row < 5001; ++row)
        endless += "运城市,2025-04-12\n";
    EXPECT_NE(service->post("/api/v1/marks/dust-list?by=x", "text/csv", endless).body.find("at most 5000 rows"), std::string::npos);
    constexpr auto list = "城市,日期\n运城市,2025-04-12\n临汾市,2025-04-12\n";
    auto const taken = service->post("/api/v1/marks/dust-list?document=1%E5%8F%B7&by=%E6%9D%8E", "text/csv", list);
    ASSERT_EQ(taken.status, 201) << taken.body;
    EXPECT_EQ(Json{taken.body}.at("/made"), "1");
    EXPECT_EQ(Json{taken.body}.at("/elsewhere/0"), "临汾市");
    EXPECT_EQ(Json{service->post("/api/v1/marks/dust-list?by=x", "text/csv", list).body}.at("/known"), "1");
    EXPECT_EQ(
        service->post("/api/v1/marks/dust-list?by=x", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04 cut")
            .status,
        400);
    EXPECT_EQ(service->json(proposals).size("/proposals"), 0U);
    auto const marked = service->json(statistics);
    EXPECT_EQ(marked.at("/all/now/as_valid_on_the_day/good"), "2");
    EXPECT_EQ(marked.at("/all/as_measured/now/as_valid_on_the_day/good"), "1");
    EXPECT_EQ(marked.at("/all/as_measured/exceeded_by_dust"), "1");
    EXPECT_EQ(marked.at("/all/as_measured/share_by_dust"), "50.0");
    EXPECT_EQ(marked.at("/all/dust_days/0"), "2025-04-12");
    auto const page = service->get("/api/v1/reports/air-month?period=2025-04&compare=none&site=2175A").body;
    for (auto const text : {"2025年4月沙尘日1天：2025-04-12。", "扣除沙尘后优良2天，未扣除1天（比例50.0%）",
                            "由沙尘天气导致的超标天数1天，比例50.0%", "沙尘，2025-04-12，沙尘天气，列入扣除清单，1号，登记：李。"})
        EXPECT_NE(page.find(text), std::string::npos) << text << page;
    auto const feature = service->json("/collections/air-periods/items/2175A.2025-04?f=json");
    EXPECT_EQ(feature.at("/properties/dust_days"), "1");
    EXPECT_EQ(feature.at("/properties/good_days_as_measured"), "1");
}

TEST_F(MarksOverHttp, ADustDayThatWasTurnedDownIsNotProposedAgain)
{
    start(shipped_config);
    (void)service->ingest("text/csv", dusty_hours());
    constexpr auto proposals = "/api/v1/marks/dust-proposals?period=2025-04";
    ASSERT_EQ(service->json(proposals).size("/proposals"), 1U);
    ASSERT_EQ(post("/api/v1/marks", R"({"kind":"dust","begin":"2025-04-12","reason":"附近施工","by":"李","rejected":true})").status, 201);
    EXPECT_EQ(service->json(proposals).size("/proposals"), 0U);
    EXPECT_EQ(service->json("/api/v1/statistics/air-stations?period=2025-04&compare=none").size("/all/dust_days"), 0U);
    EXPECT_EQ(service->json("/api/v1/marks?state=rejected").size("/marks"), 1U);
}

}  // namespace
}  // namespace yihong::e2e
