"""2.1 Common and errors; 2.2 Features Part 1."""

import datetime
import re

from checks import Skipped, check, link, problem

CONF = "http://www.opengis.net/spec/"
GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def items_of(collection):
    return link(collection, "items", GEOJSON)


def pages(service, url, most=4):
    """The pages of a collection by its next links."""
    while url and most:
        page = service.json(url)
        yield page
        url = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
        most -= 1


def positions(geometry):
    if geometry is None:
        return
    stack = [geometry.get("coordinates") or geometry.get("geometries")]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            stack.append(one["coordinates"])
        elif one and isinstance(one[0], (int, float)):
            yield one
        else:
            stack.extend(one)


@check("2.1-paths", "the paths that every client asks for answer, HEAD and OPTIONS too")
def paths(service):
    for path in ("/", "/conformance", "/api", "/api.html", "/collections"):
        assert service.get(path).status == 200, path
        assert service.request(path, method="HEAD").status == 200, path
        options = service.request(path, method="OPTIONS")
        assert options.status == 204 and "GET" in options.headers["Allow"], path


@check("2.1-conformance", "the classes of Common are declared")
def classes(service):
    declared = service.json("/conformance")["conformsTo"]
    for one in ("core", "json", "html", "oas30", "landing-page"):
        assert f"{CONF}ogcapi-common-1/1.0/conf/{one}" in declared, one
    assert f"{CONF}ogcapi-common-2/1.0/conf/collections" in declared


@check("2.1-errors", "errors are problem+json with their status: 400, 404, 405 with Allow, 406, 415")
def errors(service):
    problem(service.get("/collections", nothing="1"), "nothing")
    problem(service.get("/collections/nothing"), "nothing", status=404)
    post = service.post("/collections", "application/json", "{}")
    assert post.status == 405 and "GET" in post.headers["Allow"], post.status
    problem(service.get("/collections", headers={"Accept": "image/png"}), status=406)
    assert service.post("/api/v1/readings", "image/png", "x").status == 415


@check("F01", "GET / gives service-desc or service-doc, conformance and data")
def f01(service):
    landing = service.json("/", f="json")
    for rel in ("service-desc", "service-doc", "conformance", "data", "self", "alternate"):
        assert link(landing, rel), rel


#: What a schema of OpenAPI 3.0 may say; 3.1 has words of its own, such as lists of types.
SCHEMA_WORDS = set(
    "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxProperties "
    "minProperties required enum type not allOf oneOf anyOf items properties additionalProperties description format default nullable "
    "discriminator readOnly writeOnly example externalDocs deprecated xml".split()
)
TYPES = {"array", "boolean", "integer", "number", "object", "string"}


def no_schema(place, schema):
    """What is wrong with a schema as OpenAPI 3.0 has it, and with those inside it."""
    if "$ref" in schema:
        return []
    wrong = [f"{place}: {word}" for word in schema if word not in SCHEMA_WORDS and not word.startswith("x-")]
    if "type" in schema and str(schema["type"]) not in TYPES:
        wrong.append(f"{place}: type {schema['type']}")
    if schema.get("required") == []:
        wrong.append(f"{place}: an empty list of what is required")
    inner = [(f"{place}/{name}", one) for name, one in schema.get("properties", {}).items()]
    inner += [(f"{place}/{word}", schema[word]) for word in ("items", "not", "additionalProperties") if isinstance(schema.get(word), dict)]
    inner += [(f"{place}/{word}", one) for word in ("allOf", "oneOf", "anyOf") for one in schema.get(word, [])]
    return sum((no_schema(*one) for one in inner), wrong)


def schemas_in(place, part):
    """Every schema of an OpenAPI document, by where it stands."""
    if isinstance(part, dict):
        if isinstance(part.get("schema"), dict):
            yield f"{place}/schema", part["schema"]
        for name, one in part.items():
            if name != "schema":
                yield from schemas_in(f"{place}/{name}", one)
    elif isinstance(part, list):
        for i, one in enumerate(part):
            yield from schemas_in(f"{place}/{i}", one)


