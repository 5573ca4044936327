// hj212_bench [rounds]: MB per second of processor time over 64 MB of data frames in reads of 64 KiB, the median of the rounds. Each round
// runs everything in turn: two plain scans of the same memory, then the decoder doing more and more.
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/segment.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace yihong;
using namespace yihong::hj212;

/// Processor time: what else runs on the machine does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

constexpr std::size_t read_size = 65536, stream_size = 64 << 20;
constexpr std::string_view factors[] = {"w01010", "w01001", "w01009", "w01014", "w01003", "w01019", "w21003", "w21011", "w21001"};

struct Stream {
    std::string bytes;
    std::size_t frames = 0;
    std::size_t fields = 0;
};

/// Hour data of nine-parameter stations (ST=21, mean and flag) and of outfalls (ST=32, four values and a flag of three factors), in turn.
Stream make_stream()
{
    Stream stream;
    stream.bytes.reserve(stream_size + 1024);
    unsigned random = 1;
    auto const value = [&] {
        random = random * 1664525U + 1013904223U;
        auto text = std::to_string((random >> 16U) % 10000);
        return text.insert(text.size() / 2, ".");
    };
    UtcTime time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    for (; stream.bytes.size() < stream_size; ++stream.frames) {
        time += std::chrono::seconds{7};
        bool const river = stream.frames % 2 == 0;
        Outgoing message;
        message.qn = format_qn(time);
        message.st = river ? "21" : "32";
        message.cn = cn::hour;
        message.pw = "123456";
        message.mn = river ? "A140800_0001" : "010000A8900016F000169DC0";
        message.flag = river ? 9 : 5;
        message.cp = "DataTime=" + format_station_time(time);
        ++stream.fields;
        auto const add = [&](char separator, std::string_view code, std::string_view part, std::string_view text) {
            message.cp.append(1, separator).append(code).append("-").append(part).append("=").append(text);
            ++stream.fields;
        };
        for (std::size_t i = 0; i < (river ? std::size(factors) : 3); ++i) {
            add(';', factors[i], "Avg", value());
            if (!river)
                for (std::string_view const part : {"Min", "Max", "Cou"})
                    add(',', factors[i], part, value());
            add(',', factors[i], "Flag", "N");
        }
        stream.bytes += to_frame(to_segment(message));
    }
    return stream;
}

enum class Depth { cut, crc, segment, fields };

/// \return whether all frames and fields of the stream were found
bool decode(Stream const& stream, Depth depth)
{
    FrameDecoder decoder;
    std::vector<Field> fields;
    std::size_t frame_count = 0, field_count = 0;
    for (std::size_t at = 0; at < stream.bytes.size(); at += read_size) {
        decoder.feed(std::string_view{stream.bytes}.substr(at, read_size));
        while (auto const frame = decoder.next()) {
            ++frame_count;
            if (depth == Depth::cut)
                continue;
            if (crc_of(frame->segment) != frame->crc) {
                decoder.reject();
                continue;
            }
            if (depth == Depth::crc)
                continue;
            auto const segment = parse_segment(frame->segment);
            if (!segment)
                return false;
            if (depth == Depth::segment)
                continue;
            parse_data_area(segment->cp, fields);
            field_count += fields.size();
        }
        decoder.settle();
    }
    return frame_count == stream.frames && (depth != Depth::fields || field_count == stream.fields);
}

}  // namespace

int main(int argc, char** argv)
{
    int const rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    auto const stream = make_stream();
    struct Run {
        char const* name;
        bool (*run)(Stream const&);
        std::vector<double> seconds;
    };
    Run runs[] = {
        {"scan: sum of bytes", [](Stream const& s) { return std::accumulate(s.bytes.begin(), s.bytes.end(), 0ULL) != 0; }, {}},
        {"scan: memchr", [](Stream const& s) { return std::memchr(s.bytes.data(), '!', s.bytes.size()) == nullptr; }, {}},
        {"cut", [](Stream const& s) { return decode(s, Depth::cut); }, {}},
        {"cut, CRC", [](Stream const& s) { return decode(s, Depth::crc); }, {}},
        {"cut, CRC, segment", [](Stream const& s) { return decode(s, Depth::segment); }, {}},
        {"cut, CRC, segment, data area", [](Stream const& s) { return decode(s, Depth::fields); }, {}},
    };
    for (int round = 0; round < rounds; ++round) {
        for (auto& run : runs) {
            double const begin = processor_seconds();
            if (!run.run(stream)) {
                std::fprintf(stderr, "%s: wrong result\n", run.name);
                return 1;
            }
            run.seconds.push_back(processor_seconds() - begin);
        }
    }
    std::printf("%zu frames of %zu bytes with %zu fields on average, %d rounds\n", stream.frames, stream.bytes.size() / stream.frames,
                stream.fields / stream.frames, rounds);
    for (auto& run : runs) {
        std::ranges::sort(run.seconds);
        auto const seconds = run.seconds[run.seconds.size() / 2];
        std::printf("%-30s %7.0f MB/s %7.2f M frames/s\n", run.name, static_cast<double>(stream.bytes.size()) / seconds / 1e6,
                    static_cast<double>(stream.frames) / seconds / 1e6);
    }
    return 0;
}
