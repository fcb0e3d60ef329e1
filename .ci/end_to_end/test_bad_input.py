"""Wrong records of a venue are counted by reason and never become a bar; a failing store reports it."""

import sqlite3

import yaml

from exporter import wait_until
from venue import Venue

VENUE = "binance-usdm"
START = 1_723_161_256_000


def trade(symbol: str, number: int, price='"100.50"', quantity='"1"', order="MARKET", time: int | None = None) -> str:
    time = START + number * 10 if time is None else time
    return (
        f'{{"stream":"{symbol.lower()}@trade","data":{{"e":"trade","E":{time},"T":{time},"s":"{symbol}","t":{number},'
        f'"p":{price},"q":{quantity},"X":"{order}","m":false}}}}'
    )


def good(numbers) -> list[str]:
    return [trade(symbol, number) for number in numbers for symbol in ("BTCUSDT", "ETHUSDT")]


BAD = [
    '{"stream":"btcusdt@trade","data":{"e":"trade","E":17231',  # torn
    "[]",
    "null",
    "",
    '{"result":null,"id":1}',
    trade("BTCUSDT", 101)[:-1] + "}}}",
    trade("BTCUSDT", 101).replace('"t":101', '"t":"x"'),
    trade("BTCUSDT", 101).replace('"t":101', '"t":99999999999999999999999999'),
    trade("BTCUSDT", 101).replace('"t":101', '"t":-5'),
    trade("BTCUSDT", 101, price="{}"),
    trade("BTCUSDT", 101, price='"NaN"'),
    trade("BTCUSDT", 101, price='"1e400"'),
    trade("BTCUSDT", 101, price='"123456789012345678901234567890.5"'),
    trade("BTCUSDT", 102, price='"0"'),
    trade("BTCUSDT", 103, order="INSURANCE_FUND"),
    trade("DOGEUSDT", 1),
    trade("BTCUSDT", 50),  # backward
    trade("BTCUSDT", 100),  # duplicate
    b'\xff\xfe{"e":"trade"}',
    b'{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTC\xc3(USDT"}}',
    '{"pad":"' + "x" * (16 * 1024 * 1024) + '"}',
]


def write_configuration(path, url, database, **extra) -> str:
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [{"venue": VENUE, "websocket_url": url, "stream": "trade"}],
                "storage": {"path": str(database)},
                "timeframes": ["1s"],
                "windows": [60],
                "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
                **extra,
            }
        )
    )
    return str(path)


def test_bad_frames_are_counted_by_reason_and_the_feed_continues(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    frames = good(range(1, 101)) + BAD + good(range(104, 1000))
    with Venue(frames) as venue:
        exporter = start("--config.file", write_configuration(tmp_path / "config.yml", venue.url, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") == 2 * (100 + 896), 60, "good trades")
        assert exporter.total("pairs_feed_disconnects_total") == 0, "no bad frame costs the connection"
        assert exporter.total("pairs_feed_decode_failures_total") >= 12
        failures = {
            dict(labels)["reason"]: value
            for (name, labels), value in exporter.samples().items()
            if name == "pairs_feed_decode_failures_total"
        }
        for reason in ("invalid_json", "invalid_utf8", "wrong_type", "malformed_decimal", "unknown_symbol", "oversized"):
            assert failures[reason] >= 1, failures
        labels = {"venue": VENUE, "symbol": "BTCUSDT"}
        assert exporter.value("pairs_trades_duplicate_total", **labels) == 2
        assert exporter.value("pairs_trades_discarded_total", **labels, reason="price") == 1
        assert exporter.value("pairs_trades_discarded_total", **labels, reason="order_type") == 1
        assert exporter.terminate()[0] == 0
    with sqlite3.connect(database) as connection:
        prices = connection.execute("SELECT DISTINCT open, high, low, close FROM bar WHERE state = 'traded'").fetchall()
        assert prices == [(100.5, 100.5, 100.5, 100.5)]
        holes = connection.execute(
            "SELECT symbol, first_id, last_id, state FROM hole ORDER BY symbol, first_id"
        ).fetchall()
    assert ("BTCUSDT", 102, 103, "discarded") in holes
    assert ("ETHUSDT", 101, 103, "open") in holes
    assert any(row[:3] == ("BTCUSDT", 101, 101) for row in holes)


def test_a_database_of_a_newer_version_is_a_clear_error(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Venue(good(range(1, 300))) as venue:
        config = write_configuration(tmp_path / "config.yml", venue.url, database)
        exporter = start("--config.file", config)
        exporter.wait_until_healthy()
        assert exporter.terminate()[0] == 0
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA user_version = 9999")
        second = start("--config.file", config)
        assert second.process.wait(timeout=60) == 1
        assert "newer" in second.log and str(database) in second.log


def test_a_full_disk_while_running_is_counted_and_metrics_go_on(small_disk, start, tmp_path):
    frames = good(range(1, 100_000))
    with Venue(frames, pause_every=200, pause=0.01) as venue:
        database = small_disk / "p.sqlite"
        exporter = start("--config.file", write_configuration(tmp_path / "config.yml", venue.url, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_write_failures_total") > 0, 60, "a failed write")
        exporter.wait_for_more("pairs_trades_total", "metrics go on")
        assert "no space left" in exporter.log
