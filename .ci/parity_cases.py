#!/usr/bin/env python3
"""Write reference results of statsmodels and arch for the parity test of PairStatistics.

    python3 parity_cases.py OUTPUT.json [--seed N] [--adf-series N] [--pair-series N]

A fresh seed is drawn and printed unless one is given. The Dickey-Fuller references are taken on the series
times the power of two nearest to 1/sd, because statsmodels itself is not scale-invariant for small inputs;
the test gets the series as they are. Beside each stands the statistic of the same regression solved in long
double: with a trend of several thousand rows statsmodels' pseudo-inverse of the raw columns t and t² is itself
off by more than 1e-8. Needs numpy, statsmodels 0.15 and arch.
"""

import argparse
import json
import math
import os
import secrets
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import arch
import numpy as np
import statsmodels
from arch.unitroot import VarianceRatio
from scipy.stats import theilslopes
from statsmodels.regression.linear_model import OLS
from statsmodels.robust.norms import HuberT
from statsmodels.robust.robust_linear_model import RLM
from statsmodels.tools import add_constant
from statsmodels.tsa.stattools import adfuller, coint, kpss

TRENDS = ("n", "c", "ct", "ctt")
SELECTIONS = (("aic", "AIC"), ("bic", "BIC"), ("t-stat", "t-stat"), ("none", None))


def autoregression(rng, n, phi):
    values = np.empty(n)
    values[0] = rng.standard_normal() / math.sqrt(1 - phi * phi)
    for i, shock in enumerate(rng.standard_normal(n - 1), start=1):
        values[i] = phi * values[i - 1] + shock
    return values


def random_walk(rng, n, drift=0.0):
    return np.cumsum(rng.standard_normal(n) + drift)


def log_price(rng, n):
    return math.log(60000) + 3e-4 * np.cumsum(rng.standard_t(4, n))


def jumping_price(rng, n):
    steps = 1e-3 * rng.standard_normal(n)
    steps[rng.integers(0, n, 3)] += rng.choice([-0.3, 0.3], 3)
    return 11 + np.cumsum(steps)


def moving_average(rng, n):
    shocks = rng.standard_normal(n + 1)
    return np.cumsum(shocks[1:] - 0.8 * shocks[:-1])


PROCESSES = {
    "white noise": lambda rng, n: rng.standard_normal(n),
    "stationary, phi 0.5": lambda rng, n: autoregression(rng, n, 0.5),
    "stationary, phi 0.97": lambda rng, n: autoregression(rng, n, 0.97),
    "random walk": random_walk,
    "random walk with drift": lambda rng, n: random_walk(rng, n, 0.2),
    "autocorrelated steps": lambda rng, n: np.cumsum(autoregression(rng, n, 0.6)),
    "moving-average steps": moving_average,
    "trend and noise": lambda rng, n: 0.05 * np.arange(n) + rng.standard_normal(n),
    "quadratic trend and walk": lambda rng, n: 10 * np.linspace(-1, 1, n) ** 2 + 0.3 * random_walk(rng, n),
    "log price": log_price,
    "log price with jumps": jumping_price,
    "tick grid": lambda rng, n: np.round(100 + 0.02 * random_walk(rng, n), 2),
    "tiny": lambda rng, n: 1e-7 * autoregression(rng, n, 0.9),
    "huge": lambda rng, n: 1e6 * random_walk(rng, n),
}


def lengths(rng, count, low=20, high=5000):
    """Log-uniform lengths that include both ends."""
    drawn = np.exp(rng.uniform(math.log(low), math.log(high), count)).round().astype(int)
    drawn[: min(2, count)] = [low, high][:count]
    return [int(n) for n in drawn]


def unit_scale(values):
    deviation = float(np.std(values))
    return 2.0 ** round(-math.log2(deviation)) if deviation > 0 else 1.0


def orthonormal(columns):
    """Modified Gram-Schmidt, done twice, in long double: directions, parts along earlier ones, lengths left over."""
    basis, parts, lengths = [], [], []
    for column in columns:
        rest, along = column, np.zeros(len(basis), dtype=np.longdouble)
        for _ in range(2):
            for position, direction in enumerate(basis):
                part = direction @ rest
                rest = rest - part * direction
                along[position] += part
        length = np.sqrt(rest @ rest)
        basis.append(rest / length)
        parts.append(along)
        lengths.append(length)
    return basis, parts, lengths


