"""Bars equal those of all trades on disk in the order of time, whatever the files and their order."""

import os
import random

import pandas
import pytest

from imports import (
    UNNUMBERED, assert_bars, bars, expected_bars, expected_carried, holes, import_files, trades,
)
from trade_lists import SECOND, START, pieces, reordered, trade_list, write

LISTS = 48
SEED = int(os.environ.get("PAIRS_SEED", random.SystemRandom().randrange(2**32)))
COLUMNS = ["symbol", "time_us", "price", "quantity", "taker_side"]


def sorted_rows(rows: pandas.DataFrame, columns: list[str]) -> list[tuple]:
    return sorted(rows[columns].fillna("unknown").itertuples(index=False, name=None))


def assert_bars_are_those_of_the_list(database, rows: pandas.DataFrame):
    end = int(rows["time_us"].max())
    for timeframe, seconds in (("1m", 60), ("5m", 300)):
        expected = expected_bars(rows, end, seconds)
        assert_bars(bars(database, timeframe, "traded"), expected)
        carried = bars(database, timeframe, "carried")
        found = {(row.symbol, row.open_time_us): row.close for row in carried.itertuples()}
        assert found == expected_carried(expected, end, seconds)
        assert bars(database, timeframe, "gap").empty


def import_in_groups(rng: random.Random, binary, database, files: list) -> list:
    """In random order, by one command or by several; what was imported by each."""
    files = files[:]
    rng.shuffle(files)
    is_single = rng.random() < 0.4
    groups = []
    while files:
        count = len(files) if is_single else rng.randint(1, max(1, len(files) // 2))
        groups.append(files[:count])
        import_files(binary, database, *files[:count], venue="coinbase")
        del files[:count]
    return groups


@pytest.mark.parametrize("number", range(LISTS))
def test_however_a_list_is_filed_its_rows_and_bars_are_the_same(binary, tmp_path, number):
    rng = random.Random(f"{SEED}-{number}")
    is_numbered = number % 3 == 0
    rows = trade_list(rng, is_numbered)
    files, orders = [], []
    for index, piece in enumerate(pieces(rng, rows, is_numbered)):
        piece, order = reordered(rng, piece, is_numbered)
        files.append(write(rng, piece, tmp_path / f"{index}.csv", is_numbered))
        orders.append(f"{files[-1].name}: rows {piece.index.min()} to {piece.index.max()}, {order}")
    if number == 0:
        print(f"seed {SEED}, {LISTS} lists")
    database = tmp_path / "pairs.sqlite"
    groups = import_in_groups(rng, binary, database, files)
    print(f"PAIRS_SEED={SEED} list {number}: {len(rows)} trades;", "; ".join(orders), *groups, sep="\n")
    found = trades(database)
    columns = COLUMNS + (["trade_id"] if is_numbered else [])
    assert sorted_rows(found, columns) == sorted_rows(rows, columns)
    assert set(found["venue"]) == {"coinbase"}
    assert found["stream"].str.startswith(UNNUMBERED).all() != is_numbered
    assert_bars_are_those_of_the_list(database, rows)
    assert not len(holes(database)) or set(holes(database)["state"]) == {"repaired"}
    before = bars(database)
    import_files(binary, database, rng.choice(files), venue="coinbase")
    assert bars(database).equals(before) and trades(database).equals(found)


def test_the_bars_of_all_instruments_of_an_import_end_at_one_time(binary, tmp_path):
    often = pandas.DataFrame({"symbol": "BTCEUR", "time_us": [START + 10 * SECOND * row for row in range(100)]})
    seldom = pandas.DataFrame({"symbol": "ETHEUR", "time_us": [START + 5 * SECOND, START + 190 * SECOND]})
    rows = pandas.concat([often, seldom], ignore_index=True).assign(price="100.5", quantity="1", taker_side=None)
    rows["trade_id"] = rows.groupby("symbol").cumcount() + 1
    apart = [rows[rows["symbol"] == symbol] for symbol in ("ETHEUR", "BTCEUR")]
    for name, parts in {"one": [rows], "two": apart}.items():
        database = tmp_path / f"{name}.sqlite"
        files = []
        for index, part in enumerate(parts):
            files.append(tmp_path / f"{name}-{index}.csv")
            part.drop(columns="taker_side").to_csv(files[-1], index=False)
        import_files(binary, database, *files, venue="coinbase")
        assert_bars_are_those_of_the_list(database, rows)
        assert list(bars(database, "1m", "traded").query("symbol == 'ETHEUR'")["open_time_us"]) == [
            START, START + 180 * SECOND
        ]


def test_a_list_without_ids_that_is_cut_inside_a_bar_gives_the_bars_of_the_list(binary, tmp_path):
    rows = pandas.DataFrame(
        {"time_us": [START + SECOND * row for row in range(300)], "symbol": "BTCEUR", "quantity": "1"}
    ).assign(price=lambda made: [str(100 + row) for row in made.index], taker_side=None)
    first, second = rows.iloc[:151], rows.iloc[151:]
    for name, parts in {"in-order": [first, second], "later-half-first": [second, first]}.items():
        database = tmp_path / f"{name}.sqlite"
        for index, part in enumerate(parts):
            path = tmp_path / f"{name}-{index}.csv"
            part.drop(columns="taker_side").to_csv(path, index=False)
            import_files(binary, database, path, venue="coinbase")
        assert_bars_are_those_of_the_list(database, rows)


def test_trades_of_two_numbered_streams_at_one_time_are_not_counted_twice(binary, tmp_path):
    header = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
    aggregated = tmp_path / "BTCUSDT-aggTrades-2024-08-08.csv"
    aggregated.write_text(
        header + "".join(f"{row},100.5,1,{row},{row},{START // 1000 + 1000 * row},true\n" for row in range(1, 200))
    )
    single = tmp_path / "BTCUSDT-trades-2024-08-08.csv"
    single.write_text(
        "id,price,qty,quote_qty,time,is_buyer_maker\n"
        + "".join(f"{row},100.5,1,100.5,{START // 1000 + 1000 * row},true\n" for row in range(1, 200))
    )
    database = tmp_path / "pairs.sqlite"
    import_files(binary, database, aggregated, venue="binance-usdm")
    before = bars(database)
    refused = import_files(binary, database, single, venue="binance-usdm", status=None)
    assert refused.returncode in (1, 64)
    for word in (str(single), "aggTrade", "trade", "--stream"):
        assert word in refused.stderr
    assert set(trades(database)["stream"]) == {"aggTrade"}
    assert bars(database).equals(before)
