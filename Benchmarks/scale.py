#!/usr/bin/env python3
"""Measures what a pair costs: memory with all windows full, CPU of an update, a scrape, the delay of a bar.

usage: scale.py [--exporter BINARY] [--pairs 10,100,500,2000] [--minutes N] [--seed N] [--folder FOLDER]
                [--only default|quiet]

Each pair has the timeframes 1s, 1m and 5m, the windows 60 and 240, and `export: core`. `import` writes a past of
random walks to a database, so that a start fills all windows. Then the program replays a file of trades in real time,
two trades a second of each instrument. It runs twice for each number of pairs: by default settings, and `quiet`,
without periodic tests, which shows the cost of the windows apart from that of the evidence. Each run is measured for
N minutes (default: 4), the first half without a scrape, the second half with one every five seconds. Prints tables in
Markdown for RESULTS.md.

The costs of one more pair or update are the differences from the row before, so that what does not depend on pairs
drops out. CPU is the time of all threads on a core. Other work on the machine changes it by a tenth and more: the
reference is a fixed calculation beside the same run, by which two runs can be compared. Needs numpy and PyYAML.
"""

import argparse
import contextlib
import dataclasses
import gzip
import hashlib
import itertools
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import numpy
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / ".ci" / "end_to_end"))

from exporter import Exporter, wait_until  # noqa: E402
from load import built, quantile  # noqa: E402

