#pragma once

#include "yihong/http/declaration.hpp"
#include "yihong/http/router.hpp"

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

/// Routes whose parameters are read before the handler sees the request: it gets values, and a request that is refused never reaches it.
namespace yihong::http {

/// One parameter and what its value does to `Into`, which is what the handler works on: the arguments of a route, or a query that several building
/// blocks bring their parameters to.
template <typename Into>
struct Parameter {
    ParameterText text;
    /// \return a failure whose detail begins with the parameter's name
    std::function<Result<void>(std::string_view value, Into& into)> apply;
    /// What holds where it is not given; may be empty.
    std::function<void(Request const& request, Into& into)> otherwise = {};
};

template <typename Into>
using Parameters = std::vector<Parameter<Into>>;

/// Of a route that takes none.
struct NoArguments {};

namespace detail {

/// What a request gives of one parameter.
struct Given {
    std::size_t parameter;  ///< index
    std::string_view value;
};
/// Which parameters the request gives, each once: \return Errc::unknown_field, bad_value (given twice), missing_field; the detail names the parameter
Result<std::vector<Given>> match_parameters(Declaration const& declaration, Request const& request);

/// A wrong parameter is 400, whatever its value names.
Reply refuse_parameter(Failure const& failure);
/// \throws std::logic_error where path and parameters do not agree, or a parameter stands there twice
void check(Declaration const& declaration);

template <typename Into>
Result<void> read(Declaration const& declaration, Parameters<Into> const& parameters, Request const& request, Into& into)
{
    auto const given = match_parameters(declaration, request);
    if (!given)
        return std::unexpected{given.error()};
    std::vector<bool> is_given(parameters.size());
    for (auto const& [index, value] : *given) {
        if (auto const applied = parameters[index].apply(value, into); !applied)
            return std::unexpected{applied.error()};
        is_given[index] = true;
    }
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (!is_given[i] && parameters[i].otherwise)
            parameters[i].otherwise(request, into);
    return {};
}

template <typename Into, typename Handler>
struct Endpoint {
    Declaration declaration;
    Parameters<Into> parameters;
    Handler handler;
};

/// The arguments live in this frame until the handler is done.
template <typename Into, typename Handler>
boost::asio::awaitable<Reply> serve(Endpoint<Into, Handler> const& endpoint, Request const& request)
{
    Into arguments{};
    auto const read_in = read(endpoint.declaration, endpoint.parameters, request, arguments);
    if (!read_in)
        co_return refuse_parameter(read_in.error());
    auto reply = co_await endpoint.handler(request, arguments);
    co_return reply;
}

/// Opens a stream when the parameters are good.
template <typename Into, typename Open>
OpenStream opens(std::shared_ptr<Endpoint<Into, Open> const> endpoint)
{
    return [endpoint = std::move(endpoint)](Request const& request) -> std::invoke_result_t<Open const&, Request const&, Into const&> {
        Into arguments{};
        if (auto const read_in = read(endpoint->declaration, endpoint->parameters, request, arguments); !read_in)
            return std::unexpected{refuse_parameter(read_in.error())};
        return endpoint->handler(request, arguments);
    };
}

/// The declaration with what the parameters say of themselves.
template <typename Into, typename Handler>
std::shared_ptr<Endpoint<Into, Handler> const> endpoint_of(Declaration declaration, Parameters<Into> parameters, Handler handler)
{
    for (auto const& parameter : parameters)
        declaration.parameters.push_back(parameter.text);
    check(declaration);
    return std::make_shared<Endpoint<Into, Handler> const>(std::move(declaration), std::move(parameters), std::move(handler));
}

}  // namespace detail

/// Reads the parameters of a request by themselves, for building blocks and tests. \return as a declared route does
template <typename Into>
Result<Into> read_parameters(Parameters<Into> const& parameters, Request const& request)
{
    Declaration declaration;
    for (auto const& parameter : parameters)
        declaration.parameters.push_back(parameter.text);
    Into into{};
    if (auto const done = detail::read(declaration, parameters, request, into); !done)
        return std::unexpected{done.error()};
    return into;
}

/// The route of a declaration whose handler reads the request by itself.
Route declared_route(Declaration declaration, decltype(Route::handler) handler, std::size_t body_limit = 0);

/// A route whose handler takes the request and an `Into`: `Reply(Request const&, Into const&)` answers at once,
/// `awaitable<Reply>(Request const&, Into const&)` may wait. \param body_limit bytes after decompression; 0: no body is taken
template <typename Into, typename Handler>
Route declare(Declaration declaration, std::type_identity_t<Parameters<Into>> parameters, Handler handler, std::size_t body_limit = 0)
{
    auto const endpoint = detail::endpoint_of<Into>(std::move(declaration), std::move(parameters), std::move(handler));
    using Answer = std::invoke_result_t<Handler const&, Request const&, Into const&>;
    if constexpr (std::is_same_v<Answer, Reply>) {
        QuickHandler quick = [endpoint](Request const& request) {
            Into arguments{};
            if (auto const read_in = detail::read(endpoint->declaration, endpoint->parameters, request, arguments); !read_in)
                return detail::refuse_parameter(read_in.error());
            return endpoint->handler(request, arguments);
        };
        return declared_route(endpoint->declaration, std::move(quick), body_limit);
    } else {
        WaitingHandler waiting = [endpoint](Request const& request) { return detail::serve(*endpoint, request); };
        return declared_route(endpoint->declaration, std::move(waiting), body_limit);
    }
}

/// A stream of server-sent events. `open` takes the request and an `Into`, and is as OpenStream otherwise.
template <typename Into, typename Open>
Route declare_event_stream(Declaration declaration, std::type_identity_t<Parameters<Into>> parameters, Open open)
{
    auto const endpoint = detail::endpoint_of<Into>(std::move(declaration), std::move(parameters), std::move(open));
    return declared_route(endpoint->declaration, EventStreamHandler{detail::opens(endpoint)});
}

/// The same as a WebSocket.
template <typename Into, typename Open>
Route declare_websocket(Declaration declaration, std::type_identity_t<Parameters<Into>> parameters, Open open)
{
    auto const endpoint = detail::endpoint_of<Into>(std::move(declaration), std::move(parameters), std::move(open));
    return declared_route(endpoint->declaration, WebSocketHandler{detail::opens(endpoint)});
}

/// What all these routes say of themselves, each once. \throws std::logic_error where one says nothing, or two have one operationId
std::vector<Declaration> declarations_of(std::vector<Route> const& routes);

}  // namespace yihong::http
