#pragma once

#include "yihong/base/result.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/segment.hpp"

#include <array>
#include <string>
#include <string_view>

namespace yihong::hj212 {

/// SM4-ECB over the data area, as HJ 212-2025 has it: 16-byte key, no padding, an incomplete last block stays plain, so that
/// ciphertext is as long as its plaintext. The frame's CRC is that of the plaintext.
class Sm4 {
public:
    /// 16 bytes, or 32 hexadecimal digits. \return Errc::bad_value
    static Result<Sm4> from_key(std::string_view key);

    [[nodiscard]] std::string encrypted(std::string_view plain) const;
    [[nodiscard]] std::string decrypted(std::string_view cipher) const;
    /// 32 hexadecimal digits.
    [[nodiscard]] std::string key_as_hex() const;

private:
    [[nodiscard]] std::string run(std::string_view in, bool encrypt) const;
    std::array<unsigned char, 16> key_{};
};

/// A new key: 16 letters and digits, as NewSK (1014) carries it, from OpenSSL's generator. \throws std::runtime_error when that has none to give
[[nodiscard]] std::string random_key();

/// HMAC-SHA256 of a text, 64 hexadecimal digits: tells whether two texts are the same to whoever has the key, and nobody else anything.
[[nodiscard]] std::string keyed_hash(std::string_view key, std::string_view text);

/// Whether the edition encrypts the data area of this command (2000 to 2999, 1014, 3020).
[[nodiscard]] bool is_encrypted_command(int cn) noexcept;

/// Whether a data area is ciphertext: plain ones hold no control characters and are UTF-8, ciphertext nearly always does otherwise.
[[nodiscard]] bool looks_encrypted(std::string_view cp) noexcept;

/// A segment as its CRC was computed: with the data area in clear. \pre `cp` lies in `segment`
[[nodiscard]] std::string in_clear(std::string_view segment, std::string_view cp, std::string_view plain);

/// The frame of a message; with a key, its data area is encrypted where the edition does so.
[[nodiscard]] std::string to_frame(Outgoing const& message, CrcForm form = CrcForm::hj212, Sm4 const* key = nullptr);

}  // namespace yihong::hj212