TIMEFRAMES = {"1s": 1, "1m": 60, "5m": 300}
WINDOWS = (60, 240)
PAST_BARS = 1500
"""A little more than the six longest windows that a start reads."""
PAST_TRADES = 900
"""Seconds before the present with a trade each, the horizon of the correlation of ticks."""
PRESENT = 1_767_571_200
"""Where the past ends and the replay begins, the start of a bar of every timeframe."""
QUIET_TESTS = {"every_bars": 100_000}
"""No slot near the present is a multiple, so no test is due."""
SCRAPE_INTERVAL = 5.0
HTTP_THREADS = "NIO-"
"""How the names begin of the threads that work for clients and, in a replay, for nothing else."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build of pairs-exporter; built when not given")
    parser.add_argument("--pairs", default="10,100,500,2000", help="numbers of pairs, separated by commas")
    parser.add_argument("--minutes", type=float, default=4, help="measured in each run")
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--folder", type=pathlib.Path, help="where logs and databases stay; by default none do")
    parser.add_argument("--only", choices=("default", "quiet"), help="one of the two runs of each size")
    options = parser.parse_args()
    exporter = options.exporter or built(ROOT, "pairs-exporter")
    sizes = [int(number) for number in options.pairs.split(",")]
    with contextlib.ExitStack() as stack:
        folder = options.folder or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        print(
            f"{', '.join(TIMEFRAMES)} bars, windows of {' and '.join(map(str, WINDOWS))}, seed {options.seed}, "
            f"{options.minutes:g} minutes a run, load before {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        market = Market(instrument_count(max(sizes)), options.seed)
        past = market.write_past(exporter, folder)
        rows = []
        for is_quiet, pairs in itertools.product((True, False), sizes):
            if options.only in (None, "quiet" if is_quiet else "default"):
                rows.append(measure(exporter, folder, market, past, pairs, is_quiet, 60 * options.minutes))
                print(rows[-1], file=sys.stderr, flush=True)
    for _, group in itertools.groupby(rows, lambda row: row.is_quiet):
        print(table(list(group)), flush=True)


def instrument_count(pairs):
    """A tenth of the pairs, or the fewest that have as many pairs."""
    fewest = math.ceil((1 + math.sqrt(1 + 8 * pairs)) / 2)
    return max(fewest, pairs // 10)


class Market:
    """Log prices of instruments that share one factor, at the ends of all bars of the past and after them."""

    def __init__(self, count, seed):
        self.symbols = [f"S{number:03}" for number in range(count)]
        self.seed = seed
        ends = {PRESENT - back * step for step in TIMEFRAMES.values() for back in range(PAST_BARS + 1)}
        self.times = numpy.array(sorted(ends))
        self.past = self.walk(0, numpy.diff(self.times, prepend=self.times[0]), numpy.log(100.0))

    def walk(self, number, steps, start):
        """A row for each moment; two thirds of the variance of an instrument are those of the factor."""
        chance = numpy.random.default_rng([self.seed, number])
        deviation = 1e-4 * numpy.sqrt(steps)[:, None]
        factor = chance.standard_normal((len(steps), 1))
        own = chance.standard_normal((len(steps), len(self.symbols)))
        return start + numpy.cumsum(deviation * (math.sqrt(2 / 3) * factor + math.sqrt(1 / 3) * own), axis=0)

    def write_past(self, exporter, folder):
        """A database with the bars of all timeframes and the last trades."""
        database, bars, trades = folder / "past.sqlite", folder / "bars.csv", folder / "past.csv"
        with bars.open("w") as file:
            file.write("open_time,symbol,timeframe,open,high,low,close,volume,trades\n")
            for label, step in TIMEFRAMES.items():
                ends = PRESENT - step * numpy.arange(PAST_BARS, -1, -1)
                prices = numpy.exp(self.past[numpy.searchsorted(self.times, ends)])
                for column, symbol in enumerate(self.symbols):
                    closes = prices[:, column]
                    for begin, opening, close in zip(ends[:-1], closes[:-1], closes[1:]):
                        high, low = max(opening, close), min(opening, close)
                        prices_text = f"{opening:.6f},{high:.6f},{low:.6f},{close:.6f}"
                        file.write(f"{begin},{symbol},{label},{prices_text},1,1\n")
        # A trade just before the end of its second makes the bar of the walk.
        times = PRESENT - numpy.arange(PAST_TRADES - 1, -1, -1)
        rows = self.past[numpy.searchsorted(self.times, times)]
        self.write_trades(trades, 1000 * times - 1, rows, len(self.symbols), first=1)
        for command in ([*"--venue replay --stream trade".split(), trades], ["--venue", "replay", bars]):
            subprocess.run([exporter, "import", "--db", database, *command], check=True, stdout=subprocess.DEVNULL)
        return database

    def write_present(self, path, count, seconds):
        """The trades of the first instruments, two a second of each, in ten batches a second."""
        moments = 1000 * PRESENT + 100 * numpy.arange(1, 10 * seconds + 1)
        rows = self.walk(1, numpy.full(len(moments), 0.1), self.past[-1])
        self.write_trades(path, moments, rows, count, first=PAST_TRADES + 1, every=5)

    def write_trades(self, path, moments, rows, count, first, every=1):
        with path.open("w") as file:
            file.write("ts_ms,symbol,trade_id,price,qty,is_buyer_maker\n")
            for number, (moment, row) in enumerate(zip(moments, numpy.exp(rows))):
                for column in range(number % every, count, every):
                    file.write(
                        f"{moment},{self.symbols[column]},{first + number // every},{row[column]:.6f},0.010,true\n"
                    )


@dataclasses.dataclass
class Row:
    pairs: int
    instruments: int
    is_quiet: bool
    start: float
    """Seconds to full windows."""
    start_cpu: float
    warm: float
    """Own memory in MB with all windows full and before the first scrape."""
    calm: float
    """After the half without scrapes."""
    live: float
    """After the half with scrapes."""
    most: float
    resident: float
    """Resident memory in the end, mapped files included."""
    updates: int
    """How many windows end a bar in a second, those of 1s."""
    cpu: float
    """Seconds of CPU a second in the half without scrapes."""
    reference: float
    """Seconds of CPU of a fixed calculation."""
    scrape: float
    """Seconds until a scrape has been read, as a median."""
    scrape_cpu: float
    bytes: int
    compressed: int
    half: float
    """Seconds from the read that ends a bar to its readings, median and 99 %."""
    late: float


def measure(exporter, folder, market, past, pairs, is_quiet, seconds):
    count = instrument_count(pairs)
    name = f"{pairs}-{'quiet' if is_quiet else 'default'}"
    database, trades, file = folder / f"{name}.sqlite", folder / f"{name}.csv", folder / f"{name}.yml"
    shutil.copy(past, database)
    market.write_present(trades, count, int(seconds) + 600)
    file.write_text(yaml.safe_dump(configuration(market.symbols[:count], pairs, is_quiet, trades, database)))
    begin = time.monotonic()
    program = Exporter(exporter, ["--config.file", str(file)], folder / f"{name}.log")
    with contextlib.ExitStack() as stack:
        stack.callback(program.kill)
        memory = stack.enter_context(MemoryWatch(program.process.pid))
        wait_until(lambda: is_ready(program), 1800, "ready")
        start, start_cpu, warm = time.monotonic() - begin, cpu(program), memory.read("RssAnon")
        # The first round of past extremes begins with the start and needs long.
        wait_until(lambda: "\npairs_past_extremes{" in page(program, "pairs_past_extremes"), 1800, "past extremes")
        reference, closes = reference_time(), close_counts(program)
        rate = cpu_rate(program, seconds / 2)
        calm = memory.recent()
        reference = min(reference, reference_time())
        end = time.monotonic() + seconds / 2
        scrapes, scrapes_cpu, sizes = [], [], (0, 0)
        while (begin := time.monotonic()) < end:
            used = cpu(program, HTTP_THREADS)
            text = program.get("/metrics", **{"Accept-Encoding": "identity"}).content
            scrapes.append(time.monotonic() - begin)
            scrapes_cpu.append(cpu(program, HTTP_THREADS) - used)
            sizes = (len(text), sizes[1] or len(gzip.compress(text, 6)))
            time.sleep(max(0, begin + SCRAPE_INTERVAL - time.monotonic()))
        counts = {bound: after - closes[bound] for bound, after in close_counts(program).items()}
        assert counts[math.inf] > seconds / 2, "bars of 1s do not end: the file of trades may be at its end"
        fills = re.findall(rb"^pairs_window_fill_ratio{.*} (\S+)$", text, re.MULTILINE)
        assert fills == [b"1"] * (pairs * len(TIMEFRAMES) * len(WINDOWS)), "a window is not full"
        live, most, resident = memory.recent(), max(memory.values), memory.resident()
        status, _ = program.terminate()
        assert status == 0, program.log
    database.unlink()
    trades.unlink()
    updates = pairs * len(WINDOWS)
    return Row(
        pairs, count, is_quiet, start, start_cpu, warm, calm, live, most, resident, updates, rate, reference,
        float(numpy.median(scrapes)), float(numpy.median(scrapes_cpu)), *sizes, quantile(counts, 0.5),
        quantile(counts, 0.99),
    )


def configuration(symbols, pairs, is_quiet, trades, database):
    """Pairs of neighbours first, then of those two apart, and so on. The first has all families, to be waited for."""
    count = len(symbols)
    legs = ((first, first + step) for step in range(1, count) for first in range(count - step))
    return {
        "feeds": [{"venue": "replay", "replay": {"path": str(trades), "speed": 1}}],
        "storage": {"path": str(database)},
        "timeframes": list(TIMEFRAMES),
        "windows": list(WINDOWS),
        "series_limit": 1_000_000,
        **({"tests": QUIET_TESTS} if is_quiet else {}),
        "pairs": [
            {"y": f"replay:{symbols[y]}", "x": f"replay:{symbols[x]}", "export": "core" if number else "full"}
            for number, (y, x) in enumerate(itertools.islice(legs, pairs))
        ],
    }


def is_ready(program):
    assert program.process.poll() is None, program.log
    try:
        return program.get("/-/ready").status_code == 200
    except OSError:
        return False


def page(program, family):
    return program.get(f"/metrics?name[]={family}").text


def close_counts(program):
    """Ends of bars whose readings were there within each bound."""
    text = page(program, "pairs_bar_close_duration_seconds")
    found = re.findall(r'^pairs_bar_close_duration_seconds_bucket{le="([^"]+)"} (\S+)$', text, re.MULTILINE)
    return {float(bound): float(count) for bound, count in found}


def cpu(program, name=""):
    """Seconds that all threads whose names begin so were on a core."""
    total = 0
    for task in pathlib.Path(f"/proc/{program.process.pid}/task").iterdir():
        # A thread may have ended.
        with contextlib.suppress(OSError):
            if (task / "comm").read_text().startswith(name):
                total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def cpu_rate(program, seconds):
    """Seconds of CPU a second, as a median of two seconds each.

    Rounds of past extremes fall into few of them. The ends of longer bars too: only those of a second count.
    """
    end, rates = time.monotonic() + seconds, []
    while (begin := time.monotonic()) < end:
        used = cpu(program)
        time.sleep(2)
        rates.append((cpu(program) - used) / (time.monotonic() - begin))
    return float(numpy.median(rates))


def reference_time():
    """The least CPU time in seconds of five times the same work."""
    block, times = bytes(1 << 24), []
    for _ in range(5):
        start = time.process_time()
        hashlib.sha256(block).digest()
        times.append(time.process_time() - start)
    return min(times)


class MemoryWatch(threading.Thread):
    """Own memory of a process in MB, twice a second."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.path = pathlib.Path(f"/proc/{process}/status")
        self.values = [0.0]
        self.is_over = threading.Event()

    def recent(self):
        """The median of the last ten seconds."""
        return float(numpy.median(self.values[-20:]))

    def resident(self):
        return self.read("VmRSS")

    def read(self, name):
        return int(re.search(rf"^{name}:\s+(\d+)", self.path.read_text(), re.MULTILINE)[1]) * 1024 / 1e6

    def run(self):
        while not self.is_over.wait(0.5):
            # The process may have ended.
            with contextlib.suppress(OSError, TypeError):
                self.values.append(self.read("RssAnon"))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join()


