"""The real service with something in every collection, and requests to it."""

import datetime
import gzip
import json
import pathlib
import re
import string
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
READINGS = SOURCE / "tests/data/readings"
OUTFALLS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "plant-outfall",
            "geometry": {"type": "Point", "coordinates": [110.99, 35.03]},
            "properties": {"name": "污水处理厂排口", "kind": "outfall"},
        }
    ],
}


class Answer:
    """What came back: never an exception, whatever the status."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body)

    def type(self):
        return self.headers.get("Content-Type", "")


class Service:
    """A running `yihong serve` on a free port, in a temporary folder that goes with it."""

    def __init__(self, program, filled=True):
        """\param filled False: no reading has ever come"""
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="yihong-conformance-")
        home = pathlib.Path(self.folder.name)
        (home / "outfalls.geojson").write_text(json.dumps(OUTFALLS, ensure_ascii=False))
        text = (SOURCE / "config/yihong.toml").read_text()
        text = text.replace('"../', f'"{SOURCE}/').replace('"standards"', f'"{SOURCE}/config/standards"')
        text = text.replace('"alerts.toml"', f'"{SOURCE}/config/alerts.toml"')
        text = text.replace('["sites/yuncheng.geojson"]', f'["{SOURCE}/config/sites/yuncheng.geojson", "{home}/outfalls.geojson"]')
        config = home / "yihong.toml"
        config.write_text(text)
        arguments = [program, "--config", config, "--data", home / "data"]
        archives = ["surface_water_snapshot_2025-11-06.csv", "surface_water_4h_2021-04-01_03.csv", "air_hourly_2019-07-18.csv"]
        if filled:
            subprocess.run(
                [program, "import", "--quiet", *arguments[1:], *(READINGS / name for name in archives)],
                check=False,  # neighbours of the shipped sites are refused
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.log = open(home / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "serve", *arguments[1:], "--listen", "127.0.0.1:0", "--hj212", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        line = self.process.stdout.readline()
        found = re.search(r"http=(http://\S+)", line)
        if not found:
            raise RuntimeError(f"the service did not start: {line!r}\n{(home / 'log').read_text()}")
        self.root = found.group(1).rstrip("/")
        if filled:
            self.post_readings()

    def post_readings(self):
        """What is of now, one record after the other, so that an alert is raised; and readings of an outfall, which the archives do not have."""
        hour = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
        records = [("hejindaqiao", back, "4h", {"ammonia_nitrogen": 1.62, "ph": 7.9}) for back in (26, 22, 18)]
        records += [("plant-outfall", back, "hour", {"ammonia_nitrogen": 2.1, "ph": 7.4}) for back in (3, 2, 1)]
        for site, back, interval, values in records:
            time = (hour - datetime.timedelta(hours=back)).isoformat()
            answer = self.post("/api/v1/readings", "application/json", json.dumps([{"site": site, "time": time, "interval": interval, "values": values}]))
            if answer.status != 200:
                raise RuntimeError(f"a reading was refused: {answer.body}")

    def request(self, target, headers=None, method="GET", body=None):
        url = target if target.startswith("http") else self.root + target
        url = urllib.parse.quote(url, safe=string.printable)  # ids may be Chinese names: as a browser would send them
        request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=60) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, target, headers=None, **parameters):
        if parameters:
            pairs = [(name.replace("_", "-") if name in HYPHENATED else name, value) for name, value in parameters.items()]
            target += ("&" if "?" in target else "?") + urllib.parse.urlencode(pairs)
        return self.request(target, headers)

    def post(self, target, media_type, body):
        return self.request(target, {"Content-Type": media_type}, "POST", body.encode())

    def json(self, target, **parameters):
        answer = self.get(target, **parameters)
        assert answer.status == 200, f"{target} {parameters}: {answer.status} {answer.body[:300]!r}"
        return answer.json()

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()
        self.folder.cleanup()


HYPHENATED = {"bbox_crs", "filter_lang", "filter_crs", "parameter_name", "within_units"}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
