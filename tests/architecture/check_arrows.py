#!/usr/bin/env python3
"""Holds the module arrows of the root CMakeLists.txt against every #include, both ways.

A file may include only headers of its own module, of the modules named in USES and of the libraries named in LIBRARIES; and each
module and library that is named there is included somewhere. No arrow leads back to where it came from.
"""
import pathlib
import re
import sys

root, arrows_file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

# Which headers a library of LIBRARIES brings.
HEADERS = {
    "fmt::fmt": "fmt/",
    "spdlog::spdlog": "spdlog/",
    "boost_geometry": "boost/geometry/",
    "boost_impl": "boost/",
    "tomlplusplus": "toml++/",
    "simdjson": "simdjson.h",
    "pugixml": "pugixml.hpp",
    "protozero": "protozero/",
    "flatbuffers": "flatbuffers/",
    "pegtl": "tao/pegtl",
    "utf8proc": "utf8proc.h",
    "ZLIB::ZLIB": "zlib.h",
    "zstd": "zstd.h",
    "xxhash": "xxhash.h",
    "OpenSSL::SSL": "openssl/ssl.h",
    "OpenSSL::Crypto": "openssl/",
    "CURL::libcurl": "curl/",
    "mosquitto": "mosquitto.h",
    "xlsxwriter": "xlsxwriter.h",
    "minizip": "minizip/",
    "RocksDB": "rocksdb/",
    "GDAL::GDAL": ("gdal", "ogr", "cpl_"),
    "PROJ::proj": ("proj.h", "geodesic.h"),
    "geos": "geos_c.h",
    "prometheus-cpp::core": "prometheus/",
    "CLI11::CLI11": "CLI/",
}
# The operating system's own. Modules that only decide stay free of them.
SYSTEM = ("sys/", "arpa/", "netinet/", "fcntl.h", "unistd.h", "netdb.h", "poll.h", "spawn.h", "iconv.h", "elf.h", "link.h")
DECIDING = {"geometry", "model", "standards", "evaluate", "periods", "reports", "features", "cql2", "tiles", "ports", "state", "write", "alerting", "hj212"}

uses, libraries = {}, {}
for line in arrows_file.read_text().splitlines():
    name, _, rest = line.partition(":")
    modules, _, foreign = rest.partition("|")
    uses[name], libraries[name] = set(modules.split()), set(foreign.split())

problems = []


def below(name, seen=()):
    """Everything that a module reaches; the way round where that is itself."""
    for module in sorted(uses.get(name, ())):
        if module in seen:
            problems.append(f"CMakeLists.txt: a circle: {' → '.join([*seen[seen.index(module):], module])}")
        elif module not in done:
            below(module, (*seen, module))
    done.add(name)


done = set()
for name in sorted(uses):
    if name not in done:
        below(name, (name,))
checked = 0
for name in uses:
    used, linked = set(), set()
    for folder in (root / "include/yihong" / name, root / "src" / name):
        for path in sorted(folder.rglob("*.[ch]pp")):
            checked += 1
            for number, line in enumerate(path.read_text().splitlines(), 1):
                place = f"{path.relative_to(root)}:{number}"
                if own := re.match(r'#include "yihong/(\w+)/', line):
                    used.add(own.group(1))
                    if own.group(1) != name and own.group(1) not in uses[name]:
                        problems.append(f"{place}: {name} must not use {own.group(1)}, or name it in USES")
                elif other := re.match(r"#include <([^>]*[/.][^>]*)>", line):
                    header = other.group(1)
                    library = next((lib for lib, start in HEADERS.items() if header.startswith(start)), None)
                    linked.add(library)
                    if header.startswith(SYSTEM):
                        if name in DECIDING:
                            problems.append(f"{place}: {name} decides only, and must stay free of {header}")
                    elif library is None:
                        problems.append(f"{place}: nobody knows which library brings {header}: name it in {pathlib.Path(__file__).name}")
                    elif library not in libraries[name]:
                        problems.append(f"{place}: {name} must stay free of {header}, or name {library} in LIBRARIES")
    problems += [f"CMakeLists.txt: {name} names {module} in USES and includes nothing of it" for module in sorted(uses[name] - used)]
    problems += [f"CMakeLists.txt: {name} names {library} in LIBRARIES and includes nothing of it" for library in sorted(libraries[name] - linked)]

if checked < 10:
    problems.append(f"only {checked} files were found: wrong folder?")
print("\n".join(problems) or f"{checked} files, every arrow is named and used")
sys.exit(bool(problems))
