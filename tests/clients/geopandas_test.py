#!/usr/bin/python3
"""geopandas over every collection: one request, and by GDAL's client; count, columns and types, every value, places, extent filter.

    geopandas_test.py PROGRAM        (with Debian's python3, for which python3-geopandas is made; with pyogrio where that is installed)"""

import datetime
import sys
import warnings

import geopandas
import pandas

from client import collections_of, fits, quarter, run

warnings.filterwarnings("ignore")
try:
    import pyogrio  # noqa: F401

    ENGINE = "pyogrio"
except ImportError:
    import fiona

    fiona.drvsupport.supported_drivers["OAPIF"] = "r"  # Debian's geopandas reads by fiona, which asks for this; pyogrio does not
    ENGINE = "fiona"


def shows(value, said, wanted):
    if value is None or value != value or value is pandas.NaT:
        return wanted is None
    if said.get("format") and wanted is not None:
        if said["format"] == "date":
            return str(value)[:10] == wanted
        seen, other = (pandas.Timestamp(one).tz_localize(None) for one in (value, wanted.rstrip("Z")))
        return abs(seen - other) <= datetime.timedelta(milliseconds=1)
    return fits(value, wanted)


def check_frame(name, frame, features, columns):
    wrong = []
    if len(frame) != len(features):
        wrong.append(f"{name}: {len(frame)} rows instead of {len(features)}")
    for property_, said in columns.items():
        if property_ not in frame.columns:
            wrong.append(f"{name}: the column {property_} is lost")
        elif said["type"] in ("integer", "number") and frame[property_].notna().any() and not pandas.api.types.is_numeric_dtype(frame[property_]):
            wrong.append(f"{name}: {property_} is {frame[property_].dtype}, not {said['type']}")
    for _, row in frame.iterrows():
        feature = features[row["id"]]
        for property_, said in columns.items():
            wanted = feature["properties"][property_]
            if property_ in frame.columns and not shows(row[property_], said, wanted):
                wrong.append(f"{name} {feature['id']}: {property_} is {row[property_]!r}, not {wanted!r}")
    placed = [one for one in features.values() if one["geometry"]]
    if int(frame.geometry.notna().sum()) != len(placed):
        wrong.append(f"{name}: {int(frame.geometry.notna().sum())} places instead of {len(placed)}")
    return wrong


def check(service):
    wrong = []
    for collection, features, columns in collections_of(service):
        name = collection["id"]
        url = f"{service.root}/collections/{name}/items?limit=10000"
        layer = {"filename": f"OAPIF:{service.root}", "layer": name, "engine": ENGINE}
        wrong += check_frame(f"{name} as GeoJSON", geopandas.read_file(url, engine=ENGINE), features, columns)
        wrong += check_frame(f"{name} by OAPIF", geopandas.read_file(**layer), features, columns)
        if "spatial" in collection["extent"]:
            area = quarter(collection)
            plain = service.json(f"/collections/{name}/items?limit=10000", bbox=",".join(map(str, area)))["features"]
            within = geopandas.read_file(**layer, bbox=area)
            if set(within["id"]) != {one["id"] for one in plain if one["geometry"]}:
                wrong.append(f"{name}: {len(within)} rows in a quarter of the extent instead of {len(plain)}")
        print(name, len(features), "rows")
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
