#include "query.hpp"

#include "parameters.hpp"

#include "yihong/base/text.hpp"

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
            return fail(Errc::bad_value, in_quotes(parameter.first) + " is given more than once with different values");
    }
    return once;
}

Failure unknown(std::string_view name, http::Parameters<Query> const& declared, Schema const* queryables)
{
    std::string known;
    auto const add = [&](std::string_view other) { known.append(known.empty() ? "" : ", ").append(other); };
    for (auto const& parameter : declared)
        add(parameter.text.name);
    if (queryables != nullptr)
        for (auto const& property : queryables->columns())
            if (is_queryable(property))
                add(property.name);
    return {Errc::unknown_field, "unknown parameter " + in_quotes(name) + "; this resource takes " + known};
}

}  // namespace

std::optional<http::Form> negotiate(std::string_view accept)
{
    constexpr std::array forms{http::Form::json, http::Form::html};
    return http::choose_form(accept, forms);
}

bool is_queryable(Column const& property) noexcept
{
    return property.queryable &&
           std::ranges::none_of(items_parameters(), [&](auto const& parameter) { return parameter.text.name == property.name; });
}

Result<Query> read_query(http::Request const& request, http::Parameters<Query> const& declared, Schema const* queryables)
{
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
            return std::unexpected{unknown(name, declared, queryables)};
        auto filter = read_filter(*queryables, *index, text);
        if (!filter)
            return std::unexpected{std::move(filter.error())};
        filters.operands.push_back({*std::move(filter)});
        return {};
    };
    for (auto const& [name, text] : query.given) {
        if (auto const done = read(name, text); !done)
            return std::unexpected{done.error()};
    }
    for (std::size_t i = 0; i < declared.size(); ++i)
        if (!is_given[i] && declared[i].otherwise)
            declared[i].otherwise(request, query);
    query.features.filter = {std::move(filters)};
    if (query.features.after && std::ranges::find(query.given, "offset", &Given::value_type::first) != query.given.end())
        return fail(Errc::bad_value, "offset: cannot be combined with after");
    return query;
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
