#include "parameters.hpp"

#include "yihong/geometry/bounding_box.hpp"
#include "yihong/http/parameters.hpp"

#include <algorithm>

namespace yihong::ogcapi {
namespace {

/// It stands among the components of the OpenAPI document, since several resources take it.
template <typename Into>
http::Parameter<Into> as_component(http::Parameter<Into> parameter, std::string name)
{
    parameter.text.component = std::move(name);
    return parameter;
}

http::Parameter<Query> format()
{
    auto words = http::one_of<http::Form>({{"json", http::Form::json}, {"html", http::Form::html}});
    return as_component(http::query("f", {"返回格式，优先于 Accept", "Format of the reply; stronger than the Accept header."},
                                    std::move(words), &Query::format),
                        "f");
}

/// There is one reference system, so that naming it changes nothing.
http::Parameter<Query> reference_system(std::string name, std::string component, http::Text text)
{
    http::ParameterText said{.name = name,
                             .schema = {.format = "uri", .values = {std::string{crs84}}, .default_value = "\"" + std::string{crs84} + "\""},
                             .text = std::move(text),
                             .component = std::move(component)};
    return {std::move(said), [name = std::move(name)](std::string_view value, Query&) -> Result<void> {
                if (value == crs84)
                    return {};
                return fail(Errc::bad_value,
                            name + ": " + http::quoted(value) + " is not supported; this resource has " + std::string{crs84});
            }};
}

http::Parameter<Query> crs() { return reference_system("crs", "crs", {"返回坐标的参考系", "Reference system of the reply."}); }

http::Parameter<FeatureQuery> bbox()
{
    return {
        {.name = "bbox",
         .schema = {.type = "number", .list = true, .min_items = 4, .max_items = 6},
         .text = {"范围（CRS84）：西、南、东、北，或带高程的六个数；跨 180° 经线时西大于东；没有几何的要素总在其中",
                  "Features whose geometry meets this box: west, south, east, north (or with heights: west, south, lowest, east, north, "
                  "highest) "
                  "in CRS84. West is greater than east where the box crosses the antimeridian. Features without geometry match every box."},
         .component = "bbox"},
        [](std::string_view text, FeatureQuery& query) -> Result<void> {
            auto boxes = parse_bounding_boxes(text);           // its failures name the parameter
            if (!boxes)
                return std::unexpected{std::move(boxes.error())};
            query.boxes = *std::move(boxes);
            return {};
        }};
}

http::Parameter<FeatureQuery> datetime()
{
    return as_component(
        http::query(
            "datetime",
            {"RFC 3339 时刻，或 起/止 时段，一端可开放（.. 或空）；没有时间的要素总在其中",
             "An RFC 3339 instant or an interval begin/end; an end may be open (\"..\" or empty). Features without time match always."},
            http::time_interval(), &FeatureQuery::time),
        "datetime");
}

http::Parameter<FeatureQuery> limit()
{
    auto made = http::query(
        "limit",
        {"每页要素数；超过最大值按最大值计；其余要素见 next 链接",
         "Features a page. Greater values count as the maximum. It does not limit how many features match: follow the next links."},
        http::page_limit(default_limit, maximum_limit), &FeatureQuery::limit);
    made.otherwise = [](http::Request const&, FeatureQuery& query) { query.limit = default_limit; };
    return as_component(std::move(made), "limit");
}

http::Parameter<FeatureQuery> offset()
{
    auto count = http::whole_number(0, UINT64_MAX, "0");
    count.read = [read = count.read](std::string_view text) -> Result<std::uint64_t> {
        if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
            return read(text).value_or(UINT64_MAX);        // more than can be counted is behind every feature
        return read(text);
    };
    return as_component(http::query("offset",
                                    {"跳过若干要素，便于并行取页；不能与 after 同用",
                                     "Matching features to pass over, for fetching pages side by side. Not together with after."},
                                    std::move(count), &FeatureQuery::offset),
                        "offset");
}

http::Parameter<FeatureQuery> after()
{
    return as_component(
        http::query(
            "after",
            {"从此要素标识之后开始，next 链接使用；要素增减时仍然有效",
             "The page begins behind this feature id. The next links use it; it holds with any limit and while features come and go."},
            http::text(), &FeatureQuery::after),
        "after");
}

}  // namespace

http::Parameters<Query> page_parameters() { return {format()}; }
http::Parameters<Query> feature_parameters() { return {format(), crs()}; }

http::Parameters<Query> const& items_parameters()
{
    static http::Parameters<Query> const all = [] {
        http::Parameters<Query> made{format()};
        auto const add = [&](http::Parameters<FeatureQuery> more) {
            std::ranges::move(http::within<Query>(std::move(more), &Query::features), std::back_inserter(made));
        };
        add({bbox()});
        made.push_back(reference_system("bbox-crs", "bboxCrs", {"bbox 的参考系", "Reference system of bbox."}));
        made.push_back(crs());
        add({datetime(), limit(), offset(), after()});
        return made;
    }();
    return all;
}

}  // namespace yihong::ogcapi
