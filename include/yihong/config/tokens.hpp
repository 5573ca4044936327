#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/snapshot.hpp"
#include "yihong/base/time.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong {

/// An access token (访问令牌) as it is kept: never its secret.
struct Token {
    std::string name;
    std::vector<std::string> scopes;               ///< of `ingest` | `operate` | `admin` | `read`
    UtcTime created{};
    std::optional<UtcTime> expires;                ///< none: does not expire
    [[nodiscard]] bool is_valid(UtcTime now) const noexcept { return !expires || now < *expires; }
    bool operator==(Token const&) const = default;
};

/// A fresh secret of full entropy: `yh_` and 32 random bytes in base64url. \throws std::runtime_error when the system has no random bytes
std::string new_secret();

/// The access tokens of a service, in one small JSON file that only its owner may read. A secret is `yh_` and 32 random bytes in
/// base64url; the file holds its SHA-256 (enough for a secret of full entropy). Any thread may call anything; several processes
/// may share the file: changes are made under a lock, and replace the file in one step that is on disk when it returns.
class TokenFile {
public:
    /// A missing file holds no tokens. \throws std::runtime_error when the file exists and cannot be read or understood
    /// \param check_every how often a lookup may look whether the file has changed
    explicit TokenFile(std::filesystem::path const& file, std::chrono::milliseconds check_every = std::chrono::seconds{1});

    /// Makes a token and keeps it. \return its secret, which cannot be had again; Errc::bad_value (name, scopes, expiry),
    /// duplicate_id (name) \throws std::runtime_error when the file cannot be written
    Result<std::string> create(std::string_view name, std::span<std::string const> scopes, std::optional<UtcTime> expires, UtcTime now);
    /// \return Errc::not_found \throws std::runtime_error when the file cannot be written
    Result<void> revoke(std::string_view name);

    /// All tokens, also expired ones, by name.
    [[nodiscard]] std::vector<Token> list();
    /// Whether any token is valid: without one the service stays on loopback.
    [[nodiscard]] bool any_valid(UtcTime now);
    /// Whom a secret belongs to; nothing when it is unknown or expired. Quick, for I/O threads: one hash, one table look-up, and at
    /// most once per `check_every` a stat (and a read of the file after a change). A file that has become unreadable leaves the
    /// tokens as they were and is logged.
    [[nodiscard]] std::optional<Token> lookup(std::string_view secret, UtcTime now);

private:
    using Digest = std::array<unsigned char, 32>;
    struct DigestHash {
        std::size_t operator()(Digest const& digest) const noexcept;
    };
    using Tokens = std::unordered_map<Digest, Token, DigestHash>;
    /// What tells one version of the file from another.
    struct Version {
        std::uint64_t inode = 0;                   // 0: no file
        std::int64_t size = 0;
        std::int64_t modified_ns = 0;
        bool operator==(Version const&) const = default;
    };
    static Digest digest(std::string_view secret);
    [[nodiscard]] Version version() const;
    [[nodiscard]] Tokens read() const;
    void write(Tokens const& tokens) const;
    void reload_if_changed();
    /// Applies a change to what the file holds now; writes and publishes it where `apply` gives a result.
    template <typename Apply>
    auto change(Apply apply) -> decltype(apply(std::declval<Tokens&>()));

    std::filesystem::path file_;
    std::chrono::milliseconds check_every_;
    std::mutex mutex_;                             // guards version_, and is held by whoever reloads or writes
    Version version_;
    Snapshot<Tokens> tokens_;
    std::atomic<std::chrono::steady_clock::rep> next_check_;
};

}  // namespace yihong
