#pragma once

#include "yihong/model/device.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::hj212 {

/// Of a data segment. `123456789` gives 2F80, 4B37 and 374B.
[[nodiscard]] std::uint16_t crc_of(std::string_view segment, CrcForm form = CrcForm::hj212) noexcept;

/// A frame (数据包) as it was cut from the stream: `##`, length, segment, CRC, CR LF.
struct Frame {
    std::string_view raw;              ///< all of it, with its line end where it has one
    std::string_view segment;          ///< 数据段
    std::uint16_t crc = 0;             ///< as sent
};

/// Cuts a byte stream into frames by their lengths: never by searching for the end, for ciphertext may hold CR LF, `&&` or `##`.
/// No I/O, no clock; whole, byte by byte or cut anywhere, the same bytes give the same frames. What is no frame is skipped up to
/// the next `##`. Taken are also: fewer than four digits of the length, blanks before them, a CRC without its leading zeros, LF without CR or
/// with two; and where length, `CP=&&`, `&&` and CRC stand where they should, no line end at all.
/// With all frames taken and after `settle` it holds less than one frame of `segment_limit`, in at most twice the memory.
class FrameDecoder {
public:
    explicit FrameDecoder(std::size_t segment_limit = 4096) noexcept : limit_{segment_limit} {}
    FrameDecoder(FrameDecoder const&) = delete;  // it looks into itself
    FrameDecoder& operator=(FrameDecoder const&) = delete;

    /// The bytes must stay where they are until the next `feed` or `settle`; so do the views of the frames.
    void feed(std::string_view bytes);
    /// The next frame, its CRC not yet compared. \return nothing when more bytes are needed
    std::optional<Frame> next();
    /// The frame whose line end has not come, and perhaps never will; all else of it is there. If its CRC is wrong, more of it may be to come:
    /// `put_back`. \pre `next` gave nothing
    std::optional<Frame> without_end();
    /// Undoes the last `without_end`.
    void put_back() noexcept;
    /// The last frame was none (its CRC is wrong, so its length may lie): looks again right behind its first `#`. Does nothing
    /// unless `next` gave a frame since the last `feed`, `settle` or `reject`.
    void reject() noexcept;
    /// What has begun and is not whole will not be (its length lies): looks on right behind its first `#`. \pre `next` gave nothing
    void give_up() noexcept;
    /// Keeps only what is not yet cut; frees the rest. Ends the use of all views.
    void settle();

    /// Whether something has begun that is not whole. \pre `next` gave nothing
    [[nodiscard]] bool has_begun() const noexcept { return at_ < bytes_.size(); }
    /// Where what is cut next begins, in bytes since the start.
    [[nodiscard]] std::uint64_t position() const noexcept { return settled_ + at_; }
    /// What the last `next` passed over because it is no frame: valid as long as a frame's views. Bytes of a frame that was rejected are not
    /// among them, they were shown with it.
    [[nodiscard]] std::string_view skipped_text() const noexcept { return skipped_text_; }
    /// Bytes that belonged to no frame, since the start.
    [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
    [[nodiscard]] std::size_t kept_bytes() const noexcept { return rest_.capacity(); }

private:
    void skip_to(std::size_t position) noexcept;
    /// What was skipped up to `end` and not shown yet; everything up to `shown` counts as shown from here on.
    void tell_skipped(std::size_t end, std::size_t shown) noexcept;

    std::size_t limit_;
    std::string rest_;  // what earlier feeds left over
    std::string_view bytes_;  // what is being cut: rest_, or the caller's bytes
    std::size_t at_ = 0;
    static constexpr auto none = static_cast<std::size_t>(-1);
    std::size_t last_ = none;  // where the last frame began
    std::size_t told_ = 0;  // bytes_ up to here were shown, as a frame or as skipped
    std::string_view skipped_text_;
    std::uint64_t skipped_ = 0;
    std::uint64_t settled_ = 0;  // bytes before bytes_
};

/// Why bytes that name a station are no frame, in words for the one who looks after it: a length that counts characters, no check sum, …
/// \param text begins with the `##` of what should have been one, or somewhere before it
[[nodiscard]] std::string why_no_frame(std::string_view text);

/// The whole frame of a segment. \pre at most 9999 bytes
[[nodiscard]] std::string to_frame(std::string_view segment, CrcForm form = CrcForm::hj212);
/// With the CRC of a plaintext whose CP was encrypted after it was computed (HJ 212-2025).
[[nodiscard]] std::string to_frame(std::string_view segment, std::uint16_t crc);

}  // namespace yihong::hj212
