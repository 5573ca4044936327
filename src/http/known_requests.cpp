#include "known_requests.hpp"

namespace yihong::http {

namespace {

constexpr std::size_t longest_head = 2 * 1024;

}  // namespace

bool KnownRequests::may_keep(Exchange const& exchange, std::string_view head) noexcept
{
    auto const& given = exchange.head;
    bool const reads = given.method == Method::get || given.method == Method::head;
    return reads && head.size() <= longest_head && !exchange.body_pending && !exchange.access_key && given.authorization.empty() &&
           given.cookie.empty() && exchange.user.empty() && !given.is_relayed && !given.host.empty() && !given.upgrades &&
           exchange.route != nullptr;
}

std::unique_ptr<Exchange> KnownRequests::take(std::string_view head) noexcept
{
    auto& place = known_[place_of(head)];
    return place && place->bytes == head ? std::move(place) : nullptr;
}

void KnownRequests::put(std::unique_ptr<Exchange> exchange) noexcept { known_[place_of(exchange->bytes)] = std::move(exchange); }

}  // namespace yihong::http
