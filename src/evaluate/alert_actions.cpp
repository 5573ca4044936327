#include "yihong/evaluate/alert_life.hpp"

#include "yihong/evaluate/duty.hpp"

#include "alert_turn.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace yihong {
namespace {

constexpr std::size_t by_limit = 100;
constexpr std::size_t text_limit = 4000;
constexpr std::size_t links_limit = 20;
constexpr std::size_t link_limit = 2000;
constexpr auto silence_limit = std::chrono::days{90};
constexpr auto usual_silence = std::chrono::hours{24};

constexpr std::array<std::string_view, 8> action_names{"acknowledge", "assign",  "progress", "comment",
                                                       "resolve",     "silence", "reopen",   "close"};

Result<void> conflict(Alert const& alert, std::string const& why)
{
    return fail(Errc::conflict, "alert '" + alert.id + "' is " + std::string{to_text(alert.state)} + ": " + why);
}

/// One action on one alert. Each method does it, or says why it makes no sense.
class Deed {
public:
    Deed(Turn& turn, AlertAction const& action, std::string_view newest)
        : turn_{turn}, alert_{turn.alert}, action_{action}, newest_{newest}, info_{.kind = AlertStepKind::commented,
                                                                                   .at = turn.now(),
                                                                                   .by = action.by,
                                                                                   .from = action.from,
                                                                                   .note = action.note,
                                                                                   .links = action.links}
    {}

    Result<void> perform()
    {
        using Kind = AlertAction::Kind;
        switch (action_.kind) {
        case Kind::acknowledge: return acknowledge();
        case Kind::assign: return assign();
        case Kind::progress: return progress();
        case Kind::comment: return take(AlertStepKind::commented);
        case Kind::resolve: return resolve();
        case Kind::silence: return silence();
        case Kind::reopen: return reopen();
        case Kind::close: return close();
        }
        return {};
    }

private:
    Result<void> take(AlertStepKind kind)
    {
        info_.kind = kind;
        turn_.take(info_);
        return {};
    }

    void set_acknowledged()
    {
        alert_.state = AlertState::acknowledged;
        alert_.acknowledged_at = turn_.now();
        alert_.acknowledged_by = action_.by;
        alert_.escalate_at.reset();
    }

    Result<void> acknowledge()
    {
        if (alert_.state != AlertState::open)
            return conflict(alert_, "only an open alert can be acknowledged");
        set_acknowledged();
        return take(AlertStepKind::acknowledged);
    }

    Result<void> assign()
    {
        if (is_over(alert_.state))
            return conflict(alert_, "reopen it first");
        alert_.assignee = action_.assignee.empty() ? action_.by : action_.assignee;
        if (!alert_.assigned_at)
            alert_.assigned_at = turn_.now();
        if (alert_.state == AlertState::open)      // whoever hands it on has seen it
            set_acknowledged();
        if (action_.major && alert_.deadlines) {
            alert_.deadlines = deadlines_from(turn_.plan(), alert_.registered_at.value_or(alert_.opened_at), *action_.major);
            alert_.reminded &= ~(0b11U << 4);      // the day by which it has to be solved is another
        }
        return take(AlertStepKind::assigned);
    }

    Result<void> progress()
    {
        if (alert_.state == AlertState::closed)
            return conflict(alert_, "reopen it first");
        alert_.progress_at = turn_.now();
        return take(AlertStepKind::progressed);
    }

    Result<void> resolve()
    {
        if (is_over(alert_.state))
            return conflict(alert_, "it is over already");
        info_.kind = AlertStepKind::resolved;
        turn_.resolve(true, info_);
        return {};
    }

    Result<void> silence()
    {
        if (is_over(alert_.state))
            return conflict(alert_, "it is over already");
        auto const until = action_.until.value_or(turn_.now() + usual_silence);
        if (until <= turn_.now() || until - turn_.now() > silence_limit)
            return fail(Errc::bad_value, "until: a time to come, at most 90 days ahead");
        alert_.silent_until = until;
        return take(AlertStepKind::silenced);
    }

    Result<void> reopen()
    {
        if (!is_over(alert_.state))
            return conflict(alert_, "it is not over");
        if (newest_ != alert_.id)
            return conflict(alert_, "'" + std::string{newest_} + "' is the newer one of this site");
        turn_.set_open();
        if (!turn_.around().gone)
            turn_.set_clocks();
        return take(AlertStepKind::reopened);
    }

    Result<void> close()
    {
        if (alert_.state != AlertState::resolved)
            return conflict(alert_, alert_.state == AlertState::closed ? "it is closed already" : "resolve it first");
        if (!alert_.causes.empty() && !turn_.around().gone)
            return conflict(alert_, "the readings have not recovered");
        alert_.state = AlertState::closed;
        alert_.closed_at = turn_.now();
        return take(AlertStepKind::closed);
    }

    Turn& turn_;
    Alert& alert_;
    AlertAction const& action_;
    std::string_view newest_;
    AlertStepInfo info_;
};

bool is_web_address(std::string const& link)
{
    return link.size() <= link_limit && (link.starts_with("https://") || link.starts_with("http://"));
}

/// Its texts and links, whatever alert it is done to.
Result<void> check_action(AlertAction const& action)
{
    if (action.by.empty() || action.by.size() > by_limit)
        return fail(Errc::bad_value, "by: the name of whoever does it, 1 to " + std::to_string(by_limit) + " bytes");
    if (action.note.size() > text_limit || action.assignee.size() > by_limit)
        return fail(Errc::too_large,
                    "note: at most " + std::to_string(text_limit) + " bytes; assignee: at most " + std::to_string(by_limit));
    if (action.links.size() > links_limit || !std::ranges::all_of(action.links, is_web_address))
        return fail(Errc::bad_value, "links: at most " + std::to_string(links_limit) + " http or https addresses");
    if ((action.kind == AlertAction::Kind::comment || action.kind == AlertAction::Kind::progress) && action.note.empty())
        return fail(Errc::missing_field, "note: say what there is to say");
    return {};
}

}  // namespace

std::string_view to_text(AlertAction::Kind kind) noexcept { return action_names[static_cast<std::size_t>(kind)]; }

Result<AlertTurn> follow_action(Alert known, AlertAction const& action, std::string_view newest, AlertSurroundings const& around,
                                UtcTime now)
{
    if (auto checked = check_action(action); !checked)
        return std::unexpected{std::move(checked.error())};
    Turn turn{std::move(known), around, now};
    if (auto done = Deed{turn, action, newest}.perform(); !done)
        return std::unexpected{std::move(done.error())};
    return std::move(turn).result();
}

}  // namespace yihong
