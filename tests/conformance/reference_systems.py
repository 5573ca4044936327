"""2.3 Features Part 2."""

import re
import subprocess

from checks import Skipped, check, problem
from common import items_of, positions

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
FORM = re.compile(r"http://www\.opengis\.net/def/crs/[A-Z]+/[0-9.]+/[A-Za-z0-9]+")
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"


def first_placed(service, collection, **parameters):
    for feature in service.json(items_of(collection), limit=50, **parameters)["features"]:
        for position in positions(feature["geometry"]):
            return feature["id"], position
    raise Skipped("none of its features has a place")


@check("C01", "every system and storageCrs is a URI of the OGC form; storageCrs is one of crs", per="features")
def c01(service, collection):
    for uri in [*collection["crs"], collection["storageCrs"]]:
        assert FORM.fullmatch(uri), uri
    assert collection["storageCrs"] in collection["crs"]
    assert service.json(f"/collections/{collection['id']}")["crs"] == collection["crs"]


@check("C02", "CRS84 stands first in every collection", per="features")
def c02(_, collection):
    assert collection["crs"][0] == CRS84


@check("C03", "items and an item in every system: 200, and Content-Crs names it", per="features")
def c03(service, collection):
    page = service.json(items_of(collection), limit=1)
    urls = [items_of(collection), *(f"{items_of(collection)}/{one['id']}" for one in page["features"])]
    for url in urls:
        for uri in collection["crs"]:
            answer = service.get(url, crs=uri)
            assert answer.status == 200 and answer.headers["Content-Crs"] == f"<{uri}>", (url, uri, answer.status)
        assert service.get(url).headers["Content-Crs"] == f"<{CRS84}>"


@check("C04", "an unsupported crs or bbox-crs is 400 and named", per="features")
def c04(service, collection):
    url = items_of(collection)
    problem(service.get(url, crs=UNSUPPORTED), "crs", UNSUPPORTED)
    problem(service.get(url + "/any", crs=UNSUPPORTED), "crs")
    problem(service.get(url, bbox="5,49,6,50", bbox_crs=UNSUPPORTED), "bbox-crs")


@check("C05", "positions in every system are those of PROJ's cs2cs, to a millimetre", per="features")
def c05(service, collection):
    wanted, (lon, lat, *_) = first_placed(service, collection)
    for uri in collection["crs"][1:]:
        code = uri.rsplit("/", 1)[1]
        text = subprocess.run(
            ["cs2cs", "-f", "%.10f", "OGC:CRS84", f"EPSG:{code}"], input=f"{lon} {lat}\n", capture_output=True, text=True, check=True
        ).stdout
        theirs = [float(number) for number in text.split()[:2]]
        ours = next(positions(service.json(f"{items_of(collection)}/{wanted}", crs=uri)["geometry"]))
        # the seven decimals of CRS84 that are put in are a centimetre
        tolerance = 2e-7 if abs(theirs[0]) <= 180 else 0.021
        assert all(abs(a - b) <= tolerance for a, b in zip(ours, theirs)), (uri, ours, theirs)


@check("C06", "a bbox in each system has the axes of the register, and finds what CRS84 finds", per="features")
def c06(service, collection):
    wanted, _ = first_placed(service, collection)
    for uri in collection["crs"]:
        feature = service.json(f"{items_of(collection)}/{wanted}", crs=uri, precision=9)
        first, second, *_ = next(positions(feature["geometry"]))
        margin = 1e-4 if abs(first) <= 180 else 10
        box = f"{first - margin},{second - margin},{first + margin},{second + margin}"
        found = {one["id"] for one in service.json(items_of(collection), bbox=box, bbox_crs=uri, limit=10000)["features"]}
        assert wanted in found, (uri, box)


@check("C07", "bbox-crs=CRS84 changes nothing; no member crs in GeoJSON", per="features")
def c07(service, collection):
    box = "110,34,112,36"
    plain = service.json(items_of(collection), bbox=box, limit=100)
    named = service.json(items_of(collection), bbox=box, bbox_crs=CRS84, limit=100)
    assert [one["id"] for one in plain["features"]] == [one["id"] for one in named["features"]]
    assert "crs" not in service.json(items_of(collection), crs=collection["crs"][1], limit=1)
