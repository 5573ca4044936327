// fuzzes: hj212
#include "yihong/hj212/cipher.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/segment.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

using namespace yihong;
using namespace yihong::hj212;

constexpr std::size_t limit = 1024;

void check(bool holds)
{
    if (!holds)
        std::abort();
}

bool is_right(Frame const& frame)
{
    return crc_of(frame.segment) == frame.crc || crc_of(frame.segment, CrcForm::modbus) == frame.crc ||
           crc_of(frame.segment, CrcForm::modbus_swapped) == frame.crc;
}

struct Found {
    std::vector<std::string> frames;
    std::uint64_t skipped = 0;
    bool operator==(Found const&) const = default;
};

/// The bytes of `pieces` give the lengths of the reads in turn; none: all at once.
Found find_frames(std::string_view stream, std::string_view pieces, bool rejects)
{
    Found found;
    FrameDecoder decoder{limit};
    std::size_t fed = 0, taken = 0;
    auto const take_all = [&] {
        while (auto const frame = decoder.next()) {
            check(frame->raw.size() >= frame->segment.size() + 4 && frame->segment.size() <= limit && !frame->segment.empty());
            check(decoder.skipped_text().size() <= decoder.skipped());
            if (rejects && !is_right(*frame)) {
                decoder.reject();
                continue;
            }
            found.frames.emplace_back(frame->raw);
            taken += frame->raw.size();
        }
        if (auto const unended = decoder.without_end()) {
            check(unended->raw.size() >= unended->segment.size() + 4);
            decoder.put_back();
        }
        decoder.settle();
        check(decoder.position() == taken + decoder.skipped());
    };
    for (std::size_t turn = 0; fed < stream.size(); ++turn) {
        auto const size =
            pieces.empty() ? stream.size()
                           : std::min<std::size_t>(static_cast<unsigned char>(pieces[turn % pieces.size()]) % 40 + 1, stream.size() - fed);
        auto const read = std::make_unique<char[]>(size);                      // of its own, so that any later look into it is seen
        std::memcpy(read.get(), stream.data() + fed, size);
        decoder.feed({read.get(), size});
        fed += size;
        take_all();
        check(taken + decoder.skipped() <= fed && fed - taken - decoder.skipped() <= limit + 12);
        check(decoder.kept_bytes() <= 2 * (limit + 12));
    }
    // the rest does not come: in the end every byte belongs to a frame or was skipped
    while (decoder.has_begun()) {
        decoder.give_up();
        decoder.feed({});
        take_all();
    }
    check(taken + decoder.skipped() == fed);
    found.skipped = decoder.skipped();
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const stream{reinterpret_cast<char const*>(data), size};
    for (bool const rejects : {false, true}) {
        auto const whole = find_frames(stream, {}, rejects);
        check(find_frames(stream, std::string_view{"\0", 1}, rejects) == whole);               // byte by byte
        check(find_frames(stream, stream.substr(0, 64), rejects) == whole);
        check(find_frames(stream, stream.substr(size - std::min<std::size_t>(size, 7)), rejects) == whole);
        for (auto const& raw : whole.frames) {
            FrameDecoder decoder{limit};
            decoder.feed(raw);
            auto frame = decoder.next();
            if (!frame)
                frame = decoder.without_end();
            check(frame && frame->raw == raw);
            auto const segment = parse_segment(frame->segment);
            if (!segment)
                continue;
            std::vector<Field> fields;
            parse_data_area(segment->cp, fields);
            (void)looks_encrypted(segment->cp);
            // what we write of it is read as the same
            Outgoing const message{std::string{segment->qn},
                                   std::string{segment->st},
                                   segment->cn,
                                   std::string{segment->pw},
                                   std::string{segment->mn},
                                   segment->flag,
                                   segment->pnum,
                                   segment->pno,
                                   segment->retransmitted,
                                   std::string{segment->cp}};
            auto const text = to_frame(to_segment(message));
            FrameDecoder again{9999};
            again.feed(text);
            auto const back = again.next();
            check(back && back->crc == crc_of(back->segment));
            auto const other = parse_segment(back->segment);
            check(other && other->mn == segment->mn && other->cn == segment->cn && other->flag == segment->flag &&
                  other->cp == segment->cp && other->edition() == segment->edition());
        }
    }
    if (auto const time = parse_station_time(stream); time) {
        auto const text = format_qn(*time);
        check(text.starts_with(stream.substr(0, 17)) && parse_station_time(text) == *time);
    }
    return 0;
}
