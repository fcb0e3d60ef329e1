"""A silence is not a calm market, and the bars on disk at a restart are not the present."""

import sqlite3

from exporter import free_port, wait_until
from test_bad_input import START, VENUE, good, write_configuration
from venue import Venue


def bars(database, symbol: str) -> dict[int, str]:
    """The state of each bar by its second since the start of the trades."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT open_time_us, state FROM bar WHERE symbol = ?", (symbol,))
        return {time // 1_000_000 - START // 1000: state for time, state in rows}


def test_bars_that_closed_in_a_silence_become_gaps_when_an_id_shows_what_was_missed(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    # A hundred ids a second; those of seconds 3 to 5 never arrive.
    frames = good(range(1, 300)) + [2.5] + good(range(600, 1200))
    with Venue(frames) as venue:
        exporter = start("--config.file", write_configuration(tmp_path / "config.yml", venue.url, database))
        exporter.wait_until_healthy()
        wait_until(lambda: bars(database, "BTCUSDT").get(10), 60, "the last bar")
        assert exporter.terminate()[0] == 0
    for symbol in ("BTCUSDT", "ETHUSDT"):
        states = bars(database, symbol)
        assert [states[second] for second in range(11)] == ["traded"] * 2 + ["gap"] * 5 + ["traded"] * 4
    with sqlite3.connect(database) as connection:
        holes = connection.execute("SELECT symbol, first_id, last_id, state FROM hole ORDER BY symbol").fetchall()
    assert holes == [("BTCUSDT", 300, 599, "open"), ("ETHUSDT", 300, 599, "open")]


def test_what_is_on_disk_does_not_pass_for_current_while_the_venue_cannot_be_reached(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    labels = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1s", "window": "60"}
    with Venue(good(range(1, 9000))) as venue:
        exporter = start("--config.file", write_configuration(tmp_path / "config.yml", venue.url, database))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.value("pairs_window_fill_ratio", **labels) == 1, 60, "a warm window")
        assert exporter.terminate()[0] == 0
    unreachable = f"ws://127.0.0.1:{free_port()}"
    second = start("--config.file", write_configuration(tmp_path / "config.yml", unreachable, database))
    second.wait_until_healthy()
    assert second.value("pairs_window_fill_ratio", **labels) == 1
    assert second.value("pairs_hedge_ratio", **labels) is None
    assert second.value("pairs_undefined", **labels, statistic="fit", reason="stale") == 1
    assert second.value("pairs_feed_up", venue=VENUE) == 0
    assert second.get("/-/flowing").status_code == 503
    status, seconds = second.terminate()
    assert status == 0 and seconds < 5
