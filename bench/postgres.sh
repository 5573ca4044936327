# A PostgreSQL of its own for (j), in the work folder, over a socket there. Sourced by bench/run.sh.

# It refuses to run as root.
as_postgres() (
    cd /
    if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "$@"; fi
    exec "$@"
)
postgres_program() { echo /usr/lib/postgresql/*/bin/"$1"; }
sql() { as_postgres psql --quiet --no-psqlrc -h "$work/postgres" -d postgres -v ON_ERROR_STOP=1 "$@"; }

start_postgres() {
    mkdir "$work/postgres"
    [ "$(id -u)" -ne 0 ] || { chmod 711 "$work"; chown postgres "$work/postgres"; }
    as_postgres "$(postgres_program initdb)" -D "$work/postgres/data" -A trust -E UTF8 --no-locale >/dev/null
    as_postgres "$(postgres_program pg_ctl)" -D "$work/postgres/data" -l "$work/postgres/log" -w -o "-k '$work/postgres' -c listen_addresses= \
        -c shared_buffers=1GB -c work_mem=256MB -c max_wal_size=8GB" start >/dev/null
    postgres=started
}
stop_postgres() {
    as_postgres "$(postgres_program pg_ctl)" -D "$work/postgres/data" -m immediate stop >/dev/null || true
    postgres=
}

# The tables of a file of SQLite that yihong_bench fill-year has made
fill_postgres() {
    local table items
    items=$(printf ', v%d double precision' $(seq 0 $((measured - 1))))
    sql -c "CREATE TABLE record(site int, month int, day int, time bigint$items, PRIMARY KEY (site, month, day, time))" \
        -c "CREATE TABLE month_mean(site int, month int$items)" -c "CREATE TABLE calendar(month int PRIMARY KEY, days int)"
    for table in calendar month_mean record; do
        sqlite3 -csv "$1" "SELECT * FROM $table" | sql -c "COPY $table FROM STDIN (FORMAT csv)"
    done
    sql -c "VACUUM ANALYZE"
}

# of_postgres NAME [query-year arguments]: one query, milliseconds from psql's sending it to its last row
of_postgres() {
    local name=$1
    shift
    { echo '\timing on'; "$bench" query-year "$work/year.db" --sites "$year_sites" --year "$year" --sql "$@"; } >"$work/query.sql"
    sql -At -F ' ' -f - <"$work/query.sql" >"$work/rows"
    rates[$name]+=" $(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$work/rows")"
}
