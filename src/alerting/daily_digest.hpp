#pragma once

#include "kept_alerts.hpp"

#include "yihong/alerting/alert_document.hpp"

#include <optional>
#include <span>
#include <string>

namespace yihong {

/// Which moment a daily digest (每日摘要) is owed for: the latest that has come, where none was made since. \return nothing where none is
/// \param last when the last digest was made for; none: there was none yet, and none is owed for what lies before `awake_since`
[[nodiscard]] std::optional<UtcTime> digest_due(AlertPlan const& plan, std::optional<UtcTime> last, UtcTime awake_since, UtcTime now);

/// What is to be said of the day up to a moment: open alerts, what changed in 24 h, who has to do what by when, stations without data.
class DailyDigest {
public:
    DailyDigest(KeptAlerts const& kept, AlertContext const& context, UtcTime at);
    /// Nothing is open, nothing changed, every station that is watched reports.
    [[nodiscard]] bool is_calm() const noexcept { return open_.empty() && changed_.empty() && silent_.empty(); }
    /// Its CloudEvents document, of type `yihong.alert.digest`, without a subject.
    [[nodiscard]] std::string document(std::span<Contact const* const> recipients) const;

private:
    struct Change {
        Alert const* alert;
        std::string_view kind, kind_zh;
    };
    struct Duty {
        Alert const* alert;
        std::string_view what, what_zh;
        UtcTime by;
        std::string who;                           ///< names; empty: nobody by name
    };
    struct Silent {
        Alert const* alert;
        RuleKind why;
        UtcTime since;
    };

    void add_duties(Alert const& alert);
    void add_silent(Alert const& alert);
    [[nodiscard]] std::string who(Alert const& alert) const;
    [[nodiscard]] std::string place(Alert const& alert, bool zh) const;
    [[nodiscard]] std::string state_of(Alert const& alert, bool zh) const;
    [[nodiscard]] AlertText text() const;
    void write_data(JsonWriter& json) const;

    AlertContext const& context_;
    UtcTime at_;
    std::vector<Alert const*> open_;               ///< the most severe first, then the oldest
    std::vector<Change> changed_;                  ///< by time
    std::vector<Duty> duties_;                     ///< the most urgent first
    std::vector<Silent> silent_;                   ///< the longest first
};

}  // namespace yihong
