#pragma once

#include "process.hpp"
#include "station_link.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::e2e {

/// A device of the configuration, with the password of every station here.
inline std::string device(std::string_view mn, std::string_view site, std::string_view more = {})
{
    return fmt::format("[[devices]]\nmn = \"{}\"\nsite = \"{}\"\npassword = \"123456\"\n{}\n", mn, site, more);
}

/// The gateway of the real service, in a folder of its own.
struct Gateway : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path config(std::string_view more) const { return small_config(folder.path(), more); }
};

/// Five items of good water, as a station sends them.
inline constexpr std::string_view values =
    "w01001-Avg=8.02,w01001-Flag=N;w01009-Avg=7.31,w01009-Flag=N;w01019-Avg=5.86,w01019-Flag=N;w21003-Avg="
    "1.284,w21003-Flag=N;w21011-Avg=0.187,w21011-Flag=N";

}  // namespace yihong::e2e
