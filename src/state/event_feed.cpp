#include "yihong/state/event_feed.hpp"

#include "yihong/state/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace yihong {

LiveEvent event_of_site(std::string type, SiteState const& state, UtcTime at)
{
    auto const& site = state.site();
    auto const& facts = state.facts();
    return {.type = std::move(type),
            .site = site.id,
            .kind = site.kind,
            .position = site.position,
            .rivers = rivers_of(site, facts),
            .county = facts.county,
            .feature = nullptr,
            .json = nullptr,
            .at = at};
}

std::vector<LiveEvent> site_changes(std::vector<std::shared_ptr<Feature const>> const& features, UtcTime at)
{
    std::vector<LiveEvent> events;
    events.reserve(features.size());
    for (auto const& feature : features) {
        if (auto const state = site_state(*feature)) {
            events.push_back(event_of_site("site.changed", *state, at));
            events.back().feature = feature;
        }
    }
    return events;
}

LiveEvent reset_event(std::string_view reason, UtcTime at)
{
    LiveEvent event;
    event.type = reset_type;
    event.json = std::make_shared<std::string const>("{\"reason\":\"" + std::string{reason} + "\"}");
    event.at = at;
    return event;
}

std::string_view PublishedEvent::json() const
{
    if (event_.json)
        return *event_.json;
    return event_.feature ? std::string_view{event_.feature->geojson()} : std::string_view{"null"};
}

PublishedEvent::Text PublishedEvent::text(Form form, Render render) const
{
    auto& made = made_[static_cast<std::size_t>(form)];
    std::call_once(made.once, [&] {
        made.text = std::make_shared<std::string const>(render(*this));
        has_listeners_.store(true, std::memory_order_release);
    });
    return made.text;
}

std::shared_ptr<PublishedEvent const> PublishedEvent::put_by() const
{
    if (!has_listeners_.load(std::memory_order_acquire))
        return nullptr;
    LiveEvent event = event_;
    if (auto const feature = std::exchange(event.feature, nullptr); feature && !event.json)
        event.json = std::make_shared<std::string const>(feature->geojson());
    return std::make_shared<PublishedEvent const>(id_, place_, std::move(event));
}

std::string to_text(EventId id)
{
    auto text = fmt::format("{}-{}-{:08x}", id.commit, id.stamp, id.world);
    return id.behind == 0 ? text : text + "." + std::to_string(id.behind);
}

std::optional<EventId> parse_event_id(std::string_view text) noexcept
{
    auto const read = [](std::string_view digits, auto& to, int base = 10) {
        auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), to, base);
        return error == std::errc{} && stop == digits.data() + digits.size() && !digits.starts_with('-');
    };
    EventId id;
    if (auto const dot = text.find('.'); dot != std::string_view::npos) {
        if (!read(text.substr(dot + 1), id.behind) || id.behind == 0)
            return std::nullopt;
        text = text.substr(0, dot);
    }
    auto const first = text.find('-');
    auto const second = text.rfind('-');
    bool const whole = first != second && read(text.substr(0, first), id.commit) &&
                       read(text.substr(first + 1, second - first - 1), id.stamp) && read(text.substr(second + 1), id.world, 16);
    return whole ? std::optional{id} : std::nullopt;
}

EventFeed::EventFeed(EventTime start, EventFeedLimits limits)
    : limits_{limits}, before_ring_{start.commit, start.at.time_since_epoch().count(), start.world}, last_{before_ring_}
{}

std::size_t EventFeed::charge_of(LiveEvent const& event) noexcept
{
    constexpr std::size_t feature = 2048;
    return event.json ? event.json->size() : event.feature ? feature : 0;
}

void EventFeed::put_by(std::size_t published, std::vector<std::shared_ptr<PublishedEvent const>>& old)
{
    if (ring_.size() <= limits_.news)
        return;
    auto const end = ring_.size() - limits_.news;
    for (auto at = end - std::min(end, published); at < end; ++at) {
        auto& event = ring_[at];
        if (auto bare = event->put_by()) {
            bytes_ += charge_of(bare->event());
            bytes_ -= charge_of(event->event());
            old.push_back(std::exchange(event, std::move(bare)));
        }
    }
}

void EventFeed::publish(std::vector<LiveEvent> events, EventTime now)
{
    if (events.empty())
        return;
    std::vector<std::shared_ptr<PublishedEvent const>> old;       // dies outside the lock
    {
        std::lock_guard const lock{mutex_};
        auto number = end_.load(std::memory_order_relaxed);
        auto behind = events.size();
        for (auto& event : events) {
            bytes_ += charge_of(event);
            // a clock that was set back does not let ids descend
            last_ = {std::max(last_.commit, now.commit), std::max(last_.stamp + 1, now.at.time_since_epoch().count()), now.world, --behind};
            ring_.push_back(std::make_shared<PublishedEvent const>(last_, number, std::move(event)));
            ++number;
        }
        put_by(events.size(), old);
        while (ring_.size() > limits_.events || (bytes_ > limits_.bytes && ring_.size() > 1)) {
            bytes_ -= charge_of(ring_.front()->event());
            before_ring_ = ring_.front()->id();
            old.push_back(std::move(ring_.front()));
            ring_.pop_front();
        }
        end_.store(number, std::memory_order_release);
    }
    std::lock_guard const lock{wake_mutex_};
    if (wake_)
        wake_();
}

EventFeed::Page EventFeed::read(std::uint64_t place, std::size_t limit) const
{
    Page page;
    if (place >= end())                                // nothing new: without the lock, since every reader asks again and again
        return page;
    std::lock_guard const lock{mutex_};
    auto const first = end() - ring_.size();
    if (place < first) {
        page.lost = true;
        return page;
    }
    auto const from = ring_.begin() + static_cast<std::ptrdiff_t>(place - first);
    auto const count = std::min<std::size_t>(limit, static_cast<std::size_t>(ring_.end() - from));
    page.events.assign(from, from + static_cast<std::ptrdiff_t>(count));
    return page;
}

PublishedEvent::Text EventFeed::text(PublishedEvent const& event, PublishedEvent::Form form, PublishedEvent::Render render) const
{
    bool const is_news = event.place() + limits_.news >= end();
    return is_news ? event.text(form, render) : std::make_shared<std::string const>(render(event));
}

std::size_t EventFeed::bytes() const
{
    std::lock_guard const lock{mutex_};
    return bytes_;
}

EventId EventFeed::id_before(std::uint64_t place) const
{
    std::lock_guard const lock{mutex_};
    auto const first = end() - ring_.size();
    return place <= first ? before_ring_ : ring_[static_cast<std::size_t>(place - first - 1)]->id();
}

std::optional<std::uint64_t> EventFeed::place_after(EventId id) const
{
    std::lock_guard const lock{mutex_};
    auto const first = end() - ring_.size();
    if (id.order() > last_.order())
        return std::nullopt;
    if (id.order() <= before_ring_.order()) {
        bool const is_of_the_start = first == 1 && id.commit == before_ring_.commit && id.world == before_ring_.world && id.behind == 0;
        return is_of_the_start || id == before_ring_ ? std::optional{first} : std::nullopt;
    }
    auto const at = std::ranges::lower_bound(ring_, id.order(), {}, [](auto const& event) { return event->id().order(); });
    return (*at)->id() == id ? std::optional{first + static_cast<std::uint64_t>(at - ring_.begin()) + 1} : std::nullopt;
}

void EventFeed::on_publish(std::function<void()> wake)
{
    std::lock_guard const lock{wake_mutex_};
    wake_ = std::move(wake);
}

}  // namespace yihong
