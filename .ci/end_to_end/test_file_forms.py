"""Forms of files that venues, vendors and tools write are read right, or refused with what to do."""

import gzip
import json
import lzma
import re
import shutil

import pytest

from file_forms import BARS, SIDED, TRADES, T0
from imports import PRICES, UNNUMBERED, bars, import_files, trades
from test_history import run

TEXT = "time,symbol,price,qty,side\n1723075200123,BTCUSDT,55000.10,0.5,buy\n1723075201000,BTCUSDT,55000.2,0.25,sell\n"


def stored_trades(database) -> tuple:
    found = trades(database)
    sides = [None if side == "unknown" else side for side in found["taker_side"]]
    return tuple(zip(found["time_us"], found["price"], found["quantity"], sides))


def stored_bars(database) -> tuple:
    found = bars(database)
    # A row without prices is a gap.
    found = found[found["state"] != "gap"] if len(found) else found
    return tuple(zip(found["open_time_us"], *(found[name] for name in [*PRICES, "volume"])))


def is_refused(done, path) -> bool:
    """Whether a message names the file; a refusal without one is none."""
    if done.returncode == 0:
        return False
    assert done.returncode in (1, 64) and str(path) in done.stderr, done.text
    return True


@pytest.mark.parametrize("form", [*TRADES, *BARS], ids=lambda form: form.name)
def test_a_form_gives_its_rows(binary, tmp_path, form):
    path, database = tmp_path / form.file, tmp_path / "pairs.sqlite"
    path.write_bytes(form.data)
    done = import_files(binary, database, path, status=None, **form.options)
    if form.may_be_refused and is_refused(done, path):
        print("refused:", form.name)
        assert trades(database).empty and bars(database).empty
        return
    assert done.returncode == 0, done.text
    if form.kind == "trades":
        found = trades(database)
        assert stored_trades(database) == form.rows
        if form.ids:
            assert tuple(found["trade_id"]) == form.ids
        else:
            assert found["stream"].str.startswith(UNNUMBERED).all()
        assert form.stream is None or set(found["stream"]) == {form.stream}
    else:
        found = bars(database)
        assert stored_bars(database) == form.rows
        assert set(found["timeframe"]) == {form.kind}
    assert set(found["venue"]) == {form.venue}
    assert {symbol.replace("/", "") for symbol in found["symbol"]} == {form.symbol}


DEMANDS = [
    (form, name)
    for form in [*TRADES, *BARS]
    if not form.may_be_refused
    for name in ("venue", "symbol", "timeframe")
    if name in form.options
]


@pytest.mark.parametrize(("form", "option"), DEMANDS, ids=lambda value: getattr(value, "name", value))
def test_an_option_that_a_file_needs_is_named(binary, tmp_path, form, option):
    """Without an option the file states it itself, or the message names the option; nothing is guessed."""
    path, database = tmp_path / form.file, tmp_path / "pairs.sqlite"
    path.write_bytes(form.data)
    rest = {name: value for name, value in form.options.items() if name != option}
    done = import_files(binary, database, path, status=None, **rest)
    if is_refused(done, path):
        assert f"--{option}" in done.stderr, done.text
        assert trades(database).empty and bars(database).empty
        return
    print(f"stated by the file: {form.name}: {option}")
    found = trades(database) if form.kind == "trades" else bars(database)
    right = {"venue": form.venue, "symbol": form.symbol, "timeframe": form.kind}[option]
    assert set(found[option]) == {right}, f"{option} is a guess\n{done.text}"


@pytest.mark.parametrize("kind", ["plain", "gzip", "xz"])
def test_standard_input_and_xz_are_read(binary, tmp_path, kind):
    database = tmp_path / "pairs.sqlite"
    if kind == "xz":
        if not shutil.which("xz"):
            pytest.skip("xz is not here")
        path = tmp_path / "ticks.csv.xz"
        path.write_bytes(lzma.compress(TEXT.encode()))
        import_files(binary, database, path, venue="coinbase")
    else:
        data = TEXT.encode() if kind == "plain" else gzip.compress(TEXT.encode())
        import_files(binary, database, "-", stdin=data, venue="coinbase")
    assert stored_trades(database) == SIDED


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_what_was_exported_is_imported_as_it_was(binary, tmp_path, format):
    source, database = tmp_path / "source.sqlite", tmp_path / "pairs.sqlite"
    path = tmp_path / "BTCUSDT-trades-2024-08-08.csv"
    path.write_text(
        "id,price,qty,quoteQty,time,isBuyerMaker,isBestMatch\n"
        + "".join(
            f"{row},{100 + row}.50,0.100,1,{T0 // 1000 + 7000 * row},{row % 2 == 0},True\n" for row in range(1, 90)
        )
    )
    import_files(binary, source, path)
    written = [tmp_path / f"{kind}.{format}" for kind in ("trades", "bars")]
    for kind, file in zip(("trades", "bars"), written):
        run(binary, "export", kind, "--db", source, "--format", format, "-o", file)
    import_files(binary, database, written[0])
    assert trades(database).equals(trades(source))
    assert bars(database).equals(bars(source))
    only_bars = tmp_path / "bars.sqlite"
    import_files(binary, only_bars, written[1])
    columns = ["venue", "symbol", "timeframe", "open_time_us", *PRICES, "volume", "trades", "state"]
    assert bars(only_bars)[columns].equals(bars(source)[columns])


def test_ndjson_holds_rows_alone(binary, tmp_path):
    source, path = tmp_path / "source.sqlite", tmp_path / "ticks.csv"
    path.write_text(TEXT)
    import_files(binary, source, path, venue="coinbase")
    rows = run(binary, "export", "trades", "--db", source, "--format", "ndjson").stdout.splitlines()
    assert [json.loads(row)["price"] for row in rows] == ["55000.10", "55000.2"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("trades", "--instrument", "coinbase:NONE"), "NONE"),
        (("bars", "--instrument", "coinbase:BTCUSDT", "--timeframe", "7m"), "7m"),
        (("bars", "--instrument", "coinbase:NONE"), "NONE"),
    ],
)
def test_an_export_of_what_is_not_there_is_an_error(binary, tmp_path, arguments, word):
    source, path = tmp_path / "source.sqlite", tmp_path / "ticks.csv"
    path.write_text(TEXT + "1723075500000,BTCUSDT,55000,1,buy\n")
    import_files(binary, source, path, venue="coinbase")
    refused = run(binary, "export", *arguments, "--db", source, status=64)
    assert word in refused.stderr and re.search("has|is not|unknown|no ", refused.stderr)
