#!/usr/bin/env python3
"""Mixed load on the real service for half a minute, while it is killed again and again, its disk fills up and the receiver of its alerts stalls.
Every sender goes on until it has its answer, as real ones do; in the end each series is exactly what was acknowledged, the log of alerts has no
gap, and the receiver has heard of every alert.   chaos.py YIHONG STANDARDS [SECONDS]"""
import datetime
import http.client
import http.server
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HTTP_SITES = [f"h{i}" for i in range(4)]
STATIONS = [f"s{i}" for i in range(4)]
ALARMED = [f"x{i}" for i in range(12)]
BASE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
BATCH = 40


def with_a_disk_of_its_own():
    """Where the system lets it, the data lies on a small file system that only this process sees."""
    if os.environ.get("YIHONG_CHAOS") or os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        return
    os.environ["YIHONG_CHAOS"] = "own"
    os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])


def value(k):
    return f"{6 + k % 29 / 10:.1f}"


def minute(k):
    return BASE + datetime.timedelta(minutes=k)


class Receiver(http.server.ThreadingHTTPServer):
    """Takes alerts, or takes the connection and says nothing."""
    daemon_threads = True

    def __init__(self):
        self.stalled, self.bodies = True, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                while outer.stalled:
                    time.sleep(0.05)
                outer.bodies.append(body.decode())
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Service:
    """Runs, and runs again when it was ended."""

    def __init__(self, program, config, data, log):
        self.command = [program, "serve", "--config", config, "--data", data, "--listen", "127.0.0.1:0", "--hj212", "127.0.0.1:0"]
        self.log, self.stopping, self.kills, self.starts = log, False, 0, 0
        self.ports, self.process = None, None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopping:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.log, text=True)
            self.starts += 1
            line = self.process.stdout.readline()          # listening http=http://127.0.0.1:8080 hj212=127.0.0.1:9212
            words = dict(word.split("=", 1) for word in line.split()[1:])
            if "http" in words:
                self.ports = (int(words["http"].rsplit(":", 1)[1]), int(words["hj212"].rsplit(":", 1)[1]))
            self.process.wait()
            self.ports = None
            time.sleep(0.2)

    def kill(self):
        self.kills += 1
        self.process.send_signal(signal.SIGKILL)

    def ask(self, method, target, body=None, kind="text/csv"):
        """Until there is an answer that is final."""
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=10)
                connection.request(method, target, body, {"Content-Type": kind} if body else {})
                reply = connection.getresponse()
                text = reply.read().decode()
                connection.close()
                if reply.status == 200:
                    return json.loads(text)
                if reply.status < 500:
                    sys.exit(f"{method} {target}: {reply.status} {text}")
            except (OSError, http.client.HTTPException, TypeError):
                pass
            time.sleep(0.05)


def post(service, site, until, sums):
    k = 0
    while time.time() < until:
        rows = "".join(f"{site},{minute(i):%Y-%m-%dT%H:%M:%SZ},minute,{value(i)}\n" for i in range(k, k + BATCH))
        report = service.ask("POST", "/api/v1/readings", "site,time,interval,ph\n" + rows)
        if report["accepted"] + report["duplicates"] != BATCH or report["revised"] or report["rejected"]:
            sys.exit(f"{site}: {report}")
        k += BATCH
    sums[site] = k


def crc(data):
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def send_frames(service, site, until, sums):
    k, link = 0, None
    while time.time() < until:
        at = minute(k) + datetime.timedelta(hours=8)
        qn = f"{at:%Y%m%d%H%M%S}000"
        segment = (f"QN={qn};ST=21;CN=2051;PW=123456;MN={site};Flag=5;CP=&&DataTime={at:%Y%m%d%H%M%S};"
                   f"w01001-Avg={value(k)},w01001-Flag=N&&").encode()
        try:
            if link is None:
                link = socket.create_connection(("127.0.0.1", service.ports[1]), 5)
                link.settimeout(5)
                heard = b""
            link.sendall(b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment)))
            wanted = f"QN={qn}".encode()
            while not (wanted in heard and b"CN=9014" in heard[heard.find(wanted):]):
                more = link.recv(4096)
                if not more:
                    raise OSError("closed")
                heard += more
            heard = b""
            k += 1
        except (OSError, TypeError):
            link = None
            time.sleep(0.05)
    sums[site] = k


