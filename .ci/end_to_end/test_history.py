"""The past: files imported, readings of stored history in Prometheus, exports that others read."""

import csv
import gzip
import hashlib
import random
import json
import subprocess
import zipfile

import duckdb
import pytest
import yaml

from stack import Prometheus
from test_recorded_frames import TRADES, VENUE, assert_bars_equal_pandas, assert_equal_to_the_letter
from test_store import sqlite_extension

PAIR = {"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}


def run(binary, *arguments, status: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def dumps(recorded, folder) -> list:
    """The recorded trades as Binance publishes them: a ZIP per symbol with a checksum beside it, one without header."""
    with gzip.open(recorded / "trades.csv.gz", "rt") as lines:
        rows = list(csv.DictReader(lines))
    paths = []
    for symbol in ("BTCUSDT", "ETHUSDT"):
        text = "id,price,qty,quote_qty,time,is_buyer_maker\n" if symbol == "BTCUSDT" else ""
        text += "".join(
            f"{row['trade_id']},{row['price']},{row['qty']},0.0,{row['ts_ms']},{row['is_buyer_maker']}\n"
            for row in rows
            if row["symbol"] == symbol
        )
        name = f"{symbol}-trades-2024-08-08"
        path = folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.csv", text)
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        (folder / f"{name}.zip.CHECKSUM").write_text(f"{checksum}  {name}.zip\n")
        paths.append(path)
    return paths


@pytest.fixture
def imported(binary, recorded, tmp_path):
    database = tmp_path / "pairs.sqlite"
    config = tmp_path / "import.yml"
    config.write_text(yaml.safe_dump({"timeframes": ["1s", "1m", "5m"]}))
    answer = run(binary, "import", "--config.file", config, "--db", database, *dumps(recorded, tmp_path)).stdout
    assert answer.count("checksum verified") == 2
    return database


def test_dumps_go_in_to_the_letter_and_a_second_time_changes_nothing(binary, recorded, imported, tmp_path):
    assert_equal_to_the_letter(imported, recorded)
    assert_bars_equal_pandas(imported, recorded, last_is_open=True)
    again = run(binary, "import", "--db", imported, *sorted(tmp_path.glob("*.zip"))).stdout
    assert again.count(" 0 of them new") == 2
    assert_equal_to_the_letter(imported, recorded)

    archive = tmp_path / "BTCUSDT-trades-2024-08-08.zip"
    archive.write_bytes(archive.read_bytes() + b"x")
    refused = run(binary, "import", "--db", imported, archive, status=1)
    assert "SHA-256" in refused.stderr


def test_bad_lines_are_named_and_missing_ids_listed(binary, tmp_path):
    path = tmp_path / "BTCUSDT-aggTrades-2024-08-08.csv"
    lines = [f"{number},61800.3,0.006,1,2,{1723161256322 + number},true" for number in range(100)]
    lines[40] = "40,sixty,0.006,1,2,1723161256362,true"
    lines[41] = "41,61800.3"
    path.write_text("\n".join(lines) + "\n")
    database = tmp_path / "pairs.sqlite"
    done = run(binary, "import", "--db", database, path)
    assert f"{path}:41: malformed_decimal" in done.stderr and f"{path}:42: missing_field" in done.stderr
    assert "98 trades, 98 of them new" in done.stdout and "ids 40 to 41 (2)" in done.stdout
    exported = run(binary, "export", "trades", "--db", database, "--format", "ndjson").stdout.splitlines()
    assert json.loads(exported[0])["parameters"]["export"] == "trades"
    assert [json.loads(line)["trade_id"] for line in exported[1:]] == [*range(40), *range(42, 100)]


def test_prometheus_shows_the_past_as_analyze_computes_it(binary, imported, tmp_path):
    config = tmp_path / "config.yml"
    config.write_text(yaml.safe_dump({"timeframes": ["1s"], "windows": [60, 240], "pairs": [PAIR]}))
    history, blocks = tmp_path / "history.om", tmp_path / "blocks"
    done = run(
        binary, "backfill", "--config.file", config, "--db", imported, "--self-check", "--output", history,
        "--label", "job=pairs", "--label", "instance=localhost:10200",
    )
    print(done.stderr)
    assert "no look-ahead" in done.stderr
    subprocess.run(
        ["promtool", "tsdb", "create-blocks-from", "openmetrics", history, blocks], check=True, capture_output=True
    )
    with Prometheus(tmp_path, {}, "--storage.tsdb.retention.time=100y", storage=blocks) as prometheus:
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed {seed}")
        for moment in sorted(random.Random(seed).uniform(1723161520, 1723161590) for _ in range(10)):
            assert_as_analyzed(binary, imported, prometheus.query, moment)
        assert prometheus.query("pairs_pair_info", time=1723161590)[0]["metric"]["y"] == "ETHUSDT"
        threshold = 'abs(pairs_forecast_zscore) > on (pair) group_left pairs_threshold{threshold="zscore_entry"} * 0'
        assert prometheus.query(threshold, time=1723161590)


def assert_as_analyzed(binary, database, query, moment: float):
    """What was visible at a moment is what `analyze` says of the bars that had closed, and lateness passed, by then."""
    for window in (60, 240):
        report = json.loads(
            run(
                binary, "analyze", "--db", database, "--y", PAIR["y"], "--x", PAIR["x"], "--timeframe", "1s",
                "--window", window, "--to", repr(moment - 0.25), "--format", "json",
            ).stdout
        )
        for family, key in {
            "pairs_hedge_ratio": "hedge_ratio", "pairs_spread_zscore": "zscore",
            "pairs_forecast_zscore": "forecast_zscore", "pairs_return_correlation": "return_correlation",
            "pairs_r_squared": "r_squared",
        }.items():
            selector = f'{family}{{pair="ETHUSDT-BTCUSDT",timeframe="1s",window="{window}",job="pairs"}}'
            (result,) = query(selector, time=moment)
            assert float(result["value"][1]) == pytest.approx(report[key], rel=1e-9, abs=1e-12), (family, moment)


@pytest.mark.parametrize("arguments", [("import", __file__), ("backfill",), ("export", "bars")], ids=lambda a: a[0])
def test_a_database_in_memory_has_no_history(binary, tmp_path, arguments):
    configuration = tmp_path / "pairs.yaml"
    configuration.write_text('storage: {path: ":memory:"}\n')
    refused = run(binary, *arguments, "--config.file", configuration, status=64)
    assert "name a database file with --db" in refused.stderr


def test_duckdb_makes_parquet_of_the_views(imported, tmp_path):
    parquet = tmp_path / "trades.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{sqlite_extension(tmp_path)}'")
        connection.execute(f"ATTACH '{imported}' AS m (TYPE sqlite, READ_ONLY)")
        connection.execute(f"COPY (FROM m.trade) TO '{parquet}'")
        columns = {row[0]: row[1] for row in connection.execute(f"DESCRIBE FROM '{parquet}'").fetchall()}
        assert columns["trade_id"] == columns["time_us"] == "BIGINT"
        assert connection.execute(f"SELECT count(*) FROM '{parquet}'").fetchone()[0] == TRADES
        connection.execute(f"COPY (FROM m.bar) TO '{tmp_path / 'bars.parquet'}'")
        columns = {row[0]: row[1] for row in connection.execute(f"DESCRIBE FROM '{tmp_path / 'bars.parquet'}'").fetchall()}
        assert {columns[name] for name in ("open", "high", "low", "close", "volume")} == {"DOUBLE"}
