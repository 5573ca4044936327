"""2.4 Features Part 3 and CQL2: what every collection has to hold. The official tables are replayed by the tests of the module `cql2`."""

import json

from checks import Skipped, check, link, problem
from common import items_of

GEOMETRIES = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def queryables(service, collection):
    return service.json(link(collection, "/queryables"))


def plain(service, collection):
    """The queryables that are no geometry: name and type."""
    return {name: one["type"] for name, one in queryables(service, collection)["properties"].items() if "type" in one}


def ids(service, collection, **parameters):
    page = service.json(items_of(collection), limit=10000, **parameters)
    return {one["id"] for one in page["features"]}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else "'" + value.replace("'", "''") + "'"


def sample(service, collection):
    """A property that has values, one of them, and all values by feature."""
    wanted = plain(service, collection)
    features = service.json(items_of(collection), limit=10000, profile="flat")["features"]
    for name, kind in wanted.items():
        values = {one["id"]: one["properties"].get(name) for one in features}
        there = [value for value in values.values() if value is not None]
        if there and kind in ("string", "integer", "number") and not name.endswith("_beijing") and "、" not in str(there):
            if not isinstance(there[0], str) or not there[0][:2].isdigit():
                return name, there[0], values
    raise Skipped("it has no feature with a value")


@check("Q01", "queryables are a JSON schema of 2020-12 whose $id is their address; geometries have a format and no type", per="features")
def q01(service, collection):
    answer = service.get(link(collection, "/queryables"), headers={"Accept": "application/schema+json"})
    assert answer.type().startswith("application/schema+json"), answer.type()
    document = answer.json()
    assert document["$schema"].endswith("2020-12/schema") and document["type"] == "object"
    assert document["$id"] == link(collection, "/queryables"), document["$id"]
    for name, one in document["properties"].items():
        assert ("type" in one) != one.get("format", "").startswith("geometry-"), name


@check("Q02", "additionalProperties is false, and an unknown property is 400 and named", per="features")
def q02(service, collection):
    assert queryables(service, collection)["additionalProperties"] is False
    problem(service.get(items_of(collection), filter="no_such_property = 1"), "no_such_property")


@check("Q03", "every simple queryable is an equality parameter", per="features")
def q03(service, collection):
    for name, kind in plain(service, collection).items():
        value = {"integer": "1", "number": "1", "boolean": "true"}.get(kind, "2021-04-01T00:00:00Z")
        answer = service.get(items_of(collection), **{"limit": 1}, **{name: value})
        assert answer.status == 200 or (kind == "string" and answer.status == 400), (name, answer.status, answer.body[:200])
    name, value, values = sample(service, collection)
    assert ids(service, collection, **{name: literal(value).strip("'")}) == {key for key, one in values.items() if one == value}, name


@check("Q04", "filter, filter-lang and filter-crs; others of any are 400; filter holds together with bbox", per="features")
def q04(service, collection):
    url = items_of(collection)
    everything = "1 = 1"
    assert service.get(url, filter=everything, filter_lang="cql2-text", filter_crs=GEOMETRIES, limit=1).status == 200
    tree = json.dumps({"op": "=", "args": [1, 1]})
    assert service.get(url, filter=tree, filter_lang="cql2-json", limit=1).status == 200
    problem(service.get(url, filter=everything, filter_lang="sql"), "filter-lang")
    problem(service.get(url, filter=everything, filter_crs="http://www.opengis.net/def/crs/0/unsupported"), "filter-crs")
    problem(service.get(url, filter="1 ="), "filter")
    box = "110,34,111,36"
    both = ids(service, collection, filter="S_INTERSECTS(geometry,BBOX(110,34,111,36))")
    placeless = {one["id"] for one in service.json(url, bbox=box, limit=10000)["features"] if one["geometry"] is None}
    assert both == ids(service, collection, bbox=box) - placeless
    assert ids(service, collection, bbox=box, filter="1 = 0") == set()


@check("Q05", "a feature without a value is in neither of a condition and its negation", per="features")
def q05(service, collection):
    name, value, values = sample(service, collection)
    equal = ids(service, collection, filter=f"{quoted(name)} = {literal(value)}")
    other = ids(service, collection, filter=f"NOT ({quoted(name)} = {literal(value)})")
    absent = {key for key, one in values.items() if one is None}
    assert not equal & other and not (equal | other) & absent
    assert equal | other | absent == set(values)


