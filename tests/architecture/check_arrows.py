#!/usr/bin/env python3
"""Holds the module arrows: a file may include only headers of its own module and of those its module uses."""
import pathlib
import re
import sys

root, arrows_file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
uses = {}
for line in arrows_file.read_text().splitlines():
    name, _, targets = line.partition(":")
    uses[name] = set(targets.split())


def reachable(name):
    seen, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += uses[current]
    return seen


# Headers of the deciding modules stay free of frameworks, so that a decision can be tested without a socket or a database.
pure = {"base", "model", "standards", "evaluate", "ports"}
foreign = re.compile(r'#include [<"](boost/|gdal|ogr|cpl_|proj|geos|rocksdb/|sqlite3|libpq)')

problems = []
checked = 0
for name in uses:
    allowed = reachable(name)
    for folder in (root / "include/yihong" / name, root / "src" / name):
        for path in sorted(folder.rglob("*.[ch]pp")):
            checked += 1
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'#include [<"]yihong/(\w+)/', line)
                if found and found.group(1) not in allowed:
                    problems.append(f"{path.relative_to(root)}:{number}: {name} must not use {found.group(1)}")
                if name in pure and foreign.match(line):
                    problems.append(f"{path.relative_to(root)}:{number}: {name} must stay free of {line.split()[1]}")

if checked < 10:
    problems.append(f"only {checked} files were found: wrong folder?")
print("\n".join(problems) or f"{checked} files, every arrow points the right way")
sys.exit(bool(problems))
