#include "yihong/base/accept.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yihong {
namespace {

std::string told(std::string_view accept)
{
    std::string all;
    for_each_accepted(accept, [&](std::string_view type, double weight) {
        all.append(type).append("=").append(std::to_string(static_cast<int>(weight * 100))).append(" ");
    });
    return all;
}

TEST(Accept, IsReadElementByElement)
{
    EXPECT_EQ(told(""), "");
    EXPECT_EQ(told("text/html, application/json;q=0.5 ,*/*;level=1;Q=0.1,,"), "text/html=100 application/json=50 */*=10 ");
    EXPECT_EQ(told("a/b;q=x, c/d;q=7, e/f;q=-1, g/h;q="), "a/b=100 c/d=100 e/f=0 g/h=100 ");
}

}  // namespace
}  // namespace yihong
