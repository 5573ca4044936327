#!/usr/bin/env bash
# Dependencies, build, every test; of the release build also those of the console, in a real browser.
#   scripts/test.sh           the release build: the program that ships, in the folder that scripts/demo.sh uses
#   scripts/test.sh PRESET    dev | asan | tsan | fuzz, or tidy (builds under clang-tidy, runs no tests)
#   scripts/test.sh clients   the release build against QGIS (headless), GDAL, geopandas and OWSLib, which Debian packages: hundreds of MB, so by itself
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
if [ "$preset" = clients ]; then
    scripts/deps.sh --clients
    cmake --preset release
    cmake --build --preset release --target yihong
    failed=
    for test in tests/clients/*_test.py; do
        echo "$test"
        /usr/bin/python3 "$test" build/release/yihong || failed+=" $test"      # Debian's, for which the packages are made
    done
    [ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
    exit
fi
case $preset in
    release | dev | asan | tsan | fuzz) scripts/deps.sh ;;
    tidy) scripts/deps.sh --tidy ;;
    *) echo "usage: scripts/test.sh [release|dev|asan|tsan|fuzz|tidy|clients]" >&2; exit 2 ;;
esac

cmake --preset "$preset"
cmake --build --preset "$preset"
[ "$preset" = tidy ] || ctest --preset "$preset" -j"$(nproc)"
[ "$preset" != release ] || scripts/console.sh --test
