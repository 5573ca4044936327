#pragma once

#include "yihong/config/alert_plan.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace yihong::alert_plan_testing {

/// The plan that `text` is; a failure of the test where it is none.
inline AlertPlan plan_of(std::string_view text)
{
    auto plan = parse_alert_plan(text, "alerts.toml");
    EXPECT_TRUE(plan.has_value()) << (plan ? "" : plan.error().front().detail);
    return plan ? std::move(*plan) : AlertPlan{};
}

/// Everything that is wrong with `text`.
inline std::vector<Failure> failures_of(std::string_view text)
{
    auto const plan = parse_alert_plan(text, "alerts.toml");
    EXPECT_FALSE(plan.has_value()) << text;
    return plan ? std::vector<Failure>{} : plan.error();
}

/// The one thing that is wrong with `text`.
inline Failure only_failure(std::string_view text)
{
    auto const failures = failures_of(text);
    EXPECT_EQ(failures.size(), 1U) << text << (failures.size() > 1 ? failures[1].detail : "");
    return failures.empty() ? Failure{} : failures.front();
}

}  // namespace yihong::alert_plan_testing
