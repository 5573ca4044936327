"""What the tests of heavy clients share: the real service with something in every collection, and what it says of itself."""

import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))

from service import Service  # noqa: E402, F401


def collections_of(service):
    """The collections of features, each with all its features as plain GeoJSON and its schema. Each has some, or nothing of it would be tried."""
    for collection in service.json("/collections")["collections"]:
        if collection.get("itemType") != "feature":
            continue
        url = f"/collections/{collection['id']}"
        features, page = [], f"{url}/items?limit=10000"
        while page:
            answer = service.json(page)
            features += answer["features"]
            page = next((link["href"] for link in answer["links"] if link["rel"] == "next"), None)
        assert features, f"{collection['id']} has no feature"
        schema = service.json(f"{url}/schema?types=single")["properties"]
        columns = {name: said for name, said in schema.items() if name not in ("id", "geometry")}
        yield collection, {one["id"]: one for one in features}, columns


@contextlib.contextmanager
def empty_collections():
    """A service that no reading has ever come to, and its collections without a feature: id and names of the columns."""
    service = Service(sys.argv[1], filled=False)
    try:
        names = [one["id"] for one in service.json("/collections")["collections"] if one.get("itemType") == "feature"]
        empty = [name for name in names if not service.json(f"/collections/{name}/items?limit=1")["features"]]
        assert empty, "no collection is empty before the first reading"
        yield service, {name: service.json(f"/collections/{name}/schema?types=single")["properties"].keys() - {"id", "geometry"} for name in empty}
    finally:
        service.close()


def examples(features, columns):
    """For each type the first column that a condition can choose by, with a value that is there: of `integer`, `number` and `string`."""
    for type_ in ("integer", "number", "string"):
        for name, said in columns.items():
            there = [one["properties"][name] for one in features.values() if one["properties"][name] is not None]
            if said["type"] == type_ and "format" not in said and there:
                yield name, there[0], sum(value == there[0] for value in there)
                break


def literal(value):
    """As SQL, and QGIS's expressions, have it."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def quarter(collection):
    """The south-west quarter of the extent, as west, south, east, north."""
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    return west, south, (west + east) / 2, (south + north) / 2


def fits(value, wanted):
    """Whether a client shows what the service said: a number that it may have made a whole one or a real one of, a flag as 0 or 1."""
    if wanted is None or isinstance(wanted, str):
        return value == wanted
    return value is not None and float(value) == float(wanted)


def run(check):
    """Runs `check(service)` against the program that the command line names. \\return the exit code"""
    service = Service(sys.argv[1])
    try:
        wrong = check(service)
    finally:
        service.close()
    print("\n".join(wrong) or "nothing is missing")
    return 1 if wrong else 0
