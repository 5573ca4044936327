#include "yihong/notify/dispatcher.hpp"

#include "worker.hpp"

#include "yihong/alerting/alerting.hpp"
#include "yihong/base/json_writer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong::notify {

std::string dead_queue_of(std::string_view id) { return fmt::format("dead:{}", id); }

std::string to_payload(DeadLetter const& letter)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("error", letter.error).member("attempts", letter.attempts).member("time", letter.time).end_object();
    return out + "\n" + letter.document;
}

Result<DeadLetter> parse_dead_letter(std::string_view payload)
{
    auto const end = payload.find('\n');
    simdjson::dom::parser parser;
    simdjson::dom::element head;
    std::string_view error;
    std::string_view time_text;
    std::int64_t attempts = 0;
    if (end == std::string_view::npos || parser.parse(payload.data(), end).get(head) != simdjson::SUCCESS ||
        head["error"].get(error) != simdjson::SUCCESS || head["time"].get(time_text) != simdjson::SUCCESS ||
        head["attempts"].get(attempts) != simdjson::SUCCESS)
        return fail(Errc::bad_syntax, "the dead letter cannot be read");
    auto const time = parse_rfc3339(time_text);
    if (!time)
        return fail(Errc::bad_syntax, "the time of the dead letter cannot be read");
    return DeadLetter{std::string{error}, static_cast<int>(attempts), *time, std::string{payload.substr(end + 1)}};
}

Dispatcher::Dispatcher(std::vector<Channel> channels, Outbox const& outbox, Journal const& journal, Writer& writer, DeliveryWatch& watch,
                       DispatcherOptions options)
    : writer_{writer}
{
    for (auto& channel : channels)
        workers_.push_back(std::make_unique<Worker>(std::move(channel), outbox, journal, writer, watch, options));
    writer_.listen(*this);
}

Dispatcher::~Dispatcher()
{
    stop();
    writer_.stop_listening(*this);
}

void Dispatcher::outbox_grew(std::vector<OutboxEntry> const& entries)
{
    for (auto const& worker : workers_) {
        auto const waiting = std::ranges::count(entries, worker->queue(), &OutboxEntry::queue);
        auto const dead = std::ranges::count(entries, worker->dead_queue(), &OutboxEntry::queue);
        if (waiting + dead > 0)
            worker->added(static_cast<std::uint64_t>(waiting), static_cast<std::uint64_t>(dead));
    }
}

void Dispatcher::start()
{
    for (auto const& worker : workers_)
        worker->start();
}

void Dispatcher::stop()
{
    for (auto const& worker : workers_)                // all at once, then each: their last deliveries end together
        worker->ask_to_stop();
    for (auto const& worker : workers_)
        worker->stop();
}

std::vector<ChannelStatus> Dispatcher::status() const
{
    std::vector<ChannelStatus> all;
    for (auto const& worker : workers_)
        all.push_back(worker->status());
    return all;
}

bool Dispatcher::knows(std::string_view channel) const noexcept
{
    return std::ranges::any_of(workers_, [&](auto const& worker) { return worker->channel().id == channel; });
}

void Dispatcher::dead_letter_left(std::string_view channel)
{
    for (auto const& worker : workers_)
        if (worker->channel().id == channel)
            worker->dead_letter_left();
}

}  // namespace yihong::notify
