#include "yihong/http/form.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace yihong::http {
namespace {

constexpr std::size_t form_count = 3;

bool equals_ignoring_case(std::string_view a, std::string_view lower) noexcept
{
    return std::ranges::equal(a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
}

/// The weight of a range, by its parameters: 1 where there is none, or none that can be read.
double weight_of(std::string_view parameters) noexcept
{
    double weight = 1;
    while (!parameters.empty()) {
        auto const next = parameters.find(';');
        auto const parameter = trimmed(parameters.substr(0, next));
        parameters.remove_prefix(next == std::string_view::npos ? parameters.size() : next + 1);
        if (parameter.size() <= 2 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
            continue;
        double value = 1;
        auto const text = parameter.substr(2);
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        bool const whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
        weight = whole ? std::clamp(value, 0.0, 1.0) : 1.0;
    }
    return weight;
}

bool is_type_of(std::string_view range, Form form) noexcept
{
    constexpr std::array<std::string_view, 4> json_types{"application/json", "application/geo+json", "application/schema+json",
                                                         "application/vnd.oai.openapi+json"};
    switch (form) {
    case Form::json: return std::ranges::any_of(json_types, [&](auto type) { return equals_ignoring_case(range, type); });
    case Form::html: return equals_ignoring_case(range, "text/html");
    case Form::csv: return equals_ignoring_case(range, "text/csv");
    }
    return false;
}

/// The weight of a form, by how exactly a range names it: the type itself, its family, anything.
struct Quality {
    std::optional<double> exact, family, any;
    [[nodiscard]] double value() const noexcept { return exact ? *exact : family ? *family : any.value_or(0); }
};

}  // namespace

std::string_view to_text(Form form) noexcept
{
    switch (form) {
    case Form::json: return "json";
    case Form::html: return "html";
    case Form::csv: return "csv";
    }
    return "";
}

std::optional<Form> choose_form(std::string_view accept, std::span<Form const> forms) noexcept
{
    std::array<Quality, form_count> qualities{};
    bool named_any = false;
    while (!accept.empty()) {
        auto const comma = accept.find(',');
        auto range = accept.substr(0, comma);
        accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
        auto const semicolon = range.find(';');
        auto const parameters = semicolon == std::string_view::npos ? std::string_view{} : range.substr(semicolon + 1);
        range = trimmed(range.substr(0, semicolon));
        if (range.empty())
            continue;
        named_any = true;
        double const weight = weight_of(parameters);
        auto const raise = [&](std::optional<double>& to) { to = std::max(to.value_or(0), weight); };
        for (auto const form : forms) {
            auto& quality = qualities[static_cast<std::size_t>(form)];
            if (is_type_of(range, form))
                raise(quality.exact);
            else if (equals_ignoring_case(range, form == Form::json ? "application/*" : "text/*"))
                raise(quality.family);
            else if (range == "*/*")
                raise(quality.any);
        }
    }
    if (!named_any)
        return forms.front();
    std::optional<Form> best;
    for (auto const form : forms) {
        auto const& quality = qualities[static_cast<std::size_t>(form)];
        if (quality.value() == 0)
            continue;
        auto const& held = best ? qualities[static_cast<std::size_t>(*best)] : Quality{};
        bool const alike_but_named = quality.value() == held.value() && quality.exact && !held.exact;
        if (!best || quality.value() > held.value() || alike_but_named)
            best = form;
    }
    return best;
}

}  // namespace yihong::http
