#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace yihong::testing {

/// A certificate for tests and its key, made on the spot; of an authority that others may be signed by, too.
class TestCertificate {
public:
    /// \param issuer null: it signs itself
    explicit TestCertificate(std::string const& name, TestCertificate const* issuer = nullptr)
        : key_{EVP_EC_gen("P-256"), EVP_PKEY_free}, certificate_{X509_new(), X509_free}
    {
        constexpr long day = 24 * 3600;
        auto* const x = certificate_.get();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1 + static_cast<long>(name.size()));
        X509_gmtime_adj(X509_getm_notBefore(x), -day);
        X509_gmtime_adj(X509_getm_notAfter(x), day);
        X509_set_pubkey(x, key_.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(name.c_str()), -1,
                                   -1, 0);
        X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer->certificate_.get() : x));
        if (auto* const authority = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE")) {
            if (!issuer)
                X509_add_ext(x, authority, -1);
            X509_EXTENSION_free(authority);
        }
        if (X509_sign(x, issuer ? issuer->key_.get() : key_.get(), EVP_sha256()) == 0)
            throw std::runtime_error{"OpenSSL signs nothing"};
    }

    [[nodiscard]] std::string certificate() const
    {
        return written([&](BIO* to) { PEM_write_bio_X509(to, certificate_.get()); });
    }
    [[nodiscard]] std::string key() const
    {
        return written([&](BIO* to) { PEM_write_bio_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }

private:
    static std::string written(auto const& write)
    {
        std::unique_ptr<BIO, decltype(&BIO_free)> const memory{BIO_new(BIO_s_mem()), BIO_free};
        write(memory.get());
        char* bytes = nullptr;
        auto const length = BIO_get_mem_data(memory.get(), &bytes);
        return {bytes, static_cast<std::size_t>(length)};
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace yihong::testing
