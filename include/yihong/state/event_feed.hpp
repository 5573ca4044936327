#pragma once

#include "yihong/base/time.hpp"
#include "yihong/state/catalog.hpp"
#include "yihong/state/network.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Something that has just happened (实时事件), for whoever listens. Everybody who may read sees the payload: the publisher leaves out
/// what only some may know, such as the persons behind an alert.
struct LiveEvent {
    std::string type;                              ///< words of [a-z_] with dots between them: `site.changed`, `alert.opened`
    std::string site = {};                         ///< id; empty: it concerns no site
    std::optional<SiteKind> kind = {};
    std::optional<LonLat> position = {};
    std::vector<std::string> rivers = {};          ///< under each of which it is found
    std::string county = {};
    std::shared_ptr<Feature const> feature = {};   ///< the payload, rendered when somebody listens …
    std::shared_ptr<std::string const> json = {};  ///< … or finished JSON; neither: `null`
    UtcTime at{};
};

/// An event about a site, with everything that filters ask for; the payload is the caller's.
[[nodiscard]] LiveEvent event_of_site(std::string type, SiteState const& state, UtcTime at);
/// `site.changed` for each of these features of sites.
[[nodiscard]] std::vector<LiveEvent> site_changes(std::vector<std::shared_ptr<Feature const>> const& features, UtcTime at);
/// What was known before holds no more, whatever the filter: read the state anew. \param reason a word, e.g. `reloaded`
[[nodiscard]] LiveEvent reset_event(std::string_view reason, UtcTime at);
inline constexpr std::string_view reset_type = "reset";

/// Which event: of which commit, in its order, and of which world. Ids ascend over restarts too, so that a client goes on behind the last event it has,
/// as long as nothing was committed and nothing configured that it has not been told of.
struct EventId {
    std::uint64_t commit = 0;  ///< the newest commit when it happened
    std::int64_t stamp = 0;  ///< UTC milliseconds, one more where two would be the same
    std::uint32_t world = 0;  ///< `World::digest`
    std::uint64_t behind = 0;  ///< how many were published together with it and come behind it
    [[nodiscard]] auto order() const noexcept { return std::pair{commit, stamp}; }
    bool operator==(EventId const&) const = default;
};
/// `41-1764000000000-5f3a9c1b`, with `.3` at the end where three of its publication come behind it
[[nodiscard]] std::string to_text(EventId id);
/// \return nothing for anything else
[[nodiscard]] std::optional<EventId> parse_event_id(std::string_view text) noexcept;

/// What is newest when events happen: the commit, and the world.
struct EventTime {
    std::uint64_t commit = 0;
    std::uint32_t world = 0;
    UtcTime at{};
};

/// An event in its place among the others. Immutable but for the forms in which it is sent, each made once for all readers.
class PublishedEvent {
public:
    enum class Form : std::uint8_t { sse, message };
    using Render = std::string (*)(PublishedEvent const&);
    using Text = std::shared_ptr<std::string const>;

    PublishedEvent(EventId id, std::uint64_t place, LiveEvent event) : id_{id}, place_{place}, event_{std::move(event)} {}

    [[nodiscard]] EventId id() const noexcept { return id_; }
    /// In the feed of this run, from 1.
    [[nodiscard]] std::uint64_t place() const noexcept { return place_; }
    [[nodiscard]] LiveEvent const& event() const noexcept { return event_; }
    /// The payload as JSON. Any thread; a feature is rendered by the first who asks.
    [[nodiscard]] std::string_view json() const;
    /// Made by the first who asks, and kept for all others. \param render always the same for a form
    [[nodiscard]] Text text(Form form, Render render) const;
    /// The same event without what was made of it for its listeners: its payload alone, finished. \return null where nobody has listened
    [[nodiscard]] std::shared_ptr<PublishedEvent const> put_by() const;

private:
    struct Made {
        std::once_flag once;
        Text text;
    };
    EventId id_;
    std::uint64_t place_;
    LiveEvent event_;
    mutable std::array<Made, 2> made_;
    mutable std::atomic<bool> has_listeners_ = false;
};

struct EventFeedLimits {
    std::size_t events = 8'192;
    std::size_t bytes = 16U << 20U;  ///< of payloads; a feature counts as 2 KB
    std::size_t news = 256;  ///< so many of the newest keep what was made of them for their listeners
};

/// The latest events in order (事件流), for readers who each keep nothing but their place. Publishing costs the same however many read, and waits for none
/// of them: who is too slow finds that his place is gone. Thread-safe.
class EventFeed {
public:
    /// \param start who has seen the events of its commit and world in a former run has missed nothing
    explicit EventFeed(EventTime start, EventFeedLimits limits = {});
    EventFeed(EventFeed const&) = delete;
    EventFeed& operator=(EventFeed const&) = delete;

    void publish(std::vector<LiveEvent> events, EventTime now);

    /// A place in the feed: everything before `next` has been read. It begins at 1.
    struct Page {
        std::vector<std::shared_ptr<PublishedEvent const>> events;
        bool lost = false;  ///< the reader's place is no longer kept
    };
    /// The place behind the newest event.
    [[nodiscard]] std::uint64_t end() const noexcept { return end_.load(std::memory_order_acquire); }
    /// At most `limit` events from `place` on.
    [[nodiscard]] Page read(std::uint64_t place, std::size_t limit) const;
    /// An event in a form: kept for all who ask while it is news, made for each who comes back later.
    [[nodiscard]] PublishedEvent::Text text(PublishedEvent const& event, PublishedEvent::Form form, PublishedEvent::Render render) const;
    /// The id of the last event before `place`.
    [[nodiscard]] EventId id_before(std::uint64_t place) const;
    /// Where a reader goes on whose last event was `id`. \return nothing when something behind it is no longer kept, or when there was no such event
    [[nodiscard]] std::optional<std::uint64_t> place_after(EventId id) const;

    /// Called after each publication on the thread of the publisher, so it must be quick; an empty function ends that, and is not running
    /// any more when this returns.
    void on_publish(std::function<void()> wake);
    [[nodiscard]] std::uint64_t published() const noexcept { return end() - 1; }
    /// What the payloads that are kept take, about.
    [[nodiscard]] std::size_t bytes() const;

private:
    static std::size_t charge_of(LiveEvent const& event) noexcept;
    /// What is no news any more gives up what was made of it. \pre the mutex is held \param old what falls away
    void put_by(std::size_t published, std::vector<std::shared_ptr<PublishedEvent const>>& old);

    EventFeedLimits limits_;
    mutable std::mutex mutex_;  // guards the ring and the ids
    EventId before_ring_;  // of the event before the first in the ring
    EventId last_;
    std::deque<std::shared_ptr<PublishedEvent const>> ring_;
    std::size_t bytes_ = 0;
    std::atomic<std::uint64_t> end_{1};
    std::mutex wake_mutex_;
    std::function<void()> wake_;
};

}  // namespace yihong
