#include "query.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/bounding_box.hpp"
#include "yihong/http/form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace yihong::ogcapi {
namespace {

constexpr std::array<std::string_view, 8> item_parameters{"f", "bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "after"};

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

/// A number of things, at least `minimum`; too large ones become the largest.
Result<std::size_t> read_count(std::string_view name, std::string_view text, std::size_t minimum)
{
    bool const digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    std::size_t count = 0;
    if (digits && std::from_chars(text.data(), text.data() + text.size(), count).ec == std::errc::result_out_of_range)
        count = SIZE_MAX;
    if (!digits || count < minimum)
        return fail(Errc::bad_value,
                    std::string{name} + ": " + in_quotes(text) + " is not a whole number of at least " + std::to_string(minimum));
    return count;
}

Result<Format> read_format(std::string_view text)
{
    if (text == "json")
        return Format::json;
    if (text == "html")
        return Format::html;
    return fail(Errc::bad_value, "f: " + in_quotes(text) + " is not a format of this resource; it has json and html");
}

Result<void> check_crs(std::string_view name, std::string_view text)
{
    if (text == crs84)
        return {};
    return fail(Errc::bad_value, std::string{name} + ": " + in_quotes(text) + " is not supported; this resource has " + std::string{crs84});
}

Result<Equals> read_filter(Schema const& schema, std::size_t index, std::string const& text)
{
    auto const& property = schema.columns()[index];
    Equals filter{.column = index, .text = text};
    if (property.array)
        return filter;
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
    case AttributeType::text: break;
    }
    return filter;
}

/// Each parameter once. The conformance suite of OGC repeats parameters of `next` links, so equal repetitions are one.
Result<Parameters> without_repetitions(Parameters const& parameters)
{
    Parameters once;
    for (auto const& parameter : parameters) {
        if (parameter.first.empty() && parameter.second.empty())
            continue;                                      // `?&a=b`
        auto const earlier = std::ranges::find(once, parameter.first, &Parameters::value_type::first);
        if (earlier == once.end())
            once.push_back(parameter);
        else if (earlier->second != parameter.second)
            return fail(Errc::bad_value, in_quotes(parameter.first) + " is given more than once with different values");
    }
    return once;
}

}  // namespace

std::optional<Format> negotiate(std::string_view accept)
{
    constexpr std::array forms{http::Form::json, http::Form::html};
    auto const form = http::choose_form(accept, forms);
    if (!form)
        return std::nullopt;
    return *form == http::Form::html ? Format::html : Format::json;
}

Result<Query> parse_query(Parameters const& parameters, bool takes_crs)
{
    auto given = without_repetitions(parameters);
    if (!given)
        return std::unexpected{std::move(given.error())};
    Query query;
    query.given = *std::move(given);
    for (auto const& [name, text] : query.given) {
        if (name == "f") {
            auto const format = read_format(text);
            if (!format)
                return std::unexpected{format.error()};
            query.format = *format;
        } else if (takes_crs && name == "crs") {
            if (auto const known = check_crs(name, text); !known)
                return std::unexpected{known.error()};
        } else {
            return fail(Errc::unknown_field,
                        "unknown parameter " + in_quotes(name) + "; this resource takes f" + (takes_crs ? " and crs" : ""));
        }
    }
    return query;
}

bool is_queryable(Column const& property) noexcept
{
    return property.queryable && std::ranges::find(item_parameters, property.name) == item_parameters.end();
}

Result<Query> parse_items_query(Parameters const& parameters, Schema const& schema)
{
    auto given = without_repetitions(parameters);
    if (!given)
        return std::unexpected{std::move(given.error())};
    Query query;
    query.given = *std::move(given);
    query.features.limit = default_limit;
    And filters;
    bool has_offset = false;
    auto const take = [&](auto result, auto& to) -> Result<void> {
        if (!result)
            return std::unexpected{std::move(result.error())};
        to = *std::move(result);
        return {};
    };
    auto const read = [&](std::string const& name, std::string const& text) -> Result<void> {
        if (name == "f")
            return take(read_format(text), query.format);
        if (name == "bbox")
            return take(parse_bounding_boxes(text), query.features.boxes);
        if (name == "crs" || name == "bbox-crs")
            return check_crs(name, text);
        if (name == "datetime") {
            auto interval = parse_time_interval(text);
            if (!interval)
                return fail(Errc::bad_time, "datetime: " + interval.error().detail);
            query.features.time = *interval;
            return {};
        }
        if (name == "limit") {
            auto const taken = take(read_count(name, text, 1), query.features.limit);
            query.features.limit = std::min(query.features.limit, maximum_limit);
            return taken;
        }
        if (name == "offset") {
            has_offset = true;
            return take(read_count(name, text, 0), query.features.offset);
        }
        if (name == "after") {
            query.features.after = text;
            return {};
        }
        auto const index = schema.find(name);
        if (index && is_queryable(schema.columns()[*index])) {
            auto filter = read_filter(schema, *index, text);
            if (!filter)
                return std::unexpected{std::move(filter.error())};
            filters.operands.push_back({*std::move(filter)});
            return {};
        }
        std::string known;
        for (auto const parameter : item_parameters)
            known.append(known.empty() ? "" : ", ").append(parameter);
        for (auto const& property : schema.columns()) {
            if (is_queryable(property))
                known.append(", ").append(property.name);
        }
        return fail(Errc::unknown_field, "unknown parameter " + in_quotes(name) + "; this resource takes " + known);
    };
    for (auto const& [name, text] : query.given) {
        if (auto const done = read(name, text); !done)
            return std::unexpected{done.error()};
    }
    query.features.filter = {std::move(filters)};
    if (has_offset && query.features.after)
        return fail(Errc::bad_value, "offset: cannot be combined with after");
    return query;
}

std::string query_text(Parameters const& parameters, std::vector<std::pair<std::string_view, std::string>> const& replaced,
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
