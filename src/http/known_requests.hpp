#pragma once

#include "exchange.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace yihong::http {

/// Requests that came before. Most clients send the very same head again and again, which then is neither parsed nor routed once more.
/// Of one I/O thread; some 4 KB each, 512 KB at most where heads are ordinary.
class KnownRequests {
public:
    /// Whether what `decide` found in this head holds for every request with the same bytes, and says nothing that is secret or of its sender:
    /// a read without body, token, cookie or proxy.
    static bool may_keep(Exchange const& exchange, std::string_view head) noexcept;

    /// The exchange of the last request with this head, as `decide` left it. \return null where there is none, or it is under way
    std::unique_ptr<Exchange> take(std::string_view head) noexcept;
    /// Puts an exchange that may be kept in the place of another one.
    void put(std::unique_ptr<Exchange> exchange) noexcept;

private:
    static constexpr std::size_t most = 128;
    [[nodiscard]] static std::size_t place_of(std::string_view head) noexcept { return std::hash<std::string_view>{}(head) % most; }
    std::array<std::unique_ptr<Exchange>, most> known_;
};

}  // namespace yihong::http
