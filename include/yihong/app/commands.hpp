#pragma once

namespace yihong {

/// The command line: serve, import, backtest, report, station, check, token, quarantine, backup. \return 0 fine, 1 refused input or failed check, 2 wrong usage
int run(int argc, char** argv);

}  // namespace yihong
