"""The past: files imported, readings of stored history in Prometheus, exports that others read."""

import csv
import gzip
import hashlib
import random
import json
import subprocess
import time
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
    assert again.count(" 0 new,") == 2
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
    done = run(binary, "import", "--db", database, "--venue", "binance-usdm", path, status=1)
    assert f"{path}:41: " in done.stderr and '"sixty"' in done.stderr and f"{path}:42: " in done.stderr
    said = " ".join(done.stdout.split())
    for words in ("100 rows read,", " 98 new,", "2 refused (1 cells, 1 price)", "ids 40 to 41 (2)"):
        assert words in said
    run(binary, "import", "--db", database, "--venue", "binance-usdm", "--allow-refused", path)
    exported = run(binary, "export", "trades", "--db", database, "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["trade_id"] for line in exported] == [*range(40), *range(42, 100)]


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
    """The samples at a moment equal `analyze` of the bars that had closed, and lateness passed, by then."""
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


def test_prometheus_deletes_the_past_unless_its_retention_spares_it(binary, imported, tmp_path):
    config = tmp_path / "config.yml"
    config.write_text(yaml.safe_dump({"timeframes": ["1s"], "windows": [60], "pairs": [PAIR]}))
    history, recent = tmp_path / "history.om", tmp_path / "recent.om"
    run(binary, "backfill", "--config.file", config, "--db", imported, "--output", history)
    recent.write_text(f"# TYPE up gauge\nup 1 {int(time.time()) - 4 * 3600}\n# EOF\n")
    for options, is_spared in (((), False), (("--storage.tsdb.retention.time=10y",), True)):
        blocks = tmp_path / f"blocks{len(options)}"
        for document in (history, recent):
            command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", document, blocks]
            subprocess.run(command, check=True, capture_output=True)
        with Prometheus(tmp_path, {}, *options, storage=blocks) as prometheus:
            assert bool(prometheus.query("pairs_hedge_ratio", time=1723161590)) == is_spared
            assert ("Deleting obsolete block" in prometheus.log) != is_spared


def export_rows(binary, *arguments) -> list[dict]:
    """The rows of an export; each line of NDJSON is one, from the first on."""
    return [json.loads(line) for line in run(binary, "export", *arguments, "--format", "ndjson").stdout.splitlines()]


def test_readings_carry_prices_signals_and_reasons(binary, imported, tmp_path):
    config = tmp_path / "config.yml"
    config.write_text(yaml.safe_dump({"timeframes": ["1s"], "windows": [60], "pairs": [PAIR]}))
    options = ("--config.file", config, "--db", imported, "--with", "prices,signals", "--with", "reasons")
    rows = export_rows(binary, "readings", *options)
    closes = {
        (row["symbol"], row["open_time_us"]): row["close"]
        for row in export_rows(binary, "bars", "--db", imported, "--timeframe", "1s")
    }
    for row in rows:
        opened = row["close_time_us"] - 1_000_000
        assert (row["y_close"], row["x_close"]) == (closes.get(("ETHUSDT", opened)), closes.get(("BTCUSDT", opened)))
        assert {name for name, value in row.items() if value is None} == set(row["reasons"])
        assert all(row[name] in (0, 1, None) for name in row if name.startswith("signal_"))
    assert sum(name.startswith("signal_") for name in rows[0]) == 4
    assert rows[0]["reasons"]["hedge_ratio"] == "warming_up"
    assert rows[-1]["hedge_ratio"] and "hedge_ratio" not in rows[-1]["reasons"]

    text = run(binary, "export", "readings", *options, "--no-parameters").stdout
    for row, cells in zip(rows, csv.DictReader(text.splitlines()), strict=True):
        assert cells["reasons"] == " ".join(f"{name}:{reason}" for name, reason in row["reasons"].items())
        assert cells["forecast_zscore"] == ("" if row["forecast_zscore"] is None else repr(row["forecast_zscore"]))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("bars", "--instrument", f"{VENUE}:BTCUSD"), f"no bars of {VENUE}:BTCUSD; the database has bars of {VENUE}:BTCUSDT, "),
        (("trades", "--instrument", "binance-spot:ETHUSDT"), f"the database has trades of {VENUE}:ETHUSDT, "),
        (("bars", "--timeframe", "3m"), "no 3m bars; stored: 1m, 5m, 1s"),
        (("readings", "--timeframe", "1h"), "no configured pair has readings at 1h; configured: 5m, 1m"),
        (("trades", "--timeframe", "1m"), "--timeframe is for bars and readings"),
        (("readings", "--instrument", f"{VENUE}:BTCUSDT"), "--instrument is for trades and bars"),
        (("bars", "--with", "prices"), "--with is for readings"),
        (("readings", "--with", "prises"), '"prises" is not among prices, signals, reasons'),
        (("bars", "--from", "300000-01-01"), "write a date, a time such as"),
        (("bars", "--to", "2024-02-30"), "write a date, a time such as"),
    ],
)
def test_an_export_of_what_is_not_there_is_an_error(binary, imported, arguments, message):
    refused = run(binary, "export", *arguments, "--db", imported, status=64)
    assert message in refused.stderr and not refused.stdout


