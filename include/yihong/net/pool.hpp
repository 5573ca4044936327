#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace yihong::net {

/// The pool's queue is full: answer 503 with Retry-After.
class PoolBusy : public std::runtime_error {
public:
    PoolBusy() : std::runtime_error{"too many requests are waiting; try again in a moment"} {}
};

/// A few threads with a bounded queue, for work that may block.
class Pool {
public:
    Pool(std::size_t threads, std::size_t queue_limit) : threads_{threads}, limit_{queue_limit + threads} {}
    ~Pool() { threads_.join(); }

    /// Runs `job` (it returns a value) on the pool and resumes the caller on its own thread. \throws PoolBusy, or what the job threw
    template <typename Job>
    boost::asio::awaitable<std::invoke_result_t<Job&>> run(Job job)
    {
        namespace asio = boost::asio;
        if (waiting_.fetch_add(1) >= limit_) {
            waiting_.fetch_sub(1);
            throw PoolBusy{};
        }
        auto const home = co_await asio::this_coro::executor;
        std::optional<std::invoke_result_t<Job&>> result;
        std::exception_ptr failure;
        co_await asio::post(asio::bind_executor(threads_.get_executor(), asio::use_awaitable));
        try {
            result.emplace(job());
        } catch (...) {
            failure = std::current_exception();
        }
        waiting_.fetch_sub(1);
        co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
        if (failure)
            std::rethrow_exception(failure);
        co_return std::move(*result);
    }

private:
    boost::asio::thread_pool threads_;
    std::atomic<std::size_t> waiting_{0};
    std::size_t limit_;
};

}  // namespace yihong::net
