"""What the tests of heavy clients share: the real service with something in every collection, and what it says of itself."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))

from service import Service  # noqa: E402, F401


def collections_of(service):
    """The collections of features, each with all its features as plain GeoJSON and its schema."""
    for collection in service.json("/collections")["collections"]:
        if collection.get("itemType") != "feature":
            continue
        url = f"/collections/{collection['id']}"
        features, page = [], f"{url}/items?limit=10000"
        while page:
            answer = service.json(page)
            features += answer["features"]
            page = next((link["href"] for link in answer["links"] if link["rel"] == "next"), None)
        yield collection, {one["id"]: one for one in features}, service.json(f"{url}/schema?types=single")["properties"]


def run(check):
    """Runs `check(service)` against the program that the command line names. \\return the exit code"""
    service = Service(sys.argv[1])
    try:
        wrong = check(service)
    finally:
        service.close()
    print("\n".join(wrong) or "nothing is missing")
    return 1 if wrong else 0
