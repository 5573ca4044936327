#include "yihong/http/declare.hpp"

#include "yihong/base/text.hpp"
#include "yihong/http/parameters.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace yihong::http {
namespace {

/// The value of a header field among those that requests keep. \return null where it is absent
std::string const* header_value(Request const& request, std::string_view name)
{
    if (name != "Last-Event-ID")
        throw std::logic_error{"requests do not keep the header field " + std::string{name}};
    return request.last_event_id.empty() ? nullptr : &request.last_event_id;
}

/// `/sites/{id}` as the router wants it: `/sites/{}`.
std::string pattern_of(std::string_view path)
{
    std::string pattern;
    bool inside = false;
    for (char const c : path) {
        inside = c == '{' || (inside && c != '}');
        if (!inside || c == '{')
            pattern += c;
    }
    return pattern;
}

Failure unknown(Declaration const& declaration, std::string_view name, std::string_view value)
{
    std::string detail = quoted(name) + " (" + quoted(value) + ") is not a parameter here; known:";
    bool any = false;
    for (auto const& known : declaration.parameters) {
        if (known.place != Place::query)
            continue;
        detail.append(" ").append(known.name);
        any = true;
    }
    return {Errc::unknown_field, any ? detail : detail + " none"};
}

}  // namespace

std::string Text::both() const { return zh.empty() || en.empty() ? zh + en : zh + " " + en; }

std::string reference_to(Component const& component) { return R"({"$ref":"#/components/schemas/)" + std::string{component.name} + "\"}"; }

std::vector<std::string> path_parameter_names(std::string_view path)
{
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
        names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
    return names;
}

std::string_view to_text(Scope scope) noexcept
{
    switch (scope) {
    case Scope::none: return "none";
    case Scope::read: return "read";
    case Scope::ingest: return "ingest";
    case Scope::operate: return "operate";
    case Scope::admin: return "admin";
    case Scope::metrics: return "metrics";
    }
    return "";
}

namespace detail {

Result<std::vector<Given>> match_parameters(Declaration const& declaration, Request const& request)
{
    auto const& parameters = declaration.parameters;
    std::vector<Given> given;
    given.reserve(request.path_parameters.size() + request.query.size());
    std::size_t segment = 0;                       // check() has seen that those of the path stand in its order
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (parameters[i].place == Place::path && segment < request.path_parameters.size())
            given.push_back({i, request.path_parameters[segment++]});
    auto const in_query = given.size();
    for (auto const& [name, value] : request.query) {
        if (name.empty() && value.empty())         // `?&a=b`
            continue;
        auto const known =
            std::ranges::find_if(parameters, [&](ParameterText const& p) { return p.place == Place::query && p.name == name; });
        if (known == parameters.end())
            return std::unexpected{unknown(declaration, name, value)};
        auto const index = static_cast<std::size_t>(known - parameters.begin());
        auto const earlier = std::find_if(given.begin() + static_cast<std::ptrdiff_t>(in_query), given.end(),
                                          [&](auto const& g) { return g.parameter == index; });
        if (earlier != given.end())
            return fail(Errc::bad_value, name + ": is given twice, as " + quoted(earlier->value) + " and " + http::quoted(value) +
                                             (known->schema.list ? "; write its values with commas" : "; once is allowed"));
        given.push_back({index, value});
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        auto const& parameter = parameters[i];
        if (parameter.place == Place::header) {
            if (auto const* value = header_value(request, parameter.name))
                given.push_back({i, *value});
        } else if (parameter.place == Place::query && parameter.required && std::ranges::find(given, i, &Given::parameter) == given.end()) {
            return fail(Errc::missing_field, parameter.name + ": is missing: " + parameter.text.en);
        }
    }
    return given;
}

Reply refuse_parameter(Failure const& failure) { return make_problem(400, code_name(failure.code), failure.detail); }

void check(Declaration const& declaration)
{
    auto const wrong = [&](std::string const& what) {
        return std::logic_error{std::string{to_text(declaration.method)} + " " + declaration.path + ": " + what};
    };
    std::vector<std::string> in_path;
    std::set<std::pair<Place, std::string>> seen;
    for (auto const& parameter : declaration.parameters) {
        if (!seen.emplace(parameter.place, parameter.name).second)
            throw wrong(parameter.name + " is declared twice");
        if (parameter.place == Place::path)
            in_path.push_back(parameter.name);
    }
    if (in_path != path_parameter_names(declaration.path))
        throw wrong("its parameters are not those of the path, in its order");
    if (declaration.id.empty() || declaration.tag.empty() || declaration.summary.zh.empty() || declaration.summary.en.empty())
        throw wrong("id, tag or summary is missing");
}

}  // namespace detail

Route declared_route(Declaration declaration, decltype(Route::handler) handler, std::size_t body_limit)
{
    detail::check(declaration);
    Route route{declaration.method, pattern_of(declaration.path), declaration.scope, std::move(handler), body_limit};
    route.declaration = std::make_shared<Declaration const>(std::move(declaration));
    return route;
}

std::vector<Declaration> declarations_of(std::vector<Route> const& routes)
{
    std::vector<Declaration> all;
    std::set<std::string> ids;
    std::set<Declaration const*> told;
    for (auto const& route : routes) {
        if (!route.declaration)
            throw std::logic_error{route.pattern + " says nothing of itself"};
        if (!told.insert(route.declaration.get()).second)      // another address of the same
            continue;
        if (!ids.insert(route.declaration->id).second)
            throw std::logic_error{"two routes are called " + route.declaration->id};
        all.push_back(*route.declaration);
    }
    return all;
}

}  // namespace yihong::http
