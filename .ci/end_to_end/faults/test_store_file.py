"""The database files are removed or replaced while it is open: a trade counts as written only if it is on disk."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from exporter import wait_until
from live_market import last_ids, trades_on_disk
from subscribed_market import Setup, SubscribedMarket

FILES = ("", "-wal", "-shm")


def rename_over(database):
    """As `cp` and `mv` of a backup do: the copy lacks what is in the log."""
    copy = database.with_suffix(".copy")
    shutil.copy(database, copy)
    os.rename(copy, database)


def restore_backup(database):
    """A complete copy from some moments earlier."""
    backup = database.with_suffix(".backup")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")
    os.rename(backup, database)


def remove(database):
    for suffix in FILES:
        os.unlink(f"{database}{suffix}")


def rename_folder(database):
    os.rename(database.parent, database.parent.with_name("renamed"))


def empty(database):
    os.truncate(database, 0)


def remove_log(database):
    os.unlink(f"{database}-wal")
    os.unlink(f"{database}-shm")


def remove_lock(database):
    os.unlink(f"{database}.lock")


def cut_log(database):
    os.truncate(f"{database}-wal", os.path.getsize(f"{database}-wal") // 2)


REPLACED = [remove, rename_over, restore_backup, rename_folder, empty]
RECOVERED = [remove_log, remove_lock, cut_log]


def begin(start, market, folder, **storage):
    (folder / "data").mkdir(parents=True)
    database = folder / "data" / "pairs.sqlite"
    setup = Setup(folder / "config.yml", market, database, ["ETHUSDT"], **storage)
    return start(*setup.arguments), database


def ids_of(database) -> list[int]:
    """None while the file is being made."""
    try:
        return last_ids(database)
    except sqlite3.Error:
        return []


def replacements(exporter) -> float:
    return exporter.total("pairs_store_file_replaced_total")


def test_a_removed_file_is_detected_and_writing_continues_in_the_file_at_the_path(start, tmp_path):
    with SubscribedMarket(rate=40) as market:
        running = {fault: begin(start, market, tmp_path / fault.__name__) for fault in REPLACED + RECOVERED}
        for exporter, _ in running.values():
            exporter.wait_until_healthy().wait_for_more("pairs_store_trades_written_total", "trades on disk")
            assert replacements(exporter) == 0
        for fault, (_, database) in running.items():
            fault(database)
        for fault in REPLACED:
            exporter, database = running[fault]
            wait_until(lambda: replacements(exporter) == 1, 10, f"{fault.__name__} to be noticed")
            assert "while it was open" in exporter.log and str(database) in exporter.log
        for fault in RECOVERED:
            exporter, database = running[fault]
            wait_until(lambda: "the database is open again" in exporter.log, 10, f"{fault.__name__} to be noticed")
            assert all(os.path.exists(f"{database}{suffix}") for suffix in (*FILES, ".lock"))
        reached = market.last_id
        for fault, (exporter, database) in running.items():
            wait_until(lambda: min(ids_of(database), default=0) >= reached, 10, f"{fault.__name__}: the present")
            wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 20, f"{fault.__name__}: no gaps left")
            assert exporter.terminate()[0] == 0, exporter.log
            trades_on_disk(database)
            with closing(sqlite3.connect(database)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert connection.execute("SELECT min(trade_id) FROM trade").fetchone()[0] < reached
        for fault in RECOVERED:
            assert replacements_in_log(running[fault][0]) == 0


def replacements_in_log(exporter) -> int:
    return exporter.log.count("the database file was")


def test_writing_stops_where_that_is_wanted_until_the_file_is_back(start, tmp_path):
    with SubscribedMarket(rate=40) as market:
        exporter, database = begin(start, market, tmp_path / "stop", on_file_replaced="stop")
        exporter.wait_until_healthy().wait_for_more("pairs_store_trades_written_total", "trades on disk")
        away = database.with_suffix(".away")
        os.rename(database, away)
        wait_until(lambda: replacements(exporter) == 1, 10, "the rename to be noticed")
        written = exporter.total("pairs_store_trades_written_total")
        exporter.wait_for_more("pairs_store_queued_trades", "trades to wait")
        assert exporter.total("pairs_store_trades_written_total") == written and not database.exists()
        os.rename(away, database)
        reached = market.last_id
        wait_until(lambda: min(ids_of(database), default=0) >= reached, 20, "what had waited on disk")
        assert exporter.terminate()[0] == 0
        trades_on_disk(database)


@pytest.mark.parametrize("kind", ["foreign", "in use"])
def test_a_file_that_is_not_free_is_left_alone(start, tmp_path, kind):
    with SubscribedMarket(rate=40) as market:
        exporter, database = begin(start, market, tmp_path / "own")
        exporter.wait_until_healthy().wait_for_more("pairs_store_trades_written_total", "trades on disk")
        other = tmp_path / "other.sqlite"
        if kind == "foreign":
            with closing(sqlite3.connect(other)) as connection:
                connection.execute("CREATE TABLE kept (value)")
                connection.execute("INSERT INTO kept VALUES (1)")
                connection.commit()
            os.rename(other, database)
        else:
            second, theirs = begin(start, market, tmp_path / "theirs")
            second.wait_until_healthy().wait_for_more("pairs_store_trades_written_total", "trades of the other")
            os.rename(database.parent, database.parent.with_name("own files"))
            os.symlink(theirs.parent, database.parent)
        wait_until(lambda: exporter.total("pairs_store_write_failures_total") > 2, 10, "writing to fail")
        exporter.wait_for_more("pairs_trades_total", "readings to go on")
        if kind == "foreign":
            with closing(sqlite3.connect(database)) as connection:
                assert connection.execute("SELECT count(*) FROM kept").fetchone()[0] == 1
                assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 1
        else:
            assert second.total("pairs_store_write_failures_total") == 0
            second.wait_for_more("pairs_store_trades_written_total", "the other to write on")
        # Free again, the path is used at the next attempt.
        os.unlink(database.parent if kind == "in use" else database)
        wait_until(lambda: min(ids_of(database), default=0) > 0, 20, "a new file")
