#!/usr/bin/env python3
"""Runs the program for an hour among faults and clients, and shows that it neither grows, lags nor loses anything.

usage: soak.py [--exporter BINARY] [--minutes N] [--seed N] [--folder FOLDER]

Two programs run side by side for N minutes (default: 60):

- `fast` replays a file at 50 times the speed of its events, 50 hours of market in an hour, with duplicated, disordered and
  missing trades in it. A live venue cannot be faster than real time: trades are judged by its clock.
- `live` follows a venue over WebSocket and REST in real time, with another fault every minute: connections that end in
  every way, refused handshakes, bans and errors, malformed frames, lost, late and duplicated trades, silence, a wrong
  clock, and, where a small file system can be mounted, a full disk.

In the first quarter of the time, which no slope counts, faults, reloads and clients come twelve times as often.

Both are scraped, probed, asked wrongly, held up by slow clients, and reloaded with other pairs every minute. In the end
memory and descriptors have no slope beyond noise, no bar was late, every trade is on disk once or in a gap, the
counters are the rows, and SIGTERM ends with 0. It needs two cores; figures go to standard output.
"""

import argparse
import contextlib
import logging
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / ".ci" / "end_to_end"))

import soak_checks  # noqa: E402
from exporter import Exporter, wait_until  # noqa: E402
from soak_venue import FAULTS, SYMBOLS, SoakVenue  # noqa: E402

SPEED = 50
WARM_UP_PACE = 12
"""How much faster faults, reloads and clients follow one another in the warm-up, so that all that is bounded fills in it."""
VENUE = "binance-usdm"
LIVE_RATE = 30
WRONG_PATHS = (
    "/probe", "/probe?pair=nobody", "/probe?y=a:B&x=a:B", "/probe?pair=first&window=99999999999999999999", "/nothing",
    "/api/v1/pairs/" + "x" * 2000, "/probe?pair=first&timeframe=9d",
)
WRONG_REQUESTS = (
    b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET /metrics HTTP/9.9\r\nHost: a\r\n\r\n",
    b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"G" * 20_000, b"\r\n" * 2_000,
)

