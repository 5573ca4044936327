#include "websocket_frames.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace yihong::http {
namespace {

using Event = ClientFrames::Event;

/// A frame as a client sends it.
std::string masked(unsigned char first, std::string_view text)
{
    std::string frame;
    frame += static_cast<char>(first);
    if (text.size() < 126) {
        frame += static_cast<char>(0x80U | text.size());
    } else {
        frame += static_cast<char>(0xFE);
        frame += static_cast<char>(text.size() >> 8U);
        frame += static_cast<char>(text.size());
    }
    constexpr std::string_view mask = "\x11\x22\x33\x44";
    frame += mask;
    for (std::size_t i = 0; i < text.size(); ++i)
        frame += static_cast<char>(text[i] ^ mask[i % 4]);
    return frame;
}

struct Seen {
    Event event;
    std::string text;
    bool operator==(Seen const&) const = default;
};

/// What comes of bytes that arrive in pieces of at most `piece` bytes; nothing behind an error.
std::vector<Seen> seen(std::string_view bytes, std::size_t piece)
{
    ClientFrames frames;
    std::vector<Seen> all;
    while (!bytes.empty()) {
        auto part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        while (!part.empty()) {
            auto const event = frames.next(part);
            if (event == Event::nothing)
                break;
            bool const has_text = event == Event::ping || event == Event::pong || event == Event::close;
            all.push_back({event, has_text ? std::string{frames.text()} : ""});
            if (event == Event::error)
                return all;
        }
    }
    return all;
}

TEST(WebSocketFrames, ProveTheHandshake) { EXPECT_EQ(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); }

TEST(WebSocketFrames, HaveHeadsByTheirSize)
{
    using namespace std::string_view_literals;
    EXPECT_EQ((FrameHead{Opcode::text, 0}.bytes()), "\x81\x00"sv);
    EXPECT_EQ((FrameHead{Opcode::text, 125}.bytes()), "\x81\x7d"sv);
    EXPECT_EQ((FrameHead{Opcode::text, 126}.bytes()), "\x81\x7e\x00\x7e"sv);
    EXPECT_EQ((FrameHead{Opcode::text, 65'535}.bytes()), "\x81\x7e\xff\xff"sv);
    EXPECT_EQ((FrameHead{Opcode::text, 65'536}.bytes()), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"sv);
    EXPECT_EQ(control_frame(Opcode::ping, {}), "\x89\x00"sv);
    EXPECT_EQ(close_frame(CloseCode::going_away, "bye"), "\x88\x05\x03\xe9"
                                                         "bye"sv);
    EXPECT_EQ(control_frame(Opcode::pong, std::string(200, 'x')).size(), 127U);
}

TEST(WebSocketFrames, AreReadHoweverTheyAreCut)
{
    auto const bytes = masked(0x89, "hello") + masked(0x8A, "") + masked(0x81, "text") + masked(0x01, "begins") + masked(0x89, "between") +
                       masked(0x80, "ends") + masked(0x82, std::string(1024, 'x')) + masked(0x82, std::string(1025, 'x')) +
                       masked(0x88, "\x03\xe8") + masked(0x88, "");
    std::vector<Seen> const expected{{Event::ping, "hello"},     {Event::pong, ""},    {Event::message, ""}, {Event::message, ""},
                                     {Event::ping, "between"},   {Event::message, ""}, {Event::message, ""}, {Event::large_message, ""},
                                     {Event::close, "\x03\xe8"}, {Event::close, ""}};
    for (std::size_t const piece : {1U, 2U, 3U, 7U, 64U, 1000U, 100'000U})
        EXPECT_EQ(seen(bytes, piece), expected) << piece;
}

TEST(WebSocketFrames, AreRefusedWhereTheyBreakTheRules)
{
    using namespace std::string_literals;
    for (auto const& bytes : {
             "\x81\x04text"s,                      // not masked
             masked(0xC1, "text"),                 // a reserved bit
             masked(0x83, "text"),                 // an unknown kind
             masked(0x8B, "text"),
             masked(0x09, "ping"),                 // a control frame in parts
             masked(0x89, std::string(126, 'x')),  // or too long
             masked(0x80, "text"),                 // goes on with nothing
             masked(0x01, "a") + masked(0x81, "b"),
             masked(0x88, "x"),                    // half a code
             "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00mask"s,
         }) {
        for (std::size_t const piece : {1U, 1000U}) {
            auto const all = seen(bytes, piece);
            ASSERT_FALSE(all.empty());
            EXPECT_EQ(all.back().event, Event::error);
        }
    }
}

}  // namespace
}  // namespace yihong::http
