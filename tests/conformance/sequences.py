"""What QGIS, GDAL and ArcGIS send, one request after the other and with their headers, as recorded of QGIS 3.22.16, GDAL 3.6.2 and ArcGIS Maps SDK for
JavaScript 5.1; what newer ones send besides."""

import math
import urllib.parse

from checks import Skipped, check, link

JSON = "application/json"
GEOJSON = "application/geo+json, application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json"
SCHEMA = "application/schema+json"
BOX = (110, 34, 111, 36)


def client(service, user_agent, encodings):
    """\\return what sends a request as this client does and gives the JSON of a good answer"""

    def get(target, accept=GEOJSON):
        answer = service.get(target, {"Accept": accept, "User-Agent": user_agent, "Accept-Encoding": encodings})
        assert answer.status == 200, f"{target}: {answer.status} {answer.body[:200]!r}"
        return answer.json()

    return get


def pages_of(get, page):
    """All features, by the next links as they stand. A client stops at a page without features, or without such a link."""
    features = list(page["features"])
    while page["features"] and (following := next((one["href"] for one in page["links"] if one["rel"] == "next"), None)):
        page = get(following)
        features += page["features"]
    ids = [one["id"] for one in features]
    assert len(ids) == len(set(ids)), "a feature comes twice"
    return features


def columns_of(page):
    return set().union(*(one["properties"] for one in page["features"]))


def begun(get, service):
    """The first requests of QGIS: where the API is told of, and what page it may ask for."""
    api = get(link(get("/", JSON), "service-desc"), OPENAPI)
    assert api["openapi"].startswith("3.0"), api["openapi"]
    limit = api["components"]["parameters"]["limit"]["schema"]
    return min(max(1000, limit["default"]), limit["maximum"])


@check("3-qgis-3.22", "landing page, API, collection, ten features for the columns, pages, pages within the canvas", per="features")
def qgis(service, collection):
    get = client(service, "Mozilla/5.0 QGIS/32216", "gzip, deflate")
    limit = begun(get, service)
    url = f"/collections/{collection['id']}"
    items = link(get(url, JSON), "items", "application/geo+json")
    columns = columns_of(get(f"{items}?limit=10"))
    everything = pages_of(get, get(f"{items}?limit={limit}"))
    assert columns_of({"features": everything}) <= columns, "columns that the first ten features do not have"
    within = pages_of(get, get(f"{items}?limit={limit}&bbox={','.join(map(str, BOX))}"))
    assert {one["id"] for one in within} <= {one["id"] for one in everything}


@check("3-qgis-newer", "conformance, queryables and schema; filters by place and value, stacked; other axes; half-open times with the years 0000 and 9999", per="features")
def newer_qgis(service, collection):
    get = client(service, "Mozilla/5.0 QGIS/34000", "gzip, deflate")
    limit = begun(get, service)
    url = f"/collections/{collection['id']}"
    get(url + "/", JSON)  # tried where the address without the slash does not do
    declared = get(link(get("/", JSON), "conformance"), JSON)["conformsTo"]
    assert "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators" in declared
    queryables = get(f"{url}/queryables", SCHEMA)["properties"]
    fields = get(f"{url}/schema", SCHEMA)["properties"]
    assert all(isinstance(one["type"], str) for name, one in fields.items() if name != "geometry"), "a list of types is text to QGIS"
    items = f"{url}/items"
    counted = get(f"{items}?limit=1")
    everything = pages_of(get, get(f"{items}?limit={limit}"))
    assert counted.get("numberMatched", len(everything)) == len(everything)
    place = f"S_INTERSECTS(geometry,BBOX({','.join(map(str, BOX))}))"
    name = next(name for name, one in queryables.items() if one.get("type") == "string" and "format" not in one)
    stacked = f"({place}) AND ({name} IS NOT NULL)"  # parentheses and commas are sent as they are
    found = pages_of(get, get(f"{items}?limit={limit}&filter={urllib.parse.quote(stacked, safe='(),')}&filter-lang=cql2-text"))
    boxed = pages_of(get, get(f"{items}?limit={limit}&bbox={','.join(map(str, BOX))}"))
    wanted = {one["id"] for one in boxed if one["geometry"] and one["properties"].get(name) is not None}
    assert {one["id"] for one in found} == wanted, f"{len(found)} features instead of {len(wanted)}"
    lat_first = "http://www.opengis.net/def/crs/EPSG/0/4490"
    swapped = ",".join(str(BOX[i]) for i in (1, 0, 3, 2))
    other = pages_of(get, get(f"{items}?limit={limit}&bbox={swapped}&bbox-crs={lat_first}&crs={lat_first}"))
    assert {one["id"] for one in other} == {one["id"] for one in boxed}, "a box with latitude first finds others"
    for time in ("0000-01-01T00:00:00Z/2100-01-01T00:00:00Z", "1900-01-01T00:00:00Z/9999-12-31T00:00:00Z"):
        assert len(pages_of(get, get(f"{items}?limit={limit}&datetime={time}"))) == len(everything), time