def alarm(service, until):
    """Each site becomes bad at some time."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
    for i, site in enumerate(ALARMED):
        pause = max(0.0, (until - time.time()) / (len(ALARMED) - i + 1))
        time.sleep(min(pause, 3))
        rows = "".join(f"{site},{now - datetime.timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ},hour,30\n" for h in (2, 1))
        service.ask("POST", "/api/v1/readings", "site,time,interval,codmn\n" + rows)


def series(service, site):
    target, found = f"/api/v1/sites/{site}/readings?limit=10000&interval=minute", {}
    while target:
        page = service.ask("GET", target)
        for record in page["records"]:
            found[record["time"]] = record["values"]["ph"]
        target = next((link["href"].split("127.0.0.1:")[1].split("/", 1)[1] for link in page["links"] if link["rel"] == "next"), None)
        target = target and "/" + target
    return found


def check(service, receiver, sums):
    for site, count in sums.items():
        wanted = {f"{minute(k):%Y-%m-%dT%H:%M:%S}": float(value(k)) for k in range(count)}
        found = {time[:19]: number for time, number in series(service, site).items()}
        extra = {k: v for k, v in found.items() if k not in wanted}
        if site in STATIONS and len(extra) == 1:           # one may be on disk whose answer was lost with the service
            extra.clear()
        wrong = [k for k, v in wanted.items() if found.get(k) != v]
        if wrong or extra:
            sys.exit(f"{site}: of {count} acknowledged records {len(wrong)} are missing or others, {len(extra)} came from nowhere")
    alerts = {a["site"]: a["id"] for a in service.ask("GET", "/api/v1/alerts?limit=1000")["alerts"]}
    if missing := [s for s in ALARMED if s not in alerts]:
        sys.exit(f"no alert of {missing}")
    log = service.ask("GET", "/api/v1/alerts/log?limit=1000")
    numbers = [entry["number"] for entry in log["steps"]]
    if numbers != list(range(1, len(numbers) + 1)):
        sys.exit(f"the log of alerts has a gap: {numbers}")
    receiver.stalled = False
    deadline = time.time() + 60
    while unheard := [s for s in ALARMED if not any(alerts[s] in body for body in list(receiver.bodies))]:
        if time.time() > deadline:
            sys.exit(f"nobody heard of the alerts of {unheard}")
        time.sleep(0.2)
    return len(numbers)


def play(service, receiver, folder, data, own_disk, seconds):
    dice = random.Random(7)
    until, sums = time.time() + seconds, {}
    loads = [threading.Thread(target=post, args=(service, site, until, sums)) for site in HTTP_SITES]
    loads += [threading.Thread(target=send_frames, args=(service, site, until, sums)) for site in STATIONS]
    loads.append(threading.Thread(target=alarm, args=(service, until)))
    for load in loads:
        load.start()
    filled = False
    while time.time() < until - 3:
        time.sleep(dice.uniform(1, 3))
        if own_disk and not filled and time.time() > until - seconds / 2:
            filled = True
            with open(data / "filler", "wb", buffering=0) as filler:
                try:
                    while True:
                        filler.write(b"x" * 65536)
                except OSError:
                    pass
            time.sleep(3)
            (data / "filler").unlink()
        elif service.ports:
            service.kill()
    for load in loads:
        load.join(120)
        if load.is_alive():
            sys.exit("a sender got no answer any more:\n" + (folder / "log").read_text()[-3000:])
    if len(sums) != len(HTTP_SITES) + len(STATIONS):
        sys.exit("a sender gave up")
    steps = check(service, receiver, sums)
    print(f"{service.kills} kills, {service.starts} starts, full disk: {'yes' if filled else 'no'}; {sum(sums.values())} acknowledged "
          f"records and {steps} steps of alerts are all there, {len(receiver.bodies)} messages came through")


def main():
    with_a_disk_of_its_own()
    program, standards = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 30
    with tempfile.TemporaryDirectory() as folder:
        folder, own_disk = pathlib.Path(folder), False
        data = folder / "data"
        data.mkdir()
        if os.environ.get("YIHONG_CHAOS") == "own":
            own_disk = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "none", data], capture_output=True).returncode == 0
        receiver = Receiver()
        features = [{"type": "Feature", "id": site, "geometry": {"type": "Point", "coordinates": [111, 35]},
                     "properties": {"name": site, "kind": "water_section"}} for site in HTTP_SITES + STATIONS + ALARMED]
        (folder / "sites.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        (folder / "yihong.toml").write_text(
            f'[standards]\ndirectory = "{standards}"\n[sites]\nfiles = ["sites.geojson"]\n'
            f'[[channels]]\nid = "duty"\nkind = "webhook"\nurl = "http://127.0.0.1:{receiver.server_port}/"\nallow_private = true\ntimeout = "2s"\n'
            + "".join(f'[[devices]]\nmn = "{mn}"\nsite = "{mn}"\npassword = "123456"\n' for mn in STATIONS))
        log = open(folder / "log", "w")
        service = Service(program, str(folder / "yihong.toml"), str(data), log)
        try:
            play(service, receiver, folder, data, own_disk, seconds)
        finally:
            service.stopping = True
            service.process.terminate()
            service.thread.join(30)
            if own_disk:
                subprocess.run(["umount", "-l", data])


if __name__ == "__main__":
    main()
