#include "yihong/http/router.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace yihong::http {

/// One segment of the paths known so far; a static child is preferred to the `{}` child, and that to `{*}`.
struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    std::unique_ptr<Node> any;
    std::unique_ptr<Node> rest;                // `{*}`
    std::vector<Route const*> routes;
};

Router::Router(std::vector<Route> routes) : routes_{std::move(routes)}, root_{std::make_unique<Node>()}
{
    for (auto const& route : routes_) {
        if (!route.pattern.starts_with('/'))
            throw std::logic_error{"a route must start with a slash: " + route.pattern};
        Node* node = root_.get();
        if (route.pattern != "/") {
            for (auto const segment : split(std::string_view{route.pattern}.substr(1), '/')) {
                auto& next = segment == "{}" ? node->any : segment == "{*}" ? node->rest : node->children[std::string{segment}];
                if (!next)
                    next = std::make_unique<Node>();
                node = next.get();
            }
        }
        if (std::ranges::find(node->routes, route.method, &Route::method) != node->routes.end())
            throw std::logic_error{"two routes for " + std::string{to_text(route.method)} + " " + route.pattern};
        node->routes.push_back(&route);
    }
}

Router::~Router() = default;

Router::Node const* Router::descend(Node const& node, std::string_view rest, std::vector<std::string>& parameters)
{
    if (rest.empty())
        return node.routes.empty() ? nullptr : &node;
    auto const slash = rest.find('/', 1);
    auto const segment = rest.substr(1, slash == std::string_view::npos ? slash : slash - 1);
    auto const tail = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    if (auto const found = node.children.find(segment); found != node.children.end())
        if (auto const* end = descend(*found->second, tail, parameters))
            return end;
    if (node.any) {
        parameters.emplace_back(segment);
        if (auto const* const end = descend(*node.any, tail, parameters))
            return end;
        parameters.pop_back();
    }
    if (!node.rest)
        return nullptr;
    parameters.emplace_back(rest.substr(1));
    return node.rest.get();
}

Router::Match Router::find(Method method, std::string_view path) const
{
    Match match;
    auto const* const node = descend(*root_, path == "/" ? std::string_view{} : path, match.parameters);
    if (node == nullptr)
        return match;
    for (auto const* route : node->routes) {
        if (route->method == method) {
            match.route = route;
            return match;
        }
    }
    for (auto const* route : node->routes) {
        match.allowed.push_back(route->method);
        if (route->method == Method::get)
            match.allowed.push_back(Method::head);
    }
    match.allowed.push_back(Method::options);
    std::ranges::sort(match.allowed);
    return match;
}

}  // namespace yihong::http