def table(rows):
    """A row for each size; what one more costs is the slope from the row before."""
    lines = [
        f"\n{'Without periodic tests' if rows[0].is_quiet else 'By default settings'}\n",
        "| pairs | instruments | own memory: windows full, later, with scrapes, at most | resident | a pair more "
        "| CPU a second | an update more | reference | scrape: time, CPU | its size, gzip "
        "| bar published within: 50 %, 99 % | start: time, CPU |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for before, row in zip([None, *rows], rows):
        memory = update = "–"
        if before:
            memory = f"{1e3 * (row.calm - before.calm) / (row.pairs - before.pairs):.1f} kB"
            update = f"{1e6 * (row.cpu - before.cpu) / (row.updates - before.updates):.1f} µs"
        lines.append(
            f"| {row.pairs:,} | {row.instruments} | {row.warm:.1f}, {row.calm:.1f}, {row.live:.1f}, {row.most:.1f} MB "
            f"| {row.resident:.1f} MB | {memory} | {1e3 * row.cpu:.1f} ms | {update} | {1e3 * row.reference:.2f} ms "
            f"| {1e3 * row.scrape:.1f}, {1e3 * row.scrape_cpu:.1f} ms "
            f"| {row.bytes / 1e6:.2f}, {row.compressed / 1e6:.2f} MB | {1e3 * row.half:.1f}, {1e3 * row.late:.1f} ms "
            f"| {row.start:.1f}, {row.start_cpu:.1f} s |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
