#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// WebSocket frames (RFC 6455) as bytes, without I/O.
namespace yihong::http {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Why a WebSocket ends.
enum class CloseCode : std::uint16_t { going_away = 1001, protocol_error = 1002, policy_error = 1008 };

/// What proves in the handshake that the request was understood.
std::string accept_of(std::string_view key);

/// The head of an unmasked frame in one piece, as a server sends it.
class FrameHead {
public:
    FrameHead(Opcode opcode, std::size_t size) noexcept;
    [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, 10> bytes_;
    std::size_t size_;
};

/// A whole control frame. \param text at most 125 bytes
std::string control_frame(Opcode opcode, std::string_view text);
std::string close_frame(CloseCode code, std::string_view reason = {});

/// What a client sends, as it comes. What it says in messages is not kept: only that it said something.
class ClientFrames {
public:
    enum class Event : std::uint8_t { nothing, ping, pong, close, message, large_message, error };
    /// Takes bytes up to the next event and removes them from `bytes`. \return `nothing` when all are taken; `error`: they are no frames, and nothing may follow
    Event next(std::string_view& bytes);
    /// Of the last ping or close, unmasked.
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_size_}; }

private:
    [[nodiscard]] std::size_t head_size() const noexcept;
    bool open_head();

    std::array<unsigned char, 14> head_;
    std::size_t head_filled_ = 0;
    bool in_payload_ = false;
    std::uint64_t left_ = 0;  // of the payload
    std::array<char, 125> text_;
    std::size_t text_size_ = 0;
    bool fragmented_ = false;  // a message goes on in the next frame
};

}  // namespace yihong::http
