"""The readings of a window by numpy and statsmodels, from the bars in the database."""

import sqlite3

import numpy
import pandas
from statsmodels.api import OLS, add_constant
from statsmodels.tsa.stattools import adfuller, coint, kpss


def bars(database, venue: str, symbol: str, timeframe: str) -> pandas.DataFrame:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return pandas.read_sql(
            "SELECT * FROM bar WHERE venue = ? AND symbol = ? AND timeframe = ? ORDER BY open_time_us",
            connection,
            params=(venue, symbol, timeframe),
        ).set_index("open_time_us")


def window(
    database, venue, y, x, timeframe, seconds: int, close_time: float, length: int, x_venue=None
) -> pandas.DataFrame:
    """Log closes of the last `length` slots that end at `close_time`, one row more for the fit before."""
    step = seconds * 1_000_000
    last = round(close_time * 1e6) - step
    slots = numpy.arange(last - length * step, last + step, step)
    closes = {
        leg: numpy.log(bars(database, where, symbol, timeframe)["close"].astype(float)).reindex(slots)
        for leg, where, symbol in (("y", venue, y), ("x", x_venue or venue, x))
    }
    return pandas.DataFrame(closes)


def power_of_two(values) -> float:
    """The factor to the scale of 1: statsmodels is not invariant to small values, and it changes nothing else."""
    return 2.0 ** -numpy.round(numpy.log2(numpy.std(values)))


def engle_granger(y, x) -> tuple:
    """Statistic, p-value and critical values of statsmodels for y on x."""
    scale = power_of_two(y)
    return coint(y * scale, x * scale, trend="c", autolag="aic")


def mutual(y, x) -> tuple:
    """The same of the direction with the larger p, which is the one with the larger statistic."""
    return max(engle_granger(y, x), engle_granger(x, y), key=lambda test: test[0])


def unit_root(leg) -> float:
    """The ADF p-value of a leg."""
    return adfuller(leg * power_of_two(leg), regression="c", autolag="AIC", result_object=True).pvalue


def biased_half_life(residual) -> float | None:
    """Half-life in bars from the autoregression by least squares, which is too short; None where there is none."""
    phi = OLS(residual[1:], add_constant(residual[:-1])).fit().params[1]
    return -numpy.log(2) / numpy.log(phi) if 0 < phi < 1 else None


def least_squares(y, x) -> dict:
    """OLS of y on x by statsmodels, on centred data: its pseudo-inverse loses four digits when the mean of x is large."""
    y, x = numpy.asarray(y), numpy.asarray(x)
    fit = OLS(y - y.mean(), add_constant(x - x.mean())).fit()
    slope = fit.params[1]
    return {
        "slope": slope,
        "intercept": y.mean() - slope * x.mean(),
        "stderr": fit.bse[1],
        "hac_stderr": fit.get_robustcov_results(cov_type="HAC", maxlags=None).bse[1],
        "r_squared": fit.rsquared,
        "scale": fit.scale,
        "residuals": fit.resid,
    }


def readings(frame: pandas.DataFrame) -> dict[str, float]:
    """The expected reading of the exporter after the last row."""
    current, previous = frame.iloc[1:].dropna(), frame.iloc[:-1].dropna()
    fit = least_squares(current["y"], current["x"])
    before = least_squares(previous["y"], previous["x"])
    last = current.iloc[-1]
    spread = fit["residuals"][-1]
    deviation = numpy.std(fit["residuals"], ddof=1)
    count, mean = len(previous), previous["x"].mean()
    centred = ((previous["x"] - mean) ** 2).sum()
    error = (last["y"] - previous["y"].mean()) - before["slope"] * (last["x"] - mean)
    scale = numpy.sqrt(before["scale"] * (1 + 1 / count + (last["x"] - mean) ** 2 / centred))
    returns = frame.iloc[1:].diff().dropna()
    correlation = returns["y"].corr(returns["x"])
    return {
        "pairs_hedge_ratio": fit["slope"],
        "pairs_hedge_ratio_stderr": fit["stderr"],
        "pairs_intercept": fit["intercept"],
        "pairs_r_squared": fit["r_squared"],
        "pairs_spread": spread,
        "pairs_spread_stddev": deviation,
        "pairs_spread_zscore": spread / deviation,
        "pairs_forecast_zscore": error / scale,
        "pairs_return_correlation": correlation,
        "pairs_return_correlation_lower": max(
            0, numpy.tanh(numpy.arctanh(abs(correlation)) - 1.959963984540054 / numpy.sqrt(len(returns) - 3))
        ),
        "pairs_level_correlation": current["y"].corr(current["x"]),
        "pairs_window_observations": len(current),
    }


def tests(frame: pandas.DataFrame) -> dict[str, float]:
    """The expected results of the periodic tests on these rows, which have no gap."""
    y, x = frame["y"].to_numpy(), frame["x"].to_numpy()
    fit = least_squares(y, x)
    residual = fit["residuals"]
    adf = adfuller(residual * power_of_two(residual), regression="c", autolag="AIC", result_object=True)
    statistic, pvalue, _ = mutual(y, x)
    return {
        "pairs_adf_statistic": adf.statistic,
        "pairs_adf_pvalue": adf.pvalue,
        "pairs_adf_lags": adf.lags,
        "pairs_cointegration_statistic": statistic,
        "pairs_cointegration_pvalue": pvalue,
        "pairs_kpss_statistic": kpss(residual, regression="c", nlags="auto", result_object=True).statistic,
    }


def assert_half_life(samples: dict[str, float], frame: pandas.DataFrame, seconds: int):
    """A half-life lies in its interval, and is no shorter than the biased estimate."""
    bars = biased_half_life(least_squares(frame["y"], frame["x"])["residuals"])
    median = samples.get("pairs_half_life_seconds")
    if median is None:
        assert not {"pairs_half_life_lower_seconds", "pairs_half_life_upper_seconds"} & set(samples)
        return
    assert samples["pairs_half_life_lower_seconds"] <= median <= samples["pairs_half_life_upper_seconds"]
    assert bars is None or median >= bars * seconds * (1 - 1e-9)
