#include "yihong/notify/routes.hpp"

#include "cap.hpp"
#include "event.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/net/answer_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace yihong::notify {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

constexpr std::size_t letters_shown = 100;
constexpr std::size_t feed_length = 100;

constexpr http::Component channels_component{
    "channels",
    R"({"type":"object","properties":{"channels":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"kind":{"type":"string"},"target":{"type":"string"},"waiting":{"type":"integer"},"delivered":{"type":"integer"},"failed_tries":{"type":"integer"},"last_delivered_at":{"type":"string","format":"date-time","nullable":true},"failing_since":{"type":"string","format":"date-time","nullable":true},"last_error":{"type":"string","nullable":true},"dead":{"type":"integer"},"dead_letters":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"event":{"type":"string","nullable":true},"error":{"type":"string"},"attempts":{"type":"integer"},"time":{"type":"string","format":"date-time","nullable":true}}}}}}}}})"};

void write(JsonWriter& json, ChannelStatus const& channel, std::vector<OutboxEntry> const& letters)
{
    json.begin_object().member("id", channel.id).member("kind", channel.kind).member("target", channel.target);
    json.member("waiting", static_cast<std::int64_t>(channel.waiting)).member("delivered", static_cast<std::int64_t>(channel.delivered));
    json.member("failed_tries", static_cast<std::int64_t>(channel.failed));
    json.member_or_null("last_delivered_at", channel.last_delivered_at).member_or_null("failing_since", channel.failing_since);
    json.text_or_null("last_error", channel.last_error)
        .member("dead", static_cast<std::int64_t>(channel.dead))
        .key("dead_letters")
        .begin_array();
    for (auto const& entry : letters) {
        auto const letter = parse_dead_letter(entry.payload);
        auto const event = letter ? parse_event(letter->document) : Result<Event>{std::unexpected{letter.error()}};
        json.begin_object().member("id", static_cast<std::int64_t>(entry.id));
        json.key("event");
        event ? json.value(event->id) : json.null();
        json.member("error", letter ? letter->error : letter.error().detail).member("attempts", letter ? letter->attempts : 0);
        json.member_or_null("time", letter ? std::optional{letter->time} : std::nullopt).end_object();
    }
    json.end_array().end_object();
}

