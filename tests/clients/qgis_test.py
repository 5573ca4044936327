#!/usr/bin/python3
"""QGIS, headless, over every collection: count, fields and their types, values of flat lists, extent, attribute filter.

    qgis_test.py PROGRAM        (with Debian's python3, for which python3-qgis is made)"""

import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp(prefix="yihong-qgis-")

from qgis.core import QgsApplication, QgsFeatureRequest, QgsVectorLayer  # noqa: E402

from client import collections_of, run  # noqa: E402

# what QGIS makes of a type of the schema where it has no schema itself (3.22): whole numbers and reals may be either
TYPES = {"integer": {"Integer", "Integer64", "Real"}, "number": {"Integer", "Integer64", "Real"}, "boolean": {"Boolean", "Integer", "String"}, "string": {"String", "DateTime", "Date"}}


def text(value):
    return None if value is None or (hasattr(value, "isNull") and value.isNull()) else value


def check_collection(service, collection, features, schema):
    name = collection["id"]
    layer = QgsVectorLayer(f"pagingEnabled='true' url='{service.root}' typename='{name}'", name, "OAPIF")
    if not layer.isValid():
        return [f"{name}: QGIS cannot open it: {layer.error().message()}"]
    wrong = []
    rows = {}
    for row in layer.getFeatures():
        rows[row["id"] if "id" in layer.fields().names() else row.id()] = row
    if len(rows) != len(features):
        wrong.append(f"{name}: {len(rows)} features instead of {len(features)}")
    fields = {field.name(): field.typeName() for field in layer.fields()}
    # QGIS 3.22 takes the types of the first ten features, which have a value in every column that has one
    for property_, said in schema.items():
        if property_ in ("id", "geometry") or not features:
            continue
        values = [one["properties"][property_] for one in features.values()]
        if property_ not in fields:
            wrong.append(f"{name}: the column {property_} is lost")
        elif any(value is not None for value in values) and fields[property_] not in TYPES[said["type"]]:
            wrong.append(f"{name}: {property_} is {fields[property_]}, not {said['type']}")
    for id_, row in rows.items():
        if id_ not in features:
            continue
        for property_ in ("not_valid", "deciding_parameters", "main_pollutants", "time_beijing", "zones"):
            wanted = features[id_]["properties"].get(property_)
            if property_ in fields and text(row[property_]) != wanted:
                wrong.append(f"{name} {id_}: {property_} is {row[property_]!r}, not {wanted!r}")
        if row.hasGeometry() != (features[id_]["geometry"] is not None):
            wrong.append(f"{name} {id_}: its place is lost")
    if "spatial" in collection["extent"] and features:
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        extent = layer.extent()
        if any(abs(a - b) > 1e-6 for a, b in zip((extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()), (west, south, east, north))):
            wrong.append(f"{name}: extent {extent.toString()} instead of {(west, south, east, north)}")
    wrong += check_filter(layer, name, features, schema)
    return wrong


def check_filter(layer, name, features, schema):
    """The first value of a column chooses in QGIS what it chooses in the data."""
    for property_, said in schema.items():
        values = [one["properties"].get(property_) for one in features.values() if property_ not in ("id", "geometry")]
        there = [value for value in values if value is not None]
        if said.get("type") not in ("integer", "string") or "format" in said or not there:
            continue
        literal = str(there[0]) if said["type"] == "integer" else "'" + there[0].replace("'", "''") + "'"
        request = QgsFeatureRequest().setFilterExpression(f'"{property_}" = {literal}')
        found = sum(1 for _ in layer.getFeatures(request))
        wanted = sum(1 for value in values if value == there[0])
        return [] if found == wanted else [f"{name}: {property_} = {literal} finds {found} features instead of {wanted}"]
    return []


def check(service):
    application = QgsApplication([], False)
    application.initQgis()
    wrong = []
    for collection, features, schema in collections_of(service):
        wrong += check_collection(service, collection, features, schema)
        print(collection["id"], len(features), "features")
    application.exitQgis()
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
