#pragma once

#include "yihong/config/config.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// The configuration that `text` is; a failure of the test where it is none.
inline Config config_of(std::string_view text)
{
    auto config = parse_config(text, "/etc/yihong/yihong.toml");
    EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().front().detail);
    return config ? std::move(*config) : Config{};
}

/// Everything that is wrong with `text`.
inline std::vector<Failure> failures_of(std::string_view text)
{
    auto const config = parse_config(text, "yihong.toml");
    EXPECT_FALSE(config.has_value());
    return config ? std::vector<Failure>{} : config.error();
}

/// The one thing that is wrong with `text`.
inline Failure only_failure(std::string_view text)
{
    auto const failures = failures_of(text);
    EXPECT_EQ(failures.size(), 1U) << (failures.size() > 1 ? failures[1].detail : "");
    return failures.empty() ? Failure{} : failures.front();
}

}  // namespace yihong
