#pragma once

#include "yihong/base/rare_line.hpp"
#include "yihong/base/snapshot.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace yihong::net {

/// Where certificates and keys lie, as PEM.
struct TlsFiles {
    std::filesystem::path certificate;             ///< of the service, with the chain that leads to its authority
    std::filesystem::path key;
    std::filesystem::path client_authorities{};    ///< who may sign the certificates of clients; empty: none is asked for
};

/// What a TLS listener works with (证书与密钥): TLS 1.2 and newer. Any thread.
class Tls {
public:
    /// What OpenSSL makes of the files.
    struct Context;

    /// \param protocol the only one that is offered by ALPN, `http/1.1`; empty: none is
    /// \throws std::runtime_error naming the file that cannot be used
    Tls(TlsFiles files, std::string protocol);
    ~Tls();
    Tls(Tls const&) = delete;
    Tls& operator=(Tls const&) = delete;

    /// Whether the files can be used as they are now. \throws std::runtime_error as the constructor
    void check() const;
    /// Reads the files again, for connections that come from now on; those that are open keep what they have.
    /// \throws std::runtime_error as the constructor; everything stays as it is then
    void read_again();
    [[nodiscard]] std::shared_ptr<Context const> current() const { return context_.load(); }
    /// Counts a handshake that failed, and logs at most one line a minute.
    void failed(std::string const& peer, std::string const& why);

private:
    TlsFiles files_;
    std::string protocol_;
    Snapshot<Context> context_;
    RareLine line_;
};

}  // namespace yihong::net
