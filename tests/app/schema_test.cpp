#include "process.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

/// Every feature of every collection, whole and page by page, against the schemas that the collection links to.
constexpr std::string_view validate_all = R"(
import json, sys, urllib.request
from jsonschema import Draft202012Validator, FormatChecker

def get(url):
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)

def violations(validator, value):
    return [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in validator.iter_errors(value)]

root = sys.argv[1]
features = 0
wrong = []
for collection in get(root + "/collections")["collections"]:
    if collection.get("itemType") != "feature":
        continue
    url = root + "/collections/" + collection["id"]
    for profile in ("flat", "structured"):
        schema = get(f"{url}/schema?profile={profile}")
        of_feature = get(f"{url}/schema/feature?profile={profile}")
        for one in (schema, of_feature):
            Draft202012Validator.check_schema(one)
        plain = Draft202012Validator(schema, format_checker=FormatChecker())
        whole = Draft202012Validator(of_feature, format_checker=FormatChecker())
        names = set(schema["properties"]) - {"id", "geometry"}
        page = f"{url}/items?limit=50&profile={profile}"
        seen = set()
        while page:
            answer = get(page)
            for feature in answer["features"]:
                features += 1
                assert feature["id"] not in seen, f"{feature['id']} comes twice"
                seen.add(feature["id"])
                properties = feature["properties"]
                where = f"{collection['id']} {feature['id']} {profile}"
                if set(properties) != names:
                    wrong.append(f"{where}: other properties than in /schema: {sorted(set(properties) ^ names)}")
                if profile == "flat" and any(isinstance(v, (list, dict)) for v in properties.values()):
                    wrong.append(f"{where}: not flat")
                for found in violations(whole, feature) + violations(plain, {**properties, "id": feature["id"], "geometry": feature["geometry"]}):
                    wrong.append(f"{where}: {found}")
            page = next((link["href"] for link in answer["links"] if link["rel"] == "next"), None)
        assert len(seen) == answer.get("numberMatched", len(seen)), (collection["id"], len(seen), answer["numberMatched"])
print(len(wrong), "violations in", features, "features")
print("\n".join(wrong[:20]))
)";

TEST(Schemas, HoldForEveryFeatureOfEveryCollection)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    auto const imported = yihong({"import", "--quiet", "--config", shipped_config, "--data", data,
                                  samples / "surface_water_snapshot_2025-11-06.csv", samples / "air_hourly_2019-07-18.csv"});
    ASSERT_EQ(imported.code, 0) << imported.err;
    Service const service{data};
    // values that are not valid, items of the laboratory, and an alert with its times
    auto const taken = service.ingest(
        "text/csv",
        "site,time,interval,parameter,value,flag\n"
        "zhangliuzhuang,2025-11-06T20:00:00+08:00,sample,fluoride,1.6,N\nzhangliuzhuang,2025-11-06T20:00:00+08:00,sample,ph,11.4,D\n"
        "zhangliuzhuang,2025-11-06T20:00:00+08:00,sample,ammonia_nitrogen,2.9,N\n");
    ASSERT_EQ(taken.at("/accepted"), "1");
    write_file(folder / "validate.py", validate_all);
    auto const validated = run({"/usr/bin/python3", folder / "validate.py", service.url()});
    EXPECT_EQ(validated.code, 0) << validated.err;
    EXPECT_TRUE(validated.out.starts_with("0 violations in ")) << validated.out;
}

/// A client that looks at ten features alone finds the type of every column that has a value anywhere.
TEST(Schemas, CanBeGuessedFromTheFirstTenFeatures)
{
    TemporaryFolder const folder;
    std::vector<std::string> sites;
    for (int i = 100; i < 160; ++i)
        sites.push_back("s" + std::to_string(i));
    auto const config = small_config(folder.path());
    write_sites(folder / "sites.geojson", sites);
    Service const service{folder / "data", {.config = config}};
    auto const taken = service.ingest("text/csv", "site,time,interval,parameter,value\ns150,2025-11-06T20:00:00+08:00,4h,ph,8.1\n"
                                                  "s155,2025-11-06T20:00:00+08:00,sample,fluoride,1.6\n");
    ASSERT_EQ(taken.at("/accepted"), "2");
    auto const first = service.json("/collections/water-sections/items?limit=10");
    EXPECT_EQ(first.at("/numberReturned"), "10");
    bool ph = false;
    bool fluoride = false;
    for (int i = 0; i < 5; ++i) {
        auto const at = "/features/" + std::to_string(i) + "/properties/";
        ph = ph || first.at(at + "ph") == "8.1";
        fluoride = fluoride || first.at(at + "fluoride") == "1.6";
    }
    EXPECT_TRUE(ph && fluoride) << first.at("/features");
}

}  // namespace
}  // namespace yihong::e2e
