#!/usr/bin/env bash
# Measures the service on this machine, over loopback, each figure beside its yardstick in the same run; bench/README.md explains.
#   bench/run.sh [a|b|c|d|e|f|g|h|i|j|k|all] [--quick] [--no-build]
#   bench/run.sh soak [--quick] [--no-build]    a quarter of an hour of mixed load (--quick: three minutes), and the memory of every minute
#     --quick      a tenth of the history and short runs: shows that everything works, the figures are rough
#     --no-build   takes build/release as it is
#   bench/run.sh compare REV [a|b|c|d|e|f|g|h|i|j|k] [--quick] [--rounds N] [--no-build]   another revision beside this tree, run by run
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
subject=${YIHONG_BENCH_SUBJECT:-$root}  # whose service is measured, by the clients of this tree (compare.py)

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "${1:-}" != compare ] || { shift; exec python3 bench/compare.py "$@"; }
parts=() quick=false build=true
for argument in "$@"; do
    case $argument in
        [a-k] | soak) parts+=("$argument") ;;
        all) parts=(a b c d e f g h i j k) ;;
        --quick) quick=true ;;
        --no-build) build=false ;;
        *) usage ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=(a b c d e f g h i j k)
wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

hours=2160 rounds=3 seconds=5 ingest_rounds=4 yardstick_seconds=3
if $quick; then hours=216 rounds=1 seconds=2 ingest_rounds=2 yardstick_seconds=0.5; fi
sites=500 measured=10 national=5641

if $build; then
    scripts/deps.sh --bench
    cmake --preset release -DYIHONG_BUILD_BENCH=ON >/dev/null
    targets=(yihong yihong_bench)
    if wants k; then targets+=(hj212_bench readings_io_bench alerts_bench notify_bench); fi
    cmake --build --preset release --target "${targets[@]}"
fi
yihong=$subject/build/release/yihong
bench=$root/build/release/bench/yihong_bench

