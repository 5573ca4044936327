#pragma once

#include "exchange.hpp"

namespace yihong::http {

/// Makes a page of a problem where a browser asked (Accept or `f` want HTML): what happened, and what to do, Chinese first. Everybody else has the
/// problem as it is (RFC 9457). Status and headers stay.
void show_to_people(Exchange const& exchange, Reply& reply);

}  // namespace yihong::http
