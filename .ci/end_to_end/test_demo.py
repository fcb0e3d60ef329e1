"""The demo shows every family of the contract, passes promtool, and estimates its own truth."""

import os
import re
import signal
import subprocess

import numpy
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics

from exporter import free_port, wait_until
from stack import Prometheus

PAIR_FAMILIES = """
pairs_pair_info pairs_hedge_ratio pairs_hedge_ratio_stderr pairs_intercept pairs_r_squared pairs_spread
pairs_spread_stddev pairs_spread_zscore pairs_forecast_zscore pairs_live_zscore pairs_half_life_seconds
pairs_return_correlation pairs_return_correlation_lower pairs_level_correlation pairs_adf_statistic pairs_adf_pvalue
pairs_adf_lags pairs_adf_observations pairs_adf_timestamp_seconds pairs_adf_critical_value
pairs_cointegration_statistic pairs_cointegration_pvalue pairs_cointegration_calibrated_pvalue
pairs_leg_unit_root_pvalue pairs_cointegration_evidence pairs_cointegration_evidence_threshold pairs_cointegration_proven pairs_data_quality_ratio
pairs_window_observations pairs_window_fill_ratio pairs_window_carried_ratio pairs_window_gap_ratio
pairs_last_bar_timestamp_seconds pairs_undefined pairs_leg_up pairs_hedge_ratio_alternative
pairs_hedge_ratio_robust_stderr pairs_half_life_lower_seconds pairs_half_life_upper_seconds pairs_kpss_statistic
pairs_hayashi_yoshida_correlation pairs_signal pairs_alert pairs_signal_entries_total pairs_threshold pairs_confidence_ratio
pairs_interpretation_info pairs_spread_volatility_ratio
""".split()

OTHER_FAMILIES = """
pairs_trades_total pairs_trade_volume_total pairs_last_price pairs_last_trade_timestamp_seconds pairs_bars_total
pairs_trades_discarded_total pairs_trade_gaps_total pairs_trades_missing_total pairs_trades_repaired_total
pairs_trades_duplicate_total pairs_trades_late_total pairs_trades_unrepaired pairs_stream_up pairs_feed_up
pairs_feed_state pairs_feed_connects_total pairs_feed_disconnects_total pairs_feed_frames_total
pairs_feed_received_bytes_total pairs_feed_decode_failures_total pairs_feed_delay_seconds_bucket
pairs_feed_negative_delays_total pairs_store_trades_written_total pairs_store_write_failures_total
pairs_store_read_failures_total pairs_store_queued_trades pairs_store_size_bytes
pairs_store_commit_duration_seconds_bucket pairs_store_pruned_trades_total pairs_exporter_build_info pairs_config_last_reload_successful
pairs_config_last_reload_success_timestamp_seconds pairs_bar_close_duration_seconds_bucket
pairs_tests_duration_seconds_bucket pairs_tests_delay_seconds pairs_series pairs_series_limit process_cpu_seconds_total
process_resident_memory_bytes promhttp_metric_handler_requests_total promhttp_metric_handler_requests_in_flight
""".split()

# True parameters in the demo's text: slope on BTCUSDT, half-life in seconds, standard deviation of the spread at rest.
TRUTHS = {"ETHUSDT": (1.2, 8, 3e-4), "SOLUSDT": (1.5, 8, 2.5e-4), "XRPUSDT": (0.8, 180, 1e-3)}
DRIVER_VOLATILITY = 2e-4
SEEDS = 200

