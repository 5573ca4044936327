// The Beijing text beside every time of alerts and silences over HTTP.
#include "fixture.hpp"

#include "yihong/base/beijing_text.hpp"

namespace yihong::alerts::testing {
namespace {

/// Every member below `element` that is a time, and whether its text stands beside it. Evidence is shown as it was kept.
void expect_texts(simdjson::dom::element element, std::string const& place, std::size_t& seen)
{
    if (simdjson::dom::array array; element.get(array) == simdjson::SUCCESS)
        for (auto const one : array)
            expect_texts(one, place + "[]", seen);
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
        return;
    for (auto const [name, value] : object) {
        auto const here = place + "/" + std::string{name};
        if (name == "data")
            continue;
        if (std::string_view text; value.get(text) == simdjson::SUCCESS)
            if (auto const time = parse_rfc3339(text)) {
                ++seen;
                std::string_view beside;
                EXPECT_EQ(object[std::string{name} + "_beijing"].get(beside), simdjson::SUCCESS) << here;
                EXPECT_EQ(beside, beijing_text(*time)) << here;
            }
        expect_texts(value, here, seen);
    }
}

TEST_F(AlertRoutes, HaveTheBeijingTextBesideEveryTime)
{
    measure("upper", "2026-03-02T00:00:00Z", "1.31", "2026-03-02T04:05:00Z");
    measure("upper", "2026-03-02T04:00:00Z", "1.50", "2026-03-02T08:05:00Z");
    auto const alert = "/api/v1/alerts/upper-water-20260302T000000Z";
    auto const acknowledged = operate("POST", alert + std::string{"/acknowledge"}, R"({"by":"李值班"})");
    ASSERT_EQ(acknowledged.status, 200);
    auto const end = format_rfc3339(utc_now() + std::chrono::hours{2});
    auto const silenced = operate("POST", "/api/v1/silences", fmt::format(R"({{"site":"upper","end":"{}","reason":"检修"}})", end));
    ASSERT_EQ(silenced.status, 201);

    auto const seen_in = [](std::string const& body) {
        simdjson::dom::parser parser;
        std::size_t seen = 0;
        expect_texts(parser.parse(body), "", seen);
        return seen;
    };
    EXPECT_GE(seen_in(get("/api/v1/alerts").body), 8U) << "of the alert and of its items";
    EXPECT_GE(seen_in(get(alert).body), 12U) << "of its steps too";
    EXPECT_GE(seen_in(acknowledged.body), 8U);
    EXPECT_EQ(seen_in(get("/api/v1/silences").body), 3U);
    EXPECT_EQ(seen_in(silenced.body), 3U);
    EXPECT_EQ(json(alert).at("/closed_at_beijing"), "null");
    EXPECT_EQ(json(alert).at("/first_time_beijing"), "北京时间 2026-03-02 08:00");
    EXPECT_EQ(get("/api/v1/alerts/log", {{"Authorization", "Bearer duty-secret"}}).body.find("_beijing"), std::string::npos)
        << "documents of the chain stay as they are";
}

}  // namespace
}  // namespace yihong::alerts::testing
