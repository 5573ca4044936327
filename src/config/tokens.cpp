#include "yihong/config/tokens.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"

#include "identifier.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace yihong {
namespace {

constexpr std::size_t file_limit_bytes = 16 * 1024 * 1024;
constexpr std::size_t token_limit = 10'000;
constexpr std::string_view secret_prefix = "yh_";
constexpr std::size_t secret_length = 3 + 43;          // 32 bytes in base64url without padding
constexpr std::array scopes_known{"ingest", "operate", "admin", "read", "metrics"};

bool is_scope(std::string_view scope) { return std::find(scopes_known.begin(), scopes_known.end(), scope) != scopes_known.end(); }

template <std::size_t n>
std::optional<std::array<unsigned char, n>> from_hex(std::string_view text)
{
    auto const nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    std::array<unsigned char, n> bytes{};
    if (text.size() != 2 * n)
        return std::nullopt;
    for (std::size_t i = 0; i < n; ++i) {
        int const high = nibble(text[2 * i]);
        int const low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return bytes;
}

std::optional<UtcTime> time_of(simdjson::dom::element entry, std::string_view key)
{
    std::string_view text;
    if (entry[key].get(text) != simdjson::SUCCESS)
        return std::nullopt;
    auto const time = parse_rfc3339(text);
    return time ? std::optional{*time} : std::nullopt;
}

std::optional<Token> token_of(simdjson::dom::element entry)
{
    Token token;
    std::string_view name;
    simdjson::dom::array scopes;
    auto const created = time_of(entry, "created");
    if (entry["name"].get(name) != simdjson::SUCCESS || entry["scopes"].get(scopes) != simdjson::SUCCESS || !created)
        return std::nullopt;
    token.name = name;
    token.created = *created;
    for (auto const scope : scopes) {
        std::string_view word;
        if (scope.get(word) != simdjson::SUCCESS || !is_scope(word))
            return std::nullopt;
        token.scopes.emplace_back(word);
    }
    simdjson::dom::element expires;
    if (entry["expires"].get(expires) == simdjson::SUCCESS && !expires.is_null()) {
        token.expires = time_of(entry, "expires");
        if (!token.expires)
            return std::nullopt;                       // an expiry that cannot be read must not become "never"
    }
    return token;
}

}  // namespace

std::string new_secret()
{
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{"the system has no random bytes to give"};
    auto text = to_base64({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    OPENSSL_cleanse(bytes.data(), bytes.size());
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(text.find_last_not_of('=') + 1);
    return std::string{secret_prefix} + text;
}

std::size_t TokenFile::DigestHash::operator()(Digest const& digest) const noexcept
{
    std::size_t value = 0;
    std::memcpy(&value, digest.data(), sizeof value);  // the digest is evenly spread already
    return value;
}

TokenFile::TokenFile(std::filesystem::path const& file, std::chrono::milliseconds check_every)
    : file_{std::filesystem::absolute(file)}, check_every_{check_every}, version_{version()},
      tokens_{std::make_shared<Tokens const>(read())},
      next_check_{(std::chrono::steady_clock::now() + check_every_).time_since_epoch().count()}
{}

TokenFile::Digest TokenFile::digest(std::string_view secret)
{
    Digest bytes{};
    SHA256(reinterpret_cast<unsigned char const*>(secret.data()), secret.size(), bytes.data());
    return bytes;
}

TokenFile::Version TokenFile::version() const
{
    struct stat status{};
    if (::stat(file_.c_str(), &status) != 0)
        return {};
    return {status.st_ino, status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

TokenFile::Tokens TokenFile::read() const
{
    std::error_code ec;
    if (std::filesystem::status(file_, ec).type() == std::filesystem::file_type::not_found)
        return {};
    auto const text = read_file(file_, file_limit_bytes);
    if (!text)
        throw std::runtime_error{text.error().detail};
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    simdjson::dom::array entries;
    if (auto const error = parser.parse(*text).get(document))
        throw std::runtime_error{fmt::format("{}: is not JSON: {}", file_.string(), simdjson::error_message(error))};
    if (document["tokens"].get(entries) != simdjson::SUCCESS)
        throw std::runtime_error{fmt::format("{}: has no array named tokens", file_.string())};

    Tokens tokens;
    for (auto const entry : entries) {
        std::string_view hash;
        auto token = token_of(entry);
        auto const bytes = entry["sha256"].get(hash) == simdjson::SUCCESS ? from_hex<32>(hash) : std::nullopt;
        if (!token || !bytes)
            throw std::runtime_error{
                fmt::format("{}: tokens[{}] is damaged; restore the file or delete that entry", file_.string(), tokens.size())};
        tokens.emplace(*bytes, std::move(*token));
    }
    return tokens;
}

void TokenFile::write(Tokens const& tokens) const
{
    std::vector<Tokens::value_type const*> by_name;
    for (auto const& entry : tokens)
        by_name.push_back(&entry);
    std::sort(by_name.begin(), by_name.end(), [](auto const* a, auto const* b) { return a->second.name < b->second.name; });

    std::string text;
    JsonWriter json{text};
    json.begin_object().key("tokens").begin_array();
    for (auto const* entry : by_name) {
        auto const& [hash, token] = *entry;
        json.begin_object().member("name", token.name).key("scopes").begin_array();
        for (auto const& scope : token.scopes)
            json.value(scope);
        json.end_array().member("created", token.created).key("expires");
        if (token.expires)
            json.value(*token.expires);
        else
            json.null();
        json.member("sha256", to_hex({reinterpret_cast<char const*>(hash.data()), hash.size()})).end_object();
    }
    json.end_array().end_object();
    text += '\n';

    write_private_file(file_, text);
}

template <typename Apply>
auto TokenFile::change(Apply apply) -> decltype(apply(std::declval<Tokens&>()))
{
    std::lock_guard const own{mutex_};
    std::filesystem::create_directories(file_.parent_path());
    FileDescriptor const folder{file_.parent_path(), O_RDONLY | O_DIRECTORY};
    if (::flock(folder.get(), LOCK_EX) != 0)           // against other processes; ends with the descriptor
        throw_errno("cannot be locked", file_.parent_path());
    auto tokens = read();
    auto result = apply(tokens);
    if (result) {
        write(tokens);
        version_ = version();
        tokens_.publish(std::make_shared<Tokens const>(std::move(tokens)));
    }
    return result;
}

Result<std::string> TokenFile::create(std::string_view name, std::span<std::string const> scopes, std::optional<UtcTime> expires,
                                      UtcTime now)
{
    if (!is_identifier(name))
        return fail(Errc::bad_value, fmt::format("name: \"{}\" is not {}", name, identifier_rule));
    if (scopes.empty())
        return fail(Errc::bad_value, "scope: at least one of ingest, operate, admin, read, metrics is needed");
    for (auto const& scope : scopes) {
        if (!is_scope(scope))
            return fail(Errc::bad_value, fmt::format("scope: \"{}\" is not one of ingest, operate, admin, read, metrics", scope));
    }
    if (expires && *expires <= now)
        return fail(Errc::bad_value, fmt::format("expires: {} has passed already", format_rfc3339(*expires)));

    Token token{std::string{name}, {scopes.begin(), scopes.end()}, now, expires};
    std::sort(token.scopes.begin(), token.scopes.end());
    token.scopes.erase(std::unique(token.scopes.begin(), token.scopes.end()), token.scopes.end());
    return change([&](Tokens& tokens) -> Result<std::string> {
        bool const is_taken = std::any_of(tokens.begin(), tokens.end(), [&](auto const& entry) { return entry.second.name == name; });
        if (is_taken)
            return fail(Errc::duplicate_id, fmt::format("name: a token \"{}\" exists already", name));
        if (tokens.size() >= token_limit)
            return fail(Errc::too_large, fmt::format("there are {} tokens already", tokens.size()));
        auto secret = new_secret();
        tokens.emplace(digest(secret), std::move(token));
        return secret;
    });
}

Result<void> TokenFile::revoke(std::string_view name)
{
    return change([&](Tokens& tokens) -> Result<void> {
        auto const removed = std::erase_if(tokens, [&](auto const& entry) { return entry.second.name == name; });
        if (removed == 0)
            return fail(Errc::not_found, fmt::format("name: there is no token \"{}\"", name));
        return {};
    });
}

void TokenFile::reload_if_changed()
{
    auto const now = std::chrono::steady_clock::now();
    auto due = next_check_.load(std::memory_order_relaxed);
    if (now.time_since_epoch().count() < due || !next_check_.compare_exchange_strong(due, (now + check_every_).time_since_epoch().count()))
        return;
    std::unique_lock const lock{mutex_, std::try_to_lock};
    if (!lock)
        return;                                        // somebody is changing the file, and publishes it
    auto const current = version();
    if (current == version_)
        return;
    version_ = current;                                // a broken file is told once, not every second
    try {
        tokens_.publish(std::make_shared<Tokens const>(read()));
        log::info("tokens_reloaded", {{"file", file_.string()}, {"tokens", tokens_.load()->size()}});
    } catch (std::runtime_error const& error) {
        log::error("tokens_not_reloaded", {{"reason", error.what()}});
    }
}

std::vector<Token> TokenFile::list()
{
    reload_if_changed();
    std::vector<Token> tokens;
    for (auto const& [hash, token] : *tokens_.load())
        tokens.push_back(token);
    std::sort(tokens.begin(), tokens.end(), [](Token const& a, Token const& b) { return a.name < b.name; });
    return tokens;
}

bool TokenFile::any_valid(UtcTime now)
{
    reload_if_changed();
    auto const tokens = tokens_.load();
    return std::any_of(tokens->begin(), tokens->end(), [&](auto const& entry) { return entry.second.is_valid(now); });
}

std::optional<Token> TokenFile::lookup(std::string_view secret, UtcTime now)
{
    reload_if_changed();
    if (secret.size() != secret_length || !secret.starts_with(secret_prefix))
        return std::nullopt;
    // The table is asked for the secret's hash, so how long the answer takes tells nothing about the secrets it holds.
    auto const tokens = tokens_.load();
    auto const found = tokens->find(digest(secret));
    if (found == tokens->end() || !found->second.is_valid(now))
        return std::nullopt;
    return found->second;
}

}  // namespace yihong
