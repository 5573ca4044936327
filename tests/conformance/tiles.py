"""2.8 Tiles and TileJSON."""

from checks import Skipped, check, link, problem

MVT = "application/vnd.mapbox-vector-tile"
QUAD = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"


def base(collection):
    return f"/collections/{collection['id']}/tiles"


def fields(message):
    """Number, wire type and content of each field of a protobuf message: a decoder that is not ours."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, 0, varint()
        elif key & 7 == 2:
            size = varint()
            yield key >> 3, 2, message[at : at + size]
            at += size
        else:
            width = 8 if key & 7 == 1 else 4
            yield key >> 3, key & 7, message[at : at + width]
            at += width


def a_tile(service, collection, zoom=9):
    """The address of a tile that shows something."""
    tile_set = service.json(f"{base(collection)}/WebMercatorQuad")
    limits = next(one for one in tile_set["tileMatrixSetLimits"] if one["tileMatrix"] == str(zoom))
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            target = f"{base(collection)}/WebMercatorQuad/{zoom}/{row}/{column}"
            if service.get(target).body:
                return target
    raise Skipped("none of its features has a place")


@check("T01", "landing page and collections link to tile sets, which say what they are", per="tiles")
def t01(service, collection):
    assert link(service.json("/", f="json"), "/tilesets-vector")
    sets = service.json(link(collection, "/tilesets-vector"))["tilesets"]
    assert QUAD in [one.get("tileMatrixSetURI") for one in sets]
    for one in sets:
        assert one["dataType"] == "vector" and one["crs"]
        assert service.get(link(one, "self")).status == 200 and service.get(link(one, "tiling-scheme")).status == 200


@check("T02", "a tile set has limits and a template of its tiles", per="tiles")
def t02(service, collection):
    document = service.json(f"{base(collection)}/WebMercatorQuad")
    assert document["tileMatrixSetLimits"] is not None
    item = next(one for one in document["links"] if one["rel"] == "item")
    assert item["templated"] is True and item["type"] == MVT
    places = [item["href"].index("{" + name + "}") for name in ("tileMatrix", "tileRow", "tileCol")]
    assert places == sorted(places)


@check("T03", "beyond the limits 404 or 400; other grids and collections 404", per="tiles")
def t03(service, collection):
    for beyond in ("0/1/0", "0/0/1", "9/2147483647/0", "9/0/2147483647"):
        assert service.get(f"{base(collection)}/WebMercatorQuad/{beyond}").status in (400, 404), beyond
    problem(service.get(f"{base(collection)}/NoSuchQuad/0/0/0"), status=404)
    problem(service.get("/collections/no-such-collection/tiles"), status=404)


@check("T04", "a tile: one layer a name, extent 4096, version 2, geometry and type of each feature", per="tiles")
def t04(service, collection):
    answer = service.get(a_tile(service, collection))
    assert answer.type() == MVT, answer.type()
    names = []
    for number, _, layer in fields(answer.body):
        assert number == 3, number
        told = list(fields(layer))
        names += [one.decode() for at, _, one in told if at == 1]
        assert [one for at, _, one in told if at == 15] == [2], "version"
        assert [one for at, _, one in told if at == 5] in ([4096], []), "extent"
        features = [dict((at, one) for at, _, one in fields(feature)) for at, _, feature in told if at == 2]
        assert features and all(one[3] in (1, 2, 3) and one[4] for one in features)
    assert names == [collection["id"]]


@check("T05", "TileJSON 3.0 with column before row, vector_layers and bounds", per="tiles")
def t05(service, collection):
    document = service.json(f"{base(collection)}/WebMercatorQuad/tilejson.json")
    assert document["tilejson"] == "3.0.0"
    assert [one["id"] for one in document["vector_layers"]] == [collection["id"]]
    for address in document["tiles"]:
        assert address.index("{z}") < address.index("{y}") and "{x}" in address, address
    assert document["minzoom"] <= document["maxzoom"]


@check("T06", "every tile has an entity tag, operations are named as the standard's table has them", per="tiles")
def t06(service, collection):
    target = a_tile(service, collection)
    tag = service.get(target).headers["ETag"]
    assert tag and service.get(target, headers={"If-None-Match": tag}).status == 304
    names = [one["operationId"] for path in service.json("/api")["paths"].values() for one in path.values() if isinstance(one, dict) and "operationId" in one]
    for ending in ("getTileSetsList", "getTileSet", "getTile"):
        assert any(name.endswith(ending) for name in names), ending
