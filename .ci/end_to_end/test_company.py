"""One database, many at once: serve under load, imports and readers beside it; and what may go wrong with the file."""

import sqlite3
import subprocess
import sys
from contextlib import closing

from exporter import wait_until
from live_market import LiveMarket, configuration, ids_in_gaps, trades_on_disk
from test_bad_input import good, write_configuration
from test_history import dumps, run
from test_store import sqlite_extension
from venue import Venue


# Each runs in a process of its own: two copies of SQLite in one process release each other's locks.
SQLITE_READER = """
import sqlite3, sys
while True:
    with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as connection:
        connection.execute("SELECT count(*), max(time_us) FROM trade").fetchone()
    print("read", flush=True)
"""
DUCKDB_READER = """
import duckdb, sys
with duckdb.connect() as connection:
    connection.execute(f"LOAD '{sys.argv[2]}'")
    connection.execute(f"ATTACH '{sys.argv[1]}' AS m (TYPE sqlite, READ_ONLY)")
    while True:
        connection.execute("SELECT symbol, count(*) FROM m.bar GROUP BY 1").fetchall()
        print("read", flush=True)
"""


def test_imports_and_readers_do_not_disturb_serve(start, binary, recorded, tmp_path):
    database = tmp_path / "pairs.sqlite"
    files = dumps(recorded, tmp_path)
    readers, logs = [], [tmp_path / "sqlite.txt", tmp_path / "duckdb.txt"]
    with LiveMarket(rate=500) as market:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", market, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > 1000, 60, "trades")
        try:
            for script, log in zip((SQLITE_READER, DUCKDB_READER), logs):
                command = [sys.executable, "-c", script, str(database), str(sqlite_extension(tmp_path))]
                readers.append(subprocess.Popen(command, stdout=log.open("w"), stderr=subprocess.STDOUT))
            for _ in range(3):
                before = exporter.total("pairs_store_trades_written_total")
                command = [binary, "import", "--db", database, "--venue", "binance-usdm"]
                imports = [subprocess.Popen([*command, file], stdout=subprocess.DEVNULL) for file in files]
                assert [process.wait(120) for process in imports] == [0, 0]
                wait_until(
                    lambda: exporter.total("pairs_store_trades_written_total") > before, 60, "serve goes on writing"
                )
            wait_until(lambda: all(log.read_text().count("read\n") > 2 for log in logs), 60, "readers")
            assert [reader.poll() for reader in readers] == [None, None], [log.read_text()[-2000:] for log in logs]
        finally:
            for reader in readers:
                reader.kill()
                reader.wait()
        assert exporter.total("pairs_store_write_failures_total") == 0, exporter.log
        second = start("--config.file", str(tmp_path / "config.yml"))
        assert second.process.wait(timeout=60) == 64
        assert exporter.terminate()[0] == 0, exporter.log
    # The two files are of single trades, the feed of aggregate ones: other streams of the same instruments.
    assert trades_on_disk(database) > 35_389
    with sqlite3.connect(database) as connection:
        counts = dict(connection.execute("SELECT symbol, count(*) FROM trade WHERE stream = 'trade' GROUP BY 1"))
    assert counts == {"BTCUSDT": 21_313, "ETHUSDT": 14_076}


def test_serve_fills_its_windows_from_what_is_imported(start, binary, tmp_path):
    database = tmp_path / "pairs.sqlite"
    labels = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1s", "window": "60"}
    rows = [
        f"{1_723_161_256_000 + number * 10},{symbol},{number},100.50,1"
        for number in range(1, 7000)
        for symbol in ("BTCUSDT", "ETHUSDT")
    ]
    past = tmp_path / "past.csv"
    past.write_text("ts_ms,symbol,trade_id,price,qty\n" + "\n".join(rows) + "\n")
    with Venue(good(range(7000, 9000))) as venue:
        config = write_configuration(tmp_path / "config.yml", venue.url, database)
        exporter = start("--config.file", config)
        exporter.wait_until_healthy()
        wait_until(lambda: (exporter.value("pairs_window_fill_ratio", **labels) or 0) > 0.1, 60, "the first bars")
        assert exporter.value("pairs_window_fill_ratio", **labels) < 0.5
        run(binary, "import", "--config.file", config, "--venue", "binance-usdm", "--stream", "trade", past)
        wait_until(lambda: exporter.value("pairs_window_fill_ratio", **labels) == 1, 60, "a window full of imported bars")
        assert exporter.terminate()[0] == 0


def test_a_full_disk_is_counted_and_writing_continues_when_there_is_space(small_disk, start, tmp_path):
    database = small_disk / "pairs.sqlite"
    (small_disk / "ballast").write_bytes(b"x" * 1_200_000)
    with LiveMarket(rate=1000) as market:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", market, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_write_failures_total") > 0, 120, "a failed write")
        assert "no space left" in exporter.log
        exporter.wait_for_more("pairs_trades_total", "metrics go on")
        (small_disk / "ballast").unlink()
        exporter.wait_for_more("pairs_store_trades_written_total", "writing goes on")
        assert exporter.terminate()[0] == 0, exporter.log
    assert trades_on_disk(database) > 0


