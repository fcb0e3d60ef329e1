"""Files imported into a database by `import`, and the bars that pandas builds from the same trades."""

import pathlib
import sqlite3
import subprocess

import numpy
import pandas

# The default of `bars.carry_limit`.
CARRY_LIMIT = 20
PRICES = ["open", "high", "low", "close"]
# A file of trades without ids is kept under a stream of its own.
UNNUMBERED = "file-"


def options(given: dict) -> list[str]:
    """`{"venue": "kraken"}` as the command line has it; a value of True is a flag."""
    words = []
    for name, value in given.items():
        words += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return words


def import_files(binary, database, *files, status: int | None = 0, stdin: bytes | None = None, **given):
    """Runs `import`; its output is text, its input bytes."""
    done = subprocess.run(
        [binary, "import", "--db", str(database), *options(given), *map(str, files)],
        input=stdin if stdin is not None else b"", capture_output=True, timeout=300,
    )
    done.stdout, done.stderr = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    done.text = done.stdout + done.stderr
    assert status is None or done.returncode == status, f"status {done.returncode}\n{done.text}"
    return done


def view(database, name: str, order: str) -> pandas.DataFrame:
    """A view of the database; one without rows where there is no database."""
    if not pathlib.Path(database).exists():
        return pandas.DataFrame()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchall():
            return pandas.DataFrame()
        return pandas.read_sql(f"SELECT * FROM {name} ORDER BY {order}", connection)


def trades(database) -> pandas.DataFrame:
    return view(database, "trade", "venue, symbol, time_us, stream, trade_id")


def bars(database, timeframe: str | None = None, *states: str) -> pandas.DataFrame:
    found = view(database, "bar", "venue, symbol, timeframe, open_time_us")
    if timeframe and len(found):
        found = found[found["timeframe"] == timeframe]
    if states and len(found):
        found = found[found["state"].isin(states)]
    return found.reset_index(drop=True)


def holes(database) -> pandas.DataFrame:
    return view(database, "hole", "venue, symbol, first_id")


def expected_bars(rows: pandas.DataFrame, end: int, seconds: int = 60) -> pandas.DataFrame:
    """Right-open bars of trades by pandas, up to those that have closed at `end`.

    - rows: `symbol`, `time_us`, `price` and `quantity` as text, in file order.
    """
    step = seconds * 1_000_000
    rows = rows.assign(
        price=rows["price"].astype(float), quantity=rows["quantity"].astype(float),
        open_time_us=rows["time_us"] // step * step,
    ).sort_values("time_us", kind="stable")
    made = rows.groupby(["symbol", "open_time_us"]).agg(
        open=("price", "first"), high=("price", "max"), low=("price", "min"), close=("price", "last"),
        volume=("quantity", "sum"), trades=("price", "size"),
    )
    made = made.reset_index()
    return made[made["open_time_us"] + step <= end].reset_index(drop=True)


def expected_carried(traded: pandas.DataFrame, end: int, seconds: int = 60) -> dict:
    """The bars without a trade that carry the last close, by symbol and opening."""
    step = seconds * 1_000_000
    carried = {}
    for symbol, rows in traded.groupby("symbol"):
        following = [*rows["open_time_us"].iloc[1:], numpy.iinfo("int64").max]
        for opening, close, next_opening in zip(rows["open_time_us"], rows["close"], following):
            for number in range(1, CARRY_LIMIT + 1):
                moment = opening + number * step
                if moment >= next_opening or moment + step > end:
                    break
                carried[symbol, moment] = close
    return carried


def assert_bars(found: pandas.DataFrame, expected: pandas.DataFrame):
    """Every column of bars equals those of pandas."""
    keys = list(zip(found["symbol"], found["open_time_us"]))
    assert keys == list(zip(expected["symbol"], expected["open_time_us"]))
    for column in [*PRICES, "trades"]:
        differ = [
            (key, have, want) for key, have, want in zip(keys, found[column], expected[column]) if have != want
        ]
        assert not differ, (column, differ[:5])
    assert numpy.allclose(found["volume"].astype(float), expected["volume"], rtol=1e-12, atol=0)
