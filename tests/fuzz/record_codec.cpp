// fuzzes: store_local
// What lies on disk: pieces of series, quarantine entries, frames, registered sites. Damaged bytes give an error; what is accepted
// survives being written again.
#include "../../src/store_local/entry_codec.hpp"
#include "../../src/store_local/series_chunk.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

using namespace yihong;
using namespace yihong::store_local;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes{reinterpret_cast<char const*>(data), size};
    SeriesRows rows;
    if (rows.append(bytes)) {
        std::string again;
        encode_chunk(rows.rows(), again);
        SeriesRows reread;
        auto const same_readings = [](Reading const& a, Reading const& b) {
            return a.same_as(b) && a.marks == b.marks && a.value.scale() == b.value.scale();
        };
        auto const same = [&](Row const& a, Row const& b) {
            return a.time == b.time && a.received_at == b.received_at && a.status == b.status && a.verdict == b.verdict &&
                   std::ranges::equal(a.readings, b.readings, same_readings);
        };
        if (!reread.append(again) || !std::ranges::equal(rows.rows(), reread.rows(), same))
            std::abort();
    } else if (!rows.rows().empty()) {
        std::abort();
    }
    rows.settle();
    constexpr std::array<ParameterId, 2> two{3, 7};
    (void)SeriesRows{}.append(bytes, {.only = two, .first = UtcTime{}, .last = UtcTime{std::chrono::hours{40}}});
    if (auto const entry = decode_quarantine(bytes); entry && decode_quarantine(encode_quarantine(*entry))->raw != entry->raw)
        std::abort();
    if (auto const frame = decode_frame(bytes)) {
        std::string again;
        encode_frame(*frame, again);
        if (decode_frame(again) != frame)
            std::abort();
    }
    if (auto const site = decode_site(bytes); site && decode_site(encode_site(*site))->external_ids != site->external_ids)
        std::abort();
    return 0;
}
