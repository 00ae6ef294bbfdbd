#!/usr/bin/env bash
# Runs its arguments with TEST_DATABASE_URL set to a PostgreSQL cluster of their own, which is
# stopped and deleted afterwards, whatever happens. Nothing survives it: fsync is off.
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "usage: ${0##*/} COMMAND [ARGUMENT]..." >&2
    exit 2
fi

# The newest server installed: Debian keeps its programs off the PATH.
find_programs() {
    local newest
    newest=$(find /usr/lib/postgresql /usr/pgsql-* /opt/homebrew/opt/postgresql* /usr/local/opt/postgresql* \
        -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 || true)
    if [ -z "$newest" ]; then newest=$(command -v initdb || true); fi
    if [ -z "$newest" ]; then
        echo "${0##*/}: no initdb; install the PostgreSQL server (make setup)" >&2
        exit 1
    fi
    dirname "$(readlink -f "$newest")"
}
programs=$(find_programs)

# PostgreSQL refuses to run as root.
as_user=()
owner=""
if [ "$(id -u)" -eq 0 ]; then
    for owner in postgres nobody; do
        if id "$owner" >/dev/null 2>&1; then break; fi
    done
    as_user=(runuser -u "$owner" --)
fi

# Not below TMPDIR, which the other user may not be allowed to enter.
cluster=$(mktemp -d /tmp/conglang-pg.XXXXXX)
if [ -n "$owner" ]; then chown "$owner" "$cluster"; fi

clean_up() {
    trap '' INT TERM
    as_owner "$programs/pg_ctl" stop -s -D "$cluster/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$cluster"
}
as_owner() {
    (cd / && ${as_user[@]+"${as_user[@]}"} "$@")
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

as_owner "$programs/initdb" -D "$cluster/data" -U conglang -A trust -E UTF8 --locale=C --no-sync \
    >"$cluster.log" 2>&1 || { cat "$cluster.log" >&2; rm -f "$cluster.log"; exit 1; }
rm -f "$cluster.log"

# A port that nobody answers on; another program may still take it first, so try again.
start() {
    local port
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM))
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
        if as_owner "$programs/pg_ctl" start -s -w -t 60 -D "$cluster/data" -l "$cluster/log" -o "\
            -c port=$port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            -c max_connections=300 -c shared_buffers=128MB -c max_wal_size=2GB" >&2; then
            echo "$port"
            return
        fi
    done
    cat "$cluster/log" >&2
    return 1
}
port=$(start)

export TEST_DATABASE_URL="postgres://conglang@127.0.0.1:$port/postgres"
status=0
"$@" || status=$?
exit "$status"
