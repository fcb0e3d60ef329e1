"""`analyze` gives the numbers of statsmodels."""

import json
import subprocess
import sys

import numpy
import pytest
import yaml
from arch.unitroot import VarianceRatio
from scipy.stats import theilslopes
from statsmodels.tsa.stattools import adfuller, kpss

from reference import biased_half_life, engle_granger, least_squares, power_of_two, unit_root
from stack import REPOSITORY
from test_history import run

sys.path.append(str(REPOSITORY / ".ci/stack"))
import advice


def analyze(binary, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([binary, "analyze", *map(str, arguments)], capture_output=True, text=True)


def random_pair(rows: int):
    seed = numpy.random.SeedSequence().entropy
    print(f"seed {seed}")
    generator = numpy.random.default_rng(seed)
    x = numpy.cumsum(generator.normal(size=rows)) * 1e-3 + 11
    spread = numpy.zeros(rows)
    for row in range(1, rows):
        spread[row] = 0.9 * spread[row - 1] + generator.normal() * 1e-3
    return numpy.exp(1.3 * x - 6 + spread), numpy.exp(x)


@pytest.fixture
def pair(tmp_path):
    y, x = random_pair(400)
    path = tmp_path / "pair.csv"
    path.write_text("time,eth,btc\n" + "".join(f"{row},{a!r},{b!r}\n" for row, (a, b) in enumerate(zip(y.tolist(), x.tolist()))))
    return path, numpy.log(y), numpy.log(x)


@pytest.mark.parametrize("trend", ["n", "c", "ct", "ctt"])
@pytest.mark.parametrize("autolag", ["aic", "bic", "t-stat", "none"])
def test_pair_equals_statsmodels(binary, pair, trend, autolag):
    path, y, x = pair
    run = analyze(
        binary, "--csv", path, "--y", "eth", "--x", "btc", "--adf.regression", trend, "--adf.autolag", autolag,
        "--format", "json",
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    fit = least_squares(y, x)
    residuals = fit["residuals"]
    assert report["observations"] == report["tested_observations"] == 400
    assert report["hedge_ratio"] == pytest.approx(fit["slope"], rel=1e-9)
    assert report["intercept"] == pytest.approx(fit["intercept"], rel=1e-9)
    assert report["hedge_ratio_stderr"] == pytest.approx(fit["stderr"], rel=1e-9)
    assert report["hedge_ratio_hac_stderr"] == pytest.approx(fit["hac_stderr"], rel=1e-8)
    assert report["r_squared"] == pytest.approx(fit["r_squared"], rel=1e-9)
    assert report["spread"] == pytest.approx(residuals[-1], rel=1e-9)
    deviation = numpy.std(residuals, ddof=1)
    assert report["spread_stddev"] == pytest.approx(deviation, rel=1e-9)
    assert report["zscore"] == pytest.approx(residuals[-1] / deviation, rel=1e-9)
    assert report["return_correlation"] == pytest.approx(numpy.corrcoef(numpy.diff(y), numpy.diff(x))[0, 1], rel=1e-9)
    assert report["level_correlation"] == pytest.approx(numpy.corrcoef(y, x)[0, 1], rel=1e-9)
    name = {"aic": "AIC", "bic": "BIC", "t-stat": "t-stat", "none": None}[autolag]
    adf = adfuller(residuals * power_of_two(residuals), regression=trend, autolag=name, result_object=True)
    assert report["adf"]["statistic"] == pytest.approx(adf.statistic, abs=1e-8)
    assert report["adf"]["pvalue"] == pytest.approx(adf.pvalue, abs=1e-8)
    assert (report["adf"]["lags"], report["adf"]["observations"]) == (adf.lags, adf.nobs)
    assert list(report["adf"]["critical_values"]) == ["1%", "5%", "10%"]
    for level, value in adf.critical_values.items():
        assert report["adf"]["critical_values"][level] == pytest.approx(value, abs=1e-8)
    stationary = kpss(residuals, regression="c", nlags="auto", result_object=True)
    assert report["kpss"]["statistic"] == pytest.approx(stationary.statistic, abs=1e-8)
    assert report["kpss"]["pvalue"] == pytest.approx(stationary.pvalue, abs=1e-8)
    assert report["kpss"]["lags"] == stationary.lags
    assert_variance_ratio(report, residuals)
    assert set(report["hedge_ratios"]) == {"tls", "huber", "theil_sen", "kalman"}
    assert report["hedge_ratios"]["theil_sen"] == pytest.approx(theilslopes(y, x).slope, rel=1e-12)
    variances = numpy.cov(y, x)
    difference = variances[0, 0] - variances[1, 1]
    total = (difference + numpy.hypot(difference, 2 * variances[0, 1])) / (2 * variances[0, 1])
    assert report["hedge_ratios"]["tls"] == pytest.approx(total, rel=1e-9)
    for ratio in report["hedge_ratios"].values():
        assert ratio == pytest.approx(fit["slope"], rel=0.3)
    for key, (a, b) in {"engle_granger": (y, x), "engle_granger_reversed": (x, y)}.items():
        statistic, pvalue, critical = engle_granger(a, b)
        assert report[key]["statistic"] == pytest.approx(statistic, abs=1e-8)
        assert report[key]["pvalue"] == pytest.approx(pvalue, abs=1e-8)
        assert list(report[key]["critical_values"].values()) == pytest.approx(list(critical), abs=1e-8)
    assert report["leg_unit_root"] == {
        "y": pytest.approx(unit_root(y), abs=1e-8), "x": pytest.approx(unit_root(x), abs=1e-8)
    }
    assert_judgement(report, fit)


def assert_variance_ratio(report: dict, series):
    reference, found = VarianceRatio(series, lags=10), report["variance_ratio"]
    assert found["ratio"] == pytest.approx(reference.vr, rel=1e-8)
    assert found["statistic"] == pytest.approx(reference.stat, abs=1e-8)
    assert found["pvalue"] == pytest.approx(reference.pvalue, abs=1e-8)
    assert found["periods"] == 10


def assert_judgement(report: dict, fit: dict):
    """Figures that statsmodels does not have are consistent with each other."""
    if report["half_life_bars"] is None:
        assert "half_life_bars" in report["reason"]
    else:
        assert report["half_life_lower_bars"] <= report["half_life_bars"] <= report["half_life_upper_bars"]
        biased = biased_half_life(fit["residuals"])
        assert biased is None or report["half_life_bars"] >= biased * (1 - 1e-9)
    assert report["hedge_ratio_robust_stderr"] > report["hedge_ratio_stderr"]
    assert 0 <= report["calibrated_pvalue"] <= 1
    evidence, threshold = report["evidence"], report["evidence_threshold"]
    assert 1 <= evidence <= 1e9 and threshold > 1 and report["proven"] in ("yes", "no")
    assert report["data_quality"] == 1
    assert report["confidence"] == pytest.approx(evidence / (evidence + threshold), rel=1e-12)


def test_the_text_advises_no_trade(binary, pair):
    path, _, _ = pair
    run = analyze(binary, "--csv", path, "--y", "eth", "--x", "btc", "--window", "240", "--efficacy")
    assert run.returncode == 0, run.stderr
    assert "Verdict" in run.stdout and "Watch " in run.stdout and "eth and btc" in " ".join(run.stdout.split())
    assert max(map(len, run.stdout.splitlines())) <= 80
    assert not advice.TRADE.search(run.stdout)


def test_the_head_states_what_was_read_and_how(binary, pair):
    path, _, _ = pair
    report = json.loads(
        analyze(binary, "--csv", path, "--y", "eth", "--x", "btc", "--window", "240", "--format", "json").stdout
    )
    head = report["head"]
    assert (head["file"], head["y"], head["x"], head["ordered_by"]) == (str(path), "eth", "btc", "time")
    assert (head["first"], head["last"], head["gaps"], head["rows_read"]) == ("0", "399", 0, 400)
    assert head["rows_in_window"] == head["rows_tested"] == head["window"] == 240
    assert (head["price"], head["adf_regression"], head["adf_autolag"], head["adf_maxlag"]) == ("log", "c", "aic", "schwert")
    assert all(value >= 0 for value in head["rows_left_out"].values())
    verdict = report["verdict"]
    found = report["calibrated_pvalue"] < 0.03
    assert ("find cointegration" in verdict["relation"]) == found
    assert f"{report['forecast_zscore']:.6g}" in verdict["position"]
    assert verdict["reversion"] and verdict["watch"]


@pytest.mark.parametrize(("trend", "bound"), [(0.0, "above"), (0.5, "below")])
def test_a_p_value_at_the_end_of_a_table_is_a_bound(binary, tmp_path, trend, bound):
    noise = numpy.diff(numpy.random.default_rng(5).normal(size=301))
    values = noise + trend * numpy.arange(300)
    path = tmp_path / "series.csv"
    path.write_text("value\n" + "".join(f"{value!r}\n" for value in values.tolist()))
    arguments = ("--csv", path, "--series", "value")
    report = json.loads(analyze(binary, *arguments, "--format", "json").stdout)
    assert report["kpss"]["pvalue"] == {"above": 0.1, "below": 0.01}[bound] and report["kpss"]["pvalue_bound"] == bound
    text = analyze(binary, *arguments).stdout
    assert {"above": "> 0.1", "below": "< 0.01"}[bound] in text


def test_the_window_of_a_file_is_no_longer_than_its_rows(binary, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("time,a,b\n2024-01-01,1,2\n2024-01-02,,3\n2024-01-03,2,3\n")
    refused = analyze(binary, "--csv", path, "--y", "a", "--x", "b", "--window", "3")
    assert refused.returncode == 64
    assert f"{path}: --window 3 is longer than the 2 rows that can be used: 3 rows read, 1 left out" in refused.stderr


def test_instruments_of_a_database_are_named_right(binary, tmp_path):
    path, database = tmp_path / "bars.csv", tmp_path / "pairs.sqlite"
    rows = [f"{1_700_000_040 + 60 * row},{symbol},1m,1,1,1,1,1,1" for row in range(3) for symbol in ("ETHUSDT", "SOLUSDT")]
    path.write_text("open_time,symbol,timeframe,open,high,low,close,volume,trades\n" + "\n".join(rows) + "\n")
    run(binary, "import", "--db", database, "--venue", "binance-usdm", path)

    def refusal(y: str, x: str) -> str:
        done = analyze(binary, "--db", database, "--y", f"binance-usdm:{y}", "--x", f"binance-usdm:{x}", "--timeframe", "1m")
        assert done.returncode == 64, done.stdout
        return done.stderr

    assert "--y and --x are both binance-usdm:ETHUSDT" in refusal("ETHUSDT", "ETHUSDT")
    assert "no data of binance-usdm:SOLUSD; the database has binance-usdm:SOLUSDT, binance" in refusal("ETHUSDT", "SOLUSD")


def test_a_configuration_gives_the_tests_and_thresholds_of_its_operator(binary, pair, tmp_path):
    path, _, _ = pair
    config = tmp_path / "pairs.yml"
    config.write_text(
        yaml.safe_dump(
            {"tests": {"min_observations": 300}, "signals": {"zscore_entry": 0.002, "zscore_exit": 0.001}}
        )
    )
    arguments = ("--csv", path, "--y", "eth", "--x", "btc", "--window", "240", "--format", "json")
    reports = []
    for further in ((), ("--config.file", config)):
        done = analyze(binary, *arguments, *further)
        assert done.returncode == 0, done.stderr
        reports.append(json.loads(done.stdout))
    without, with_file = reports
    assert without["adf"]["statistic"] is not None and without["engle_granger"]["pvalue"] is not None
    assert with_file["adf"]["statistic"] is None and with_file["adf"]["reason"].startswith("too_few")
    assert with_file["engle_granger"]["pvalue"] is None and with_file["evidence"] is None
    # Almost every bar is beyond so low an entry, and none reverts below so low an exit.
    assert with_file["signals"]["zscore_extreme"] == "holds"
    for key in ("hedge_ratio", "zscore", "half_life_bars"):
        assert with_file[key] == without[key]
    assert without["tested_observations"] == without["head"]["rows_tested"] == 240
    assert with_file["tested_observations"] is with_file["head"]["rows_tested"] is None
    config.write_text("tests: {min_observations: 3}\n")
    refused = analyze(binary, *arguments, "--config.file", config)
    assert refused.returncode == 64 and "min_observations" in refused.stderr


@pytest.mark.parametrize(("lost", "is_tested"), [([150], False), ([50, 100, 200], False), ([30], True)])
def test_rows_with_gaps_are_tested_by_the_rule_of_the_readings(binary, tmp_path, lost, is_tested):
    """On the longest stretch without a gap, and only where that is 0.8 of the rows or more."""
    y, x = random_pair(240)
    rows = ["open_time,symbol,timeframe,open,high,low,close,volume,trades"]
    for row in range(240):
        if row not in lost:
            time = 1_700_000_040 + 60 * row
            rows += [f"{time},{symbol},1m" + f",{float(leg[row])!r}" * 4 + ",1,1" for symbol, leg in (("Y", y), ("X", x))]
    path, database = tmp_path / "bars.csv", tmp_path / "pairs.sqlite"
    path.write_text("\n".join(rows) + "\n")
    run(binary, "import", "--db", database, "--venue", "binance-usdm", path)
    legs = ("--y", "binance-usdm:Y", "--x", "binance-usdm:X", "--timeframe", "1m")
    report = json.loads(run(binary, "analyze", "--db", database, *legs, "--window", "240", "--format", "json").stdout)
    assert report["observations"] == 240 - len(lost) and report["hedge_ratio"] is not None
    if is_tested:
        assert report["tested_observations"] == 209 and report["engle_granger"]["pvalue"] is not None
        return
    assert report["tested_observations"] is None and report["calibrated_pvalue"] is None and report["evidence"] is None
    for key in ("adf", "engle_granger", "engle_granger_reversed", "kpss", "variance_ratio"):
        assert report[key]["statistic"] is None and report[key]["reason"].startswith("gap"), key
    for key in ("half_life_bars", "hedge_ratio_robust_stderr", "hedge_ratio_hac_stderr"):
        assert report[key] is None and report["reason"][key].startswith("gap"), key


def test_series_equals_statsmodels(binary, tmp_path):
    values = numpy.cumsum(numpy.random.default_rng().normal(size=300))
    path = tmp_path / "series.csv"
    path.write_text("value\n" + "".join(f"{value!r}\n" for value in values.tolist()))
    run = analyze(binary, "--csv", path, "--series", "value", "--format", "json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    adf = adfuller(values, result_object=True)
    assert report["adf"]["statistic"] == pytest.approx(adf.statistic, abs=1e-8)
    assert report["adf"]["pvalue"] == pytest.approx(adf.pvalue, abs=1e-8)
    assert report["adf"]["lags"] == adf.lags
    assert_variance_ratio(report, values)


def test_what_cannot_be_computed_is_null_with_a_reason(binary, tmp_path):
    path = tmp_path / "flat.csv"
    path.write_text("a,b\n" + "".join(f"{row + 1},5\n" for row in range(100)))
    run = analyze(binary, "--csv", path, "--y", "a", "--x", "b", "--format", "json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["hedge_ratio"] is None and report["adf"]["statistic"] is None
    assert report["reason"]["hedge_ratio"].startswith("flat_leg")
    assert report["adf"]["reason"].startswith("flat_leg")
    assert report["warnings"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n1,2\n3,x\n", ':3: column b must be a number, found "x"'),
        ("a,b\n1,2\n3\n", ":3: the line has 1 cell, the header has 2"),
        ("a,c\n1,2\n", ':1: has no column "b"; its columns are a, c'),
        ("a,b\n1,-2\n", ":2: column b is -2, which has no logarithm; use --price level"),
        ('a,b\n1,"2\n', ":2: the quote of cell 2 does not end on its line"),
        ("", "is empty"),
    ],
)
def test_a_broken_csv_is_refused_with_file_and_line(binary, tmp_path, text, problem):
    path = tmp_path / "broken.csv"
    path.write_text(text)
    run = analyze(binary, "--csv", path, "--y", "a", "--x", "b")
    assert run.returncode == 64
    assert str(path) in run.stderr and problem in run.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("feeds:\n  - venue: simulated\nbarz: {}\n", "config.yml:3: barz: unknown key; did you mean bars?"),
        ("timeframes: [1s, 7x]\n", "config.yml:1: timeframes[1]: must be a bar length"),
        ("bars:\n  min_fill: 3\n", "config.yml:2: bars.min_fill: must be a number from 0.1 to 1.0, found"),
        ("pairs:\n  - y: okx:A\n    x: okx:B\n", "config.yml:2: pairs: okx:A has no feed"),
        ("pairs: [\n", "config.yml:"),
        ("series_limit: 10\n", "config.yml:1: series_limit: this configuration makes up to"),
    ],
)
def test_a_broken_configuration_is_refused_with_file_line_and_key(binary, tmp_path, text, problem):
    path = tmp_path / "config.yml"
    path.write_text(text)
    for command in (["check-config"], []):
        run = subprocess.run([binary, *command, "--config.file", path], capture_output=True, text=True, timeout=60)
        assert run.returncode == 64
        assert problem in run.stderr, run.stderr
