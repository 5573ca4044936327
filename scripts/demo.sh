#!/usr/bin/env bash
# 一条命令看演示：安装依赖、编译、导入真实监测数据、启动服务。
# One command to a running demonstration: dependencies, build, real readings imported, the service on 127.0.0.1:8080.
#   scripts/demo.sh [--listen ADDR:PORT] [--data DIR] [--config FILE] [READINGS…]
set -euo pipefail
invoked_from=$PWD
cd "$(dirname "$0")/.."

listen=127.0.0.1:8080
data=$PWD/data/demo
config=$PWD/config/yihong.toml
readings=()
usage() { echo "usage: scripts/demo.sh [--listen ADDR:PORT] [--data DIR] [--config FILE] [READINGS…]" >&2; exit 2; }
from_caller() { case $1 in /*) echo "$1" ;; *) echo "$invoked_from/$1" ;; esac; }
while [ $# -gt 0 ]; do
    case $1 in
        --listen | --data | --config)
            [ $# -ge 2 ] || usage
            case $1 in
                --listen) listen=$2 ;;
                --data) data=$(from_caller "$2") ;;
                --config) config=$(from_caller "$2") ;;
            esac
            shift 2 ;;
        -*) usage ;;
        *) readings+=("$(from_caller "$1")"); shift ;;
    esac
done
[ ${#readings[@]} -gt 0 ] || readings=("$PWD"/tests/data/readings/surface_water_* "$PWD"/tests/data/readings/air_*)

scripts/deps.sh
cmake --preset release
cmake --build --preset release --target yihong
yihong=build/release/yihong

# Importing again would change nothing (equal records are duplicates), but would take its time.
mkdir -p "$data"
imported=$data/.demo-imported
digest=$(sha256sum "${readings[@]}")
if [ "$digest" != "$(cat "$imported" 2>/dev/null)" ]; then
    "$yihong" import --config "$config" --data "$data" "${readings[@]}"
    printf '%s\n' "$digest" >"$imported"
fi

echo
echo "演示就绪后请打开 / once it listens, open: http://$listen/   (Ctrl+C 停止 / stops it)"
exec "$yihong" serve --config "$config" --data "$data" --listen "$listen"
