#include "air_statistics.hpp"

#include "figures.hpp"

#include "yihong/base/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace yihong::api {
namespace {

constexpr std::string_view schema =
    R"({"type":"object","properties":{"period":{"type":"object"},"base":{"type":"object","nullable":true},"edition":{"type":"string"},"all":{"type":"object"},"places":{"type":"array","items":{"type":"object"}},"stations":{"type":"array","items":{"type":"object"}}}})";

void write_counts(JsonWriter& json, AirCounts const& counts, ParameterBook const& parameters)
{
    json.begin_object().member("good", counts.days.good).member("valid", counts.days.valid);
    json.member_or_null("good_share", counts.days.valid > 0 ? std::optional{counts.days.percent} : std::nullopt);
    json.member("heavy", counts.heavy).key("by_level").begin_array();
    for (std::size_t level = 1; level < counts.by_level.size(); ++level)
        json.value(counts.by_level[level]);
    json.end_array().key("primary").begin_object();
    for (auto const& [parameter, days] : counts.primary)
        json.member(parameter_name(parameter, parameters), days);
    json.end_object().end_object();
}

void write_days(JsonWriter& json, AirPeriod const& period, ParameterBook const& parameters)
{
    json.begin_object().member("days_due", period.days_due).key("as_valid_on_the_day");
    write_counts(json, period.valid_then, parameters);
    json.key("by_edition").begin_object();
    for (auto const& [label, counts] : period.by_edition)
        write_counts(json.key(label), counts, parameters);
    json.end_object().end_object();
}

void write_index(JsonWriter& json, CompositeIndex const& index, ParameterBook const& parameters)
{
    json.key("composite_index");
    if (!index.missing.empty())
        return static_cast<void>(json.null());
    json.begin_object()
        .member("total", index.total)
        .member("largest", parameter_name(index.largest, parameters))
        .key("parts")
        .begin_array();
    for (auto const& [parameter, part] : index.parts) {
        json.begin_object().member("parameter", parameter_name(parameter, parameters)).member("sub_index", part);
        json.member_or_null("share", index.share(parameter)).end_object();
    }
    json.end_array().end_object();
}

void write_figures(JsonWriter& json, std::vector<AirFigures> const& figures, ParameterBook const& parameters)
{
    json.key("figures").begin_array();
    for (auto const& one : figures) {
        json.begin_object().member("parameter", parameter_name(one.pollutant.parameter, parameters)).member("days", one.valid_days);
        json.member_or_null("mean", one.pollutant.mean).member_or_null("percentile", one.pollutant.percentile);
        json.key("met");
        one.valid_days > 0 ? json.value(one.pollutant.met) : json.null();
        json.end_object();
    }
    json.end_array();
}

/// What the marks of dust make of it: null without such a day.
void write_dust(JsonWriter& json, AirRow const& row, ParameterBook const& parameters)
{
    json.key("dust_days").begin_array();
    for (auto const& day : row.dust)
        json.value(format_date(day));
    json.end_array().key("as_measured");
    if (!row.as_measured)
        return static_cast<void>(json.null());
    json.begin_object().key("now");
    write_days(json, row.as_measured->now, parameters);
    write_figures(json, row.as_measured->figures, parameters);
    write_index(json, row.as_measured->index, parameters);
    json.member("exceeded_by_dust", row.exceeded_by_dust()).member_or_null("share_by_dust", row.share_by_dust());
    json.member("heavy_by_dust", row.heavy_by_dust()).end_object();
}

void write_outlook(JsonWriter& json, AirOutlook const& outlook, ParameterBook const& parameters)
{
    json.begin_object().member("days_left", outlook.days_left).key("pm25");
    if (outlook.pm25) {
        auto const& pm25 = *outlook.pm25;
        json.begin_object().member("target", pm25.target).member("mean_so_far", pm25.so_far).member("valid_days", pm25.valid_days);
        json.member("met_so_far", pm25.is_met_so_far()).member("reachable", !pm25.is_out_of_reach());
        json.member_or_null("remaining_strict", pm25.rest ? std::optional{pm25.rest->strict} : std::nullopt);
        json.member_or_null("remaining_with_rounding", pm25.rest ? std::optional{pm25.rest->with_margin} : std::nullopt).end_object();
    } else {
        json.null();
    }
    json.key("percentiles").begin_array();
    for (auto const& one : outlook.percentiles) {
        json.begin_object().member("parameter", parameter_name(one.parameter, parameters)).member("percentile", one.percentile);
        json.member("limit", one.limit).member("days", one.days).member("exceeded", one.over);
        json.member("surely_met_up_to", one.allowed.surely_met_up_to).member("surely_missed_from", one.allowed.surely_missed_from);
        json.member("may_still_exceed", one.may_still_exceed()).end_object();
    }
    json.end_array().end_object();
}

void write_row(JsonWriter& json, AirRow const& row, AirReport const& report, ParameterBook const& parameters)
{
    json.begin_object().text_or_null("id", row.id).text_or_null("name", row.name).text_or_null("place", row.place).key("now");
    write_days(json, row.now, parameters);
    if (report.query.base) {
        write_days(json.key("base"), row.base, parameters);
        auto const& now = row.now.valid_then.days;
        auto const& before = row.base.valid_then.days;
        json.member_or_null("good_share_change", now.valid > 0 && before.valid > 0
                                                     ? std::optional{change_in_points(now.percent, before.percent)}
                                                     : std::nullopt);
    }
    write_figures(json, row.figures, parameters);
    write_index(json, row.index, parameters);
    write_dust(json, row, parameters);
    json.key("composite_index_lacks").begin_array();
    for (auto const id : row.index.missing)
        json.value(parameter_name(id, parameters));
    json.end_array();
    if (row.needed) {
        json.key("good_days_still_needed").begin_object().member_or_null("ratio_so_far", row.needed->ratio_so_far);
        json.member("needed", row.needed->needed).member("bad_allowed", row.needed->bad_allowed);
        json.member("reachable", row.needed->bad_allowed >= 0).end_object();
    }
    if (row.outlook)
        write_outlook(json.key("outlook"), *row.outlook, parameters);
    json.end_object();
}

/// A station, place or all: `kind` says which.
void write_rows(CsvRows& out, std::string_view kind, AirRow const& row, AirReport const& report, ParameterBook const& parameters)
{
    auto const share_of = [](AirPeriod const& period) {
        auto const& days = period.valid_then.days;
        return days.valid > 0 ? std::optional{days.percent} : std::nullopt;
    };
    auto const& days = row.now.valid_then.days;
    auto const share = share_of(row.now), before = report.query.base ? share_of(row.base) : std::nullopt;
    auto const& measured = row.as_measured ? row.as_measured->now : row.now;
    for (auto const& one : row.figures) {
        auto const* parameter = parameters.find(one.pollutant.parameter);
        out.text(period_code(report.query.period)).text(kind).text(row.id).text(row.name).text(row.place);
        out.number(days.good).number(days.valid).number(row.now.days_due).number(share).number(row.now.valid_then.heavy);
        out.number(before).number(share && before ? std::optional{change_in_points(*share, *before)} : std::nullopt);
        out.number(std::ssize(row.dust)).number(measured.valid_then.days.good);
        out.number(row.index.missing.empty() ? std::optional{row.index.total} : std::nullopt);
        out.number(row.rank > 0 ? std::optional{row.rank} : std::nullopt);
        out.text(parameter_name(one.pollutant.parameter, parameters)).text(parameter ? parameter->unit : std::string{});
        out.number(one.valid_days).number(one.pollutant.mean).number(one.pollutant.percentile);
        out.text(one.valid_days == 0 ? "" : one.pollutant.met ? "true" : "false");
        auto const id = one.pollutant.parameter;
        auto const part = std::ranges::find(row.index.parts, id, &std::pair<ParameterId, Decimal>::first);
        bool const has_part = row.index.missing.empty() && part != row.index.parts.end();
        out.number(has_part ? std::optional{part->second} : std::nullopt).number(has_part ? row.index.share(id) : std::nullopt).end();
    }
}

asio::awaitable<Reply> statistics(Services const& services, AirRequest const& wanted)
{
    auto const make = [&](World const& world, ReportRecords const& records) -> Result<AirReport> {
        auto const query = query_of(wanted, *services.reports.load(), wanted.known_at.value_or(utc_now()));
        return query ? make_air_report(*query, world, records) : std::unexpected{query.error()};
    };
    return figures(services, wanted, make, air_statistics_json, air_statistics_csv);
}

}  // namespace

