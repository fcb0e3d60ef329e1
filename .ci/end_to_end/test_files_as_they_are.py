"""Files as people have them give the right numbers, or are refused with what to do."""

import json
import os
import re
import subprocess

import numpy
import pandas
import pytest

from imports import bars, holes, import_files, trades
from reference import engle_granger, least_squares
from stack import REPOSITORY

START = 1_723_075_200_000_000
MINUTE = 60_000_000


@pytest.fixture(scope="session")
def cases():
    path = REPOSITORY.parent / "shared/cases/data"
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the files as people have them are missing: {path}")
        pytest.skip("the files as people have them are not here")
    return path


def analyze(binary, path, y="y", x="x", *arguments, status=0) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [binary, "analyze", "--csv", path, "--y", y, "--x", x, "--format", "json", *arguments],
        capture_output=True, text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done


def legs(path, y="y", x="x", **reading) -> pandas.DataFrame:
    """Logarithms of two columns, without the rows in which one is missing."""
    return numpy.log(pandas.read_csv(path, **reading)[[y, x]]).dropna()


def assert_engle_granger(report: dict, frame: pandas.DataFrame):
    statistic, pvalue, _ = engle_granger(frame.iloc[:, 0].to_numpy(), frame.iloc[:, 1].to_numpy())
    assert report["engle_granger"]["statistic"] == pytest.approx(statistic, abs=1e-8)
    assert report["engle_granger"]["pvalue"] == pytest.approx(pvalue, abs=1e-8)


def imported(binary, cases, folder, name: str, status=0, **given):
    """The answer of `import`, and the trades and bars that are on disk then."""
    database = folder / "pairs.sqlite"
    done = import_files(binary, database, cases / name, status=status, **given)
    return done, trades(database), bars(database)


def test_rows_newest_first_are_sorted_by_time_and_the_order_is_reported(binary, cases):
    done = analyze(binary, cases / "01_newest_first.csv", "eth", "btc")
    report = json.loads(done.stdout)
    assert report["zscore"] == pytest.approx(5.5795, abs=1e-4)
    assert report["forecast_zscore"] == pytest.approx(13.0284, abs=1e-4)
    assert report["engle_granger"]["statistic"] == pytest.approx(-1.4437, abs=1e-4)
    assert report["engle_granger"]["pvalue"] == pytest.approx(0.7821, abs=1e-4)
    assert re.search("newest first|descend|sorted", done.stdout + done.stderr, re.IGNORECASE)
    frame = pandas.read_csv(cases / "01_newest_first.csv").sort_values("date")
    assert_engle_granger(report, numpy.log(frame[["eth", "btc"]]))
    sorted_report = json.loads(analyze(binary, cases / "01_newest_first.sorted.csv", "eth", "btc").stdout)
    for key in ("hedge_ratio", "zscore", "forecast_zscore", "engle_granger", "adf", "kpss", "half_life_bars"):
        assert report[key] == sorted_report[key], key
    newest = frame.tail(30)
    report = json.loads(analyze(binary, cases / "01_newest_first.csv", "eth", "btc", "--window", "30").stdout)
    fit = least_squares(numpy.log(newest["eth"]), numpy.log(newest["btc"]))
    assert report["hedge_ratio"] == pytest.approx(fit["slope"], rel=1e-9)


def test_ties_in_a_file_newest_first_keep_the_reverse_of_its_order(binary, cases, tmp_path):
    _, _, found = imported(binary, cases, tmp_path, "04_ties_newest_first.csv", venue="coinbase")
    minutes = found[found["timeframe"] == "1m"]
    assert list(minutes["open_time_us"][:3]) == [START, START + MINUTE, START + 2 * MINUTE]
    assert list(zip(minutes["open"], minutes["close"]))[:3] == [(100, 108), (109, 117), (118, 126)]


def test_a_timestamp_of_ten_digits_is_in_seconds(binary, cases, tmp_path):
    _, found, _ = imported(binary, cases, tmp_path, "05_seconds.csv", venue="coinbase")
    assert list(found["time_us"]) == [START + 20_000_000 * row for row in range(6)]


