#!/usr/bin/env python3
"""docs/conformance.md ties every ID of the check-list to what proves it: to tests that there are, to a check of run.py, or to a reason."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
IDS = [f"{letter}{number:02}" for letter, most in (("F", 17), ("C", 7), ("Q", 11), ("E", 10), ("T", 6)) for number in range(1, most + 1)]
IDS += ["2.1", "2.5", "2.7", "3"]


def known_tests():
    found = set()
    for file in (ROOT / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(f"{suite}.{name}")
    return found


def known_checks():
    text = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("*.py"))
    return set(re.findall(r'^@check\("([^"]+)"', text, re.MULTILINE))


def main():
    wrong = []
    tests, checks = known_tests(), known_checks()
    rows = {}
    for line in (ROOT / "docs/conformance.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] in IDS:
            rows[cells[0]] = cells[1:]
    for name in IDS:
        if name not in rows:
            wrong.append(f"{name} is not in docs/conformance.md")
            continue
        run, proof = rows[name]
        of_this = {one for one in checks if one == name or one.startswith(name + "-")}
        if set(re.findall(r"`([^`]+)`", run)) != of_this:
            wrong.append(f"{name}: the checks of run.py are {sorted(of_this)}, the document says {run!r}")
        for test in re.findall(r"`([A-Za-z0-9]+\.[A-Za-z0-9_]+)`", proof):
            if test not in tests:
                wrong.append(f"{name}: there is no test {test}")
        if not of_this and not proof:
            wrong.append(f"{name}: neither a check, nor a test, nor a reason")
    for one in checks:
        if not any(one == name or one.startswith(name + "-") for name in IDS):
            wrong.append(f"the check {one} belongs to no ID")
    print("\n".join(wrong) or f"{len(rows)} IDs, {len(checks)} checks")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