@check("F02", "service-desc fetches 200 and is an OpenAPI 3.0 document whose references are local, below 300 KB")
def f02(service):
    answer = service.get(link(service.json("/", f="json"), "service-desc", OPENAPI))
    assert answer.type().replace(" ", "") == OPENAPI, answer.type()
    document = answer.json()
    assert document["openapi"].startswith("3.0"), document["openapi"]
    assert document["servers"][0]["url"] == service.root, document["servers"]
    assert len(answer.body) < 300_000, f"{len(answer.body)} bytes: QGIS reads all of it first"
    named = [(f"components/schemas/{name}", one) for name, one in document["components"]["schemas"].items()]
    wrong = sum((no_schema(*one) for one in [*named, *schemas_in("", document)]), [])
    assert not wrong, "; ".join(wrong)
    for reference in re.findall(rb'"\$ref":"([^"]+)"', answer.body):
        place = document
        assert reference.startswith(b"#/"), reference
        for part in reference.decode()[2:].split("/"):
            place = place[part]
    for path in ("/conformance", "/collections", "/collections/{collectionId}", "/collections/{collectionId}/items"):
        assert "200" in document["paths"][path]["get"]["responses"], path


@check("F03", "/conformance is a list of texts with the core class")
def f03(service):
    declared = service.json("/conformance")["conformsTo"]
    assert all(isinstance(one, str) for one in declared)
    for one in ("core", "oas30", "html", "geojson"):
        assert f"{CONF}ogcapi-features-1/1.0/conf/{one}" in declared, one


@check("F04", "/collections has self and alternate links with types, and at least one collection")
def f04(service):
    document = service.json("/collections")
    assert link(document, "self", JSON) and link(document, "alternate", HTML)
    assert document["collections"]


@check("F05", "a collection equals its entry in the list and has an items link for each encoding", per="features")
def f05(service, collection):
    alone = service.json(f"/collections/{collection['id']}")
    for member in ("id", "title", "description", "extent", "itemType"):
        assert alone.get(member) == collection.get(member), member
    assert link(alone, "items", GEOJSON) and link(alone, "items", HTML)


@check("F06", "items are a FeatureCollection with self and every alternate, with types", per="features")
def f06(service, collection):
    answer = service.get(items_of(collection), limit=5)
    assert answer.status == 200 and answer.type().startswith(GEOJSON), answer.type()
    page = answer.json()
    assert page["type"] == "FeatureCollection" and isinstance(page["features"], list)
    assert link(page, "self", GEOJSON) and link(page, "alternate", HTML)


@check("F07", "timeStamp has a zone, numberReturned is the count, numberMatched the sum of the pages", per="features")
def f07(service, collection):
    count = matched = 0
    for page in pages(service, items_of(collection) + "?limit=10000"):
        if "timeStamp" in page:
            assert datetime.datetime.fromisoformat(page["timeStamp"].replace("Z", "+00:00")).tzinfo
        assert page["numberReturned"] == len(page["features"])
        count += len(page["features"])
        matched = page.get("numberMatched", count)
    assert matched == count, (matched, count)


@check("F08", "without crs every position lies within the world", per="features")
def f08(service, collection):
    for feature in service.json(items_of(collection), limit=10000)["features"]:
        for position in positions(feature["geometry"]):
            assert -180 <= position[0] <= 180 and -90 <= position[1] <= 90, feature["id"]


@check("F09", "bbox: that of the extent and those of the test suite are answered, and what comes meets the box", per="features")
def f09(service, collection):
    url = items_of(collection)
    everything = service.json(url, limit=10000)
    boxes = ["-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90", "-180,-90,180,-85"]
    for box in boxes:
        for feature in service.json(url, bbox=box, limit=10000)["features"]:
            assert feature["geometry"] is None, (box, feature["id"])  # nothing of this service lies there
    if "spatial" in collection["extent"]:
        box = ",".join(map(str, collection["extent"]["spatial"]["bbox"][0]))
        assert service.json(url, bbox=box, limit=10000)["numberReturned"] == everything["numberReturned"], box
    problem(service.get(url, bbox="1,2,3"), "bbox")


@check("F10", "a feature without geometry meets every bbox, one without time every datetime", per="features")
def f10(service, collection):
    features = service.json(items_of(collection), limit=10000)["features"]
    placeless = {one["id"] for one in features if one["geometry"] is None}
    found = {one["id"] for one in service.json(items_of(collection), bbox="0,0,1,1", limit=10000)["features"]}
    assert placeless == found, placeless ^ found
    if features and all(one["properties"].get("time", "") is None for one in features):
        nobody = service.json(items_of(collection), datetime="1901-01-01/1901-01-02", limit=10000)
        assert nobody["numberReturned"] == len(features)


