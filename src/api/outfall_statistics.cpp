#include "outfall_statistics.hpp"

#include "figures.hpp"
#include "prints.hpp"

#include <memory>

namespace yihong::api {
namespace {

constexpr std::string_view schema =
    R"({"type":"object","properties":{"period":{"type":"object"},"as_of":{"type":"string","format":"date-time"},"provisional":{"type":"boolean"},"provisional_until":{"type":"string","format":"date-time"},"data":{"type":"object"},"outfalls":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"items":{"type":"array","items":{"type":"object"}}}}}}})";

http::Parameters<OutfallRequest> outfall_parameters()
{
    return {
        period_parameter<OutfallRequest>(),
        compare_parameter<OutfallRequest>({"不写则为上一时段", "without: previous"}),
        http::query("site", {"排口标识；不写则全部排污口和污水处理厂", "ids of outlets; without: all outfalls and plants"},
                    http::list_of(http::text()), &OutfallRequest::sites),
        http::query("place", {"考核归属或所在县", "whose outlets, or in which county"}, http::text(), &OutfallRequest::place),
        http::query("as_of", {"截至何时：应传数量按此计算；不写则为现在", "what is due is counted up to then; without: now"},
                    http::instant(), &OutfallRequest::as_of),
    };
}

/// \return Errc::bad_value for what cannot be compared with
Result<OutfallQuery> query_of(OutfallRequest const& wanted, ReportSettings const& settings, UtcTime now)
{
    auto const base = base_of(wanted.compare, wanted.period, settings);
    if (!base)
        return std::unexpected{base.error()};
    return OutfallQuery{wanted.period, *base, wanted.as_of.value_or(now), wanted.sites, wanted.place, settings.outfalls};
}

void write_counts(JsonWriter& json, OutfallCounts const& counts)
{
    json.member("due", counts.due).member("received", counts.received).member("valid", counts.valid);
    json.member_or_null("transmission_percent", counts.transmission()).member_or_null("validity_percent", counts.validity());
    json.member_or_null("transmission_validity_percent", counts.both());
}

void write_limit(JsonWriter& json, std::optional<OutfallLimit> const& of)
{
    json.key("limit");
    if (!of)
        return static_cast<void>(json.null());
    json.begin_object().member_or_null("low", of->limit.low).member_or_null("high", of->limit.high);
    json.member_or_null("cold_high", of->limit.cold_high).text_or_null("standard", of->standard).end_object();
}

void write_day(JsonWriter& json, OutfallDay const& day)
{
    json.begin_object().member("date", format_date(day.date)).member("due", day.counts.due).member("received", day.counts.received);
    json.member("valid", day.counts.valid).member_or_null("mean", day.shown).member_or_null("exact", day.mean);
    json.member_or_null("limit", day.limit).member("verdict", to_text(day.verdict)).member_or_null("multiple", day.multiple);
    json.member_or_null("load_t", day.load_t).end_object();
}

void write_item(JsonWriter& json, OutfallItem const& item, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(item.parameter);
    json.begin_object().member("parameter", parameter_name(item.parameter, parameters));
    json.member("unit", parameter ? std::string_view{parameter->unit} : std::string_view{});
    write_limit(json, item.limit);
    write_counts(json, item.counts);
    json.member("days_due", std::ssize(item.days)).member("valid_days", item.valid_days).member("met_days", item.met_days);
    json.member("exceeded_days", item.exceeded_days).member_or_null("met_percent", item.met_share());
    json.member_or_null("mean", item.mean).member_or_null("load_t", item.load_t);
    json.member("filled_days", item.filled_days).member_or_null("filled_load_t", item.filled_load_t);
    json.member_or_null("highest_day", item.worst ? std::optional{format_date(item.days[*item.worst].date)} : std::nullopt);
    json.key("days").begin_array();
    for (auto const& day : item.days)
        write_day(json, day);
    json.end_array().end_object();
}

std::string outfalls_json(OutfallReport const& report, World const& world)
{
    auto const& parameters = world.standards->parameters();
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_basis(json, report.query.period, report.query.base, report.query.as_of, "HJ 356-2019", report.data);
    json.member("provisional", report.is_provisional()).member("provisional_until", report.provisional_until);
    json.key("outfalls").begin_array();
    for (auto const& row : report.rows) {
        json.begin_object().member("id", row.site->id).member("name", row.site->name).text_or_null("place", row.place);
        json.member("by_flow", row.now.by_flow).member_or_null("volume_m3", row.now.volume_m3);
        json.member("hours_stopped", row.now.hours_stopped).member("hours_without_flow", row.now.hours_without_flow);
        write_counts(json, row.now.counts);
        json.key("as_measured");
        if (row.as_measured) {
            write_counts(json.begin_object(), row.as_measured->counts);
            json.end_object();
        } else {
            json.null();
        }
        json.key("marks").begin_array();
        for (auto const& mark : row.stops)
            write_mark(json, *mark);
        json.end_array().key("items").begin_array();
        for (auto const& item : row.now.items)
            write_item(json, item, parameters);
        json.end_array().key("base");
        if (row.base) {
            json.begin_object().key("items").begin_array();
            for (auto const& item : row.base->items) {
                json.begin_object().member("parameter", parameter_name(item.parameter, parameters)).member_or_null("mean", item.mean);
                json.member("exceeded_days", item.exceeded_days).member_or_null("filled_load_t", item.filled_load_t).end_object();
            }
            json.end_array().end_object();
        } else {
            json.null();
        }
        json.end_object();
    }
    json.end_array().end_object();
    return out;
}

std::string outfalls_csv(OutfallReport const& report, World const& world, bool bom)
{
    auto const& parameters = world.standards->parameters();
    CsvRows out{"period,site,name,place,parameter,unit,date,due,received,valid,mean,exact,limit,verdict,multiple,load_t", bom};
    for (auto const& row : report.rows)
        for (auto const& item : row.now.items)
            for (auto const& day : item.days) {
                auto const* parameter = parameters.find(item.parameter);
                out.text(period_code(report.query.period)).text(row.site->id).text(row.site->name).text(row.place);
                out.text(parameter_name(item.parameter, parameters)).text(parameter ? parameter->unit : std::string{});
                out.text(format_date(day.date)).number(day.counts.due).number(day.counts.received).number(day.counts.valid);
                out.number(day.shown).number(day.mean).number(day.limit).text(to_text(day.verdict)).number(day.multiple);
                out.number(day.load_t).end();
            }
    return out.take();
}

asio::awaitable<Reply> statistics(Services const& services, OutfallRequest const& wanted)
{
    auto const make = [&](World const& world, ReportRecords const& records) -> Result<OutfallReport> {
        auto const query = query_of(wanted, *services.reports.load(), wanted.known_at.value_or(utc_now()));
        return query ? make_outfall_report(*query, world, records) : std::unexpected{query.error()};
    };
    return figures(services, wanted, make, outfalls_json, outfalls_csv);
}

/// \param world, settings outlive the draft
Result<Draft> outfall_draft(Asked<OutfallRequest> const& wanted, World const& world, ReportRecords const& records,
                            ReportSettings const& settings)
{
    auto const asked = query_of(wanted.what, settings, utc_now());
    if (!asked)
        return std::unexpected{asked.error()};
    auto made = make_outfall_report(*asked, world, records);
    if (!made)
        return std::unexpected{made.error()};
    auto const report = std::make_shared<OutfallReport const>(*std::move(made));
    auto const& parameters = world.standards->parameters();
    auto const content = [=, &parameters](PrintOptions const& options) { return outfall_report_content(*report, parameters, options); };
    auto const print = [=, &parameters, &settings, as = wanted.how.print](PrintOptions const& options) -> Result<std::string> {
        if (as == Print::xlsx)
            return content_xlsx(content(options), {"排口", "污染物", "超标", "说明"}, report->query.as_of);
        if (as == Print::docx)
            return in_template(documents::Kind::plants, settings.plant_template, content(options));
        return outfall_report_html(*report, parameters, options);
    };
    auto const& query = report->query;
    return Draft{"plants", query.period, query.base, query.place, query.as_of, !query.sites.empty(), content, print};
}

}  // namespace

http::Route make_outfall_statistics_route(Services const& services)
{
    auto parameters = outfall_parameters();
    parameters.push_back(known_at_parameter<OutfallRequest>());
    add_csv_parameters(parameters);
    return http::declare<OutfallRequest>(
        {.path = "/api/v1/statistics/outfalls",
         .id = "getOutfallStatistics",
         .tag = "Statistics",
         .summary = {"排污口和污水处理厂时段统计：日均值与限值、达标天数、排放量、传输率和有效率",
                     "outfalls and plants over a period: daily means against limits, compliance, loads, transmission and validity"},
         .responses = {{200, {}, {{"application/json", std::string{schema}}, {"text/csv", std::string{text_schema}}}}}},
        std::move(parameters), [&services](Request const&, OutfallRequest const& wanted) { return statistics(services, wanted); });
}

http::Route make_outfall_report_route(Services const& services, http::Method method)
{
    return report_route<OutfallRequest>(
        services, method,
        {.name = "plants",
         .id = "PlantReport",
         .draft_text = {"污水处理厂和排口达标报告（A4，可打印）",
                        "the compliance of plants and outfalls over a period, to be printed on A4"},
         .issue_text = {"印发污水处理厂和排口达标报告：编号、留存，再次印发注明变化",
                        "hands the report of plants out: it is numbered and kept, and a new version says what changed"},
         .parameters = outfall_parameters(),
         .draft = outfall_draft});
}

}  // namespace yihong::api
