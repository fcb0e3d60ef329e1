#!/usr/bin/env python3
"""Measures how CPU, memory and the time from a bar's close to its readings grow with the number of pairs.

usage: scale.py [--exporter BINARY] [--seconds N] [--pairs N]...

The exporter follows a server that sends 20,000 trades a second of up to 500 instruments; each pair has 3 timeframes × 2
windows, `export: core`. Prints a table and two charts in Mermaid for RESULTS.md. Needs numpy.
"""

import argparse
import itertools
import os
import pathlib
import time

from load import ROOT, FloodingVenue, Program, built, quantile

VENUE = "binance-spot"
RATE = 20_000
INSTRUMENTS = 500


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build of pairs-exporter; built when not given")
    parser.add_argument("--seconds", type=float, default=60, help="measured, after twice as many to warm up")
    parser.add_argument("--pairs", type=int, action="append", help="default: 10, 100, 500, 1000 and 2000")
    options = parser.parse_args()
    exporter = options.exporter or built(ROOT, "pairs-exporter")
    print(f"{RATE:,} trades/s, 3 timeframes × 2 windows, load before {os.getloadavg()[0]:.1f}\n")
    print("| pairs | instruments | series | CPU, cores | resident, MB | close → published, p50 | p99 | trades behind |")
    print("|---|---|---|---|---|---|---|---|")
    rows = []
    for pairs in options.pairs or (10, 100, 500, 1000, 2000):
        row = measure(exporter, pairs, options.seconds)
        rows.append(row)
        print(
            f"| {row['pairs']:,} | {row['instruments']} | {row['series']:,.0f} | {row['cores']:.2f} | {row['megabytes']:.0f} "
            f"| {1e3 * row['p50']:.1f} ms | {1e3 * row['p99']:.1f} ms | {row['behind']:,.0f} |",
            flush=True,
        )
    print(chart("CPU, cores", [(row["pairs"], round(row["cores"], 3)) for row in rows]))
    print(chart("Resident memory, MB", [(row["pairs"], round(row["megabytes"])) for row in rows]))


def measure(exporter, pairs, seconds):
    instruments = min(INSTRUMENTS, pairs)
    symbols = [f"C{number:03}USD" for number in range(instruments)]
    with FloodingVenue(RATE, 10 * seconds, symbols=symbols) as venue:
        with Program(exporter, lambda database: configuration(venue.port, database, symbols, pairs)) as program:
            program.wait("pairs_trades_total", lambda value: value > 0)
            time.sleep(2 * seconds)
            before = figures(program)
            time.sleep(seconds)
            after = figures(program)
            behind = venue.present - program.total("pairs_trades_total")
            series = program.total("pairs_series")
    closes = {bound: after["closes"][bound] - before["closes"][bound] for bound in after["closes"]}
    return {
        "pairs": pairs,
        "instruments": instruments,
        "series": series,
        "cores": (after["cpu"] - before["cpu"]) / (after["at"] - before["at"]),
        "megabytes": after["memory"] / 1e6,
        "p50": quantile(closes, 0.5),
        "p99": quantile(closes, 0.99),
        "behind": behind,
    }


def figures(program):
    return {
        "at": time.monotonic(),
        "cpu": program.total("process_cpu_seconds_total"),
        "memory": program.total("process_resident_memory_bytes"),
        "closes": program.buckets("pairs_bar_close_duration_seconds"),
    }


def configuration(port, database, symbols, pairs):
    """The pairs of neighbours first, then of those two apart, and so on."""
    count = len(symbols)
    legs = ((first, (first + step) % count) for step in range(1, count) for first in range(count))
    return {
        "feeds": [{"venue": VENUE, "websocket_url": f"ws://127.0.0.1:{port}", "rest_url": f"http://127.0.0.1:{port}"}],
        "storage": {"path": database},
        "timeframes": ["1s", "5s", "1m"],
        "windows": [60, 240],
        "series_limit": 300_000,
        "pairs": [
            {"y": f"{VENUE}:{symbols[first]}", "x": f"{VENUE}:{symbols[second]}", "export": "core"}
            for first, second in itertools.islice(legs, pairs)
        ],
    }


def chart(title, points):
    numbers, values = zip(*points)
    return (
        f"\n```mermaid\nxychart-beta\n    title \"{title}\"\n    x-axis \"pairs\" {list(numbers)}\n"
        f"    y-axis 0 --> {max(values) * 1.1:.3g}\n    line {list(values)}\n```"
    )


if __name__ == "__main__":
    main()