http::Parameters<AirRequest> air_parameters()
{
    return {
        period_parameter<AirRequest>(),
        compare_parameter<AirRequest>({"不写则为上年同期", "without: year"}),
        http::query("site", {"站点标识；不写则全部空气站", "ids of air stations; without: all"}, http::list_of(http::text()),
                    &AirRequest::sites),
        http::query("as_of", {"截至何时；不写则为现在", "what is due is counted up to then; without: now"}, http::instant(),
                    &AirRequest::as_of),
        http::query("target",
                    {"全年优良天数比例目标，%；给出还需多少优良天", "target of good days in the year, percent: how many are still needed"},
                    http::Reader<Decimal>{{}, Decimal::parse}, &AirRequest::target),
        http::query("outlook",
                    {"并给出今年其余各日怎样才达标：PM2.5 均值，臭氧、一氧化碳还可超标几天",
                     "also what the rest of the year may have: the mean of PM2.5, days of O3 and CO that may still exceed"},
                    http::flag(), &AirRequest::outlook),
        http::query("pm25_target",
                    {"今年 PM2.5 均值目标，μg/m³；不写则为年均二级限值",
                     "target of the year's mean of PM2.5, ug/m3; without: the annual limit of the second class"},
                    http::Reader<Decimal>{{}, Decimal::parse}, &AirRequest::pm25_target)};
}

