#include "signature.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace yihong::notify {

std::string hmac_sha256(std::string_view key, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    // a null key would mean "as before", so an empty one needs an address too
    char const* const bytes = key.empty() ? "" : key.data();
    if (HMAC(EVP_sha256(), bytes, static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(text.data()), text.size(),
             digest.data(), &length) == nullptr)
        throw std::runtime_error{"OpenSSL makes no HMAC-SHA256"};
    return {reinterpret_cast<char const*>(digest.data()), length};
}

std::string webhook_signature(std::span<std::string const> secrets, std::string_view id, std::int64_t unix_seconds, std::string_view body)
{
    auto const text = fmt::format("{}.{}.{}", id, unix_seconds, body);
    std::string out;
    for (std::string_view secret : secrets) {
        if (secret.starts_with("whsec_"))
            secret.remove_prefix(6);
        out += (out.empty() ? "v1," : " v1,") + to_base64(hmac_sha256(from_base64(secret).value_or(std::string{}), text));
    }
    return out;
}

std::string dingtalk_query(std::string_view secret, UtcTime now)
{
    auto const ms = now.time_since_epoch().count();
    return fmt::format("timestamp={}&sign={}", ms, percent_encoded(to_base64(hmac_sha256(secret, fmt::format("{}\n{}", ms, secret)))));
}

std::string feishu_sign(std::string_view secret, std::int64_t unix_seconds)
{
    return to_base64(hmac_sha256(fmt::format("{}\n{}", unix_seconds, secret), {}));
}

}  // namespace yihong::notify
