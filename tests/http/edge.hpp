#pragma once

#include "harness.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::http::test {

/// Bytes of one connection and the outcome() they must have.
struct Case {
    char const* name;
    std::string bytes;
    std::string expected;
};

/// A POST to /echo with further `lines`, each with its end.
inline std::string post(std::string_view lines, std::string_view body = {})
{
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{lines} + "\r\n" + std::string{body};
}

inline void expect_outcomes(std::vector<Case> const& cases, ServerOptions options = {})
{
    TestServer const server{std::move(options)};
    for (auto const& [name, bytes, expected] : cases)
        EXPECT_EQ(outcome(server.port(), bytes), expected) << name;
}

}  // namespace yihong::http::test
