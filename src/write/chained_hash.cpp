#include "yihong/write/chained_hash.hpp"

#include "yihong/base/text.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace yihong {

std::string chained_hash(std::string_view previous, std::string_view document)
{
    std::string const bytes = std::string{previous} + std::string{document};
    std::array<unsigned char, 32> hash{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL cannot compute SHA-256"};
    return to_hex({reinterpret_cast<char const*>(hash.data()), length});
}

}  // namespace yihong
