# (i) What an analyst asks: filters over the history, tiles of a national network, exports, other reference systems. Sourced by bench/run.sh.

# duration COMMAND…: how many seconds it took
duration() {
    local begin=$EPOCHREALTIME
    "$@" >"$work/answer" || { echo "failed: $*" >&2; head -c 500 "$work/answer" >&2; exit 1; }
    awk -v us=$((${EPOCHREALTIME/./} - ${begin/./})) 'BEGIN {printf "%.3f", us / 1e6}'
}
# times NAME COMMAND…: adds a run to rates[NAME]
times() {
    local name=$1
    shift
    rates[$name]+=" $(duration "$@")"
}
# shellcheck disable=SC2086
took() { printf '%s %s s' "$1" "$(median ${rates[$1]})"; }
encoded() { python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$1"; }

# The history as GeoPackage, which OGR's programs read for comparison
records_file() {
    [ -e "$work/records.gpkg" ] || curl -sf "http://127.0.0.1:$port/collections/water-records/items?f=gpkg" -o "$work/records.gpkg"
}

history_filters() {
    local name filter asked url="http://127.0.0.1:$port/collections/water-records/items?limit=10000"
    echo "  filters over $((sites * hours)) records, of which few hold, beside ogrinfo with the same over a GeoPackage of them"
    for name in attribute spatial; do
        case $name in
            attribute)
                filter="codmn > 14 AND ph < 7"
                asked=(-where "codmn > 14 AND ph < 7") ;;
            spatial)
                filter="S_INTERSECTS(geometry, BBOX(111, 35, 111.05, 35.05)) AND codmn > 14"
                asked=(-spat 111 35 111.05 35.05 -where "codmn > 14") ;;
        esac
        reset
        for _ in $(seq "$rounds"); do
            times yihong curl -sf "$url&filter=$(encoded "$filter")"
            times ogrinfo ogrinfo -ro -so "${asked[@]}" "$work/records.gpkg" water-records
        done
        echo "    $name: $(took yihong); $(took ogrinfo)"
    done
}

history_exports() {
    local format driver
    echo "  export of $((sites * hours)) records, beside ogr2ogr from a GeoPackage of them"
    for format in csv fgb gpkg; do
        case $format in csv) driver=CSV ;; fgb) driver=FlatGeobuf ;; gpkg) driver=GPKG ;; esac
        reset
        for _ in $(seq "$rounds"); do
            rm -f "$work/yihong.$format" "$work/ogr.$format"
            times yihong curl -sf "http://127.0.0.1:$port/collections/water-records/items?f=$format" -o "$work/yihong.$format"
            times ogr2ogr ogr2ogr -f $driver "$work/ogr.$format" "$work/records.gpkg"
        done
        echo "    $format ($(stat -c %s "$work/yihong.$format") bytes): $(took yihong); $(took ogr2ogr)"
        rm -f "$work/yihong.$format" "$work/ogr.$format"
    done
    echo "    memory: at most $(megabytes "$(status_kb VmHWM)")"
}

# pages QUERY: curl's list of pages that no cache holds, each asked for once
pages() {
    local offset
    for ((offset = 0; offset < national - 1000; offset += $($quick && echo 400 || echo 40))); do
        printf 'url = "http://127.0.0.1:%s/collections/water-sections/items?limit=1000&offset=%s%s"\noutput = "/dev/null"\n' "$port" $offset "$1"
    done
}

# The service reads its configuration again: nothing that was kept of the features holds any more.
reload() {
    local before i
    before=$(grep -c ' reloaded ' "$work/log" || true)
    kill -HUP "$service"
    for ((i = 0; i < 100; ++i)); do
        sleep 0.1
        [ "$(grep -c ' reloaded ' "$work/log" || true)" = "$before" ] || { sleep 1; return; }      # it renders the features meanwhile
    done
    echo "the service does not reload" >&2
    exit 1
}

other_systems() {
    local code
    echo "  pages of 1000 of $national sections in other reference systems, none of them kept, beside CRS84"
    pages "" >"$work/crs84"
    for code in 4490 4547 3857; do
        pages "&crs=EPSG:$code" >"$work/crs"
        reset
        for _ in $(seq "$rounds"); do
            times CRS84 curl -sf -K "$work/crs84"
            times EPSG:$code curl -sf -K "$work/crs"
            reload                                         # what was kept holds no more
        done
        echo "    $(took EPSG:$code); $(took CRS84)"
    done
}

national_tiles() {
    local zoom=6 row column tile="http://127.0.0.1:$port/tiles/WebMercatorQuad"
    echo "  vector tiles of $national sections"
    : >"$work/tiles"
    for row in $(seq 22 28); do
        for column in $(seq 47 55); do echo "/tiles/WebMercatorQuad/$zoom/$row/$column" >>"$work/tiles"; done
    done
    awk -v url="http://127.0.0.1:$port" '{printf "url = \"%s%s\"\noutput = \"/dev/null\"\n", url, $0}' "$work/tiles" >"$work/curl"
    # shellcheck disable=SC2046
    echo "    cold: $(median $(curl -sf -K "$work/curl" -w '%{time_starttransfer} ' | tr ' ' '\n')) s to the first byte, one after the other"
    mkdir -p "$work/static/tile"
    curl -sf "$tile/$zoom/25/52" -o "$work/static/tile/one"
    reset
    for _ in $(seq "$rounds"); do
        measure yihong "$service" "$tile/$zoom/25/52"
        measure nginx "$(nginx_pids)" "http://127.0.0.1:$nginx_port/tile/one"
    done
    echo "    kept ($(stat -c %s "$work/static/tile/one") bytes): $(report yihong); $(report nginx)"
}

analyst() {
    echo "(i) what an analyst asks"
    history_store
    start "$work/province/yihong.toml" "$work/history"
    records_file
    history_filters
    history_exports
    stop
    [ -d "$work/national" ] || { "$bench" network "$work/national" --sites $national; config_for "$work/national"; }
    rm -rf "$work/national/data"
    start "$work/national/yihong.toml" "$work/national/data"
    curl -sf -H 'Content-Type: text/csv' --data-binary @"$work/national/newest.csv" "http://127.0.0.1:$port/api/v1/readings" >"$work/answer"
    start_nginx
    other_systems
    national_tiles
    stop
}
