#include "query.hpp"

#include "filter.hpp"
#include "parameters.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/bounding_box.hpp"
#include "yihong/http/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace yihong::ogcapi {
namespace {

template <typename T>
std::optional<T> read_number(std::string_view text) noexcept
{
    text = trimmed(text);                                  // a plus sign arrives as a blank from form decoding
    if (text.starts_with('+'))
        text.remove_prefix(1);
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    if constexpr (std::is_floating_point_v<T>) {
        if (!std::isfinite(value))
            return std::nullopt;
    }
    return value;
}

std::string in_quotes(std::string_view text)
{
    constexpr std::size_t shown = 100;
    return "\"" + to_valid_utf8(text.substr(0, shown)) + (text.size() > shown ? "…\"" : "\"");
}

Result<Expression> read_value(Schema const& schema, std::size_t index, std::string const& text)
{
    auto const& property = schema.columns()[index];
    Equals filter{.column = index, .text = text};
    if (property.is_list())
        return Expression{filter};
    auto const expected = [&](std::string_view what) {
        return fail(Errc::bad_value, property.name + ": " + in_quotes(text) + " is not " + std::string{what});
    };
    switch (property.type) {
    case AttributeType::integer:
    case AttributeType::real:
        filter.integer = read_number<std::int64_t>(text);
        filter.number = read_number<double>(text);
        if (!filter.number)
            return expected("a number");
        break;
    case AttributeType::boolean:
        if (text != "true" && text != "false")
            return expected("true or false");
        filter.flag = text == "true";
        break;
    case AttributeType::date:
        if (auto const date = parse_date(text))
            filter.date = *date;
        else
            return expected("a date (2025-11-06)");
        break;
    case AttributeType::date_time:
        if (auto const time = parse_rfc3339(text))
            filter.time = *time;
        else
            return fail(Errc::bad_time, property.name + ": " + time.error().detail);
        break;
    case AttributeType::text:
        if (auto const taken = property.accepts ? property.accepts(text) : Result<void>{}; !taken)
            return fail(taken.error().code, property.name + ": " + taken.error().detail);
        if (!property.words.empty() && std::ranges::find(property.words, text) == property.words.end())
            return expected(fmt::format("one of {}", fmt::join(property.words, ", ")));
        break;
    }
    return Expression{std::move(filter)};
}

/// One value, or several by commas, of which one has to hold. A text may hold commas itself, unless it has to be of a shape.
Result<Expression> read_filter(Schema const& schema, std::size_t index, std::string const& text)
{
    if (!text.contains(','))
        return read_value(schema, index, text);
    Or any;
    auto const& property = schema.columns()[index];
    auto const add = [&](std::string const& one) -> Result<void> {
        auto value = read_value(schema, index, one);
        if (!value)
            return std::unexpected{std::move(value.error())};
        any.operands.push_back(*std::move(value));
        return {};
    };
    bool const is_of_a_shape = property.accepts || !property.words.empty();
    if (property.is_list() || (property.type == AttributeType::text && !is_of_a_shape))
        if (auto const whole = add(text); !whole)
            return std::unexpected{whole.error()};
    for (auto const part : split(text, ','))
        if (auto const one = add(std::string{part}); !one)
            return std::unexpected{one.error()};
    return Expression{std::move(any)};
}

/// In CRS84, from the numbers of `bbox` in the order of its own axes.
Result<void> read_boxes(crs::Transformers const& transformers, Query& query)
{
    if (!query.bbox)
        return {};
    if (!query.bbox_crs || query.bbox_crs->code == 0) {
        auto boxes = parse_bounding_boxes(*query.bbox);    // its failures name the parameter
        if (!boxes)
            return std::unexpected{std::move(boxes.error())};
        query.features.boxes = *std::move(boxes);
        return {};
    }
    std::vector<double> numbers;
    for (auto const part : split(*query.bbox, ',')) {
        auto const number = read_number<double>(part);
        if (!number)
            return fail(Errc::bad_value, "bbox: " + in_quotes(*query.bbox) + " is not a list of 4 or 6 numbers");
        numbers.push_back(*number);
    }
    if (numbers.size() == 6) {                             // the data has no heights, so they choose nothing
        numbers.erase(numbers.begin() + 5);
        numbers.erase(numbers.begin() + 2);
    }
    if (numbers.size() != 4)
        return fail(Errc::bad_value,
                    "bbox: " + in_quotes(*query.bbox) + " has " + std::to_string(numbers.size()) + " numbers instead of 4 or 6");
    query.features.boxes = transformers.lend(*query.bbox_crs)->boxes_round(numbers[0], numbers[1], numbers[2], numbers[3]);
    if (query.features.boxes.empty())
        return fail(Errc::bad_value, "bbox: " + in_quotes(*query.bbox) + " has no place in " + query.bbox_crs->uri +
                                         "; its numbers stand in the order of that system's axes");
    return {};
}

/// The places of the columns that `properties` names.
Result<void> read_wanted(FeatureSource const& items, Query& query)
{
    auto const& schema = items.schema();
    for (auto const& name : query.wanted) {
        auto const place = schema.find(name);
        if (!place)
            return fail(Errc::bad_value, "properties: " + in_quotes(name) + " is no property of this collection; its schema lists them");
        if (std::ranges::find(query.features.properties, *place) == query.features.properties.end())
            query.features.properties.push_back(*place);
    }
    return {};
}

/// `+a,-b`; a plus sign arrives as a blank from form decoding.
Result<void> read_order(FeatureSource const& items, Query& query)
{
    auto const& schema = items.schema();
    for (auto const& text : query.sort_by) {
        auto name = trimmed(text);
        bool const descending = name.starts_with('-');
        if (descending || name.starts_with('+'))
            name.remove_prefix(1);
        auto const place = schema.find(name);
        if (!place || !is_sortable(items, schema.columns()[*place]))
            return fail(Errc::bad_value, "sortby: " + in_quotes(name) + " cannot be sorted by; the collection's /sortables lists what can");
        query.features.sort.push_back({.column = *place, .descending = descending});
    }
    return {};
}

/// Each parameter once. The conformance suite of OGC repeats parameters of `next` links, so equal repetitions are one.
Result<Given> without_repetitions(Given const& parameters)
{
    Given once;
    for (auto const& parameter : parameters) {
        if (parameter.first.empty() && parameter.second.empty())
            continue;                                      // `?&a=b`
        auto const earlier = std::ranges::find(once, parameter.first, &Given::value_type::first);
        if (earlier == once.end())
            once.push_back(parameter);
        else if (earlier->second != parameter.second)
            return fail(Errc::bad_value, in_quotes(parameter.first) + " is given more than once with different values: " +
                                             in_quotes(earlier->second) + ", " + in_quotes(parameter.second));
    }
    return once;
}

Failure unknown(Given::value_type const& parameter, http::Parameters<Query> const& declared, Schema const* queryables)
{
    std::string known;
    auto const add = [&](std::string_view other) { known.append(known.empty() ? "" : ", ").append(other); };
    for (auto const& one : declared)
        add(one.text.name);
    if (queryables != nullptr)
        for (auto const& property : queryables->columns())
            if (is_queryable(property))
                add(property.name);
    return {Errc::unknown_field,
            "unknown parameter " + in_quotes(parameter.first) + " (" + in_quotes(parameter.second) + "); this resource takes " + known};
}

}  // namespace

