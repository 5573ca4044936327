#!/usr/bin/python3
"""GDAL's client of OGC API - Features over every collection: count, fields and their types, every value, extent and attribute filters; and more
records than pages hold, into GeoPackage, Shapefile and FlatGeobuf without a lost column.

    gdal_test.py PROGRAM        (with Debian's python3, for which python3-gdal is made)"""

import datetime
import pathlib
import subprocess
import sys
import tempfile

from osgeo import gdal, ogr

from client import collections_of, empty_collections, examples, fits, literal, quarter, run

gdal.UseExceptions()
ogr.UseExceptions()
TYPES = {"integer": {"Integer", "Integer64"}, "number": {"Real"}, "boolean": {"Integer"}}
TEXTS = {"date": {"Date"}, "date-time": {"DateTime"}, None: {"String"}}
MANY = 25_500


def shows(row, place, wanted):
    """Whether a field shows what the service said; GDAL keeps seconds of a time in 32 bits."""
    if row.IsFieldNull(place) or not row.IsFieldSet(place):
        return wanted is None
    type_ = row.GetFieldDefnRef(place).GetTypeName()
    if type_ in ("Date", "DateTime") and wanted is not None:
        *moment, seconds, _zone = row.GetFieldAsDateTime(place)
        seen = datetime.datetime(*moment) + datetime.timedelta(seconds=seconds)
        return abs(seen - datetime.datetime.fromisoformat(wanted.rstrip("Z"))) <= datetime.timedelta(milliseconds=1)
    return fits({"String": row.GetFieldAsString, "Real": row.GetFieldAsDouble}.get(type_, row.GetFieldAsInteger64)(place), wanted)


def check_collection(layer, collection, features, columns):
    name = collection["id"]
    definition = layer.GetLayerDefn()
    fields = {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i).GetTypeName() for i in range(definition.GetFieldCount())}
    wrong = [] if layer.GetFeatureCount() == len(features) else [f"{name}: {layer.GetFeatureCount()} features instead of {len(features)}"]
    for property_, said in columns.items():
        types = TYPES.get(said["type"]) or TEXTS[said.get("format")]
        if fields.get(property_) not in types:
            wrong.append(f"{name}: {property_} is {fields.get(property_)}, not {said['type']} {said.get('format', '')}")
    seen = set()
    for row in layer:
        id_ = row.GetField("id")
        seen.add(id_)
        for property_ in columns.keys() & fields.keys():
            if not shows(row, row.GetFieldIndex(property_), features[id_]["properties"][property_]):
                wrong.append(f"{name} {id_}: {property_} is {row.GetField(property_)!r}, not {features[id_]['properties'][property_]!r}")
        if (row.GetGeometryRef() is None) != (features[id_]["geometry"] is None):
            wrong.append(f"{name} {id_}: its place is lost")
    return wrong if seen == features.keys() else [*wrong, f"{name}: {len(seen)} ids instead of {len(features)}"]


def check_filters(service, layer, collection, features, columns):
    name, wrong = collection["id"], []
    for property_, value, count in examples(features, columns):
        layer.SetAttributeFilter(f'"{property_}" = {literal(value)}')
        if layer.GetFeatureCount() != count:
            wrong.append(f"{name}: {property_} = {literal(value)} finds {layer.GetFeatureCount()} features instead of {count}")
        layer.SetAttributeFilter(None)
    if "spatial" in collection["extent"]:
        area = quarter(collection)
        plain = service.json(f"/collections/{name}/items?limit=10000", bbox=",".join(map(str, area)))["features"]
        wanted = {one["id"] for one in plain if one["geometry"]}          # GDAL finds nothing without a place in a rectangle
        layer.SetSpatialFilterRect(area[0], area[1], area[2], area[3])
        found = {row.GetField("id") for row in layer}
        layer.SetSpatialFilter(None)
        if found != wanted:
            wrong.append(f"{name}: {len(found)} features in a quarter of the extent instead of {len(wanted)}")
    return wrong


def check_empty():
    wrong = []
    with empty_collections() as (service, empty):
        source = gdal.OpenEx(f"OAPIF:{service.root}", gdal.OF_VECTOR)
        for name, columns in empty.items():
            layer = source.GetLayerByName(name)
            fields = {layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())}
            if layer.GetFeatureCount() != 0 or not columns <= fields:
                wrong.append(f"{name}: while it is empty GDAL does not see {columns - fields}")
    return wrong


def check_many(service):
    """A history of more records than two pages of the largest size hold."""
    begin = datetime.datetime(2022, 1, 1)
    for first in range(0, MANY, 5000):
        rows = [f"hejindaqiao,{begin + datetime.timedelta(hours=i):%Y-%m-%dT%H:%M:%S}Z,hour,{7 + i % 10 / 10}" for i in range(first, min(first + 5000, MANY))]
        answer = service.post("/api/v1/readings", "text/csv", "site,time,interval,ph\n" + "\n".join(rows) + "\n")
        assert answer.status == 200, answer.body[:500]
    wrong = []
    columns = service.json("/collections/water-records/schema?types=single")["properties"].keys() - {"id", "geometry"}
    ask = ["-where", "site = 'hejindaqiao' AND interval = 'hour'", "-oo", "PAGE_SIZE=10000"]
    with tempfile.TemporaryDirectory(prefix="yihong-gdal-") as folder:
        for driver, *options in (("GPKG",), ("FlatGeobuf",), ("ESRI Shapefile", "-lco", "ENCODING=UTF-8")):
            target = pathlib.Path(folder) / {"GPKG": "out.gpkg", "FlatGeobuf": "out.fgb"}.get(driver, "out.shp")
            subprocess.run(["ogr2ogr", "-q", "-f", driver, target, f"OAPIF:{service.root}", "water-records", *ask, *options], check=True)
            written = gdal.OpenEx(str(target))             # the layer does not keep it
            layer = written.GetLayer(0)
            if layer.GetFeatureCount() != MANY:
                wrong.append(f"water-records as {driver}: {layer.GetFeatureCount()} records instead of {MANY}")
            if layer.GetLayerDefn().GetFieldCount() != len(columns) + 1:      # and the id
                wrong.append(f"water-records as {driver}: {layer.GetLayerDefn().GetFieldCount()} columns instead of {len(columns) + 1}")
    return wrong


def check(service):
    wrong = []
    source = gdal.OpenEx(f"OAPIF:{service.root}", gdal.OF_VECTOR)
    for collection, features, columns in collections_of(service):
        layer = source.GetLayerByName(collection["id"])
        wrong += check_collection(layer, collection, features, columns) + check_filters(service, layer, collection, features, columns)
        print(collection["id"], len(features), "features")
    return wrong + check_empty() + check_many(service)


if __name__ == "__main__":
    sys.exit(run(check))
