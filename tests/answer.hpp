#pragma once

#include "yihong/http/router.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <list>
#include <mutex>
#include <optional>

namespace yihong::testing {

/// What a route that answers one request answers, at once or after waiting.
inline http::Reply answer_of(http::Route const& route, http::Request const& request)
{
    if (auto const* const quick = std::get_if<http::QuickHandler>(&route.handler))
        return (*quick)(request).whole();
    // One a thread, kept to the very end: the thread of a pool that has brought the answer may still be about to leave it.
    static auto& kept = *new std::list<boost::asio::io_context>;
    static std::mutex making;
    static thread_local auto& context = [&]() -> boost::asio::io_context& {
        std::lock_guard const lock{making};
        return kept.emplace_back(1);
    }();
    context.restart();
    std::optional<http::Reply> reply;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::get<http::WaitingHandler>(route.handler)(request), [&](std::exception_ptr thrown, http::Reply got) {
        failure = std::move(thrown);
        reply = std::move(got);
    });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    return reply->whole();
}

}  // namespace yihong::testing
