#!/usr/bin/python3
"""QGIS, headless, over every collection: count, fields and their types, every value, extent, extent filter, attribute filters.

    qgis_test.py PROGRAM        (with Debian's python3, for which python3-qgis is made)"""

import datetime
import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp(prefix="yihong-qgis-")

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer  # noqa: E402
from qgis.PyQt.QtCore import QDate, QDateTime, Qt  # noqa: E402

from client import collections_of, empty_collections, examples, fits, literal, quarter, run  # noqa: E402


def types_of(said, values):
    """What QGIS may make of a column: 3.22 has no schema, so a real one whose values are whole is one of whole numbers."""
    if said["type"] == "integer":
        return {"Integer", "Integer64"}
    if said["type"] == "number":
        return {"Real"} if any(value != int(value) for value in values) else {"Integer", "Integer64", "Real"}
    if said["type"] == "boolean":
        return {"Boolean", "Integer"}
    return {"date": {"Date", "DateTime"}, "date-time": {"DateTime"}}.get(said.get("format"), {"String"})


def shows(value, wanted):
    """Whether QGIS shows what the service said. It keeps a time as digits in UTC, and rounds thousandths of a second down now and then."""
    if value is None or (hasattr(value, "isNull") and value.isNull()):
        return wanted is None
    if isinstance(value, (QDate, QDateTime)) and wanted is not None:
        seen = datetime.datetime.fromisoformat(value.toString(Qt.ISODateWithMs).rstrip("Z"))
        return abs(seen - datetime.datetime.fromisoformat(wanted.rstrip("Z"))) <= datetime.timedelta(milliseconds=1)
    return fits(value, wanted)


def check_collection(service, collection, features, columns):
    name = collection["id"]
    layer = QgsVectorLayer(f"pagingEnabled='true' url='{service.root}' typename='{name}'", name, "OAPIF")
    if not layer.isValid():
        return [f"{name}: QGIS cannot open it: {layer.error().message()}"]
    rows = {}
    for row in layer.getFeatures():
        rows[row["id"] if "id" in layer.fields().names() else row.id()] = row
    wrong = [] if rows.keys() == features.keys() else [f"{name}: {len(rows)} features instead of {len(features)}"]
    fields = {field.name(): field.typeName() for field in layer.fields()}
    for property_, said in columns.items():
        values = [value for one in features.values() if (value := one["properties"][property_]) is not None]
        if property_ not in fields:
            wrong.append(f"{name}: the column {property_} is lost")
            continue
        if values and fields[property_] not in types_of(said, values):
            wrong.append(f"{name}: {property_} is {fields[property_]}, not {said['type']} {said.get('format', '')}")
        for id_, row in rows.items():
            wanted = features[id_]["properties"][property_]
            if not shows(row[property_], wanted):
                wrong.append(f"{name} {id_}: {property_} is {row[property_]!r}, not {wanted!r}")
    wrong += [f"{name} {id_}: its place is lost" for id_, row in rows.items() if row.hasGeometry() != (features[id_]["geometry"] is not None)]
    if "spatial" in collection["extent"]:
        wrong += check_places(layer, collection, rows)
    for property_, value, count in examples(features, columns):
        request = QgsFeatureRequest().setFilterExpression(f'"{property_}" = {literal(value)}')
        found = sum(1 for _ in layer.getFeatures(request))
        if found != count:
            wrong.append(f"{name}: {property_} = {literal(value)} finds {found} features instead of {count}")
    return wrong


def check_places(layer, collection, rows):
    wrong = []
    box = collection["extent"]["spatial"]["bbox"][0]
    extent = layer.extent()
    if any(abs(a - b) > 1e-6 for a, b in zip((extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()), box)):
        wrong.append(f"{collection['id']}: extent {extent.toString()} instead of {box}")
    area = QgsRectangle(*quarter(collection))
    found = {row["id"] if "id" in layer.fields().names() else row.id() for row in layer.getFeatures(QgsFeatureRequest().setFilterRect(area))}
    wanted = {id_ for id_, row in rows.items() if row.hasGeometry() and row.geometry().intersects(area)}
    if found != wanted:
        wrong.append(f"{collection['id']}: {len(found)} features in a quarter of the extent instead of {len(wanted)}")
    return wrong


def check_empty():
    wrong = []
    with empty_collections() as (service, empty):
        for name in empty:
            layer = QgsVectorLayer(f"pagingEnabled='true' url='{service.root}' typename='{name}'", name, "OAPIF")
            if not layer.isValid() or any(True for _ in layer.getFeatures()):
                wrong.append(f"{name}: QGIS does not open it while it is empty: {layer.error().message()}")
            del layer
    return wrong


def check(service):
    application = QgsApplication([], False)
    application.initQgis()
    wrong = []
    for collection, features, columns in collections_of(service):
        wrong += check_collection(service, collection, features, columns)
        print(collection["id"], len(features), "features")
    wrong += check_empty()
    application.exitQgis()
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