# Past extremes are counted in the background.
LATER_FAMILIES = ["pairs_past_extremes", "pairs_past_extremes_reverted"]

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def test_demo_is_complete_within_15_seconds_and_seen_by_prometheus(start, tmp_path):
    demo = start("demo")
    demo.wait_until_healthy()

    def missing(families=PAIR_FAMILIES + OTHER_FAMILIES):
        names = {name for name, _ in demo.samples()}
        return [family for family in families if family not in names]

    wait_until(lambda: not missing(), 15, f"every family; missing: {missing()}")
    assert demo.get("/-/ready").status_code == 200
    wait_until(lambda: not missing(LATER_FAMILIES), 60, "counts of past extremes")

    assert_hedge_ratios_are_true(demo)
    text = demo.get("/metrics").text
    lint = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")
    assert "NaN" not in text and "Inf" not in text.replace('le="+Inf"', "")

    answer = demo.get("/metrics", Accept=OPENMETRICS, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"].startswith(OPENMETRICS)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.text.endswith("# EOF\n")
    assert len(list(parse_openmetrics(answer.text))) > 50

    assert_prometheus_scrapes(demo, tmp_path)

    status, seconds = demo.terminate()
    assert status == 0, demo.log
    assert seconds < 5
    assert re.search(r"hedge ratio [\d.]+, half-life", demo.log), "the demo says what is true in its market"


def estimated_slopes(truth, step: int, window: int) -> numpy.ndarray:
    """OLS slopes over one window of markets with other seeds, simulated by the law that the demo states."""
    slope, half_life, deviation = truth
    generator = numpy.random.default_rng(20261122)
    x = numpy.cumsum(generator.normal(size=(SEEDS, window)) * DRIVER_VOLATILITY * numpy.sqrt(step), axis=1)
    memory = 0.5 ** (step / half_life)
    shocks = generator.normal(size=(SEEDS, window)) * deviation
    spread = numpy.empty_like(shocks)
    spread[:, 0] = shocks[:, 0]
    for bar in range(1, window):
        spread[:, bar] = memory * spread[:, bar - 1] + numpy.sqrt(1 - memory**2) * shocks[:, bar]
    x -= x.mean(axis=1, keepdims=True)
    return slope + (x * spread).sum(axis=1) / (x**2).sum(axis=1)


def assert_hedge_ratios_are_true(demo):
    samples = demo.samples()
    timeframes = {"1s": 1, "1m": 60}
    readings = {labels for name, labels in samples if name == "pairs_window_fill_ratio"}
    assert len(readings) == len(TRUTHS) * 2
    for labels in map(dict, readings):
        found = samples["pairs_hedge_ratio", frozenset(labels.items())]
        truth = TRUTHS[labels["pair"].removesuffix("-BTCUSDT")]
        deviation = numpy.std(estimated_slopes(truth, timeframes[labels["timeframe"]], int(labels["window"])), ddof=1)
        assert abs(found - truth[0]) <= 3 * deviation, (labels, found, truth[0], deviation)


def assert_prometheus_scrapes(demo, tmp_path):
    job = {"job_name": "anything", "static_configs": [{"targets": [f"127.0.0.1:{demo.port}"]}]}
    configuration = {"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}
    with Prometheus(tmp_path, configuration) as prometheus:
        wait_until(lambda: prometheus.query("pairs_spread_zscore"), 60, "pairs_spread_zscore in Prometheus")
        assert [sample["value"][1] for sample in prometheus.query("up")] == ["1"]
        assert [sample["value"][1] for sample in prometheus.query("scrape_samples_scraped == bool 0")] == ["0"]
        assert prometheus.scrape_errors() == [""]


def test_a_signal_while_the_demo_warms_its_windows_ends_it_and_removes_its_folder(binary, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    for number in (signal.SIGTERM, signal.SIGINT):
        with (tmp_path / "log.txt").open("w") as log:
            demo = subprocess.Popen(
                [binary, "demo", "--web.listen-address", f"127.0.0.1:{free_port()}"], stdout=log, stderr=log,
                env=os.environ | {"TMPDIR": str(folder)},
            )
        wait_until(lambda: list(folder.glob("*/pairs.sqlite")), 30, "the start opens its database")
        demo.send_signal(number)
        assert demo.wait(10) == 0, (tmp_path / "log.txt").read_text()
        assert list(folder.iterdir()) == []
