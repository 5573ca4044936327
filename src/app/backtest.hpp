#pragma once

#include "world_loader.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace yihong {

struct BacktestOptions {
    std::filesystem::path rules;                   ///< an alerts file; empty: the rules of the configuration
    std::string from;                              ///< a date or a time with offset; empty: from the first record
    std::string to;
    std::vector<std::string> sites;                ///< ids; empty: all
    std::string format = "table";                  ///< or json, geojson
    std::filesystem::path output;                  ///< empty: standard output
    bool quiet = false;
};

/// What the rules would have raised on the stored records (试算), beside a running service or without one. Reads the store and writes
/// nothing into it, and tells nobody. \return the exit code
int backtest(Overrides const& overrides, BacktestOptions const& options);

}  // namespace yihong
