#!/usr/bin/python3
"""OWSLib's client of OGC API - Features over every collection: lists, schemas, items by page, box, filter and time, one feature; and of EDR, where it has one.

    owslib_test.py PROGRAM        (with Debian's python3, for which python3-owslib is made)"""

import sys

from owslib.ogcapi.features import Features

try:
    from owslib.ogcapi.edr import EnvironmentalDataRetrieval
except ImportError:  # Debian 12's 0.27 has no client of EDR
    EnvironmentalDataRetrieval = None

from client import collections_of, examples, literal, quarter, run


def check(service):
    wrong = []
    client = Features(service.root + "/")
    if "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" not in client.conformance()["conformsTo"]:
        wrong.append("the core class is not declared")
    if not client.api()["paths"]:
        wrong.append("the API has no paths")
    listed = client.feature_collections()
    for collection, features, columns in collections_of(service):
        name = collection["id"]
        if name not in listed:
            wrong.append(f"{name} is not among the collections of features")
        if client.collection(name)["id"] != name or "properties" not in client.collection_queryables(name):
            wrong.append(f"{name}: its description or its queryables are not there")
        items = client.collection_items(name, limit=10000)
        if {one["id"]: one["properties"] for one in items["features"]} != {id_: one["properties"] for id_, one in features.items()}:
            wrong.append(f"{name}: {len(items['features'])} items with other values")
        if "spatial" in collection["extent"]:
            box = quarter(collection)
            within = client.collection_items(name, bbox=list(box), limit=10000)["features"]
            plain = service.json(f"/collections/{name}/items?limit=10000", bbox=",".join(map(str, box)))["features"]
            if {one["id"] for one in within} != {one["id"] for one in plain}:
                wrong.append(f"{name}: a box finds others")
        for property_, value, count in examples(features, columns):
            found = client.collection_items(name, filter=f'"{property_}" = {literal(value)}', limit=10000)["features"]
            if len(found) != count:
                wrong.append(f"{name}: {property_} = {literal(value)} finds {len(found)} features instead of {count}")
        client.collection_items(name, datetime="2021-04-01T00:00:00Z/..", limit=1)
        for id_ in list(features)[:1]:
            if client.collection_item(name, id_)["id"] != id_:
                wrong.append(f"{name}: one feature by its id is another one")
        print(name, len(features), "features")
    return wrong + (check_series(service) if EnvironmentalDataRetrieval else [])


def check_series(service):
    wrong = []
    client = EnvironmentalDataRetrieval(service.root + "/")
    for collection in service.json("/collections")["collections"]:
        name = collection["id"]
        if "data_queries" not in collection:
            continue
        if name not in client.data():
            wrong.append(f"{name} is not among the collections of data")
        sites = [one for one in service.json(f"/collections/{name}/locations")["features"] if one["geometry"]]
        lon, lat = sites[0]["geometry"]["coordinates"]
        series = client.query_data(name, "position", coords=f"POINT({lon} {lat})")
        if series["type"] not in ("Coverage", "CoverageCollection"):
            wrong.append(f"{name}: a position is a {series['type']}")
        print(name, len(sites), "locations")
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
