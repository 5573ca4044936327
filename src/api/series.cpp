#include "series.hpp"

#include "common.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/state/completeness.hpp"
#include "yihong/state/record_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::api {
namespace {

constexpr std::size_t default_limit = 1000;
constexpr std::size_t maximum_limit = 10'000;

using Cursor = std::pair<UtcTime, IntervalKind>;

Result<Cursor> parse_cursor(std::string_view text)
{
    auto const dot = text.find('.');
    std::int64_t ms = 0;
    auto const number = text.substr(0, dot);
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), ms);
    auto const kind = dot == std::string_view::npos ? fail(Errc::bad_value, "") : parse_interval_kind(text.substr(dot + 1));
    if (error != std::errc{} || end != number.data() + number.size() || !kind)
        return fail(Errc::bad_value, "is not a cursor that this service gave out");
    return Cursor{std::chrono::milliseconds{ms}, *kind};
}

bool wanted(SeriesRequest const& request, ParameterId id)
{
    return request.parameters.empty() || std::ranges::binary_search(request.parameters, id);
}

void write_json_record(JsonWriter& json, Record const& record, SeriesRequest const& request, Site const& site, World const& world)
{
    auto const& standards = *world.standards;
    auto const& parameters = standards.parameters();
    json.begin_object();
    write_record_head(json, record);
    if (is_late(record))
        json.member("late", true);
    write_readings(json, record, parameters, {.only = request.parameters});
    if (auto const* air = standards.aqi_edition(record.verdict.edition)) {
        json.key("aqi");
        record.verdict.aqi ? json.value(static_cast<int>(record.verdict.aqi)) : json.null();
        json.member("standard", air->edition.label);
    } else if (auto const* water = standards.water_edition(record.verdict.edition)) {
        json.key("water_class");
        record.verdict.water_class ? json.value(static_cast<int>(record.verdict.water_class)) : json.null();
        json.key("main_pollutants").begin_array();
        if (record.verdict.water_class > 3) {
            for (auto const& [id, multiple] :
                 judge_water(record, site.kind == SiteKind::lake_section, *water, parameters).main_pollutants) {
                json.begin_object().member("parameter", parameters.find(id)->name).key("multiple");
                multiple ? json.value(*multiple) : json.null();
                json.end_object();
            }
        }
        json.end_array().member("standard", water->edition.label);
    }
    json.end_object();
}

}  // namespace

std::string series_cursor(Record const& record)
{
    return std::to_string(record.time.time_since_epoch().count()) + "." + std::string{to_text(record.interval)};
}

http::Parameters<SeriesRequest> series_parameters(std::function<std::shared_ptr<World const>()> world)
{
    http::Reader<ParameterId> name{{}, [world = std::move(world)](std::string_view text) -> Result<ParameterId> {
                                       auto const present = world();
                                       auto const* parameter = present->standards->parameters().find(text);
                                       if (!parameter)
                                           return fail(Errc::bad_value, http::quoted(text) + " is unknown; /api/v1/parameters lists them");
                                       return parameter->id;
                                   }};
    http::Parameters<SeriesQuery> const query{
        http::datetime({"记录的时间", "times of the records"}, &SeriesQuery::time),
        http::query("interval", {"数据类型；不写则全部，按时间合并", "kind of record; without: all, merged by time"},
                    http::one_of_all<IntervalKind>(all_interval_kinds), &SeriesQuery::interval),
        http::limit({"记录数", "records"}, default_limit, maximum_limit, &SeriesQuery::limit),
        http::query("after", {"next 链接的游标", "cursor of a next link"}, http::Reader<Cursor>{{}, parse_cursor}, &SeriesQuery::after),
    };
    auto all = http::within(query, &SeriesRequest::query);
    all.insert(all.begin(), {site_parameter<SeriesRequest>(),
                             http::query("parameter", {"监测因子的名称或编码；不写则全部", "names or codes of parameters; without: all"},
                                         http::list_of(std::move(name)), &SeriesRequest::parameters)});
    all.push_back(http::form({http::Form::json, http::Form::csv, http::Form::html}, &SeriesRequest::form));
    return all;
}

SeriesPage render_series(SeriesRequest const& request, Site const& site, World const& world, Records const& records,
                         std::string const& self_url, std::string const& page_url)
{
    auto const& parameters = world.standards->parameters();
    bool const is_json = request.form == http::Form::json;
    auto query = request.query;
    ++query.limit;                                 // one more tells whether there is a next page
    if (!request.parameters.empty()) {
        // reading few parameters is several times quicker, but main pollutants need them all
        bool needs_all = false;
        if (is_json && site.kind != SiteKind::air_station) {
            auto verdicts = query;
            verdicts.parameters = {request.parameters.front()};
            records.visit_series(verdicts, [&](Record const& record) { return !(needs_all = record.verdict.water_class > 3); });
        }
        if (!needs_all)
            query.parameters = request.parameters;
    }
    SeriesPage page;
    page.body.reserve(std::min<std::size_t>(request.query.limit, 200) * 300);
    std::size_t count = 0;
    std::string last;
    JsonWriter json{page.body};
    if (is_json) {
        json.begin_object().member("site", site.id).member("name", site.name).key("records").begin_array();
    } else {
        page.body =
            "site,time,interval,status,parameter,value,unit,flag\r\n";    // the long form that readings come in, so it can be sent back
    }
    records.visit_series(query, [&](Record const& record) {
        if (count == request.query.limit) {
            page.next = last;
            return false;
        }
        ++count;
        last = series_cursor(record);
        if (is_json) {
            write_json_record(json, record, request, site, world);
            return true;
        }
        auto const begin_row = [&] {
            append_csv_field(page.body, site.id);
            page.body += ',';
            append_rfc3339(page.body, record.time);
            page.body += ',';
            page.body += to_text(record.interval);
            page.body += ',';
            page.body += to_text(record.status);
            page.body += ',';
        };
        if (record.readings.empty()) {             // nothing but the station's status
            begin_row();
            page.body += ",,,\r\n";
        }
        for (auto const& reading : record.readings) {
            auto const* parameter = parameters.find(reading.parameter);
            if (!parameter || !wanted(request, reading.parameter))
                continue;
            begin_row();
            page.body += parameter->name;
            page.body += ',';
            if (reading.has_value)
                reading.value.append_to(page.body);
            page.body += ',';
            append_csv_field(page.body, parameter->unit);
            page.body += ',';
            page.body += reading.flag.text();
            page.body += "\r\n";
        }
        return true;
    });
    if (is_json) {
        json.end_array().member("numberReturned", count).key("links").begin_array();
        json.begin_object().member("href", self_url).member("rel", "self").member("type", "application/json").end_object();
        if (!page.next.empty())
            json.begin_object()
                .member("href", page_url + "&after=" + page.next)
                .member("rel", "next")
                .member("type", "application/json")
                .end_object();
        json.end_array().end_object();
    }
    return page;
}

}  // namespace yihong::api