@check("3-gdal", "collections, schema of a feature, API, features for the types, then the rest with box and condition", per="features")
def gdal(service, collection):
    get = client(service, "GDAL/3.6.2", "gzip")
    listed = next(one for one in get("/collections", JSON)["collections"] if one["id"] == collection["id"])
    described = get(link(listed, "describedby", SCHEMA), SCHEMA)["properties"]["properties"]["properties"]
    items = link(listed, "items", "application/geo+json")
    first = get(f"{items}?limit=10")
    assert columns_of(first) <= described.keys(), "columns that the schema does not have"
    api = get(link(get("/", JSON), "service-desc"), OPENAPI)
    taken = {resolved(api, one)["name"] for one in api["paths"][f"/collections/{collection['id']}/items"]["get"]["parameters"]}
    assert "limit" in taken
    everything = pages_of(get, get(f"{items}?limit=1000"))
    for name, said in described.items():
        values = [one["properties"][name] for one in everything]
        there = [value for value in values if value is not None]
        if name in taken and said["type"] in ("string", "integer") and "format" not in said and there:
            chosen = pages_of(get, get(f"{items}?limit=1000&bbox=-180,-90,180,90&{name}={urllib.parse.quote(str(there[0]))}"))
            assert len(chosen) >= values.count(there[0]), f"{name}={there[0]}: {len(chosen)} features"
            break


def resolved(api, parameter):
    """A parameter of the document, itself or what it refers to."""
    return api["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]] if "$ref" in parameter else parameter


@check("3-arcgis", "conformance, collections, API, five features for the fields; pages counted by startindex, boxes and coordinates of a web map, times with milliseconds", per="features")
def arcgis(service, collection):
    get = client(service, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36", "gzip, deflate, br")
    landing = get("/", JSON)
    conforms = get(link(landing, "conformance", JSON), JSON)["conformsTo"]
    assert {f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("geojson", "oas30")} <= set(conforms)
    listed = next(one for one in get(link(landing, "data", JSON), JSON)["collections"] if one["id"] == collection["id"])
    openapi = "application/vnd.oai.openapi+json;version=3.0"
    most = get(link(landing, "service-desc", openapi), openapi)["components"]["parameters"]["limit"]["schema"]["maximum"]
    geojson = "application/geo+json"
    items = link(listed, "items", geojson)
    first = get(f"{items}?limit=5", geojson)["features"]  # what is null, true, false or a list in all of these is no field
    fields = {name for one in first for name, value in one["properties"].items() if isinstance(value, (str, int, float)) and not isinstance(value, bool)}
    everything = pages_of(get, get(f"{items}?limit={most}", geojson))
    is_history = collection["id"].endswith("-records")  # of which the newest lead
    for one in [] if is_history else everything:
        for name, value in one["properties"].items():
            assert value is None or isinstance(value, bool) or name in fields, f"{name} of {one['id']} is in none of the first five features"
    if not everything:
        raise Skipped("it has no feature, and ArcGIS shows no layer without one")
    size = len(everything) // 3 + 1
    counted = []
    for start in range(0, len(everything), size):
        page = get(f"{items}?limit={size}" + (f"&startindex={start}" if start else ""), geojson)
        counted += [one["id"] for one in page["features"]]
        has_next = any(one["rel"] == "next" and one["type"] == geojson for one in page["links"])
        assert has_next == (start + size < len(everything)), "it goes on where a page is full and has a next link"
    assert sorted(counted) == sorted(one["id"] for one in everything), "features come twice, or not at all"
    web = "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert web in listed["crs"]
    corners = mercator(*BOX[:2]) + mercator(*BOX[2:])
    on_map = get(f"{items}?limit={most}&bbox={','.join(map(str, corners))}&bbox-crs={web}&crs={web}", geojson)["features"]
    boxed = pages_of(get, get(f"{items}?limit={most}&bbox={','.join(map(str, BOX))}", geojson))
    assert {one["id"] for one in on_map} == {one["id"] for one in boxed}, "a box of the map finds others"
    place = next((one for one in boxed if one["geometry"] and one["geometry"]["type"] == "Point"), None)
    if place:
        moved = next(one for one in on_map if one["id"] == place["id"])["geometry"]["coordinates"]
        assert all(abs(a - b) < 0.1 for a, b in zip(moved, mercator(*place["geometry"]["coordinates"]), strict=True)), moved
    for time in ("../2100-01-01T00:00:00.000Z", "1900-01-01T00:00:00.000Z/.."):
        assert len(pages_of(get, get(f"{items}?limit={most}&datetime={time}", geojson))) == len(everything), time


def mercator(lon, lat):
    """\return easting and northing of a web map, metres"""
    return (math.radians(lon) * 6378137, math.asinh(math.tan(math.radians(lat))) * 6378137)
