"""Trades that were counted as written are on disk, whenever the process is killed, and missed ones are repaired."""

import os
import random
import re
import time

import requests

from exporter import wait_until
from live_market import LiveMarket, configuration, ids_in_gaps, last_ids, trades_on_disk

ROUNDS = int(os.environ.get("KILL_ROUNDS", "200"))
WRITTEN = re.compile(r"^pairs_store_trades_written_total (\S+)$", re.MULTILINE)


def written(exporter) -> int:
    """The counter, 0 while the exporter does not answer."""
    try:
        found = WRITTEN.search(requests.get(exporter.url + "/metrics", timeout=60).text)
    except requests.ConnectionError:
        return 0
    return int(float(found[1])) if found else 0


def test_kills_at_random_moments_lose_nothing(start, tmp_path, capsys):
    database = tmp_path / "pairs.sqlite"
    seed = random.SystemRandom().randrange(2**32)
    moments = random.Random(seed)
    counted_in_all, most_missing, rounds_with_gaps = 0, 0, 0
    with LiveMarket(rate=300) as market:
        config = configuration(tmp_path / "config.yml", market, database)
        first = start("--config.file", config)
        wait_until(lambda: written(first) > 0, 60, "the first trades")
        first.kill()
        kept = trades_on_disk(database)
        for _ in range(ROUNDS):
            exporter = start("--config.file", config)
            # Some are killed while they start, most a while after they have answered for the first time.
            end = time.monotonic() + moments.uniform(0, 0.3)
            if moments.random() > 0.2:
                wait_until(lambda: written(exporter) > 0 or exporter.process.poll() is not None, 60, "trades written")
                end = time.monotonic() + moments.uniform(0, 0.3)
            counted = 0
            while time.monotonic() < end:
                counted = max(counted, written(exporter))
            assert exporter.process.poll() is None, exporter.log
            exporter.kill()
            now = trades_on_disk(database)
            assert now >= kept + counted, f"seed {seed}: {counted} counted as written, {now - kept} on disk"
            counted_in_all += counted
            kept = now
            missing = ids_in_gaps(database)
            most_missing = max(most_missing, missing)
            rounds_with_gaps += missing > 0
        last = start("--config.file", config)
        target = market.last_id
        wait_until(lambda: min(last_ids(database)) >= target and ids_in_gaps(database) == 0, 180, "no gap")
        wait_until(lambda: last.total("pairs_trades_unrepaired") == 0, 60, "no gap in the metrics")
        status, _ = last.terminate()
    assert status == 0, last.log
    assert ids_in_gaps(database) == 0
    with capsys.disabled():
        print(
            f"seed {seed}: {ROUNDS} kills, {rounds_with_gaps} of them with gaps left for the next run, at most "
            f"{most_missing} ids; {counted_in_all} trades counted as written just before the kills, "
            f"{trades_on_disk(database)} on disk at the end, none missing; {market.requests} requests over REST",
            end=" ",
        )
