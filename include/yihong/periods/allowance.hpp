#pragma once

#include "yihong/periods/section_period.hpp"

#include <span>
#include <vector>

/// What is still possible (还能怎样才达标): what the months or days that are left may have so that a target is met.
namespace yihong {

/// The largest mean, before rounding, that meets a limit; the smallest for dissolved oxygen.
struct MeanBound {
    Decimal bound;  ///< the limit and half a unit of the last assessed decimal
    bool tie_meets = false;  ///< whether the bound itself does: half goes to the even digit
};
[[nodiscard]] MeanBound mean_bound(Decimal const& limit, int decimals, bool at_least) noexcept;

enum class Outlook : std::uint8_t {
    settled,  ///< nothing is left: the period is what it is
    open,  ///< still possible, if the rest keeps to the figure
    unreachable,  ///< 已无法达标
    any,  ///< whatever the rest brings, within what is physically possible
    undecided  ///< too few months have a mean, or will have one, for a verdict
};
std::string_view outlook_label(Outlook outlook) noexcept;

/// A month that pulled the mean over the limit.
struct DecidingMonth {
    std::size_t month = 0;  ///< place among the known ones
    Decimal share;  ///< of all that lies over the limit, in percent, one decimal
    std::optional<Period> period = {};  ///< which one it is, where a whole year is looked at
};

/// What the months that are left may have in one item, as a mean over them.
struct Allowance {
    ParameterId parameter = 0;
    int target_class = 0;
    bool at_least = false;  ///< oxygen: the rest must have that much or more
    Decimal limit;
    Decimal mean_so_far;  ///< to nine decimals
    Decimal strict;  ///< (L (n + k) - S) / k: without the margin that rounding grants; nine decimals
    Decimal with_margin;  ///< (M (n + k) - S) / k, M the largest mean that rounds to the limit
    Decimal strict_shown, with_margin_shown;  ///< rounded towards safety to the assessed decimals
    Outlook outlook = Outlook::settled;  ///< by the margin: what the year would be judged by
    bool met_so_far = false;
    int best_class = 0;  ///< that can still be reached, 1 to 6
    std::vector<DecidingMonth> deciding;  ///< most first
    int months = 0;  ///< that have a mean
};
/// For an item with limits (all but pH). \param known the unrounded means of the months that have one; \param left months that will have one: those
/// that stay empty are not counted. \return nothing without known and left months
[[nodiscard]] std::optional<Allowance> allowance(WaterItem const& item, bool lake, int target_class, std::span<Decimal const> known,
                                                 int left, std::optional<Decimal> const& physical_maximum = std::nullopt);

/// pH, in the space of H⁺: what the mean of the rest may be, from the lowest to the highest pH.
struct PhAllowance {
    Decimal mean_so_far;  ///< three decimals
    std::optional<Decimal> lowest, highest;  ///< none: any value on that side; two decimals, rounded towards safety
    Outlook outlook = Outlook::open;
};
[[nodiscard]] std::optional<PhAllowance> ph_allowance(WaterItem const& item, std::span<Decimal const> known, int left);

/// A section's year so far, and what its remaining months may have (item by item).
struct SectionOutlook {
    int months_known = 0;  ///< that are over; those without a value leave the denominator of their item
    int months_left = 0;  ///< that are not over: the present one counts as left
    int months_possible = 0;  ///< that have a mean or are left, of the items that every section owes the one that has the fewest
    int months_needed = 0;  ///< of these, for a verdict
    std::vector<Allowance> items;  ///< owed items with limits, ascending parameter
    std::optional<PhAllowance> ph;
    /// Of the item that has the fewest.
    [[nodiscard]] int months_with_means() const noexcept;
    /// The least hopeful of all items; `undecided` where the year will not have months enough.
    [[nodiscard]] Outlook worst() const noexcept;
};
/// \param year a section over a whole year, evaluated at `now`
/// \param months_needed with a mean, for a verdict on the year
/// \return nothing without a target, or where no month is left and none has a value
[[nodiscard]] std::optional<SectionOutlook> section_outlook(SectionPeriod const& year, bool lake, std::span<ParameterId const> owed,
                                                            int months_needed, WaterStandard const& standard,
                                                            ParameterBook const& parameters, UtcTime now);

/// Good days that are still needed (优良天数).
struct GoodDaysNeeded {
    std::optional<Decimal> ratio_so_far;  ///< percent, one decimal
    int needed = 0;  ///< so that the ratio, rounded to one decimal, reaches the target; more than are left: out of reach
    int bad_allowed = 0;  ///< of the days that are left; negative: out of reach
    int needed_exactly = 0;  ///< with the ratio unrounded
};
[[nodiscard]] GoodDaysNeeded good_days_needed(Decimal const& target_percent, int valid_so_far, int good_so_far, int days_left);

/// The mean that the days left may have (PM2.5, PM10).
struct RemainingMean {
    Decimal strict;  ///< (T N - m n) / k, as city reports print it, two decimals
    Decimal with_margin;  ///< by the largest mean that is shown as the target
    bool tie_meets = false;
};
/// \param decimals of the published mean. \pre days_left > 0
[[nodiscard]] RemainingMean remaining_mean(Decimal const& target, int decimals, int valid_days, Decimal const& mean_so_far, int days_left);

/// How many days may lie over a limit before a percentile does.
struct DaysOver {
    Decimal place;  ///< k = 1 + (n - 1) p
    int surely_met_up_to = 0;
    int surely_missed_from = 0;  ///< between the two the interpolation decides
};
/// \param p such as 0.90
[[nodiscard]] DaysOver days_over(int days, Decimal const& p);

}  // namespace yihong
