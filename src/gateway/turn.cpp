#include "turn.hpp"

#include "tried_passwords.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace yihong::gateway {
namespace {

constexpr std::size_t useless_bytes_limit = 64 * 1024;
constexpr int longest_split = 999;

/// What a command that runs has to know of a frame. \param scratch the fields of an upload
StationWord word_of(Reception const& reception, std::vector<hj212::Field>& scratch)
{
    StationWord word;
    auto const& segment = *reception.segment;
    word.mn = reception.device->device.mn;
    word.qn = segment.qn;
    word.cn = segment.cn;
    word.is_reply = reception.kind == Reception::Kind::reply;
    word.is_record = reception.kind == Reception::Kind::record;
    if (word.is_record)
        return word;
    if (word.is_reply)
        hj212::parse_data_area(segment.cp, scratch);
    for (auto const& field : scratch)
        word.fields.emplace_back(field.part.empty() ? std::string{field.code} : fmt::format("{}-{}", field.code, field.part), field.value);
    return word;
}

}  // namespace

bool Conduct::is_too_bad(GatewayOptions const& options) const noexcept
{
    return refusals >= options.refusals_limit || useless_bytes > useless_bytes_limit;
}

Turn::Turn(ThreadState& thread, boost::asio::ip::address const& source, std::string const& peer, Conduct& conduct)
    : thread_{thread}, shared_{thread.shared}, source_{source}, peer_{peer}, conduct_{conduct}, book_{shared_.book.load()}, now_{utc_now()}
{}

RawFrame Turn::raw_of(hj212::Frame const& frame, Reception const& reception) const
{
    RawFrame raw;
    raw.site = reception.device ? reception.device->site->number : 0;      // 0: it is not kept
    raw.time = raw.received_at = now_;
    raw.device = reception.segment ? to_valid_utf8(reception.segment->mn.substr(0, 64)) : std::string{};
    raw.peer = peer_;
    raw.bytes = frame.raw;
    return raw;
}

/// \param is_reading the frame is fine, and one of its readings is not; the detail begins with its field
void Turn::refuse(Failure const& failure, bool is_reading, RawFrame const& raw)
{
    if (is_reading) {
        auto const field = std::string_view{failure.detail}.substr(0, failure.detail.find(": "));
        if (!shared_.board.is_new_refusal(raw.device, failure.code, field, now_)) {
            ++shared_.repeated_refusals;
            return;
        }
    }
    if (shared_.refusal_quota.take(source_))
        refused_.push_back({static_cast<std::uint32_t>(frames_.size()), failure, raw.bytes, raw.device});
}

void Turn::add_damaged(hj212::Frame const& frame, Reception const& reception)
{
    ++frames_read;
    ++shared_.bad_crc;
    conduct_.useless_bytes += frame.raw.size();
    auto const* sender = reception.segment ? book_->find(reception.segment->mn) : nullptr;     // by its own word only
    if (!sender)
        return;
    auto raw = raw_of(frame, reception);
    auto& tally = tallies_[raw.device];
    ++tally.bad_crc;
    tally.refusal = reception.failure.detail;
    raw.site = sender->site->number;
    raw.bytes = without_foreign_secrets(raw.bytes, sender->device.password);
    raw.verdict = FrameVerdict::refused;
    if (shared_.refusal_quota.take(source_))
        frames_.push_back({std::move(raw), std::nullopt});
}

void Turn::add_skipped(std::string_view bytes)
{
    constexpr std::string_view name = "MN=";
    for (auto at = bytes.find(name); at != std::string_view::npos; at = bytes.find(name, at + 1)) {
        auto const value = bytes.substr(at + name.size());
        auto const* sender = book_->find(trimmed(value.substr(0, std::min(value.find_first_of(";,&\r\n"), value.size()))));
        if (!sender)
            continue;
        auto const begin = bytes.rfind("##", at);
        auto const next = bytes.find("##", at);
        auto const from = begin == std::string_view::npos ? 0 : begin;
        auto const frame_of = bytes.substr(from, next == std::string_view::npos ? next : next - from);
        auto& tally = tallies_[sender->device.mn];
        ++tally.skipped;
        tally.refusal = fmt::format("{} bytes are no frame: {}", frame_of.size(), hj212::why_no_frame(frame_of));
        if (!shared_.refusal_quota.take(source_))
            continue;
        RawFrame raw;
        raw.site = sender->site->number;
        raw.time = raw.received_at = now_;
        raw.device = sender->device.mn;
        raw.peer = peer_;
        raw.bytes = without_foreign_secrets(frame_of, sender->device.password);
        raw.verdict = FrameVerdict::refused;
        frames_.push_back({std::move(raw), std::nullopt});
    }
}

void Turn::add_stranger(hj212::Frame const& frame, Reception const& reception)
{
    ++frames_read;
    ++shared_.refused;
    auto raw = raw_of(frame, reception);
    raw.bytes = shared_.tried_passwords.hidden(raw.bytes);
    shared_.board.turn_away({now_, peer_, raw.device, reception.failure.detail});
    refuse(reception.failure, reception.meaning.has_value(), raw);     // its bytes rest there: frames are the evidence of stations
    ++conduct_.refusals;
}

void Turn::add_delayed() noexcept
{
    ++frames_read;
    ++shared_.refused;
    ++conduct_.refusals;
}

