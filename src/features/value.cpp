#include "yihong/features/value.hpp"

#include <array>
#include <charconv>

namespace yihong {
namespace {

void write(JsonWriter& json, std::monostate) { json.null(); }
void write(JsonWriter& json, Date date) { json.value(format_date(date)); }
void write(JsonWriter& json, std::vector<std::string> const& texts)
{
    json.begin_array();
    for (auto const& text : texts)
        json.value(text);
    json.end_array();
}
void write(JsonWriter& json, std::vector<ParameterMultiple> const& multiples)
{
    json.begin_array();
    for (auto const& [parameter, multiple] : multiples)
        json.begin_object().member("parameter", parameter).member_or_null("multiple", multiple).end_object();
    json.end_array();
}
template <typename T>
void write(JsonWriter& json, T const& value)
{
    json.value(value);
}

std::string text_of(double number)
{
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

}  // namespace

void write_value(JsonWriter& json, Value const& value)
{
    std::visit([&](auto const& v) { write(json, v); }, value);
}

std::string to_text(Value const& value)
{
    return std::visit(
        []<typename T>(T const& v) -> std::string {
            if constexpr (std::is_same_v<T, std::string>) {
                return v;
            } else if constexpr (std::is_same_v<T, bool>) {
                return v ? "true" : "false";
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                return std::to_string(v);
            } else if constexpr (std::is_same_v<T, double>) {
                return text_of(v);
            } else if constexpr (std::is_same_v<T, Decimal>) {
                return text_of(v.to_double());
            } else if constexpr (std::is_same_v<T, UtcTime>) {
                return format_rfc3339(v);
            } else if constexpr (std::is_same_v<T, Date>) {
                return format_date(v);
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                std::string all;
                for (auto const& text : v)
                    all.append(all.empty() ? "" : "、").append(text);
                return all;
            } else {
                return {};
            }
        },
        value);
}

std::optional<double> number_of(Value const& value) noexcept
{
    if (auto const* whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (auto const* real = std::get_if<double>(&value))
        return *real;
    if (auto const* decimal = std::get_if<Decimal>(&value))
        return decimal->to_double();
    return std::nullopt;
}

std::weak_ordering compare(Value const& a, Value const& b) noexcept
{
    auto const of_one_kind = [&]<typename T>(std::type_identity<T>) -> std::optional<std::weak_ordering> {
        auto const* x = std::get_if<T>(&a);
        auto const* y = std::get_if<T>(&b);
        return x && y ? std::optional<std::weak_ordering>{*x <=> *y} : std::nullopt;
    };
    for (auto const& order : {of_one_kind(std::type_identity<std::string>{}), of_one_kind(std::type_identity<UtcTime>{}),
                              of_one_kind(std::type_identity<std::int64_t>{}), of_one_kind(std::type_identity<Decimal>{}),
                              of_one_kind(std::type_identity<bool>{}), of_one_kind(std::type_identity<Date>{}),
                              of_one_kind(std::type_identity<std::vector<std::string>>{})}) {
        if (order)
            return *order;
    }
    auto const rank = [](Value const& v) { return number_of(v) ? 1 : v.index() == 0 ? 0 : 2; };
    if (rank(a) == 1 && rank(b) == 1) {
        auto const order = *number_of(a) <=> *number_of(b);
        return order < 0 ? std::weak_ordering::less : order > 0 ? std::weak_ordering::greater : std::weak_ordering::equivalent;
    }
    return rank(a) <=> rank(b);
}

}  // namespace yihong
