"""The same recorded trades give the same readings, to the last bit: at every speed, and after every restart."""

import json

import yaml

from exporter import wait_until
from test_recorded_frames import TRADES

LAST_BAR_CLOSE = 1_723_161_600
SPEEDS = ["max", "max", "max", "max", 15]
# Values of the moment of the scrape: the price just traded, and beginnings since this program started.
OF_THE_MOMENT = {"live_zscore", "signal_entries_total"}
# Counted every 20 s from what is stored by then; after a restart, at once and from everything.
COUNTED_LATER = {"past_extremes", "past_extremes_reverted"}


def configuration(path, recorded, database, speed) -> str:
    replay = {"path": str(recorded / "trades.csv.gz"), "speed": str(speed)}
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [{"venue": "replay", "replay": replay}],
                "storage": {"path": str(database)},
                "timeframes": ["1s", "5s"],
                "windows": [30, 60, 240],
                "hedge_ratios": ["tls", "huber", "theil-sen", "kalman"],
                # So that there is evidence from several windows.
                "tests": {"min_observations": 30},
                "pairs": [{"y": "replay:ETHUSDT", "x": "replay:BTCUSDT"}],
            }
        )
    )
    return str(path)


def wait_for_the_end(exporter):
    """Until the file has been read, its last bar has closed, and no test waits."""
    labels = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1s", "window": "240"}

    def has_ended():
        assert exporter.process.poll() is None, exporter.log
        close = exporter.value("pairs_last_bar_timestamp_seconds", **labels) or 0
        # Before it begins a feed is stopped too.
        has_read = exporter.total("pairs_feed_frames_total") >= TRADES
        is_stopped = exporter.value("pairs_feed_state", venue="replay", state="stopped") == 1
        return close >= LAST_BAR_CLOSE and has_read and is_stopped

    wait_until(has_ended, 300, "the end of the file")
    wait_until(lambda: exporter.value("pairs_tests_delay_seconds") == 0, 300, "every test")


def readings(exporter, *left_out: set) -> list[str]:
    """The readings as they are written, without the digits being read."""
    pairs = json.loads(exporter.get("/api/v1/pairs").text, parse_float=str)
    return [
        json.dumps({key: value for key, value in reading.items() if key not in OF_THE_MOMENT.union(*left_out)})
        for pair in pairs
        for reading in pair["readings"]
    ]


def test_four_runs_at_full_speed_and_one_at_a_pace_give_the_same_readings_each_before_and_after_a_restart(
    start, recorded, tmp_path, capsys
):
    runs, restarts = [], []
    for number, speed in enumerate(SPEEDS):
        config = configuration(tmp_path / f"config-{number}.yml", recorded, tmp_path / f"{number}.sqlite", speed)
        exporter = start("--config.file", config).wait_until_healthy()
        wait_for_the_end(exporter)
        runs.append(readings(exporter, COUNTED_LATER))
        assert exporter.terminate()[0] == 0, exporter.log

        again = start("--config.file", config).wait_until_healthy()
        wait_for_the_end(again)
        wait_until(
            lambda: all(json.loads(reading)["past_extremes"] is not None for reading in readings(again)),
            60,
            "past extremes counted",
        )
        assert readings(again, COUNTED_LATER) == runs[-1], f"after a restart, speed {speed}"
        restarts.append(readings(again))
        assert again.terminate()[0] == 0, again.log
    for number, (run, restart) in enumerate(zip(runs, restarts)):
        assert run == runs[0], f"run {number} at speed {SPEEDS[number]}"
        assert restart == restarts[0], f"restart {number} at speed {SPEEDS[number]}"
    # There is something to compare.
    found = [json.loads(reading) for reading in runs[0]]
    tested = [reading for reading in found if reading["cointegration_evidence"] is not None]
    assert len(found) == 6 and len(tested) >= 3
    with capsys.disabled():
        evidence = [f"{one['cointegration_evidence']} ({one['timeframe']}, {one['window']})" for one in tested]
        print(f"evidence in each of {2 * len(SPEEDS)} runs: {', '.join(evidence)}", end=" ")