std::optional<http::Form> negotiate(std::string_view accept)
{
    constexpr std::array forms{http::Form::json, http::Form::html};
    return http::choose_form(accept, forms);
}

Profile asked_profile(std::string_view accept) noexcept
{
    return accept.contains("profile=structured") || accept.contains("profile=\"structured\"") ? Profile::structured : Profile::flat;
}

bool asks_single_types(std::string_view accept) noexcept { return accept.contains("application/schema+json"); }

Moment asked_moment(http::Request const& request)
{
    Moment moment;
    if (auto const* datetime = request.query_value("datetime"))
        if (auto const time = parse_time_interval(*datetime); time && time->begin == time->end)
            moment.at = time->end;
    if (auto const* known_at = request.query_value("asof"))
        if (auto const time = http::parse_past_moment(*known_at, utc_now()))
            moment.known_at = *time;
    return moment;
}

bool is_queryable(Column const& property) noexcept
{
    return property.queryable && std::ranges::none_of(items_parameter_names(), [&](auto const& name) { return name == property.name; });
}

bool is_sortable(FeatureSource const& items, Column const& property) noexcept
{
    return !property.is_list() && property.queryable && (!items.metadata().blocks || property.name == "time");
}

Result<Query> read_query(http::Request const& request, http::Parameters<Query> const& declared, crs::Transformers const& transformers,
                         FeatureSource const* items)
{
    auto const* const queryables = items ? &items->schema() : nullptr;
    auto given = without_repetitions(request.query);
    if (!given)
        return std::unexpected{std::move(given.error())};
    Query query;
    query.given = *std::move(given);
    std::vector<bool> is_given(declared.size());
    And filters;
    auto const read = [&](std::string const& name, std::string const& text) -> Result<void> {
        for (std::size_t i = 0; i < declared.size(); ++i)
            if (declared[i].text.name == name) {
                is_given[i] = true;
                return declared[i].apply(text, query);
            }
        auto const index = queryables == nullptr ? std::nullopt : queryables->find(name);
        if (!index || !is_queryable(queryables->columns()[*index]))
            return std::unexpected{unknown({name, text}, declared, queryables)};
        auto filter = read_filter(*queryables, *index, text);
        if (!filter)
            return std::unexpected{std::move(filter.error())};
        filters.operands.push_back(*std::move(filter));
        return {};
    };
    for (auto const& [name, text] : query.given) {
        if (auto const done = read(name, text); !done)
            return std::unexpected{done.error()};
    }
    for (std::size_t i = 0; i < declared.size(); ++i)
        if (!is_given[i] && declared[i].otherwise)
            declared[i].otherwise(request, query);
    if (items) {
        auto condition = read_condition(*items, transformers, query);
        if (!condition)
            return std::unexpected{std::move(condition.error())};
        if (*condition)
            filters.operands.push_back(**std::move(condition));
    }
    query.features.filter = {std::move(filters)};
    if (auto const done = read_boxes(transformers, query); !done)
        return std::unexpected{done.error()};
    if (items)
        for (auto const& read_names : {read_wanted, read_order})
            if (auto const done = read_names(*items, query); !done)
                return std::unexpected{done.error()};
    bool const by_offset = gives(query.given, "offset");
    bool const by_start = gives(query.given, "startindex");
    if ((by_offset || by_start) && query.features.after)
        return fail(Errc::bad_value, std::string{by_offset ? "offset" : "startindex"} + ": " +
                                         in_quotes(std::to_string(query.features.offset)) + " cannot be combined with after (" +
                                         in_quotes(*query.features.after) + "); give one of them");
    if (by_offset && by_start)
        return fail(Errc::bad_value, "startindex: says the same as offset; give one of them");
    return query;
}