def trend_columns(rows, trend):
    time = np.linspace(-1, 1, rows).astype(np.longdouble)
    return [time**power for power in range(0 if trend == "n" else len(trend))]


def extended_statistic(series, lags, trend):
    """t of the lagged level in a Dickey-Fuller regression, in long double."""
    x = np.asarray(series, dtype=np.longdouble)
    x = x / np.std(x)
    if trend != "n":
        x = x - x.mean()
    steps = np.diff(x)
    rows = len(steps) - lags
    columns = trend_columns(rows, trend)
    columns += [steps[lags - lag : lags - lag + rows] for lag in range(1, lags + 1)]
    columns += [x[lags : lags + rows], steps[lags:]]
    freedom = rows - len(columns) + 1
    if freedom <= 0:
        return 0.0
    _, parts, lengths = orthonormal(columns)
    return float(parts[-1][-1] / (lengths[-1] / np.sqrt(np.longdouble(freedom))))


def extended_residual(y, x, trend):
    """What y has left after the trend terms and x, in long double."""
    columns = trend_columns(len(y), trend)
    columns += [np.asarray(values, dtype=np.longdouble) for values in (x, y)]
    basis, _, lengths = orthonormal(columns)
    return basis[-1] * lengths[-1]


def adf_cases(rng, count):
    names = list(PROCESSES)
    result = []
    for index, n in enumerate(lengths(rng, count)):
        name = names[index % len(names)]
        series = PROCESSES[name](rng, n)
        scaled = series * unit_scale(series)
        cases = []
        for trend in TRENDS:
            for selection, autolag in SELECTIONS:
                bound = n // 2 - (0 if trend == "n" else len(trend)) - 1
                maxlag = None
                if rng.random() < 0.25:
                    maxlag = int(rng.integers(0, min(bound, 25) + 1))
                r = adfuller(scaled, maxlag=maxlag, regression=trend, autolag=autolag, result_object=True)
                # As many terms as rows: statsmodels answers 0, ours that there are too few.
                if r.nobs <= r.lags + 1 + (0 if trend == "n" else len(trend)):
                    continue
                cases.append(
                    {
                        "trend": trend,
                        "selection": selection,
                        "maximum_lag": maxlag,
                        "statistic": float(r.statistic),
                        "extended_statistic": extended_statistic(series, int(r.lags), trend),
                        "pvalue": float(r.pvalue),
                        "lags": int(r.lags),
                        "observations": int(r.nobs),
                        "critical": [float(r.critical_values[level]) for level in ("1%", "5%", "10%")],
                    }
                )
        result.append({"name": f"{name}, n={n}", "series": series.tolist(), "cases": cases})
    return result


def pair(rng, n, kind):
    steps = 4e-4 * np.cumsum(rng.standard_normal(n))
    if kind == "without level":
        return steps, 0.7 * steps + 1e-3 * autoregression(rng, n, 0.8)
    x = 11 + steps
    if kind == "cointegrated":
        return x, -2 + 1.3 * x + 1.5e-3 * autoregression(rng, n, 0.85)
    if kind == "independent":
        return x, 8 + 5e-4 * np.cumsum(rng.standard_normal(n))
    return x, 3 + 0.8 * x + 1e-4 * np.arange(n) + 1e-3 * autoregression(rng, n, 0.5)


def coint_result(y, x, trend, autolag):
    scale = unit_scale(y), unit_scale(x)
    r = coint(y * scale[0], x * scale[1], trend=trend, autolag=autolag)
    critical = [float(c) for c in r[2]]
    residual = extended_residual(y, x, trend)
    scaled = (residual / np.std(residual)).astype(float)
    lags = int(adfuller(scaled, regression="n", autolag=autolag, result_object=True).lags)
    return {
        # Minus infinity where statsmodels warns of collinearity.
        "statistic": float(r[0]) if math.isfinite(r[0]) else None,
        "extended_statistic": extended_statistic(residual, lags, "n"),
        "lags": lags,
        "pvalue": float(r[1]),
        "critical": None if math.isnan(critical[0]) else critical,
    }


def kpss_result(series, trend, nlags):
    r = kpss(series * unit_scale(series), regression=trend, nlags=nlags, result_object=True)
    return {
        "trend": trend,
        "automatic": nlags == "auto",
        "statistic": float(r.statistic),
        "pvalue": float(r.pvalue),
        "lags": int(r.lags),
    }


