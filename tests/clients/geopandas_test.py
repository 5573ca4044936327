#!/usr/bin/python3
"""geopandas over every collection: one request, and by GDAL's client; count, columns and types, values of flat lists, extent.

    geopandas_test.py PROGRAM        (with Debian's python3, for which python3-geopandas is made)"""

import sys
import warnings

import fiona
import geopandas
import pandas

from client import collections_of, run

warnings.filterwarnings("ignore")
fiona.drvsupport.supported_drivers["OAPIF"] = "r"  # Debian's geopandas reads by fiona, which asks for this; pyogrio does not


def check_frame(name, frame, features, schema):
    wrong = []
    if len(frame) != len(features):
        wrong.append(f"{name}: {len(frame)} rows instead of {len(features)}")
    for property_, said in schema.items():
        if property_ in ("id", "geometry"):
            continue
        if property_ not in frame.columns:
            wrong.append(f"{name}: the column {property_} is lost")
        elif said["type"] in ("integer", "number") and frame[property_].notna().any() and not pandas.api.types.is_numeric_dtype(frame[property_]):
            wrong.append(f"{name}: {property_} is {frame[property_].dtype}, not {said['type']}")
    for _, row in frame.iterrows():
        feature = features.get(row.get("id"))
        if feature is None:
            continue
        for property_ in ("not_valid", "deciding_parameters", "main_pollutants", "time_beijing"):
            wanted = feature["properties"].get(property_)
            shown = row.get(property_)
            if (None if shown is None or shown != shown else shown) != wanted:
                wrong.append(f"{name} {feature['id']}: {property_} is {shown!r}, not {wanted!r}")
    placed = [one for one in features.values() if one["geometry"]]
    if int(frame.geometry.notna().sum()) != len(placed):
        wrong.append(f"{name}: {int(frame.geometry.notna().sum())} places instead of {len(placed)}")
    return wrong


def check(service):
    wrong = []
    for collection, features, schema in collections_of(service):
        name = collection["id"]
        if not features:
            print(name, "has no feature")
            continue
        url = f"{service.root}/collections/{name}/items?limit=10000"
        wrong += check_frame(f"{name} as GeoJSON", geopandas.read_file(url), features, schema)
        wrong += check_frame(f"{name} by OAPIF", geopandas.read_file(f"OAPIF:{service.root}", layer=name), features, schema)
        print(name, len(features), "rows")
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
