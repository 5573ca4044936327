#include "yihong/compress/deflate.hpp"
#include "yihong/compress/inflate.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

std::string numbers(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::to_string(i * 7919 % 100'003) + "\n";
    return text;
}

class Compress : public testing::TestWithParam<Encoding> {};

TEST_P(Compress, GivesWhatTheInflaterUndoesAtOnceAndPieceByPiece)
{
    auto const text = numbers(200'000);

    for (std::size_t const step : {std::size_t{777}, std::size_t{100'000}, text.size()}) {
        Deflater deflater{GetParam()};
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += step)
            deflater.add(std::string_view{text}.substr(at, step), out);
        deflater.finish(out);

        EXPECT_LT(out.size(), text.size() * 3 / 4) << step;
        EXPECT_EQ(decompress(out, GetParam(), text.size()), text) << step;
    }
    EXPECT_EQ(decompress(compressed(text, GetParam()), GetParam(), text.size()), text);
}

TEST_P(Compress, MakesAWholeStreamOfNothing)
{
    Deflater deflater{GetParam()};
    std::string out;
    deflater.add({}, out);
    deflater.finish(out);

    EXPECT_EQ(decompress(out, GetParam(), 0), "");
}

INSTANTIATE_TEST_SUITE_P(Encodings, Compress, testing::Values(Encoding::gzip, Encoding::zstd),
                         [](auto const& each) { return each.param == Encoding::gzip ? "Gzip" : "Zstd"; });

TEST(Deflate, LeavesIdentityAsItIs)
{
    Deflater deflater{Encoding::identity};
    std::string out;
    deflater.add("abc", out);
    deflater.finish(out);

    EXPECT_EQ(out, "abc");
    EXPECT_EQ(compressed("abc", Encoding::identity), "abc");
}

}  // namespace
}  // namespace yihong
