#pragma once

#include "yihong/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace yihong::http {

/// Answers at once on the I/O thread: must not block, read files or query the store.
using QuickHandler = std::function<Reply(Request const&)>;
/// May wait (`run_on` a pool, the writer). The request outlives the coroutine.
using WaitingHandler = std::function<boost::asio::awaitable<Reply>(Request const&)>;

struct Route {
    Method method = Method::get;
    std::string pattern;                           ///< `/collections/{}/items`; `{}` matches one segment
    Scope scope = Scope::read;
    std::variant<QuickHandler, WaitingHandler> handler;
    std::size_t body_limit = 0;                    ///< bytes after decompression; 0: no body is taken
};

/// Immutable once built. Finds the route of a path; knows the methods of a path for 405 and OPTIONS.
class Router {
public:
    explicit Router(std::vector<Route> routes);

    struct Match {
        Route const* route = nullptr;              ///< null: no such path, or not this method (see `allowed`)
        std::vector<std::string> parameters;
        std::vector<Method> allowed;               ///< methods of the path; empty: no such path (404)
    };
    [[nodiscard]] Match find(Method method, std::string_view path) const;

private:
    std::vector<Route> routes_;
};

}  // namespace yihong::http
