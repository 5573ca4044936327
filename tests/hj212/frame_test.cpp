#include "yihong/hj212/frame.hpp"

#include "frames.hpp"
#include "yihong/hj212/cipher.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

namespace yihong::hj212 {
namespace {

constexpr std::array forms{CrcForm::hj212, CrcForm::modbus, CrcForm::modbus_swapped};
constexpr std::size_t limit = 4096;
constexpr std::string_view small = "ST=32;CN=2011;PW=123456;MN=A;Flag=4;CP=&&w01001-Rtd=7&&";

Sm4 example_key() { return Sm4::from_key("0000000000000000").value(); }

/// As a receiver judges: the CRC is right in some form, or that of the plaintext.
bool is_right(Frame const& frame)
{
    if (std::ranges::any_of(forms, [&](CrcForm form) { return crc_of(frame.segment, form) == frame.crc; }))
        return true;
    auto const segment = parse_segment(frame.segment);
    if (!segment || !looks_encrypted(segment->cp))
        return false;
    std::string plain{frame.segment.substr(0, static_cast<std::size_t>(segment->cp.data() - frame.segment.data()))};
    return crc_of(plain + example_key().decrypted(segment->cp) + "&&") == frame.crc;
}

/// With other digits for the length.
std::string with_head(std::string_view head, std::string_view segment) { return std::string{head} + to_frame(segment).substr(6); }

/// The plaintext is whatever decrypts to this ciphertext.
std::string encrypted_frame(std::string_view cipher)
{
    std::string const head = "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&";
    return to_frame(head + std::string{cipher} + "&&", crc_of(head + example_key().decrypted(cipher) + "&&"));
}

struct Found {
    std::vector<std::string> frames;
    std::uint64_t skipped = 0;
    bool operator==(Found const&) const = default;
};

/// Feeds the stream cut at `cuts` (ascending). Each read lives in memory of its own and is gone before the next.
Found find_frames(std::string_view stream, std::vector<std::size_t> cuts, std::size_t segment_limit = limit)
{
    Found found;
    FrameDecoder decoder{segment_limit};
    cuts.push_back(stream.size());
    std::size_t taken = 0;
    for (std::size_t begin = 0; auto const cut : cuts) {
        auto const size = cut - begin;
        auto const read = std::make_unique<char[]>(size);
        std::ranges::copy(stream.substr(begin, size), read.get());
        decoder.feed({read.get(), size});
        while (auto const frame = decoder.next()) {
            if (is_right(*frame)) {
                found.frames.emplace_back(frame->raw);
                taken += frame->raw.size();
            } else {
                decoder.reject();
            }
        }
        decoder.settle();
        begin = cut;
        auto const unread = cut - taken - decoder.skipped();
        EXPECT_LT(unread, segment_limit + 12);
        EXPECT_LE(decoder.kept_bytes(), unread == 0 ? sizeof(std::string) : 2 * (segment_limit + 12));
    }
    found.skipped = decoder.skipped();
    return found;
}

std::vector<std::size_t> every_position(std::size_t size)
{
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < size; ++at)
        cuts.push_back(at);
    return cuts;
}

/// The frames of a stream, which must be the same whole, byte by byte and cut once anywhere.
std::vector<std::string> frames_of(std::string_view stream)
{
    auto const whole = find_frames(stream, {});
    EXPECT_EQ(find_frames(stream, every_position(stream.size())), whole);
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        EXPECT_EQ(find_frames(stream, {cut}), whole) << "cut at " << cut;
    return whole.frames;
}

using Frames = std::vector<std::string>;

TEST(Crc, GivesTheCheckValues)
{
    EXPECT_EQ(crc_of("123456789"), 0x2F80);
    EXPECT_EQ(crc_of(""), 0xFFFF);
    EXPECT_EQ(crc_of("&&"), 0xB101);
    EXPECT_EQ(crc_of("123456789", CrcForm::modbus), 0x4B37);
    EXPECT_EQ(crc_of("123456789", CrcForm::modbus_swapped), 0x374B);
}

TEST(Crc, IsThatOfTheAnnexBitByBitAtEveryLength)
{
    std::mt19937 random{1};
    std::string text;
    for (int i = 0; i < 300; ++i) {
        unsigned annex = 0xFFFF, modbus = 0xFFFF;
        for (char const c : text) {
            annex = annex >> 8U ^ static_cast<unsigned char>(c);
            modbus ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit) {
                annex = annex & 1U ? annex >> 1U ^ 0xA001U : annex >> 1U;
                modbus = modbus & 1U ? modbus >> 1U ^ 0xA001U : modbus >> 1U;
            }
        }
        EXPECT_EQ(crc_of(text), annex) << i;
        EXPECT_EQ(crc_of(text, CrcForm::modbus), modbus) << i;
        EXPECT_EQ(crc_of(text, CrcForm::modbus_swapped), (modbus << 8U | modbus >> 8U) & 0xFFFFU) << i;
        text += static_cast<char>(random());
    }
}

