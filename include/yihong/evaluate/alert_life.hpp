#pragma once

#include "yihong/evaluate/alert_values.hpp"
#include "yihong/model/alert_plan.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The life of an alert (预警的处置): what opens, changes and ends it, what a person does to it, what time does to it. Pure functions from
/// an alert and what holds now to the alert after it with the steps of its story. Time is an argument.
namespace yihong {

/// What happened to an alert: the last part of the event's type, `yihong.alert.<kind>`.
enum class AlertStepKind : std::uint8_t {
    opened,
    escalated,
    eased,
    updated,
    acknowledged,
    assigned,
    progressed,
    commented,
    silenced,
    reminded,
    overdue,
    resolved,
    closed,
    reopened,
};
std::string_view to_text(AlertStepKind kind) noexcept;
std::string_view label_zh(AlertStepKind kind) noexcept;

/// Who took a step, when, from where.
struct AlertStepInfo {
    /// A rule that began to hold, or to object to more items.
    struct RuleNews {
        std::string rule;                          ///< id
        bool began = false;                        ///< it held not before; else `items` are what it objects to besides
        std::vector<ParameterId> items;
        bool operator==(RuleNews const&) const = default;
    };
    AlertStepKind kind = AlertStepKind::opened;
    UtcTime at{};
    std::string by = "engine";
    std::string from = "engine";                   ///< `10.1.2.3 token=duty` for a person
    std::string note = {};                         ///< a person's words, or the engine's in Chinese
    std::string note_en = {};                      ///< the engine's in English; empty for a person's
    AlertSeverity was = AlertSeverity::notice;     ///< severity before the step
    std::vector<ParameterId> new_items = {};       ///< items that it brought, ascending
    std::vector<RuleNews> new_rules = {};          ///< rules that it brought, in the order of the causes
    std::vector<std::string> links = {};           ///< attachments (附件链接)
    bool operator==(AlertStepInfo const&) const = default;
};

/// What a person does to an alert.
struct AlertAction {
    enum class Kind : std::uint8_t { acknowledge, assign, progress, comment, resolve, silence, reopen, close };
    Kind kind = Kind::acknowledge;
    std::string alert;                             ///< id
    std::string by;
    std::string from;                              ///< `10.1.2.3 token=duty`
    std::string note;
    std::string assignee;                          ///< assign; empty: `by` takes it on
    std::optional<bool> major;                     ///< assign: a matter of a month (重大复杂事项), not of 7 days
    std::optional<UtcTime> until;                  ///< silence; none: for 24 h
    std::vector<std::string> links;
};
std::string_view to_text(AlertAction::Kind kind) noexcept;

/// What the engine has to say to a step.
struct EngineNote {
    std::string zh, en;
};

/// What the life of an alert depends on beside the alert itself. What it points to outlives the call.
struct AlertSurroundings {
    AlertPlan const& plan;
    Site const* site = nullptr;                    ///< null: no longer configured, or the alert is about the service itself
    OverlayFacts const* facts = nullptr;           ///< of the site; null with it
    bool gone = false;                             ///< its site is no longer configured: nothing measures there, so nothing can recover
    std::span<Silence const> silences = {};        ///< that stand (静默)
    /// Ids of alerts upstream that may explain this one. Asked for only when readings take it a step further; may be empty: none do.
    std::function<std::vector<std::string>(Alert const&)> upstream = {};
    EngineNote why = {};                           ///< what people did that causes follow from, beside the readings; empty: nothing
};

/// A step of the story with the alert as it stood after it.
struct AlertStepTaken {
    Alert alert;
    AlertStepInfo info;
    bool told = false;                             ///< its channels hear of it: it concerns them, and no silence covers the alert
};
/// What came of it.
struct AlertTurn {
    Alert alert;                                   ///< as it stands now
    std::vector<AlertStepTaken> steps;             ///< in order; empty: other numbers at most, the same matter
};

/// Resolved or closed (已解除, 已销号).
[[nodiscard]] bool is_over(AlertState state) noexcept;
/// Whether a silence (静默) keeps the channels quiet about it: its own, or one that covers it.
[[nodiscard]] bool is_muted(Alert const& alert, AlertSurroundings const& around, UtcTime now);

/// Whether causes that hold now make another alert than `known` (null: there was none): the last one is over and its readings had
/// recovered, longer ago than `reopen_within` or for good. A month (月均值) has one alert, whatever becomes of it.
/// \param causes those that hold
[[nodiscard]] bool begins_another(Alert const* known, AlertPlan const& plan, UtcTime now,
                                  std::vector<AlertCause> const& causes = {}) noexcept;
/// Whether these causes say of a month that is over that it has met its class: they make no alert.
[[nodiscard]] bool is_met_month(std::vector<AlertCause> const& causes) noexcept;
/// An alert that has no story yet. Its id is `<site>-<family>-<time of its newest record>`; whoever keeps alerts makes it unique.
/// \param site null: the service itself  \param records behind it; null: none  \pre `causes` is not empty
[[nodiscard]] Alert make_alert(AlertFamily family, Site const* site, std::vector<AlertCause> causes, AlertRecords const* records,
                               UtcTime now);
[[nodiscard]] AlertTurn open_alert(Alert made, AlertSurroundings const& around, UtcTime now);

/// Other causes hold than before: it escalates, eases, is updated, reopened or resolved, or goes on as it was. Where its channels have known
/// it for `known_after`, they are told at once only what is worse than anything told before (severity, class, another item, twice the
/// value), what another rule says, that it is over for the first time, and that it is back after they heard so.
/// \param causes all that hold; empty: the readings have recovered  \param records behind it; null: none
/// \pre `causes` is empty and `known` had some, or they do not begin another alert
[[nodiscard]] AlertTurn follow_causes(Alert known, std::vector<AlertCause> causes, AlertRecords const* records,
                                      AlertSurroundings const& around, UtcTime now);

/// Time has come to `now`: a silence is over, nobody has acknowledged, a deadline draws near or has passed, or a person's word that it is
/// solved stands no longer against the readings.
[[nodiscard]] AlertTurn follow_time(Alert known, AlertSurroundings const& around, UtcTime now);
/// Whether time alone may do something to it.
[[nodiscard]] bool waits_for_time(Alert const& alert) noexcept;
/// When `follow_time` next has something to do as the alert stands: in the past, if at any time; the end of time, if never.
[[nodiscard]] UtcTime next_look(Alert const& alert, AlertPlan const& plan);

/// What a person does. \param newest id of the newest alert of its site and family
/// \return Errc::conflict (the step makes no sense in this state), Errc::bad_value, too_large, missing_field
[[nodiscard]] Result<AlertTurn> follow_action(Alert known, AlertAction const& action, std::string_view newest,
                                              AlertSurroundings const& around, UtcTime now);

}  // namespace yihong