def test_pairs_without_bars_are_named(binary, imported, tmp_path):
    config = tmp_path / "config.yml"
    other = {"y": f"{VENUE}:SOLUSDT", "x": f"{VENUE}:BTCUSDT"}
    config.write_text(yaml.safe_dump({"timeframes": ["1s"], "windows": [60], "pairs": [PAIR, other]}))
    note = f"SOLUSDT-BTCUSDT at 1s: no readings; no 1s bars and no trades of {VENUE}:SOLUSDT"
    for command in (("export", "readings"), ("backfill",)):
        assert note in run(binary, *command, "--config.file", config, "--db", imported).stderr
    config.write_text(yaml.safe_dump({"timeframes": ["1s"], "windows": [60], "pairs": [other]}))
    for command in (("export", "readings"), ("backfill",)):
        refused = run(binary, *command, "--config.file", config, "--db", imported, status=64)
        assert f"no trades of {VENUE}:SOLUSDT; the database has {VENUE}:" in refused.stderr


def test_zeros_beyond_the_digits_that_fit_come_back(binary, tmp_path):
    rows = [("55000.100000000000000000", "0.500000000000000000"), ("10.000000000000000000", "1.5")]
    rows += [("0.0000000000000000010", "9223372036854775807.0"), ("61800.30", "0.0000000000000000000000")]
    path, database, again = tmp_path / "trades.csv", tmp_path / "pairs.sqlite", tmp_path / "again.sqlite"
    lines = [f"{number},{1723075200000 + number},BTCEUR,{price},{qty}" for number, (price, qty) in enumerate(rows)]
    path.write_text("\n".join(["trade_id,time_ms,symbol,price,qty", *lines]) + "\n")
    run(binary, "import", "--db", database, "--venue", VENUE, "--stream", "trade", path)
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{sqlite_extension(tmp_path)}'")
        connection.execute(f"ATTACH '{database}' AS m (TYPE sqlite, READ_ONLY)")
        assert connection.execute("SELECT price, quantity FROM m.trade ORDER BY trade_id").fetchall() == rows
        types = connection.execute("SELECT DISTINCT typeof(price), typeof(quantity), taker_side FROM m.trade").fetchall()
        assert types == [("VARCHAR", "VARCHAR", "unknown")]
    text = run(binary, "export", "trades", "--db", database).stdout
    path.write_text(text)
    run(binary, "import", "--db", again, path)
    of_the_other = run(binary, "export", "trades", "--db", again).stdout
    assert of_the_other.replace("again.sqlite", "pairs.sqlite") == text


@pytest.mark.parametrize("command", ["export", "backfill"])
def test_help_fits_eighty_columns(binary, command):
    assert max(map(len, run(binary, "help", command).stdout.splitlines())) <= 80


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
