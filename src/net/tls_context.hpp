#pragma once

#include "yihong/net/tls.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace yihong::net {

struct Tls::Context {
    mutable boost::asio::ssl::context ssl;         ///< streams are made of it; nothing changes it any more
    std::string protocols;                         ///< as ALPN has them, each behind its length; OpenSSL holds a pointer to it
};

}  // namespace yihong::net
