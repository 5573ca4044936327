#include "yihong/forward/forwarder.hpp"

#include "line.hpp"

#include "yihong/base/text.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <thread>

namespace yihong::forward {

std::string to_payload(Ticket const& ticket)
{
    return fmt::format("1 {} {} {} {}", ticket.site, static_cast<int>(ticket.interval), ticket.time.time_since_epoch().count(),
                       ticket.accepted_at.time_since_epoch().count());
}

Result<Ticket> parse_payload(std::string_view payload)
{
    auto const words = split(payload, ' ');
    std::array<std::int64_t, 5> numbers{};
    bool readable = words.size() >= 2;
    for (std::size_t i = 0; readable && i < std::min(words.size(), numbers.size()); ++i) {
        auto const [end, error] = std::from_chars(words[i].data(), words[i].data() + words[i].size(), numbers[i]);
        readable = error == std::errc{} && end == words[i].data() + words[i].size();
    }
    if (readable && numbers[0] != 1)
        return fail(Errc::unsupported, fmt::format("entries of version {} are unknown here", numbers[0]));
    if (!readable || words.size() != numbers.size() || numbers[1] < 0 || numbers[1] > UINT32_MAX || numbers[2] < 0 ||
        numbers[2] >= static_cast<std::int64_t>(all_interval_kinds.size()))
        return fail(Errc::bad_syntax, "the entry cannot be read");
    return Ticket{static_cast<SiteNumber>(numbers[1]), static_cast<IntervalKind>(numbers[2]),
                  UtcTime{std::chrono::milliseconds{numbers[3]}}, UtcTime{std::chrono::milliseconds{numbers[4]}}};
}

std::string queue_of(std::string_view id) { return fmt::format("forward:{}", id); }

struct Forwarder::State {
    explicit State(Writer& to) : writer{to} {}
    Writer& writer;
    boost::asio::io_context io{1};
    std::vector<std::unique_ptr<Line>> lines;
    std::atomic<bool> running{false};
    std::thread thread;
};

Forwarder::Forwarder(std::vector<Forward> const& forwards, ForwarderStore store, Writer& writer, CurrentState const& state,
                     ForwarderOptions options)
    : state_{std::make_unique<State>(writer)}
{
    for (auto const& forward : forwards)
        state_->lines.push_back(std::make_unique<Line>(forward, store, writer, state, state_->io, options));
    writer.listen(*this);
}

Forwarder::~Forwarder()
{
    stop();
    state_->writer.stop_listening(*this);
}

void Forwarder::outbox_grew(std::vector<OutboxEntry> const& entries)
{
    for (auto const& line : state_->lines) {
        auto const count = std::ranges::count(entries, line->queue(), &OutboxEntry::queue);
        if (count == 0)
            continue;
        line->count_waiting(static_cast<std::uint64_t>(count));
        if (state_->running)
            boost::asio::post(state_->io, [&line = *line] { line.wake(); });
    }
}

void Forwarder::start()
{
    if (state_->lines.empty())
        return;
    state_->running = true;
    for (auto const& line : state_->lines)
        line->start();
    state_->thread = std::thread{[this] { state_->io.run(); }};
}

void Forwarder::stop()
{
    if (!state_->thread.joinable())
        return;
    state_->running = false;
    boost::asio::post(state_->io, [this] {
        for (auto const& line : state_->lines)
            line->stop();
    });
    state_->thread.join();
}

std::vector<ForwardStatus> Forwarder::status() const
{
    std::vector<ForwardStatus> all;
    for (auto const& line : state_->lines)
        all.push_back(line->status());
    return all;
}

}  // namespace yihong::forward
