#include "yihong/service/event_feed.hpp"

#include "yihong/service/site_feature.hpp"

#include <algorithm>
#include <charconv>

namespace yihong {

LiveEvent event_of_site(std::string type, SiteState const& state, UtcTime at)
{
    auto const& site = state.site();
    auto const& facts = state.facts();
    return {.type = std::move(type),
            .site = site.id,
            .kind = site.kind,
            .position = site.position,
            .river = facts.river,
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

std::string const& PublishedEvent::text(Form form, Render render) const
{
    auto& made = texts_[static_cast<std::size_t>(form)];
    std::call_once(made.once, [&] { made.text = render(*this); });
    return made.text;
}

EventFeed::EventFeed(std::string epoch, EventFeedLimits limits) : epoch_{std::move(epoch)}, limits_{limits} {}

std::size_t EventFeed::charge_of(LiveEvent const& event) noexcept
{
    constexpr std::size_t feature = 2048;
    return event.json ? event.json->size() : event.feature ? feature : 0;
}

void EventFeed::publish(std::vector<LiveEvent> events)
{
    if (events.empty())
        return;
    std::vector<std::shared_ptr<PublishedEvent const>> old;       // dies outside the lock
    {
        std::lock_guard const lock{mutex_};
        auto number = end_.load(std::memory_order_relaxed);
        for (auto& event : events) {
            bytes_ += charge_of(event);
            ring_.push_back(std::make_shared<PublishedEvent const>(epoch_ + "-" + std::to_string(number), number, std::move(event)));
            ++number;
        }
        while (ring_.size() > limits_.events || (bytes_ > limits_.bytes && ring_.size() > 1)) {
            bytes_ -= charge_of(ring_.front()->event());
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

std::string EventFeed::id_before(std::uint64_t place) const { return epoch_ + "-" + std::to_string(place - 1); }

std::optional<std::uint64_t> EventFeed::place_after(std::string_view id) const
{
    auto const dash = id.rfind('-');
    if (dash == std::string_view::npos || id.substr(0, dash) != epoch_)
        return std::nullopt;
    auto const digits = id.substr(dash + 1);
    std::uint64_t number = 0;
    auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || stop != digits.data() + digits.size())
        return std::nullopt;
    std::lock_guard const lock{mutex_};
    if (number >= end() || number + 1 < end() - ring_.size())
        return std::nullopt;
    return number + 1;
}

void EventFeed::on_publish(std::function<void()> wake)
{
    std::lock_guard const lock{wake_mutex_};
    wake_ = std::move(wake);
}

}  // namespace yihong
