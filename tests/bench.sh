#!/usr/bin/env bash
# Measures importing many sites, and starting and memory with that many, on SQLite and on a
# throw-away PostgreSQL. Everything happens in a temporary folder.
#
#   PROFILE=release|dev  the build that is measured (release)
#   UNITS=FILE           a list of units; without it one is made up (tests/units.mjs)
#   PROVINCES=N          how many provinces the made-up list has (34, which are 3,366 sites)
#   LIMIT=SECONDS        the longest one step may take (900)
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${PROFILE:-release}
limit=${LIMIT:-900}

if [ "${1:-}" != on-postgres ]; then
    # Settings of whoever runs this must not reach what is measured.
    for name in $(compgen -e CONGLANG_); do unset "$name"; done
    case $profile in
        release) cargo build --workspace --bins --release; program=target/release/conglang ;;
        dev) cargo build --workspace --bins; program=target/debug/conglang ;;
        *) echo "PROFILE is release or dev" >&2; exit 2 ;;
    esac
    BENCH_PROGRAM=$PWD/$program
    BENCH_DIR=$(mktemp -d /tmp/conglang-bench.XXXXXX)
    export BENCH_PROGRAM BENCH_DIR
    trap 'rm -rf "$BENCH_DIR"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [ -n "${UNITS:-}" ]; then
        cp "$UNITS" "$BENCH_DIR/units.json"
    else
        node tests/units.mjs "${PROVINCES:-34}" >"$BENCH_DIR/units.json"
    fi
fi

seconds() { awk -v from="$1" -v to="$2" 'BEGIN { printf "%.2f", (to - from) / 1e9 }'; }
now() { date +%s%N; }

# Imports the list and sets `took`; rows that need a decision are no failure here.
import() {
    local began status=0
    began=$(now)
    timeout "$limit" "$BENCH_PROGRAM" site import "$BENCH_DIR/units.json" --all --quiet \
        >"$BENCH_DIR/report" 2>"$BENCH_DIR/errors" || status=$?
    took=$(seconds "$began" "$(now)")
    if [ "$status" -gt 1 ] || ! grep -q ' rows: ' "$BENCH_DIR/report"; then
        echo "the import failed (exit code $status):" >&2
        tail -n 5 "$BENCH_DIR/errors" >&2
        exit 1
    fi
    summary=$(tail -n 1 "$BENCH_DIR/report")
}

memory() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }

# Asks for the home page of every site once.
visit() {
    "$BENCH_PROGRAM" site list 2>/dev/null | grep -oE '[a-z0-9-]+(\.[a-z0-9-]+)*\.gov\.vn' |
        awk '{ print "url = http://" $1 "/\noutput = /dev/null" }' >"$BENCH_DIR/hosts"
    timeout "$limit" curl -s --connect-to "::127.0.0.1:$1" -K "$BENCH_DIR/hosts" || true
}

# Starts the server on a free port, waits for /readyz, and reads its memory.
start() {
    local port url pid began
    port=$((20000 + RANDOM))
    url=http://127.0.0.1:$port
    began=$(now)
    CONGLANG_LISTEN_ADDRESS=127.0.0.1:$port CONGLANG_LOG_LEVEL=warn "$BENCH_PROGRAM" serve \
        >"$BENCH_DIR/serve" 2>&1 &
    pid=$!
    until curl -sf -o /dev/null "$url/readyz"; do
        if ! kill -0 "$pid" 2>/dev/null || [ "$(($(now) - began))" -gt 60000000000 ]; then
            echo "the server did not start:" >&2
            cat "$BENCH_DIR/serve" >&2
            kill "$pid" 2>/dev/null || true
            exit 1
        fi
        sleep 0.02
    done
    ready=$(seconds "$began" "$(now)")
    resident=$(memory "$pid")
    visit "$port"
    visited=$(memory "$pid")
    kill "$pid"
    wait "$pid" || true
}

measure() {
    local name=$1 first
    export CONGLANG_DIRECTORIES_DATA=$BENCH_DIR/data
    mkdir -p "$BENCH_DIR/data"
    import
    first=$took
    echo "$name: first import $first s ($summary)"
    import
    echo "$name: second import $took s, $(awk -v a="$took" -v b="$first" 'BEGIN { printf "%.2f", a / b }') of the first ($summary)"
    start
    echo "$name: /readyz after $ready s, $resident MB resident, $visited MB once every site was visited"
}

if [ "${1:-}" = on-postgres ]; then
    CONGLANG_DATABASE_URL=$TEST_DATABASE_URL
    export CONGLANG_DATABASE_URL
    measure PostgreSQL
else
    echo "$profile build, $(nproc) cores"
    (export CONGLANG_DATABASE_URL=sqlite://$BENCH_DIR/bench.db; measure SQLite)
    tests/with-postgres.sh tests/bench.sh on-postgres
fi