asio::awaitable<Reply> list(Services const& services)
{
    auto const all = services.dispatcher.status();
    auto read = [&] {
        std::vector<std::vector<OutboxEntry>> letters;
        for (auto const& channel : all)
            letters.push_back(services.outbox.outbox(dead_queue_of(channel.id), 0, letters_shown));
        return letters;
    };
    auto const letters = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("channels").begin_array();
    for (std::size_t i = 0; i < all.size(); ++i)
        write(json, all[i], letters[i]);
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

/// Dead letters that are just being settled, one by one or all of a channel: a second request for one would send it twice.
class Settling {
public:
    static constexpr std::uint64_t all = 0;            // no letter has this number
    /// Until it goes, nobody else settles the same.
    using Hold = std::shared_ptr<Settling>;

    /// \return null where somebody else is at it
    [[nodiscard]] Hold begin(std::string const& channel, std::uint64_t letter)
    {
        std::lock_guard const lock{mutex_};
        auto const first = letters_.lower_bound({channel, all});
        bool const any = first != letters_.end() && first->first == channel;
        if (any && (letter == all || first->second == all || letters_.contains({channel, letter})))
            return nullptr;
        letters_.emplace(channel, letter);
        return {this, [channel, letter](Settling* settling) { settling->end(channel, letter); }};
    }

private:
    void end(std::string const& channel, std::uint64_t letter)
    {
        std::lock_guard const lock{mutex_};
        letters_.erase({channel, letter});
    }

    std::mutex mutex_;
    std::set<std::pair<std::string, std::uint64_t>> letters_;
};

Reply no_such_channel(std::string const& channel)
{
    return http::make_problem(Failure{Errc::not_found, "there is no channel '" + to_valid_utf8(channel.substr(0, 60)) + "'"});
}

/// \return whether it is on disk
asio::awaitable<bool> commit(Services const& services, OutboxJob job)
{
    auto submit = [&services, &job](auto answer) {
        job.done = answer;
        if (!services.writer.submit(std::move(job)))
            answer(false);
    };
    bool const kept = co_await net::answer_of<bool>(submit);
    co_return kept;
}

struct LetterName {
    std::string channel;
    std::uint64_t id = 0;
};

/// Takes a dead letter off its queue, and back onto that of its channel when it is to be tried again.
asio::awaitable<Reply> settle(Services const& services, Settling& settling, Request const& request, LetterName const& named, bool replay)
{
    auto const& channel = named.channel;
    auto const id = named.id;
    if (!services.dispatcher.knows(channel))
        co_return no_such_channel(channel);
    auto const queue = dead_queue_of(channel);
    auto const hold = settling.begin(channel, id);
    if (!hold)
        co_return http::make_problem(Failure{Errc::conflict, "somebody else is settling this dead letter"});
    auto read = [&] { return services.outbox.outbox(queue, id - 1, 1); };
    auto const found = co_await services.readers.run(read);
    if (found.empty() || found.front().id != id)
        co_return http::make_problem(Failure{Errc::not_found, fmt::format("the channel has no dead letter {}", id)});
    auto const letter = parse_dead_letter(found.front().payload);
    if (replay && !letter)
        co_return http::make_problem(Failure{Errc::conflict, letter.error().detail});
    OutboxJob job;
    job.done_entries.emplace_back(queue, id);
    if (replay)
        job.added.push_back({0, alert_queue(channel), letter->document});
    bool const kept = co_await commit(services, std::move(job));
    if (!kept)
        co_return http::make_problem(Failure{Errc::busy, "the store took no commit; nothing was changed"});
    services.dispatcher.dead_letter_left(channel);
    auto const event = letter ? parse_event(letter->document) : Result<Event>{std::unexpected{letter.error()}};
    http::audit(request, replay ? "notification_replay" : "notification_drop",
                {{"channel", channel}, {"id", id}, {"event", event ? std::string_view{event->id} : std::string_view{"unreadable"}}});
    co_return http::json_reply(fmt::format(R"({{"{}":1}})", replay ? "replayed" : "dropped"));
}

struct ChannelName {
    std::string channel;
};

/// Puts all dead letters of a channel back onto its queue; what cannot be read stays.
asio::awaitable<Reply> replay_all(Services const& services, Settling& settling, Request const& request, ChannelName const& named)
{
    constexpr std::size_t letters_a_commit = 200;
    auto const& channel = named.channel;
    if (!services.dispatcher.knows(channel))
        co_return no_such_channel(channel);
    auto const hold = settling.begin(channel, Settling::all);
    if (!hold)
        co_return http::make_problem(Failure{Errc::conflict, "somebody else is settling dead letters of this channel"});
    auto const queue = dead_queue_of(channel);
    std::uint64_t after = 0;
    std::size_t replayed = 0;
    for (;;) {
        auto read = [&] { return services.outbox.outbox(queue, after, letters_a_commit); };
        auto const found = co_await services.readers.run(read);
        if (found.empty())
            break;
        after = found.back().id;
        OutboxJob job;
        for (auto const& entry : found) {
            auto const letter = parse_dead_letter(entry.payload);
            if (!letter)
                continue;
            job.done_entries.emplace_back(queue, entry.id);
            job.added.push_back({0, alert_queue(channel), letter->document});
        }
        auto const taken = job.added.size();
        if (taken == 0)
            continue;
        bool const kept = co_await commit(services, std::move(job));
        if (!kept)
            co_return http::make_problem(
                Failure{Errc::busy, fmt::format("the store took no commit; {} were put back before, send it again", replayed)});
        for (std::size_t i = 0; i < taken; ++i)
            services.dispatcher.dead_letter_left(channel);
        replayed += taken;
    }
    http::audit(request, "notification_replay", {{"channel", channel}, {"letters", replayed}});
    co_return http::json_reply(fmt::format(R"({{"replayed":{}}})", replayed));
}

CapOptions cap_options(Services const& services)
{
    return {services.settings.cap_sender, services.sender_name, services.settings.public_url};
}

/// The newest step of each of the alerts that changed last, newest first.
std::vector<Event> newest_events(Journal const& journal, Alerts const& store, AlertBook const& book)
{
    auto alerts = book.alerts;
    if (alerts.size() < feed_length)               // the others are closed, and have left memory
        for (auto& closed : store.closed_alerts({.after = {{book.closed_since, std::string{}}}, .limit = feed_length}))
            if (!book.find(closed.id))
                alerts.push_back(std::make_shared<Alert const>(std::move(closed)));
    std::ranges::sort(alerts, std::ranges::greater{}, [](auto const& alert) { return std::pair{alert->updated_at, alert->id}; });
    alerts.resize(std::min(alerts.size(), feed_length));
    std::vector<Event> events;
    for (auto const& alert : alerts) {
        auto const steps = journal.story(alert_topic, alert->id);
        if (steps.empty())
            continue;
        if (auto event = parse_event(steps.back().document))
            events.push_back(std::move(*event));
    }
    return events;
}

struct AlertName {
    std::string id;
};

asio::awaitable<Reply> cap(Services const& services, AlertName const& alert)
{
    auto read = [&] { return documents_of(services.journal, alert.id); };
    auto const documents = co_await services.readers.run(read);
    if (documents.empty())
        co_return http::make_problem(Failure{Errc::not_found, "there is no alert '" + to_valid_utf8(alert.id.substr(0, 120)) + "'"});
    auto message = cap_message(documents, cap_options(services));
    co_return message ? http::make_reply(200, "application/cap+xml; charset=utf-8", std::move(*message))
                      : http::make_problem(500, code_name(message.error().code), message.error().detail);
}

asio::awaitable<Reply> atom(Services const& services, Request const& request)
{
    auto read = [&] { return newest_events(services.journal, services.alerts, *services.state.alerts.load()); };
    auto const events = co_await services.readers.run(read);
    co_return http::make_reply(200, "application/atom+xml; charset=utf-8", cap_atom(events, cap_options(services), request.root_url()));
}

}  // namespace