def test_a_locked_file_is_waited_for(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with LiveMarket(rate=200) as market:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", market, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > 0, 60, "trades")
        with sqlite3.connect(database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_until(lambda: exporter.total("pairs_store_write_failures_total") > 0, 60, "a failed write")
            assert "locked by another connection" in exporter.log
            exporter.wait_for_more("pairs_trades_total", "metrics go on")
            other.execute("ROLLBACK")
        exporter.wait_for_more("pairs_store_trades_written_total", "writing goes on")
        assert exporter.terminate()[0] == 0, exporter.log
    assert trades_on_disk(database) > 0


def test_a_damaged_database_is_a_clear_error(start, binary, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Venue(good(range(1, 20_000))) as venue:
        config = write_configuration(tmp_path / "config.yml", venue.url, database)
        exporter = start("--config.file", config)
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > 30_000, 120, "trades")
        assert exporter.terminate()[0] == 0
        size = database.stat().st_size
        with database.open("r+b") as file:
            file.seek(4096 * 20)
            file.write(b"\xaa" * (size - 4096 * 20))
        second = start("--config.file", config)
        assert second.process.wait(timeout=60) == 1
        assert "damaged" in second.log and "recover" in second.log and str(database) in second.log
    exported = run(binary, "export", "trades", "--db", database, status=1)
    assert "damaged" in exported.stderr


def test_damage_found_while_running_is_logged_and_metrics_continue(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with LiveMarket(rate=300) as market:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", market, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > 1000, 60, "trades")
        with closing(sqlite3.connect(database, isolation_level=None, timeout=60)) as writer, database.open("r+b") as file:
            writer.execute("BEGIN IMMEDIATE")
            with closing(sqlite3.connect(database)) as other:
                wait_until(lambda: is_log_moved(other), 60, "every page in the file")
            whole = rest(file)
            overwrite(file, b"\xaa" * len(whole))
            # Makes the exporter drop its cached pages.
            writer.execute("PRAGMA user_version = 2")
            writer.execute("COMMIT")
            wait_until(lambda: "damaged" in exporter.log, 120, "the damage")
            assert str(database) in exporter.log and "recover" in exporter.log
            assert exporter.total("pairs_store_write_failures_total") > 0
            exporter.wait_for_more("pairs_trades_total", "metrics go on")
            assert exporter.get("/-/healthy").status_code == 200
            stuck = exporter.total("pairs_store_trades_written_total")
            overwrite(file, whole)
            writer.execute("PRAGMA user_version = 2")
            wait_until(lambda: exporter.total("pairs_store_trades_written_total") > stuck, 60, "writing goes on")
        assert exporter.terminate()[0] == 0, exporter.log
    assert trades_on_disk(database) > 1000
    assert ids_in_gaps(database) == 0


def is_log_moved(connection) -> bool:
    """Whether a checkpoint was complete: one of the exporter's or a reader may be in its way."""
    is_busy, frames, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return not is_busy and frames == moved


def rest(file) -> bytes:
    """What follows the first page, which holds the schema."""
    file.seek(4096)
    return file.read()


def overwrite(file, content: bytes):
    file.seek(4096)
    file.write(content)
    file.flush()


def test_retention_holds_up_no_write_and_gives_space_back(start, tmp_path, capsys):
    """Half of two hours' trades is too old; commits go on beside their removal."""
    database = tmp_path / "pairs.sqlite"
    with LiveMarket(rate=100, age=7200) as market:
        config = configuration(tmp_path / "config.yml", market, database, trades_retention="1h")
        first = start("--config.file", config).wait_until_healthy()
        wait_until(lambda: first.total("pairs_store_trades_written_total") > 0, 60, "the tables")
        assert first.terminate()[0] == 0
        fill_downwards(database, market)
        size = database.stat().st_size
        exporter = start("--config.file", config).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_pruned_trades_total") > 700_000, 180, "old trades removed")
        wait_until(lambda: 4096 * pages(database) < 0.75 * size, 180, "space given back")
        samples = exporter.samples()
        assert exporter.total("pairs_store_write_failures_total") == 0
        assert exporter.terminate()[0] == 0, exporter.log
    assert database.stat().st_size < 0.75 * size
    assert trades_on_disk(database) > 600_000
    buckets = sorted(
        (float(dict(labels)["le"]), value)
        for (name, labels), value in samples.items()
        if name == "pairs_store_commit_duration_seconds_bucket"
    )
    commits = buckets[-1][1]
    longest = next(bound for bound, count in buckets if count == commits)
    assert commits > 0
    with capsys.disabled():
        print(f"{commits:.0f} commits beside the removal of 720,000 trades, none longer than {longest:.3g} s", end=" ")


def pages(database) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("PRAGMA page_count").fetchone()[0]


def fill_downwards(database, market):
    """Every id below those on disk, as it was traded."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for stream, first in connection.execute("SELECT key >> 44, min(key) FROM raw_trade GROUP BY 1").fetchall():
            connection.execute(
                "WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id + 1 < :end)"
                " INSERT INTO raw_trade SELECT (:stream << 44) + id, CAST((:start + id / :rate) * 1e6 AS INTEGER),"
                " 6000000, 10, 2 + 3 * 32 + 1024 FROM ids",
                {"end": first & ((1 << 44) - 1), "stream": stream, "start": market.start, "rate": float(market.rate)},
            )
