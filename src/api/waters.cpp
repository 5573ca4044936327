#include "waters.hpp"

#include "yihong/base/json_writer.hpp"

namespace yihong::api {
namespace {

/// Every water section, also those of which nothing is said: whoever draws a river wants all of them.
Reply waters(Services const& services)
{
    auto const world = services.state.world.load();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("sections").begin_array();
    for (auto const& site : world->sites->all()) {
        if (!is_water(site.kind))
            continue;
        json.begin_object().member("site", site.id).text_or_null("water_body", site.water_body).text_or_null("downstream", site.downstream);
        json.member_or_null("mouth_km", site.mouth_km).text_or_null("mouth_bank", site.mouth_bank).end_object();
    }
    json.end_array().end_object();
    return tagged_reply(std::move(out));
}

}  // namespace

http::Route waters_route(Services const& services)
{
    constexpr std::string_view schema =
        R"({"type":"object","properties":{"sections":{"type":"array","items":{"type":"object","properties":{"site":{"type":"string"},"water_body":{"type":"string","nullable":true},"downstream":{"type":"string","nullable":true},"mouth_km":{"type":"number","nullable":true},"mouth_bank":{"type":"string","enum":["left","right"],"nullable":true}}}}}})";
    return http::declare<http::NoArguments>(
        {.path = "/api/v1/waters",
         .id = "getWaters",
         .tag = "Readings",
         .summary = {"各断面的水往哪里去：下游断面，以及汇入处的里程和岸别",
                     "where the water of each section goes: the next section, and where and from which side it joins"},
         .responses = {{200, {}, {{"application/json", std::string{schema}}}}, {304}}},
        {}, [&services](Request const&, http::NoArguments const&) { return waters(services); });
}

}  // namespace yihong::api
