#include "fixture.hpp"

#include <string>

namespace yihong {
namespace {

TEST(Config, ReadsEveryKeyOfALayer)
{
    auto const config = config_of(R"([[layers]]
id = "counties"
title = "县"
title_en = "Counties"
description = "d"
attribution = "© OSM"
license = "ODbL-1.0"
source = "../layers/a.gpkg"
layer = "c"
role = "boundary"
crs = "EPSG:4490"
datum = "gcj02"
encoding = "GBK"
where = "name = '黄河'"
id_attribute = "adcode"
name_attribute = "NAME"
attributes = ["adcode", { name = "NAME", title = "名称" }]
simplify_m = 10
reach_m = 2.5
)");

    ASSERT_EQ(config.layers.size(), 1U);
    auto const& layer = config.layers[0];
    EXPECT_EQ(layer.id, "counties");
    EXPECT_EQ(layer.title, "县");
    EXPECT_EQ(layer.title_en, "Counties");
    EXPECT_EQ(layer.description, "d");
    EXPECT_EQ(layer.attribution, "© OSM");
    EXPECT_EQ(layer.license, "ODbL-1.0");
    EXPECT_EQ(layer.source, "/etc/layers/a.gpkg");
    EXPECT_EQ(layer.source_layer, "c");
    EXPECT_EQ(layer.role, LayerRole::boundary);
    EXPECT_EQ(layer.crs, "EPSG:4490");
    EXPECT_TRUE(layer.gcj02);
    EXPECT_EQ(layer.encoding, "GBK");
    EXPECT_EQ(layer.where, "name = '黄河'");
    EXPECT_EQ(layer.id_attribute, "adcode");
    EXPECT_EQ(layer.name_attribute, "NAME");
    EXPECT_EQ(layer.attributes, (std::vector<std::pair<std::string, std::string>>{{"adcode", ""}, {"NAME", "名称"}}));
    EXPECT_EQ(layer.simplify_m, 10);
    EXPECT_EQ(layer.reach_m, 2.5);
}

TEST(Config, LayerNeedsOnlyIdAndSource)
{
    auto const config =
        config_of("[[layers]]\nid = \"a\"\nsource = \"PG:host=db/x\"\n[[layers]]\nid = \"b\"\nsource = \"/vsizip/x.zip/b.shp\"\n");

    ASSERT_EQ(config.layers.size(), 2U);
    EXPECT_EQ(config.layers[0].source, "PG:host=db/x");      // not a path
    EXPECT_EQ(config.layers[0].title, "a");
    EXPECT_EQ(config.layers[0].name_attribute, "name");
    EXPECT_EQ(config.layers[0].reach_m, 5000);
    EXPECT_EQ(config.layers[0].role, LayerRole::other);
    EXPECT_FALSE(config.layers[0].gcj02);
    EXPECT_EQ(config.layers[1].source, "/vsizip/x.zip/b.shp");
}

TEST(Config, LayerSaysHowAccurateItIs)
{
    auto const config = config_of(R"(
[[layers]]
id = "derived"
source = "a.geojson"
role = "river"
accuracy_m = 2500
accuracy_attribute = "accuracy_m"
approximate = true
[[layers]]
id = "rivers"
source = "b.geojson"
role = "river"
)");
    EXPECT_EQ(config.layers[0].accuracy_m, 2500);
    EXPECT_EQ(config.layers[0].accuracy_attribute, "accuracy_m");
    EXPECT_TRUE(config.layers[0].approximate);
    EXPECT_EQ(config.layers[1].accuracy_m, std::nullopt);
    EXPECT_FALSE(config.layers[1].approximate);
    EXPECT_EQ(only_failure("[[layers]]\nid = \"a\"\nsource = \"a\"\nrole = \"lake\"\napproximate = true\n").code, Errc::bad_value);
}

TEST(Config, ZoneIsARuleOnARaster)
{
    auto const config = config_of(R"(
[[layers]]
id = "elevation"
source = "dem.tif"
role = "raster"
[[zones]]
id = "clean-heating"
title = "清洁取暖区"
rule = "elevation < 400"
[[zones]]
id = "high"
rule = "elevation>1e3"
)");

    ASSERT_EQ(config.zones.size(), 2U);
    EXPECT_EQ(config.zones[0].id, "clean-heating");
    EXPECT_EQ(config.zones[0].title, "清洁取暖区");
    EXPECT_EQ(config.zones[0].raster, "elevation");
    EXPECT_EQ(config.zones[0].below, 400.0);
    EXPECT_EQ(config.zones[0].above, std::nullopt);
    EXPECT_EQ(config.zones[1].title, "high");
    EXPECT_EQ(config.zones[1].below, std::nullopt);
    EXPECT_EQ(config.zones[1].above, 1000.0);
}

TEST(Config, IdsAreUnique)
{
    EXPECT_EQ(only_failure("layers = [{ id = \"a\", source = \"x\" }, { id = \"a\", source = \"y\" }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"air-stations\", source = \"x\" }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"a\", source = \"x\", attributes = [\"n\", \"n\"] }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"r\", source = \"x\", role = \"raster\" }]\n"
                           "zones = [{ id = \"z\", rule = \"r < 1\" }, { id = \"z\", rule = \"r > 1\" }]")
                  .code,
              Errc::duplicate_id);
}

TEST(Config, ZoneNeedsItsRaster)
{
    auto const failure =
        only_failure("layers = [{ id = \"elevation\", source = \"x\" }]\nzones = [{ id = \"z\", rule = \"elevation < 400\" }]");

    EXPECT_EQ(failure,
              (Failure{Errc::bad_value, "yihong.toml:2:29: zones[0].rule: no layer with role \"raster\" has the id \"elevation\""}));
}

}  // namespace
}  // namespace yihong
