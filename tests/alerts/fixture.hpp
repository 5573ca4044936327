#pragma once

#include "core_fixture.hpp"

#include "yihong/alerts/routes.hpp"
#include "yihong/config/site_filter.hpp"
#include "yihong/http/client.hpp"
#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace yihong::alerts::testing {

using yihong::testing::at;

/// JSON, asked by JSON pointer; texts as they are, anything else as compact JSON, "(none)" where there is nothing.
class Json {
public:
    explicit Json(std::string const& text) : parser_{std::make_shared<simdjson::dom::parser>()}
    {
        if (parser_->parse(text).get(root_) != simdjson::SUCCESS)
            throw std::runtime_error{"no JSON: " + text};
    }
    [[nodiscard]] std::string at(std::string_view pointer) const
    {
        simdjson::dom::element found;
        if (root_.at_pointer(pointer).get(found) != simdjson::SUCCESS)
            return "(none)";
        std::string_view text;
        return found.get(text) == simdjson::SUCCESS ? std::string{text} : simdjson::minify(found);
    }
    [[nodiscard]] std::size_t size(std::string_view pointer) const { return root_.at_pointer(pointer).get_array().size(); }

private:
    std::shared_ptr<simdjson::dom::parser> parser_;
    simdjson::dom::element root_;
};

/// The routes over a real server, an intake and a store in memory. `duty` may operate, `map` may read; so may everybody.
class AlertRoutes : public yihong::testing::CoreFixture {
protected:
    void SetUp() override
    {
        AlertPlan plan;
        plan.rules = yihong::testing::exceedance_rules();
        plan.contacts = {{.id = "wang", .name = "王某", .role = "河津市河长办", .phone = "13800000000", .email = "wang@example.invalid"}};
        plan.routes = {{.scope = {}, .level = 0, .contacts = {"wang"}, .channels = {}, .on_duty = false}};
        std::vector<Site> sites{site("upper", SiteKind::water_section, LonLat{110.5, 35}),
                                site("lower", SiteKind::water_section, LonLat{111.5, 35}),
                                site("evil", SiteKind::water_section, std::nullopt)};
        sites[2].name = "<script>alert(1)</script>";
        sites[2].name_en = "\" onload=\"x";
        for (auto& s : sites)
            s.number = store.number_sites({&s.id, 1}).front();
        alerting.clocks = false;                   // the records are of the past
        alerting.channels = {"duty"};
        alerting.make_filter = make_site_filter;
        start(make_world(standards(), std::move(sites), std::make_shared<yihong::testing::OneRiver const>(),
                         std::make_shared<AlertPlan const>(std::move(plan))),
              {.alerting = alerting});
        publish_routes();
        auto const authenticate = [](std::string_view token) -> std::optional<http::Principal> {
            if (token == "duty-secret")
                return http::Principal{"duty", {http::Scope::operate}};
            if (token == "map-secret")
                return http::Principal{"map", {http::Scope::read}};
            return std::nullopt;
        };
        http::ServerOptions edge;
        edge.port = 0;
        server = std::make_unique<http::Server>(edge, router, authenticate, [](http::RequestSummary const&) {});
        server->start();
    }
    void TearDown() override { server.reset(); }

    /// As after a start of the service: in memory is what it keeps there.
    void restart()
    {
        start(current, {.alerting = alerting});
        publish_routes();
    }
    void publish_routes()
    {
        router.publish(std::make_shared<http::Router const>(make_routes(
            {core->writer, core->state, store, store, store, core->state.catalog, readers, backtests, one_notice, make_site_filter})));
    }

    /// Ammonia nitrogen of a section, received when the test says.
    void measure(std::string_view site_id, std::string_view time, std::string_view ammonia, std::string_view received)
    {
        send({parsed(site_id, time, {reading("ammonia_nitrogen", ammonia)})}, received);
    }
    http::ClientReply get(std::string const& target, http::Headers headers = {}) const
    {
        return http::request("127.0.0.1", server->port(), "GET", target, headers);
    }
    http::ClientReply operate(std::string_view method, std::string const& target, std::string_view body = {}) const
    {
        return http::request("127.0.0.1", server->port(), method, target, {{"Authorization", "Bearer duty-secret"}}, body);
    }
    Json json(std::string const& target, std::string const& token = {}) const
    {
        auto const reply = get(target, token.empty() ? http::Headers{} : http::Headers{{"Authorization", "Bearer " + token}});
        EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
        return Json{reply.body};
    }
    std::vector<std::string> ids(std::string const& target) const
    {
        auto const page = json(target);
        std::vector<std::string> found;
        for (std::size_t i = 0; i < page.size("/alerts"); ++i)
            found.push_back(page.at(fmt::format("/alerts/{}/id", i)));
        return found;
    }

    /// A plan of one rule, which the text names.
    static std::expected<AlertPlan, std::vector<Failure>> one_notice(World const&, std::string_view text)
    {
        if (text.contains(' '))
            return std::unexpected{std::vector<Failure>{{Errc::bad_syntax, "rules:1:1: wrong"}, {Errc::bad_value, "rules:2:1: wrong too"}}};
        AlertPlan plan;
        plan.rules = {yihong::testing::exceedance_rules().front()};
        plan.rules.front().id = text;
        return plan;
    }

    AlertingOptions alerting;
    net::Pool readers{1, 64};
    net::Pool backtests{1, 1};
    Snapshot<http::Router> router{std::make_shared<http::Router const>(std::vector<http::Route>{})};
    std::unique_ptr<http::Server> server;
};

}  // namespace yihong::alerts::testing