TEST(Crc, NoticesEverySingleWrongByte)
{
    std::string text{small};
    auto const right = crc_of(text);
    for (auto& c : text) {
        auto const before = c;
        for (int other = 0; other < 256; ++other) {
            c = static_cast<char>(other);
            if (c != before)
                EXPECT_NE(crc_of(text), right);
        }
        c = before;
    }
}

TEST(ReferenceFrames, AreCutWithTheirLengthAndCrc)
{
    for (auto const& reference : references) {
        FrameDecoder decoder;
        decoder.feed(reference.frame);
        auto const frame = decoder.next();
        ASSERT_TRUE(frame) << reference.id;
        EXPECT_EQ(frame->raw, reference.frame) << reference.id;
        EXPECT_EQ(frame->segment.size(), reference.length) << reference.id;
        EXPECT_EQ(frame->crc, reference.crc) << reference.id;
        EXPECT_EQ(crc_of(frame->segment), reference.crc) << reference.id;
        EXPECT_EQ(to_frame(frame->segment), reference.frame) << reference.id;
        EXPECT_FALSE(decoder.next()) << reference.id;
        EXPECT_EQ(decoder.skipped(), 0U) << reference.id;
    }
}

TEST(InvalidFrames, WithAWrongCrcAreCutForTheCallerToCompare)
{
    for (auto const raw : {misprinted_crc, modbus_crc}) {
        FrameDecoder decoder;
        decoder.feed(raw);
        auto const frame = decoder.next();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->raw, raw);
        EXPECT_EQ(crc_of(frame->segment), 0x1C80);
        EXPECT_NE(frame->crc, 0x1C80);
        EXPECT_EQ(frame->crc == crc_of(frame->segment, CrcForm::modbus), raw == modbus_crc);
    }
    EXPECT_EQ(frames_of(misprinted_crc), Frames{});
    EXPECT_EQ(frames_of(modbus_crc), Frames{std::string{modbus_crc}});
}

TEST(InvalidFrames, WithALyingLengthAreNoneAndHideNothingBehindThem)
{
    EXPECT_EQ(frames_of(lying_length), Frames{});
    auto const good = to_frame(small);
    EXPECT_EQ(frames_of(std::string{lying_length} + good), Frames{good});
    EXPECT_EQ(frames_of("##0020" + good), Frames{good});
}

TEST(InvalidFrames, WithoutTailWaitForMore)
{
    FrameDecoder decoder;
    decoder.feed(without_tail);
    EXPECT_FALSE(decoder.next());
    EXPECT_EQ(decoder.skipped(), 0U);
    decoder.feed("\r");
    EXPECT_FALSE(decoder.next());
    decoder.feed("\n");
    auto const frame = decoder.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->raw, std::string{without_tail} + "\r\n");
    EXPECT_EQ(frame->crc, 0x1C80);
}

TEST(Tolerances, LowerCaseCrc)
{
    auto const frame = std::string{references[0].frame.substr(0, 107)} + "1c80\r\n";
    EXPECT_EQ(frames_of(frame), Frames{frame});
}

/// The frame of a segment, its check sum as `%X` prints it: at most that many digits.
std::string with_short_crc(std::string_view segment)
{
    auto const frame = to_frame(segment);
    return frame.substr(0, 6 + segment.size()) + fmt::format("{:X}", crc_of(segment)) + "\r\n";
}