work=$(mktemp -d "${TMPDIR:-/tmp}/yihong-bench.XXXXXX")
service= nginx= peer= postgres= port= hj212_port=
stop() {
    [ -z "$service" ] || { kill -TERM "$service" 2>/dev/null && wait "$service" || true; }
    service=
}
stop_peer() {
    [ -z "$peer" ] || { kill -TERM "$peer" 2>/dev/null && wait "$peer" || true; }
    peer=
}
clean_up() {
    stop
    [ -z "$nginx" ] || { kill -QUIT "$nginx" 2>/dev/null && wait "$nginx" || true; }
    stop_peer
    [ -z "$postgres" ] || stop_postgres
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

mkfifo "$work/out"
exec 9<>"$work/out"
# start CONFIG DATA: sets service, port, hj212_port and start_ms, the time from the start of the process to its line "listening"
start() {
    local begin=$EPOCHREALTIME line
    "$yihong" serve --config "$1" --data "$2" --listen 127.0.0.1:0 --hj212 127.0.0.1:0 >"$work/out" 2>"$work/log" 9<&- &
    service=$!
    if ! read -r -t 60 line <&9; then
        echo "the service did not start:" >&2
        tail -5 "$work/log" >&2
        exit 1
    fi
    start_ms=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
    port=${line##*http=http://127.0.0.1:}
    port=${port%% *}
    hj212_port=${line##*hj212=127.0.0.1:}
}

# The shipped config with other sites.
config_for() {
    sed -e "s#\"standards\"#\"$subject/config/standards\"#" -e "s#\"alerts.toml\"#\"$subject/config/alerts.toml\"#" -e "s#\"\.\./layers/#\"$subject/layers/#" -e "s#\"sites/yuncheng.geojson\"#\"$1/sites.geojson\"#" \
        "$subject/config/yihong.toml" >"$1/yihong.toml"
}
"$bench" network "$work/province" --sites $sites --area yuncheng
config_for "$work/province"

status_kb() { awk -v key="$1:" '$1 == key {print $2}' "/proc/$service/status"; }
megabytes() { awk -v kb="$1" 'BEGIN {printf "%.0f MB", kb / 1024}'; }
folder_bytes() { du -s -B1 "$1" | cut -f1; }
per_value() { awk -v bytes="$1" -v values=$((sites * hours * measured)) 'BEGIN {printf "%.2f bytes a value", bytes / values}'; }
# Ticks of processor time of processes
ticks() { local pid all=0 fields; for pid in "$@"; do read -r -a fields <"/proc/$pid/stat"; all=$((all + fields[13] + fields[14])); done; echo "$all"; }

# load URL [wrk options…] [-- paths]: sets rate and p99 (ms) of one run
load() {
    local url=$1 result
    shift
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    result=$(wrk -t2 -c32 -d"${seconds}s" --timeout 10s -s bench/wrk.lua "${options[@]}" "$url" "$@" | grep '^result ') || { echo "wrk failed on $url" >&2; exit 1; }
    read -r _ rate p99 failed <<<"$result"
    [ "$failed" = 0 ] || { echo "$failed requests failed on $url" >&2; exit 1; }
}
median() { printf '%s\n' "$@" | sort -g | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'; }
# Medians of what load() gave; NAME holds the rates of one server
declare -A rates p99s used
reset() { rates=() p99s=() used=(); }
# measure NAME PIDS URL [load arguments]
measure() {
    local name=$1 pids=$2 before
    shift 2
    # shellcheck disable=SC2086
    before=$(ticks $pids)
    load "$@"
    rates[$name]+=" $rate" p99s[$name]+=" $p99"
    # shellcheck disable=SC2086
    used[$name]+=" $(awk -v t=$(($(ticks $pids) - before)) -v n="$rate" -v s=$seconds -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.1f", t / hz / (n * s) * 1e6}')"
}
# shellcheck disable=SC2086
report() {
    printf '%s %s/s, p99 %s ms, %s us of processor time' "$1" "$(median ${rates[$1]})" "$(median ${p99s[$1]})" "$(median ${used[$1]})"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start_nginx() {
    [ -z "$nginx" ] || return 0
    nginx_port=$(free_port)
    mkdir -p "$work/static" "$work/nginx"
    cat >"$work/nginx.conf" <<CONF
$([ "$(id -u)" -ne 0 ] || echo "user root;")
worker_processes 2;
daemon off;
pid $work/nginx/pid;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000000;
    open_file_cache max=4000 inactive=1h;
    open_file_cache_valid 1h;
    gzip_static on;
    default_type application/json;
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    server { listen 127.0.0.1:$nginx_port reuseport; root $work/static; }
}
CONF
    "$root/.deps/nginx/usr/sbin/nginx" -e "$work/nginx/error" -c "$work/nginx.conf" 9<&- &
    nginx=$!
    for _ in $(seq 100); do
        [ "$(nginx_pids | wc -w)" -lt 2 ] || return 0
        sleep 0.05
    done
    cat "$work/nginx/error" >&2
    exit 1
}
nginx_pids() { cat "/proc/$nginx/task/$nginx/children"; }

# A compacted store of 500 sites, for (d) and (e)
history_store() {
    [ -d "$work/history" ] || {
        start "$work/province/yihong.toml" "$work/history"
        "$bench" ingest --port "$port" --sites $sites --hours $hours --rounds $ingest_rounds >/dev/null
        stop
        "$bench" compact "$work/history/store"
    }
}

# start_peer influxdb|victoria-metrics: sets peer and peer_port. Neither calls home; the settings are those of the package.
start_peer() {
    local at="$work/$1"
    mkdir -p "$at"
    peer_port=$(free_port)
    case $1 in
        influxdb)
            printf 'reporting-disabled = true\nbind-address = "127.0.0.1:%s"\n[meta]\ndir = "%s/meta"\n[data]\ndir = "%s/data"\nwal-dir = "%s/wal"\n[http]\nbind-address = "127.0.0.1:%s"\nlog-enabled = false\n' \
                "$(free_port)" "$at" "$at" "$at" "$peer_port" >"$at.conf"
            influxd run -config "$at.conf" >"$at.log" 2>&1 9<&- & ;;
        victoria-metrics) victoria-metrics -storageDataPath="$at" -httpListenAddr="127.0.0.1:$peer_port" -retentionPeriod=10y >"$at.log" 2>&1 9<&- & ;;
    esac
    peer=$!
    for _ in $(seq 300); do
        curl -sf -o /dev/null "http://127.0.0.1:$peer_port/ping" && return
        sleep 0.1
    done
    echo "$1 did not start:" >&2
    tail -5 "$at.log" >&2
    exit 1
}
# The same records in the same posts, as lines, into the databases for time series that Debian has.
peers_ingest() {
    local name
    for name in influxdb victoria-metrics; do
        echo "  $name, lines of InfluxDB's protocol; every connection brings sites of its own"
        start_peer $name
        [ $name != influxdb ] || curl -sf -o /dev/null "http://127.0.0.1:$peer_port/query" --data-urlencode 'q=CREATE DATABASE bench'
        "$bench" ingest --port "$peer_port" --pid "$peer" --form line --sites $sites --hours $hours --rounds $ingest_rounds
        stop_peer
        echo "  disk: $(per_value "$(folder_bytes "$work/$name")") when stopped"
        rm -rf "${work:?}/$name"
    done
}

bulk_ingest() {
    local form shape at_rest
    echo "(a) bulk ingest: 4 connections, 500 records a post, 10 values a record, $sites sites, $hours hours"
    for form in csv json; do
        echo "  $form; every connection brings sites of its own"
        start "$work/province/yihong.toml" "$work/$form"
        "$bench" ingest --port "$port" --pid "$service" --form $form --sites $sites --hours $hours --rounds $ingest_rounds \
            --yardstick "$work/rows.db" --yardstick-seconds $yardstick_seconds
        echo "  memory: $(megabytes "$(status_kb VmRSS)"), at most $(megabytes "$(status_kb VmHWM)")"
        stop
        at_rest=$(folder_bytes "$work/$form/store")
        "$bench" compact "$work/$form/store"
        echo "  disk: $(per_value "$at_rest") when stopped, $(per_value "$(folder_bytes "$work/$form/store")") compacted"
        rm -f "$work"/rows.db*
    done
    peers_ingest
    mv "$work/csv" "$work/history"
    rm -rf "$work/json"
    for shape in next-hour backfill; do
        case $shape in
            next-hour) echo "  csv; a post is one hour of all sites, whichever connection is free sends the next" ;;
            backfill) echo "  csv; a post is 500 hours of one site" ;;
        esac
        start "$work/province/yihong.toml" "$work/$shape"
        "$bench" ingest --port "$port" --pid "$service" --shape $shape --sites $sites --hours $hours --rounds $ingest_rounds
        stop
        rm -rf "${work:?}/$shape"
    done
}

