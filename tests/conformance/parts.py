"""2.5 Parts 5 and 8, and the selection of properties."""

from checks import Skipped, check, link, problem
from common import items_of

from jsonschema import Draft202012Validator


@check("2.5-schemas", "/schema is a JSON schema, and every feature of the first pages holds to it", per="features")
def schemas(service, collection):
    schema = service.json(link(collection, "/schema"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for feature in service.json(items_of(collection), limit=500)["features"]:
        whole = {**feature["properties"], "id": feature["id"], "geometry": feature["geometry"]}
        wrong = next(validator.iter_errors(whole), None)
        assert wrong is None, (feature["id"], wrong.message[:200] if wrong else "")
        assert set(feature["properties"]) == set(schema["properties"]) - {"id", "geometry"}, feature["id"]


@check("2.5-sorting", "sortby by what /sortables lists, up and down; what is not listed is 400", per="features")
def sorting(service, collection):
    sortables = service.json(link(collection, "/sortables"))["properties"]
    problem(service.get(items_of(collection), sortby="no_such_property"), "sortby", "no_such_property")
    for name in list(sortables)[:5]:
        up = [one["id"] for one in service.json(items_of(collection), sortby=name, limit=1000)["features"]]
        down = [one["id"] for one in service.json(items_of(collection), sortby="-" + name, limit=1000)["features"]]
        assert len(up) == len(down), name
        if len(up) < 1000:
            assert set(up) == set(down), name


@check("2.5-selection", "properties= and skipGeometry= leave out what is not asked for", per="features")
def selection(service, collection):
    page = service.json(items_of(collection), limit=1)
    if not page["features"]:
        raise Skipped("it has no feature")
    name = next(iter(page["features"][0]["properties"]))
    small = service.json(items_of(collection), limit=1, properties=name, skipGeometry="true")["features"][0]
    assert set(small["properties"]) == {name} and small["geometry"] is None
    problem(service.get(items_of(collection), properties="no_such_property"), "properties", "no_such_property")
