#include "session.hpp"

#include "reception.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/run_on.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr std::size_t useless_bytes_limit = 64 * 1024;
constexpr int longest_split = 999;
constexpr int refused_kept_a_minute = 30;           // of one source
constexpr std::chrono::milliseconds queue_pause{20};
constexpr std::chrono::milliseconds broken_pause{1000};

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

/// What one read brought: a batch for the intake, and what to answer once it is on disk.
struct Session::Work {
    struct Answer {
        std::string bytes;
        std::string const* device;                 // whose frame it acknowledges
        bool acknowledges;
        std::optional<std::size_t> frame;          // index of the frame whose record must be on disk
    };
    ParsedBatch batch;
    std::vector<FrameOfBatch> frames;
    std::vector<Refusal> refused;                  // beside what the intake refuses: strangers, single readings, unreadable frames
    std::vector<Answer> answers;
    std::unordered_map<std::string, FrameTally> tallies;
    std::vector<std::pair<StationWord, std::size_t>> words;    // for a command that runs, with the index of their frame
    std::shared_ptr<DeviceBook const> book;
    PreparedBatch prepared;
    std::size_t frames_read = 0;
    bool too_many_refusals = false;
};

Shared::Shared(GatewayOptions gateway_options, Intake& the_intake, std::vector<Device> const& devices)
    : options{std::move(gateway_options)}, intake{the_intake}, keys{options.key_file},
      book{std::make_shared<DeviceBook const>(devices, intake.world(), keys)}
{}

bool Shared::admit(asio::ip::address const& source)
{
    std::lock_guard const lock{mutex_};
    auto& entry = sources_[source];
    if (connections >= options.connection_limit || (!source.is_loopback() && entry.connections >= options.connections_per_source_limit)) {
        if (entry.connections == 0)
            sources_.erase(source);
        return false;
    }
    ++entry.connections;
    ++connections;
    ++accepted_connections;
    return true;
}

