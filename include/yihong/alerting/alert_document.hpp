#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/evaluate/alert_life.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/alert.hpp"
#include "yihong/model/alert_plan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// An alert in words (预警文字): a title of one line, at most 40 characters in Chinese and 100 in English, and a body of plain text. Both say what
/// is so at the time of the step, the body what has changed first; what was worst stands apart, with its time. docs/messages.md shows them all.
struct AlertText {
    std::string title_zh, body_zh, title_en, body_en;
};

/// The names behind an alert. Immutable while it lives.
struct AlertContext {
    World const& world;
    std::string_view public_url;  ///< under which the service is reached from outside; may be empty
    /// \return null when the site is no longer configured
    [[nodiscard]] Site const* site(Alert const& alert) const noexcept { return world.sites->find(alert.site_id); }
    [[nodiscard]] OverlayFacts const* facts(Alert const& alert) const noexcept;
};

[[nodiscard]] AlertText alert_text(Alert const& alert, AlertStepInfo const& step, AlertContext const& context);
/// A step that says nothing but how the alert stands, for its text outside of messages.
[[nodiscard]] AlertStepInfo standing_step(Alert const& alert);
/// What a rule asks for, in one sentence: Chinese, English.
[[nodiscard]] std::pair<std::string, std::string> describe(AlertRule const& rule);

/// The most severe rule that holds; once it is over, the first that took part.
[[nodiscard]] std::string_view main_rule(Alert const& alert) noexcept;
/// What stands for a moment: RFC 3339 alone, as in the documents that are kept and sent; or the Beijing text beside it, for whoever reads it.
enum class AlertTimes : std::uint8_t { utc, with_beijing };
/// The alert as a JSON object, as in the event document and `/api/v1/alerts`.
void write_alert(JsonWriter& json, Alert const& alert, AlertContext const& context, AlertTimes times = AlertTimes::utc);
/// Its members alone, into an object that is open.
void write_alert_members(JsonWriter& json, Alert const& alert, AlertContext const& context, AlertTimes times = AlertTimes::utc);
/// What the alert objects to, each item with its newest valid value, the worst first; once it is over, what it objected to at its worst.
[[nodiscard]] std::vector<Exceedance> exceedances_of(Alert const& alert);

/// From its opening until it was resolved, or until `now` while it is not; one decimal.
[[nodiscard]] double hours_of(Alert const& alert, UtcTime now);

/// Those of them with the worst class, by name.
[[nodiscard]] std::vector<std::string> deciding_parameters(Alert const& alert, ParameterBook const& parameters);

}  // namespace yihong
