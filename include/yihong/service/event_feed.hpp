#pragma once

#include "yihong/base/time.hpp"
#include "yihong/service/catalog.hpp"
#include "yihong/service/network.hpp"

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
    std::string river = {};
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

/// An event in its place among the others. Immutable but for the forms in which it is sent, each made once for all readers.
class PublishedEvent {
public:
    enum class Form : std::uint8_t { sse, message };
    using Render = std::string (*)(PublishedEvent const&);

    PublishedEvent(std::string id, std::uint64_t number, LiveEvent event) : id_{std::move(id)}, number_{number}, event_{std::move(event)} {}

    [[nodiscard]] std::string const& id() const noexcept { return id_; }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] LiveEvent const& event() const noexcept { return event_; }
    /// The payload as JSON. Any thread; a feature is rendered by the first who asks.
    [[nodiscard]] std::string_view json() const;
    /// \param render always the same for a form
    [[nodiscard]] std::string const& text(Form form, Render render) const;

private:
    struct Text {
        std::once_flag once;
        std::string text;
    };
    std::string id_;
    std::uint64_t number_;
    LiveEvent event_;
    mutable std::array<Text, 2> texts_;
};

struct EventFeedLimits {
    std::size_t events = 8'192;
    std::size_t bytes = 16U << 20U;                ///< of finished payloads; a feature counts as 2 KB
};

/// The latest events in order (事件流), for readers who each keep nothing but their place. Publishing costs the same however many read, and waits for none
/// of them: who is too slow finds that his place is gone. Thread-safe.
class EventFeed {
public:
    /// \param epoch another one at every start of the service, without `-`: ids are `epoch-number`, so those of a former run are known for what they are
    explicit EventFeed(std::string epoch, EventFeedLimits limits = {});
    EventFeed(EventFeed const&) = delete;
    EventFeed& operator=(EventFeed const&) = delete;

    void publish(std::vector<LiveEvent> events);

    /// A place in the feed: everything before `next` has been read. It begins at 1.
    struct Page {
        std::vector<std::shared_ptr<PublishedEvent const>> events;
        bool lost = false;  ///< the reader's place is no longer kept
    };
    /// The place behind the newest event.
    [[nodiscard]] std::uint64_t end() const noexcept { return end_.load(std::memory_order_acquire); }
    /// At most `limit` events from `place` on.
    [[nodiscard]] Page read(std::uint64_t place, std::size_t limit) const;
    /// The id of the last event before `place`.
    [[nodiscard]] std::string id_before(std::uint64_t place) const;
    /// Where a reader goes on whose last event was `id`. \return nothing when it is of a former run, too old, or no id at all
    [[nodiscard]] std::optional<std::uint64_t> place_after(std::string_view id) const;

    /// Called after each publication on the thread of the publisher, so it must be quick; an empty function ends that, and is not running
    /// any more when this returns.
    void on_publish(std::function<void()> wake);
    [[nodiscard]] std::uint64_t published() const noexcept { return end() - 1; }

private:
    static std::size_t charge_of(LiveEvent const& event) noexcept;

    std::string epoch_;
    EventFeedLimits limits_;
    mutable std::mutex mutex_;  // guards the ring
    std::deque<std::shared_ptr<PublishedEvent const>> ring_;
    std::size_t bytes_ = 0;
    std::atomic<std::uint64_t> end_{1};
    std::mutex wake_mutex_;
    std::function<void()> wake_;
};

}  // namespace yihong
