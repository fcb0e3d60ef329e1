"""Windows are complete from the first scrape after a start whenever the store holds their bars."""

import random
import time

import requests
import yaml

from exporter import wait_until
from live_market import VENUE
from test_history import run

TIMEFRAMES = {"1s": 1, "1m": 60, "5m": 300}
# Few, as tests of the past run in a debug build here.
INSTRUMENTS, BARS = 12, 1000


def test_the_first_scrape_after_a_start_shows_full_windows(start, binary, tmp_path, capsys):
    database = tmp_path / "pairs.sqlite"
    run(binary, "import", "--db", database, "--venue", VENUE, bars(tmp_path / "bars.csv"))
    config = tmp_path / "config.yml"
    pairs = [{"y": f"{VENUE}:S{number}", "x": f"{VENUE}:S0"} for number in range(1, INSTRUMENTS)]
    feed = {"venue": VENUE, "websocket_url": "ws://127.0.0.1:1", "rest_url": "http://127.0.0.1:1"}
    config.write_text(
        yaml.safe_dump(
            {
                "feeds": [feed], "storage": {"path": str(database)}, "timeframes": list(TIMEFRAMES),
                "windows": [240, 480], "pairs": pairs,
            }
        )
    )
    begin = time.monotonic()
    exporter = start("--config.file", str(config))

    def first_scrape():
        assert exporter.process.poll() is None, exporter.log
        try:
            return exporter.samples()
        except requests.ConnectionError:
            return None

    samples = wait_until(first_scrape, 120, "the first scrape")
    seconds = time.monotonic() - begin
    fills = [value for (name, _), value in samples.items() if name == "pairs_window_fill_ratio"]
    assert fills == [1.0] * (INSTRUMENTS - 1) * len(TIMEFRAMES) * 2
    # By now bars of 1 s are too old to be read.
    zscores = [labels for name, labels in samples if name == "pairs_forecast_zscore" and ("timeframe", "1s") not in labels]
    assert len(zscores) == len(fills) / len(TIMEFRAMES) * 2
    with capsys.disabled():
        print(f"{INSTRUMENTS * len(TIMEFRAMES) * BARS:,} bars warm, served and parsed after {seconds:.1f} s", end=" ")


def bars(path):
    """Random walks that end at the present."""
    now = int(time.time()) // 300 * 300
    with path.open("w") as file:
        file.write("open_time,symbol,timeframe,open,high,low,close,volume,trades\n")
        for number in range(INSTRUMENTS):
            walk = random.Random(number)
            for timeframe, seconds in TIMEFRAMES.items():
                price = 100.0
                for bar in range(BARS):
                    price *= 1 + walk.gauss(0, 1e-3)
                    file.write(f"{now - (BARS - bar) * seconds},S{number},{timeframe}" + f",{price:.6f}" * 4 + ",1,1\n")
    return path
