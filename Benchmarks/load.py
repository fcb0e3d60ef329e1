#!/usr/bin/env python3
"""Measures the exporter under load from a server that sends Binance's trades over one socket, and prints the figures.

usage: load.py [--exporter BINARY] [--seconds N]

1. Socket to bars at 200,000 trades a second on one core, for N seconds (default: 60): what arrives and whether memory grows.
2. The whole program at 20,000 trades a second: from the receipt of a trade to the snapshot that shows its price.
3. The whole program at 200,000 trades a second for 10 s, ten times the peak of a whole market, with the connection reset in
   the middle: whether every id is on disk in the end.

Needs numpy, and two cores that are otherwise idle.
"""

import argparse
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".ci" / "end_to_end"))

from flood import FloodingVenue, configuration  # noqa: E402
from release_build import built  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build of pairs-exporter; built when not given")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    stages = built("Stages")
    exporter = options.exporter or built("pairs-exporter")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    sustained(stages, 200_000, options.seconds)
    latency(exporter, 20_000, min(options.seconds, 30))
    flood(exporter, 200_000, 10)


def sustained(stages, rate, seconds):
    with FloodingVenue(rate, seconds + 60) as venue:
        command = ["taskset", "-c", "0", stages, "sustained", str(venue.port), str(seconds)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    growth = figures["late_memory"] - figures["early_memory"]
    print(
        f"socket to bars on one core: {figures['trades_per_second']:,.0f} trades/s for {figures['seconds']:.0f} s, "
        f"{figures['cpu_share']:.0%} of the core, {figures['missing']} missing, "
        f"memory {figures['early_memory'] / 1e6:.1f} MB, then {growth / 1e6:+.1f} MB"
    )


def latency(exporter, rate, seconds):
    with FloodingVenue(rate, seconds + 60) as venue, follower(exporter, venue) as program:
        program.wait("pairs_trades_total", lambda value: value > rate)
        before = program.buckets("pairs_feed_processing_seconds")
        time.sleep(seconds)
        after = program.buckets("pairs_feed_processing_seconds")
    counts = {bound: after[bound] - before[bound] for bound in after}
    quantiles = ", ".join(f"p{100 * share:g} {1e3 * quantile(counts, share):.2f} ms" for share in (0.5, 0.99, 0.999))
    print(f"receipt to snapshot at {rate:,} trades/s: {quantiles} of {counts[float('inf')]:,.0f} reads")


def flood(exporter, rate, seconds):
    with FloodingVenue(rate, seconds, cut_after=seconds / 2) as venue, follower(exporter, venue) as program:
        program.wait("pairs_store_trades_written_total", lambda value: value >= venue.count)
        program.wait("pairs_trades_unrepaired", lambda value: value == 0)
        passed = time.time() - venue.start
        repaired, memory = program.total("pairs_trades_repaired_total"), program.total("process_resident_memory_bytes")
        with sqlite3.connect(f"file:{program.database}?mode=ro", uri=True) as connection:
            sent = venue.trades(0, venue.count)["id"]
            query = "SELECT count(*), count(DISTINCT symbol || trade_id) FROM trade WHERE trade_id <= ?"
            (stored, distinct) = connection.execute(query, (int(sent.max()),)).fetchone()
    print(
        f"{venue.count:,} trades at {rate:,} trades/s, connection reset in the middle: {stored:,} on disk, {distinct:,} "
        f"different, {repaired:,.0f} of them repaired, all after {passed:.1f} s; memory {memory / 1e6:.0f} MB"
    )
    assert stored == distinct == venue.count


def follower(exporter, venue):
    return Program(exporter, lambda database: configuration(venue.port, database))


class Program:
    """The exporter, with a database of its own."""

    def __init__(self, binary, configured):
        """`configured` returns the configuration with a database at the path that it is given."""
        self.folder = tempfile.TemporaryDirectory()
        self.database = f"{self.folder.name}/pairs.sqlite"
        path = pathlib.Path(self.folder.name) / "pairs.yml"
        path.write_text(json.dumps(configured(self.database)))
        self.log = pathlib.Path(self.folder.name) / "log"
        command = [binary, "--config.file", path, "--web.listen-address", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=self.log.open("w"), stderr=subprocess.STDOUT)

    def __enter__(self):
        deadline = time.time() + 60
        while not (address := re.search(r'address="?([0-9.:]+)', self.log.read_text())):
            assert self.process.poll() is None and time.time() < deadline, self.log.read_text()
            time.sleep(0.1)
        self.url = f"http://{address[1]}/metrics"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def samples(self, name):
        text = urllib.request.urlopen(self.url, timeout=60).read().decode()
        return re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", text, re.M)

    def total(self, name):
        return sum(float(value) for _, value in self.samples(name))

    def buckets(self, name):
        """Observations at or below each bound."""
        found = self.samples(f"{name}_bucket")
        return {float(re.search(r'le="([^"]+)"', labels)[1]): float(value) for labels, value in found}

    def wait(self, name, suits):
        deadline = time.time() + 600
        while not suits(self.total(name)):
            assert self.process.poll() is None and time.time() < deadline, self.log.read_text()
            time.sleep(0.1)


def quantile(counts, share):
    """By Prometheus's rule: linear within a bucket."""
    wanted, lower, below = share * counts[float("inf")], 0.0, 0.0
    for bound, count in sorted(counts.items()):
        if count >= wanted:
            return lower if bound == float("inf") else lower + (bound - lower) * (wanted - below) / (count - below)
        lower, below = bound, count


if __name__ == "__main__":
    main()
