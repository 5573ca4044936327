// One section, one truth: what the feature, the explanation and the first page say of it.
#include "process.hpp"

#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

class PresentStateOfTheService : public testing::Test {
protected:
    void measure(std::string_view interval, int hours_ago, std::string_view values) const
    {
        (void)service.ingest("application/json", fmt::format(R"([{{"site":"zhangliuzhuang","time":"{}","interval":"{}","values":{}}}])",
                                                             ago(hours_ago), interval, values));
    }
    static std::string ago(int hours)
    {
        return format_rfc3339(UtcTime{std::chrono::floor<std::chrono::hours>(utc_now()) - std::chrono::hours{hours}});
    }
    /// The item of the explanation, by JSON pointer.
    static std::string item(Json const& why, std::string_view parameter)
    {
        for (std::size_t i = 0; i < why.size("/parameters"); ++i)
            if (auto place = fmt::format("/parameters/{}", i); why.at(place + "/parameter") == parameter)
                return place;
        return "/none";
    }

    TemporaryFolder const folder;
    Service const service{folder / "data"};
};

TEST_F(PresentStateOfTheService, IsExplainedItemByItemAndTheRecordByItself)
{
    measure("4h", 5, R"({"ph":8.1,"dissolved_oxygen":7.9,"codmn":5.2,"ammonia_nitrogen":2.5,"total_phosphorus":0.14})");
    measure("sample", 2, R"({"codmn":1.5})");
    measure("hour", 1, R"({"ph":8.3,"dissolved_oxygen":8.4})");

    auto const why = service.json("/api/v1/sites/zhangliuzhuang/judgement");
    EXPECT_EQ(why.at("/water_class"), "6");
    EXPECT_EQ(why.at("/class_complete"), "true");
    EXPECT_EQ(why.at("/missing_parameters"), "[]");
    EXPECT_EQ(why.at("/meets_target"), "false");
    EXPECT_EQ(why.at("/interval"), "hour");
    EXPECT_EQ(why.at("/stale"), "false");
    EXPECT_EQ(why.at(item(why, "codmn") + "/time"), ago(2));
    EXPECT_EQ(why.at(item(why, "codmn") + "/interval"), "sample");
    EXPECT_EQ(why.at(item(why, "codmn") + "/valid_until"), ago(2 - 35 * 24));
    EXPECT_EQ(why.at(item(why, "ph") + "/time"), ago(1));
    EXPECT_EQ(why.at(item(why, "ammonia_nitrogen") + "/time"), ago(5));
    EXPECT_EQ(why.at(item(why, "ammonia_nitrogen") + "/decided"), "true");

    auto const record = service.json("/api/v1/sites/zhangliuzhuang/judgement?interval=hour&time=" + ago(1));
    EXPECT_EQ(record.at("/water_class"), "1");
    EXPECT_EQ(record.at("/class_complete"), "false");
    EXPECT_EQ(record.at("/meets_target"), "null");
    EXPECT_EQ(record.at("/stale"), "(none)");

    auto const first = service.get("/?f=html").body;
    EXPECT_NE(first.find("现有完整评价 1 个，其中达到或优于Ⅲ类 0 个（0.0%），劣于Ⅲ类 1 个"), std::string::npos);
    EXPECT_EQ(first.find("缺应测项目"), std::string::npos);
}

TEST_F(PresentStateOfTheService, SaysOfABoundThatItIsOne)
{
    measure("4h", 1, R"({"ph":7,"dissolved_oxygen":8.4,"total_phosphorus":0.05})");

    auto const feature = service.json("/collections/water-sections/items/zhangliuzhuang");
    EXPECT_EQ(feature.at("/properties/water_class"), "2");
    EXPECT_EQ(feature.at("/properties/class_complete"), "false");
    EXPECT_EQ(feature.at("/properties/missing_parameters"), "codmn、ammonia_nitrogen");
    EXPECT_EQ(feature.at("/properties/water_class_label"), "不优于Ⅱ类（缺高锰酸盐指数、氨氮）");
    EXPECT_EQ(feature.at("/properties/water_quality"), "null");
    EXPECT_EQ(feature.at("/properties/meets_target"), "null");

    auto const why = service.json("/api/v1/sites/zhangliuzhuang/judgement");
    EXPECT_EQ(why.at("/summary"), "水质不优于Ⅱ类（缺高锰酸盐指数、氨氮），是否达到Ⅲ类尚不能定：总磷 0.05 mg/L，不超过Ⅲ类限值 0.2，为Ⅱ类。"
                                  "水质目标Ⅲ类，是否达标尚不能定。");
    EXPECT_EQ(why.at("/worse_than_class_iii"), "null");
    auto const page = service.get("/api/v1/sites/zhangliuzhuang/judgement?f=html").body;
    EXPECT_NE(page.find("不优于Ⅱ类（缺高锰酸盐指数、氨氮）"), std::string::npos);

    auto const first = service.get("/?f=html").body;
    EXPECT_NE(first.find("现有完整评价 0 个；不计入比例：项目不全 1 个"), std::string::npos);
    EXPECT_NE(first.find("1 incomplete"), std::string::npos);
    EXPECT_NE(first.find("不优于 <span class=\"badge c2\">Ⅱ</span>，缺 高锰酸盐指数、氨氮"), std::string::npos);
}

TEST_F(PresentStateOfTheService, SaysWhatAnIndexLacks)
{
    (void)service.ingest(
        "application/json",
        fmt::format(R"([{{"site":"2179A","time":"{}","interval":"hour","values":{{"pm25":28,"so2":6,"no2":10,"co":0.7,"o3":168}}}}])",
                    ago(1)));

    auto const feature = service.json("/collections/air-stations/items/2179A");
    EXPECT_EQ(feature.at("/properties/aqi"), "null");
    EXPECT_EQ(feature.at("/properties/missing_parameters"), "pm10");
    auto const why = service.json("/api/v1/sites/2179A/judgement");
    EXPECT_EQ(why.at("/summary"), "缺可吸入颗粒物的有效数据，按 HJ 633-2026 不发布指数。");
    EXPECT_EQ(why.at("/summary_en"), "No index: PM10 without a valid value, and HJ 633-2026 withholds the index then.");
    EXPECT_NE(service.get("/?f=html").body.find("缺可吸入颗粒物"), std::string::npos);
    EXPECT_NE(service.get("/collections/air-stations/items/2179A?f=html").body.find("<td>可吸入颗粒物"), std::string::npos);
}

}  // namespace
}  // namespace yihong::e2e
