#include "earlier_frames.hpp"

#include "yihong/model/frame_text.hpp"

#include <algorithm>

namespace yihong {

bool is_outdated(RawFrame const& frame, Evidence const& kept, std::span<RawFrame const> before)
{
    auto const qn = qn_of(frame.bytes);
    auto const said = said_by(frame.bytes);
    auto const outdates = [&](RawFrame const& other) {
        if (said_by(other.bytes) == said)
            return true;
        bool const made_the_record = other.verdict == FrameVerdict::accepted || other.verdict == FrameVerdict::revised;
        return made_the_record && !qn.empty() && qn_of(other.bytes) > qn;
    };
    auto const same_record = [&](RawFrame const& other) {
        return other.site == frame.site && other.interval == frame.interval && other.time == frame.time;
    };
    if (std::ranges::any_of(before, [&](RawFrame const& other) { return same_record(other) && outdates(other); }))
        return true;
    bool found = false;
    kept.visit_frames({.site = frame.site, .interval = frame.interval, .time = {frame.time, frame.time}, .limit = SIZE_MAX},
                      [&](RawFrame const& other) {
                          found = outdates(other);
                          return !found;
                      });
    return found;
}

}  // namespace yihong