small_posts() {
    echo "(b) small posts"
    start "$work/province/yihong.toml" "$work/small"
    "$bench" posts --port "$port" --pid "$service" --seconds $seconds --rounds $rounds --folder "$work"
    stop
    rm -rf "$work/small"
}

national_items() {
    echo "(c) items of $national sections, wrk with 32 connections, beside nginx with the same bytes as files"
    "$bench" network "$work/national" --sites $national
    config_for "$work/national"
    start "$work/national/yihong.toml" "$work/national/data"
    curl -sf -H 'Content-Type: text/csv' --data-binary @"$work/national/newest.csv" "http://127.0.0.1:$port/api/v1/readings" >"$work/answer"
    grep -q "\"accepted\":$national,\"duplicates\":0,\"revised\":0,\"rejected\":\[\]" "$work/answer" || { head -c 500 "$work/answer" >&2; exit 1; }
    start_nginx
    local name query url encoding header
    for name in limit-100 limit-1000 whole bbox-200; do
        case $name in
            limit-100) query=limit=100 ;;
            limit-1000) query=limit=1000 ;;
            whole) query=limit=10000 ;;
            bbox-200) query="bbox=$(cat "$work/national/bbox.txt")&limit=1000" ;;
        esac
        url="http://127.0.0.1:$port/collections/water-sections/items?$query"
        curl -sf -H 'Accept: application/geo+json' "$url" -o "$work/static/$name"
        curl -sf -H 'Accept: application/geo+json' -H 'Accept-Encoding: gzip' "$url" -o "$work/static/$name.gz"
        gzip -dc "$work/static/$name.gz" | cmp - "$work/static/$name"
        for encoding in plain gzip; do
            header=(-H 'Accept: application/geo+json')
            [ $encoding = plain ] || header+=(-H 'Accept-Encoding: gzip')
            reset
            for _ in $(seq $rounds); do
                measure yihong "$service" "$url" "${header[@]}"
                measure nginx "$(nginx_pids)" "http://127.0.0.1:$nginx_port/$name" "${header[@]}"
            done
            echo "  $name $encoding ($(stat -c %s "$work/static/$name$([ $encoding = plain ] || echo .gz)") bytes): $(report yihong); $(report nginx)"
        done
    done
    echo "  memory: $(megabytes "$(status_kb VmRSS)")"
    stop
}

