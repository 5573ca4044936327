#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/alert_plan.hpp"

#include <expected>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Reads the text of an alerts file (预警规则、人员与日历). `file` names it in messages. What each key means stands in config/alerts.toml.
/// \return every problem of the file, in the order of its lines, each as `file:line:column: key: what is wrong`:
/// Errc::bad_syntax (only the first), unknown_field, missing_field, bad_value, bad_time, duplicate_id, not_found (a contact)
std::expected<AlertPlan, std::vector<Failure>> parse_alert_plan(std::string_view text, std::filesystem::path const& file);

/// As parse_alert_plan. \return Errc::broken_file, too_large when the file cannot be read
std::expected<AlertPlan, std::vector<Failure>> load_alert_plan(std::filesystem::path const& file);

/// What holds where no alerts file is configured: config/alerts.toml as it was when the program was built.
AlertPlan const& default_alert_plan();

/// The names that a plan may refer to.
struct PlanNames {
    using Set = std::set<std::string, std::less<>>;
    Set sites;                                     ///< ids
    Set counties;
    Set rivers;
    Set zones;                                     ///< ids
    Set channels;                                  ///< ids
    Set parameters;                                ///< names and codes
    Set assessed_for;                              ///< as the sites say it (考核归属); a scope may name the beginning
};
/// References that nothing answers to: without this check a rule with a slip of the pen would watch nothing and say nothing.
/// \return each as `rules[0] ("id"): scope.site: what is wrong`: Errc::unknown_site, unknown_parameter, not_found
std::vector<Failure> check_plan(AlertPlan const& plan, PlanNames const& names);

}  // namespace yihong
