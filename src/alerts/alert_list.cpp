#include "alert_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace yihong::alerts {
namespace {

/// `time_closed` and id of a closed alert of the store.
using ClosedPlace = std::pair<UtcTime, std::string>;

/// Where a page begins.
struct Cursor {
    std::shared_ptr<Alert const> behind;           ///< in memory; null: at the first
    std::optional<ClosedPlace> closed;             ///< among the older closed ones behind this; none: they come with their first
};

// `<id>` of an alert, or `<time>/<id>` among the older closed ones: no id has a `/`
std::string to_text(ClosedPlace const& place) { return fmt::format("{}/{}", format_rfc3339(place.first), place.second); }

Result<Cursor> parse_cursor(std::string const& text, AlertBook const& book, Alerts const& store)
{
    Cursor cursor;
    if (text.empty())
        return cursor;
    if (auto const slash = text.find('/'); slash != std::string::npos) {
        if (auto const time = parse_rfc3339(std::string_view{text}.substr(0, slash))) {
            cursor.closed = {*time, text.substr(slash + 1)};
            return cursor;
        }
    } else if (cursor.behind = book.find(text); cursor.behind) {
        return cursor;
    } else if (auto stored = store.find_alert(text)) {     // it has left memory since its page was read
        cursor.behind = std::make_shared<Alert const>(std::move(*stored));
        return cursor;
    }
    return fail(Errc::bad_value, "after: is not the cursor of a next link");
}

/// A page while it is put together.
class PageReader {
public:
    PageReader(AlertBook const& book, Alerts const& store, AlertFilter const& filter, AlertContext const& context)
        : book_{book}, store_{store}, filter_{filter}, context_{context}
    {
        for (auto const& alert : book_.alerts)
            if (alert->state == AlertState::closed && time_closed(*alert) < book_.closed_since)
                in_memory_.insert(alert->id);
    }

    AlertPage read(Cursor const& cursor) &&
    {
        bool const older = has_older();
        auto const matched = read_memory(cursor);
        if (!older)
            page_.matched = matched;
        else if (page_.next.empty())
            read_store(cursor.closed.value_or(ClosedPlace{book_.closed_since, {}}));
        return std::move(page_);
    }

private:
    /// Whether closed alerts that are in the store alone may be wanted.
    [[nodiscard]] bool has_older() const
    {
        if (!filter_.takes_closed() || book_.closed_since == UtcTime::min())
            return false;
        auto query = older_than({book_.closed_since, {}});
        query.limit = in_memory_.size() + 1;
        return std::ranges::any_of(store_.closed_alerts(query), [&](Alert const& alert) { return !in_memory_.contains(alert.id); });
    }

    [[nodiscard]] ClosedAlertsQuery older_than(ClosedPlace place) const
    {
        // none is closed before it is opened
        return {.after = std::move(place), .since = filter_.opened.begin, .limit = piece};
    }

    /// \return how many of all in memory are wanted
    std::size_t read_memory(Cursor const& cursor)
    {
        // newest first; an alert that is raised meanwhile stands before every page
        auto const is_behind = [&](Alert const& alert) {
            auto const& after = cursor.behind;
            return !cursor.closed && (!after || std::tie(after->opened_at, alert.id) > std::tie(alert.opened_at, after->id));
        };
        std::size_t matched = 0;
        for (auto const& alert : book_.alerts) {
            if (!filter_.takes(*alert, context_))
                continue;
            ++matched;
            if (!is_behind(*alert))
                continue;
            if (page_.alerts.size() < filter_.limit)
                page_.alerts.push_back(alert);
            else
                page_.next = page_.alerts.back()->id;
        }
        return matched;
    }

    /// \param place behind which the page goes on
    void read_store(ClosedPlace place)
    {
        for (std::size_t looked_at = 0; looked_at < looked_at_limit; looked_at += piece) {
            auto closed = store_.closed_alerts(older_than(place));
            for (auto& alert : closed) {
                bool const wanted = filter_.takes(alert, context_) && !in_memory_.contains(alert.id);
                if (wanted && page_.alerts.size() == filter_.limit) {
                    page_.next = to_text(place);
                    return;
                }
                place = {time_closed(alert), alert.id};
                if (wanted)
                    page_.alerts.push_back(std::make_shared<Alert const>(std::move(alert)));
            }
            if (closed.size() < piece)
                return;
        }
        page_.next = to_text(place);
    }

    static constexpr std::size_t piece = 200;      // so that no more than a page and a little is in memory

    AlertBook const& book_;
    Alerts const& store_;
    AlertFilter const& filter_;
    AlertContext const& context_;
    std::set<std::string_view> in_memory_;         // though closed before `closed_since`: somebody has just added to their stories
    AlertPage page_;
};

}  // namespace

bool AlertFilter::takes(Alert const& alert, AlertContext const& context) const
{
    if (!states.empty() && std::ranges::find(states, alert.state) == states.end())
        return false;
    if ((at_least && alert.severity < *at_least) || (family && alert.family != *family) || !opened.contains(alert.opened_at))
        return false;
    if (!site.empty() && alert.site_id != site)
        return false;
    if (!rule.empty() && std::ranges::find(alert.rules, rule) == alert.rules.end())
        return false;
    if (river.empty() && county.empty())
        return true;
    auto const* site = context.site(alert);
    auto const* facts = context.facts(alert);
    return site && facts && (river.empty() || is_on_river(*site, *facts, river)) && (county.empty() || facts->county == county);
}

bool AlertFilter::takes_closed() const noexcept { return states.empty() || std::ranges::find(states, AlertState::closed) != states.end(); }

Result<AlertPage> read_page(AlertBook const& book, Alerts const& store, AlertFilter const& filter, AlertContext const& context)
{
    auto const cursor = parse_cursor(filter.after, book, store);
    if (!cursor)
        return std::unexpected{cursor.error()};
    return PageReader{book, store, filter, context}.read(*cursor);
}

}  // namespace yihong::alerts
