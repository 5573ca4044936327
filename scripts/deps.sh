#!/usr/bin/env bash
# Installs what building, testing and running Yihong needs, from Debian's own packages: only what is missing, without
# questions, as root or through sudo. With nothing missing it asks dpkg once and is done.
#   scripts/deps.sh           everything for scripts/demo.sh and scripts/test.sh
#   scripts/deps.sh --bench   also the yardsticks that bench/ measures against
#   scripts/deps.sh --tidy    also clang-tidy
#   scripts/deps.sh --clients also the heavy clients of scripts/test.sh clients: QGIS, GDAL, geopandas, OWSLib
# docs/dependencies.md says why each package is here.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    clang-19 lld-19 libclang-rt-19-dev clang-format-19 ccache cmake ninja-build pkgconf
    libgdal-dev libproj-dev libgeos-dev librocksdb-dev libxlsxwriter-dev libminizip-dev
    libfmt-dev libspdlog-dev libtomlplusplus-dev libsimdjson-dev libpugixml-dev libprotozero-dev libflatbuffers-dev tao-pegtl-dev libutf8proc-dev libcli11-dev prometheus-cpp-dev
    libssl-dev libzstd-dev zlib1g-dev libxxhash-dev libjemalloc-dev libcurl4-openssl-dev libmosquitto-dev
    chromium fonts-noto-cjk
    libgtest-dev gdal-bin proj-bin python3 python3-jsonschema python3-openpyxl curl openssl mosquitto mosquitto-clients prometheus-alertmanager libxml2-utils valgrind
    dpkg-dev help2man
)
# Node of another source brings its own npm, beside which Debian's cannot be installed.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
for option in "$@"; do
    case $option in
        --bench) packages+=(wrk sqlite3 libsqlite3-dev postgresql influxdb victoria-metrics) ;;
        --tidy) packages+=(clang-tidy-19) ;;
        --clients) packages+=(python3-qgis python3-gdal python3-geopandas python3-owslib) ;;
        *) echo "usage: scripts/deps.sh [--bench] [--tidy] [--clients]" >&2; exit 2 ;;
    esac
done

# Unpacked into .deps, not installed. nginx: its package would begin to serve on port 80. Boost: Debian 12's GDAL needs 1.74, and 1.81 cannot be
# installed beside it (docs/decisions/0002-toolchain.md); newer releases have a Boost that will do.
unpacked=()
[ -x .deps/nginx/usr/sbin/nginx ] || unpacked+=(nginx)
release=$(. /etc/os-release; echo "${VERSION_ID:-}")
if [ "$release" = 12 ]; then
    [ -e .deps/boost/usr/include/boost/url.hpp ] || unpacked+=(libboost1.81-dev)
else
    packages+=(libboost-dev libboost-url-dev)
fi

installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
    grep -qx "installed $package" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ] && [ ${#unpacked[@]} -eq 0 ]; then
    echo "deps: nothing is missing"
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "deps: run this as root, or install sudo. Missing: ${missing[*]} ${unpacked[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "deps: reading the package lists"
"${as_root[@]}" apt-get update -qq
if [ ${#missing[@]} -gt 0 ]; then
    echo "deps: installing ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" |
        { grep -v -E '^(Selecting|Preparing|\(Reading|Setting up|Processing)' || true; }
fi
for package in "${unpacked[@]}"; do
    folder=.deps/$package
    [ "$package" != libboost1.81-dev ] || folder=.deps/boost
    echo "deps: unpacking Debian's $package into $folder"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # apt drops its rights for downloads, which then could not write here
    (cd "$work" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$package")
    mkdir -p .deps
    rm -rf "$folder" "$folder.part"
    dpkg-deb -x "$work/$package"_*.deb "$folder.part"
    mv "$folder.part" "$folder"                     # whole or not at all
    rm -rf "$work"
done
echo "deps: done"
