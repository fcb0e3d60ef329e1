"""Whether the exporter is ready and whether data arrives are two questions."""

import subprocess

import requests

from exporter import free_port, wait_until
from subscribed_market import Setup, SubscribedMarket


def healthcheck(binary, exporter, *options: str) -> int:
    command = [binary, "healthcheck", "--web.listen-address", f":{exporter.port}", "--timeout", "30", *options]
    return subprocess.run(command, capture_output=True, timeout=60).returncode


def test_a_silent_stream_is_named_by_flowing_and_does_not_make_the_exporter_unready(start, binary, tmp_path):
    with SubscribedMarket(rate=20) as market:
        market.silent = {"SOLUSDT"}
        setup = Setup(tmp_path / "config.yml", market, tmp_path / "pairs.sqlite", ["ETHUSDT", "SOLUSDT"])
        exporter = start(*setup.arguments).wait_until_healthy()
        wait_until(lambda: exporter.get("/-/ready").status_code == 200, 60, "a warm window")
        answer = exporter.get("/-/flowing")
        assert answer.status_code == 503
        assert "2 of 3 streams flow" in answer.text and "binance-usdm:SOLUSDT: " in answer.text
        assert "BTCUSDT" not in answer.text
        assert healthcheck(binary, exporter, "--ready") == 0 and healthcheck(binary, exporter, "--flowing") == 1
        setup.write(min_flowing_ratio=0.6)
        assert requests.post(exporter.url + "/-/reload", timeout=60).status_code == 200
        assert exporter.get("/-/flowing").status_code == 200 and healthcheck(binary, exporter, "--flowing") == 0
        market.silent = {"SOLUSDT", "ETHUSDT"}
        wait_until(lambda: exporter.get("/-/flowing").status_code == 503, 20, "too few streams")
        assert exporter.get("/-/ready").status_code == 200


def test_a_venue_that_is_down_does_not_keep_the_exporter_unready(start, tmp_path):
    class Down:
        port = free_port()

    setup = Setup(tmp_path / "config.yml", Down(), tmp_path / "pairs.sqlite", ["ETHUSDT"])
    exporter = start(*setup.arguments).wait_until_healthy()
    assert exporter.get("/-/flowing").status_code == 503
    wait_until(lambda: exporter.get("/-/ready").status_code == 200, 30, "ready without data")
    assert exporter.get("/-/flowing").status_code == 503
    assert exporter.total("pairs_feed_up") == 0