def test_numbers_with_an_exponent_are_read(binary, cases, tmp_path):
    _, found, _ = imported(binary, cases, tmp_path, "06_scientific.csv", venue="coinbase")
    assert list(found["price"].astype(float)) == [0.00001234, 0.00001235, 0.00001236, 0.00001237]
    assert found["price"][0] == "0.00001234" and found["quantity"][1] == "1000000"


def test_eighteen_decimals_fit_where_the_value_does(binary, cases, tmp_path):
    _, found, _ = imported(binary, cases, tmp_path, "07_eighteen_decimals.csv", venue="coinbase")
    assert list(found["price"].astype(float)) == [55000.1, 55000.2, 55001.2]
    assert list(found["quantity"].astype(float)) == [0.5, 0.5, 0.1]
    assert list(found["trade_id"]) == [1, 2, 3]
    assert holes(tmp_path / "pairs.sqlite").empty


def test_lines_before_the_header_are_skipped(binary, cases):
    report = json.loads(analyze(binary, cases / "10_preamble.csv").stdout)
    frame = legs(cases / "10_preamble.csv", skiprows=2)
    assert report["observations"] == len(frame)
    assert report["hedge_ratio"] == pytest.approx(least_squares(frame["y"], frame["x"])["slope"], rel=1e-9)


def test_a_blank_cell_is_a_gap(binary, cases):
    report = json.loads(analyze(binary, cases / "11_blank_cell.csv").stdout)
    assert report["observations"] == 29
    assert report["hedge_ratio"] == pytest.approx(1.0171491, abs=1e-7)
    assert report["engle_granger"]["pvalue"] == pytest.approx(0.01424, abs=1e-5)
    assert_engle_granger(report, legs(cases / "11_blank_cell.csv"))


def test_the_three_header_lines_of_yfinance_are_read(binary, cases):
    report = json.loads(analyze(binary, cases / "12_yfinance_header.csv", "KO", "PEP").stdout)
    assert report["hedge_ratio"] == pytest.approx(1.0171491, abs=1e-7)


def test_columns_of_one_name_are_refused(binary, cases):
    refused = analyze(binary, cases / "13_duplicate_columns.csv", "close", "close", status=64)
    assert "close" in refused.stderr
    refused = analyze(binary, cases / "13_duplicate_columns.csv", "close", "time", status=64)
    assert re.search("(two|2) columns", refused.stderr) and "close" in refused.stderr


def test_y_and_x_are_different_columns(binary, cases):
    refused = analyze(binary, cases / "11_blank_cell.csv", "y", "y", status=64)
    assert "--y" in refused.stderr and "--x" in refused.stderr


def test_semicolons_come_with_decimal_commas(binary, cases):
    report = json.loads(analyze(binary, cases / "14_semicolon.csv").stdout)
    frame = legs(cases / "14_semicolon.csv", sep=";", decimal=",")
    assert report["hedge_ratio"] == pytest.approx(least_squares(frame["y"], frame["x"])["slope"], rel=1e-9)
    assert_engle_granger(report, frame)


def test_a_low_above_the_close_by_one_rounding_step_is_kept(binary, cases, tmp_path):
    done, _, found = imported(
        binary, cases, tmp_path, "17_float_noise.csv", venue="coinbase", symbol="BTCEUR", timeframe="1m"
    )
    assert list(found["open_time_us"]) == [START, START + MINUTE], done.text
    assert list(found["close"]) == [63.701148986816406, 63.75]


@pytest.mark.parametrize(
    ("name", "microseconds"),
    [
        ("18_time_fraction.csv", 123_000), ("18_time_iso.csv", 123_000), ("18_time_ns.csv", 123_456),
        ("18_time_offset.csv", 0),
    ],
)
def test_a_time_is_read_in_any_unit(binary, cases, tmp_path, name, microseconds):
    _, found, _ = imported(binary, cases, tmp_path, name, venue="coinbase")
    assert list(found["time_us"]) == [START + microseconds]