void Turn::add(hj212::Frame const& frame, Reception& reception)
{
    ++frames_read;
    auto const& segment = reception.segment;
    auto const* device = reception.device;
    auto raw = raw_of(frame, reception);
    if (reception.proves_key)
        shared_.keys.put_in_force(raw.device, *reception.proves_key, now_);
    conduct_.useless_bytes = 0;
    auto& tally = tallies_[raw.device];
    ++tally.frames;
    if (reception.kind != Reception::Kind::reply) {        // its ST is 91, its QN is ours
        tally.edition = segment->edition();
        tally.system_type = to_valid_utf8(segment->st.substr(0, 8));
        if (!segment->retransmitted)
            if (auto const sent = hj212::parse_station_time(segment->qn))
                tally.drift = *sent - now_;
    }
    if (auto const limit = shared_.options.data_age_limit;
        reception.kind == Reception::Kind::record && limit.count() > 0 && reception.meaning->record.time < now_ - limit) {
        reception.kind = Reception::Kind::refused;
        reception.failure = {Errc::bad_time,
                             fmt::format("DataTime: {} lies more than {} days back ([hj212] data_age_limit); the station's clock is wrong",
                                         format_rfc3339(reception.meaning->record.time), limit.count() / 24)};
        reception.meaning.reset();
    }
    if (reception.kind == Reception::Kind::refused) {
        ++shared_.refused;
        ++tally.refused;
        tally.refusal = reception.failure.detail;
        refuse(reception.failure, reception.meaning.has_value(), raw);
        raw.verdict = FrameVerdict::refused;
        frames_.push_back({std::move(raw), std::nullopt});
        ++conduct_.refusals;
        return;
    }
    conduct_.refusals = 0;
    auto const needs_record = add_meaning(frame, reception, raw, tally);
    if (shared_.desk.listens())
        words.emplace_back(word_of(reception, thread_.fields), frames_.size());
    if (!reception.answer.empty())
        answers.push_back({std::move(reception.answer), &device->device.mn, true, needs_record});
    if (!reception.request.empty())
        answers.push_back({std::move(reception.request), &device->device.mn, false, needs_record});
    frames_.push_back({std::move(raw), std::nullopt});
}

/// \return the index of the frame, where it carries a record
std::optional<std::size_t> Turn::add_meaning(hj212::Frame const& frame, Reception& reception, RawFrame& raw, FrameTally& tally)
{
    if (!reception.meaning)
        return std::nullopt;
    auto& meaning = *reception.meaning;
    auto const& segment = *reception.segment;
    for (auto const& failure : meaning.refused) {
        tally.refusal = failure.detail;
        refuse(failure, true, raw);
    }
    if (meaning.record.readings.empty() && !meaning.unknown.empty())
        tally.refusal = fmt::format("no value of the frame is understood; it is kept, look at {}", meaning.unknown.front());
    std::ranges::move(meaning.unknown, std::back_inserter(tally.unknown_factors));
    if (segment.pnum && segment.pno && *segment.pnum > 1 && *segment.pnum <= longest_split && *segment.pno >= 1 &&
        *segment.pno <= *segment.pnum)
        tally.parts.push_back({segment.cn, *segment.pnum, *segment.pno, meaning.record.time});
    if (reception.kind != Reception::Kind::record)
        return std::nullopt;
    auto const index = static_cast<std::uint32_t>(frames_.size());
    raw.interval = meaning.record.interval;
    raw.time = meaning.record.time;
    meaning.record.site = reception.device->site->number;
    batch_.records.push_back({std::move(meaning.record), reception.device->site, index, frame.raw});
    return index;
}

void Turn::finish()
{
    shared_.frames += frames_read;
    // refused by the intake: their frames are not acknowledged
    batch_.format = frame_format;
    prepared = shared_.intake.prepare(std::move(batch_), "hj212 " + peer_, *book_->world(), now_);
    std::vector<bool> out(frames_.size());
    for (auto& refusal : prepared.refused) {
        if (!refusal.format.empty())
            continue;                                   // a single reading
        out[refusal.index] = true;
        auto& raw = frames_[refusal.index].frame;
        raw.verdict = FrameVerdict::refused;
        raw.interval.reset();
        raw.time = raw.received_at;
        auto& tally = tallies_[raw.device];
        ++tally.refused;
        tally.refusal = refusal.failure.detail;
        ++shared_.refused;
    }
    std::erase_if(prepared.refused,
                  [&](Refusal const&) { return !shared_.refusal_quota.take(source_); });  // the frames keep their bytes all the same
    std::size_t record = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
        auto& [raw, its_record] = frames_[i];
        if (!raw.interval || out[i])
            continue;
        its_record = record++;
        ++tallies_[raw.device].records;
    }
    for (auto& [word, frame] : words)
        word.is_record = word.is_record && !out[frame];
    std::erase_if(answers, [&](Answer const& answer) { return answer.frame && out[*answer.frame]; });
    shared_.frame_quota.leave_out(frames_, now_);
    prepared.frames = std::move(frames_);
    std::ranges::move(refused_, std::back_inserter(prepared.refused));
    for (auto const& [mn, tally] : tallies_)
        shared_.board.add(mn, tally, now_, shared_.options.split_deadline);
}

}  // namespace yihong::gateway