# series_paths LAST|ANY ONE|ALL: paths of 7 days, one a line
first=$(date -ud 2025-08-01T00:00:00Z +%s)
series_paths() {
    local day days=() from=0 parameter=
    [ "$1" = any ] || from=$((hours / 24 - 7))
    [ "$2" = all ] || parameter="parameter=codmn&"
    for ((day = from; day <= hours / 24 - 7; ++day)); do
        days+=("$(date -ud "@$((first + day * 86400))" +%FT%TZ)/$(date -ud "@$((first + (day + 7) * 86400 - 3600))" +%FT%TZ)")
    done
    for site in $(seq -f '%04g' $sites); do
        for day in "${days[@]}"; do
            echo "/api/v1/sites/section-$site/readings?${parameter}datetime=$day&interval=hour"
        done
    done
}

site_series() {
    local which period url
    echo "(d) 7 days of one site, $sites sites with $hours hours of 10 parameters; wrk with 32 connections, beside nginx and SQLite"
    history_store
    "$bench" fill-rows "$work/rows.db" --sites $sites --hours $hours
    start "$work/province/yihong.toml" "$work/history"
    start_nginx
    url="http://127.0.0.1:$port"
    for which in one all; do
        series_paths last $which >"$work/last"
        series_paths any $which >"$work/any"
        mkdir -p "$work/static/$which"
        awk -v url="$url" -v to="$work/static/$which" '{printf "url = \"%s%s\"\noutput = \"%s/%d\"\n", url, $0, to, NR}' "$work/last" >"$work/curl"
        curl -sf -K "$work/curl"
        for file in "$work/static/$which/1" "$work/static/$which/$sites"; do
            grep -q '"numberReturned":168,' "$file" || { echo "not 7 days of hours:" >&2; head -c 500 "$file" >&2; exit 1; }
        done
        awk -v which=$which '{print "/" which "/" NR}' "$work/last" >"$work/files"
        reset
        for _ in $(seq $rounds); do
            measure "last-7-days" "$service" "$url" -- "$work/last"
            measure "any-7-days" "$service" "$url" -- "$work/any"
            measure "last-7-days-gzip" "$service" "$url" -H 'Accept-Encoding: gzip' -- "$work/last"
            measure "nginx" "$(nginx_pids)" "http://127.0.0.1:$nginx_port" -- "$work/files"
            rates[SQLite]+=" $("$bench" read-rows "$work/rows.db" --sites $sites --hours $hours --seconds $seconds --parameters "$([ $which = one ] && echo 1 || echo $measured)")"
        done
        # shellcheck disable=SC2086
        echo "  $which ($(stat -c %s "$work/static/$which/1") bytes): $(report last-7-days); $(report last-7-days-gzip); $(report any-7-days); $(report nginx); SQLite in process, one thread $(median ${rates[SQLite]})/s"
    done
    echo "  memory after this: $(megabytes "$(status_kb VmRSS)")"
    stop
    rm -f "$work"/rows.db*
}

start_up() {
    local empty=() full=() i
    echo "(e) from the start of the process to its line 'listening', and memory then; $sites sites, $hours hours"
    history_store
    for i in 1 2 3 4 5; do
        start "$work/province/yihong.toml" "$work/empty-$i"
        empty+=("$start_ms")
        stop
        start "$work/province/yihong.toml" "$work/history"
        full+=("$start_ms")
        sleep 0.2
        [ "$i" = 5 ] || stop
    done
    echo "  $(median "${full[@]}") ms (all: ${full[*]}), $(megabytes "$(status_kb VmRSS)"), of which $(megabytes "$(status_kb RssAnon)") its own, the rest files it maps; with an empty store $(median "${empty[@]}") ms (all: ${empty[*]})"
    series_paths any one >"$work/any"
    load "http://127.0.0.1:$port" -- "$work/any"
    echo "  after $seconds s of (d): $(megabytes "$(status_kb VmRSS)"), of which $(megabytes "$(status_kb RssAnon)") its own"
    stop
}