void Shared::release(asio::ip::address const& source)
{
    std::lock_guard const lock{mutex_};
    --connections;
    auto const found = sources_.find(source);
    if (found != sources_.end() && --found->second.connections == 0 && (found->second.refusals == 0 || sources_.size() > 10'000))
        sources_.erase(found);
}

bool Shared::may_keep_refused(asio::ip::address const& source)
{
    std::lock_guard const lock{mutex_};
    auto& entry = sources_[source];
    auto const now = Clock::now();
    if (now - entry.window > std::chrono::minutes{1}) {
        entry.window = now;
        entry.refusals = 0;
    }
    return ++entry.refusals <= refused_kept_a_minute;
}

void ThreadState::expire(Clock::time_point now)
{
    for (auto const& session : sessions)
        if (session->is_overdue(now))
            session->close();
        else
            session->give_up_unfinished(now);
}

void ThreadState::close_all()
{
    for (auto const& session : sessions)
        session->close();
}

Session::Session(asio::ip::tcp::socket socket, asio::ip::tcp::endpoint const& remote, ThreadState& thread)
    : socket_{std::move(socket)}, source_{http::unmapped(remote.address())},
      peer_{fmt::format(fmt::runtime(source_.is_v6() ? "[{}]:{}" : "{}:{}"), source_.to_string(), remote.port())},
      number_{thread.shared.next_connection++}, thread_{thread}, decoder_{thread.shared.options.segment_limit},
      deadline_{Clock::now() + thread.shared.options.first_frame_deadline}, written_some_{socket_.get_executor(), Clock::time_point::max()},
      window_{Clock::now()}
{}

void Session::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

void Session::attach(std::string const& mn, UtcTime now)
{
    if (!devices_.insert(mn).second)
        return;
    // called from the thread of the connection that takes over; closing happens on ours
    auto close = [weak = weak_from_this(), executor = socket_.get_executor()] {
        asio::post(executor, [weak] {
            if (auto const self = weak.lock())
                self->close();
        });
    };
    auto send = [weak = weak_from_this(), executor = socket_.get_executor()](std::string bytes) {
        asio::post(executor, [weak, bytes = std::move(bytes)]() mutable {
            if (auto const self = weak.lock())
                self->send_from_elsewhere(std::move(bytes));
        });
    };
    if (auto const close_old = thread_.shared.board.attach(mn, number_, peer_, now, std::move(close), std::move(send))) {
        log::info("hj212_taken_over", {{"mn", mn}, {"peer", peer_}});
        close_old();
    }
}

void Session::take(hj212::Frame const& frame, DeviceBook const& book, UtcTime now, Work& work)
{
    auto& shared = thread_.shared;
    ++work.frames_read;
    auto reception = receive(frame, book, source_, now, thread_.fields);
    auto const& segment = reception.segment;
    auto const* device = reception.device;
    std::string const mn{segment ? to_valid_utf8(segment->mn.substr(0, 64)) : std::string{}};

    RawFrame raw;
    raw.site = device ? device->site->number : 0;      // 0: it is not kept
    raw.time = raw.received_at = now;
    raw.device = mn;
    raw.peer = peer_;
    raw.bytes = frame.raw;

    if (reception.kind == Reception::Kind::damaged) {
        ++shared.bad_crc;
        useless_bytes_ += frame.raw.size();
        if (auto const* sender = segment ? book.find(segment->mn) : nullptr) {     // by its own word only
            auto& tally = work.tallies[mn];
            ++tally.bad_crc;
            tally.refusal = reception.failure.detail;
            raw.site = sender->site->number;
            raw.verdict = FrameVerdict::refused;
            if (shared.may_keep_refused(source_))
                work.frames.push_back({std::move(raw), std::nullopt});
        }
        decoder_.reject();             // its length may have lied: the next frame may begin inside
        return;
    }
    auto const index = static_cast<std::uint32_t>(work.frames.size());
    auto const refuse = [&](Failure const& failure) {
        if (reception.meaning) {       // a reading: its detail begins with its field
            auto const field = std::string_view{failure.detail}.substr(0, failure.detail.find(": "));
            if (!shared.board.is_new_refusal(mn, failure.code, field, now)) {
                ++shared.repeated_refusals;
                return;
            }
        }
        if (shared.may_keep_refused(source_))
            work.refused.push_back({index, failure, raw.bytes, mn});
    };
    if (reception.is_stranger || !segment) {
        ++shared.refused;
        shared.board.turn_away({now, peer_, mn, reception.failure.detail});
        refuse(reception.failure);     // its bytes rest there: frames are the evidence of stations
        work.too_many_refusals = ++refusals_ >= shared.options.refusals_limit;
        return;
    }
    attach(device->device.mn, now);
    if (reception.proves_key)
        shared.keys.put_in_force(mn, *reception.proves_key, now);
    useless_bytes_ = 0;
    auto& tally = work.tallies[mn];
    ++tally.frames;
    if (reception.kind != Reception::Kind::reply) {        // its ST is 91, its QN is ours
        tally.edition = segment->edition();
        tally.system_type = to_valid_utf8(segment->st.substr(0, 8));
        if (!segment->retransmitted)
            if (auto const sent = hj212::parse_station_time(segment->qn))
                tally.drift = *sent - now;
    }
    if (reception.kind == Reception::Kind::refused) {
        ++shared.refused;
        ++tally.refused;
        tally.refusal = reception.failure.detail;
        refuse(reception.failure);
        raw.verdict = FrameVerdict::refused;
        work.frames.push_back({std::move(raw), std::nullopt});
        work.too_many_refusals = ++refusals_ >= shared.options.refusals_limit;
        return;
    }
    refusals_ = 0;
    std::optional<std::size_t> needs_record;
    if (reception.meaning) {
        auto& meaning = *reception.meaning;
        for (auto const& failure : meaning.refused) {
            tally.refusal = failure.detail;
            refuse(failure);
        }
        std::ranges::move(meaning.unknown, std::back_inserter(tally.unknown_factors));
        if (segment->pnum && segment->pno && *segment->pnum > 1 && *segment->pnum <= longest_split && *segment->pno >= 1 &&
            *segment->pno <= *segment->pnum)
            tally.parts.push_back({segment->cn, *segment->pnum, *segment->pno, meaning.record.time});
        if (reception.kind == Reception::Kind::record) {
            raw.interval = meaning.record.interval;
            raw.time = meaning.record.time;
            meaning.record.site = device->site->number;
            work.batch.records.push_back({std::move(meaning.record), device->site, index, frame.raw});
            needs_record = index;
        }
    }
    if (shared.desk.listens())
        work.words.emplace_back(word_of(reception, thread_.fields), index);
    if (!reception.answer.empty())
        work.answers.push_back({std::move(reception.answer), &device->device.mn, true, needs_record});
    if (!reception.request.empty())
        work.answers.push_back({std::move(reception.request), &device->device.mn, false, needs_record});
    work.frames.push_back({std::move(raw), std::nullopt});
}

Session::Work Session::read_frames(std::string_view bytes, bool gives_up)
{
    auto& shared = thread_.shared;
    Work work;
    work.book = shared.book.load();
    auto const now = utc_now();
    auto const skipped_before = decoder_.skipped();
    auto const begun_before = decoder_.position();
    if (gives_up)
        decoder_.give_up();
    decoder_.feed(bytes);
    while (!work.too_many_refusals && useless_bytes_ <= useless_bytes_limit) {
        auto const frame = decoder_.next();
        if (!frame)
            break;
        take(*frame, *work.book, now, work);
    }
    auto const skipped = decoder_.skipped() - skipped_before;
    shared.skipped_bytes += skipped;
    useless_bytes_ += skipped;
    shared.frames += work.frames_read;

    // refused by the intake: their frames are not acknowledged
    work.batch.format = frame_format;
    work.prepared = shared.intake.prepare(std::move(work.batch), "hj212 " + peer_, *work.book->world(), now);
    auto& prepared = work.prepared;
    std::vector<bool> out(work.frames.size());
    for (auto& refusal : prepared.refused) {
        out[refusal.index] = true;
        auto& raw = work.frames[refusal.index].frame;
        raw.verdict = FrameVerdict::refused;
        raw.interval.reset();
        raw.time = raw.received_at;
        auto& tally = work.tallies[raw.device];
        ++tally.refused;
        tally.refusal = refusal.failure.detail;
        ++shared.refused;
    }
    std::erase_if(prepared.refused,
                  [&](Refusal const&) { return !shared.may_keep_refused(source_); });      // the frames keep their bytes all the same
    std::size_t record = 0;
    for (std::size_t i = 0; i < work.frames.size(); ++i) {
        auto& [raw, its_record] = work.frames[i];
        if (!raw.interval || out[i])
            continue;
        its_record = record++;
        ++work.tallies[raw.device].records;
    }
    for (auto& [word, frame] : work.words)
        word.is_record = word.is_record && !out[frame];
    std::erase_if(work.answers, [&](Work::Answer const& answer) { return answer.frame && out[*answer.frame]; });
    prepared.frames = std::move(work.frames);
    std::ranges::move(work.refused, std::back_inserter(prepared.refused));
    for (auto const& [mn, tally] : work.tallies)
        shared.board.add(mn, tally, now, shared.options.split_deadline);
    decoder_.settle();
    if (!decoder_.has_begun())
        segment_deadline_ = Clock::time_point::max();
    else if (segment_deadline_ == Clock::time_point::max() || decoder_.position() != begun_before)
        segment_deadline_ = Clock::now() + shared.options.segment_deadline;
    return work;
}

/// The only place that writes, one write at a time: who finds one under way leaves its bytes to that one and waits for their end.
asio::awaitable<bool> Session::send(std::string bytes)
{
    outgoing_ += bytes;
    outgoing_end_ += bytes.size();
    auto const end = outgoing_end_;
    error_code ec;
    while (writing_ && written_ < end && !write_failed_)
        co_await written_some_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (written_ >= end || write_failed_)
        co_return written_ >= end;
    writing_ = true;
    while (!outgoing_.empty() && !write_failed_) {
        auto const chunk = std::exchange(outgoing_, {});
        write_deadline_ = Clock::now() + thread_.shared.options.write_deadline;
        co_await asio::async_write(socket_, asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ec));
        write_failed_ = static_cast<bool>(ec);
        written_ += ec ? 0 : chunk.size();
        written_some_.cancel();
    }
    write_deadline_ = Clock::time_point::max();
    writing_ = false;
    co_return written_ >= end;
}

/// A command, while the read loop waits for bytes or sends answers of its own.
void Session::send_from_elsewhere(std::string bytes)
{
    auto write = [](std::shared_ptr<Session> self, std::string frame) -> asio::awaitable<void> {
        bool const sent = co_await self->send(std::move(frame));
        if (!sent)
            self->close();
    };
    asio::co_spawn(socket_.get_executor(), write(shared_from_this(), std::move(bytes)), asio::detached);
}

/// Commits what was read, then answers. \return false when the connection is to end
asio::awaitable<bool> Session::settle(Work work)
{
    auto& shared = thread_.shared;
    bool stored = true;
    if (!work.prepared.frames.empty() || !work.prepared.refused.empty()) {
        bool full = true;
        std::optional<IngestReport> report;
        while (full) {
            full = false;
            auto const start = [&](std::function<void(std::optional<IngestReport>)> done) {
                if (!shared.intake.submit(std::move(work.prepared), done)) {
                    full = true;
                    done(std::nullopt);
                }
            };
            report = co_await http::answer_of<std::optional<IngestReport>>(start);
            if (full) {                // the station waits, and so does what it sends next
                if (!socket_.is_open())
                    co_return false;
                asio::steady_timer pause{socket_.get_executor(), queue_pause};
                error_code ignored;
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            }
        }
        stored = report.has_value();
    }
    for (auto const& [word, frame] : work.words)
        if (stored || word.is_reply)               // what a command took in is on disk before the command ends
            shared.desk.hear(word, Clock::now());
    if (!stored) {
        // nothing is acknowledged: the station sends again
        asio::steady_timer pause{socket_.get_executor(), broken_pause};
        error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return socket_.is_open();
    }
    std::string answers;
    std::string const* counted = nullptr;
    std::uint64_t count = 0;
    auto const count_up = [&] {
        if (count > 0)
            shared.board.acknowledged(*counted, count);
        shared.acknowledged += count;
        count = 0;
    };
    for (auto const& answer : work.answers) {
        answers += answer.bytes;
        if (!answer.acknowledges)
            continue;
        if (counted != answer.device) {
            count_up();
            counted = answer.device;
        }
        ++count;
    }
    if (!answers.empty()) {
        bool const sent = co_await send(std::move(answers));
        if (!sent)
            co_return false;
        count_up();
    }
    co_return !work.too_many_refusals && useless_bytes_ <= useless_bytes_limit;
}

void Session::give_up_unfinished(Clock::time_point now)
{
    if (now < segment_deadline_ || !socket_.is_open())
        return;
    ++thread_.shared.unfinished;
    auto look_on = [](std::shared_ptr<Session> self) -> asio::awaitable<void> {
        try {
            bool const go_on = co_await self->settle(self->read_frames({}, true));
            if (!go_on)
                self->close();
        } catch (std::exception const& problem) {
            log::error("hj212_connection_failed", {{"peer", self->peer_}, {"detail", problem.what()}});
            self->close();
        }
    };
    segment_deadline_ = Clock::time_point::max();
    asio::co_spawn(socket_.get_executor(), look_on(shared_from_this()), asio::detached);
}

/// Counts what was read; over the limit of a second, waits for the next one: the sender's window fills, nobody else notices.
asio::awaitable<void> Session::keep_to_rate(std::size_t frames, std::size_t bytes)
{
    auto const& options = thread_.shared.options;
    auto const now = Clock::now();
    if (now - window_ >= std::chrono::seconds{1}) {
        window_ = now;
        window_frames_ = window_bytes_ = 0;
    }
    window_frames_ += frames;
    window_bytes_ += bytes;
    if (window_frames_ <= options.frames_per_second_limit && window_bytes_ <= options.bytes_per_second_limit)
        co_return;
    auto const factor = std::max(static_cast<double>(window_frames_) / static_cast<double>(options.frames_per_second_limit),
                                 static_cast<double>(window_bytes_) / static_cast<double>(options.bytes_per_second_limit));
    auto const until = window_ + std::chrono::milliseconds{static_cast<std::int64_t>(factor * 1000)};
    deadline_ = until + options.idle_deadline;
    asio::steady_timer pause{socket_.get_executor(), until};
    error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    window_ = Clock::now();
    window_frames_ = window_bytes_ = 0;
}

/// Reads what has come and sees it through. \return false when the connection is to end
asio::awaitable<bool> Session::take_turn()
{
    auto& shared = thread_.shared;
    error_code ec;
    auto const n = socket_.read_some(asio::buffer(thread_.buffer), ec);
    if (ec)
        co_return ec == asio::error::would_block;
    shared.bytes += n;
    deadline_ = Clock::time_point::max();              // the writer is waited for, however long the disk takes
    auto work = read_frames({thread_.buffer.data(), n});
    auto const frames = work.frames_read;
    bool const go_on = co_await settle(std::move(work));
    if (go_on)
        co_await keep_to_rate(frames, n);
    else if (refusals_ >= shared.options.refusals_limit || useless_bytes_ > useless_bytes_limit)
        log::warning("hj212_closed", {{"peer", peer_}, {"refused_in_a_row", refusals_}, {"useless_bytes", useless_bytes_}});
    co_return go_on;
}

/// What is alive here is what a silent station costs: the frames of a turn come and go.
asio::awaitable<void> Session::run()
{
    auto const self = shared_from_this();
    auto const& options = thread_.shared.options;
    try {
        for (bool go_on = true; go_on;) {
            error_code ec;
            deadline_ = Clock::now() + (devices_.empty() ? options.first_frame_deadline : options.idle_deadline);
            co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                break;
            go_on = co_await take_turn();
        }
    } catch (std::exception const& problem) {
        log::error("hj212_connection_failed", {{"peer", peer_}, {"detail", problem.what()}});
    }
    close();
    for (auto const& mn : devices_)
        thread_.shared.board.detach(mn, number_);
}

}  // namespace yihong::gateway
