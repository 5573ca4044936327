#include "yihong/http/form.hpp"

#include "yihong/base/accept.hpp"

#include <algorithm>
#include <array>

namespace yihong::http {
namespace {

constexpr std::size_t form_count = 3;

bool equals_ignoring_case(std::string_view a, std::string_view lower) noexcept
{
    return std::ranges::equal(a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
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
    for_each_accepted(accept, [&](std::string_view range, double weight) {
        named_any = true;
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
    });
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
