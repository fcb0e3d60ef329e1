"""Ten times the most that a market was seen to do: nothing is lost, though the venue cuts the connection in the middle."""

import sqlite3

import numpy
import pytest
import yaml

import flood
import reference
from exporter import wait_until

RATE = 10 * 2 * 4000
"""One symbol makes 4,000 trades in the worst second on record."""
SECONDS = 10


def test_ten_times_the_peak_for_ten_seconds_loses_nothing(start, tmp_path, capsys):
    database = tmp_path / "pairs.sqlite"
    config = tmp_path / "config.yml"
    with flood.FloodingVenue(RATE, SECONDS, cut_after=SECONDS / 2) as venue:
        config.write_text(yaml.safe_dump(flood.configuration(venue.port, database)))
        exporter = start("--config.file", str(config))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") >= venue.count, 600, "every trade on disk")
        wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 60, "nothing missing")
        repaired = exporter.total("pairs_trades_repaired_total")
        last_close = venue.start + SECONDS
        labels = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1s", "window": "60"}
        wait_until(
            lambda: (exporter.value("pairs_last_bar_timestamp_seconds", **labels) or 0) >= last_close, 60, "the last bar"
        )
        assert venue.cut == 1 and repaired > 0
        assert exporter.total("pairs_trades_missing_total") == repaired
        assert exporter.total("pairs_feed_connects_total") == venue.connections >= 2
        assert exporter.total("pairs_store_trades_dropped_total") == 0
        assert exporter.terminate()[0] == 0, exporter.log
        sent = venue.trades(0, venue.count)
    with capsys.disabled():
        print(f"\nflood: {venue.count} trades at {RATE} a second, {repaired:.0f} repaired", end=" ")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for index, symbol in enumerate(flood.SYMBOLS):
            own = sent["symbol"] == index
            sql = (
                "SELECT trade_id, time_us, CAST(price AS REAL) FROM trade WHERE symbol = ? AND trade_id <= ?"
                " ORDER BY trade_id"
            )
            stored = numpy.array(connection.execute(sql, (symbol, int(sent["id"][own][-1]))).fetchall())
            assert len(stored) == own.sum()
            assert (stored[:, 0] == sent["id"][own]).all()
            assert (stored[:, 1] == sent["milliseconds"][own] * 1000).all()
            assert stored[:, 2] == pytest.approx(sent["cents"][own] / 100, abs=1e-9)
            assert_bars_equal(database, symbol, sent["milliseconds"][own], sent["cents"][own] / 100)
        assert connection.execute("SELECT count(*) FROM hole WHERE state <> 'repaired'").fetchone() == (0,)


def assert_bars_equal(database, symbol: str, milliseconds, prices):
    bars = reference.bars(database, flood.VENUE, symbol, "1s")
    slots = milliseconds // 1000
    for slot in numpy.unique(slots)[:-1]:
        within = prices[slots == slot]
        bar = bars.loc[slot * 1_000_000]
        assert bar["state"] == "traded" and bar["trades"] == len(within)
        assert [bar["open"], bar["high"], bar["low"], bar["close"]] == pytest.approx(
            [within[0], within.max(), within.min(), within[-1]], abs=1e-9
        )
