#include "black_odorous.hpp"

#include "figures.hpp"
#include "statistics.hpp"

#include "yihong/reports/black_report.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

struct BlackRequest {
    Period period;
    std::vector<std::string> sites;
    std::optional<UtcTime> known_at;  ///< `asof`
    http::Form form = http::Form::json;
    bool bom = false;
};

std::string black_json(BlackReport const& report, World const& world)
{
    auto const& parameters = world.standards->parameters();
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("period", period_code(report.period)).member("period_label", period_label(report.period));
    json.key("data").begin_object().member("records", static_cast<std::int64_t>(report.data.records));
    json.member_or_null("last_received", report.data.last_received);
    json.member_or_null("asof", report.data.known_at).end_object().key("waters").begin_array();
    for (auto const& [name, water] : report.waters)
        json.begin_object()
            .member("name", name)
            .member("grade", to_text(water.grade))
            .member("label", blackness_label(water.grade))
            .member("points", water.points)
            .member("heavy_points", water.heavy_points)
            .member("heavy_share", water.heavy_share())
            .end_object();
    json.end_array().key("points").begin_array();
    for (auto const& row : report.points) {
        json.begin_object().member("id", row.site->id).member("name", row.site->name).text_or_null("water", row.water);
        json.member("grade", to_text(row.point.grade))
            .member("label", blackness_label(row.point.grade))
            .member("samples", row.point.samples);
        json.key("indicators").begin_array();
        for (auto const& one : row.point.indicators)
            json.begin_object()
                .member("parameter", parameter_name(one.parameter, parameters))
                .member("values", one.values)
                .member("light", one.light)
                .member("heavy", one.heavy)
                .member("heavy_share", one.heavy_share())
                .end_object();
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return out;
}

/// One row a point and indicator, with the grade of its water.
std::string black_csv(BlackReport const& report, World const& world, bool bom)
{
    auto const& parameters = world.standards->parameters();
    CsvRows out{"period,site,name,water,grade,samples,water_grade,water_points,water_heavy_points,water_heavy_share,parameter,unit,values,"
                "light,heavy,heavy_share",
                bom};
    for (auto const& row : report.points) {
        auto const water = std::ranges::find(report.waters, row.water.empty() ? row.site->name : row.water, &BlackWaterRow::name);
        for (auto const& one : row.point.indicators) {
            auto const* parameter = parameters.find(one.parameter);
            out.text(period_code(report.period)).text(row.site->id).text(row.site->name).text(row.water);
            out.text(to_text(row.point.grade)).number(row.point.samples).text(to_text(water->water.grade)).number(water->water.points);
            out.number(water->water.heavy_points).number(water->water.heavy_share()).text(parameter_name(one.parameter, parameters));
            out.text(parameter ? parameter->unit : std::string{}).number(one.values).number(one.light).number(one.heavy);
            out.number(one.heavy_share()).end();
        }
    }
    return out.take();
}

asio::awaitable<Reply> statistics(Services const& services, BlackRequest const& wanted)
{
    auto const make = [&wanted](World const& world, ReportRecords const& records) {
        return make_black_report(wanted.period, wanted.sites, world, records.records);
    };
    return figures(services, wanted, make, black_json, black_csv);
}

}  // namespace

http::Route make_black_odorous_route(Services const& services)
{
    http::Parameters<BlackRequest> parameters{period_parameter<BlackRequest>(),
                                              http::query("site",
                                                          {"断面标识；不写则为采样中有氧化还原电位的断面",
                                                           "ids of sections; without: those whose samples have a redox potential"},
                                                          http::list_of(http::text()), &BlackRequest::sites),
                                              known_at_parameter<BlackRequest>()};
    add_csv_parameters(parameters);
    return http::declare<BlackRequest>(
        {.path = "/api/v1/statistics/black-odorous-waters",
         .id = "getBlackOdorousWaters",
         .tag = "Statistics",
         .summary = {"黑臭水体：各点位和水体的级别，由时段内的采样得出",
                     "black-odorous waters: the grade of points and waters, from the samples of a period"},
         .responses =
             {{200,
               {},
               {{"application/json",
                 R"({"type":"object","properties":{"period":{"type":"string"},"waters":{"type":"array","items":{"type":"object"}},"points":{"type":"array","items":{"type":"object"}}}})"},
                {"text/csv", std::string{text_schema}}}}}},
        std::move(parameters), [&services](Request const&, BlackRequest const& wanted) { return statistics(services, wanted); });
}

}  // namespace yihong::api
