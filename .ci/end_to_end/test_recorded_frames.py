"""Real frames over a real WebSocket end as the right rows, bars and readings."""

import gzip
import sqlite3

import pandas
import pytest
import yaml

import reference
from exporter import wait_until
from venue import Venue, recorded_frames

VENUE = "binance-usdm"
TRADES = 35_389
LAST_BAR_CLOSE = 1_723_161_601


def wait_for_the_last_bar(exporter):
    """The feed's clock closes the last bar with a trade, though no later trade comes."""
    last = ("pairs_last_bar_timestamp_seconds", "ETHUSDT-BTCUSDT", "1s", "60")
    wait_until(
        lambda: (exporter.value(last[0], pair=last[1], timeframe=last[2], window=last[3]) or 0) >= LAST_BAR_CLOSE,
        20,
        "the last bar closed",
    )


def configuration(path, url: str, database) -> str:
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [{"venue": VENUE, "websocket_url": url, "stream": "trade", "idle_timeout": "1h"}],
                "storage": {"path": str(database)},
                "timeframes": ["1s"],
                "windows": [60, 240],
                "tests": {"every_bars": 1},
                "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
            }
        )
    )
    return str(path)


def expected_trades(recorded) -> pandas.DataFrame:
    with gzip.open(recorded / "trades.csv.gz", "rt") as lines:
        return pandas.read_csv(lines, dtype=str)


def stored_trades(database) -> pandas.DataFrame:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return pandas.read_sql("SELECT * FROM trade ORDER BY symbol, trade_id", connection)


def assert_equal_to_the_letter(database, recorded):
    expected = expected_trades(recorded).sort_values(["symbol", "trade_id"]).reset_index(drop=True)
    stored = stored_trades(database)
    assert len(stored) == TRADES
    assert (stored["venue"] == VENUE).all() and (stored["stream"] == "trade").all()
    assert (stored["symbol"] == expected["symbol"]).all()
    assert (stored["trade_id"].astype(str) == expected["trade_id"]).all()
    assert (stored["price"] == expected["price"]).all()
    assert (stored["quantity"] == expected["qty"]).all()
    assert (stored["time_us"] == expected["ts_ms"].astype("int64") * 1000).all()
    side = expected["is_buyer_maker"].map({"true": "sell", "false": "buy"})
    assert (stored["taker_side"] == side).all()


def assert_bars_equal_pandas(database, recorded, last_is_open: bool = False):
    trades = expected_trades(recorded).astype({"ts_ms": "int64", "price": float, "qty": float})
    trades["slot"] = trades["ts_ms"] // 1000 * 1_000_000
    for symbol, rows in trades.groupby("symbol"):
        expected = rows.groupby("slot").agg(
            open=("price", "first"), high=("price", "max"), low=("price", "min"), close=("price", "last"),
            volume=("qty", "sum"), trades=("price", "size"),
        )
        if last_is_open:
            # Bars close up to the last trade of all instruments.
            expected = expected[expected.index + 1_000_000 <= trades["ts_ms"].max() * 1000]
        bars = reference.bars(database, VENUE, symbol, "1s")
        traded = bars[bars["state"] == "traded"]
        assert list(traded.index) == list(expected.index)
        for column in ["open", "high", "low", "close", "trades"]:
            assert (traded[column] == expected[column]).all(), column
        assert traded["volume"].to_numpy() == pytest.approx(expected["volume"].to_numpy(), rel=1e-12)
        carried = bars[bars["state"] == "carried"]
        assert (carried["close"] == expected["close"].reindex(bars.index).ffill().loc[carried.index]).all()
        assert set(bars["state"]) <= {"traded", "carried"}


