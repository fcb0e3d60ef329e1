#!/usr/bin/env python3
"""Measures every stage and prints a table of marks and measured values.

usage: run.py [--exporter BINARY] [--scratch-path PATH]
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

# Stage, benchmark, operations per iteration, unit, and the mark: at least for rates, at most for times.
RATES = [
    ("aggTrade frame → trade", "decode aggTrade frames", 1_000, "frames/s", 1_000_000),
    ("frame → bars, 2 instruments × 3 timeframes", "frames to bars", 1_000, "trades/s", 500_000),
    ("trade → SQLite, 1,000 to a transaction", "trades into SQLite", 1_000_000, "trades/s", 200_000),
]
TIMES = [
    ("pair update, per (pair, timeframe, window 60)", "pair update, window 60", 1_000, "µs", None),
    ("pair update, per (pair, timeframe, window 240)", "pair update, window 240", 1_000, "µs", None),
    ("pair update, per window of 60 and 240 together", "pair update, window 60 and 240", 1_000, "µs", None),
    ("ADF with AIC, n = 250", "ADF with AIC, n = 250", 1, "µs", 50),
    ("ADF with AIC, n = 1,000", "ADF with AIC, n = 1000", 1, "µs", None),
    ("10,000 series rendered, text", "render 10,000 series, text", 1, "µs", 3_000),
    ("10,000 series rendered, OpenMetrics", "render 10,000 series, OpenMetrics", 1, "µs", 3_000),
    ("gzip of these in text", "gzip of 10,000 series, text", 1, "µs", None),
]
MEMORY = ("resident, 10 pairs × 3 timeframes × 2 windows", "MB", 150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", help="a release build of pairs-exporter; built when not given")
    parser.add_argument("--scratch-path", help="where the benchmarks are built")
    options = parser.parse_args()

    load = os.getloadavg()[0]
    times = run_benchmarks(options.scratch_path)
    memory = run_memory(options.exporter)

    print(machine(f"{load:.1f} before, {os.getloadavg()[0]:.1f} after"), end="\n\n")
    print("| stage | mark | median | best | median within the mark |\n|---|---|---|---|---|")
    for stage, benchmark, operations, unit, mark in RATES:
        median, best = (operations / (time / 1e6) for time in times[benchmark])
        print(row(stage, f"≥ {mark:,} {unit}", f"{median:,.0f}", f"{best:,.0f}", f"{median / mark:.1f} ×"))
    for stage, benchmark, operations, unit, mark in TIMES:
        median, best = (time / operations for time in times[benchmark])
        limit = f"≤ {mark:,} {unit}" if mark else f"– ({unit})"
        print(row(stage, limit, number(median), number(best), f"{mark / median:.1f} ×" if mark else "–"))
    stage, unit, mark = MEMORY
    print(row(stage, f"≤ {mark} {unit}", number(memory / 1e6), "–", f"{mark * 1e6 / memory:.1f} ×"))


def run_benchmarks(scratch_path):
    """The median and the least wall time of each benchmark's iterations in microseconds."""
    command = ["swift", "package", "--package-path", HERE]
    if scratch_path:
        command += ["--scratch-path", scratch_path]
    command += ["benchmark", "--target", "Stages", "--no-progress", "--format", "jmh", "--path", "stdout"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE).stdout
    results = json.loads(next(line for line in output.splitlines() if line.startswith("[{")))
    times = {}
    for result in results:
        name = result["benchmark"].removeprefix("package.benchmark.Stages.").replace("_", " ")
        percentiles = result["secondaryMetrics"]["Time (wall clock)"]["scorePercentiles"]
        times[name] = (percentiles["50.0"], percentiles["0.0"])
    return times


def run_memory(exporter):
    """Resident memory in bytes."""
    command = [HERE / "memory.sh"] + ([exporter] if exporter else [])
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def machine(load):
    """What was measured on, and when."""
    processor = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    swift = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    today = datetime.date.today().isoformat()
    return f"{today}, {processor} ({os.cpu_count()} cores, load {load}), {swift.splitlines()[0]}."


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def row(*cells):
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