def regression_result(x, y):
    """The fit about the mean of x: the slope and its errors are the same, and statsmodels keeps more digits."""
    model = OLS(y, add_constant(x - x.mean()))
    plain = model.fit()
    robust = model.fit(cov_type="HAC", cov_kwds={"maxlags": None})
    fixed = model.fit(cov_type="HAC", cov_kwds={"maxlags": 7})
    return {
        "slope": float(plain.params[1]),
        "slope_error": float(plain.bse[1]),
        "r_squared": float(plain.rsquared),
        "hac_error": float(robust.bse[1]),
        "hac_error_seven": float(fixed.bse[1]),
    }


def robust_result(x, y):
    """About the means: slopes are the same, and the references keep more digits."""
    x, y = x - x.mean(), y - y.mean()
    huber = RLM(y, add_constant(x), M=HuberT()).fit(conv="coefs", tol=1e-14, maxiter=500)
    median_slope = theilslopes(y, x)[0] if len(x) <= 600 else None
    return {
        "huber_slope": float(huber.params[1]),
        "huber_scale": float(huber.scale),
        "theil_sen_slope": None if median_slope is None else float(median_slope),
    }


def half_life_result(series):
    lagged = series[:-1] - series.mean()
    fit = OLS(np.diff(series), add_constant(lagged)).fit()
    phi = 1 + float(fit.params[1])
    if not 0 < phi < 1:
        return None
    return {
        "bars": -math.log(2) / math.log(phi),
        "standard_error": math.log(2) * float(fit.bse[1]) / (phi * math.log(phi) ** 2),
    }


def variance_ratio_result(series, periods, trend, robust, debiased):
    r = VarianceRatio(series, lags=periods, trend=trend, robust=robust, debiased=debiased)
    return {
        "periods": periods,
        "trend": trend,
        "robust": robust,
        "debiased": debiased,
        "ratio": float(r.vr),
        "statistic": float(r.stat),
        "pvalue": float(r.pvalue),
    }


def pair_cases(rng, count):
    kinds = ("cointegrated", "independent", "trending", "without level")
    result = []
    for index, n in enumerate(lengths(rng, count, low=60, high=2000)):
        kind = kinds[index % len(kinds)]
        x, y = pair(rng, n, kind)
        slope, intercept = np.polyfit(x - x.mean(), y, 1)
        spread = y - intercept - slope * (x - x.mean())
        result.append(
            {
                "name": f"{kind}, n={n}",
                "x": x.tolist(),
                "y": y.tolist(),
                "spread": spread.tolist(),
                "regression": regression_result(x, y),
                "engle_granger": [
                    {"trend": trend, "selection": selection, "swapped": swapped}
                    | (coint_result(x, y, trend, autolag) if swapped else coint_result(y, x, trend, autolag))
                    for trend in TRENDS
                    for selection, autolag in SELECTIONS
                    for swapped in (False, True)
                ],
                "kpss": [kpss_result(spread, trend, nlags) for trend in ("c", "ct") for nlags in ("auto", "legacy")],
                "robust": robust_result(x, y),
                "half_life": half_life_result(spread),
                "variance_ratio": [
                    variance_ratio_result(y, periods, trend, robust, debiased)
                    for periods in (2, 5, 16)
                    for trend in ("n", "c")
                    for robust in (True, False)
                    for debiased in (True, False)
                ],
            }
        )
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--adf-series", type=int, default=140, help="each gives 16 cases (default 140)")
    parser.add_argument("--pair-series", type=int, default=28)
    arguments = parser.parse_args()
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    versions = f"statsmodels {statsmodels.__version__}, arch {arch.__version__}, numpy {np.__version__}"
    print(f"seed {seed}; {versions}", flush=True)
    rng = np.random.default_rng(seed)
    warnings.simplefilter("ignore")
    cases = {
        "seed": seed,
        "versions": versions,
        "adf": adf_cases(rng, arguments.adf_series),
        "pairs": pair_cases(rng, arguments.pair_series),
    }
    with open(arguments.output, "w", encoding="utf-8") as file:
        json.dump(cases, file, allow_nan=False)
    count = sum(len(entry["cases"]) for entry in cases["adf"])
    print(f"{count} Dickey-Fuller cases, {len(cases['pairs'])} pairs: {arguments.output}")


if __name__ == "__main__":
    main()
