#pragma once

#include "yihong/reports/water_report.hpp"

#include "testing.hpp"

namespace yihong::testing {

/// Three sections and a lake without data; two sections have October of 2024 and 2025.
class WaterReportTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        auto lake = section(4, "lake", "伍姓湖", 110.5, 4);
        lake.kind = SiteKind::lake_section;
        lake.water_body = "伍姓湖";
        world = make_world(
            std::make_shared<StandardsBook const>(book()),
            {section(1, "a", "甲断面", 110.5, 3), section(2, "b", "乙<断面>", 111.5, 3), section(3, "c", "丙断面", 111.5, 3), lake},
            std::make_shared<NoLayers const>());
        month(1, "2025-10", "0.9", "0.15");
        month(2, "2025-10", "1.2", "0.25");
        month(1, "2024-10", "1.2", "0.15");
        month(2, "2024-10", "1.2", "0.25");
    }
    /// Every day of a month alike.
    void month(SiteNumber site, std::string_view code, std::string_view ammonia, std::string_view phosphorus)
    {
        auto const period = parse_period(code).value();
        for (auto at = period.begin; at < period.end; at += std::chrono::days{1}) {
            auto one = record({{"ph", "8.0"},
                               {"dissolved_oxygen", "8.1"},
                               {"codmn", "3.5"},
                               {"ammonia_nitrogen", ammonia},
                               {"total_phosphorus", phosphorus}},
                              IntervalKind::day);
            one.site = site;
            one.time = at;
            one.received_at = at + std::chrono::hours{25};
            records.kept.push_back(one);
        }
    }
    WaterQuery query(std::string_view code) const
    {
        WaterQuery made;
        made.period = parse_period(code).value();
        made.base = year_before(made.period);
        made.as_of = parse_rfc3339("2025-11-05T00:00:00Z").value();
        return made;
    }
    WaterReport report(WaterQuery const& wanted) const
    {
        auto made = make_water_report(wanted, *world, records);
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }

    KeptRecords records;
    std::shared_ptr<World const> world;
};

}  // namespace yihong::testing
