#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace yihong::net {

/// Starts something that answers once, on whichever thread, and resumes with its answer on this one.
/// \param start gets the function to call with the answer
template <typename T, typename Start>
boost::asio::awaitable<T> answer_of(Start start)
{
    namespace asio = boost::asio;
    return asio::async_initiate<asio::use_awaitable_t<> const, void(T)>(
        [](auto handler, Start begin) {
            auto const executor = asio::get_associated_executor(handler);
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            begin([shared, executor](T answer) {
                asio::post(executor, [shared, answer = std::move(answer)]() mutable { std::move (*shared)(std::move(answer)); });
            });
        },
        asio::use_awaitable, std::move(start));
}

}  // namespace yihong::net
