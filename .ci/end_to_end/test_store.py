"""The database is what researchers expect, also in DuckDB."""

import pathlib
import shutil

import duckdb
import duckdb_extension_sqlite
import yaml

from exporter import wait_until
from venue import Venue, recorded_frames

VIEWS = {
    "trade": {
        "venue": "VARCHAR", "symbol": "VARCHAR", "stream": "VARCHAR", "trade_id": "BIGINT", "time_us": "BIGINT",
        "price": "VARCHAR", "quantity": "VARCHAR", "taker_side": "VARCHAR",
    },
    "bar": {
        "venue": "VARCHAR", "symbol": "VARCHAR", "timeframe": "VARCHAR", "open_time_us": "BIGINT", "open": "DOUBLE",
        "high": "DOUBLE", "low": "DOUBLE", "close": "DOUBLE", "volume": "DOUBLE", "trades": "BIGINT",
        "state": "VARCHAR", "origin": "VARCHAR",
    },
    "hole": {
        "venue": "VARCHAR", "symbol": "VARCHAR", "stream": "VARCHAR", "first_id": "BIGINT", "last_id": "BIGINT",
        "state": "VARCHAR",
    },
}


def sqlite_extension(folder: pathlib.Path) -> pathlib.Path:
    """DuckDB finds an extension's entry point by its file name, which the package shortens."""
    package = pathlib.Path(duckdb_extension_sqlite.__path__[0])
    return shutil.copy(next(package.rglob("*.duckdb_extension")), folder / "sqlite_scanner.duckdb_extension")


def test_duckdb_reads_the_views_with_their_types_while_the_exporter_writes(start, recorded, tmp_path):
    database = tmp_path / "pairs.sqlite"
    config = tmp_path / "config.yml"
    with Venue(recorded_frames(recorded), pause_every=100, pause=0.02) as venue:
        config.write_text(
            yaml.safe_dump(
                {
                    "feeds": [{"venue": "binance-usdm", "websocket_url": venue.url, "stream": "trade"}],
                    "storage": {"path": str(database)},
                }
            )
        )
        exporter = start("--config.file", str(config)).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > 5000, 60, "trades")
        with duckdb.connect() as connection:
            connection.execute(f"LOAD '{sqlite_extension(tmp_path)}'")
            connection.execute(f"ATTACH '{database}' AS m (TYPE sqlite, READ_ONLY)")
            for view, columns in VIEWS.items():
                rows = connection.execute(f"DESCRIBE m.{view}").fetchall()
                assert {row[0]: row[1] for row in rows} == columns, view
            assert connection.execute("SELECT count(*) FROM m.trade").fetchone()[0] >= 5000
        before = exporter.total("pairs_store_trades_written_total")
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") > before, 60, "writing goes on")
