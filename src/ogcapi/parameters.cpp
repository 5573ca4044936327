#include "parameters.hpp"

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

/// Of items, which come in more formats.
http::Parameter<Query> items_format()
{
    http::ParameterText said{
        .name = "f",
        .schema = {.values = {"json", "html"}},
        .text = {"返回格式，优先于 Accept；json、html 之外的格式是文件，不写 limit 则一次给全",
                 "Format of the reply; stronger than the Accept header. Those beside json and html are files and come whole, "
                 "unless limit is given."},
        .component = "itemsFormat"};
    for (auto const& other : formats::all_formats())
        said.schema.values.emplace_back(other.name);
    auto const words = said.schema.values;
    http::Parameter<Query> made{std::move(said), [words](std::string_view value, Query& query) -> Result<void> {
                                    if (value == "json" || value == "html") {
                                        query.format = value == "json" ? http::Form::json : http::Form::html;
                                        return {};
                                    }
                                    query.download = formats::find_format(value);
                                    if (query.download)
                                        return {};
                                    std::string all;
                                    for (auto const& word : words)
                                        all.append(all.empty() ? "" : ", ").append(word);
                                    return fail(Errc::bad_value, "f: " + http::quoted(value) + " is not one of " + all);
                                }};
    made.otherwise = [](http::Request const& request, Query& query) { query.download = formats::preferred_format(request.accept); };
    return made;
}

http::Parameter<Query> byte_order_mark()
{
    return as_component(
        http::query("bom",
                    {"true：CSV 以 UTF-8 标记开头，供 Excel 直接打开", "true: a CSV begins with the mark by which Excel knows UTF-8."},
                    http::flag(), &Query::byte_order_mark),
        "bom");
}

http::Parameter<Query> profile()
{
    auto made = http::query(
        "profile",
        {"列表的形式：flat 为可读文本（默认），structured 为数组与对象；也可写在 Accept 中",
         "How lists stand: flat, as readable text (the default), or structured, as arrays and objects. Accept may name it, too."},
        http::one_of<Profile>({{"flat", Profile::flat}, {"structured", Profile::structured}}), &Query::profile);
    made.otherwise = [](http::Request const& request, Query& query) { query.profile = asked_profile(request.accept); };
    return as_component(std::move(made), "profile");
}

http::Parameter<Query> types()
{
    auto made =
        http::query("types",
                    {"nullable：可空属性的类型含 null（默认）；single：每个属性一个类型，Accept 指明 application/schema+json 时默认如此",
                     "nullable: the types of a property name null where it may be (the default); single: one type a property, the default "
                     "where Accept names application/schema+json."},
                    http::one_of<bool>({{"nullable", false}, {"single", true}}), &Query::single_types);
    made.otherwise = [](http::Request const& request, Query& query) { query.single_types = asks_single_types(request.accept); };
    return as_component(std::move(made), "types");
}

http::Parameter<Query> precision()
{
    http::Reader<int> count{{.type = "integer", .minimum = 0, .maximum = most_decimals, .default_value = std::to_string(usual_decimals)},
                            {}};
    count.read = [digits = http::whole_number(0, most_decimals).read](std::string_view text) -> Result<int> {
        auto const number = digits(text);
        if (!number)
            return std::unexpected{number.error()};
        return static_cast<int>(*number);
    };
    return as_component(http::query("precision", {"坐标的小数位数", "Decimals of coordinates, at most; 7 are about a centimetre."},
                                    std::move(count), &Query::decimals),
                        "precision");
}

http::Parameter<Query> skip_geometry()
{
    return as_component(
        http::query("skipGeometry", {"true：不返回几何", "true: null stands for the geometry."}, http::flag(), &Query::skip_geometry),
        "skipGeometry");
}

http::Parameter<Query> properties()
{
    return as_component(http::query("properties", {"只返回这些属性，以逗号分隔", "These properties alone, by commas, in this order."},
                                    http::list_of(http::text()), &Query::wanted),
                        "properties");
}

http::Parameter<Query> sort_by()
{
    return as_component(
        http::query("sortby",
                    {"排序的属性，以逗号分隔；- 为降序；空值在前（升序时）；可排序者见 /sortables",
                     "What to sort by: properties by commas, - for descending; no value comes before all others. /sortables lists "
                     "what can be sorted by."},
                    http::list_of(http::text()), &Query::sort_by),
        "sortby");
}

/// \param member what the system is for
http::Parameter<Query> reference_system(std::string name, std::string component, http::Text text, crs::Systems const& systems,
                                        crs::System const* Query::* member)
{
    http::ParameterText said{.name = name,
                             .schema = {.format = "uri", .default_value = "\"" + std::string{crs::crs84} + "\""},
                             .text = std::move(text),
                             .component = std::move(component)};
    for (auto const& system : systems.all())
        said.schema.values.push_back(system.uri);
    return {std::move(said), [name = std::move(name), &systems, member](std::string_view value, Query& query) -> Result<void> {
                query.*member = systems.find(value);
                if (query.*member)
                    return {};
                std::string all;
                for (auto const& system : systems.all())
                    all.append(all.empty() ? "" : ", ").append(system.uri);
                return fail(Errc::bad_value, name + ": " + http::quoted(value) + " is not supported; this resource has " + all);
            }};
}

http::Parameter<Query> crs_parameter(crs::Systems const& systems)
{
    return reference_system("crs", "crs",
                            {"返回坐标的参考系，坐标轴次序从其定义", "Reference system of the reply, its axes in their own order."},
                            systems, &Query::crs);
}

