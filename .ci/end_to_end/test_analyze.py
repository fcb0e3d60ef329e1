"""`analyze` gives the numbers of statsmodels."""

import json
import subprocess
import sys

import numpy
import pytest
from scipy.stats import theilslopes
from statsmodels.tsa.stattools import adfuller, coint, kpss

from reference import least_squares
from stack import REPOSITORY

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


def power_of_two(values):
    return 2.0 ** -numpy.round(numpy.log2(numpy.std(values)))


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
    assert report["observations"] == 400
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
    assert set(report["hedge_ratios"]) == {"tls", "huber", "theil_sen", "kalman"}
    assert report["hedge_ratios"]["theil_sen"] == pytest.approx(theilslopes(y, x).slope, rel=1e-12)
    variances = numpy.cov(y, x)
    difference = variances[0, 0] - variances[1, 1]
    total = (difference + numpy.hypot(difference, 2 * variances[0, 1])) / (2 * variances[0, 1])
    assert report["hedge_ratios"]["tls"] == pytest.approx(total, rel=1e-9)
    for ratio in report["hedge_ratios"].values():
        assert ratio == pytest.approx(fit["slope"], rel=0.3)
    statistic, pvalue, critical = coint(y * power_of_two(y), x * power_of_two(y), trend="c", autolag="aic")
    assert report["engle_granger"]["statistic"] == pytest.approx(statistic, abs=1e-8)
    assert report["engle_granger"]["pvalue"] == pytest.approx(pvalue, abs=1e-8)
    assert list(report["engle_granger"]["critical_values"].values()) == pytest.approx(list(critical), abs=1e-8)


def test_the_text_advises_no_trade(binary, pair):
    path, _, _ = pair
    run = analyze(binary, "--csv", path, "--y", "eth", "--x", "btc", "--window", "240", "--efficacy")
    assert run.returncode == 0, run.stderr
    assert "interpretation" in run.stdout and "meaning" in run.stdout
    assert not advice.TRADE.search(run.stdout)


def test_series_equals_statsmodels(binary, tmp_path):
    values = numpy.cumsum(numpy.random.default_rng().normal(size=300))
    path = tmp_path / "series.csv"
    path.write_text("value\n" + "".join(f"{value!r}\n" for value in values.tolist()))
    run = analyze(binary, "--csv", path, "--series", "value", "--format", "json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)["adf"]
    adf = adfuller(values, result_object=True)
    assert report["statistic"] == pytest.approx(adf.statistic, abs=1e-8)
    assert report["pvalue"] == pytest.approx(adf.pvalue, abs=1e-8)
    assert report["lags"] == adf.lags


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
        ("a,b\n1,2\n3\n", ":3: has 1 cells, the header has 2"),
        ("a,c\n1,2\n", ':1: has no column "b"; its columns are a, c'),
        ("a,b\n1,-2\n", ":2: column b is -2, which has no logarithm; use --price level"),
        ('a,b\n1,"2\n', ":2: has a quote that does not end"),
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
