"""Every kind of broken file is refused with file, line, what was found and what would be right."""

import re

import pytest

from broken_files import FILES, HEADER, cells, good, lines
from imports import bars, holes, import_files, trades


@pytest.mark.parametrize("broken", FILES, ids=lambda broken: broken.kind)
def test_a_broken_file_is_refused_with_what_to_do(binary, tmp_path, broken):
    path = broken.write(tmp_path)
    database = tmp_path / "pairs.sqlite"
    done = import_files(binary, database, path, status=None, **broken.options)
    stored = bars(database) if broken.kind.startswith(("a bar ", "bars ")) else trades(database)
    assert done.returncode in broken.status, done.text
    assert len(stored) == broken.rows, done.text
    where = str(path) + (f":{broken.line}" if broken.line else "")
    message = [line for line in done.text.splitlines() if re.search(re.escape(where) + r"\b", line)]
    assert message, f"{where} is not named:\n{done.text}"
    text = "\n".join(message) if broken.line else done.text
    assert re.search(broken.found if "|" in broken.found else re.escape(broken.found), text), text
    assert re.search(broken.right, text, re.IGNORECASE), text
    assert len(done.text) < 10_000
    assert_counts_are_those_of_the_disk(done, len(stored))


def assert_counts_are_those_of_the_disk(done, rows: int):
    """The rows that a summary counts as imported are on disk."""
    counts = [int(count) for count in re.findall(r"(\d+)(?: of them)? new", done.stdout)]
    if rows or counts:
        assert sum(counts) == rows, done.text


def test_refused_rows_do_not_fail_the_import_where_that_is_allowed(binary, tmp_path):
    path = tmp_path / "trades.csv"
    path.write_bytes(lines(good(1), cells(price="0"), good(5)))
    database = tmp_path / "pairs.sqlite"
    done = import_files(binary, database, path, status=0, venue="coinbase", allow_refused=True)
    assert f"{path}:3" in done.text and len(trades(database)) == 2


def test_reasons_are_counted_and_the_first_lines_named(binary, tmp_path):
    path = tmp_path / "trades.csv"
    rows = [cells(price="0", trade_id=str(row)) for row in range(10, 1010)]
    rows += [cells(qty="x", trade_id=str(row)) for row in range(2010, 2030)]
    path.write_bytes(lines(good(1), *rows, good(5)))
    done = import_files(binary, tmp_path / "pairs.sqlite", path, status=1, venue="coinbase")
    for count in ("1000", "20", "1020"):
        assert re.search(rf"\b{count}\b", done.text.replace(",", "")), count
    assert f"{path}:3" in done.text and len(done.text.splitlines()) < 100


def test_a_file_that_cannot_be_used_does_not_keep_the_others_out(binary, tmp_path):
    empty, whole = tmp_path / "empty.csv", tmp_path / "whole.csv"
    empty.write_bytes(b"")
    whole.write_bytes(lines(good(1), good(2), header=HEADER))
    done = import_files(binary, tmp_path / "pairs.sqlite", empty, whole, status=1, venue="coinbase")
    assert str(empty) in done.stderr and len(trades(tmp_path / "pairs.sqlite")) == 2


def test_a_file_that_does_not_exist_is_wrong_usage(binary, tmp_path):
    done = import_files(binary, tmp_path / "pairs.sqlite", tmp_path / "none.csv", status=64, venue="coinbase")
    assert "none.csv" in done.stderr


def test_a_venue_whose_name_is_none_is_wrong_usage(binary, tmp_path):
    path = tmp_path / "trades.csv"
    path.write_bytes(lines(good(1)))
    for venue in ("my venue!", "binance-usd"):
        done = import_files(binary, tmp_path / "pairs.sqlite", path, status=64, venue=venue)
        assert venue in done.stderr and "binance-" in done.stderr


def test_ids_of_refused_rows_are_a_gap_that_stays(binary, tmp_path):
    path, database = tmp_path / "trades.csv", tmp_path / "pairs.sqlite"
    path.write_bytes(lines(good(1), cells(price="1.2345678901234567890123", trade_id="2"), good(3), good(5)))
    for _ in range(2):
        import_files(binary, database, path, status=1, venue="coinbase")
        found = holes(database)
        assert list(zip(found["first_id"], found["last_id"])) == [(2, 2), (4, 4)]
        assert set(found["state"]) == {"unrepairable"}


def test_the_summary_states_what_was_read_and_what_was_refused(binary, tmp_path):
    path, database = tmp_path / "trades.csv", tmp_path / "pairs.sqlite"
    path.write_bytes(lines(good(1), good(2), cells(price="0"), cells(side="x"), cells(price="-1"), good(5)))
    done = import_files(binary, database, path, status=1, venue="coinbase")
    summary = " ".join(done.stdout.split())
    words = (
        str(path), "coinbase:BTCEUR@trade", "2024-08-08T00:00:01Z to 2024-08-08T00:00:05Z", "6 rows read", "3 new",
        "3 refused", "2 price", "1 side",
    )
    for word in words:
        assert word in summary, word


def test_a_stream_for_trades_without_ids_is_refused(binary, tmp_path):
    path, database = tmp_path / "trades.csv", tmp_path / "pairs.sqlite"
    path.write_bytes(b"time,symbol,price,qty\n1723075201,BTCEUR,1,1\n")
    done = import_files(binary, database, path, status=None, venue="coinbase", stream="trade")
    assert done.returncode in (1, 64) and str(path) in done.stderr and "--stream" in done.stderr
    assert trades(database).empty


def test_a_header_of_three_cells_is_read_with_the_symbol_given(binary, tmp_path):
    path, database = tmp_path / "trades.csv", tmp_path / "pairs.sqlite"
    path.write_bytes(b"time,price,qty\n1723075201,100.5,1\n")
    import_files(binary, database, path, venue="coinbase", symbol="BTCEUR")
    assert list(trades(database)["price"]) == ["100.5"] and set(trades(database)["symbol"]) == {"BTCEUR"}
