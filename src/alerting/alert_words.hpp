#pragma once

#include "yihong/alerting/alert_document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The words of which the texts of an alert are made (预警用语), Chinese and English side by side: neither has a piece of the other.
namespace yihong {

/// The same in both languages.
struct Both {
    std::string zh, en;
    bool operator==(Both const&) const = default;
};

/// What the texts ask an alert about, read off once.
struct AlertView {
    AlertView(Alert const& shown, AlertContext const& with);

    Alert const& alert;
    AlertContext const& context;
    ParameterBook const& parameters;
    Site const* site;                              ///< null: no longer configured, or the service itself
    bool is_over;
    /// Rules that hold; once it is over, those that took part and are still known.
    std::vector<RuleKind> kinds;
    /// What it objects to, as it is now; once it is over, what it objected to. The worst first.
    std::vector<Exceedance> items;

    [[nodiscard]] bool has(RuleKind kind) const noexcept;
    [[nodiscard]] bool has_only(RuleKind kind) const noexcept;
    /// Whether a rule objects to this very value, not only to an earlier one of its item.
    [[nodiscard]] bool is_objected_to(Exceedance const& present) const noexcept;
    [[nodiscard]] bool is_objected_to_by(Exceedance const& present, RuleKind kind) const noexcept;
    /// Of the first item.
    [[nodiscard]] bool is_bad_now() const noexcept { return !items.empty() && is_objected_to(items.front()); }
    /// What it had objected to was corrected, or withdrawn.
    [[nodiscard]] bool never_was() const noexcept;
    /// The year that a rule of periods spoke of, where it ended because its rule asks about the next one by then: by no better figures.
    [[nodiscard]] std::optional<int> year_that_ended() const;
};

/// Its site; the service itself: `一泓服务`. An English name that is not known is the id.
[[nodiscard]] Both name_of(Alert const& alert, Site const* site);
/// `Ⅳ类`, `class IV`; `劣Ⅴ类`, `worse than class V`. \pre water_class > 0
[[nodiscard]] Both class_words(int water_class);
/// `重度污染`, `heavily polluted`
[[nodiscard]] Both aqi_words(int aqi);
/// `氨氮 1.31 mg/L`
[[nodiscard]] Both value_words(Exceedance const& item, ParameterBook const& parameters, bool with_unit = true);
/// How a value stands to what it was compared with: `Ⅳ类，高于Ⅲ类限值1，超标0.3倍`; may be empty.
[[nodiscard]] Both comparison_words(Exceedance const& item);
/// The value with its comparison in brackets.
[[nodiscard]] Both item_words(Exceedance const& item, ParameterBook const& parameters);
/// `11-26 16:00`, in Beijing time; with its year where that is not the year of `now`.
[[nodiscard]] std::string short_time(UtcTime time, UtcTime now);

/// As people write it: `6.50` is 6.5.
[[nodiscard]] std::string number(Decimal const& value);
/// `9小时`, `9 h`; under an hour `15分钟`, `15 min`
[[nodiscard]] Both duration_words(std::chrono::minutes duration);

/// The first line of a message: who it is about, and what is the matter now, in at most 40 characters (English: 100).
[[nodiscard]] Both title_of(AlertView const& view, AlertStepInfo const& step);
/// The site part of an alert's id. \return null when its site is not configured
[[nodiscard]] Site const* site_of(std::string_view alert_id, SiteRegistry const& sites);
/// What has to be done next, and by when; may be empty.
[[nodiscard]] Both task_of(AlertView const& view, AlertStepInfo const& step);
/// What the step has changed; may be empty.
[[nodiscard]] Both change_of(AlertView const& view, AlertStepInfo const& step);

inline constexpr std::size_t title_limit_zh = 40;
inline constexpr std::size_t title_limit_en = 100;

}  // namespace yihong