TEST(Tolerances, CheckSumWithoutItsLeadingZeros)
{
    std::array<int, 5> seen{};
    for (int i = 0; i < 3000; ++i) {
        auto const segment = fmt::format("ST=32;CN=2011;PW=123456;MN=A;Flag=4;CP=&&w01001-Rtd={}&&", i);
        auto const frame = with_short_crc(segment);
        auto const digits = frame.size() - segment.size() - 8;
        if (++seen.at(digits) <= 3)
            EXPECT_EQ(frames_of(frame + frame), (Frames{frame, frame})) << frame;
    }
    EXPECT_GT(seen[3], 0);
}

TEST(Tolerances, TwoCarriageReturnsOrNoLineEnd)
{
    auto const good = to_frame(small);
    auto const bare = good.substr(0, good.size() - 2);
    EXPECT_EQ(frames_of(bare + "\r\r\n" + good), (Frames{bare + "\r\r\n", good}));
    EXPECT_EQ(frames_of(bare + bare + good), (Frames{bare, bare, good}));
    EXPECT_EQ(frames_of(bare + "\r" + good), (Frames{bare, good}));
    EXPECT_EQ(frames_of(bare + "\0\n" + good), (Frames{bare, good}));
    // without && at its end it is none
    auto const open = to_frame("ST=32;CN=2011;MN=A;CP=&&w01001-Rtd=7");
    EXPECT_EQ(frames_of(open.substr(0, open.size() - 2) + good), Frames{good});
}

TEST(Tolerances, TheLastFrameWithoutLineEndIsOfferedAndMayBePutBack)
{
    auto const good = to_frame(small);
    auto const bare = good.substr(0, good.size() - 2);
    FrameDecoder decoder;
    decoder.feed(bare);
    EXPECT_FALSE(decoder.next());
    auto const offered = decoder.without_end();
    ASSERT_TRUE(offered);
    EXPECT_EQ(offered->raw, bare);
    EXPECT_EQ(offered->crc, crc_of(small));
    decoder.put_back();
    decoder.feed("\r\n");
    EXPECT_EQ(decoder.next()->raw, good);
    decoder.feed(bare);
    EXPECT_FALSE(decoder.next());
    ASSERT_TRUE(decoder.without_end());
    auto const rest = "\r\n" + good;
    decoder.feed(rest);
    EXPECT_EQ(decoder.next()->raw, good);
    EXPECT_EQ(decoder.skipped(), 2U);
    for (std::size_t cut = 0; cut < bare.size() - 4; ++cut) {
        FrameDecoder other;
        auto const piece = bare.substr(0, cut);
        other.feed(piece);
        EXPECT_FALSE(other.next());
        EXPECT_FALSE(other.without_end()) << cut;
    }
}

TEST(FrameDecoder, ShowsWhatItSkips)
{
    auto const good = to_frame(small);
    std::string const bad = "##0050MN=A;CP=&&w01001-Rtd=7.25&&ZZZZ\r\n";
    std::string const stream = "noise" + good + bad + good + "tail";
    FrameDecoder decoder;
    decoder.feed(stream);
    EXPECT_TRUE(decoder.next());
    EXPECT_EQ(decoder.skipped_text(), "noise");
    EXPECT_TRUE(decoder.next());
    EXPECT_EQ(decoder.skipped_text(), bad);
    EXPECT_FALSE(decoder.next());
    EXPECT_EQ(decoder.skipped_text(), "tail");
    auto wrong = good;
    wrong[wrong.size() - 3] = wrong[wrong.size() - 3] == '0' ? '1' : '0';
    decoder.feed(wrong);
    EXPECT_TRUE(decoder.next());
    decoder.reject();
    EXPECT_FALSE(decoder.next());
    EXPECT_EQ(decoder.skipped_text(), "");         // it was shown as a frame
}

TEST(WhyNoFrame, NamesWhatIsWrong)
{
    EXPECT_EQ(why_no_frame("##0033MN=A;CP=&&Name=张留庄;w01001-Rtd=7&&A6C1\r\n"),
              "the length says 33, the segment has 39 bytes: it counts characters");
    EXPECT_EQ(why_no_frame("##0050MN=A;CP=&&w01001-Rtd=7&&A6C1\r\n"), "the length says 50, the segment has 24 bytes");
    EXPECT_EQ(why_no_frame("##0024MN=A;CP=&&w01001-Rtd=7&&\r\n"), "no check sum of up to four hexadecimal digits behind &&");
    EXPECT_EQ(why_no_frame("##MN=A;CP=&&&&"), "no length of four digits behind ##");
    EXPECT_EQ(why_no_frame("##0026MN=A;CP=&&w01"), "the length says 26, and no CP=&&…&& is whole");
    EXPECT_EQ(why_no_frame("MN=A;"), "no ## before it");
}

