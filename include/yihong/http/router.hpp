#pragma once

#include "yihong/http/message.hpp"
#include "yihong/http/stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yihong::http {

/// Answers at once on the I/O thread: must not block, read files or query the store.
using QuickHandler = std::function<Reply(Request const&)>;
/// May wait (on a pool, the writer). The request outlives the coroutine.
using WaitingHandler = std::function<boost::asio::awaitable<Reply>(Request const&)>;

struct Declaration;

struct Route {
    Method method = Method::get;
    std::string pattern;  ///< `/collections/{}/items`; `{}` matches one segment, `{*}` at the end all that follow
    Scope scope = Scope::read;
    std::variant<QuickHandler, WaitingHandler, EventStreamHandler, WebSocketHandler> handler;
    std::size_t body_limit = 0;                    ///< bytes after decompression; 0: no body is taken
    std::shared_ptr<Declaration const> declaration = {};   ///< what it says of itself (declare.hpp)
};

/// Immutable once built. Finds the route of a path; knows the methods of a path for 405 and OPTIONS.
class Router {
public:
    /// \throws std::logic_error for a pattern without a slash in front or given twice for one method
    explicit Router(std::vector<Route> routes);
    ~Router();

    struct Match {
        Route const* route = nullptr;  ///< null: no such path, or not this method (see `allowed`)
        std::vector<std::string> parameters;
        std::vector<Method> allowed;  ///< set when `route` is null: methods of the path; empty: no such path (404)
    };
    /// A static segment wins over `{}`, that over `{*}`. `path` has no empty segments and no slash at its end.
    [[nodiscard]] Match find(Method method, std::string_view path) const;

private:
    struct Node;
    static Node const* descend(Node const& node, std::string_view rest, std::vector<std::string>& parameters);
    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
};

}  // namespace yihong::http
