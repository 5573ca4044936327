#include "websocket_frames.hpp"

#include "yihong/base/text.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace yihong::http {
namespace {

constexpr std::size_t longest_control = 125;
constexpr std::uint64_t large = 1024;

bool is_control(unsigned opcode) noexcept { return opcode >= 8; }

}  // namespace

std::string accept_of(std::string_view key)
{
    std::string text{key};
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    return to_base64({reinterpret_cast<char const*>(digest.data()), size});
}

FrameHead::FrameHead(Opcode opcode, std::size_t size) noexcept
{
    constexpr unsigned whole = 0x80;
    bytes_[0] = static_cast<char>(whole | static_cast<unsigned>(opcode));
    auto const put = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            bytes_[2 + i] = static_cast<char>(size >> 8 * (count - 1 - i));
        size_ = 2 + count;
    };
    if (size < 126) {
        bytes_[1] = static_cast<char>(size);
        size_ = 2;
    } else if (size < 65'536) {
        bytes_[1] = 126;
        put(2);
    } else {
        bytes_[1] = 127;
        put(8);
    }
}

std::string control_frame(Opcode opcode, std::string_view text)
{
    text = text.substr(0, longest_control);
    std::string frame{FrameHead{opcode, text.size()}.bytes()};
    return frame.append(text);
}

std::string close_frame(CloseCode code, std::string_view reason)
{
    auto const number = static_cast<unsigned>(code);
    std::string text{static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
    return control_frame(Opcode::close, text.append(reason));
}

/// As far as the bytes that have come tell.
std::size_t ClientFrames::head_size() const noexcept
{
    if (head_filled_ < 2)
        return 2;
    auto const length = head_[1] & 0x7FU;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
}

/// \return whether the head is one of a client
bool ClientFrames::open_head()
{
    auto const opcode = head_[0] & 0x0FU;
    bool const last = (head_[0] & 0x80U) != 0;
    bool const reserved = (head_[0] & 0x70U) != 0;
    bool const masked = (head_[1] & 0x80U) != 0;
    std::uint64_t length = head_[1] & 0x7FU;
    std::size_t const bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (bytes > 0) {
        length = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            length = length << 8U | head_[2 + i];
    }
    left_ = length;
    text_size_ = 0;
    in_payload_ = true;
    bool const known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
    if (reserved || !masked || !known || length >> 63U != 0)
        return false;
    if (is_control(opcode))
        return last && length <= longest_control;
    bool const fits = (opcode == 0) == fragmented_;
    fragmented_ = !last;
    return fits;
}

ClientFrames::Event ClientFrames::next(std::string_view& bytes)
{
    while (!bytes.empty() || (in_payload_ && left_ == 0)) {
        if (!in_payload_) {
            head_[head_filled_++] = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            if (head_filled_ < 2 || head_filled_ < head_size())
                continue;
            if (!open_head())
                return Event::error;
            auto const opcode = head_[0] & 0x0FU;
            if (!is_control(opcode))
                return left_ > large ? Event::large_message : Event::message;
            continue;
        }
        auto const* const mask = head_.data() + head_filled_ - 4;
        auto const part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        auto const opcode = head_[0] & 0x0FU;
        if (is_control(opcode)) {
            for (char const c : bytes.substr(0, part)) {
                text_[text_size_] = static_cast<char>(static_cast<unsigned char>(c) ^ mask[text_size_ % 4]);
                ++text_size_;
            }
        }
        bytes.remove_prefix(part);
        left_ -= part;
        if (left_ > 0)
            continue;
        in_payload_ = false;
        head_filled_ = 0;
        if (opcode == static_cast<unsigned>(Opcode::close))
            return text_size_ == 1 ? Event::error : Event::close;
        if (opcode == static_cast<unsigned>(Opcode::ping))
            return Event::ping;
        if (opcode == static_cast<unsigned>(Opcode::pong))
            return Event::pong;
    }
    return Event::nothing;
}

}  // namespace yihong::http