TEST(Tolerances, LineFeedWithoutCarriageReturn)
{
    auto frame = to_frame(small);
    frame.erase(frame.size() - 2, 1);
    EXPECT_EQ(frames_of(frame + frame), (Frames{frame, frame}));
}

TEST(Tolerances, FewerDigitsOfTheLengthAndBlanksBeforeThem)
{
    for (auto const* head : {"##55", "## 55", "##  55", "##055", "## 055"})
        EXPECT_EQ(frames_of(with_head(head, small)), Frames{with_head(head, small)}) << head;
    for (auto const* head : {"##5 5", "##55 ", "##+55", "##", "##    ", "##00055", "##5\r5"})
        EXPECT_EQ(frames_of(with_head(head, small)), Frames{}) << head;
}

TEST(Tolerances, SeveralFramesInOneReadAndOneFrameOverMany)
{
    std::string stream;
    Frames all;
    for (auto const& reference : references)
        stream += all.emplace_back(reference.frame);
    EXPECT_EQ(find_frames(stream, {}).frames, all);
    EXPECT_EQ(find_frames(stream, every_position(stream.size())).frames, all);
}

TEST(Tolerances, BytesThatBelongToNoFrameAreSkippedAndCounted)
{
    auto const good = to_frame(small);
    for (std::string_view const before :
         {"#", "##", "###", "\r\n", "abc#", "##x", "##0000", "##0000FFFF\r\n", "##9999", "\xFF\x00", "##1", "##12#"}) {
        EXPECT_EQ(frames_of(std::string{before} + good), Frames{good}) << before;
        EXPECT_EQ(find_frames(std::string{before} + good, {}).skipped, before.size()) << before;
    }
}

TEST(FrameDecoder, TakesSegmentsUpToItsLimit)
{
    std::string const at_limit = to_frame(std::string(100, 'x'));
    std::string const above = to_frame(std::string(101, 'x'));
    EXPECT_EQ(find_frames(above + at_limit, {}, 100), (Found{{at_limit}, above.size()}));
    std::string const longest = to_frame(std::string(9999, 'x'));
    EXPECT_EQ(find_frames(longest, every_position(longest.size()), 9999).frames, Frames{longest});
}

TEST(FrameDecoder, CutsCiphertextByItsLength)
{
    std::string const nasty = encrypted_frame("##0010QN=&&1C80\r##&&\r\nABCD\r\n##00\xFF\xFE&&12\r\n##tail");
    auto const good = to_frame(small);
    EXPECT_EQ(frames_of(good + nasty + nasty + good), (Frames{good, nasty, nasty, good}));
}

TEST(FrameDecoder, LooksInsideAFrameThatWasRejected)
{
    // The length lies such that the tail of the next frame looks like its own.
    auto const good = to_frame(small);
    auto const lying = with_head(fmt::format("##{:04}", small.size() + 4 + 2 + 6 + small.size()), small);
    FrameDecoder decoder;
    auto const stream = lying + good + good;
    decoder.feed(stream);
    auto const wrong = decoder.next();
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->raw, lying + good);
    decoder.reject();
    EXPECT_EQ(decoder.next()->raw, good);
    EXPECT_EQ(decoder.next()->raw, good);
    EXPECT_FALSE(decoder.next());
    EXPECT_EQ(decoder.skipped(), lying.size());
    EXPECT_EQ(frames_of(stream), (Frames{good, good}));
}

TEST(FrameDecoder, RejectsOnlyTheFrameItJustGave)
{
    auto const good = to_frame(small);
    FrameDecoder decoder;
    decoder.reject();
    EXPECT_FALSE(decoder.next());
    auto const two = good + good;
    decoder.feed(two);
    decoder.reject();
    EXPECT_EQ(decoder.next()->raw, good);
    EXPECT_EQ(decoder.next()->raw, good);
    decoder.reject();
    decoder.reject();
    EXPECT_FALSE(decoder.next());
    decoder.reject();
    EXPECT_EQ(decoder.skipped(), good.size());
}

