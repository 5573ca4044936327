#include "yihong/net/tls.hpp"

#include "tls_context.hpp"

#include "yihong/base/log.hpp"

#include <openssl/ssl.h>

#include <functional>
#include <stdexcept>
#include <utility>

namespace yihong::net {
namespace {

namespace ssl = boost::asio::ssl;

/// Takes the protocol that we speak out of those that a client offers; one that offers only others ends the handshake (RFC 7301 §3.2).
int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* length, unsigned char const* offered, unsigned offered_length,
                    void* ours)
{
    auto const& known = *static_cast<std::string const*>(ours);
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, length, reinterpret_cast<unsigned char const*>(known.data()), static_cast<unsigned>(known.size()),
                              offered, offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<Tls::Context const> context_of(TlsFiles const& files, std::string const& protocol)
{
    auto made = std::make_shared<Tls::Context>(ssl::context{ssl::context::tls_server}, std::string{});
    auto* const handle = made->ssl.native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);    // a silent station keeps none
    auto const use = [](std::filesystem::path const& file, std::function<void(boost::system::error_code&)> const& read) {
        boost::system::error_code ec;
        read(ec);
        if (ec)
            throw std::runtime_error{file.string() + ": " + ec.message()};
    };
    use(files.certificate, [&](auto& ec) { made->ssl.use_certificate_chain_file(files.certificate.string(), ec); });
    use(files.key, [&](auto& ec) { made->ssl.use_private_key_file(files.key.string(), ssl::context::pem, ec); });
    if (SSL_CTX_check_private_key(handle) != 1)
        throw std::runtime_error{files.key.string() + ": the key does not belong to the certificate " + files.certificate.string()};
    if (!files.client_authorities.empty()) {
        use(files.client_authorities, [&](auto& ec) { made->ssl.load_verify_file(files.client_authorities.string(), ec); });
        made->ssl.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
    if (!protocol.empty()) {
        made->protocols = static_cast<char>(protocol.size()) + protocol;
        SSL_CTX_set_alpn_select_cb(handle, choose_protocol, &made->protocols);
    }
    constexpr unsigned char session_name[] = "yihong";
    SSL_CTX_set_session_id_context(handle, session_name, sizeof session_name - 1);     // asked for where clients show certificates
    return made;
}

}  // namespace

Tls::Tls(TlsFiles files, std::string protocol)
    : files_{std::move(files)}, protocol_{std::move(protocol)}, context_{context_of(files_, protocol_)}
{}

Tls::~Tls() = default;

void Tls::check() const { (void)context_of(files_, protocol_); }

void Tls::read_again() { context_.publish(context_of(files_, protocol_)); }

void Tls::failed(std::string const& peer, std::string const& why)
{
    if (auto const since = line_.count(); since > 0)
        log::warning("tls_handshake_failed", {{"peer", peer}, {"detail", why}, {"since_last_line", since}});
}

}  // namespace yihong::net
