#include "arguments.hpp"

#include "yihong/base/accept.hpp"
#include "yihong/geometry/bounding_box.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/model/record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace yihong::edr {
namespace {

http::Parameter<Arguments> as_component(http::Parameter<Arguments> parameter, std::string name)
{
    parameter.text.component = std::move(name);
    return parameter;
}

http::Reader<double> positive_number()
{
    return {{.type = "number"}, [](std::string_view text) -> Result<double> {
                double value = 0;
                auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
                if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value <= 0)
                    return fail(Errc::bad_value, http::quoted(text) + " is not a number above 0");
                return value;
            }};
}

/// Browsers and libraries that take anything get coverages.
Format preferred_format(std::string_view accept)
{
    constexpr std::array<std::pair<std::string_view, Format>, 4> types{{{"application/vnd.cov+json", Format::coverage_json},
                                                                        {"application/prs.coverage+json", Format::coverage_json},
                                                                        {"application/geo+json", Format::geojson},
                                                                        {"text/csv", Format::csv}}};
    auto best = Format::coverage_json;
    double best_weight = 0;
    for_each_accepted(accept, [&](std::string_view type, double weight) {
        auto const known = std::ranges::find(types, type, &std::pair<std::string_view, Format>::first);
        if (known == types.end() || weight <= best_weight)
            return;
        best = known->second;
        best_weight = weight;
    });
    return best;
}

}  // namespace

http::Parameter<Arguments> collection_id()
{
    return as_component(http::path("collectionId", {"集合标识，见 /collections", "id of a collection, as /collections lists it"},
                                   http::text(), &Arguments::collection),
                        "collectionId");
}

http::Parameter<Arguments> location_ids()
{
    return http::path("locationId", {"站点标识，可以有几个，以逗号分隔", "ids of sites, by commas"}, http::list_of(http::text()),
                      &Arguments::locations);
}

http::Parameter<Arguments> coords(http::Text text)
{
    return http::required_query("coords", std::move(text), http::text(), &Arguments::coords);
}

http::Parameter<Arguments> within()
{
    return http::required_query("within", {"半径，单位见 within-units", "radius, in within-units"}, positive_number(), &Arguments::within);
}

http::Parameter<Arguments> within_units()
{
    return http::required_query("within-units", {"半径的单位", "unit of the radius"}, http::one_of<double>({{"km", 1000}, {"m", 1}}),
                                &Arguments::metres_a_unit);
}

http::Parameter<Arguments> box(bool required)
{
    http::Reader<std::vector<BoundingBox>> reader{{.type = "number", .list = true, .min_items = 4, .max_items = 6},
                                                  [](std::string_view text) { return parse_bounding_boxes(text); }};
    http::ParameterText said{.name = "bbox",
                             .schema = reader.schema,
                             .text = {"范围（CRS84）：西、南、东、北", "west, south, east, north in CRS84"},
                             .required = required};
    return {std::move(said), [](std::string_view text, Arguments& into) -> Result<void> {
                auto boxes = parse_bounding_boxes(text);   // its failure names the parameter
                if (!boxes)
                    return std::unexpected{std::move(boxes.error())};
                into.boxes = *std::move(boxes);
                return {};
            }};
}

http::Parameter<Arguments> list_format()
{
    return http::query("f", {"返回格式：只有 GeoJSON", "format of the reply: GeoJSON only"},
                       http::one_of<Format>({{"GeoJSON", Format::geojson}, {"geojson", Format::geojson}, {"json", Format::geojson}}),
                       &Arguments::format);
}

http::Parameters<Arguments> data_parameters()
{
    auto format = http::query(
        "f", {"返回格式，优先于 Accept；json 即 CoverageJSON", "format of the reply, stronger than Accept; json is CoverageJSON"},
        http::one_of<Format>({{"CoverageJSON", Format::coverage_json},
                              {"GeoJSON", Format::geojson},
                              {"CSV", Format::csv},
                              {"covjson", Format::coverage_json},
                              {"json", Format::coverage_json},
                              {"geojson", Format::geojson},
                              {"csv", Format::csv}}),
        &Arguments::format);
    format.otherwise = [](http::Request const& request, Arguments& into) { into.format = preferred_format(request.accept); };
    http::Parameter<Arguments> crs{{.name = "crs",
                                    .schema = {.values = {std::string{crs84}, "CRS84", "OGC:CRS84"}},
                                    .text = {"坐标参考系：只有 CRS84", "reference system of coords and reply: CRS84 alone"},
                                    .component = "edrCrs"},
                                   [](std::string_view value, Arguments&) -> Result<void> {
                                       if (value == crs84 || value == "CRS84" || value == "OGC:CRS84")
                                           return {};
                                       return fail(Errc::bad_value, "crs: " + http::quoted(value) +
                                                                        " is not supported; this resource has " + std::string{crs84} +
                                                                        ", CRS84, OGC:CRS84");
                                   }};
    std::vector<std::pair<std::string, std::string>> intervals;
    for (auto const kind : all_interval_kinds)
        intervals.emplace_back(to_text(kind), to_text(kind));
    return {as_component(http::datetime({"监测时间", "times of the records"}, &Arguments::time), "edrDatetime"),
            as_component(http::query("parameter-name",
                                     {"只要这些项目，以逗号分隔；见集合的 parameter_names",
                                      "these parameters alone, by commas: parameter_names of the collection lists them"},
                                     http::list_of(http::text()), &Arguments::parameters),
                         "parameterName"),
            as_component(http::query("parameter_names", {"即 parameter-name，OWSLib 这样写", "parameter-name as OWSLib spells it"},
                                     http::list_of(http::text()), &Arguments::parameters_of_owslib),
                         "parameterNames"),
            as_component(http::query("interval", {"只要这些数据类型，以逗号分隔", "series of these intervals alone, by commas"},
                                     http::list_of(http::one_of<std::string>(std::move(intervals))), &Arguments::intervals),
                         "edrInterval"),
            std::move(crs),
            as_component(std::move(format), "edrFormat")};
}

}  // namespace yihong::edr
