"""Reloads that need another session: unused instruments end, and a reload that fails changes nothing."""

import sqlite3
from contextlib import closing

import requests

from exporter import wait_until
from live_market import last_ids, trades_on_disk
from subscribed_market import Setup, SubscribedMarket


def reload(exporter) -> requests.Response:
    return requests.post(exporter.url + "/-/reload", timeout=60)


def rows(database, symbol: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM trade WHERE symbol = ?", (symbol,)).fetchone()[0]


def wait_until_it_writes(exporter, what: str):
    """Counters restart with another session."""
    wait_until(lambda: exporter.get("/-/flowing").status_code == 200, 10, f"{what}: all streams flow within 10 s")
    exporter.wait_for_more("pairs_store_trades_written_total", what)


def wait_until_complete(exporter, database, market):
    """Every id up to one of now is on disk: none of the reloads has lost a trade."""
    reached = market.last_id
    wait_until(lambda: min(last_ids(database)[:2]) >= reached, 10, "the present on disk")
    wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 20, "all gaps repaired")
    trades_on_disk(database)


def test_what_no_pair_needs_is_followed_no_further(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with SubscribedMarket(rate=40) as market:
        setup = Setup(tmp_path / "config.yml", market, database, ["ETHUSDT", "SOLUSDT"])
        exporter = start(*setup.arguments).wait_until_healthy()
        wait_until_it_writes(exporter, "the start")
        wait_until(lambda: rows(database, "SOLUSDT") > 0, 10, "trades of the third instrument")
        setup.write(["ETHUSDT"])
        assert reload(exporter).status_code == 200
        wait_until_it_writes(exporter, "without an instrument")
        wait_until(lambda: market.subscribed == {"BTCUSDT", "ETHUSDT"}, 10, "the instrument to be unsubscribed")
        assert "SOLUSDT" not in exporter.get("/metrics").text
        before = rows(database, "SOLUSDT")
        # Were it followed, its stream would count as dead.
        market.silent = {"SOLUSDT"}
        exporter.wait_for_more("pairs_store_trades_written_total", "trades of the others")
        assert rows(database, "SOLUSDT") == before
        assert exporter.total("pairs_feed_up") == 1
        market.silent = set()
        setup.write(["ETHUSDT", "SOLUSDT"])
        assert reload(exporter).status_code == 200
        wait_until_it_writes(exporter, "with the instrument again")
        wait_until(lambda: rows(database, "SOLUSDT") > before, 10, "its trades to flow again")
        wait_until_complete(exporter, database, market)
        assert exporter.terminate()[0] == 0


def test_a_reload_on_a_full_disk_changes_nothing(start, tmp_path, small_disk):
    database = small_disk / "pairs.sqlite"
    filler = small_disk / "filler"
    with SubscribedMarket(rate=20) as market:
        setup = Setup(tmp_path / "config.yml", market, database, ["ETHUSDT"])
        exporter = start(*setup.arguments).wait_until_healthy()
        wait_until_it_writes(exporter, "the start")
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass
        wait_until(lambda: exporter.total("pairs_store_write_failures_total") > 0, 20, "the disk to be full")
        for changes in ({"timeframes": ["1s", "5s"]}, {"bases": ["SOLUSDT"]}):
            setup.write(**changes)
            answer = reload(exporter)
            assert answer.status_code == 500, answer.text
            assert exporter.total("pairs_config_last_reload_successful") == 0
            exporter.wait_for_more("pairs_trades_total", "trades go on")
            assert "SOLUSDT" not in exporter.get("/metrics").text and 'timeframe="5s"' not in exporter.get("/metrics").text
        filler.unlink()
        wait_until(lambda: reload(exporter).status_code == 200, 20, "the reload to be taken")
        wait_until_it_writes(exporter, "with room again")
        wait_until(lambda: market.subscribed == {"BTCUSDT", "SOLUSDT"}, 10, "the instrument of the new configuration")
        trades_on_disk(database)
        assert exporter.terminate()[0] == 0


def test_a_reload_while_the_database_is_locked_changes_nothing(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with SubscribedMarket(rate=20) as market:
        setup = Setup(tmp_path / "config.yml", market, database, ["ETHUSDT", "SOLUSDT"])
        exporter = start(*setup.arguments).wait_until_healthy()
        wait_until_it_writes(exporter, "the start")
        with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            setup.write(["ETHUSDT"])
            answer = reload(exporter)
            assert answer.status_code == 500 and "configuration refused" in exporter.log, exporter.log
            assert exporter.get("/-/flowing").status_code == 200
            connection.execute("ROLLBACK")
        assert market.subscribed == {"BTCUSDT", "ETHUSDT", "SOLUSDT"}
        wait_until(lambda: reload(exporter).status_code == 200, 20, "the reload to be taken")
        wait_until_it_writes(exporter, "with the database free again")
        wait_until_complete(exporter, database, market)
