"""The recorded sets are imported as pandas reads them: rows, bars, and refused rows."""

import json
import subprocess

import numpy
import pandas
import pytest

from imports import PRICES, UNNUMBERED, assert_bars, bars, expected_bars, expected_carried, holes, import_files, trades
from reference import least_squares

SIDES = {True: "sell", False: "buy"}


def read_trades(path) -> pandas.DataFrame:
    rows = pandas.read_csv(path, dtype={"price": str, "qty": str})
    return rows.rename(columns={"qty": "quantity"}).assign(time_us=rows["ts_ms"] * 1000)


def assert_trades_and_bars(database, venue: str, rows: pandas.DataFrame):
    """Every row with its exact text, and every bar of a minute and of five."""
    keys = ["symbol", "time_us", "trade_id"] if "trade_id" in rows else ["symbol", "time_us"]
    rows = rows.sort_values(keys, kind="stable").reset_index(drop=True)
    found = trades(database)
    found = found[found["venue"] == venue].sort_values(["symbol", "time_us", "trade_id"]).reset_index(drop=True)
    assert len(found) == len(rows)
    for column in [*keys, "price", "quantity"]:
        assert (found[column] == rows[column]).all(), column
    if "is_buyer_maker" in rows:
        assert (found["taker_side"] == rows["is_buyer_maker"].map(SIDES)).all()
    end = int(rows["time_us"].max())
    for timeframe, seconds in (("1m", 60), ("5m", 300)):
        expected = expected_bars(rows, end, seconds)
        stored = bars(database, timeframe)
        stored = stored[stored["venue"] == venue]
        assert_bars(stored[stored["state"] == "traded"], expected)
        carried = stored[stored["state"] == "carried"]
        found_carried = {(row.symbol, row.open_time_us): row.close for row in carried.itertuples()}
        assert found_carried == expected_carried(expected, end, seconds)


@pytest.mark.parametrize(
    ("folder", "venue"),
    [
        ("binance-usdm-20240808", "binance-usdm"), ("binance-spot-20240808", "binance-spot"),
        ("binance-cm-20240808", "binance-coinm"),
    ],
)
def test_numbered_trades_go_in_to_the_letter(binary, recorded, tmp_path, folder, venue):
    path, database = recorded.parent / folder / "trades.csv.gz", tmp_path / "pairs.sqlite"
    done = import_files(binary, database, path, venue=venue)
    rows = read_trades(path)
    assert_trades_and_bars(database, venue, rows)
    assert set(trades(database)["stream"]) == {"trade"} and holes(database).empty
    for word in (venue, str(len(rows)), *rows["symbol"].unique()):
        assert word in done.stdout.replace(",", ""), done.stdout
    again = import_files(binary, database, path, venue=venue)
    assert_trades_and_bars(database, venue, rows)
    print(again.stdout.splitlines()[0].partition(folder)[2])


def test_ticks_without_ids_go_in_to_the_letter(binary, recorded, tmp_path):
    path, database = recorded.parent / "equity-ticks-lean-20131008/trades.csv.gz", tmp_path / "pairs.sqlite"
    done = import_files(binary, database, path, venue="nyse")
    rows = read_trades(path)
    assert len(rows) == 654_140
    assert_trades_and_bars(database, "nyse", rows)
    assert trades(database)["stream"].str.startswith(UNNUMBERED).all()
    assert "654140" in done.stdout.replace(",", ""), done.stdout


@pytest.mark.parametrize(
    ("name", "venue", "count"),
    [
        ("etf-1m-2019-12/bars-1m.csv.gz", "nyse", 232_281),
        ("coinbase-1m-lean-201804/bars-1m.csv.gz", "coinbase", 13_886),
    ],
)
def test_bars_go_in_as_they_are(binary, recorded, tmp_path, name, venue, count):
    path, database = recorded.parent / name, tmp_path / "pairs.sqlite"
    import_files(binary, database, path, venue=venue, timeframe="1m")
    rows = pandas.read_csv(path).sort_values(["symbol", "open_ts_ms"]).reset_index(drop=True)
    found = bars(database, "1m")
    assert len(found) == len(rows) == count
    assert (found["symbol"] == rows["symbol"]).all() and (found["open_time_us"] == rows["open_ts_ms"] * 1000).all()
    for column in [*PRICES, "volume"]:
        assert (found[column] == rows[column]).all(), column


@pytest.mark.parametrize("symbol", ["EWA", "EWC", "GDX", "GLD", "IVV", "SPY"])
def test_the_vendors_own_files_of_bars_go_in(binary, recorded, tmp_path, symbol):
    """SPY repeats 5,074 minutes; where the repeats differ they are refused by line, and the others are the same bar."""
    path, database = recorded.parent / f"etf-1m-2019-12/source/{symbol}.csv.gz", tmp_path / "pairs.sqlite"
    rows = pandas.read_csv(path).rename(columns=str.lower)
    rows["time_us"] = pandas.to_datetime(rows["datetime"], utc=True).dt.as_unit("us").astype("int64")
    priced = rows.dropna(subset=PRICES)
    values = [*PRICES, "volume"]
    first = priced.drop_duplicates("time_us").set_index("time_us")
    differ = priced[(priced[values].to_numpy() != first.loc[priced["time_us"], values].to_numpy()).any(axis=1)]
    done = import_files(
        binary, database, path, status=1 if len(differ) else 0, venue="nyse", symbol=symbol, timeframe="1m"
    )
    found = bars(database, "1m", "traded").set_index("open_time_us")
    assert len(found) == len(first)
    sure = first.drop(index=differ["time_us"]).sort_index()
    assert (found.loc[sure.index, values] == sure[values]).all(axis=None)
    for moment in differ["time_us"].unique():
        stated = priced[priced["time_us"] == moment][values].itertuples(index=False, name=None)
        assert tuple(found.loc[moment, values]) in set(stated)
    if len(differ):
        print(f"{symbol}: {len(priced) - len(first)} repeats, {len(differ)} of them differ")
        assert f"{path}:{differ.index[0] + 2}" in done.text, done.text


@pytest.mark.parametrize(
    ("name", "y", "x"),
    [
        ("stock_prices.csv.gz", "SPY", "DIA"), ("Country_ETF.csv.gz", "EWA US Equity", "EWC US Equity"),
        ("gld_gdx_data.csv.gz", "GDX", "GLD"),
    ],
)
def test_analyze_reads_recorded_days(binary, recorded, name, y, x):
    path = recorded.parent / "daily-arbitragelab" / name
    done = subprocess.run(
        [binary, "analyze", "--csv", path, "--y", y, "--x", x, "--format", "json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    frame = numpy.log(pandas.read_csv(path)[[y, x]])
    fit = least_squares(frame[y], frame[x])
    assert report["observations"] == len(frame)
    assert report["hedge_ratio"] == pytest.approx(fit["slope"], rel=1e-9)
    assert report["spread"] == pytest.approx(fit["residuals"][-1], rel=1e-9)
