#!/usr/bin/env bash
# Builds the console into console/dist, which the service serves at /console/. Quick where nothing changed since.
#   scripts/console.sh           builds it
#   scripts/console.sh --test    type check, linter, unit tests, then a real browser against the real service (build/release/yihong, or --program FILE)
set -euo pipefail
cd "$(dirname "$0")/../console"

program=../build/release/yihong
tests=false
while [ $# -gt 0 ]; do
    case $1 in
        --test) tests=true; shift ;;
        --program) [ $# -ge 2 ] || exit 2; program=$2; shift 2 ;;
        *) echo "usage: scripts/console.sh [--test [--program FILE]]" >&2; exit 2 ;;
    esac
done

# What was installed and built belongs to these very files.
digest_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
packages=$(digest_of package.json package-lock.json)
if [ "$packages" != "$(cat node_modules/.packages 2>/dev/null)" ]; then
    npm ci --no-audit --no-fund --loglevel=error
    echo "$packages" >node_modules/.packages
fi
mapfile -t sources < <(find src public index.html vite.config.ts tsconfig.json tools package-lock.json -type f | LC_ALL=C sort)
built=$(digest_of "${sources[@]}")
if [ "$built" != "$(cat dist/.sources 2>/dev/null)" ]; then
    npm run --silent build
    echo "$built" >dist/.sources
fi
echo "console: console/dist"
if $tests; then
    npm run --silent check
    YIHONG=$(realpath "$program") npm run --silent browser
fi
