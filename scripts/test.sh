#!/usr/bin/env bash
# Dependencies, build, every test; of the release build also those of the console, in a real browser.
#   scripts/test.sh           the release build: the program that ships, in the folder that scripts/demo.sh uses
#   scripts/test.sh PRESET    dev | asan | tsan | fuzz, or tidy (builds under clang-tidy, runs no tests)
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
case $preset in
    release | dev | asan | tsan | fuzz) scripts/deps.sh ;;
    tidy) scripts/deps.sh --tidy ;;
    *) echo "usage: scripts/test.sh [release|dev|asan|tsan|fuzz|tidy]" >&2; exit 2 ;;
esac

cmake --preset "$preset"
cmake --build --preset "$preset"
[ "$preset" = tidy ] || ctest --preset "$preset" -j"$(nproc)"
[ "$preset" != release ] || scripts/console.sh --test
