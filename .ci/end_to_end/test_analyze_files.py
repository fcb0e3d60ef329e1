"""`analyze` reads tables of any order and form, with gaps and repeats, and reports what it read."""

import gzip
import json
import re
import subprocess

import numpy
import pandas
import pytest

from file_forms import zipped
from reference import engle_granger, least_squares

ROWS = 60
DAYS = pandas.date_range("2024-02-01", periods=ROWS, freq="D")


def prices() -> pandas.DataFrame:
    """Two legs by day, to the cent."""
    generator = numpy.random.default_rng(17)
    x = numpy.exp(4 + numpy.cumsum(generator.normal(size=ROWS)) * 0.01)
    y = x**1.2 * numpy.exp(generator.normal(size=ROWS) * 0.004)
    frame = pandas.DataFrame({"time": DAYS.strftime("%Y-%m-%d"), "eth": y.round(2), "btc": x.round(2)})
    return frame


def analyze(binary, path, *arguments, y="eth", x="btc", status=0, **process) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [binary, "analyze", "--csv", path, "--y", y, "--x", x, *arguments], capture_output=True, **process
    )
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == status, done.stdout + done.stderr
    return done


def report_of(binary, path, *arguments, **names) -> dict:
    return json.loads(analyze(binary, path, "--format", "json", *arguments, **names).stdout)


def assert_report(report: dict, frame: pandas.DataFrame):
    """The numbers of the rows in the order of time."""
    y, x = numpy.log(frame["eth"].to_numpy()), numpy.log(frame["btc"].to_numpy())
    fit = least_squares(y, x)
    assert report["observations"] == len(frame)
    assert report["hedge_ratio"] == pytest.approx(fit["slope"], rel=1e-9)
    assert report["spread"] == pytest.approx(fit["residuals"][-1], rel=1e-9, abs=1e-14)
    statistic, pvalue, _ = engle_granger(y, x)
    assert report["engle_granger"]["statistic"] == pytest.approx(statistic, abs=1e-8)
    assert report["engle_granger"]["pvalue"] == pytest.approx(pvalue, abs=1e-8)


def csv(frame: pandas.DataFrame, **how) -> bytes:
    return frame.to_csv(index=False, **how).encode()


def yfinance(frame: pandas.DataFrame) -> bytes:
    """Several fields of several tickers, under three header lines."""
    fields = ["Close", "High", "Low", "Open", "Volume"]
    lines = ["Price," + ",".join(f"{field},{field}" for field in fields), "Ticker" + ",BTC,ETH" * 5, "Date" + "," * 10]
    for row in frame.itertuples():
        lines.append(f"{row.time},{row.btc},{row.eth}" + f",{row.btc + 1},{row.eth + 2}" * 4)
    return "\n".join(lines).encode()


def long(frame: pandas.DataFrame) -> pandas.DataFrame:
    rows = frame.melt("time", ["eth", "btc"], "symbol", "close")
    return rows.sort_values(["symbol", "time"], kind="stable")


def with_times(texts) -> pandas.DataFrame:
    return prices().assign(time=list(texts))