bool gives(Given const& parameters, std::string_view name) noexcept
{
    return std::ranges::find(parameters, name, &Given::value_type::first) != parameters.end();
}

std::string joined_ids(std::span<std::string const> ids)
{
    std::string text;
    for (auto const& id : ids) {                           // an id may hold a comma
        text += text.empty() ? "" : ",";
        for (char const c : id)
            text += c == ',' ? "%2C" : c == '%' ? "%25" : std::string{c};
    }
    return text;
}

std::vector<std::string> separate_ids(std::string_view text)
{
    std::vector<std::string> ids;
    for (auto const part : split(text, ',')) {
        auto& id = ids.emplace_back();
        for (std::size_t i = 0; i < part.size(); ++i) {
            bool const is_escape = part.substr(i).starts_with("%2C") || part.substr(i).starts_with("%25");
            id += !is_escape ? part[i] : part[i + 2] == 'C' ? ',' : '%';
            i += is_escape ? 2 : 0;
        }
    }
    return ids;
}

std::string query_text(Given const& parameters, std::vector<std::pair<std::string_view, std::string>> const& replaced,
                       std::vector<std::string_view> const& dropped)
{
    std::string out;
    auto const add = [&](std::string_view name, std::string_view value) {
        out += out.empty() ? '?' : '&';
        out += percent_encoded(name);
        out += '=';
        out += percent_encoded(value);
    };
    for (auto const& [name, value] : parameters) {
        bool const is_replaced = std::ranges::any_of(replaced, [&](auto const& other) { return other.first == name; });
        if (!is_replaced && std::ranges::find(dropped, name) == dropped.end())
            add(name, value);
    }
    for (auto const& [name, value] : replaced)
        add(name, value);
    return out;
}

}  // namespace yihong::ogcapi
