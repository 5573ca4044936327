"""2.6 EDR and 2.7 CoverageJSON."""

import re

from checks import check, problem

CONF = "http://www.opengis.net/spec/ogcapi-edr-1"
COVERAGE = "application/vnd.cov+json"


def url(collection, query=""):
    return f"/collections/{collection['id']}/{query}".rstrip("/")


def site(service, collection):
    return service.json(url(collection, "locations"))["features"][0]


def point(feature):
    lon, lat = feature["geometry"]["coordinates"][:2]
    return f"POINT({lon} {lat})"


@check("E01", "a collection says its extent, CRS84 and its queries, and equals its entry in the list", per="series")
def e01(service, collection):
    declared = service.json("/conformance")["conformsTo"]
    for version in ("1.0", "1.1"):
        assert f"{CONF}/{version}/conf/core" in declared and f"{CONF}/{version}/conf/covjson" in declared
    alone = service.json(url(collection))
    assert alone == collection
    assert len(alone["extent"]["spatial"]["bbox"][0]) == 4
    begin, end = alone["extent"]["temporal"]["interval"][0]
    assert begin and end, "clients take both for given"
    assert any("CRS84" in one for one in alone["crs"])
    for name, query in alone["data_queries"].items():
        assert query["link"]["href"].startswith(service.root), name
        assert query["link"]["variables"]["query_type"] == name
    for name, parameter in alone["parameter_names"].items():
        assert parameter["type"] == "Parameter" and parameter["observedProperty"]["label"], name


@check("E02", "position, area and radius: without coords, with empty ones or another geometry 400", per="series")
def e02(service, collection):
    for query in ("position", "area", "radius"):
        assert service.get(url(collection, query)).status == 400, query
        distance = {"within": "10", "within_units": "km"} if query == "radius" else {}
        for wrong in (None, "", "POINT()", "POLYGON()", "LINESTRING*()"):
            given = {} if wrong is None else {"coords": wrong}
            problem(service.get(url(collection, query), **given, **distance), "coords")
    problem(service.get(url(collection, "position"), coords="POLYGON((0 0,1 0,1 1,0 0))"), "coords")


@check("E03", "locations are listed as GeoJSON; one of them is a series, an unknown one 404", per="series")
def e03(service, collection):
    listed = service.get(url(collection, "locations"))
    assert listed.type().startswith("application/geo+json")
    wanted = listed.json()["features"][0]["id"]
    one = service.get(url(collection, f"locations/{wanted}"))
    assert one.status in (200, 204), one.status
    problem(service.get(url(collection, "locations/no-such-site")), "no-such-site", status=404)


@check("E04", "radius needs within and within-units, cube a bbox", per="series")
def e04(service, collection):
    coords = point(site(service, collection))
    problem(service.get(url(collection, "radius"), coords=coords), "within")
    problem(service.get(url(collection, "radius"), coords=coords, within="10"), "within-units")
    assert service.get(url(collection, "radius"), coords=coords, within="10", within_units="km").status == 200
    problem(service.get(url(collection, "cube")), "bbox")
    assert service.get(url(collection, "cube"), bbox="110,34,113,37").status == 200


@check("E05", "position with parameter-name, coords, crs, f and datetime of the extent gives coverages", per="series")
def e05(service, collection):
    begin, end = collection["extent"]["temporal"]["interval"][0]
    answer = service.get(
        url(collection, "position"),
        coords=point(site(service, collection)),
        parameter_name=next(iter(collection["parameter_names"])),
        crs=collection["crs"][0],
        f=collection["output_formats"][0],
        datetime=f"{begin}/{end}",
    )
    assert answer.status == 200, answer.body[:200]
    assert answer.json()["type"] in ("Coverage", "CoverageCollection")


@check("E06", "parameter-name narrows; open intervals; other names, formats and systems are 400", per="series")
def e06(service, collection):
    query, coords = url(collection, "position"), point(site(service, collection))
    begin, end = collection["extent"]["temporal"]["interval"][0]
    names = list(collection["parameter_names"])[:2]
    document = service.json(query, coords=coords, parameter_name=",".join(names))
    for coverage in document.get("coverages", []):
        assert set(coverage["ranges"]) <= set(names)
    for moment in (begin, f"{begin}/{end}", f"../{end}", f"{begin}/.."):
        assert service.get(query, coords=coords, datetime=moment).status in (200, 204), moment
    problem(service.get(query, coords=coords, parameter_name="no_such_item"), "no_such_item")
    problem(service.get(query, coords=coords, f="no_such_format"), "no_such_format")
    problem(service.get(query, coords=coords, crs="EPSG:1"), "crs")


@check("E08", "/api describes coords, datetime, parameter-name and bbox")
def e08(service):
    document = service.json("/api")
    for query, required in (("position", "coords"), ("area", "coords"), ("radius", "coords"), ("cube", "bbox")):
        path = next(one for one in document["paths"] if re.fullmatch(r"/collections/[^/]+/" + query, one))
        told = {}
        for one in document["paths"][path]["get"]["parameters"]:
            if "$ref" in one:
                one = document["components"]["parameters"][one["$ref"].rsplit("/", 1)[1]]
            told[one["name"]] = one
        assert told[required]["required"] is True, path
        assert not told["datetime"].get("required") and not told["parameter-name"].get("required"), path


@check("E10", "GeoJSON is a FeatureCollection with parameters and links", per="series")
def e10(service, collection):
    document = service.json(url(collection, "position"), coords=point(site(service, collection)), f="GeoJSON")
    assert document["type"] == "FeatureCollection" and "parameters" in document and document["links"]


@check("2.7", "CoverageJSON: axes in order, references, shapes that fit, nulls for gaps, times in UTC", per="series")
def coverage_json(service, collection):
    answer = service.get(url(collection, "cube"), bbox="-180,-90,180,90")
    assert answer.type().startswith(COVERAGE), answer.type()
    assert b"NaN" not in answer.body
    document = answer.json()
    assert document["type"] == "CoverageCollection" and document["domainType"] == "PointSeries"
    systems = {tuple(one["coordinates"]): one["system"] for one in document["referencing"]}
    assert systems[("x", "y")]["id"].endswith("CRS84") and systems[("t",)]["calendar"] == "Gregorian"
    assert document["coverages"]
    for coverage in document["coverages"]:
        axes = coverage["domain"]["axes"]
        times = axes["t"]["values"]
        assert times == sorted(times) and all(one.endswith("Z") for one in times)
        assert len(axes["x"]["values"]) == len(axes["y"]["values"]) == 1
        for name, one in coverage["ranges"].items():
            assert name in document["parameters"], name
            assert one["type"] == "NdArray" and one["shape"] == [len(one["values"])] == [len(times)], name
