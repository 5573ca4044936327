#include "yihong/hj212/cipher.hpp"

#include "yihong/base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace yihong::hj212 {
namespace {

constexpr std::size_t block = 16;

struct ContextDeleter {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

}  // namespace

Result<Sm4> Sm4::from_key(std::string_view key)
{
    Sm4 sm4;
    if (key.size() == block) {
        std::ranges::copy(key, sm4.key_.begin());
        return sm4;
    }
    if (key.size() != 2 * block || std::ranges::any_of(key, [](char c) { return hex_digit(c) < 0; }))
        return fail(Errc::bad_value, "an SM4 key is 16 characters or 32 hexadecimal digits");
    for (std::size_t i = 0; i < block; ++i)
        sm4.key_[i] = static_cast<unsigned char>(hex_digit(key[2 * i]) << 4 | hex_digit(key[2 * i + 1]));
    return sm4;
}

std::string Sm4::key_as_hex() const { return to_hex({reinterpret_cast<char const*>(key_.data()), key_.size()}); }

std::string Sm4::run(std::string_view in, bool encrypt) const
{
    std::string out{in};
    auto const whole = in.size() / block * block;
    if (whole == 0)
        return out;
    std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter> const context{EVP_CIPHER_CTX_new()};
    int written = 0;
    if (!context || EVP_CipherInit_ex(context.get(), EVP_sm4_ecb(), nullptr, key_.data(), nullptr, encrypt ? 1 : 0) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_CipherUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &written,
                         reinterpret_cast<unsigned char const*>(in.data()), static_cast<int>(whole)) != 1 ||
        static_cast<std::size_t>(written) != whole)
        throw std::runtime_error{"OpenSSL cannot run SM4-ECB"};
    return out;
}

std::string Sm4::encrypted(std::string_view plain) const { return run(plain, true); }
std::string Sm4::decrypted(std::string_view cipher) const { return run(cipher, false); }

std::string random_key()
{
    constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string key;
    while (key.size() < block) {
        unsigned char byte = 0;
        if (RAND_bytes(&byte, 1) != 1)
            throw std::runtime_error{"the system has no random bytes to give"};
        if (byte < 256 / letters.size() * letters.size())          // else the first letters would come more often
            key += letters[byte % letters.size()];
    }
    return key;
}

std::string keyed_hash(std::string_view key, std::string_view text)
{
    std::array<unsigned char, 32> hash{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(text.data()), text.size(),
              hash.data(), &size))
        throw std::runtime_error{"OpenSSL cannot compute HMAC-SHA256"};
    return to_hex({reinterpret_cast<char const*>(hash.data()), size});
}

bool is_encrypted_command(int code) noexcept
{
    return (code >= 2000 && code <= 2999) || code == cn::new_key || code == cn::site_information;
}

bool looks_encrypted(std::string_view cp) noexcept
{
    bool controls = false;                         // to the end and without branches, so that the compiler makes vectors of it
    for (char const c : cp) {
        bool const is_blank = (c == '\t') | (c == '\r') | (c == '\n');
        controls |= ((static_cast<unsigned char>(c) < 0x20) & !is_blank) | (c == 0x7F);
    }
    return controls || !is_valid_utf8(cp);
}

std::string in_clear(std::string_view segment, std::string_view cp, std::string_view plain)
{
    std::string text{segment.substr(0, static_cast<std::size_t>(cp.data() - segment.data()))};
    text += plain;
    text += segment.substr(static_cast<std::size_t>(cp.data() + cp.size() - segment.data()));
    return text;
}

std::string to_frame(Outgoing const& message, CrcForm form, Sm4 const* key)
{
    auto const plain = to_segment(message);
    auto const crc = crc_of(plain, form);
    if (!key || !is_encrypted_command(message.cn))
        return to_frame(plain, crc);
    auto hidden = message;
    hidden.cp = key->encrypted(message.cp);
    return to_frame(to_segment(hidden), crc);
}

}  // namespace yihong::hj212
