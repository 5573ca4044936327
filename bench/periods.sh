# (j) Periods: a year of a national network, its recomputation, and imports with and without months that are kept. Sourced by bench/run.sh.

year_url() { echo "http://127.0.0.1:$port/collections/section-periods/items?period=$year&limit=10000&f=${1:-json}"; }
statistics_url() { echo "http://127.0.0.1:$port/api/v1/statistics/water-sections?period=$year&compare=none&f=json$1"; }

# Processor time of the service so far, microseconds: finer than ticks(); of threads that have ended there is none
busy() { cat "/proc/$service"/task/*/schedstat | awk '{all += $1} END {printf "%.0f", all / 1e3}'; }
# asked NAME URL [FILE]: adds the milliseconds from the request to its last byte to rates[NAME], and those of the service's processor time to used[NAME]
asked() {
    local before seconds
    before=$(busy)
    seconds=$(curl -sf -o "${3:-/dev/null}" -w '%{time_total}' "$2") || { echo "no answer to $2" >&2; exit 1; }
    rates[$1]+=" $(awk -v s="$seconds" 'BEGIN {printf "%.1f", s * 1e3}')"
    used[$1]+=" $(awk -v us=$(($(busy) - before)) 'BEGIN {printf "%.1f", us / 1e3}')"
}
# shellcheck disable=SC2086
asked_shown() { printf '%s ms, %s of processor time' "$(median ${rates[$1]})" "$(median ${used[$1]})"; }
# of_sqlite NAME [query-year arguments]: the same sums by one query, milliseconds
of_sqlite() { local name=$1; shift; rates[$name]+=" $("$bench" query-year "$work/year.db" --sites "$year_sites" --year "$year" "$@")"; }

# Until the service does nothing any more: it has read ahead, and anew what has changed (it waits two seconds for that).
at_rest() {
    local before after
    after=$(ticks "$service")
    for _ in $(seq 120); do
        before=$after
        sleep 2.5
        after=$(ticks "$service")
        [ $((after - before)) -gt 2 ] || return 0
    done
    echo "the service does not come to rest" >&2
    exit 1
}
# One record again, with another value each time
corrections=0
correct() {
    corrections=$((corrections + 1))
    printf 'site,time,interval,codmn\nsection-0002,%s-06-15T08:00:00+08:00,4h,%s.%02d\n' "$year" $((corrections / 100 + 2)) $((corrections % 100)) >"$work/correction.csv"
    curl -sf -H 'Content-Type: text/csv' --data-binary @"$work/correction.csv" "http://127.0.0.1:$port/api/v1/readings" >"$work/answer"
    grep -q '"revised":1,' "$work/answer" || { echo "not a correction:" >&2; head -c 300 "$work/answer" >&2; exit 1; }
}
# The rows of PostgreSQL's query are those of SQLite's
same_rows() { diff -q <(sort "$work/classes") <(awk '/^[0-9]/ {printf "section-%04d %s\n", $1 + 1, $2}' "$work/rows" | sort) >/dev/null; }
# How many sections have the class that the query of SQLite gives them: the same sums are measured
same_classes() {
    python3 - "$1" "$2" <<'PY'
import json, sys
of_query = dict(line.split() for line in open(sys.argv[2]))
features = [one["properties"] for one in json.load(open(sys.argv[1]))["features"]]
same = sum(of_query.get(one["site"]) == str(one["water_class"]) for one in features)
print(f"{same} of {len(of_query)}")
sys.exit(len(features) != len(of_query) or same < 0.99 * len(of_query))      # the mean of pH is that of H+, a plain one in the query
PY
}

national_year() {
    local round needed=3 same
    echo "  the year $year of $year_sites sections, 4-hour data, $((year_sites * 365 * 6)) records of $measured values"
    "$bench" network "$work/year" --sites "$year_sites"
    config_for "$work/year"
    start "$work/year/yihong.toml" "$work/year/data"
    "$bench" ingest --port "$port" --sites "$year_sites" --first-year "$year" --rounds 1 >/dev/null
    stop
    "$bench" compact "$work/year/data/store"
    "$bench" fill-year "$work/year.db" --sites "$year_sites" --year "$year"
    start_postgres
    fill_postgres "$work/year.db"
    reset
    for round in $(seq "$rounds"); do
        start "$work/year/yihong.toml" "$work/year/data"
        asked first "$(year_url)" "$work/year.json"
        stop
        of_sqlite records --classes "$work/classes"
        of_postgres pg-records
        same_rows || { echo "SQLite and PostgreSQL find other classes" >&2; exit 1; }
        of_sqlite months --of-months
        start "$work/year/yihong.toml" "$work/year/data"
        at_rest
        asked ahead "$(year_url)"
        for _ in 1 2 3; do
            asked later "$(year_url)"
            asked csv "$(year_url csv)"
            asked statistics "$(statistics_url "")"
            correct
            asked corrected "$(year_url)"
            of_sqlite months --of-months
            of_postgres pg-months --of-months
        done
        at_rest
        for _ in 1 2 3; do
            needed=$((7 - needed))                          # 3 and 4 in turn: what was kept was made by the other
            asked one-again "$(statistics_url "&site=section-0003&rounds_needed=$needed")"
            asked all-again "$(statistics_url "&rounds_needed=$needed")"
            of_sqlite one --site 2
            of_postgres pg-one --site 2
        done
        [ "$round" = "$rounds" ] || stop
    done
    same=$(same_classes "$work/year.json" "$work/classes") || { echo "other classes than by SQL: $same" >&2; exit 1; }
    # shellcheck disable=SC2086
    {
        echo "    as items (JSON, $(stat -c %s "$work/year.json") bytes): right after a start $(asked_shown first), once it has read ahead $(asked_shown ahead), later $(asked_shown later), after a correction $(asked_shown corrected); as CSV $(asked_shown csv)"
        echo "    as statistics: $(asked_shown statistics)"
        echo "    recomputed from the records: one section $(asked_shown one-again), all $(asked_shown all-again)"
        echo "    SQLite, one query, the class alone: from kept means of months $(median ${rates[months]}) ms, from the records $(median ${rates[records]}) ms, of one section $(median ${rates[one]}) ms; the same class for $same sections"
        echo "    PostgreSQL, the same query, on as many cores as it takes: $(median ${rates[pg-months]}) ms, $(median ${rates[pg-records]}), $(median ${rates[pg-one]})"
    }
    echo "    memory: $(megabytes "$(status_kb VmRSS)"), at most $(megabytes "$(status_kb VmHWM)")"
    stop
    stop_postgres
    rm -rf "$work/year" "$work/year.db" "$work/postgres"
}

# An import into a service whose months nobody has asked for, so that it keeps none; and into one that keeps all of them, since each year was asked
# for before it began: each commit takes months out, and the keeper reads them anew all the while.
years_imported() {
    local round kind one before said
    echo "  import of $import_years years of 4-hour data of $sites sections, into months that nobody asked for and into months that are kept"
    reset
    for round in $(seq "$rounds"); do
        for kind in $([ $((round % 2)) = 1 ] && echo alone kept || echo kept alone); do
            start "$work/province/yihong.toml" "$work/import"
            if [ "$kind" = kept ]; then
                for one in $(seq $((year - import_years + 1)) "$year"); do
                    curl -sf -o /dev/null "http://127.0.0.1:$port/api/v1/statistics/water-sections?period=$one&compare=none&f=csv"
                done
            fi
            before=$(ticks "$service")
            said=$("$bench" ingest --port "$port" --sites "$sites" --first-year $((year - import_years + 1)) --years "$import_years" --rounds 1)
            rates[$kind]+=" $(sed -n 's/.* M values in \([0-9.]*\) s: .*/\1/p' <<<"$said")"
            at_rest                                         # what is kept is up to date again
            used[$kind]+=" $(awk -v t=$(($(ticks "$service") - before)) -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.2f", t / hz}')"
            stop
            rm -rf "$work/import"
        done
    done
    # shellcheck disable=SC2086
    awk -v a="$(median ${rates[alone]})" -v k="$(median ${rates[kept]})" -v ua="$(median ${used[alone]})" -v uk="$(median ${used[kept]})" \
        'BEGIN {printf "    nothing kept %.2f s, %.2f of processor time until it rests; kept %.2f s, %.2f; %.2f times as long\n", a, ua, k, uk, k / a}'
}

periods() {
    local year=2025 year_sites=3641 import_years=10
    if $quick; then year_sites=364 import_years=1; fi
    echo "(j) periods"
    national_year
    years_imported
}
