#!/usr/bin/env bash
# Prints the resident memory in bytes of an exporter that watches 10 pairs x 3 timeframes x 2 windows.
# usage: memory.sh [BINARY [SECONDS]]: the program to start (default: a release build of this repository), and how long
# it runs with every window warm before it is measured (default: 60).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
seconds=${2:-60}
if [ $# -ge 1 ]; then
    binary=$1
else
    swift build --package-path "$root" -c release --product pairs-exporter >&2
    binary=$(swift build --package-path "$root" -c release --show-bin-path)/pairs-exporter
fi

folder=$(mktemp -d)
exporter=
finish() {
    if [ -n "$exporter" ]; then
        kill "$exporter" 2>/dev/null || true
        wait "$exporter" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT

{
    echo "storage: {path: $folder/pairs.sqlite}"
    echo "timeframes: [1s, 1m, 5m]"
    echo "windows: [60, 240]"
    echo "feeds:"
    echo "  - venue: simulated"
    echo "    simulated:"
    echo "      instruments:"
    echo "        - {symbol: BTCUSDT, price: 60000, trades_per_second: 50}"
    for number in $(seq 1 10); do
        echo "        - {symbol: ALT${number}USDT, driver: BTCUSDT, price: 100, half_life: 10s, trades_per_second: 20}"
    done
    echo "pairs:"
    for number in $(seq 1 10); do
        echo "  - {y: \"simulated:ALT${number}USDT\", x: \"simulated:BTCUSDT\"}"
    done
} >"$folder/pairs.yaml"

"$binary" --config.file "$folder/pairs.yaml" --web.listen-address 127.0.0.1:0 >"$folder/log" 2>&1 &
exporter=$!

metrics() {
    local address
    address=$(sed -n 's/.*listening.*address="\{0,1\}\([^" ]*\).*/\1/p' "$folder/log")
    [ -n "$address" ] && curl --silent --show-error --fail "http://$address/metrics"
}

# A scrape every second, as the heaviest Prometheus would.
warm=0
for _ in $(seq 1 120); do
    kill -0 "$exporter" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    warm=$({ metrics 2>/dev/null || true; } | grep --count '^pairs_forecast_zscore{' || true)
    [ "$warm" -eq 60 ] && break
    sleep 1
done
[ "$warm" -eq 60 ] || { echo "only $warm of 60 windows have a value" >&2; cat "$folder/log" >&2; exit 1; }
for _ in $(seq 1 "$seconds"); do
    metrics >"$folder/metrics"
    sleep 1
done
sed -n 's/^process_resident_memory_bytes //p' "$folder/metrics" | xargs printf '%.0f\n'
