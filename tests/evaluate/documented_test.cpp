// What the documents list by name is what the program knows by name.
#include "yihong/evaluate/alert_life.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace yihong {
namespace {

std::string page(std::string const& name)
{
    std::ifstream const file{std::string{YIHONG_SOURCE_DIR} + "/docs/" + name};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Documents, NameEveryStepOfAnAlertAsAnEvent)
{
    auto const live = page("api.md");
    auto const sent = page("notifications.md");
    for (int i = 0; i <= static_cast<int>(AlertStepKind::reopened); ++i) {
        std::string const name{to_text(static_cast<AlertStepKind>(i))};
        EXPECT_NE(live.find("`alert." + name + "`"), std::string::npos) << "docs/api.md lacks alert." << name;
        EXPECT_NE(sent.find("`yihong.alert." + name + "`"), std::string::npos) << "docs/notifications.md lacks yihong.alert." << name;
    }
}

}  // namespace
}  // namespace yihong
