#!/usr/bin/python3
"""OWSLib's client of OGC API - Features over every collection: lists, schemas, items by page, box and time, one feature.

    owslib_test.py PROGRAM        (with Debian's python3, for which python3-owslib is made)"""

import sys

from owslib.ogcapi.features import Features

from client import collections_of, run


def check(service):
    wrong = []
    client = Features(service.root + "/")
    if "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" not in client.conformance()["conformsTo"]:
        wrong.append("the core class is not declared")
    if not client.api()["paths"]:
        wrong.append("the API has no paths")
    listed = client.feature_collections()
    for collection, features, _ in collections_of(service):
        name = collection["id"]
        if name not in listed:
            wrong.append(f"{name} is not among the collections of features")
        if client.collection(name)["id"] != name or "properties" not in client.collection_queryables(name):
            wrong.append(f"{name}: its description or its queryables are not there")
        items = client.collection_items(name, limit=10000)
        if len(items["features"]) != min(len(features), 10000):
            wrong.append(f"{name}: {len(items['features'])} items instead of {len(features)}")
        box = [110.0, 34.0, 112.0, 36.0]
        within = client.collection_items(name, bbox=box, limit=10000)["features"]
        plain = service.json(f"/collections/{name}/items?bbox=110,34,112,36&limit=10000")["features"]
        if {one["id"] for one in within} != {one["id"] for one in plain}:
            wrong.append(f"{name}: a box finds others")
        client.collection_items(name, datetime="2021-04-01T00:00:00Z/..", limit=1)
        for id_ in list(features)[:1]:
            if client.collection_item(name, id_)["id"] != id_:
                wrong.append(f"{name}: one feature by its id is another one")
        print(name, len(features), "features")
    return wrong


if __name__ == "__main__":
    sys.exit(run(check))
