"""Time and memory of `import` and `analyze --csv`, beside SQLite's own import of the same files.

    python3 Benchmarks/imports.py [--rows 10000000] [--bars 1000000] [--exporter PROGRAM]

prints the table of RESULTS.md. SQLite's shell reads the same CSV into a table of texts without checking, indexing or
building anything: what it needs is the least that reading and writing the rows can cost on the machine of the run.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from release_build import built

ROOT = pathlib.Path(__file__).resolve().parent.parent
START = 1_704_067_200_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="trades")
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build; built where none is named")
    options = parser.parse_args()
    exporter = options.exporter or built("pairs-exporter")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        print("| | CPU beside SQLite's shell | time | CPU | peak memory |\n|---|---|---|---|---|", flush=True)
        trades = folder / "BTCUSDT-aggTrades-2024-01-01.csv"
        write_trades(trades, options.rows)
        compare(f"`import` of {options.rows:,} `aggTrades`, bars of 2 timeframes included", folder, trades,
                [exporter, "import", "--db", folder / "pairs.sqlite", trades])
        trades.unlink()
        bars = folder / "prices.csv"
        write_bars(bars, options.bars)
        compare(f"`import` of {options.bars:,} bars", folder, bars,
                [exporter, "import", "--db", folder / "bars.sqlite", "--venue", "okx", "--symbol", "A",
                 "--timeframe", "1m", bars])
        compare(f"`analyze --csv` of {options.bars:,} rows, the newest 5,000 of them", folder, bars,
                [exporter, "analyze", "--csv", bars, "--y", "close", "--x", "open", "--window", "5000"])


def write_trades(path, count):
    generator = random.Random(7)
    with open(path, "w") as file:
        file.write("agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n")
        price, moment = 4_500_000, START
        for number in range(1, count + 1):
            price += generator.randint(-3, 3)
            moment += generator.randint(0, 16)
            side = "true" if price & 1 else "false"
            file.write(f"{number},{price // 100}.{price % 100:02},0.{price % 997:03},{number},{number},{moment},{side}\n")


def write_bars(path, count):
    generator = random.Random(7)
    with open(path, "w") as file:
        file.write("time,open,high,low,close,volume\n")
        close = 45_000.0
        for number in range(count):
            opening, close = close, close * (1 + generator.gauss(0, 1e-4))
            high, low = max(opening, close), min(opening, close)
            file.write(f"{START // 1000 + 60 * number},{opening:.4f},{high:.4f},{low:.4f},{close:.4f},1.5\n")


def compare(name, folder, file, command):
    ours = measure(command)
    shell = folder / "shell.sqlite"
    theirs = measure(["sqlite3", shell, ".mode csv", f'.import "{file}" rows'])
    shell.unlink()
    print(f"| {name} | {ours[1] / theirs[1]:.2f} | {ours[0]:.1f} s | {ours[1]:.1f} s | {ours[2]:.0f} MB |", flush=True)


def measure(command):
    """Seconds that passed, seconds of CPU, and the peak of resident memory in megabytes."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command}: {errors.decode()}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
