"""The faults of an hour in a minute, over the real frames: every lost trade is recorded in a gap."""

import json
import os
import random
import sqlite3

import pytest
import yaml

import reference

from chaos import ChaosVenue
from exporter import wait_until
from test_recorded_frames import LAST_BAR_CLOSE, TRADES, VENUE, expected_trades, wait_for_the_last_bar
from venue import recorded_frames


def aggregate(frames: list[str]) -> list[dict]:
    """The recorded trades as aggregate trades, which REST returns by id however old they are."""
    trades = [json.loads(frame)["data"] for frame in frames]
    return [
        {
            "e": "aggTrade", "E": trade["E"], "a": trade["t"], "s": trade["s"], "p": trade["p"], "q": trade["q"],
            "f": trade["t"], "l": trade["t"], "T": trade["T"], "m": trade["m"],
        }
        for trade in trades
    ]


def configuration(path, port: int, database) -> str:
    feed = {
        "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{port}", "rest_url": f"http://127.0.0.1:{port}",
        "idle_timeout": "2s", "connects_per_minute": 300,
    }
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [feed],
                "storage": {"path": str(database)},
                "timeframes": ["1s"],
                "windows": [60],
                "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
            }
        )
    )
    return str(path)


def rows(database, sql: str) -> list[tuple]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_minute_of_random_faults_loses_nothing_that_is_not_named(start, recorded, tmp_path, capsys):
    seed = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(1 << 32)))
    seconds = float(os.environ.get("CHAOS_SECONDS", 60))
    with capsys.disabled():
        print(f"\nchaos: CHAOS_SEED={seed} CHAOS_SECONDS={seconds:.0f}", end=" ")
    database = tmp_path / "pairs.sqlite"
    trades = aggregate(recorded_frames(recorded))
    with ChaosVenue(trades, seconds, seed) as venue:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", venue.port, database))
        exporter.wait_until_healthy()
        wait_until(lambda: venue.is_published, 60 + 5 * seconds, "all trades published")

        def is_whole():
            assert exporter.process.poll() is None, exporter.log
            known = exporter.total("pairs_store_trades_written_total") >= TRADES
            return known and exporter.total("pairs_trades_unrepaired") == 0

        try:
            wait_until(is_whole, 180, "everything repaired")
        except AssertionError:
            pass  # Then the missing ids must be in gaps; see below.
        wait_for_the_last_bar(exporter)
        samples = exporter.samples()
        assert exporter.terminate()[0] == 0, exporter.log

    sent = {(trade["s"], trade["a"]): trade for trade in trades}
    everything = rows(database, "SELECT symbol, trade_id, price, quantity FROM trade ORDER BY symbol, trade_id")
    stored = {row[:2]: row[2:] for row in everything}
    assert len(stored) == len(everything)
    missing = set(sent) - set(stored)
    with capsys.disabled():
        repaired = sum(value for (name, _), value in samples.items() if name == "pairs_trades_repaired_total")
        print(f"{len(venue.faults)} faults, {repaired:.0f} ids repaired, {len(missing)} missing", end=" ")
    holes = rows(database, "SELECT symbol, first_id, last_id FROM hole WHERE state IN ('open', 'unrepairable')")
    named = {(symbol, number) for symbol, first, last in holes for number in range(first, last + 1)}
    assert missing == named & set(sent), (venue.faults, exporter.log[-4000:])
    assert all(stored[key] == (trade["p"], trade["q"]) for key, trade in sent.items() if key in stored)
    gaps = set(rows(database, "SELECT symbol, open_time_us FROM bar WHERE state = 'gap'"))
    assert {bar_of(sent[key]) for key in missing} <= gaps
    assert gaps <= {bar for key in missing for bar in bars_around(sent, missing, *key)}, "a gap where nothing is missing"
    assert_bars_without_gaps_equal_pandas(database, recorded, gaps)


def bar_of(trade: dict) -> tuple[str, int]:
    return trade["s"], trade["T"] // 1000 * 1_000_000


def bars_around(sent, missing, symbol: str, number: int):
    """The bars from the last trade known before a missing one to the first known after it: what happened within is unknown."""
    first, last = number, number
    while (symbol, first) in missing:
        first -= 1
    while (symbol, last) in missing:
        last += 1
    begin, end = (bar_of(sent.get((symbol, edge), sent[symbol, number]))[1] for edge in (first, last))
    return ((symbol, time) for time in range(begin, end + 1, 1_000_000))


def assert_bars_without_gaps_equal_pandas(database, recorded, gaps):
    trades = expected_trades(recorded).astype({"ts_ms": "int64", "price": float, "qty": float})
    trades["slot"] = trades["ts_ms"] // 1000 * 1_000_000
    for symbol, group in trades.groupby("symbol"):
        lost = {time for name, time in gaps if name == symbol}
        expected = group[~group["slot"].isin(lost)].groupby("slot").agg(
            open=("price", "first"), high=("price", "max"), low=("price", "min"), close=("price", "last"),
            volume=("qty", "sum"), trades=("price", "size"),
        )
        bars = reference.bars(database, VENUE, symbol, "1s")
        bars = bars[bars.index < LAST_BAR_CLOSE * 1_000_000]
        traded = bars[bars["state"] == "traded"]
        assert list(traded.index) == list(expected.index)
        for column in ["open", "high", "low", "close", "trades"]:
            assert (traded[column] == expected[column]).all(), column
        assert traded["volume"].to_numpy() == pytest.approx(expected["volume"].to_numpy(), rel=1e-12)
