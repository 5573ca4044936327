// Outfalls and plants over periods as a collection: a feature an outlet, item and period.
#include "periods_fixture.hpp"

#include <fmt/format.h>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class OutfallPeriodsTest : public PeriodsFixture {
protected:
    void SetUp() override
    {
        std::vector<Site> sites{site("plant", SiteKind::wastewater_plant), site("q", SiteKind::outfall),
                                site("s", SiteKind::water_section)};
        for (auto& one : sites)
            one.number = store.number_sites({&one.id, 1}).front();
        AlertPlan plan;
        AlertRule permit;
        permit.id = "permit";
        permit.kind = RuleKind::discharge;
        permit.limits = {{"cod", {}, Decimal{40, 0}}, {"ph", Decimal{6, 0}, Decimal{9, 0}}};
        permit.standard = "许可证";
        plan.rules = {permit};
        here = make_world(standards(), std::move(sites), std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(plan));
        for (int day = 1; day <= 30; ++day)
            hours("plant", fmt::format("2025-11-{:02}", day), day == 7 ? "46" : "20");
    }
    void hours(std::string_view id, std::string_view date, std::string_view cod)
    {
        auto const begin = parse_period(date).value().begin;
        WriteGroup group;
        for (int hour = 0; hour < 24; ++hour) {
            Record record;
            record.site = here->sites->find(id)->number;
            record.interval = IntervalKind::hour;
            record.time = begin + std::chrono::hours{hour};
            record.received_at = record.time + 2h;
            record.readings = {reading("cod", cod), reading("ph", "7.5"), reading("total_nitrogen", "9"), reading("effluent_flow", "100")};
            std::ranges::sort(record.readings, {}, &Reading::parameter);
            group.records.added.push_back(std::move(record));
        }
        store.commit(group);
    }
    std::shared_ptr<FeatureSource const> source(std::optional<UtcTime> known_at = {}) const
    {
        return make_period_source(PeriodOf::outfall, here, period_data(PeriodOf::outfall, *here, store),
                                  {store, nullptr, settings, marks, known_at});
    }
    void report_stop(std::string_view begin, UtcTime end)
    {
        PeriodMark stop;
        stop.id = "m1";
        stop.kind = PeriodMarkKind::stop;
        stop.site = "plant";
        stop.begin = parse_period(begin).value().begin;
        stop.end = end;
        stop.reason = "检修";
        stop.by = "李";
        marks.publish(std::make_shared<MarkBook const>(PeriodMarks{std::make_shared<PeriodMark const>(stop)}));
    }

    std::shared_ptr<World const> here;
};

TEST_F(OutfallPeriodsTest, AreAFeatureAnOutletItemAndPeriod)
{
    auto const outlets = source();
    EXPECT_EQ(outlets->metadata().id, "outfall-periods");
    EXPECT_EQ(ids(*outlets), (Ids{"plant.ph.2025", "plant.cod.2025", "plant.total_nitrogen.2025", "plant.ph.2025-11", "plant.cod.2025-11",
                                  "plant.total_nitrogen.2025-11"}))
        << "of the other outlet nothing came";
    EXPECT_EQ(ids(*outlets, where(*outlets, "parameter", "cod")), (Ids{"plant.cod.2025", "plant.cod.2025-11"}));
    FeatureQuery bare;  // a condition that stands in no list of them
    bare.filter = Expression{Equals{.column = *outlets->schema().find("period"), .text = "2025-11"}};
    EXPECT_EQ(ids(*outlets, bare), (Ids{"plant.ph.2025-11", "plant.cod.2025-11", "plant.total_nitrogen.2025-11"}));
    EXPECT_EQ(ids(*outlets, where(*outlets, "period", "2025-11-07")),
              (Ids{"plant.ph.2025-11-07", "plant.cod.2025-11-07", "plant.total_nitrogen.2025-11-07"}));
    EXPECT_EQ(outlets->find("plant.cod.2025-11-30-D30")->geometry(), (Geometry{Point{LonLat{110.4, 34.9}}}));
    for (auto const* id :
         {"plant.2025-11", "plant.codmn.2025-11", ".cod.2025-11", "q.cod.2025-11", "plant.cod.2025-10", "s.ph.2025-11", "cod"})
        EXPECT_EQ(outlets->find(id), nullptr) << id;
}