@check("Q06", "=, <>, <, >, <=, >=, IS NULL: pairs are disjoint and together everything that has a value", per="features")
def q06(service, collection):
    name, value, values = sample(service, collection)
    there = {key for key, one in values.items() if one is not None}
    for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
        first = ids(service, collection, filter=f"{quoted(name)} {one} {literal(value)}")
        second = ids(service, collection, filter=f"{quoted(name)} {other} {literal(value)}")
        assert not first & second and first | second == there, (one, other)
    assert ids(service, collection, filter=f"{quoted(name)} IS NULL") == set(values) - there
    assert ids(service, collection, filter=f"{quoted(name)} IS NOT NULL") == there


@check("Q07", "LIKE, BETWEEN, IN, CASEI and ACCENTI", per="features")
def q07(service, collection):
    name, value, values = sample(service, collection)
    equal = {key for key, one in values.items() if one == value}
    assert ids(service, collection, filter=f"{quoted(name)} IN ({literal(value)})") == equal
    if isinstance(value, str):
        pattern = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        assert ids(service, collection, filter=f"{quoted(name)} LIKE {literal(pattern)}") == equal
        assert equal <= ids(service, collection, filter=f"CASEI({quoted(name)}) = CASEI({literal(value.upper())})")
        assert equal <= ids(service, collection, filter=f"ACCENTI({quoted(name)}) = ACCENTI({literal(value)})")
    else:
        assert ids(service, collection, filter=f"{quoted(name)} BETWEEN {value} AND {value}") == equal


@check("Q08", "spatial functions with POINT, BBOX and polygons; POINT(90 180) is refused", per="features")
def q08(service, collection):
    placed = {one["id"] for one in service.json(items_of(collection), limit=10000)["features"] if one["geometry"]}
    assert ids(service, collection, filter="S_INTERSECTS(geometry,BBOX(-180,-90,180,90))") == placed
    around = "POLYGON((-179 -89,179 -89,179 89,-179 89,-179 -89))"
    assert ids(service, collection, filter=f"S_WITHIN(geometry,{around})") == placed
    assert ids(service, collection, filter=f"S_DISJOINT(geometry,{around})") == set()
    for function in ("S_CONTAINS", "S_CROSSES", "S_EQUALS", "S_OVERLAPS", "S_TOUCHES"):
        assert service.get(items_of(collection), filter=f"{function}(geometry,POINT(0 0))").status == 200, function
    problem(service.get(items_of(collection), filter="S_INTERSECTS(geometry,POINT(90 180))"), "filter")


@check("Q09", "temporal functions over instants and intervals", per="features")
def q09(service, collection):
    schema = queryables(service, collection)["properties"]
    name = next((one for one, said in schema.items() if said.get("format") == "date-time"), None)
    if name is None:
        raise Skipped("it has no time that can be asked for")
    before = ids(service, collection, filter=f"T_BEFORE({name},TIMESTAMP('2021-04-02T00:00:00Z'))")
    after = ids(service, collection, filter=f"T_AFTER({name},TIMESTAMP('2021-04-02T00:00:00Z'))")
    during = ids(service, collection, filter=f"T_DURING({name},INTERVAL('2021-04-02T00:00:00Z','..'))")
    assert not before & after and during <= after
    for function in "T_CONTAINS T_DISJOINT T_EQUALS T_FINISHEDBY T_FINISHES T_INTERSECTS T_MEETS T_METBY T_OVERLAPPEDBY T_OVERLAPS T_STARTEDBY T_STARTS".split():
        asked = f"{function}(INTERVAL({name},'..'),INTERVAL('2021-04-01T00:00:00Z','2021-04-02T00:00:00Z'))"
        answer = service.get(items_of(collection), filter=asked, limit=1)
        assert answer.status == 200, (function, answer.body[:200])


@check("Q10", "arithmetic, /functions, keywords in any case, Chinese identifiers in quotes")
def q10(service):
    functions = service.json("/functions")["functions"]
    assert functions and all("name" in one for one in functions)
    url = "/collections/water-sections/items"
    assert service.get(url, filter='codmn * 2 + 1 - 1 > 2 ^ 1 aNd ph dIv 1 >= 0').status == 200
    problem(service.get(url, filter='"高锰酸盐指数" = 1'), "高锰酸盐指数")


@check("Q11", "text and JSON say the same of every collection", per="features")
def q11(service, collection):
    name, value, _ = sample(service, collection)
    text = ids(service, collection, filter=f"{quoted(name)} = {literal(value)}")
    tree = {"op": "=", "args": [{"property": name}, value]}
    assert text == ids(service, collection, filter=json.dumps(tree), filter_lang="cql2-json")
