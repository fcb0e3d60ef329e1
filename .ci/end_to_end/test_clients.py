"""No client delays the market: bars close as fast beside many clients as without them."""

import re
import threading
import time

import requests
import yaml

import flood
from exporter import wait_until

PAIRS = 100
CLIENTS = 16
SECONDS = 2.5
ATTACKS = {
    "JSON": "/api/v1/pairs",
    "one pair": "/api/v1/pairs/pair-050",
    "unknown names": "/probe?pair=" + "A" * 15_000,
    "probes": "/probe?pair=pair-000&timeframe=1s&window=10000",
    "chosen families": "/metrics?" + "&".join(f"name[]=pairs_family_{number}" for number in range(500)),
    "pages": "/",
    "scrapes": "/metrics",
}
FAMILY = "pairs_feed_processing_seconds"


class Market:
    """The exporter's histogram of the time from the arrival of trades to their readings."""

    def __init__(self, exporter):
        self.exporter = exporter

    def buckets(self) -> dict[float, float]:
        text = requests.get(self.exporter.url + f"/metrics?name[]={FAMILY}", timeout=60).text
        found = re.findall(FAMILY + r'_bucket\{[^}]*le="([^"]+)"\} (\S+)', text)
        return {float(bound): float(count) for bound, count in found}

    def quantile(self, before: dict[float, float], quantile: float) -> float:
        """The bound below which this part of all reads since then was done."""
        counts = {bound: count - before.get(bound, 0) for bound, count in self.buckets().items()}
        total = counts[float("inf")]
        assert total > 50
        return min(bound for bound, count in counts.items() if count >= quantile * total)


def crowd(exporter, path: str, seconds: float) -> list[int]:
    """The statuses of many clients that send requests without a pause."""
    statuses = []
    stop = time.monotonic() + seconds

    def send_requests():
        with requests.Session() as session:
            while time.monotonic() < stop:
                statuses.append(session.get(exporter.url + path, timeout=60).status_code)

    threads = [threading.Thread(target=send_requests) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_bars_close_as_fast_beside_any_crowd(start, tmp_path):
    with flood.FloodingVenue(200, 3600) as venue:
        content = flood.configuration(venue.port, tmp_path / "pairs.sqlite")
        pair = content["pairs"][0] | {"windows": [20]}
        content["pairs"] = [pair | {"name": f"pair-{number:03}"} for number in range(PAIRS)]
        config = tmp_path / "config.yml"
        config.write_text(yaml.safe_dump(content))
        exporter = start("--config.file", str(config)).wait_until_healthy()
        labels = {"pair": "pair-000", "timeframe": "1s", "window": "20"}
        wait_until(lambda: exporter.value("pairs_window_fill_ratio", **labels) == 1, 120, "full windows")
        market = Market(exporter)
        before = market.buckets()
        time.sleep(SECONDS)
        alone = market.quantile(before, 0.99)
        for name, path in ATTACKS.items():
            before = market.buckets()
            statuses = crowd(exporter, path, SECONDS)
            beside = market.quantile(before, 0.99)
            print(f"beside {name}: p99 below {beside:g} s, alone below {alone:g} s, {len(statuses)} answers")
            # A bucket is up to 2.5 times the one before, and cores are shared with the clients.
            assert beside <= max(10 * alone, 0.25), name
            assert set(statuses) <= {200, 400, 503}
        assert exporter.total("pairs_store_trades_dropped_total") == 0
        assert exporter.terminate()[0] == 0, exporter.log
