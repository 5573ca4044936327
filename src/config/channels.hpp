#pragma once

#include "table_reader.hpp"

#include "yihong/model/channel.hpp"

#include <filesystem>
#include <vector>

namespace yihong {

void read_notify(TableReader notify, NotifySettings& to);
void read_heartbeat(TableReader heartbeat, HeartbeatSettings& to);
/// `[[channels]]`. \param folder where relative paths start
[[nodiscard]] std::vector<Channel> read_channels(TableReader& root, NotifySettings const& notify, std::filesystem::path const& folder);

}  // namespace yihong
