#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace yihong::testing {

/// What a client brings along.
struct TlsClientOptions {
    std::string authority{};                       ///< PEM; by which the server is known. Empty: any
    std::string certificate{}, key{};              ///< its own, PEM
    int newest_version = TLS1_3_VERSION;
    std::string protocol{};                        ///< by ALPN
};

/// A blocking client over TLS. \throws boost::system::system_error when the handshake fails
class TlsClient {
public:
    explicit TlsClient(std::uint16_t port, TlsClientOptions const& options = {}) : context_{made(options)}, stream_{io_, context_}
    {
        stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
        if (!options.protocol.empty()) {
            auto const wire = static_cast<char>(options.protocol.size()) + options.protocol;
            SSL_set_alpn_protos(stream_.native_handle(), reinterpret_cast<unsigned char const*>(wire.data()),
                                static_cast<unsigned>(wire.size()));
        }
        stream_.handshake(boost::asio::ssl::stream_base::client);
    }

    void send(std::string_view bytes) { boost::asio::write(stream_, boost::asio::buffer(bytes)); }
    /// What comes until `mark` has come, or the peer is gone.
    std::string read_until(std::string_view mark)
    {
        boost::system::error_code ec;
        std::array<char, 16 * 1024> piece{};
        while (!ec && got_.find(mark) == std::string::npos) {
            auto const n = stream_.read_some(boost::asio::buffer(piece), ec);
            got_.append(piece.data(), n);
        }
        return got_;
    }
    std::string read_to_the_end() { return read_until(std::string_view{"\0never\0", 7}); }
    [[nodiscard]] std::string protocol() const
    {
        unsigned char const* text = nullptr;
        unsigned length = 0;
        SSL_get0_alpn_selected(const_cast<TlsClient*>(this)->stream_.native_handle(), &text, &length);
        return {reinterpret_cast<char const*>(text), length};
    }

private:
    static boost::asio::ssl::context made(TlsClientOptions const& options)
    {
        boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), options.newest_version);
        if (!options.authority.empty()) {
            context.add_certificate_authority(boost::asio::buffer(options.authority));
            context.set_verify_mode(boost::asio::ssl::verify_peer);
        }
        if (!options.certificate.empty()) {
            context.use_certificate(boost::asio::buffer(options.certificate), boost::asio::ssl::context::pem);
            context.use_private_key(boost::asio::buffer(options.key), boost::asio::ssl::context::pem);
        }
        return context;
    }

    boost::asio::io_context io_;
    boost::asio::ssl::context context_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    std::string got_;
};

}  // namespace yihong::testing
