// The bytes that clients and caches know: one feature of each collection in full.
#include "world_fixture.hpp"

#include "yihong/alerting/alert_feature.hpp"
#include "yihong/evaluate/judge.hpp"

namespace yihong::testing {
namespace {

/// Layers of which one place knows everything.
class KnownPlace final : public LayerSet {
public:
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override
    {
        return {.county = "河津市",
                .rivers = {{.name = "汾河", .distance_m = 120.26, .chainage_km = 41.23456, .accuracy_m = {}}},
                .lake = "",
                .lake_distance_m = std::nullopt,
                .zones = {"plain", "heating"},
                .elevation_m = 371.5,
                .elevation_accuracy_m = std::nullopt,
                .zone_notes = {},
                .raster_values = {}};
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

class PinnedGeoJson : public WorldFixture {
protected:
    void SetUp() override
    {
        std::vector<Site> sites{site("air", SiteKind::air_station), site("lake", SiteKind::lake_section, std::nullopt),
                                site("out", SiteKind::outfall), site("tributary", SiteKind::water_section),
                                site("river", SiteKind::water_section)};
        auto& tributary = sites[sites.size() - 2];
        tributary.water_body = "浍河";
        tributary.assessed_for = "临汾市侯马市";
        auto& river = sites.back();
        river.position = LonLat{110.123456789, -0.5};
        river.name_en = "River \"A\"";
        river.mn = "A140882_0001";
        river.level = "national";
        river.water_body = "汾河";
        river.assessed_for = "运城市";
        river.coordinate_accuracy_m = 12.5;
        river.source = "test";
        for (auto& s : sites)
            s.number = store.number_sites({&s.id, 1}).front();
        known = make_world(standards(), std::move(sites), std::make_shared<KnownPlace const>());

        auto polluted = record("river", IntervalKind::four_hours,
                               {reading("ph", "8.10"), reading("codmn", "7.10", "M"), reading("dissolved_oxygen", "4.5"),
                                reading("ammonia_nitrogen", "2.50"), reading("total_phosphorus", "0.250"), reading("lead", "0.002")});
        Reading silent = reading("turbidity", "0", "D");
        silent.has_value = false;
        polluted.readings.push_back(silent);
        std::ranges::sort(polluted.readings, {}, &Reading::parameter);
        polluted.status = StationStatus::maintenance;

        Alert alert;
        alert.id = "river-water-20251106T120000Z";
        alert.site = polluted.site;
        alert.site_id = "river";
        alert.severity = alert.peak_severity = AlertSeverity::alert;
        alert.rules = {"exceed-notice", "below-class-iii"};
        Exceedance const ammonia{.parameter = standards()->parameters().find("ammonia_nitrogen")->id,
                                 .value = Decimal{250, 2},
                                 .limit = Decimal{10, 1},
                                 .below = false,
                                 .multiple = Decimal{15, 1},
                                 .item_class = 6,
                                 .time = polluted.time};
        alert.causes = {{.rule = "below-class-iii",
                         .kind = RuleKind::worse_than_class,
                         .severity = AlertSeverity::alert,
                         .interval = IntervalKind::four_hours,
                         .since = polluted.time,
                         .last = polluted.time,
                         .items = {ammonia}}};
        alert.worst = {ammonia};
        alert.water_class = alert.peak_class = 6;
        alert.peak_time = polluted.time;
        alert.opened_at = at("2025-11-06T16:00:00.250Z");
        alert.updated_at = at("2025-11-06T17:00:00Z");
        alert.resolved_at = at("2025-11-07T17:00:00Z");
        alert.last_time = polluted.time;
        alert.assignee = "王某";
        alert.consequence_of = {"upper-water-20251106T080000Z"};
        alert.deadlines = AlertDeadlines{.resolve_by = at("2025-11-13T16:00:00Z")};
        auto const kept = std::make_shared<Alert const>(std::move(alert));

        Network network{catalog};
        AlertCollection alerts;
        alerts.reset(known, {kept});
        network.show(alerts.published("v"));
        network.reset(known,
                      {polluted, record("air", IntervalKind::hour, {reading("pm25", "180"), reading("pm10", "60"), reading("o3", "21.0")})},
                      at("2025-11-06T20:30:00Z"));
        network.set_missing(polluted.site, 3);
        network.set_alert(polluted.site, kept);
        network.publish(at("2025-11-06T20:30:00Z"));
    }

    Record record(std::string_view site_id, IntervalKind interval, std::vector<Reading> readings)
    {
        auto const& of = *known->sites->find(site_id);
        Record made;
        made.site = of.number;
        made.interval = interval;
        made.time = at("2025-11-06T12:00:00Z");
        made.readings = std::move(readings);
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        made.verdict = judge(made, of.kind, *known->standards);
        return made;
    }

    std::string feature(std::string_view collection, std::string_view id) const
    {
        auto const found = catalog.load()->find(collection);
        auto const f = found ? found->find(id) : nullptr;
        return f ? f->geojson() : "no such feature";
    }

    Snapshot<Catalog> catalog{std::make_shared<Catalog const>()};
    std::shared_ptr<World const> known;
};

TEST_F(PinnedGeoJson, OfARiverSectionWithRecordAndAlert)
{
    EXPECT_EQ(
        feature("water-sections", "river"),
        R"({"type":"Feature","id":"river","geometry":{"type":"Point","coordinates":[110.1234568,-0.5]},)"
        R"("properties":{"name":"断面 river","name_en":"River \"A\"","kind":"water_section","mn":"A140882_0001",)"
        R"("level":"national","water_body":"汾河","assessed_for":"运城市","target_class":3,"coordinate_accuracy_m":12.5,"source":"test",)"
        R"("county":"河津市","river":"汾河","river_distance_m":120.3,"river_chainage_km":41.235,"river_accuracy_m":null,)"
        R"("nearest_river":"汾河","nearest_river_distance_m":120.3,"nearest_river_chainage_km":41.235,"lake":null,)"
        R"("lake_distance_m":null,"zones":"plain、heating","elevation_m":371.5,"elevation_accuracy_m":null,"zone_notes":null,"time":"2025-11-06T12:00:00Z","time_beijing":"北京时间 2025-11-06 20:00",)"
        R"("interval":"4h","status":"maintenance","currency":"current","missing_periods":3,"water_class":6,"class_complete":false,"missing_parameters":"codmn","water_class_label":"劣Ⅴ",)"
        R"("water_quality":"重度污染","deciding_parameters":"ammonia_nitrogen","main_pollutants":"氨氮(1.5)、总磷(0.2)、溶解氧","meets_target":false,"standard":"GB 3838-2002",)"
        R"("alert_state":"open","alert_severity":"alert","alert_id":"river-water-20251106T120000Z","water_temperature":null,"ph":8.10,)"
        R"("dissolved_oxygen":4.5,"codmn":7.10,"ammonia_nitrogen":2.50,"total_phosphorus":0.250,"total_nitrogen":null,"lead":0.002,)"
        R"("conductivity":null,"turbidity":null,"not_valid":"codmn、turbidity"}})");
}

TEST_F(PinnedGeoJson, NamesTheRiverOfTheSiteNotTheNearestLine)
{
    auto const section = feature("water-sections", "tributary");
    EXPECT_NE(section.find(R"("water_body":"浍河","assessed_for":"临汾市侯马市")"), std::string::npos) << section;
    EXPECT_NE(section.find(R"("river":"浍河","river_distance_m":null,"river_chainage_km":null,"river_accuracy_m":null,)"
                           R"("nearest_river":"汾河","nearest_river_distance_m":120.3,"nearest_river_chainage_km":41.235)"),
              std::string::npos)
        << section;
}

TEST_F(PinnedGeoJson, OfALakePointWithoutPositionOrRecord)
{
    EXPECT_EQ(
        feature("water-sections", "lake"),
        R"({"type":"Feature","id":"lake","geometry":null,"properties":{"name":"断面 lake","name_en":null,)"
        R"("kind":"lake_section","mn":null,"level":null,"water_body":null,"assessed_for":null,"target_class":null,"coordinate_accuracy_m":null,)"
        R"("source":null,"county":null,"river":null,"river_distance_m":null,"river_chainage_km":null,"river_accuracy_m":null,)"
        R"("nearest_river":null,"nearest_river_distance_m":null,"nearest_river_chainage_km":null,"lake":null,)"
        R"("lake_distance_m":null,"zones":null,"elevation_m":null,"elevation_accuracy_m":null,"zone_notes":null,"time":null,"time_beijing":null,"interval":null,"status":null,)"
        R"("currency":"none","missing_periods":null,"water_class":null,"class_complete":null,"missing_parameters":null,"water_class_label":null,"water_quality":null,)"
        R"("deciding_parameters":null,"main_pollutants":null,"meets_target":null,)"
        R"("standard":null,"alert_state":"none","alert_severity":"none","alert_id":null,"water_temperature":null,"ph":null,"dissolved_oxygen":null,"codmn":null,)"
        R"("ammonia_nitrogen":null,"total_phosphorus":null,"total_nitrogen":null,"lead":null,"conductivity":null,"turbidity":null,"not_valid":null}})");
}

TEST_F(PinnedGeoJson, OfAnAirStation)
{
    EXPECT_EQ(
        feature("air-stations", "air"),
        R"({"type":"Feature","id":"air","geometry":{"type":"Point","coordinates":[110.4,34.9]},"properties":{"name":"断面 air",)"
        R"("name_en":null,"kind":"air_station","mn":null,"level":null,"coordinate_accuracy_m":null,"source":null,)"
        R"("county":"河津市","river":"汾河","river_distance_m":120.3,"river_chainage_km":41.235,"river_accuracy_m":null,)"
        R"("nearest_river":"汾河","nearest_river_distance_m":120.3,"nearest_river_chainage_km":41.235,"lake":null,)"
        R"("lake_distance_m":null,"zones":"plain、heating","elevation_m":371.5,"elevation_accuracy_m":null,"zone_notes":null,"time":"2025-11-06T12:00:00Z","time_beijing":"北京时间 2025-11-06 20:00",)"
        R"("interval":"hour","status":"normal","currency":"stale","missing_periods":null,"aqi":230,"aqi_level":5,)"
        R"("aqi_category":"重度污染","primary_pollutants":"pm25","missing_parameters":"so2、no2、co","standard":"HJ 633-2012","alert_state":"none","alert_severity":"none",)"
        R"("alert_id":null,"pm25":180,"pm10":60,"so2":null,"no2":null,"co":null,"o3":21.0,"o3_8h":null,"not_valid":null}})");
}

TEST_F(PinnedGeoJson, OfAnOutfall)
{
    EXPECT_EQ(
        feature("outfalls", "out"),
        R"({"type":"Feature","id":"out","geometry":{"type":"Point","coordinates":[110.4,34.9]},"properties":{"name":"断面 out",)"
        R"("name_en":null,"kind":"outfall","mn":null,"level":null,"water_body":null,"assessed_for":null,"coordinate_accuracy_m":null,)"
        R"("source":null,"county":"河津市","river":"汾河","river_distance_m":120.3,"river_chainage_km":41.235,"river_accuracy_m":null,)"
        R"("nearest_river":"汾河","nearest_river_distance_m":120.3,"nearest_river_chainage_km":41.235,)"
        R"("lake":null,"lake_distance_m":null,"zones":"plain、heating","elevation_m":371.5,"elevation_accuracy_m":null,"zone_notes":null,"time":null,"time_beijing":null,)"
        R"("interval":null,"status":null,"currency":"none","missing_periods":null,"alert_state":"none","alert_severity":"none",)"
        R"("alert_id":null,"ph":null,"cod":null,"ammonia_nitrogen":null,"total_phosphorus":null,"total_nitrogen":null,"not_valid":null}})");
}

TEST_F(PinnedGeoJson, OfAnAlert)
{
    EXPECT_EQ(
        feature("alerts", "river-water-20251106T120000Z"),
        R"({"type":"Feature","id":"river-water-20251106T120000Z","geometry":{"type":"Point","coordinates":[110.1234568,-0.5]},)"
        R"("properties":{"site":"river","site_name":"断面 river","kind":"water_section","river":"汾河","assessed_for":"运城市","county":"河津市",)"
        R"j("family":"water","title":"【预警】断面 river水质劣Ⅴ类：氨氮 2.50 mg/L","title_en":"[Alert] River \"A\": worse than class V, Ammonia nitrogen 2.50 mg/L",)j"
        R"("state":"open","severity":"alert","peak_severity":"alert","rule":"below-class-iii","rules":"exceed-notice、)"
        R"(below-class-iii","water_class":6,"water_class_label":"劣Ⅴ","peak_class":6,"peak_class_label":"劣Ⅴ","target_class":3,"aqi":null,"peak_aqi":null,"peak_time":"2025-11-06T12:00:00Z","peak_time_beijing":"北京时间 2025-11-06 20:00","deciding_parameters":"ammonia_nitrogen",)"
        R"("multiple":1.5,"time":"2025-11-06T12:00:00Z","time_beijing":"北京时间 2025-11-06 20:00","opened_at":"2025-11-06T16:00:00.250Z","opened_at_beijing":"北京时间 2025-11-07 00:00","updated_at":"2025-11-06T17:00:00Z","updated_at_beijing":"北京时间 2025-11-07 01:00",)"
        R"("acknowledged_at":null,"acknowledged_at_beijing":null,"acknowledged_by":null,"assignee":"王某","resolve_by":"2025-11-13T16:00:00Z","resolve_by_beijing":"北京时间 2025-11-14 00:00",)"
        R"("resolved_at":"2025-11-07T17:00:00Z","resolved_at_beijing":"北京时间 2025-11-08 01:00","duration_h":25,"closed_at":null,"closed_at_beijing":null,"likely_consequence_of":"upper-water-20251106T080000Z"}})");
}

}  // namespace
}  // namespace yihong::testing
