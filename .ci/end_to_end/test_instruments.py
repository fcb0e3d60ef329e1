"""A reload adds and removes an instrument while the others trade: these keep their connection, trades and bars."""

import sqlite3
import time

import numpy
import requests
import yaml

import flood
from exporter import wait_until

SYMBOLS = (*flood.SYMBOLS, "SOLUSDT")
RATE = 20_000
SECONDS = 20


def configuration(port: int, database, with_third: bool) -> str:
    content = flood.configuration(port, database)
    if with_third:
        content["pairs"].append({"y": f"{flood.VENUE}:SOLUSDT", "x": f"{flood.VENUE}:BTCUSDT"})
    return yaml.safe_dump(content)


def reload(exporter):
    answer = requests.post(exporter.url + "/-/reload", timeout=60)
    assert answer.status_code == 200, answer.text + exporter.log


def test_an_instrument_comes_and_goes_while_20000_trades_a_second_flow(start, tmp_path):
    database, config = tmp_path / "pairs.sqlite", tmp_path / "config.yml"
    with flood.FloodingVenue(RATE, SECONDS, symbols=SYMBOLS) as venue:
        config.write_text(configuration(venue.port, database, with_third=False))
        exporter = start("--config.file", str(config), "--web.enable-lifecycle").wait_until_healthy()
        labels = {"venue": flood.VENUE, "symbol": "SOLUSDT"}

        def passed(seconds: float):
            return lambda: venue.start is not None and time.time() - venue.start > seconds

        wait_until(passed(4), 60, "trades")
        assert exporter.value("pairs_trades_total", **labels) is None
        config.write_text(configuration(venue.port, database, with_third=True))
        reload(exporter)
        wait_until(lambda: (exporter.value("pairs_trades_total", **labels) or 0) > RATE / 3, 10, "trades of the third")
        assert [sorted(symbols) for symbols in venue.subscriptions.values()] == [sorted(SYMBOLS)]
        wait_until(passed(10), 60, "more trades")
        config.write_text(configuration(venue.port, database, with_third=False))
        reload(exporter)
        wait_until(lambda: [*venue.subscriptions.values()] == [set(flood.SYMBOLS)], 10, "the end of a subscription")
        assert exporter.value("pairs_trades_total", **labels) is None
        sent = venue.trades(0, venue.count)
        count = int((sent["symbol"] < 2).sum())
        wait_until(
            lambda: exporter.total("pairs_trades_total") >= count and exporter.total("pairs_store_queued_trades") == 0,
            120, "every trade on disk",
        )
        assert venue.connections == 1 and exporter.total("pairs_feed_connects_total") == 1
        assert exporter.total("pairs_trades_missing_total") == exporter.total("pairs_trades_repaired_total") == 0
        assert exporter.total("pairs_bars_total", state="gap") == 0
        assert exporter.total("pairs_feed_up") == 1 and exporter.get("/-/flowing").status_code == 200
        assert exporter.terminate()[0] == 0, exporter.log
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM hole").fetchone() == (0,)
        for index, symbol in enumerate(flood.SYMBOLS):
            known = sent["id"][sent["symbol"] == index]
            sql = "SELECT trade_id FROM trade WHERE symbol = ? AND trade_id <= ? ORDER BY trade_id"
            stored = numpy.array(connection.execute(sql, (symbol, int(known[-1]))).fetchall())[:, 0]
            assert (stored == known[known >= stored[0]]).all() and stored[0] - known[0] < RATE
        ids = numpy.array(connection.execute("SELECT trade_id FROM trade WHERE symbol = 'SOLUSDT'").fetchall())[:, 0]
        assert len(ids) > RATE / 3 and (numpy.diff(numpy.sort(ids)) == 1).all()
