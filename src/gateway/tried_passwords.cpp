#include "tried_passwords.hpp"

#include "yihong/base/file.hpp"
#include "yihong/hj212/cipher.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace yihong::gateway {
namespace {

constexpr std::string_view mark = "tried-";
constexpr std::size_t mark_digits = 32;

std::string secret_in(std::filesystem::path const& file)
{
    if (!file.empty() && std::filesystem::exists(file)) {
        std::ifstream in{file};
        std::string secret;
        if (!std::getline(in, secret) || secret.size() < 16)
            throw std::runtime_error{file.string() + " holds no secret; remove it, and a new one is made"};
        return secret;
    }
    auto const secret = hj212::random_key() + hj212::random_key();
    if (!file.empty())
        write_private_file(file, secret + "\n");
    return secret;
}

/// \param instead of each secret
std::string replaced(std::string_view bytes, std::function<std::string(std::string_view)> const& instead)
{
    std::string out;
    auto const* at = bytes.data();
    for (auto const secret : secrets_in(bytes)) {
        out.append(at, secret.data()).append(instead(secret));
        at = secret.data() + secret.size();
    }
    return out.append(at, bytes.data() + bytes.size());
}

}  // namespace

TriedPasswords::TriedPasswords(std::filesystem::path const& file) : secret_{secret_in(file)} {}

std::string TriedPasswords::mark_of(std::string_view password) const
{
    return std::string{mark} + hj212::keyed_hash(secret_, password).substr(0, mark_digits);
}

std::string TriedPasswords::hidden(std::string_view bytes) const
{
    return replaced(bytes, [&](std::string_view secret) { return mark_of(secret); });
}

std::optional<std::string> TriedPasswords::shown(std::string_view bytes, std::string_view password) const
{
    auto const own = mark_of(password);
    auto const is_another = [&](std::string_view secret) {
        return secret.size() == own.size() && secret.starts_with(mark) && secret != own;
    };
    if (std::ranges::any_of(secrets_in(bytes), is_another))
        return std::nullopt;
    return replaced(bytes, [&](std::string_view secret) { return std::string{secret == own ? password : secret}; });
}

std::string without_foreign_secrets(std::string_view bytes, std::string_view password)
{
    bool const is_own = std::ranges::all_of(secrets_in(bytes), [&](std::string_view secret) { return secret == password; });
    return is_own ? std::string{bytes} : without_secrets(bytes);
}

}  // namespace yihong::gateway