def assert_readings_equal_reference(exporter, database):
    labels = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1s"}
    wait_until(lambda: exporter.value("pairs_tests_delay_seconds") == 0, 120, "every test")
    for window in (60, 240):
        have = {**labels, "window": str(window)}
        scrape = exporter.samples()
        samples = {name: value for (name, own), value in scrape.items() if own == frozenset(have.items())}
        args = (database, VENUE, "ETHUSDT", "BTCUSDT", "1s", 1)
        wait_until(
            lambda: reference.bars(database, VENUE, "ETHUSDT", "1s").index[-1] / 1e6
            >= samples["pairs_last_bar_timestamp_seconds"] - 1,
            10,
            "the last bar on disk",
        )
        frame = reference.window(*args, samples["pairs_last_bar_timestamp_seconds"], window)
        for name, value in reference.readings(frame).items():
            assert samples[name] == pytest.approx(value, rel=1e-9, abs=1e-12), (name, window)
        if window < 200:
            assert "pairs_adf_pvalue" not in samples and "pairs_cointegration_pvalue" not in samples
            assert "pairs_cointegration_evidence" not in samples and "pairs_confidence_ratio" not in samples
            continue
        frame = reference.window(*args, samples["pairs_adf_timestamp_seconds"], window)
        for name, value in reference.tests(frame.iloc[1:]).items():
            assert samples[name] == pytest.approx(value, rel=1e-7, abs=1e-9), (name, window)
        for leg in ("y", "x"):
            found = scrape["pairs_leg_unit_root_pvalue", frozenset({**have, "leg": leg}.items())]
            assert found == pytest.approx(reference.unit_root(frame[leg].to_numpy()[1:]), rel=1e-7, abs=1e-9), leg
        reference.assert_half_life(samples, frame.iloc[1:], 1)
        assert_evidence_adds_up(samples)


def assert_evidence_adds_up(samples):
    evidence, threshold = samples["pairs_cointegration_evidence"], samples["pairs_cointegration_evidence_threshold"]
    assert 1 <= evidence <= 1e9 and threshold > 1
    assert samples["pairs_cointegration_proven"] in (0, 1)
    quality = (1 - samples["pairs_window_carried_ratio"]) * samples["pairs_window_fill_ratio"]
    assert samples["pairs_data_quality_ratio"] == pytest.approx(quality, rel=1e-12)
    confidence = quality * evidence / (evidence + threshold)
    assert samples["pairs_confidence_ratio"] == pytest.approx(confidence, rel=1e-12)


def test_every_frame_becomes_a_row_and_every_reading_equals_the_reference(start, recorded, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Venue(recorded_frames(recorded)) as venue:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", venue.url, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") == TRADES, 120, "all trades written")
        wait_until(lambda: exporter.get("/-/ready").status_code == 200, 10, "ready")
        wait_for_the_last_bar(exporter)
        assert venue.paths == ["/public/stream?streams=ethusdt@trade/btcusdt@trade"]
        assert_readings_equal_reference(exporter, database)
        assert exporter.total("pairs_feed_decode_failures_total") == 0
        assert exporter.total("pairs_trades_missing_total") == 0
        status, seconds = exporter.terminate()
    assert status == 0, exporter.log
    assert seconds < 5
    assert_equal_to_the_letter(database, recorded)
    assert_bars_equal_pandas(database, recorded)


def test_kill_9_in_the_middle_loses_nothing_and_doubles_nothing(start, recorded, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Venue(recorded_frames(recorded), pause_every=100, pause=0.02) as venue:
        config = configuration(tmp_path / "config.yml", venue.url, database)
        exporter = start("--config.file", config)
        exporter.wait_until_healthy()
        reported = wait_until(
            lambda: (lambda written: written if written > TRADES / 2 else 0)(
                exporter.total("pairs_store_trades_written_total")
            ),
            60,
            "half of the trades written",
        )
        exporter.kill()
        kept = stored_trades(database)
        assert reported <= len(kept) < TRADES
        assert not kept.duplicated(["symbol", "trade_id"]).any()

        second = start("--config.file", config)
        second.wait_until_healthy()
        warm = second.value(
            "pairs_window_fill_ratio", pair="ETHUSDT-BTCUSDT", timeframe="1s", window="60"
        )
        assert warm == 1, "windows are warm from the first scrape"
        wait_until(
            lambda: second.total("pairs_store_trades_written_total") == TRADES - len(kept), 120, "the rest written"
        )
        assert second.total("pairs_trades_duplicate_total") == len(kept)
        assert second.total("pairs_trades_unrepaired") == 0
        wait_for_the_last_bar(second)
        status, _ = second.terminate()
    assert status == 0, second.log
    assert_equal_to_the_letter(database, recorded)
    assert_bars_equal_pandas(database, recorded)


def test_a_second_serve_on_the_same_database_is_refused(start, recorded, tmp_path):
    with Venue(recorded_frames(recorded)[:1000]) as venue:
        config = configuration(tmp_path / "config.yml", venue.url, tmp_path / "pairs.sqlite")
        start("--config.file", config).wait_until_healthy()
        second = start("--config.file", config)
        assert second.process.wait(timeout=60) == 64
        assert "another process" in second.log