# station_network FOLDER SITES: sites with a device each and no limits on how much one may send, and of when (hourly data begin twenty years ago)
station_network() {
    "$bench" network "$1" --sites "$2" --area yuncheng
    config_for "$1"
    sed -i -e 's/^frames_per_second_limit = .*/frames_per_second_limit = 1000000/' -e 's/^bytes_per_second_limit = .*/bytes_per_second_limit = 1000000000/' \
        -e 's/^data_age_limit = .*/data_age_limit = "36500d"/' "$1/yihong.toml"
    "$bench" devices "$1" --sites "$2"
}

stations() {
    local connections
    echo "(f) HJ 212: minute data of ten factors, from the socket to the acknowledgement of what is on disk"
    for connections in 1 100 10000; do
        station_network "$work/stations-$connections" $connections
        start "$work/stations-$connections/yihong.toml" "$work/stations-$connections/data"
        case $connections in
            1)
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 1 --window 1 --seconds $seconds
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 1 --window 64 --seconds $seconds --first-minute 100000 ;;
            100)
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 100 --window 1 --seconds $seconds
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 100 --window 64 --seconds $seconds --first-minute 200000 --sink
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 100 --window 16 --seconds $seconds --first-minute 400000 --rate 50000
                echo "  memory: $(megabytes "$(status_kb VmRSS)"), at most $(megabytes "$(status_kb VmHWM)")" ;;
            10000)
                "$bench" idle-stations --port "$hj212_port" --pid "$service" --connections 10000
                "$bench" frames --port "$hj212_port" --pid "$service" --connections 10000 --window 1 --seconds $seconds
                echo "  memory: $(megabytes "$(status_kb VmRSS)"), at most $(megabytes "$(status_kb VmHWM)")" ;;
        esac
        stop
    done
}

live_streams() {
    local form
    echo "(g) live streams: 1,000 clients, from publishing an event of 2 KB to its last byte at each"
    for form in tcp sse ws; do
        "$subject/build/release/bench/yihong_bench" streams --form $form --seconds $seconds     # its server is the subject
        "$subject/build/release/bench/yihong_bench" streams --form $form --seconds $seconds --rate 2 --events 18
    done
}

alert_latency() {
    local hook_port load watched=1000 rules round plan
    hook_port=$(free_port)
    if $quick; then watched=300; fi
    rules=$(grep -c '^kind = "\(worse_than_class\|worse_than_target\|heavy\|jump\|approaching\|over_range\|frozen\)"' "$subject/config/alerts.toml")
    station_network "$work/alerts" $watched
    printf '\n[[channels]]\nid = "bench"\nkind = "webhook"\nurl = "http://127.0.0.1:%s/"\nsecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"\nallow_private = true\n' "$hook_port" >>"$work/alerts/yihong.toml"
    echo "(h) alerts: from the last byte of a record to the first byte of its webhook; $watched national sections with $((rules + 1)) of the shipped rules each: $((watched * (rules + 1))) rules x sites"
    for load in "" "--load" "--load --hourly"; do
        case $load in
            "") echo "  at rest" ;;
            "--load") echo "  under half of the most minute data, which no rule looks at" ;;
            *) echo "  under half of the most 4-hour data, which all rules look at" ;;
        esac
        start "$work/alerts/yihong.toml" "$work/alerts/data"
        # shellcheck disable=SC2086
        "$bench" alerts --port "$port" --hj212-port "$hj212_port" --hook-port "$hook_port" --pid "$service" --sites $watched --seconds $seconds $load
        echo "  memory: $(megabytes "$(status_kb VmRSS)"), at most $(megabytes "$(status_kb VmHWM)")"
        stop
        rm -rf "$work/alerts/data"
    done
    echo "  what the rules cost: 4-hour data of good water over 100 connections, 64 unanswered each, with the shipped rules and with none"
    echo "# none" >"$work/alerts/none.rules"
    sed -e "s#^rules = .*#rules = \"$work/alerts/none.rules\"#" "$work/alerts/yihong.toml" >"$work/alerts/none.toml"
    for round in $(seq $rounds); do
        for plan in yihong none; do
            start "$work/alerts/$plan.toml" "$work/alerts/data"
            echo "  round $round, $([ $plan = none ] && echo no || echo the shipped) rules"
            "$bench" frames --port "$hj212_port" --pid "$service" --connections 100 --window 64 --seconds $seconds --hourly
            stop
            rm -rf "$work/alerts/data"
        done
    done
}

