#!/bin/sh
# Builds layers/yuncheng.gpkg and layers/elevation.tif from the collected public data (see README.md for sources and licences).
#   layers/build.sh DATA_DIRECTORY        the folder with boundaries/, rivers/, lakes/, dem/
# Needs ogr2ogr with SpatiaLite (Debian: gdal-bin). The same input gives the same file.
set -eu
data=${1:?usage: layers/build.sh DATA_DIRECTORY}
out=$(dirname "$0")/yuncheng.gpkg
rm -f "$out"

# add TABLE SOURCE SQL [ogr2ogr options]
add() {
    table=$1 source=$2 sql=$3
    shift 3
    update=
    [ -f "$out" ] && update=-update
    # A fixed date keeps the file the same from one build to the next.
    ogr2ogr --config OGR_CURRENT_DATE 2026-11-22T00:00:00.000Z $update -f GPKG "$out" "$data/$source" -dialect SQLite -sql "$sql" \
        -nln "$table" -a_srs EPSG:4326 "$@"
}

# The facts of a county stand beside its outline.
add counties boundaries/yuncheng_counties.geojson \
    "SELECT c.adcode AS adcode, c.name AS name, c.pinyin AS name_en, c.city AS city, c.province AS province,
            CAST(round(CAST(f.population_2020_wan AS REAL) * 10000) AS INTEGER) AS population_2020,
            CAST(f.area_km2_polygon AS REAL) AS area_km2, c.geometry AS geometry
     FROM yuncheng_counties c LEFT JOIN '$data/boundaries/county_facts.csv'.county_facts f ON f.adcode = c.adcode
     ORDER BY c.adcode" -nlt MULTIPOLYGON
add city boundaries/yuncheng_city.geojson \
    "SELECT adcode, name, 'Yuncheng Shi' AS name_en, province, geometry FROM yuncheng_city" -nlt MULTIPOLYGON
add neighbour_counties boundaries/neighbour_counties.geojson \
    "SELECT adcode, name, pinyin AS name_en, city, province, geometry FROM neighbour_counties ORDER BY adcode" -nlt MULTIPOLYGON

# One line, so that chainage runs from the northern edge (36.3 N) downstream to the eastern one (113 E).
add yellow_river rivers/yellow_river_osm2017.geojson \
    "SELECT 'main-stem' AS id, name, name_en, 'main_stem' AS kind, accuracy_m, geometry FROM yellow_river_osm2017" -nlt LINESTRING
# One feature a river; the pieces of one that leaves the area and comes back stay apart.
add rivers rivers/rivers_wdb2.geojson \
    "SELECT CASE name WHEN '汾河' THEN 'fen-he' WHEN '渭河' THEN 'wei-he' WHEN '北洛河' THEN 'beiluo-he' WHEN '沁河' THEN 'qin-he'
              WHEN '丹河' THEN 'dan-he' WHEN '洛河' THEN 'luo-he' WHEN '浊漳河南源' THEN 'zhuozhang-he-nanyuan' WHEN '颍河' THEN 'ying-he' END AS id,
            name, min(name_en) AS name_en, ST_Multi(ST_Collect(geometry)) AS geometry
     FROM (SELECT * FROM rivers_wdb2 ORDER BY ROWID) WHERE name <> '黄河' GROUP BY name ORDER BY min(wdb_level), id" -nlt MULTILINESTRING

# Valley lines of an elevation model: which river it is, never where along it.
add rivers_derived rivers/rivers_derived.geojson \
    "SELECT CASE WHEN name = '涑水河' AND part LIKE '绛县%' THEN 'sushui-he-upper' WHEN name = '涑水河' THEN 'sushui-he-lower'
              WHEN name = '浍河' THEN 'hui-he' WHEN name = '亳清河' THEN 'boqing-he' END AS id,
            name, name_en, part, accuracy_m, method, geometry FROM rivers_derived ORDER BY ROWID" -nlt LINESTRING

add places boundaries/places_geonames.geojson \
    "SELECT CAST(ROWID AS TEXT) AS id, name, name_en, feature_code, population, elevation_m, geometry FROM places_geonames ORDER BY ROWID" \
    -nlt POINT

add salt_lake lakes/water_polygons_osm2017.geojson \
    "SELECT 'yuncheng-salt-lake' AS id, '运城盐湖' AS name, 'Yuncheng Salt Lake' AS name_en, round(sum(area_km2), 2) AS area_km2,
            ST_Multi(ST_Union(geometry)) AS geometry
     FROM water_polygons_osm2017 WHERE name = '运城盐湖'" -nlt MULTIPOLYGON
add lakes lakes/water_polygons_osm2017.geojson \
    "SELECT CASE WHEN name LIKE '硝池%' THEN 'xiao-chi' WHEN name = '伍姓湖' THEN 'wuxing-hu' ELSE printf('water-%03d', ROWID) END AS id,
            name, CASE WHEN name LIKE '硝池%' THEN 'Xiao Chi' WHEN name = '伍姓湖' THEN 'Wuxing Hu' END AS name_en, area_km2, geometry
     FROM water_polygons_osm2017 WHERE name IS NULL OR name <> '运城盐湖' ORDER BY ROWID" -nlt MULTIPOLYGON

# Copied as it is: the values were cut from the tiles without resampling.
cp "$data/dem/srtm30plus_window.tif" "$(dirname "$0")/elevation.tif"
chmod 644 "$(dirname "$0")/elevation.tif"