Result<AirQuery> query_of(AirRequest const& wanted, ReportSettings const& settings, UtcTime now)
{
    auto const base = base_of(wanted.compare, wanted.period, settings);
    if (!base)
        return std::unexpected{base.error()};
    AirQuery query;
    query.period = wanted.period;
    query.base = *base;
    query.as_of = wanted.as_of.value_or(now);
    query.sites = wanted.sites;
    query.good_days_target = wanted.target;
    query.outlook = wanted.outlook || wanted.pm25_target;
    query.pm25_target = wanted.pm25_target;
    query.index = settings.air_index;
    query.points = settings.air_points;
    return query;
}

std::string air_statistics_json(AirReport const& report, World const& world)
{
    auto const& parameters = world.standards->parameters();
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_basis(json, report.query.period, report.query.base, report.query.as_of, report.edition, report.data);
    json.key("marks").begin_array();
    for (auto const& mark : report.marks)
        write_mark(json, *mark);
    json.end_array();
    write_row(json.key("all"), report.all, report, parameters);
    json.key("places").begin_array();
    for (auto const& place : report.places)
        write_row(json, place, report, parameters);
    json.end_array().key("stations").begin_array();
    for (auto const& station : report.stations)
        write_row(json, station, report, parameters);
    json.end_array().end_object();
    return out;
}

std::string air_statistics_csv(AirReport const& report, World const& world, bool bom)
{
    auto const& parameters = world.standards->parameters();
    CsvRows out{"period,kind,site,name,place,good_days,valid_days,days_due,good_share,heavy_days,base_good_share,good_share_change,"
                "dust_days,good_days_as_measured,composite_index,rank,parameter,unit,days,mean,percentile,met,sub_index,index_share",
                bom};
    for (auto const& station : report.stations)
        write_rows(out, "station", station, report, parameters);
    for (auto const& place : report.places)
        write_rows(out, "place", place, report, parameters);
    write_rows(out, "all", report.all, report, parameters);
    return out.take();
}

http::Route make_air_statistics_route(Services const& services)
{
    auto parameters = air_parameters();
    parameters.push_back(known_at_parameter<AirRequest>());
    add_csv_parameters(parameters);
    return http::declare<AirRequest>(
        {.path = "/api/v1/statistics/air-stations",
         .id = "getAirStatistics",
         .tag = "Statistics",
         .summary = {"空气质量时段统计：优良天数（按当日版本和各版本）、均值、百分位数、综合指数，按站点、县、全部",
                     "air over a period: good days by the edition of the day and by each, means, percentiles, composite "
                     "index, by station, county and all"},
         .responses = {{200, {}, {{"application/json", std::string{schema}}, {"text/csv", std::string{text_schema}}}}}},
        std::move(parameters), [&services](Request const&, AirRequest const& wanted) { return statistics(services, wanted); });
}

}  // namespace yihong::api