# Programs of their own, without the service round them; those of the subject, and in its folder, since they read its configuration.
pieces() {
    local at=$subject/build/release/bench round size=()
    echo "(k) single pieces: the decoder of HJ 212 beside plain scans, the parsers of readings, the alert engine beside judging alone, deliveries beside bare posts"
    "$at/hj212/hj212_bench"
    "$at/readings_io/readings_io_bench" "$yardstick_seconds"
    for round in $(seq $rounds); do (cd "$subject" && "$at/alerts/alerts_bench" .); done
    if $quick; then size=(4000); fi
    (cd "$subject" && "$at/notify/notify_bench" "$work/outbox" "${size[@]}" 2>"$work/log") || { tail -5 "$work/log" >&2; exit 1; }
    rm -rf "$work/outbox"
}

# Stations, readers, listeners and corrections together: what the service holds beside its caches, which fill up to their bounds, must not grow.
soak() {
    local minutes=15 minute listeners=() early=0 own kept
    if $quick; then minutes=3; fi
    echo "soak: $minutes minutes of 2,000 frames/s over 100 connections, 20 listeners, and every minute 5 s of readers of items and series"
    station_network "$work/soak" 100
    start "$work/soak/yihong.toml" "$work/soak/data"
    "$bench" frames --port "$hj212_port" --pid "$service" --connections 100 --window 16 --rate 2000 --seconds $((minutes * 60)) &
    local sender=$!
    for _ in $(seq 20); do
        curl -sN "http://127.0.0.1:$port/api/v1/stream" >/dev/null &
        listeners+=($!)
    done
    seconds=5
    look() {
        own=$(status_kb RssAnon)
        kept=$(curl -s "http://127.0.0.1:$port/metrics" | awk '/^yihong_cache_bytes/ {all += $2} END {printf "%.0f", all / 1024}')
        echo "  $1: $(megabytes "$(status_kb VmRSS)"), of which $(megabytes "$own") its own, $(megabytes "$kept") of them in caches; $(find "/proc/$service/fd" -mindepth 1 | wc -l) descriptors, $(status_kb Threads) threads"
    }
    for minute in $(seq "$minutes"); do
        load "http://127.0.0.1:$port/collections/water-sections/items?limit=1000&f=json"
        load "http://127.0.0.1:$port/collections/water-records/items?limit=1000&f=json"
        sleep 50
        look "minute $minute"
        [ "$minute" != $(((minutes + 2) / 3)) ] || early=$((own - kept))
    done
    echo "  its own without caches, the last minute beside the one after a third of the time: $(awk -v a=$((own - kept)) -v b="$early" 'BEGIN {printf "%.2f", a / b}')"
    wait "$sender"
    kill "${listeners[@]}"
    wait "${listeners[@]}" 2>/dev/null || true
    sleep 10
    look "ten seconds after the last of them"
    stop
}

. bench/analyst.sh
. bench/postgres.sh
. bench/periods.sh

echo "$(date -u +%F) $(git describe --always --dirty 2>/dev/null || true), $(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), $(uname -r), $(stat -f -c %T "$work") at $work"
echo "load of the machine before: $(cut -d' ' -f1-3 /proc/loadavg)$($quick && echo '; --quick: rough figures')"
[ "$(stat -f -c %T "$work")" != tmpfs ] || echo "the folder is in memory, so syncing costs nothing: set TMPDIR to a disk"
if wants a; then bulk_ingest; fi
if wants b; then small_posts; fi
if wants c; then national_items; fi
if wants d; then site_series; fi
if wants e; then start_up; fi
if wants f; then stations; fi
if wants g; then live_streams; fi
if wants h; then alert_latency; fi
if wants i; then analyst; fi
if wants j; then periods; fi
if wants k; then pieces; fi
if wants soak; then soak; fi
