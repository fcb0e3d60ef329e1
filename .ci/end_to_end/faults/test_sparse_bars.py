"""An old dump beside new bars: years without a bar cost neither memory nor time, and no reading lasts over them."""

import json
import os
import pathlib
import random
import resource
import subprocess

import pytest

from exporter import REPLAY, wait_until

STARTS = {"old": 1_577_836_800, "new": 1_704_067_200}
COUNT = 100


@pytest.fixture(scope="module")
def folder(binary, tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("sparse")
    random.seed(2)
    a, b = 100.0, 50.0
    rows = ["open_time,venue,symbol,timeframe,open,high,low,close,volume,trades"]
    for start in STARTS.values():
        for second in range(COUNT):
            b *= 1 + random.gauss(0, 1e-3)
            a = 2 * b * (1 + random.gauss(0, 3e-4))
            for symbol, price in (("A", a), ("B", b)):
                rows.append(f"{start + second},v,{symbol},1s,{price},{price},{price},{price},1,1")
    (folder / "bars.csv").write_text("\n".join(rows) + "\n")
    (folder / "trades.csv").write_text(
        "time,symbol,price,qty,trade_id\n" + "".join(f"{STARTS['new'] + COUNT},{symbol},1,1,1\n" for symbol in "AB")
    )
    (folder / "c.yml").write_text(REPLAY.replace("FOLDER", str(folder)))
    command = [binary, "import", "--config.file", "c.yml", "--venue", "replay", "bars.csv"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def limit():
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))


def run(binary, folder, *arguments: str) -> tuple[int, str, str]:
    """Status, output and messages of a command, which may use 1 GB of data and 20 s; it needs far less."""
    command = [binary, *arguments]
    output = folder / f"{os.urandom(4).hex()}.out"
    with output.open("w") as stdout:
        done = subprocess.run(
            command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=20, preexec_fn=limit
        )
    return done.returncode, output.read_text(), done.stderr


def analyze(binary, folder, *arguments: str) -> tuple[int, dict | None, str]:
    legs = ["--y", "replay:A", "--x", "replay:B", "--timeframe", "1s", "--format", "json"]
    status, output, words = run(binary, folder, "analyze", "--db", "pairs.sqlite", *legs, *arguments)
    return status, json.loads(output) if output else None, words


def test_an_analysis_uses_the_bars_after_the_gap(binary, folder):
    status, report, words = analyze(binary, folder)
    assert status == 0, words
    assert report["observations"] == COUNT and report["hedge_ratio"] == pytest.approx(1, abs=0.1)
    assert report["head"]["rows_left_out"]["before_hole"] == COUNT
    status, report, _ = analyze(binary, folder, "--window", "60")
    assert status == 0 and report["observations"] == 60
    status, report, _ = analyze(binary, folder, "--window", "60", "--efficacy")
    assert status == 0 and report["observations"] == 60
    for window in (100_000_000, 9_999_999_999, 2**63 - 1, 2**63):
        status, _, words = analyze(binary, folder, "--window", str(window))
        assert status == 64 and "--window" in words, window


def test_times_far_from_the_bars_cost_nothing(binary, folder):
    backfill = ["backfill", "--config.file", "c.yml"]
    end = STARTS["new"] + COUNT
    for arguments in (["--from", f"{end + 2}"], ["--from", "9999-12-31"], ["--to", "0000-01-01"]):
        status, output, words = run(binary, folder, *backfill, *arguments)
        assert (status, output) == (64, "") and "check --from and --to" in words, arguments
    for time in ("999999-01-01", "1e400", "nan", "-1e30", " ", "9999-12-31T23:59:60"):
        status, output, words = run(binary, folder, *backfill, f"--from={time}")
        assert (status, output) == (64, "") and "write a date" in words, time
    status, output, words = run(binary, folder, *backfill, "--from", f"{end}", "--to", "9999-12-31")
    assert status == 0 and len(output.splitlines()) < 2_000, words


def test_a_backfill_writes_nothing_into_the_gap(binary, folder):
    status, output, words = run(binary, folder, "backfill", "--config.file", "c.yml", "--step", "1s", "--self-check")
    assert status == 0, words
    times = [float(line.rsplit(" ", 1)[1]) for line in output.splitlines() if not line.startswith("#")]
    assert len(times) < 20_000
    assert min(times) < STARTS["old"] + COUNT and max(times) > STARTS["new"]
    # A reading is shown until the bars after the last carried one would have ended.
    assert not [time for time in times if STARTS["old"] + COUNT + 30 < time < STARTS["new"]]
    for family in ("pairs_pair_info", "pairs_threshold", "pairs_window_observations"):
        assert f"\n{family}{{" in output, family


def test_exports_skip_the_gap_at_once(binary, folder):
    status, output, words = run(binary, folder, "export", "bars", "--config.file", "c.yml", "--no-parameters")
    assert status == 0 and len(output.splitlines()) == 4 * COUNT + 1, words
    status, output, words = run(binary, folder, "export", "readings", "--config.file", "c.yml", "--no-parameters")
    assert status == 0 and len(output.splitlines()) == 2 * COUNT + 1, words


def test_a_start_warms_its_windows_from_the_bars_after_the_gap(binary, folder, start):
    exporter = start("serve", "--config.file", str(folder / "c.yml"))
    exporter.wait_until_healthy()
    wait_until(lambda: exporter.total("pairs_window_observations") == 60, 20, "a warm window")
    assert exporter.value("process_resident_memory_bytes") < 500e6
    assert exporter.terminate()[0] == 0