NEW_YORK = DAYS.tz_localize("America/New_York")
FORMS = {
    "oldest first": csv(prices()),
    "newest first": csv(prices().iloc[::-1]),
    "shuffled": csv(prices().sample(frac=1, random_state=1)),
    "seconds, newest first": csv(with_times(DAYS.astype("datetime64[s]").astype("int64")).iloc[::-1]),
    "milliseconds": csv(with_times(DAYS.astype("datetime64[ms]").astype("int64"))),
    "nanoseconds, newest first": csv(with_times(DAYS.astype("datetime64[ns]").astype("int64")).iloc[::-1]),
    "two offsets of New York": csv(with_times(moment.isoformat(" ") for moment in NEW_YORK).iloc[::-1]),
    "a first column of dates without a name": csv(prices().rename(columns={"time": ""}).iloc[::-1]),
    "a first column of dates with an odd name": csv(prices().rename(columns={"time": "Period"}).iloc[::-1]),
    "the time in the last column": csv(prices()[["eth", "btc", "time"]].iloc[::-1]),
    "semicolons and decimal commas": csv(prices().iloc[::-1], sep=";", decimal=","),
    "Excel": prices().to_csv(index=False, sep="\t", lineterminator="\r\n").encode("utf-16"),
    "quoted": csv(prices().iloc[::-1], quoting=1),
    "gzip": gzip.compress(csv(prices())),
    "zip": zipped("prices.csv", csv(prices()).decode()),
    "exponents": csv(prices(), float_format="%.6e"),
    "comments and an address before the header": b"# made by hand\nhttps://example.com/data\n" + csv(prices()),
    "repeated rows": csv(pandas.concat([prices(), prices().iloc[20:30]])),
    "blank cells": csv(pandas.concat([prices(), prices().iloc[:1].assign(time="2024-05-01", eth=numpy.nan)])),
    "cells of NaN": csv(pandas.concat([prices(), prices().iloc[:1].assign(time="2024-05-01", eth="NaN")])),
    "long format": csv(long(prices())),
    "long format, shuffled": csv(long(prices()).sample(frac=1, random_state=1)),
    "long format with a third symbol": csv(pandas.concat([long(prices()), long(prices()).assign(symbol="sol")])),
    "names in other case": csv(prices().rename(columns={"eth": "ETH", "btc": "Btc"})),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_gives_the_numbers_of_its_rows_in_the_order_of_time(binary, tmp_path, form):
    path = tmp_path / "prices.csv"
    path.write_bytes(FORMS[form])
    assert_report(report_of(binary, path), prices())


def test_standard_input_is_read(binary):
    assert_report(report_of(binary, "-", input=csv(prices())), prices())


def test_tickers_of_yfinance_are_their_close(binary, tmp_path):
    path = tmp_path / "yfinance.csv"
    path.write_bytes(yfinance(prices()))
    assert_report(report_of(binary, path, y="ETH", x="BTC"), prices())
    refused = analyze(binary, path, y="Close", x="Open", status=64)
    assert "Close" in refused.stderr and "ETH" in refused.stderr and "BTC" in refused.stderr


@pytest.mark.parametrize("form", ["%m/%d/%Y", "%d.%m.%Y", "%d/%m/%Y", "%b %d, %Y"])
def test_dates_of_another_form_are_never_read_backwards(binary, tmp_path, form):
    """Read right, or refused with the forms that are."""
    path = tmp_path / "prices.csv"
    path.write_bytes(csv(with_times(DAYS.strftime(form)).iloc[::-1]))
    done = subprocess.run(
        [binary, "analyze", "--csv", path, "--y", "eth", "--x", "btc", "--format", "json"],
        capture_output=True, text=True,
    )
    if done.returncode == 0:
        assert_report(json.loads(done.stdout), prices())
    else:
        print("refused:", form)
        assert done.returncode == 64 and f"{path}:2" in done.stderr and "ISO 8601" in done.stderr


def test_repeats_that_differ_are_refused_with_both_lines(binary, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(csv(pandas.concat([prices(), prices().iloc[20:21].assign(eth=1.0)])))
    refused = analyze(binary, path, status=64)
    assert f"{path}:{ROWS + 2}" in refused.stderr and "line 22" in refused.stderr


def test_the_window_is_that_of_the_newest_rows(binary, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(csv(prices().iloc[::-1]))
    assert_report(report_of(binary, path, "--window", "40"), prices().tail(40))


def test_the_text_states_what_was_read(binary, tmp_path):
    path = tmp_path / "prices.csv"
    frame = prices().drop(index=[10, 11, 30])
    path.write_bytes(csv(frame.iloc[::-1]))
    text = analyze(binary, path.name, cwd=tmp_path).stdout
    for word in (path.name, "eth", "btc", "2024-02-01", "2024-03-31", "57", "newest first", "2 gaps", "log"):
        assert word in text, word
    assert "units of" not in text
    assert max(map(len, text.splitlines())) <= 80, max(text.splitlines(), key=len)
    for number in re.findall(r"-?\d+\.\d+", text):
        digits = number.replace("-", "").replace(".", "").lstrip("0")
        assert len(digits) <= 6, number


def test_what_is_absent_has_its_reason(binary, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(csv(prices()))
    report = report_of(binary, path)
    missing = [key for key, value in report.items() if value is None]
    assert set(missing) <= set(report["reason"]), set(missing) - set(report["reason"])
    text = analyze(binary, path).stdout
    assert not re.search(r"\b(nan|nil|inf)\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty"]),
        (b"time,eth,btc\n", ["0", "row"]),
        (b"time,eth,btc\n2024-01-01,,\n", ["row"]),
        (b"time,eth,sol\n2024-01-01,1,2\n", [":1", '"btc"', "sol"]),
        (b"time,eth,btc\n2024-01-01,1,2\n2024-01-02,x,2\n", [":3", '"x"', "eth", "number"]),
        (b"time,eth,btc\n2024-01-01,1,2\nsoon,1,2\n", [":3", '"soon"', "ISO 8601"]),
        (b"time,eth,btc\n2024-01-01,1,2\n2024-01-02,1\n", [":3", "2", "3"]),
        (b"time,eth,btc\n2024-01-01,0,2\n", [":2", "0", "--price level"]),
        (b"time,symbol,close\n2024-01-01,sol,1\n2024-01-01,ada,2\n", ["eth", "sol"]),
        (b"symbol,close\neth,1\nbtc,2\n", ["time"]),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_what_to_do(binary, tmp_path, content, words):
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    refused = analyze(binary, path, status=64)
    for word in [str(path), *words]:
        assert word in refused.stderr, refused.stderr
