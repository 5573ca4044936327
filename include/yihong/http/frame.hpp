#pragma once

#include <string>
#include <vector>

namespace yihong::http {

/// What stands on top of every page: what the service calls itself, and where to go (导航).
struct Frame {
    struct Entry {
        std::string path;                          ///< below the root, begins with `/`
        std::string zh, en;
    };
    std::string title = "一泓 Yihong";
    std::vector<Entry> entries = {};
};

}  // namespace yihong::http
