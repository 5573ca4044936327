#pragma once

#include "yihong/config/config.hpp"

#include "table_reader.hpp"

#include <vector>

/// What speaks HJ 212 with the service: stations in, platforms out.
namespace yihong {

/// `[hj212]`: the gateway that stations connect to.
void read_gateway(TableReader gateway, Config::Gateway& to);
/// The `[[devices]]` (数采仪), each MN once.
std::vector<Device> read_devices(TableReader& root);
/// The `[[forward]]` entries: higher platforms that get the records.
std::vector<Forward> read_forwards(TableReader& root);

}  // namespace yihong