std::string metrics_text(std::vector<ChannelStatus> const& channels)
{
    std::string out;
    if (channels.empty())
        return out;
    auto const family = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
        std::vector<http::MetricSample> samples;
        for (auto const& channel : channels)
            samples.push_back({fmt::format("channel=\"{}\"", channel.id), static_cast<double>(value(channel))});
        http::append_metric(out, fmt::format("yihong_notifications_{}", name), type, help, samples);
    };
    family("delivered_total", "counter", "Alert events delivered", [](ChannelStatus const& c) { return c.delivered; });
    family("failed_tries_total", "counter", "Tries that failed", [](ChannelStatus const& c) { return c.failed; });
    family("waiting", "gauge", "Alert events that wait for delivery", [](ChannelStatus const& c) { return c.waiting; });
    family("dead", "gauge", "Alert events set aside as undeliverable", [](ChannelStatus const& c) { return c.dead; });
    family("failing", "gauge", "1 while the last try failed", [](ChannelStatus const& c) { return c.failing_since ? 1 : 0; });
    return out;
}

std::vector<http::Route> make_routes(Services services)
{
    auto const s = std::make_shared<Services const>(std::move(services));
    auto const settling = std::make_shared<Settling>();
    http::Parameters<LetterName> const letter{
        http::path("channel", {"通道标识", "id of a channel"}, http::text(), &LetterName::channel),
        http::path("id", {"死信编号", "number of the dead letter"}, http::whole_number(1, INT64_MAX), &LetterName::id)};
    auto const settles = [&](http::Method method, std::string path, std::string id, http::Text summary, bool replay) {
        auto const counted = replay ? R"({"type":"object","properties":{"replayed":{"type":"integer"}}})"
                                    : R"({"type":"object","properties":{"dropped":{"type":"integer"}}})";
        return http::declare<LetterName>(
            {.method = method,
             .path = std::move(path),
             .scope = http::Scope::operate,
             .id = std::move(id),
             .tag = "Notifications",
             .summary = std::move(summary),
             .responses = {{200, {}, {{"application/json", counted}}},
                           {409, {"正被他人处理，或内容已损坏", "somebody else is settling it, or it is damaged"}}}},
            letter, [s, settling, replay](Request const& request, LetterName const& named) {
                return settle(*s, *settling, request, named, replay);
            });
    };
    return {
        http::declare<http::NoArguments>(
            {.path = "/api/v1/notifications",
             .scope = http::Scope::operate,
             .id = "getNotifications",
             .tag = "Notifications",
             .summary = {"预警通知通道：待发、已送达、失败与死信",
                         "channels that alerts are sent to: what waits, was delivered or failed, and the dead letters"},
             .responses = {{200, {}, {{"application/json", reference_to(channels_component)}}}},
             .components = {&channels_component}},
            {http::only_json<http::NoArguments>()}, [s](Request const&, http::NoArguments const&) { return list(*s); }),
        settles(http::Method::post, "/api/v1/notifications/{channel}/dead/{id}/replay", "replayNotification",
                {"重发一封死信", "send a dead letter again"}, true),
        http::declare<ChannelName>(
            {.method = http::Method::post,
             .path = "/api/v1/notifications/{channel}/dead/replay",
             .scope = http::Scope::operate,
             .id = "replayNotifications",
             .tag = "Notifications",
             .summary = {"重发一个通道的全部死信", "send all dead letters of a channel again"},
             .responses = {{200, {}, {{"application/json", R"({"type":"object","properties":{"replayed":{"type":"integer"}}})"}}},
                           {409, {"正由他人重发", "somebody else is doing it"}}}},
            {http::path("channel", {"通道标识", "id of a channel"}, http::text(), &ChannelName::channel)},
            [s, settling](Request const& request, ChannelName const& named) { return replay_all(*s, *settling, request, named); }),
        settles(http::Method::del, "/api/v1/notifications/{channel}/dead/{id}", "dropNotification", {"丢弃一封死信", "drop a dead letter"},
                false),
        http::declare<AlertName>({.path = "/api/v1/alerts/{id}/cap",
                                  .id = "getAlertCap",
                                  .tag = "Notifications",
                                  .summary = {"一条预警最新的 CAP 1.2 消息", "the newest CAP 1.2 message of an alert"},
                                  .responses = {{200, {}, {{"application/cap+xml", R"({"type":"string"})"}}}}},
                                 {http::path("id", {"预警标识", "id of an alert"}, http::text(), &AlertName::id)},
                                 [s](Request const&, AlertName const& alert) { return cap(*s, alert); }),
        http::declare<http::NoArguments>({.path = "/api/v1/alerts/cap.atom",
                                          .id = "getCapFeed",
                                          .tag = "Notifications",
                                          .summary = {"最新 CAP 消息的 Atom 订阅", "Atom feed of the newest CAP messages"},
                                          .responses = {{200, {}, {{"application/atom+xml", R"({"type":"string"})"}}}}},
                                         {}, [s](Request const& request, http::NoArguments const&) { return atom(*s, request); }),
    };
}

}  // namespace yihong::notify