def test_no_degree_of_freedom_gives_no_test(binary, cases):
    done = analyze(binary, cases / "19_saturated.csv", "y", "x", "--price", "level")
    report = json.loads(done.stdout)
    assert report["observations"] == 20
    for key in ("engle_granger", "engle_granger_reversed"):
        if report[key]["statistic"] is None:
            assert report[key]["pvalue"] is None and report[key]["reason"]
        else:
            assert (report[key]["statistic"], round(report[key]["pvalue"], 10)) != (0, 0.9859002580)
    assert report["engle_granger"]["statistic"] is None


def test_a_negative_price_is_stored_or_refused_with_its_reason(binary, cases, tmp_path):
    done, _, found = imported(
        binary, cases, tmp_path, "20_negative_price.csv", status=None, venue="nymex", symbol="CL", timeframe="1d"
    )
    if done.returncode == 0:
        assert list(found["close"]) == [-37.63, 10.01]
    else:
        assert done.returncode == 1 and "not positive" in done.text and found.empty
        assert re.search(r"20_negative_price\.csv:2\b.*-40\.32", done.text)


def test_cells_are_trimmed(binary, cases, tmp_path):
    _, found, _ = imported(binary, cases, tmp_path, "21_spaces.csv", venue="coinbase")
    assert list(found.loc[0, ["symbol", "time_us", "price", "quantity"]]) == ["BTCEUR", START, "55000.1", "0.5"]


def test_a_bar_that_is_repeated_is_reported(binary, cases, tmp_path):
    done, _, found = imported(
        binary, cases, tmp_path, "22_duplicate_bars.csv", status=1, venue="coinbase", symbol="BTCEUR", timeframe="1m"
    )
    assert list(found["open_time_us"]) == [START, START + MINUTE]
    assert found["close"][0] == 2 and found["close"][1] in (2.5, 2.9)
    assert re.search(r"22_duplicate_bars\.csv:[34]\b", done.text), done.text


def test_side_is_that_of_the_taker_and_names_have_no_case(binary, cases, tmp_path):
    _, found, _ = imported(binary, cases, tmp_path, "23_side.csv", venue="coinbase")
    assert list(found["taker_side"]) == ["buy", "sell"]
    assert list(found["quantity"]) == ["0.5", "0.5"] and list(found["price"]) == ["55000.1", "55000.0"]


def test_a_dump_of_spot_is_identified(binary, cases, tmp_path):
    done, found, _ = imported(binary, cases, tmp_path, "BNBBTC-trades-2017-07.csv")
    assert set(found["venue"]) == {"binance-spot"} and set(found["symbol"]) == {"BNBBTC"}
    assert list(found["trade_id"]) == [28457, 28458] and list(found["taker_side"]) == ["sell", "buy"]
    assert list(found["price"]) == ["4.00000100", "4.00000200"]
    assert "binance-spot" in done.stdout and "BNBBTC" in done.stdout


def test_a_dump_of_coin_futures_asks_for_the_venue(binary, cases, tmp_path):
    name = "BTCUSD_PERP-trades-2024-08-08.csv"
    done, found, _ = imported(binary, cases, tmp_path, name, status=None)
    assert done.returncode in (1, 64) and "--venue" in done.stderr and name in done.stderr
    assert found.empty
    _, found, _ = imported(binary, cases, tmp_path, name, venue="binance-coinm")
    assert list(found["taker_side"]) == ["sell", "buy"] and list(found["trade_id"]) == [1, 2]
    assert list(found["quantity"]) == ["1", "2"]


def test_candles_without_a_header_have_symbol_and_timeframe_in_the_name(binary, cases, tmp_path):
    _, _, found = imported(binary, cases, tmp_path, "ADABTC-1m-2021-11-27.csv", venue="binance-spot")
    assert len(found) == 4 and set(found["symbol"]) == {"ADABTC"} and set(found["timeframe"]) == {"1m"}
    assert list(found["open_time_us"]) == [1_637_971_200_000_000 + MINUTE * row for row in range(4)]
    assert list(found["open"]) == [0.00002850, 0.00002851, 0.00002852, 0.00002853]
    assert set(found["volume"]) == {100.0} and set(found["trades"]) == {10}


def test_an_error_about_a_long_window_states_the_number_of_rows(binary, cases):
    refused = analyze(binary, cases / "01_newest_first.csv", "eth", "btc", "--window", "240", status=64)
    assert "40" in refused.stderr and "240" in refused.stderr
