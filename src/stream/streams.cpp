#include "yihong/stream/streams.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/stream/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace yihong::stream {
namespace {

using Form = PublishedEvent::Form;
using Bytes = std::shared_ptr<std::string const>;

constexpr std::size_t events_at_once = 16;
constexpr std::string_view retry = "retry: 3000\n";

struct Counters {
    std::atomic<std::uint64_t> clients{0}, sent{0}, dropped{0};
};

/// JSON has line breaks only between its tokens, where a blank does as well.
void append_in_one_line(std::string& out, std::string_view json)
{
    auto const begin = out.size();
    out += json;
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

/// One client: its place in the feed, and what it wants of it.
class FeedSource final : public http::StreamSource {
public:
    FeedSource(EventFeed const& feed, Counters& counters, EventFilter filter, Form form, std::string const* last_event_id)
        : feed_{feed}, counters_{counters}, filter_{std::move(filter)}, form_{form}
    {
        auto const id = last_event_id ? parse_event_id(*last_event_id) : std::nullopt;
        auto const place = id ? feed_.place_after(*id) : std::nullopt;
        place_ = place.value_or(feed_.end());
        greeting_ = greeting(last_event_id && !place);
        ++counters_.clients;
    }
    ~FeedSource() override { --counters_.clients; }

    Piece next() override
    {
        if (greeting_)
            return {.bytes = std::exchange(greeting_, nullptr), .end = false};
        for (;;) {
            if (at_ == page_.events.size()) {
                page_ = feed_.read(place_, events_at_once);
                at_ = 0;
                if (page_.lost) {
                    ++counters_.dropped;
                    return {.bytes = nullptr, .end = true};
                }
                if (page_.events.empty())
                    return {};
            }
            auto event = std::move(page_.events[at_++]);
            place_ = event->place() + 1;
            if (!filter_.passes(event->event()))
                continue;
            ++counters_.sent;
            return {.bytes = feed_.text(*event, form_, form_ == Form::sse ? render_event : render_message), .end = false};
        }
    }

    /// With the place: a client with a narrow filter would otherwise come back with an id that is long gone.
    Bytes heartbeat() override { return std::make_shared<std::string const>(":\nid: " + to_text(feed_.id_before(place_)) + "\n\n"); }
    void overdue() noexcept override { ++counters_.dropped; }

private:
    Bytes greeting(bool reset) const
    {
        if (!reset)        // an id without data tells an event stream where to go on, and shows as no event
            return form_ == Form::sse
                       ? std::make_shared<std::string const>(fmt::format("{}id: {}\n\n", retry, to_text(feed_.id_before(place_))))
                       : nullptr;
        PublishedEvent const event{feed_.id_before(place_), place_ - 1, reset_event("missed", utc_now())};
        return std::make_shared<std::string const>(form_ == Form::sse ? std::string{retry} + render_event(event) : render_message(event));
    }

    EventFeed const& feed_;
    Counters& counters_;
    EventFilter filter_;
    Form form_;
    std::uint64_t place_ = 1;
    Bytes greeting_;
    EventFeed::Page page_;
    std::size_t at_ = 0;
};

/// What a client asks for.
struct Wanted {
    EventFilter filter;
    std::string last_event_id;
};

}  // namespace

std::string render_event(PublishedEvent const& event)
{
    std::string out = fmt::format("id: {}\nevent: {}\ndata: ", to_text(event.id()), event.event().type);
    append_in_one_line(out, event.json());
    return out += "\n\n";
}

std::string render_message(PublishedEvent const& event)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("id", to_text(event.id())).member("type", event.event().type).member("time", event.event().at).key("site");
    event.event().site.empty() ? json.null() : json.value(event.event().site);
    json.key("data").raw(event.json()).end_object();
    return out;
}

struct Streams::State {
    EventFeed& feed;
    Snapshot<Catalog> const& catalog;
    Counters counters;

    std::expected<std::unique_ptr<http::StreamSource>, http::Reply> open(Wanted const& wanted, Form form)
    {
        auto const* id = wanted.last_event_id.empty() ? nullptr : &wanted.last_event_id;
        return std::make_unique<FeedSource>(feed, counters, wanted.filter, form, id);
    }
    [[nodiscard]] http::Parameters<Wanted> parameters() const
    {
        auto all = http::within(filter_parameters(catalog), &Wanted::filter);
        all.push_back(http::query("last_event_id",
                                  {"最后收到的事件标识，用于无法设置 Last-Event-ID 的客户端", "as Last-Event-ID, where that cannot be set"},
                                  http::text(), &Wanted::last_event_id));
        // The field behind the parameter, so that it wins: a browser that connects again sends the newest id there and the old address with it.
        all.push_back(http::parameter({.name = "Last-Event-ID",
                                       .place = http::Place::header,
                                       .text = {"最后收到的事件标识，从其后继续", "the id of the last event: goes on behind it"}},
                                      http::text(), &Wanted::last_event_id));
        return all;
    }
};

Streams::Streams(EventFeed& feed, Snapshot<Catalog> const& catalog) : state_{new State{feed, catalog, {}}} {}
Streams::~Streams() = default;

std::vector<http::Route> Streams::routes()
{
    auto const as = [state = state_.get()](Form form) {
        return [state, form](http::Request const&, Wanted const& wanted) { return state->open(wanted, form); };
    };
    return {http::declare_event_stream<Wanted>(
                {.path = "/api/v1/stream",
                 .id = "getStream",
                 .tag = "Streams",
                 .summary = {"实时事件推送（server-sent events），接着 Last-Event-ID 继续",
                             "what happens, as it happens, as server-sent events; goes on behind Last-Event-ID"},
                 .responses = {{200,
                                {"事件：id、event（类型）、data（一行 JSON）", "events: id, event (the type), data, JSON in one line"},
                                {{"text/event-stream", R"({"type":"string"})"}}}}},
                state_->parameters(), as(Form::sse)),
            http::declare_websocket<Wanted>(
                {.path = "/api/v1/ws",
                 .id = "getWebSocket",
                 .tag = "Streams",
                 .summary = {"同样的事件，经 WebSocket，每个事件一段 JSON", "the same over a WebSocket, one JSON text an event"},
                 .responses = {{101, {"消息：{id, type, time, site, data}", "messages {id, type, time, site, data}"}},
                               {426, {"没有请求升级到 WebSocket", "no upgrade to a WebSocket was asked for"}}}},
                state_->parameters(), as(Form::message))};
}

std::string Streams::metrics_text() const
{
    std::string out;
    auto const line = [&](std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
        http::append_metric(out, fmt::format("yihong_stream_{}", name), type, help, static_cast<double>(value));
    };
    line("clients", "gauge", "Clients of live streams", state_->counters.clients);
    line("events_total", "counter", "Events published to the live streams", state_->feed.published());
    line("sent_total", "counter", "Events handed to clients", state_->counters.sent);
    line("dropped_total", "counter", "Clients dropped because they were too slow", state_->counters.dropped);
    return out;
}

}  // namespace yihong::stream
