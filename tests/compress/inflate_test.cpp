#include "yihong/compress/inflate.hpp"

#include <gtest/gtest.h>

#include <zlib.h>
#include <zstd.h>

namespace yihong {
namespace {

std::string gzipped(std::string_view text)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(std::string_view text)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

struct Compressor {
    Encoding encoding;
    std::string (*compress)(std::string_view);
};

class Decompress : public testing::TestWithParam<Compressor> {};

std::string sample_text(int lines)
{
    std::string text;
    for (int i = 0; i < lines; ++i)
        text += "longmen,2025-11-06T12:00:00Z,4h," + std::to_string(i * 7919 % 1000) + "\n";
    return text;
}

TEST_P(Decompress, GivesTheTextBackAlsoFromSeveralPartsAndNothing)
{
    std::string const text = sample_text(50'000);
    auto const& [encoding, compress] = GetParam();

    EXPECT_EQ(decompress(compress(text), encoding, text.size()), text);
    EXPECT_EQ(decompress(compress("abc") + compress("") + compress("def"), encoding, 6), "abcdef");
    EXPECT_EQ(decompress(compress(""), encoding, 0), "");
    EXPECT_EQ(detect_encoding(compress(text)), encoding);
}

TEST_P(Decompress, RefusesWhatIsTooLargeCutShortOrDamaged)
{
    std::string const text = sample_text(3'000);
    auto const& [encoding, compress] = GetParam();
    std::string const bomb = compress(std::string(20'000'000, '\0'));
    std::string const packed = compress(text);

    EXPECT_EQ(decompress(bomb, encoding, 1'000'000).error().code, Errc::too_large);
    EXPECT_EQ(decompress(packed, encoding, text.size() - 1).error().code, Errc::too_large);
    for (std::size_t n = 0; n < packed.size(); n += 17)
        EXPECT_EQ(decompress(packed.substr(0, n), encoding, text.size()).error(),
                  (Failure{Errc::bad_syntax, "the compressed data is cut short"}))
            << n;
    EXPECT_EQ(decompress(packed + "garbage", encoding, text.size()).error().code, Errc::bad_syntax);
    std::string damaged = packed;
    damaged[2] = '\x7F';
    EXPECT_EQ(decompress(damaged, encoding, text.size()).error().code, Errc::bad_syntax);
}

/// The library below still reads what was written before version 0.8, if the whole magic number comes in one piece.
TEST(Zstd, RefusesFramesOfTheTimeBeforeItsStandard)
{
    using namespace std::string_view_literals;
    constexpr auto hello = "\x27\xB5\x2F\xFD\x20\x05\x40\x00\x05hello\xC0\x00\x00"sv;   // version 0.7: a raw block of five bytes
    constexpr auto skipped = "\x5A\x2A\x4D\x18\x02\x00\x00\x00??"sv;

    EXPECT_EQ(decompress(hello, Encoding::zstd, 100).error(), (Failure{Errc::bad_syntax, "the compressed data is damaged"}));
    EXPECT_EQ(decompress(zstd("abc") + std::string{hello}, Encoding::zstd, 100).error().code, Errc::bad_syntax);
    EXPECT_EQ(decompress(std::string{skipped} + zstd("abc") + std::string{skipped}, Encoding::zstd, 100), "abc");
}

INSTANTIATE_TEST_SUITE_P(Encodings, Decompress, testing::Values(Compressor{Encoding::gzip, gzipped}, Compressor{Encoding::zstd, zstd}),
                         [](auto const& each) { return each.param.encoding == Encoding::gzip ? "Gzip" : "Zstd"; });

}  // namespace
}  // namespace yihong
