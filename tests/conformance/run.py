#!/usr/bin/env python3
"""Runs the checks of the check-list against a program and writes what came of it: run.py PROGRAM REPORT.json

The report names the program by its build ID, so that no other build shows it as its own (docs/conformance.md)."""

import datetime
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checks  # noqa: E402
from service import SOURCE, Service  # noqa: E402

import common  # noqa: E402, F401
import reference_systems  # noqa: E402, F401
import filters  # noqa: E402, F401
import parts  # noqa: E402, F401
import series  # noqa: E402, F401
import tiles  # noqa: E402, F401
import sequences  # noqa: E402, F401


def build_id(program):
    notes = subprocess.run(["readelf", "-n", program], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Build ID: ([0-9a-f]+)", notes)
    if not found:
        raise RuntimeError(f"{program} has no build ID")
    return found.group(1)


def commit():
    """What the sources were: null outside of a repository."""

    def git(*arguments):
        return subprocess.run(["git", "-C", SOURCE, *arguments], capture_output=True, text=True, check=False)

    head = git("rev-parse", "HEAD")
    if head.returncode != 0:
        return None
    return head.stdout.strip() + ("+changes" if git("status", "--porcelain", "--untracked-files=no").stdout.strip() else "")


def main(program, report):
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    service = Service(program)
    try:
        results = checks.run(service)
    finally:
        service.close()
    sums = {word: sum(one["result"] == word for one in results) for word in ("passed", "failed", "skipped")}
    document = {
        "build": {"version": version, "commit": commit(), "build_id": build_id(program)},
        "ran_at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **sums,
        "checks": results,
    }
    part = pathlib.Path(report + ".part")
    part.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(report)
    print(", ".join(f"{count} {word}" for word, count in sums.items()))
    for one in results:
        for place, outcome in one["of"].items():
            if outcome["result"] != "passed":
                print(f"{one['id']} {place}: {outcome['result']}: {outcome['why']}")
    return 1 if sums["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
