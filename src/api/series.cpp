#include "series.hpp"

#include "common.hpp"
#include "csv_rows.hpp"
#include "series_csv.hpp"
#include "series_json.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::api {
namespace {

constexpr std::size_t default_limit = 1000;
constexpr std::size_t maximum_limit = 10'000;

}  // namespace

Result<SeriesCursor> parse_series_cursor(std::string_view text)
{
    auto const dot = text.find('.');
    std::int64_t ms = 0;
    auto const number = text.substr(0, dot);
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), ms);
    auto const kind = dot == std::string_view::npos ? fail(Errc::bad_value, "") : parse_interval_kind(text.substr(dot + 1));
    if (error != std::errc{} || end != number.data() + number.size() || !kind)
        return fail(Errc::bad_value, "is not a cursor that this service gave out");
    return SeriesCursor{std::chrono::milliseconds{ms}, *kind};
}

std::string series_cursor(Record const& record) { return series_cursor(record.time, record.interval); }

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
        http::query("after", {"next 链接的游标", "cursor of a next link"}, http::Reader<SeriesCursor>{{}, parse_series_cursor},
                    &SeriesQuery::after),
    };
    auto all = http::within(query, &SeriesRequest::query);
    all.insert(all.begin(), {site_parameter<SeriesRequest>(),
                             http::query("parameter", {"监测因子的名称或编码；不写则全部", "names or codes of parameters; without: all"},
                                         http::list_of(std::move(name)), &SeriesRequest::parameters)});
    all.push_back(http::form({http::Form::json, http::Form::csv, http::Form::html}, &SeriesRequest::form));
    all.push_back(bom_parameter<SeriesRequest>());
    return all;
}

SeriesPage render_series(SeriesRequest const& request, Site const& site, World const& world, Records const& records,
                         std::string const& self_url, std::string const& page_url)
{
    auto const& parameters = world.standards->parameters();
    bool const is_json = request.form == http::Form::json;
    auto query = is_json ? json_query(request, site) : request.query;
    if (!is_json)
        query.parameters = request.parameters;     // reading few is several times quicker
    ++query.limit;                                 // one more tells whether there is a next page
    SeriesPage page;
    page.body.reserve(std::min<std::size_t>(request.query.limit, 200) * 300);
    std::size_t count = 0;
    std::optional<SeriesCursor> last;
    if (is_json) {
        begin_json_page(page.body, site);
    } else {
        page.body.append(request.bom ? "\xEF\xBB\xBF" : "").append(csv_head());
    }
    SeriesWriter json{page.body, request, site, world};
    records.visit_series(query, [&](Record const& record) {
        if (count == request.query.limit) {
            page.next = series_cursor(last->first, last->second);
            return false;
        }
        ++count;
        last = SeriesCursor{record.time, record.interval};
        if (is_json) {
            json.write(record);
            return true;
        }
        append_csv_rows(page.body, record, request, site, parameters);
        return true;
    });
    if (is_json)
        end_json_page(page.body, count, self_url, page_url, page.next);
    return page;
}

}  // namespace yihong::api