TEST(FrameDecoder, GivesItsMemoryBack)
{
    auto const frame = to_frame(std::string(4000, 'x'));
    FrameDecoder decoder;
    for (int round = 0; round < 3; ++round) {
        // a long read behind a piece of a frame, which ends in a piece of the next
        std::string read = frame.substr(0, 100);
        decoder.feed(read);
        EXPECT_FALSE(decoder.next());
        decoder.settle();
        read = frame.substr(100);
        for (int i = 0; i < 20; ++i)
            read += frame;
        read += frame.substr(0, 200);
        decoder.feed(read);
        int frames = 0;
        while (decoder.next())
            ++frames;
        EXPECT_EQ(frames, 21);
        decoder.settle();
        EXPECT_LE(decoder.kept_bytes(), 2 * (limit + 12));
        decoder.feed(std::string_view{frame}.substr(200));
        EXPECT_TRUE(decoder.next());
        decoder.settle();
        EXPECT_LE(decoder.kept_bytes(), sizeof(std::string));
    }
}

TEST(FrameDecoder, FindsTheSameFramesHoweverTheStreamIsCut)
{
    std::string stream;
    Frames all;
    auto const good = [&](std::string frame) { stream += all.emplace_back(std::move(frame)); };
    auto const bad = [&](std::string_view bytes) { stream += bytes; };
    auto without_cr = to_frame(small);
    without_cr.erase(without_cr.size() - 2, 1);
    auto lower_case = to_frame(small, CrcForm::modbus_swapped);
    std::ranges::transform(lower_case.end() - 6, lower_case.end(), lower_case.end() - 6,
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });

    bad("##4096");                     // holds everything back until 4096 bytes have come
    for (auto const& reference : references)
        good(std::string{reference.frame});
    bad("\r\n\xFF garbage #1#2 ###");
    good(to_frame(small, CrcForm::modbus));
    bad(misprinted_crc);
    good(std::string{modbus_crc});
    bad(lying_length);
    good(without_cr);
    good(std::string{without_tail});
    good(lower_case);
    bad("#");
    good(with_head("##55", small));
    bad("##1024QN=2016");
    good(with_head("##  55", small));
    bad(with_head(fmt::format("##{:04}", small.size() + 4 + 2 + 6 + small.size()), small));
    good(to_frame(small));
    good(encrypted_frame("##0010QN=&&1C80\r##&&\r\nABCD\r\n##00\xFF\xFE&&12\r\n##tail"));
    good(encrypted_frame("##4096&&1C80\r\n##0001QN\x01\x02\xB0\xB1\xB2##"));
    bad("##0000FFFF\r\n##9999##xx");
    for (auto const& reference : references)
        good(std::string{reference.frame});
    bad("#");

    auto const whole = find_frames(stream, {});
    EXPECT_EQ(whole.frames, all);
    EXPECT_EQ(find_frames(stream, every_position(stream.size())), whole);
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        ASSERT_EQ(find_frames(stream, {cut}), whole) << "cut at " << cut;
    std::mt19937 random{212};
    for (int round = 0; round < 500; ++round) {
        std::vector<std::size_t> cuts(1 + random() % 60);
        for (auto& cut : cuts)
            cut = random() % stream.size();
        std::ranges::sort(cuts);
        ASSERT_EQ(find_frames(stream, cuts), whole) << "round " << round;
    }
}

TEST(FrameDecoder, WhatHasBegunIsGivenUpAndTheFramesBehindItsBeginAreFound)
{
    FrameDecoder decoder{limit};
    auto const lying = "##4000QN=20160801080000001;" + to_frame(small) + to_frame(small);
    decoder.feed(lying);
    EXPECT_FALSE(decoder.next());
    decoder.settle();
    EXPECT_TRUE(decoder.has_begun());
    EXPECT_EQ(decoder.position(), 0U);
    decoder.give_up();
    decoder.feed({});
    for (int i = 0; i < 2; ++i) {
        auto const frame = decoder.next();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->segment, small);
    }
    EXPECT_FALSE(decoder.next());
    decoder.settle();
    EXPECT_FALSE(decoder.has_begun());
    EXPECT_EQ(decoder.position(), lying.size());
    EXPECT_EQ(decoder.skipped(), 27U);
    decoder.give_up();                             // nothing has begun
    EXPECT_EQ(decoder.skipped(), 27U);
}

}  // namespace
}  // namespace yihong::hj212