http::Parameter<Query> filter()
{
    return {{.name = "filter",
             .schema = {.type = "string"},
             .text = {"过滤条件（CQL2）：只返回满足条件的要素，与其他参数同时成立；如 water_class >= 4 AND S_INTERSECTS(geometry, "
                      "BBOX(110,34,112,36))",
                      "A condition in CQL2 that the features fulfil, together with all other parameters: water_class >= 4 AND "
                      "S_INTERSECTS(geometry, BBOX(110,34,112,36))."},
             .component = "filter"},
            [](std::string_view text, Query& query) -> Result<void> {
                query.filter = std::string{text};
                return {};
            }};
}

http::Parameter<Query> filter_language()
{
    auto words = http::one_of<FilterLanguage>({{"cql2-text", FilterLanguage::text}, {"cql2-json", FilterLanguage::json}});
    words.schema.default_value = "\"cql2-text\"";
    return as_component(
        http::query("filter-lang", {"filter 的写法", "How the filter is written."}, std::move(words), &Query::filter_language),
        "filterLang");
}

http::Parameter<Query> bbox()
{
    return {
        {.name = "bbox",
         .schema = {.type = "number", .list = true, .min_items = 4, .max_items = 6},
         .text = {"范围（CRS84）：西、南、东、北，或带高程的六个数；跨 180° 经线时西大于东；没有几何的要素总在其中",
                  "Features whose geometry meets this box: west, south, east, north (or with heights: west, south, lowest, east, north, "
                  "highest) in CRS84, or in the system and order of bbox-crs. West is greater than east where the box crosses the "
                  "antimeridian. "
                  "Features without geometry match every box."},
         .component = "bbox"},
        [](std::string_view text, Query& query) -> Result<void> {
            query.bbox = std::string{text};
            return {};
        }};
}

http::Parameter<FeatureQuery> datetime()
{
    return as_component(
        http::query("datetime",
                    {"RFC 3339 时刻，或 起/止 时段，一端可开放（.. 或空）；只写日期是北京时间的整日；没有时间的要素总在其中。"
                     "站点集合给出时刻时，返回那一刻的全部站点",
                     "An RFC 3339 instant or an interval begin/end; an end may be open (\"..\" or empty). A date alone is the day in "
                     "Beijing. Features without time match always. With an instant, collections of sites show every site as it was then."},
                    http::time_interval(), &FeatureQuery::time),
        "datetime");
}

http::Parameter<Query> known_at()
{
    return as_component(
        http::query(
            "asof",
            {"按当时所知：不含此刻之后收到和更正的数据；已过去的 RFC 3339 时刻，只写日期是北京时间当日结束时；"
             "站点、监测记录和时段评价的集合适用",
             "What was known then: without what came or was corrected later. An RFC 3339 instant that has been; a date alone is the "
             "end of that day in Beijing. For the collections of sites, of records and of periods."},
            http::past_moment(), &Query::known_at),
        "asof");
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

http::Parameter<FeatureQuery> offset(char const* name, http::Text text)
{
    auto count = http::whole_number(0, UINT64_MAX, "0");
    count.read = [read = count.read](std::string_view text) -> Result<std::uint64_t> {
        if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
            return read(text).value_or(UINT64_MAX);        // more than can be counted is behind every feature
        return read(text);
    };
    return as_component(http::query(name, std::move(text), std::move(count), &FeatureQuery::offset), name);
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

http::Parameter<FeatureQuery> seen()
{
    http::Reader<std::vector<std::string>> ids{
        {}, [](std::string_view text) -> Result<std::vector<std::string>> { return separate_ids(text); }};
    return as_component(
        http::query("seen",
                    {"首页已先行给出的要素标识，next 链接使用，后页不再重复",
                     "Ids that the first page brought ahead of their turn, to show a value in every column; the next links use it, and "
                     "those features do not come again."},
                    std::move(ids), &FeatureQuery::seen),
        "seen");
}

}  // namespace

http::Parameters<Query> page_parameters() { return {format()}; }
http::Parameters<Query> schema_parameters() { return {format(), profile(), types()}; }
http::Parameters<Query> feature_parameters(crs::Systems const& systems)
{
    return {format(), profile(), precision(), crs_parameter(systems)};
}

http::Parameters<Query> items_parameters(crs::Systems const& systems)
{
    http::Parameters<Query> made{items_format(),  byte_order_mark(), profile(), properties(),
                                 skip_geometry(), precision(),       sort_by(), bbox()};
    made.push_back(filter());
    made.push_back(filter_language());
    made.push_back(reference_system("filter-crs", "filterCrs", {"filter 中坐标的参考系", "Reference system of the coordinates in filter."},
                                    systems, &Query::filter_crs));
    made.push_back(reference_system("bbox-crs", "bboxCrs", {"bbox 的参考系", "Reference system of bbox."}, systems, &Query::bbox_crs));
    made.push_back(crs_parameter(systems));
    made.push_back(known_at());
    auto const skipped = offset("offset", {"跳过若干要素，便于并行取页；不能与 after 同用",
                                           "Matching features to pass over, for fetching pages side by side. Not together with after."});
    auto const same = offset("startindex", {"同 offset，ArcGIS 的翻页方式", "The same as offset, by the name that ArcGIS pages with."});
    std::ranges::move(http::within<Query>({datetime(), limit(), skipped, same, after(), seen()}, &Query::features),
                      std::back_inserter(made));
    return made;
}

std::span<std::string const> items_parameter_names() noexcept
{
    static std::vector<std::string> const names = [] {
        std::vector<std::string> all;
        for (auto const& parameter : items_parameters(crs::Systems{}))
            all.push_back(parameter.text.name);
        return all;
    }();
    return names;
}

}  // namespace yihong::ogcapi
