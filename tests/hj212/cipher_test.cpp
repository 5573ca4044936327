#include "yihong/hj212/cipher.hpp"

#include "frames.hpp"
#include "yihong/base/text.hpp"
#include "yihong/hj212/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yihong::hj212 {
namespace {

constexpr std::string_view example_key = "0000000000000000";         // 16 bytes of 0x30

std::string from_hex(std::string_view hex)
{
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
    return out;
}

Segment segment_of(Reference const& reference) { return parse_segment(reference.frame.substr(6, reference.length)).value(); }

Outgoing to_outgoing(Segment const& s)
{
    return {std::string{s.qn}, std::string{s.st}, s.cn, std::string{s.pw}, std::string{s.mn}, s.flag, s.pnum, s.pno,
            s.retransmitted,   std::string{s.cp}};
}

TEST(Sm4, GivesTheVectorsOfTheStandard)
{
    std::string const text = from_hex("0123456789abcdeffedcba9876543210");
    auto const sm4 = Sm4::from_key(text).value();
    EXPECT_EQ(to_hex(sm4.encrypted(text)), "681edf34d206965e86b3e94f536e4246");
    EXPECT_EQ(sm4.decrypted(sm4.encrypted(text)), text);
    auto many = text;
    for (int i = 0; i < 1000; ++i)
        many = sm4.encrypted(many);
    for (int i = 0; i < 1000; ++i)
        many = sm4.decrypted(many);
    EXPECT_EQ(many, text);
}

TEST(Sm4, TakesAKeyAsCharactersOrAsHexadecimalDigits)
{
    EXPECT_EQ(Sm4::from_key(example_key).value().key_as_hex(), "30303030303030303030303030303030");
    EXPECT_EQ(Sm4::from_key("0123456789ABCDEFfedcba9876543210").value().key_as_hex(), "0123456789abcdeffedcba9876543210");
    for (auto const* key : {"", "000000000000000", "00000000000000000", "0123456789abcdeffedcba987654321",
                            "0123456789abcdeffedcba987654321g", "0123456789abcdeffedcba98765432100"})
        EXPECT_EQ(Sm4::from_key(key).error().code, Errc::bad_value) << key;
}

TEST(Sm4, LeavesTheIncompleteLastBlockPlain)
{
    auto const sm4 = Sm4::from_key(example_key).value();
    std::string const text = "DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        auto const plain = text.substr(0, size);
        auto const cipher = sm4.encrypted(plain);
        ASSERT_EQ(cipher.size(), size);
        EXPECT_EQ(cipher.substr(size / 16 * 16), plain.substr(size / 16 * 16));
        EXPECT_EQ(cipher == plain, size < 16);
        EXPECT_EQ(sm4.decrypted(cipher), plain);
    }
    auto const twice = sm4.encrypted(text.substr(0, 16) + text.substr(0, 16));
    EXPECT_EQ(twice.substr(0, 16), twice.substr(16)) << "ECB: equal blocks, equal ciphertext";
}

TEST(EncryptedFrame, CarriesTheCrcOfItsPlaintext)
{
    auto const sm4 = Sm4::from_key(example_key).value();
    auto const& reference = *std::ranges::find(references, "f21", &Reference::id);
    auto const plain = segment_of(reference);
    auto const raw = to_frame(to_outgoing(plain), CrcForm::hj212, &sm4);
    EXPECT_EQ(raw.size(), reference.frame.size());
    EXPECT_NE(raw, reference.frame);

    FrameDecoder decoder;
    decoder.feed(raw);
    auto const frame = decoder.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->crc, 0xB541);
    EXPECT_NE(crc_of(frame->segment), 0xB541);
    auto const hidden = parse_segment(frame->segment).value();
    EXPECT_EQ(hidden.mn, plain.mn) << "only the data area is hidden";
    EXPECT_TRUE(looks_encrypted(hidden.cp));
    EXPECT_EQ(sm4.decrypted(hidden.cp), plain.cp);
    EXPECT_EQ(to_frame(to_outgoing(plain)), reference.frame) << "without a key it stays plain";
}

TEST(EncryptedFrame, IsMadeOfDataKeysAndSiteInformationOnly)
{
    auto const sm4 = Sm4::from_key(example_key).value();
    for (int const code : {2000, 2011, 2061, 2999, 1014, 3020})
        EXPECT_TRUE(is_encrypted_command(code)) << code;
    for (int const code : {0, 1000, 1011, 1013, 1015, 1999, 3000, 3019, 3021, 9011, 9014, 9015})
        EXPECT_FALSE(is_encrypted_command(code)) << code;
    Outgoing const clock{.qn = "20240601085857223",
                         .st = "32",
                         .cn = 1011,
                         .pw = "123456",
                         .mn = "A",
                         .flag = 9,
                         .cp = "PolId=w01018;SystemTime=20160801085857"};
    EXPECT_EQ(to_frame(clock, CrcForm::hj212, &sm4), to_frame(clock));
    EXPECT_EQ(to_frame(clock, CrcForm::modbus), to_frame(to_segment(clock), CrcForm::modbus));
}

TEST(LooksEncrypted, TellsPlainDataAreasFromCiphertext)
{
    auto const sm4 = Sm4::from_key(example_key).value();
    for (auto const& reference : references) {
        auto const cp = segment_of(reference).cp;
        EXPECT_FALSE(looks_encrypted(cp)) << reference.id;
        if (cp.size() >= 16)
            EXPECT_TRUE(looks_encrypted(sm4.encrypted(cp))) << reference.id;
    }
    EXPECT_FALSE(looks_encrypted(""));
    EXPECT_FALSE(looks_encrypted("DataTime=20160801085857;PolId=w00000;i22001-Info=水泵启动，流量正常\r\n\t"));
    EXPECT_TRUE(looks_encrypted(std::string_view{"a\0b", 3}));
    EXPECT_TRUE(looks_encrypted("a\x7F"));
}

TEST(LooksEncrypted, TakesGbkTextOfOldLoggersForCiphertextSoItIsAskedOnlyForDevicesWithAKey)
{
    EXPECT_TRUE(looks_encrypted("i22001-Info=\xB5\xD8\xB1\xED\xCB\xAE"));      // 地表水
}

}  // namespace
}  // namespace yihong::hj212
