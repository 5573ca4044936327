#pragma once

#include "yihong/base/log.hpp"
#include "yihong/base/rare_line.hpp"

#include <string_view>
#include <utility>

namespace yihong {

/// What the log tells of a store that does not write: that it began, once a minute that it lasts, and that it is over. Every second it is tried
/// again, and a full disk should not be filled by telling so. One thread.
class WriteTrouble {
public:
    void failed(std::string_view why)
    {
        auto const times = line_.count();
        if (times == 0)
            return;
        log::error("store_write_failed", {{"since_last_line", times}, {"detail", why}});
        is_told_ = true;
    }
    void wrote()
    {
        if (std::exchange(is_told_, false))
            log::info("store_writes_again");
    }

private:
    RareLine line_;
    bool is_told_ = false;
};

}  // namespace yihong
