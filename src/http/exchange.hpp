#pragma once

#include "head.hpp"

#include "yihong/http/router.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace yihong::http {

/// Everything known of one request and its answer under way.
struct Exchange {
    std::string bytes;                             ///< of the head, where the same may come again (KnownRequests); empty: not kept
    Head head;
    Request request;
    std::optional<std::string> access_key;         ///< the token, where the target held it
    std::shared_ptr<Router const> router;          ///< keeps `route` alive
    Route const* route = nullptr;
    bool keep_alive = false;
    std::string user;                              ///< whom a trusted proxy has signed in; empty: nobody
    bool by_browser = false;                       ///< the principal is the one of the browser's cookie, or of its user at the proxy
    std::optional<std::string> opened_by;  ///< the token that it needed and had; empty: that it came from here while there was none
    bool drops_cookie = false;  ///< the cookie's token is not known any more
    bool body_pending = false;  ///< the request's body has not been read
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

    [[nodiscard]] std::string_view pattern() const noexcept { return route == nullptr ? std::string_view{} : route->pattern; }
};

}  // namespace yihong::http
