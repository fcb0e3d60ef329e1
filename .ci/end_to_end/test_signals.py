"""Signals of a market in a file: they begin, they survive a restart, and all texts agree."""

import json
import subprocess

import numpy
import pytest

from exporter import wait_until

WINDOW = 60
BARS = 2000
PUSHED = 12


@pytest.fixture
def market(tmp_path):
    """A reverting pair whose spread is pushed aside in the last bars, one trade of each leg per second."""
    generator = numpy.random.default_rng(8)
    x = 4 + numpy.cumsum(generator.normal(size=BARS)) * 1e-3
    spread = numpy.zeros(BARS)
    for bar in range(1, BARS):
        spread[bar] = 0.8 * spread[bar - 1] + generator.normal() * 4e-4
    spread[-PUSHED:] += 1e-2
    y = 1.2 * x - 1 + spread
    rows = ["ts_ms,symbol,trade_id,price,qty,is_buyer_maker"]
    for bar in range(BARS):
        for symbol, value in (("XUSDT", x), ("YUSDT", y)):
            time = 1_700_000_000_000 + 1000 * bar + 500
            rows.append(f"{time},{symbol},{bar + 1},{numpy.exp(value[bar]):.6f},1.0,false")
    path = tmp_path / "trades.csv"
    path.write_text("\n".join(rows) + "\n")
    config = tmp_path / "pairs.yml"
    config.write_text(
        f"""
feeds: [{{venue: replay, replay: {{path: "{path}"}}}}]
storage: {{path: "{tmp_path}/pairs.sqlite"}}
timeframes: [1s]
windows: [{WINDOW}]
tests: {{min_observations: 20}}
pairs: [{{y: "replay:YUSDT", x: "replay:XUSDT", name: p, signals: {{zscore_entry: 2.1, dwell_bars: 1}}}}]
"""
    )
    return config, tmp_path / "pairs.sqlite"


LABELS = {"pair": "p", "timeframe": "1s", "window": str(WINDOW)}
SIGNALS = ["zscore_extreme", "correlation_breakdown", "volatility_spike", "stationarity_risk"]


def state(exporter):
    """All signals and the sentences."""
    samples = exporter.samples()
    signals = {
        signal: samples.get(("pairs_signal", frozenset({**LABELS, "signal": signal}.items()))) for signal in SIGNALS
    }
    words = [dict(labels) for (name, labels) in samples if name == "pairs_interpretation_info"]
    return signals, words


def test_a_signal_begins_once_and_survives_a_restart(start, market, binary):
    config, database = market
    first = start("--config.file", str(config)).wait_until_healthy()
    extreme = {**LABELS, "signal": "zscore_extreme"}
    wait_until(lambda: first.value("pairs_signal", **extreme) == 1, 60, "z-score extreme")
    last_bar = 1_700_000_000 + BARS
    wait_until(lambda: first.value("pairs_last_bar_timestamp_seconds", **LABELS) >= last_bar - 1, 60, "the last bar")
    wait_until(lambda: first.value("pairs_tests_delay_seconds") == 0, 120, "every test")
    entries = first.value("pairs_signal_entries_total", **extreme)
    assert entries >= 1
    before, words = state(first)
    assert len(words) == 1 and words[0]["state"].startswith("stretched")
    assert all(words[0][text] for text in ("confidence", "meaning", "watch"))
    assert first.value("pairs_threshold", pair="p", threshold="zscore_entry") == 2.1
    evidence, threshold, quality, confidence, proven = (
        first.value(f"pairs_{name}", **LABELS)
        for name in (
            "cointegration_evidence", "cointegration_evidence_threshold", "data_quality_ratio", "confidence_ratio",
            "cointegration_proven",
        )
    )
    assert confidence == pytest.approx(quality * evidence / (evidence + threshold), rel=1e-12)
    assert 0 < confidence < 1 and proven in (0, 1)
    wait_until(lambda: first.value("pairs_past_extremes", **LABELS), 120, "past extremes followed up")
    first.terminate()

    second = start("--config.file", str(config)).wait_until_healthy()
    after, words_after = state(second)
    assert (after, words_after) == (before, words)
    assert second.value("pairs_signal_entries_total", **extreme) == 0
    wait_until(lambda: second.value("pairs_past_extremes", **LABELS), 120, "past extremes followed up again")
    extremes, reverted = (
        second.value(f"pairs_past_{name}", **LABELS) for name in ("extremes", "extremes_reverted")
    )
    second.terminate()

    arguments = ["--db", str(database), "--y", "replay:YUSDT", "--x", "replay:XUSDT", "--timeframe", "1s"]
    run = subprocess.run(
        [
            binary, "analyze", *arguments, "--config.file", config, "--window", str(WINDOW), "--efficacy",
            "--format", "json",
        ],
        capture_output=True, text=True, timeout=60,
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["signals"]["zscore_extreme"] == "holds"
    assert report["interpretation"]["state"].startswith("stretched")
    # On about a sixth of the bars unrelated random walks are beyond 2, fewer beyond what is seen here.
    rates = report["forecast_zscore_base_rate"]
    assert 0 < rates["reverting"] < rates["slowly_reverting"] < rates["unrelated"] < 1
    assert report["efficacy"] == {"extremes": extremes, "reverted": reverted}
    assert extremes >= 5 and 0 < reverted <= extremes
