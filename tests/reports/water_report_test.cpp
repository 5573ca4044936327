#include "yihong/evaluate/official_colours.hpp"
#include "yihong/reports/black_report.hpp"
#include "yihong/reports/report_content.hpp"
#include "yihong/reports/water_html.hpp"

#include "water_fixture.hpp"

#include <fmt/format.h>

#include <tuple>

namespace yihong {
namespace {

using namespace testing;

TEST_F(WaterReportTest, CountsSectionsOfOneMonthBesideTheYearBefore)
{
    auto const made = report(query("2025-10"));
    ASSERT_EQ(made.sections.size(), 4U);
    EXPECT_EQ(made.all.now.classes.good, 1);
    EXPECT_EQ(made.all.now.classes.middle, 1);
    EXPECT_EQ(made.all.now.not_evaluated.size(), 2U);           // named, and in no share
    EXPECT_EQ(made.all.now.good_share()->to_string(), "50.0");
    EXPECT_EQ(made.all.now.met.size(), 1U);
    EXPECT_EQ(made.all.now.missed.size(), 1U);
    EXPECT_EQ(made.all.compared.now.classes.total(), 2);
    EXPECT_EQ(made.all.compared.improved, (std::vector<std::size_t>{0}));
    EXPECT_EQ(made.sections[0].now.judgement.water_class, 3);
    EXPECT_EQ(made.sections[0].base->judgement.water_class, 4);
    EXPECT_EQ(made.sections[0].place, "河津市");
    EXPECT_EQ(made.data.records, 31U * 4);
    EXPECT_EQ(format_rfc3339(*made.data.last_received), "2025-10-31T17:00:00Z");
    ASSERT_EQ(made.rivers.size(), 2U);
    EXPECT_EQ(made.places.size(), 2U);
    auto const& fen = made.rivers[0].name == "汾河" ? made.rivers[0] : made.rivers[1];
    EXPECT_EQ(water_grade_label(fen.grade), "轻度污染");         // of two sections the mean is graded: 1.05 and 0.200
    EXPECT_EQ(made.places[1].rank + made.places[0].rank, 3);
}

TEST_F(WaterReportTest, TakesOnlyTheSectionsThatAreAskedFor)
{
    auto wanted = query("2025-10");
    wanted.place = "永济市";
    EXPECT_EQ(report(wanted).sections.size(), 2U);
    wanted.sites = {"b"};
    EXPECT_EQ(report(wanted).sections.size(), 1U);
    wanted.place = "永济";
    EXPECT_EQ(make_water_report(wanted, *world, records).error().detail, "place: '永济' has none of the sections");
    wanted.sites = {"nowhere"};
    EXPECT_FALSE(make_water_report(wanted, *world, records).has_value());
    EXPECT_FALSE(make_water_report(query("1999"), *world, records).has_value());
}

TEST_F(WaterReportTest, SaysWhatTheRestOfTheYearMayHave)
{
    auto wanted = query("2025-10");
    wanted.outlook = true;
    auto const made = report(wanted);
    ASSERT_TRUE(made.sections[1].outlook.has_value());
    auto const& outlook = *made.sections[1].outlook;
    EXPECT_EQ(outlook.months_known, 10);
    EXPECT_EQ(outlook.months_left, 2);
    auto const& phosphorus = outlook.items.back();
    EXPECT_EQ(phosphorus.strict_shown.to_string(), "0.175");    // (0.2 x 3 - 0.25) / 2: nine months have no value
    EXPECT_EQ(outlook.worst(), Outlook::undecided);
    auto const list = water_report_content(made, *world->standards, nullptr, {}).lists.at("年度目标");
    auto const& rest = list.rows[1][*list.column("其余各月")].text;
    EXPECT_TRUE(rest.starts_with("全年至多3个月有均值，不足8个月，以下只按已有的月；")) << rest;
    EXPECT_TRUE(rest.contains("总磷：其余2个月均值不高于0.175（计入修约0.175）（超标月份：10月占100.0%）") ||
                rest.contains("总磷：其余2个月均值不高于0.175（超标月份：10月占100.0%）"))
        << rest;
}

TEST_F(WaterReportTest, SaysNothingOfPollutantsWhereThereAreNone)
{
    auto wanted = query("2025-10");
    wanted.sites = {"a"};
    auto const html = water_report_html(report(wanted), *world, {});
    EXPECT_NE(html.find("河流总体水质良好。"), std::string::npos) << html;
    EXPECT_EQ(html.find("主要污染指标：—"), std::string::npos);
}

TEST_F(WaterReportTest, HasNoOutlookForAYearThatEndsBeforeThereIsAStandard)
{
    auto wanted = query("2001-12/2002-07");                     // GB 3838-2002 is in force from June 2002
    wanted.base = {};
    wanted.outlook = true;
    auto const made = report(wanted);
    ASSERT_EQ(made.sections.size(), 4U);
    EXPECT_FALSE(made.sections[0].outlook.has_value());
}

TEST_F(WaterReportTest, IsOnePageOfTextTablesAndChart)
{
    auto wanted = query("2025-10");
    wanted.outlook = true;
    auto const made = report(wanted);
    auto const html = water_report_html(made, *world, {.root_url = "https://water.example", .publisher = "某局"});
    for (auto const text :
         {"2025年10月地表水水质报告", "监测断面（点位）4个，参评2个", "Ⅰ—Ⅲ类（优良）1个，占50.0%", "无劣Ⅴ类",
          "达标1个，达标率50.0%；未达标：乙&lt;断面&gt;",
          "可比断面2个，优良比例50.0%，上期0.0%，上升50.0个百分点；劣Ⅴ类比例0.0%，上期0.0%，持平", "好转：甲断面",
          "未参评断面2个（有效数据不足）：丙断面、伍姓湖", "<svg",
          "href=\"https://water.example/api/v1/sites/a/readings?f=html&amp;datetime=2025-09-30T16:00:00Z/2025-10-31T15:59:59.999Z\"",
          "总磷：其余2个月均值不高于0.175", "氨氮：其余2个月均值不高于1.00；总磷",
          "日均值：6次中至少4次有效；月均值：有效日至少占应有天数的60%", "城市水质指数", "GB 3838-2002", "读取记录", "编写："})
        EXPECT_NE(html.find(text), std::string::npos) << text;
    EXPECT_EQ(html.find("乙<断面>"), std::string::npos);
    EXPECT_EQ(html.find("0.175（计入修约"), std::string::npos);    // 0.17575 is shown as 0.175, too
    EXPECT_EQ(html,
              water_report_html(report(wanted), *world, {.root_url = "https://water.example", .publisher = "某局"}));  // the same bytes
    EXPECT_EQ(water_report_html(made, *world, {}).find("href="), std::string::npos);
    auto const empty = report(query("2020-05"));
    EXPECT_NE(water_report_html(empty, *world, {}).find("有效数据不足，未作评价"), std::string::npos);
}

TEST_F(WaterReportTest, LeadsEveryFigureToItsRecords)
{
    auto one = record({{"cod", "27"}, {"plan_month", "202510"}}, IntervalKind::sample);
    one.site = 2;
    one.time = parse_rfc3339("2025-11-01T09:00:00+08:00").value();
    records.kept.push_back(one);
    auto wanted = query("2025-10");
    wanted.outlook = true;
    auto const made = report(wanted);
    auto const content = water_report_content(made, *world->standards, nullptr, {.root_url = "https://w"});
    auto const link = [&](std::string_view name, std::size_t row, std::string_view column) {
        auto const& list = content.lists.find(name)->second;
        return list.rows.at(row)[*list.column(column)].link;
    };
    auto const october = std::string{"&datetime=2025-09-30T16:00:00Z/2025-10-31T15:59:59.999Z"};
    EXPECT_EQ(link("断面", 0, "氨氮"), "https://w/api/v1/sites/a/readings?f=html&parameter=ammonia_nitrogen" + october);
    EXPECT_EQ(link("断面", 0, "类别"), "https://w/collections/section-periods/items/a.2025-10?f=html");
    EXPECT_EQ(link("断面", 0, "上期类别"), "https://w/collections/section-periods/items/a.2024-10?f=html");
    // a sample may lie in the month beside the one that it was taken for
    EXPECT_EQ(
        link("其他项目", 0, "均值"),
        "https://w/api/v1/sites/b/readings?f=html&parameter=cod&interval=sample&datetime=2025-08-30T16:00:00Z/2025-12-01T15:59:59.999Z");
    EXPECT_EQ(link("区域", 0, "参评断面"), "https://w/api/v1/reports/water-month?period=2025-10&site=b,c");
    EXPECT_EQ(link("年度目标", 0, "有值月数"), "https://w/collections/section-periods/items/a.2025?f=html");
    for (auto const& [name, list] : content.lists)
        for (auto const& row : list.rows)
            for (std::size_t i = 0; i < row.size(); ++i)
                if (name != "类别" && name != "说明" && name != "排名" && list.columns[i] != "序号" && Decimal::parse(row[i].text))
                    EXPECT_FALSE(row[i].link.empty()) << name << " " << list.columns[i] << " " << row[i].text;
    auto const& others = content.lists.at("其他项目");
    EXPECT_EQ(others.rows.at(0)[*others.column("均值")].text, "27.0 s");
    EXPECT_EQ(others.rows.at(0)[*others.column("项目类别")].text, "Ⅳ");
}

TEST_F(WaterReportTest, ShowsClassesAndPlacesAsPictures)
{
    auto const content = water_report_content(report(query("2025-10")), *world->standards, nullptr, {});
    auto const classes = picture_svg(content.pictures.at("类别"));
    for (auto const* text : {"aria-label=\"各类别断面（点位）数\"", ">Ⅲ 1<", ">Ⅳ 1<", ">2025年10月<", ">2024年10月<", ">Ⅳ 2<"})
        EXPECT_NE(classes.find(text), std::string::npos) << text << " " << classes;
    auto const map = picture_svg(content.pictures.at("分布"));
    for (auto const* text : {">甲断面<", ">乙&lt;断面&gt;<", ">未评价<", ">Ⅲ类<"})
        EXPECT_NE(map.find(text), std::string::npos) << text;
    auto wanted = query("2025-10");
    wanted.sites = {"a"};
    EXPECT_TRUE(
        water_report_content(report(wanted), *world->standards, nullptr, {}).pictures.at("分布").is_empty());  // one place is no map
    EXPECT_EQ(water_report_names(*world->standards, wanted.period.first_day()).pictures.size(), content.pictures.size());
}

TEST_F(WaterReportTest, CountsASampleInTheMonthThatItWasTakenFor)
{
    auto const sample = [&](std::string_view time, Values values) {
        auto one = record(values, IntervalKind::sample);
        one.site = 3;
        one.time = parse_rfc3339(time).value();
        records.kept.push_back(one);
    };
    sample("2025-11-01T09:00:00+08:00", {{"cod", "18"}, {"plan_month", "202510"}});
    sample("2025-10-09T09:00:00+08:00", {{"cod", "24"}});
    sample("2025-10-31T09:00:00+08:00", {{"cod", "35"}, {"plan_month", "202511"}});
    sample("2025-10-10T09:00:00+08:00", {{"fluoride", "0.5"}, {"plan_month", "202513"}});   // no month: its time decides
    auto const mean = [&](std::string_view code, std::string_view item) {
        auto const made = report(query(code));
        auto const* found = made.sections[2].now.find(book().parameters().find(item)->id);
        return found && found->source != ValueSource::none ? found->shown.to_string() + " of " + std::to_string(found->samples) : "none";
    };
    EXPECT_EQ(mean("2025-10", "cod"), "21.0 of 2");
    EXPECT_EQ(mean("2025-11", "cod"), "35.0 of 1");
    EXPECT_EQ(mean("2025-10", "fluoride"), "0.500 of 1");
    EXPECT_EQ(mean("2025-10", "plan_month"), "none");
    EXPECT_EQ(mean("2025-10-31", "cod"), "35.0 of 1");          // a day asks when, not what for
    EXPECT_EQ(mean("2025-Q4", "cod"), "28.0 of 3");
}

TEST_F(WaterReportTest, GradesBlackOdorousWatersFromTheirSamples)
{
    for (int day = 1; day <= 3; ++day) {
        auto one = record({{"transparency", "0.08"}, {"dissolved_oxygen", "1.1"}, {"redox_potential", "-120"}, {"ammonia_nitrogen", "9.2"}},
                          IntervalKind::sample, "2025-10-0" + std::to_string(day));
        one.site = 3;
        records.kept.push_back(one);
    }
    auto const made = make_black_report(parse_period("2025-Q4").value(), {}, *world, records);
    ASSERT_EQ(made->points.size(), 1U);                          // the others are not sampled for it
    EXPECT_EQ(made->points[0].site->id, "c");
    EXPECT_EQ(made->points[0].point.grade, Blackness::heavy);
    ASSERT_EQ(made->waters.size(), 1U);
    EXPECT_EQ(made->waters[0].name, "汾河");
    EXPECT_EQ(made->data.records, 3U);
    EXPECT_EQ(make_black_report(parse_period("2025-Q4").value(), {"a"}, *world, records)->points[0].point.grade, Blackness::unknown);
    EXPECT_FALSE(make_black_report(parse_period("2025-Q4").value(), {"nowhere"}, *world, records).has_value());
}

TEST_F(WaterReportTest, RanksPlacesByTheRuleThatIsConfigured)
{
    auto wanted = query("2025-10");
    auto const places = [&] {
        auto const made = report(wanted);
        std::string all;
        for (auto const& place : made.places)
            all += place.name + (place.ranked_by ? place.ranked_by->to_string() : "-") + "/" + std::to_string(place.rank) + " ";
        return all;
    };
    wanted.ranking = usual_rules(RankingFigure::good_share);
    EXPECT_EQ(places(), "永济市0.0/2 河津市100.0/1 ");
    wanted.ranking.smallest_first = true;
    EXPECT_EQ(places(), "永济市0.0/1 河津市100.0/2 ");
    wanted.ranking = usual_rules(RankingFigure::met_share);
    wanted.ranking.decimals = 0;
    EXPECT_EQ(places(), "永济市0/2 河津市100/1 ");
    auto const html = water_report_html(report(wanted), *world, {});
    EXPECT_NE(html.find("区域排名：断面达标率（%）（由大到小，按显示的整数排名，相同者并列，其后名次空出）"), std::string::npos) << html;
    wanted.validity.percent_of_days = 50;
    EXPECT_NE(water_report_html(report(wanted), *world, {}).find("有效日至少占应有天数的50%（本单位规定，未查到国家数值）"),
              std::string::npos);
}

TEST_F(WaterReportTest, HasNamesForTemplatesThatDoNotDependOnTheFigures)
{
    auto wanted = query("2025-10");
    wanted.outlook = true;
    auto const content = water_report_content(report(wanted), *world->standards, nullptr, {.publisher = "某局", .number = "10"});
    auto const names = water_report_names(*world->standards, parse_date("2026-01-05").value());
    ASSERT_EQ(content.lists.size(), names.lists.size());
    for (auto const& [name, list] : content.lists)
        EXPECT_EQ(list.columns, names.lists.at(name).columns) << name;
    for (auto const& [name, field] : content.fields)
        EXPECT_TRUE(names.fields.contains(name)) << name;
    EXPECT_EQ(content.fields.at("单位").text, "某局");
    EXPECT_EQ(content.fields.at("期号").text, "10");
    EXPECT_EQ(content.fields.at("日期").text, "2025年11月5日");
    auto const& sections = content.lists.at("断面");
    auto const& first = sections.rows.front();
    EXPECT_EQ(first[*sections.column("类别")].text, "Ⅲ");
    EXPECT_EQ(first[*sections.column("类别")].fill, class_colour(3));
    EXPECT_EQ(first[*sections.column("氨氮")].text, "0.90");
    EXPECT_EQ(first[*sections.column("铜")].text, "--");
    EXPECT_EQ(first[*sections.column("序号")].text, "1");
    EXPECT_FALSE(sections.column("没有").has_value());
    auto const& classes = content.lists.at("类别").rows;
    EXPECT_EQ(classes[2][2].text, "50.0");                      // one of two in class III
    EXPECT_EQ(content.lists.at("说明").rows.front()[1].text, "未参评断面2个（有效数据不足）：丙断面、伍姓湖。");
}

TEST_F(WaterReportTest, ShowsTheTrendOfAYearByItsMonths)
{
    for (auto const& [code, ammonia] : {std::pair{"2025-05", "1.6"}, {"2025-06", "1.4"}, {"2025-07", "1.2"}, {"2025-08", "1.0"}})
        month(1, code, ammonia, "0.15");
    auto wanted = query("2025");
    EXPECT_FALSE(report(wanted).sections[0].trend) << "nobody asked";
    wanted.trend = true;
    auto const made = report(wanted);
    ASSERT_TRUE(made.sections[0].trend);
    EXPECT_EQ(made.sections[0].trend->periods.size(), 10U);     // November is not over
    wanted.sites = {"b"};                                       // which has the mean of one month
    auto const none = water_report_html(report(wanted), *world, {});
    EXPECT_FALSE(none.contains("变化趋势（")) << "no table of dashes";
    EXPECT_TRUE(none.contains("各断面的均值都不足5期，未作变化趋势分析。"));
    auto const content = water_report_content(made, *world->standards, nullptr, {.root_url = "https://w"});
    auto const& list = content.lists.at("趋势");
    ASSERT_EQ(list.rows.size(), 2U);                            // the others have no means
    auto const& row = list.rows[0];
    EXPECT_EQ(row[*list.column("断面")].text, "甲断面");
    EXPECT_EQ(row[*list.column("时段")].text, "2025年1月至2025年10月逐月（5期，临界值0.9）");
    EXPECT_EQ(row[*list.column("显著下降")].text, "氨氮（rs=-1.000）");
    EXPECT_EQ(row[*list.column("显著上升")].text, "--");
    EXPECT_TRUE(row[*list.column("断面")].link.contains("/api/v1/sites/a/readings")) << row[*list.column("断面")].link;
    EXPECT_EQ(list.rows[1][*list.column("均值不足")].text, "pH值、溶解氧、高锰酸盐指数、氨氮、总磷");
    auto const html = water_report_html(made, *world, {});
    EXPECT_TRUE(html.contains("变化趋势（各期均值与时间的秩相关，单侧0.05）"));
    EXPECT_TRUE(html.contains("Spearman 秩相关系数"));
    EXPECT_FALSE(water_report_html(report(query("2025-10")), *world, {}).contains("变化趋势"));
}

TEST_F(WaterReportTest, ShowsTheTrendOfTheSamePeriodOfSeveralYears)
{
    for (auto const& [code, ammonia] : {std::pair{"2021-10", "1.6"}, {"2022-10", "1.5"}, {"2023-10", "1.4"}})
        month(1, code, ammonia, "0.15");
    auto wanted = query("2025-10");
    wanted.trend = true;
    EXPECT_FALSE(report(wanted).sections[0].trend) << "a month has no parts";
    wanted.trend_since = 2019;
    auto const made = report(wanted);
    auto const& trend = made.sections[0].trend.value();
    EXPECT_EQ(trend.periods.size(), 7U);
    EXPECT_EQ(trend_items(trend, -1, world->standards->parameters()), "氨氮（rs=-1.000）");
    EXPECT_EQ(made.data.records, 31U * 7) << "what the years are made of was read too";
    wanted.trend_since = 2025;
    auto const refused = make_water_report(wanted, *world, records);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "trend_since: '2025' is not before 2025, the year of the period");
}

TEST_F(WaterReportTest, ShowsTheTrendOfTheSharesOfRiversAndPlaces)
{
    for (auto const& [code, first, second] : {std::tuple{"2021-10", "1.2", "1.2"}, {"2022-10", "1.2", "0.9"}, {"2023-10", "0.9", "0.9"}}) {
        month(1, code, first, "0.15");
        month(2, code, second, "0.15");
    }
    auto wanted = query("2025-10");
    wanted.trend = true;
    EXPECT_FALSE(report(wanted).all.share_trend) << "a month has no parts";
    wanted.trend_since = 2021;
    auto const made = report(wanted);
    std::string shares;
    for (auto const& [period, value] : made.all.share_trend.value().values)
        shares += period_code(period) + " " + value.to_string() + "; ";
    EXPECT_EQ(shares, "2021-10 0.0; 2022-10 50.0; 2023-10 100.0; 2024-10 0.0; 2025-10 50.0; ");
    EXPECT_EQ(figure_trend_text(*made.all.share_trend), "无显著变化（rs=0.250，5期，临界值0.9）");
    auto const& place = made.places[0].name == "河津市" ? made.places[0] : made.places[1];
    EXPECT_EQ(place.share_trend.value().values.size(), 5U);
    auto const content = water_report_content(made, *world->standards, nullptr, {});
    auto const& list = content.lists.at("比例趋势");
    EXPECT_EQ(list.rows.at(0)[*list.column("概述")].text,
              "全部断面优良比例（2021年10月至2025年10月逐年）：无显著变化（rs=0.250，5期，临界值0.9）。");
    EXPECT_TRUE(water_report_html(made, *world, {}).contains("优良比例和营养状态的变化趋势"));
    wanted.trend = false;
    wanted.trend_since = {};
    EXPECT_FALSE(report(wanted).all.share_trend) << "nobody asked";
}

TEST_F(WaterReportTest, ShowsTheTrendOfTheTrophicStateOfALake)
{
    for (int month = 1; month <= 6; ++month) {
        auto one = record({{"chlorophyll_a", std::to_string(10 + 4 * month)},
                           {"total_phosphorus", "0.05"},
                           {"total_nitrogen", "1.2"},
                           {"transparency", "0.6"},
                           {"codmn", "5.0"}},
                          IntervalKind::sample, fmt::format("2025-{:02}-06", month));
        one.site = 4;
        records.kept.push_back(one);
    }
    auto wanted = query("2025");
    wanted.trend = true;
    auto const made = report(wanted);
    auto const& trend = made.lakes.at(0).tli_trend.value();
    EXPECT_EQ(trend.values.size(), 6U);
    EXPECT_EQ(figure_trend_text(trend), "显著上升（rs=1.000，6期，临界值0.829）");
    EXPECT_TRUE(water_report_html(made, *world, {}).contains("综合营养状态指数"));
}

TEST_F(WaterReportTest, ComparesWithABaseYearAndSaysSo)
{
    month(1, "2020-10", "1.2", "0.15");
    auto wanted = query("2025-10");
    wanted.base = in_year(wanted.period, 2020);
    auto const made = report(wanted);
    EXPECT_EQ(made.all.compared.now.classes.total(), 1);
    EXPECT_EQ(made.all.compared.improved, (std::vector<std::size_t>{0}));
    EXPECT_TRUE(water_report_html(made, *world, {}).contains("与2020年同期（2020年10月）相比，可比断面1个"));
}

/// A reservoir was filled: the section moved from the river to the lake column of GB 3838 on 1 July 2025. TP of 0.15 is III of a river and V of a lake.
TEST_F(WaterReportTest, JudgesASectionThatBecameOneOfALakeByTheColumnOfItsTime)
{
    auto moved = section(1, "a", "甲断面", 110.5, 3);
    moved.kind = SiteKind::lake_section;
    moved.lake_since = parse_date("2025-07-01").value();
    world = make_world(std::make_shared<StandardsBook const>(book()), {moved, section(2, "b", "乙断面", 111.5, 3)},
                       std::make_shared<NoLayers const>());
    month(1, "2025-06", "0.9", "0.15");
    month(1, "2025-07", "0.9", "0.15");
    auto const of = [&](std::string_view code) { return report(query(code)).sections[0]; };
    EXPECT_EQ(of("2025-06").now.judgement.water_class, 3);
    EXPECT_FALSE(of("2025-06").lake);
    EXPECT_EQ(of("2025-07").now.judgement.water_class, 5);
    EXPECT_EQ(of("2025-07").now.target, TargetVerdict::missed);
    auto const year = of("2025");
    EXPECT_EQ(year.now.judgement.water_class, 5) << "as a whole";
    EXPECT_TRUE(explain(year.now, world->standards->parameters())
                    .contains("2025-07-01起由河流断面改为湖库点位，本时段跨越该日，统一按湖库限值评价"));
    EXPECT_FALSE(explain(of("2025-07").now, world->standards->parameters()).contains("由河流断面"));
    EXPECT_FALSE(explain(of("2025-06").now, world->standards->parameters()).contains("由河流断面"));

    auto const october = report(query("2025-10"));  // compared with the October before, of a river
    EXPECT_EQ(october.sections[0].base->judgement.water_class, 4);
    EXPECT_EQ(october.lakes.at(0).base->points, 0) << "it was no lake";
    EXPECT_FALSE(october.lakes.at(0).change);
    auto const html = water_report_html(october, *world, {});
    EXPECT_TRUE(html.contains("甲断面 2024年10月按河流限值评价，本期按湖库限值。")) << html;
    EXPECT_TRUE(water_report_html(report(query("2025")), *world, {}).contains("甲断面 2025年：2025-07-01起由河流断面改为湖库点位"));

    auto pond = section(2, "b", "乙断面", 111.5, 3);
    pond.kind = SiteKind::lake_section;
    world = make_world(std::make_shared<StandardsBook const>(book()), {moved, pond}, std::make_shared<NoLayers const>());
    EXPECT_EQ(report(query("2025-07")).lakes.at(0).points.size(), 2U);
    EXPECT_EQ(report(query("2025-06")).lakes.at(0).points.size(), 1U) << "only the one that was of a lake then";
}

TEST_F(WaterReportTest, SaysWhetherDrinkingWaterSourcesHold)
{
    auto source = section(1, "a", "甲断面", 110.5, 3);
    source.drinking_water_source = true;
    world = make_world(std::make_shared<StandardsBook const>(book()), {source, section(2, "b", "乙断面", 111.5, 3)},
                       std::make_shared<NoLayers const>());
    auto sample = record({{"nitrate", "12.0"}, {"sulfate", "40"}}, IntervalKind::sample);
    sample.time = parse_rfc3339("2025-10-06T01:00:00Z").value();
    records.kept.push_back(sample);
    auto const made = report(query("2025-10"));
    auto const content = water_report_content(made, *world->standards, nullptr, {});
    auto const& list = content.lists.at("饮用水源");
    ASSERT_EQ(list.rows.size(), 1U);
    EXPECT_EQ(list.rows[0][*list.column("达标")].text, "不达标");
    EXPECT_EQ(list.rows[0][*list.column("超标项目")].text, "硝酸盐(0.2)");
    EXPECT_EQ(list.rows[0][*list.column("未测项目")].text, "氯化物、铁、锰");
    auto const html = water_report_html(made, *world, {});
    EXPECT_TRUE(html.contains("集中式饮用水水源地补充项目（GB 3838 表2）"));
    EXPECT_TRUE(html.contains("表3特定项目不在内"));
    EXPECT_EQ(made.sections[0].now.target, TargetVerdict::met) << "they are in no class";
}

/// A lake from its two points, one of which has no chlorophyll; what is not judged is shown.
TEST_F(WaterReportTest, EvaluatesALakeFromTheMeansOfItsPoints)
{
    auto first = section(4, "east", "东", 110.5, 4);
    auto second = section(5, "west", "西", 110.6, 4);
    for (auto* point : {&first, &second}) {
        point->kind = SiteKind::lake_section;
        point->water_body = "盐湖";
    }
    auto reservoir = section(6, "dam", "坝前", 110.7, 3);
    reservoir.kind = SiteKind::lake_section;  // of a river that has sections, too
    world = make_world(std::make_shared<StandardsBook const>(book()), {section(1, "a", "甲断面", 110.5, 3), first, second, reservoir},
                       std::make_shared<NoLayers const>());
    auto const sample = [&](SiteNumber site, Values values) {
        auto one = record(values, IntervalKind::sample);
        one.site = site;
        one.time = parse_rfc3339("2025-10-06T01:00:00Z").value();
        records.kept.push_back(one);
    };
    sample(4, {{"chlorophyll_a", "21.4"},
               {"total_phosphorus", "0.058"},
               {"total_nitrogen", "1.62"},
               {"transparency", "0.55"},
               {"codmn", "5.6"},
               {"salinity", "80.2"}});
    sample(5,
           {{"total_phosphorus", "0.070"}, {"total_nitrogen", "1.38"}, {"transparency", "0.70"}, {"codmn", "4.9"}, {"salinity", "81.6"}});
    auto const made = report(query("2025-10"));
    ASSERT_EQ(made.lakes.size(), 2U);
    EXPECT_EQ(made.lakes[0].name, "坝前");
    EXPECT_EQ(made.lakes[0].now.points, 0);
    auto const& lake = made.lakes[1];
    EXPECT_EQ(lake.name, "盐湖");
    EXPECT_EQ(lake.now.points, 2);
    EXPECT_EQ(lake.now.judgement.water_class, 4);  // total phosphorus 0.064, by the limits of lakes
    EXPECT_EQ(lake.now.nitrogen_class, 4);  // 1.50
    EXPECT_EQ(lake.now.mean(book().parameters().find("salinity")->id)->to_string(), "80.9");
    ASSERT_TRUE(lake.now.trophic.has_value());
    EXPECT_EQ(lake.now.trophic->shown.to_string(), "55.2");
    auto const html = water_report_html(made, *world, {});
    EXPECT_NE(
        html.find("盐湖：点位2个，水质Ⅳ类，主要污染指标：总磷(0.3)；总氮单独评价为Ⅳ类；综合营养状态指数55.2，轻度富营养；盐度80.9 g/L。"),
        std::string::npos)
        << html;
    auto const content = water_report_content(made, *world->standards, nullptr, {});
    EXPECT_EQ(content.lists.at("河流").rows.size(), 1U);  // a lake is no river
    EXPECT_EQ(content.lists.at("湖库").rows.size(), 2U);
    std::erase_if(records.kept, [](Record const& one) { return one.site == 4; });
    auto const fewer = report(query("2025-10"));
    EXPECT_FALSE(fewer.lakes[1].now.trophic.has_value());
    EXPECT_NE(water_report_html(fewer, *world, {}).find("；缺叶绿素a，营养状态未作评价"), std::string::npos);
}

}  // namespace
}  // namespace yihong
