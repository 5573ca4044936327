// Lakes and reservoirs over periods as a collection.
#include "periods_fixture.hpp"

#include <fmt/format.h>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

/// A salt lake of two waters.
class OneLake final : public LayerSet {
public:
    OneLake()
    {
        auto lakes = std::make_shared<Layer>();
        lakes->role = LayerRole::lake;
        lakes->attributes = {{"name", "名称", AttributeType::text}};
        lakes->features.push_back({"1",
                                   MultiPolygon{{Polygon{{{{110, 34}, {111, 34}, {111, 35}, {110, 34}}}},
                                                 Polygon{{{{112, 34}, {113, 34}, {113, 35}, {112, 34}}}}}},
                                   BoundingBox{110, 34, 113, 35},
                                   {std::string{"盐湖"}}});
        layers_ = {lakes};
    }
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override { return {}; }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

class LakePeriodsTest : public PeriodsFixture {
protected:
    void SetUp() override
    {
        std::vector<Site> sites{site("dam", SiteKind::lake_section), site("east", SiteKind::lake_section),
                                site("west", SiteKind::lake_section), site("river", SiteKind::water_section)};
        for (auto& one : sites) {
            one.number = store.number_sites({&one.id, 1}).front();
            one.water_body = one.id == "dam" || one.id == "river" ? "汾河" : "盐湖";
        }
        here = make_world(standards(), std::move(sites), std::make_shared<OneLake const>());
        sample("east", {{"ph", "8.6"},
                        {"codmn", "5.6"},
                        {"total_phosphorus", "0.058"},
                        {"total_nitrogen", "1.62"},
                        {"chlorophyll_a", "21.4"},
                        {"transparency", "0.55"},
                        {"salinity", "80.2"},
                        {"water_level", "324.10"}});
        sample(
            "west",
            {{"codmn", "4.9"}, {"total_phosphorus", "0.070"}, {"total_nitrogen", "1.38"}, {"transparency", "0.70"}, {"salinity", "81.6"}});
    }
    void sample(std::string_view id, std::vector<std::pair<std::string_view, std::string_view>> const& values)
    {
        Record record;
        record.site = here->sites->find(id)->number;
        record.interval = IntervalKind::sample;
        record.time = at("2025-10-06T01:00:00Z");
        record.received_at = record.time + 25h;
        for (auto const& [parameter, value] : values)
            record.readings.push_back(reading(parameter, value));
        std::ranges::sort(record.readings, {}, &Reading::parameter);
        WriteGroup group;
        group.records.added.push_back(record);
        store.commit(group);
    }
    std::shared_ptr<FeatureSource const> source() const
    {
        return make_period_source(PeriodOf::lake, here, period_data(PeriodOf::lake, *here, store), {store, nullptr, settings, marks});
    }

    std::shared_ptr<World const> here;
};

/// The index of W06's kind: of the mean of the points, salinity and level beside it.
TEST_F(LakePeriodsTest, SayWhatTheReportSays)
{
    auto const lakes = source();
    EXPECT_EQ(lakes->metadata().id, "lake-periods");
    EXPECT_EQ(ids(*lakes), (Ids{"盐湖.2025", "盐湖.2025-10"})) << "the other lake has no records";
    EXPECT_EQ(values(*lakes, "盐湖.2025-10",
                     {"points", "water_class", "deciding_parameters", "main_pollutants", "total_nitrogen_class", "tli", "trophic_state",
                      "trophic_lacks", "codmn", "salinity", "water_level", "provisional", "records"}),
              "points=断面 east、断面 west water_class=4 deciding_parameters=total_phosphorus main_pollutants=总磷(0.3) "
              "total_nitrogen_class=4 tli=55.2 trophic_state=轻度富营养 trophic_lacks= codmn=5.2 salinity=80.9 water_level=324.1 "
              "provisional=false records=2");
    EXPECT_EQ(values(*lakes, "盐湖.2025-10", {"explanation"}),
              "explanation=2025年10月点位2个，水质Ⅳ类，主要污染指标：总磷(0.3)；总氮单独评价为Ⅳ类；综合营养状态指数55.2，轻度富营养；"
              "盐度80.9 g/L；水位324.10 m。");
    EXPECT_EQ(values(*lakes, "盐湖.2025-10-06", {"water_class", "tli"}), "water_class=4 tli=55.2");
}

TEST_F(LakePeriodsTest, ShowThePartsOfTheIndex)
{
    std::vector<std::string_view> const parts{"tli_chlorophyll_a", "tli_total_phosphorus", "tli_total_nitrogen", "tli_transparency",
                                              "tli_codmn"};
    EXPECT_EQ(values(*source(), "盐湖.2025-10", parts),
              "tli_chlorophyll_a=58.27 tli_total_phosphorus=49.72 tli_total_nitrogen=61.4 tli_transparency=60.3 tli_codmn=45.22")
        << "of 21.4 µg/L, 0.064 mg/L, 1.50 mg/L, 0.625 m and 5.25 mg/L";
}

TEST_F(LakePeriodsTest, NameWhatTheStateLacksAndThePointsWithoutAClass)
{
    sample("dam", {{"codmn", "3.1"}, {"total_phosphorus", "0.03"}, {"transparency", "1.1"}});
    EXPECT_EQ(values(*source(), "断面 dam.2025-10", {"water_class", "tli", "trophic_state", "trophic_lacks", "total_nitrogen_class"}),
              "water_class=3 tli= trophic_state= trophic_lacks=chlorophyll_a、total_nitrogen total_nitrogen_class=")
        << "on a river that has sections of its own it is a lake by its own name";
    EXPECT_NE(values(*source(), "断面 dam.2025-10", {"explanation"}).find("缺叶绿素a、总氮，营养状态未作评价"), std::string::npos);
}

TEST_F(LakePeriodsTest, HaveTheGeometryOfTheLakeThatIsCalledSo)
{
    sample("dam", {{"codmn", "3.1"}});
    auto const lakes = source();
    auto const* shape = std::get_if<MultiPolygon>(&lakes->find("盐湖.2025-10")->geometry());
    ASSERT_NE(shape, nullptr);
    EXPECT_EQ(shape->polygons.size(), 2U);
    EXPECT_EQ(type_of(lakes->find("断面 dam.2025-10")->geometry()), GeometryType::none) << "no layer draws it";
}

}  // namespace
}  // namespace yihong::testing
