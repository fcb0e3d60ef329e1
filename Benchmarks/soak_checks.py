"""The measurements of the soak, and the limits of the figures."""

import dataclasses
import pathlib
import random
import re
import sqlite3
import time

import numpy

WARM_UP = 0.25
"""The share of the run that counts for no slope, because bounded memory still fills in it, with twelve times the load.

In `live` that is, for 15 minutes of an hour: the ticks of 15 minutes, under 1 MB; SQLite's caches, 704 KiB of the writer for
three streams, full after about 10 minutes of 30 trades a second, and 512 KiB of each of two readers; what libdispatch keeps
for each thread, 64 KiB; what the allocator keeps of the largest session, answer and frame. A window of 240 bars of 10 s
fills for 40 minutes, but with kilobytes.
"""
LEAST_HOURS = 0.5
"""A shorter run is all warm-up: its slope is printed and not judged."""
UNSEEN_ROWS = 1_000
"""Trades that may be written between two scrapes on a busy machine."""
OLDEST_BAR = 5.0
"""Seconds by which the newest bar of a market without faults may lag behind it, scrapes and clients beside."""
MOST_ERRORS = 3
"""Standard errors within which a slope is noise."""
LATEST_BAR = 1.0
"""Seconds from a bar's end to its readings of which 999 in 1000 bars need less, beside all that happens."""


class Counter:
    """Trades written by all scrapes together: a reload with other instruments restarts the counter."""

    def __init__(self):
        self.total = 0.0
        self.resets = 0
        self._last = 0.0

    def observe(self, text: str):
        found = re.search(r"^pairs_store_trades_written_total (\S+)$", text, re.MULTILINE)
        value = float(found[1])
        self.resets += value < self._last
        self.total += value - self._last if value >= self._last else value
        self._last = value


@dataclasses.dataclass
class Sample:
    time: float
    memory: int
    """Bytes that are the process's own."""
    mapped: int
    """Resident bytes of mapped files: the program and a database that grows with its rows."""
    descriptors: int
    bar_age: float | None


def sample(process: int, bar_age: float | None) -> Sample:
    folder = pathlib.Path(f"/proc/{process}")
    status = (folder / "status").read_text()
    own, file, shared = (int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1]) << 10
                         for name in ("RssAnon", "RssFile", "RssShmem"))
    return Sample(time.monotonic(), own, file + shared, len(list((folder / "fd").iterdir())), bar_age)


def slope(times: numpy.ndarray, values: numpy.ndarray) -> tuple[float, float]:
    """Least squares, with a standard error that allows for an autocorrelation of the first order."""
    centred = times - times.mean()
    spread = (centred**2).sum()
    value = (centred * values).sum() / spread
    rest = values - values.mean() - value * centred
    error = numpy.sqrt((rest**2).sum() / max(1, len(values) - 2) / spread)
    correlation = (rest[1:] * rest[:-1]).sum() / (rest**2).sum() if (rest**2).sum() > 0 else 0.0
    correlation = min(max(correlation, 0.0), 0.95)
    return value, error * numpy.sqrt((1 + correlation) / (1 - correlation))


def flatness(name: str, samples: list[Sample]) -> list[str]:
    """Memory in MB and descriptors against hours: medians of a minute, or of fewer samples in a short run.

    Mapped files are printed and not judged: the kernel takes their pages back where it needs them.
    """
    problems = []
    start, end = samples[0].time, samples[-1].time
    kept = [one for one in samples if one.time > start + WARM_UP * (end - start)]
    block = min(60.0, (end - start) / 20)
    groups: dict[int, list[Sample]] = {}
    for one in kept:
        groups.setdefault(int((one.time - start) / block), []).append(one)
    times = numpy.array([numpy.mean([one.time for one in group]) for group in groups.values()]) / 3600
    for what, scale in (("memory", 1e-6), ("mapped", 1e-6), ("descriptors", 1.0)):
        values = numpy.array([numpy.median([getattr(one, what) for one in group]) for group in groups.values()]) * scale
        rate, error = slope(times, values)
        print(
            f"{name}: {what} {values[0]:.1f} after the warm-up, {values[-1]:.1f} at the end, at most "
            f"{max(getattr(one, what) for one in samples) * scale:.1f}; slope {rate:+.2f} ± {error:.2f} an hour",
            flush=True,
        )
        hours = (end - start) / 3600
        if what != "mapped" and hours >= LEAST_HOURS and rate > MOST_ERRORS * error and rate * hours > 0.02 * values.mean():
            problems.append(f"{name}: {what} grow by {rate:.2f} ± {error:.2f} an hour")
    return problems


