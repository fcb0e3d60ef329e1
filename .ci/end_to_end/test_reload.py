"""A running exporter loads another configuration without a loss of data, or states why it does not."""

import signal

import pytest
import requests
import yaml

from exporter import wait_until
from test_bad_input import VENUE, good
from venue import Venue

LABELS = {"timeframe": "1s", "window": "60"}


class Setup:
    def __init__(self, path, url):
        self.path = path / "config.yml"
        self.content = {
            # However long a test takes, the silence after the last trade changes nothing.
            "feeds": [{"venue": VENUE, "websocket_url": url, "stream": "trade", "idle_timeout": "1h"}],
            "bars": {"carry_limit": 100_000},
            "storage": {"path": str(path / "pairs.sqlite")},
            "timeframes": ["1s"],
            "windows": [60],
            "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT", "name": "first"}],
        }
        self.write()

    def write(self, **changes):
        self.content.update(changes)
        self.path.write_text(yaml.safe_dump(self.content))
        return str(self.path)


def reload(exporter) -> requests.Response:
    return requests.post(exporter.url + "/-/reload", timeout=60)


@pytest.fixture
def running(start, tmp_path):
    """A warm exporter whose venue has sent everything; its windows do not change."""
    with Venue(good(range(1, 9000))) as venue:
        setup = Setup(tmp_path, venue.url)
        exporter = start(
            "--config.file", setup.write(), "--web.enable-lifecycle", "--config.enable-auto-reload",
            "--config.auto-reload-interval", "1h",
        ).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") == 2 * 8999, 60, "all trades")
        wait_until(lambda: exporter.value("pairs_window_fill_ratio", pair="first", **LABELS) == 1, 60, "a warm window")
        yield exporter, setup, venue
        assert exporter.terminate()[0] == 0, exporter.log


def test_pairs_windows_and_thresholds_change_without_losing_windows_or_the_feed(running):
    exporter, setup, venue = running
    before = exporter.value("pairs_window_observations", pair="first", **LABELS)
    connects = exporter.value("pairs_feed_connects_total", venue=VENUE)
    trades = exporter.total("pairs_trades_total")
    loaded = exporter.value("pairs_config_last_reload_success_timestamp_seconds")
    second = {"y": f"{VENUE}:BTCUSDT", "x": f"{VENUE}:ETHUSDT", "name": "second", "price": "level"}
    setup.write(windows=[30, 60], pairs=[second, *setup.content["pairs"]], signals={"zscore_entry": 3.0})
    answer = reload(exporter)
    assert answer.status_code == 200, answer.text
    for pair, window in (("first", 60), ("first", 30), ("second", 60), ("second", 30)):
        labels = {"pair": pair, "timeframe": "1s", "window": str(window)}
        assert exporter.value("pairs_window_fill_ratio", **labels) == 1, labels
    assert exporter.value("pairs_window_observations", pair="first", **LABELS) == before
    assert exporter.value("pairs_feed_connects_total", venue=VENUE) == connects == len(venue.paths)
    assert exporter.total("pairs_trades_total") == trades
    assert exporter.value("pairs_config_last_reload_successful") == 1
    assert exporter.value("pairs_config_last_reload_success_timestamp_seconds") > loaded
    assert [pair["pair"] for pair in exporter.get("/api/v1/pairs").json()] == ["second", "first"]

    setup.write(pairs=[second])
    exporter.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(exporter.get("/api/v1/pairs").json()) == 1, 60, "SIGHUP to be heard")
    assert exporter.value("pairs_window_fill_ratio", pair="first", **LABELS) is None
    assert exporter.value("pairs_feed_connects_total", venue=VENUE) == connects


def test_a_broken_configuration_is_reported_and_the_old_one_stays(running):
    exporter, setup, _ = running
    setup.write(windows=[5])
    answer = reload(exporter)
    assert answer.status_code == 500 and "windows[0]" in answer.text, answer.text
    assert exporter.value("pairs_config_last_reload_successful") == 0
    assert exporter.value("pairs_window_fill_ratio", pair="first", **LABELS) == 1
    assert "configuration refused" in exporter.log and "windows[0]" in exporter.log
    setup.write(windows=[60])
    assert reload(exporter).status_code == 200
    assert exporter.value("pairs_config_last_reload_successful") == 1


@pytest.mark.parametrize(
    "key, value",
    [("feeds", [{"venue": VENUE, "stream": "aggTrade"}]), ("storage", {"path": ":memory:"})],
)
def test_what_needs_a_restart_is_refused(running, key, value):
    exporter, setup, _ = running
    setup.write(**{key: value})
    answer = reload(exporter)
    assert answer.status_code == 500
    assert "restart needed" in answer.text and key in answer.text
    assert exporter.value("pairs_config_last_reload_successful") == 0
    assert exporter.value("pairs_window_fill_ratio", pair="first", **LABELS) == 1


def test_new_timeframes_and_instruments_are_taken_with_the_windows_kept(running):
    exporter, setup, venue = running
    more = {"y": f"{VENUE}:SOLUSDT", "x": f"{VENUE}:BTCUSDT", "name": "more"}
    setup.write(timeframes=["1s", "5s"], pairs=[*setup.content["pairs"], more])
    assert reload(exporter).status_code == 200
    assert exporter.value("pairs_window_observations", pair="first", **LABELS) >= 59
    wait_until(lambda: any("solusdt" in path for path in venue.paths), 60, "the new instrument to be subscribed")
    assert [pair["pair"] for pair in exporter.get("/api/v1/pairs").json()] == ["first", "more"]
    assert exporter.value("pairs_window_observations", pair="first", timeframe="5s", window="60") is not None


def test_reloading_over_http_must_be_enabled_and_requested_by_post(running, start, tmp_path):
    exporter, *_ = running
    answer = exporter.get("/-/reload")
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST, PUT"
    other = start("demo").wait_until_healthy()
    assert reload(other).status_code == 403


def test_a_changed_file_is_noticed_where_that_is_wanted(start, tmp_path):
    with Venue(good(range(1, 300))) as venue:
        setup = Setup(tmp_path, venue.url)
        exporter = start(
            "--config.file", setup.write(), "--config.enable-auto-reload", "--config.auto-reload-interval", "200ms"
        ).wait_until_healthy()
        setup.write(pairs=[{**setup.content["pairs"][0], "name": "renamed"}])
        wait_until(lambda: exporter.get("/api/v1/pairs").json()[0]["pair"] == "renamed", 60, "the file to be noticed")
        setup.path.write_text("pairs: [")
        wait_until(lambda: exporter.value("pairs_config_last_reload_successful") == 0, 60, "the broken file")
        assert exporter.get("/api/v1/pairs").json()[0]["pair"] == "renamed"