@check("F11", "limit: at most so many, clamped above the maximum", per="features")
def f11(service, collection):
    for limit in (1, 5, 10000, 1000000):
        page = service.json(items_of(collection), limit=limit)
        assert page["numberReturned"] <= min(limit, 10000)


@check("F12", "datetime: instants, closed and half-open intervals, offsets; others are 400", per="features")
def f12(service, collection):
    for value in (
        "2021-04-01T00:00:00Z/2021-04-03T00:00:00Z",
        "../2021-04-03T00:00:00Z",
        "2021-04-01T00:00:00Z/..",
        "/2021-04-03T00:00:00Z",
        "2021-04-01T00:00:00Z/",
        "2021-04-01T08:00:00+08:00/2021-04-03T00:00:00+08:00",
        "0000-01-01T00:00:00Z/9999-12-31T23:59:59Z",
        "2021-04-01T00:00:00Z",
    ):
        answer = service.get(items_of(collection), datetime=value, limit=1)
        assert answer.status == 200, (value, answer.body[:200])
    problem(service.get(items_of(collection), datetime="yesterday"), "datetime")


@check("F13", "limit=unlimited and unknown parameters are 400 and named", per="features")
def f13(service, collection):
    problem(service.get(items_of(collection), limit="unlimited"), "limit", "unlimited")
    problem(service.get(items_of(collection), unknown_one="1"), "unknown_one")


@check("F14", "a feature has its id and links; an unknown one is 404", per="features")
def f14(service, collection):
    page = service.json(items_of(collection), limit=1)
    problem(service.get(items_of(collection) + "/no-such-feature"), "no-such-feature", status=404)
    if not page["features"]:
        raise Skipped("it has no feature")
    wanted = page["features"][0]["id"]
    feature = service.json(f"{items_of(collection)}/{wanted}")
    assert feature["id"] == wanted
    assert link(feature, "self", GEOJSON) and link(feature, "alternate", HTML) and link(feature, "collection", JSON)


@check("F15", "GeoJSON and HTML by f and by Accept; the page has every link and every property", per="features")
def f15(service, collection):
    url = items_of(collection)
    assert service.get(url, f="json", limit=1).type().startswith(GEOJSON)
    page = service.get(url, headers={"Accept": "text/html"})
    assert page.status == 200 and page.type().startswith(HTML)
    text = page.body.decode()
    for one in service.json(url)["links"]:
        if one["rel"] in ("collection", "next"):
            assert one["href"].split("?")[0] in text, one["href"]


def turning(ring):
    """Twice the area inside: positive where the ring goes counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


@check("F15-rings", "polygons wind as RFC 7946 has it: outer rings counter-clockwise, holes clockwise", per="features")
def f15_rings(service, collection):
    polygons = []
    for one in service.json(items_of(collection), limit=10000)["features"]:
        shape = one["geometry"] or {}
        if shape.get("type") == "Polygon":
            polygons.append(shape["coordinates"])
        elif shape.get("type") == "MultiPolygon":
            polygons += shape["coordinates"]
    if not polygons:
        raise Skipped("it has no polygon")
    for outer, *holes in polygons:
        assert turning(outer) > 0, outer[:3]
        assert all(turning(hole) < 0 for hole in holes), holes[0][:3]


@check("F16", "the extent contains every feature", per="features")
def f16(service, collection):
    features = service.json(items_of(collection), limit=10000)["features"]
    placed = [position for one in features for position in positions(one["geometry"])]
    if placed:
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        for lon, lat, *_ in placed:
            assert west <= lon <= east and south <= lat <= north, (lon, lat)
    interval = collection["extent"].get("temporal", {}).get("interval", [[None, None]])[0]
    for one in features:
        time = one["properties"].get("time")
        if time and interval[0]:
            assert interval[0][:19] <= time[:19] <= (interval[1] or "9999")[:19], time


@check("F17", "/api lists every status that is returned, and how to show a token")
def f17(service):
    document = service.json("/api")
    for method in document["paths"].values():
        for operation in method.values():
            if isinstance(operation, dict) and "responses" in operation:
                listed = operation["responses"]
                assert "200" in listed or "201" in listed or "101" in listed or "204" in listed or "202" in listed or "303" in listed, operation
    assert document["components"]["securitySchemes"]
