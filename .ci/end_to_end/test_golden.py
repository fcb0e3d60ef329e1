"""Every family of `/metrics` after a seeded market, beside the text on record: names, help, types, labels and values.

`GOLDEN=update` writes the record, for a change of behaviour that is meant.
"""

import csv
import os
import pathlib
import random
import re

import yaml

from exporter import wait_until

RECORD = pathlib.Path(__file__).with_name("golden_metrics.txt")
BEGIN = 1_700_000_000
SECONDS = 1_500
# Values that depend on the machine, on the time of day or on the version; their names and labels are on record.
MEASURED = re.compile(
    r"process_|promhttp_|pairs_exporter_build_info|pairs_config_last_reload_success_timestamp|pairs_tests_delay"
    r"|pairs_feed_processing|pairs_store_size|pairs_past_extremes|pairs_(store_commit|tests|bar_close)_duration"
)
# The machine decides which of these exist.
LEFT_OUT = re.compile(r"process_(network|pressure|cgroup)")


def write_market(path: pathlib.Path):
    """Three instruments, of which two share their trend; with ids that are missing, doubled and late, and a silence."""
    chance = random.Random(1_900)
    prices = {"AAAUSDT": 4_000_000, "BBBUSDT": 200_000, "CCCUSDT": 50_000}
    ids = {symbol: 1_000 for symbol in prices}
    spread = 0
    rows = []
    for second in range(SECONDS):
        trend = chance.randint(-900, 900)
        spread += chance.randint(-40, 40) - spread // 10
        prices["AAAUSDT"] += trend
        prices["CCCUSDT"] += chance.randint(-12, 12)
        shown = {**prices, "BBBUSDT": prices["AAAUSDT"] // 20 + spread}
        for symbol, price in shown.items():
            if symbol == "CCCUSDT" and 700 <= second < 780:
                continue
            for _ in range(chance.randint(1, 3)):
                ids[symbol] += 51 if second == 400 and symbol == "BBBUSDT" else 1
                time = (BEGIN + second) * 1_000 + chance.randint(0, 999)
                late = 1_500 if chance.randint(0, 199) == 0 else 0
                row = (ids[symbol], time - late, f"{price // 100}.{price % 100:02}", f"0.{chance.randint(1, 999):03}")
                rows.append((time, symbol, row))
                if chance.randint(0, 99) == 0:
                    rows.append((time, symbol, row))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["symbol", "trade_id", "time_ms", "price", "quantity", "taker_side"])
        for number, (_, symbol, row) in enumerate(sorted(rows, key=lambda entry: entry[0])):
            writer.writerow([symbol, *row, "buy" if number % 3 else "sell"])


def configuration(folder: pathlib.Path) -> str:
    write_market(folder / "trades.csv")
    first, second, third = (f"replay:{name}USDT" for name in ("AAA", "BBB", "CCC"))
    content = {
        "feeds": [{"venue": "replay", "replay": {"path": str(folder / "trades.csv"), "speed": "max"}}],
        "storage": {"path": str(folder / "pairs.sqlite")},
        "timeframes": ["1s", "10s"],
        "windows": [60, 240],
        "tests": {"min_observations": 60},
        "alerts": {"timeframes": ["1s"]},
        "pairs": [
            {"y": second, "x": first, "hedge_ratios": ["tls", "huber", "theil-sen", "kalman"], "export": "full"},
            {"name": "apart", "y": third, "x": first, "price": "level", "timeframes": ["10s"]},
        ],
    }
    path = folder / "pairs.yml"
    path.write_text(yaml.safe_dump(content))
    return str(path)


def lines(text: str) -> list[str]:
    """The exposition with `~` in place of what is measured."""
    kept = []
    for line in text.splitlines():
        name = line.split()[2] if line.startswith("#") else line
        if LEFT_OUT.match(name):
            continue
        if not line.startswith("#") and MEASURED.match(name):
            name, _, _ = line.rpartition(" ")
            line = re.sub(r'="[^"]*"', '="~"', name) if "build_info" in name else name
            line += " ~"
        kept.append(line)
    return kept


def is_alike(line: str, record: str) -> bool:
    """Equal text; figures may differ by what another processor's logarithm rounds otherwise."""
    if line == record:
        return True
    (name, _, value), (known, _, expected) = line.rpartition(" "), record.rpartition(" ")
    if name != known or line.startswith("#") or "~" in (value, expected):
        return False
    value, expected = float(value), float(expected)
    return abs(value - expected) <= 1e-9 * max(abs(value), abs(expected), 1e-3)


def test_a_seeded_market_gives_the_families_and_values_on_record(start, tmp_path):
    exporter = start("--config.file", configuration(tmp_path)).wait_until_healthy()
    labels = {"pair": "BBBUSDT-AAAUSDT", "timeframe": "1s", "window": "240"}

    def has_ended():
        assert exporter.process.poll() is None, exporter.log
        close = exporter.value("pairs_last_bar_timestamp_seconds", **labels) or 0
        is_stopped = exporter.value("pairs_feed_state", venue="replay", state="stopped") == 1
        return is_stopped and close >= BEGIN + SECONDS - 1

    wait_until(has_ended, 120, "the end of the file")
    wait_until(lambda: exporter.value("pairs_tests_delay_seconds") == 0, 120, "every test")
    wait_until(lambda: exporter.total("pairs_store_queued_trades") == 0, 60, "everything on disk")
    found = lines(exporter.get("/metrics").text)
    if os.environ.get("GOLDEN") == "update":
        RECORD.write_text("\n".join(found) + "\n")
    record = RECORD.read_text().splitlines()
    known = {line.rpartition(" ")[0]: line for line in record}
    missing = [line for line in record if line.rpartition(" ")[0] not in {new.rpartition(" ")[0] for new in found}]
    differing = [
        (known.get(line.rpartition(" ")[0]), line)
        for line in found
        if not is_alike(line, known.get(line.rpartition(" ")[0], ""))
    ]
    assert not missing and not differing, f"missing: {missing[:20]}\ndiffering (on record, found): {differing[:20]}"
    assert len(found) == len(record)