def lateness(name: str, samples: list[Sample], scrapes: list[float], metrics, is_steady: bool) -> list[str]:
    """From a bar's end to its readings, the age of the newest bar, and how long scrapes took."""
    found = {
        float(dict(labels)["le"]): value
        for (metric, labels), value in metrics.items()
        if metric == "pairs_bar_close_duration_seconds_bucket"
    }
    count = found[float("inf")]
    bounds = [min(bound for bound, below in found.items() if below >= share * count) for share in (0.5, 0.999, 1)]
    ages = numpy.array([one.bar_age for one in samples if one.bar_age is not None])
    print(
        f"{name}: {count:,.0f} bar ends, half within {bounds[0]:g} s, 99.9 % within {bounds[1]:g} s, all within "
        f"{bounds[2]:g} s; the newest bar was {numpy.median(ages):.1f} s old in the median, {ages.max():.1f} s at most; "
        f"{len(scrapes)} scrapes, median {numpy.median(scrapes) * 1e3:.0f} ms, at most {max(scrapes) * 1e3:.0f} ms",
        flush=True,
    )
    problems = [f"{name}: one bar in a thousand took over {LATEST_BAR} s"] if bounds[1] > LATEST_BAR else []
    if is_steady and ages.max() > OLDEST_BAR:
        problems.append(f"{name}: the newest bar was {ages.max():.1f} s late")
    return problems


def rows(name: str, database: str, written: Counter, sent: dict[str, dict[int, tuple[int, str]]]) -> list[str]:
    """Every trade that the venue sent is on disk once, or in a gap; the counters equal the rows."""
    problems = []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        everything = connection.execute("SELECT symbol, trade_id, time_us, price FROM trade").fetchall()
        holes = connection.execute("SELECT symbol, first_id, last_id FROM hole WHERE state <> 'repaired'").fetchall()
    stored = {row[:2]: row[2:] for row in everything}
    if len(stored) != len(everything):
        problems.append(f"{name}: {len(everything) - len(stored)} trades are on disk twice")
    named = {(symbol, number) for symbol, first, last in holes for number in range(first, last + 1)}
    begin = {symbol: min(number for found, number in stored if found == symbol) for symbol in sent}
    end = {symbol: max(number for found, number in stored if found == symbol) for symbol in sent}
    expected = {
        (symbol, number): values
        for symbol, trades in sent.items()
        for number, values in trades.items()
        if begin[symbol] <= number <= end[symbol]
    }
    lost = set(expected) - set(stored) - named
    wrong = sum(stored[key] != values for key, values in expected.items() if key in stored)
    print(
        f"{name}: {len(expected):,} trades sent, {sum(key in stored for key in expected):,} of them on disk, {len(named):,} ids "
        f"in gaps, {len(lost)} lost, {wrong} wrong; {written.total:,.0f} counted as written, {written.resets} times from "
        f"zero, and {len(stored):,} rows",
        flush=True,
    )
    if lost:
        problems.append(f"{name}: {len(lost)} trades are neither on disk nor named, such as {sorted(lost)[:5]}")
    if wrong:
        problems.append(f"{name}: {wrong} trades are on disk with other values")
    # Not counted is what was written between the last scrape and the end, or the moment when counting restarted.
    if not 0 <= len(stored) - written.total <= UNSEEN_ROWS * (written.resets + 1):
        problems.append(f"{name}: {written.total:,.0f} trades counted, {len(stored):,} on disk")
    return problems


def write_trades(path: pathlib.Path, symbols, begin: int, seconds: int, seed: int) -> dict[str, dict[int, tuple[int, str]]]:
    """A file with a trade of each symbol every two seconds; of a thousand trades some are twice, disordered or missing."""
    chance = random.Random(seed)
    sent: dict[str, dict[int, tuple[int, str]]] = {symbol: {} for symbol in symbols}
    prices = dict(zip(symbols, (60_000.0, 3_000.0, 150.0)))
    lines: list[str] = []
    number = 1_000_000
    for second in range(0, seconds, 2):
        number += 1
        market = chance.gauss(0, 1e-4)
        for index, symbol in enumerate(symbols):
            prices[symbol] *= 1 + market + chance.gauss(0, 3e-5)
            moment = (begin + second) * 1000 + 300 * index + chance.randrange(200)
            if chance.random() < 0.001:
                continue
            price = f"{prices[symbol]:.2f}"
            sent[symbol][number] = (moment * 1000, price)
            lines.append(f"{moment},{symbol},{number},{price},0.010,{'true' if number % 2 else 'false'}\n")
            if chance.random() < 0.002:
                lines.append(lines[-1])
            elif chance.random() < 0.002 and len(lines) > 1:
                lines[-1], lines[-2] = lines[-2], lines[-1]
    path.write_text("ts_ms,symbol,trade_id,price,qty,is_buyer_maker\n" + "".join(lines))
    return sent