TEST_F(OutfallPeriodsTest, SayWhatTheStatisticsSay)
{
    auto const outlets = source();
    EXPECT_EQ(values(*outlets, "plant.cod.2025-11",
                     {"mean", "unit", "limit", "meets_limit", "days_due", "valid_days", "met_days", "exceeded_days", "met_share",
                      "highest_mean", "highest_day", "highest_multiple"}),
              "mean=20.9 unit=mg/L limit=40 meets_limit=false days_due=30 valid_days=30 met_days=29 exceeded_days=1 met_share=96.7 "
              "highest_mean=46 highest_day=2025-11-07 highest_multiple=0.15");
    EXPECT_EQ(values(*outlets, "plant.cod.2025-11",
                     {"values_due", "values_valid", "transmission_rate", "validity_rate", "transmission_validity_rate", "load_t",
                      "filled_days", "volume_m3", "standard", "provisional", "provisional_until", "records"}),
              "values_due=720 values_valid=720 transmission_rate=100 validity_rate=100 transmission_validity_rate=100 load_t=5.40864 "
              "filled_days=0 volume_m3=259200 standard=许可证 provisional=false provisional_until=2025-12-10T16:00:00Z records=720");
    EXPECT_EQ(values(*outlets, "plant.cod.2025-11", {"explanation"}),
              "explanation=2025年11月化学需氧量均值20.9 mg/L（应有30天，有效30天）；限值40 mg/L（许可证），30天可判定，超标1天；"
              "最高日均值46.0 mg/L（2025-11-07，超0.15倍）；应传720，实传720，有效720，传输率100.00%，有效率100.00%，传输有效率100.00%；"
              "排放量5.409吨。");
    EXPECT_EQ(values(*outlets, "plant.ph.2025-11", {"mean", "limit_low", "limit", "meets_limit", "load_t"}),
              "mean=7.5 limit_low=6 limit=9 meets_limit=true load_t=");
    EXPECT_EQ(values(*outlets, "plant.total_nitrogen.2025-11", {"limit", "met_days", "exceeded_days", "meets_limit", "met_share"}),
              "limit= met_days= exceeded_days= meets_limit= met_share=")
        << "nothing limits it";
}

/// None over the limit says nothing where too few days are valid.
TEST_F(OutfallPeriodsTest, LeaveTheVerdictOpenWhereTooFewDaysAreValid)
{
    hours("q", "2025-11-03", "12");
    auto const outlets = source();
    EXPECT_EQ(values(*outlets, "q.cod.2025-11", {"mean", "met_days", "exceeded_days", "meets_limit", "transmission_rate"}),
              "mean= met_days=1 exceeded_days=0 meets_limit= transmission_rate=3.33");
    EXPECT_EQ(values(*outlets, "q.cod.2025-11-03", {"mean", "meets_limit"}), "mean=12 meets_limit=true");
    hours("q", "2025-11-04", "90");
    EXPECT_EQ(values(*source(), "q.cod.2025-11", {"mean", "meets_limit"}), "mean= meets_limit=false");
}

TEST_F(OutfallPeriodsTest, ShowTheFiguresWithAndWithoutReportedStops)
{
    report_stop("2025-11-07", parse_period("2025-11-07").value().begin + 24h);
    EXPECT_EQ(values(*source(), "plant.cod.2025-11",
                     {"exceeded_days", "exceeded_days_as_measured", "days_due", "values_due", "hours_stopped",
                      "transmission_validity_rate_as_measured", "meets_limit"}),
              "exceeded_days=0 exceeded_days_as_measured=1 days_due=29 values_due=696 hours_stopped=24 "
              "transmission_validity_rate_as_measured=100 meets_limit=true");
    EXPECT_NE(values(*source(), "plant.cod.2025-11", {"marks", "explanation"}).find("检修"), std::string::npos);
    EXPECT_NE(values(*source(), "plant.cod.2025-11", {"explanation"}).find("报备的停运24小时不计"), std::string::npos);
}

TEST_F(OutfallPeriodsTest, AreProvisionalUpToTheTenthOfTheNextMonth)
{
    EXPECT_EQ(values(*source(at("2025-12-10T15:59:00Z")), "plant.cod.2025-11", {"provisional"}), "provisional=true");
    EXPECT_EQ(values(*source(at("2025-12-10T16:00:00Z")), "plant.cod.2025-11", {"provisional"}), "provisional=false");
    EXPECT_NE(values(*source(at("2025-11-20T00:00:00Z")), "plant.cod.2025-11", {"explanation"}).find("2025年11月（至今）"),
              std::string::npos);
}

/// Pages end within an outlet, and some features come before their turn.
TEST_F(OutfallPeriodsTest, ArePagedItemByItem)
{
    hours("q", "2025-11-03", "12");
    auto const outlets = source();
    auto const all = ids(*outlets);
    ASSERT_EQ(all.size(), 12U);
    for (std::size_t limit = 1; limit <= 7; ++limit)
        for (bool const lead : {false, true}) {
            Ids paged;
            FeatureQuery query{.limit = limit, .lead = lead};
            for (bool more = true; more && paged.size() <= all.size(); query.lead = false) {
                auto const stream = outlets->select(query);
                while (auto const feature = stream->next())
                    paged.push_back(feature->id());
                more = stream->has_more();
                query.seen = stream->out_of_turn();
                query.after = paged.back();
            }
            auto sorted = paged, wanted = all;
            std::ranges::sort(sorted);
            std::ranges::sort(wanted);
            EXPECT_EQ(sorted, wanted) << limit << lead;
            if (!lead)
                EXPECT_EQ(paged, all) << limit;
        }
    EXPECT_EQ(ids(*outlets, {.offset = 4}), (Ids{all.begin() + 4, all.end()}));
    EXPECT_EQ(ids(*outlets, {.after = "plant.codmn.2025-11"}), (Ids{"q.ph.2025-11", "q.cod.2025-11", "q.total_nitrogen.2025-11"}))
        << "behind an item that is there no more comes the next outlet";
    EXPECT_EQ(ids(*outlets, {.after = "nowhere.cod.2025-11"}), Ids{});
    FeatureQuery backwards;
    backwards.sort = {{.column = *outlets->schema().find("time"), .descending = true}};
    EXPECT_EQ(ids(*outlets, backwards).front(), "q.ph.2025-11");
}

}  // namespace
}  // namespace yihong::testing