UNREAD_REQUESTS = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", type=pathlib.Path, default=ROOT / ".build/release/pairs-exporter")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--folder", type=pathlib.Path, help="where logs and databases stay; by default none do")
    options = parser.parse_args()
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    print(f"soak of {options.minutes:g} minutes, seed {options.seed}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = options.folder or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        disk = small_disk(folder, stack)
        venue = stack.enter_context(SoakVenue(LIVE_RATE, options.seed))
        fast = Fast(options.exporter, folder, options.minutes, options.seed)
        live = Live(options.exporter, folder, venue, disk)
        for program in (fast, live):
            stack.callback(program.exporter.kill)
            program.exporter.wait_until_healthy()
        run([fast, live], venue, disk, options.minutes * 60, random.Random(options.seed))
        problems = [*fast.finish(), *live.finish()]
    print("\n".join(problems) or "nothing grew, lagged or was lost")
    sys.exit(1 if problems else 0)


def run(programs, venue, disk, seconds, chance):
    """Faults, reloads and clients by turns; every fault comes at least once."""
    faults = [*FAULTS, *(["disk full"] if disk else [])]
    period = min(60, seconds / len(faults))
    warm_up = time.monotonic() + soak_checks.WARM_UP * seconds
    watches = [threading.Thread(target=program.watch, args=(seconds,)) for program in programs]
    for watch in watches:
        watch.start()
    end = time.monotonic() + seconds
    turn, order = 0, []
    while end - time.monotonic() > period:
        pace = period / WARM_UP_PACE if time.monotonic() < warm_up else period
        order = order or chance.sample(faults, len(faults))
        fault, start = order.pop(), time.monotonic()
        with full(disk) if fault == "disk full" else contextlib.nullcontext():
            if fault != "disk full":
                venue.begin(fault)
            for program in programs:
                program.reload(turn)
                disturb(program.exporter, turn)
            time.sleep(max(0, start + pace / 2 - time.monotonic()))
        venue.heal()
        turn += 1
        time.sleep(max(0, start + pace - time.monotonic()))
    for watch in watches:
        watch.join()
    print(f"{turn} faults, one every {period / WARM_UP_PACE:.0f} s in the warm-up, then every {period:.0f} s", flush=True)


def disturb(exporter, turn):
    """Faulty clients: invalid requests, invalid bytes, and clients that do not read the answer."""
    for window in (30, 60):
        exporter.get(f"/probe?pair=first&timeframe=10s&window={window}")
    for path in WRONG_PATHS:
        assert 400 <= exporter.get(path).status_code < 500, path
    slow = []
    for number in range(20):
        client = socket.create_connection(("127.0.0.1", exporter.port), timeout=10)
        request = WRONG_REQUESTS[number % len(WRONG_REQUESTS)] if number % 2 else UNREAD_REQUESTS
        with contextlib.suppress(OSError):
            client.sendall(request)
        slow.append(client)
    threading.Timer(5, lambda: [client.close() for client in slow]).start()


def small_disk(folder, stack):
    """A small file system of its own for the database of `live`; nil where mounting is not permitted."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk], capture_output=True).returncode != 0:
        print("no file system can be mounted here: the disk is never full", flush=True)
        return None
    stack.callback(subprocess.run, ["umount", "--lazy", disk], check=True)
    return disk


@contextlib.contextmanager
def full(disk):
    """No byte is free within."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            pass
    yield
    filler.unlink()


class Program:
    """A program under test, what is sampled of it, and its configuration."""

    keeps_instruments = False
    """Whether reloads leave the instruments alone."""

    def __init__(self, name, binary, folder, feed, storage):
        self.name = name
        self.samples: list[soak_checks.Sample] = []
        self.scrapes: list[float] = []
        self.written = soak_checks.Counter()
        self.file = folder / f"{name}.yml"
        self.feed, self.storage = feed, str(storage)
        self.write(0)
        self.exporter = Exporter(binary, ["--config.file", str(self.file)], folder / f"{name}.log")

    def write(self, turn):
        """One of four configurations: each has other pairs, windows or thresholds."""
        first, second, third = (f"{self.feed['venue']}:{symbol}" for symbol in SYMBOLS)
        pairs = [{"name": "first", "y": second, "x": first}]
        if self.keeps_instruments or turn % 4 != 3:
            pairs.append({"name": "second", "y": third, "x": first if turn % 2 else second, "price": "level"})
        content = {
            "feeds": [self.feed],
            "storage": {"path": self.storage},
            "timeframes": ["10s"] if turn % 4 == 1 else ["1s", "10s"],
            "windows": [60] if turn % 2 else [60, 240],
            "tests": {"min_observations": 60},
            "signals": {"zscore_entry": 2.0 + turn % 3 / 10},
            "alerts": {"timeframes": ["10s"]},
            "pairs": pairs,
        }
        self.file.write_text(yaml.safe_dump(content))

    def reload(self, turn):
        if turn % 5 == 4:
            self.file.write_text("pairs: [")
            self.exporter.process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
        self.write(turn)
        self.exporter.process.send_signal(signal.SIGHUP)

    def watch(self, seconds):
        """Samples and scrapes until the time is over."""
        end, count = time.monotonic() + seconds, 0
        warm_up = time.monotonic() + soak_checks.WARM_UP * seconds
        while time.monotonic() < end and self.exporter.process.poll() is None:
            accept = ("text/plain", "application/openmetrics-text", "application/vnd.google.protobuf;"
                      "proto=io.prometheus.client.MetricFamily;encoding=delimited")[count % 3]
            start = time.monotonic()
            answer = self.exporter.get("/metrics", Accept=accept)
            self.scrapes.append(time.monotonic() - start)
            assert answer.status_code == 200, answer.text
            self.exporter.get("/api/v1/pairs")
            if "text/plain" in accept:
                self.written.observe(answer.text)
            age = self.bar_age() if count % 3 == 0 else None
            self.samples.append(soak_checks.sample(self.exporter.process.pid, age))
            count += 1
            time.sleep(2 / WARM_UP_PACE if time.monotonic() < warm_up else 2)

    def bar_age(self):
        """How old the newest bar of the first pair is, in seconds of this machine."""
        value = self.exporter.value("pairs_last_bar_timestamp_seconds", pair="first", timeframe="10s", window="60")
        return None if value is None else self.age(value)

    def finish(self):
        """Ends the program, prints the figures, and returns what is wrong."""
        self.write(0)
        self.exporter.process.send_signal(signal.SIGHUP)
        problems = self.settle()
        metrics = self.exporter.samples()
        self.written.observe(self.exporter.get("/metrics").text)
        status, took = self.exporter.terminate()
        print(f"{self.name}: SIGTERM after {took:.2f} s, {len(self.samples)} samples", flush=True)
        if status != 0 or took > 10:
            problems.append(f"{self.name}: ended with {status} after {took:.1f} s")
        log = self.exporter.log
        problems += soak_checks.flatness(self.name, self.samples)
        problems += soak_checks.lateness(self.name, self.samples, self.scrapes, metrics, is_steady=self.name == "fast")
        problems += soak_checks.rows(self.name, self.storage, self.written, self.sent())
        if problems:
            print(log[-4000:])
        return problems


class Fast(Program):
    """A file of trades, `SPEED` times as fast."""

    # A feed that reconnects would begin later, which looks like lateness.
    keeps_instruments = True

    def __init__(self, binary, folder, minutes, seed):
        path = folder / "trades.csv"
        # A little more than is played, so that the market does not end before the soak.
        seconds = int(minutes * 60 * SPEED * 1.05 + 120 * SPEED)
        self.begin = int(time.time()) - seconds - 3600
        self.trades = soak_checks.write_trades(path, SYMBOLS, self.begin, seconds, seed)
        feed = {"venue": "replay", "replay": {"path": str(path), "speed": SPEED}}
        super().__init__("fast", binary, folder, feed, folder / "fast.sqlite")
        self.start = time.time()

    def age(self, value):
        return (time.time() - self.start) - (value - self.begin) / SPEED

    def settle(self):
        return []

    def sent(self):
        return self.trades


class Live(Program):
    """A venue with faults."""

    def __init__(self, binary, folder, venue, disk):
        self.venue = venue
        feed = {
            "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{venue.port}", "rest_url": f"http://127.0.0.1:{venue.port}",
            "idle_timeout": "2s", "connects_per_minute": 300,
        }
        super().__init__("live", binary, folder, feed, (disk or folder) / "live.sqlite")

    def age(self, value):
        return time.time() - value

    def settle(self):
        """Waits until what is missing has been fetched, and then until all sent trades are on disk."""
        self.venue.heal()
        self.venue.clock_shift = 0

        def is_repaired():
            return self.exporter.total("pairs_trades_unrepaired") == 0

        with contextlib.suppress(AssertionError):
            # The missing ids must then be in gaps.
            wait_until(is_repaired, 120, "everything repaired")
        self.last = {symbol: trades[-1]["a"] for symbol, trades in self.venue.by_symbol.items()}
        time.sleep(3)
        return []

    def sent(self):
        return {
            symbol: {trade["a"]: (trade["T"] * 1000, trade["p"]) for trade in trades if trade["a"] <= self.last[symbol]}
            for symbol, trades in self.venue.by_symbol.items()
        }


if __name__ == "__main__":
    main()
