"""Lists of trades at random, and the files into which they are cut, overlapped, reversed and shuffled."""

import gzip
import json
import random

import pandas

START = 1_723_075_200_000_000
SECOND = 1_000_000
SYMBOLS = ["BTCEUR", "ETHEUR", "SOLEUR"]


def trade_list(rng: random.Random, is_numbered: bool) -> pandas.DataFrame:
    """Trades in the order in which they happened; many share their moment with others, at the edges of bars too."""
    has_sides = rng.random() < 0.5
    rows = []
    for symbol in rng.sample(SYMBOLS, rng.randint(1, 3)):
        time, number, unit = 0, rng.choice([1, 4711, 2**40]), rng.choice([1, 1000, 20 * SECOND])
        for _ in range(rng.randint(20, 120)):
            if rng.random() < 0.6:
                time += rng.choice([1, 2, 3, 10, 61, 61, 700]) * SECOND if unit < SECOND else rng.randint(1, 4) * unit
                time += rng.randrange(1_000) * unit if unit < SECOND else 0
            price = f"{rng.uniform(90, 110):.{rng.randint(0, 5)}f}"
            row = [symbol, START + time, price, f"{rng.uniform(0.001, 9):.{rng.randint(3, 8)}f}"]
            row.append(rng.choice(["buy", "sell"]) if has_sides else None)
            # Without ids two trades may be equal in every column.
            for _ in range(1 if is_numbered or rng.random() > 0.05 else 2):
                rows.append([*row, number])
                number += 1
    end = max(row[1] for row in rows) // (60 * SECOND) * (60 * SECOND) + 90 * SECOND
    last = {row[0]: row[5] for row in rows}
    # All end at one moment, so that it does not matter which file is the last to be imported.
    rows += [[symbol, end, "100", "1", "buy" if has_sides else None, number + 1] for symbol, number in last.items()]
    columns = ["symbol", "time_us", "price", "quantity", "taker_side", "trade_id"]
    return pandas.DataFrame(rows, columns=columns).sort_values("time_us", kind="stable").reset_index(drop=True)


def pieces(rng: random.Random, rows: pandas.DataFrame, is_numbered: bool) -> list[pandas.DataFrame]:
    """Cuts a list into pieces that may overlap their neighbours; no trade is lost."""
    possible = [row for row in range(1, len(rows)) if is_numbered or not splits_equal_rows(rows, row)]
    cuts = [0, *sorted(rng.sample(possible, min(len(possible), rng.randint(0, 4)))), len(rows)]
    reach = rng.choice([0, 10, len(rows)])
    ranges = []
    for first, end in zip(cuts, cuts[1:]):
        first = max((row for row in [0, *possible] if row <= first - rng.randint(0, reach)), default=0)
        wanted = end + rng.randint(0, reach)
        end = min((row for row in [*possible, len(rows)] if row >= wanted), default=len(rows))
        ranges.append((first, end))
    made = [rows.iloc[first:end] for first, end in ranges]
    return made if is_numbered or not has_two_of_one_moment(made) else [rows]


def splits_equal_rows(rows: pandas.DataFrame, row: int) -> bool:
    """Whether a cut separates two equal rows: then it is unknown whether the second repeats the first."""
    columns = ["time_us", "price", "quantity", "taker_side"]
    for symbol, before in rows.iloc[:row].groupby("symbol"):
        after = rows.iloc[row:]
        after = after[after["symbol"] == symbol]
        if len(after) and before.iloc[-1][columns].tolist() == after.iloc[0][columns].tolist():
            return True
    return False


def has_two_of_one_moment(made: list[pandas.DataFrame]) -> bool:
    """Whether an instrument has two files of one moment each: their order is unknown then."""
    moments = [
        (symbol, times.iloc[0])
        for piece in made
        for symbol, times in piece.groupby("symbol")["time_us"]
        if times.nunique() == 1
    ]
    return len(moments) != len(set(moments))


def reordered(rng: random.Random, piece: pandas.DataFrame, is_numbered: bool) -> tuple[pandas.DataFrame, str]:
    """A piece in another order; without ids, trades of one moment keep theirs, or the reverse of it."""
    order = rng.choice(["as it happened", "reversed", "shuffled"])
    if is_numbered and order == "shuffled":
        return piece.sample(frac=1, random_state=rng.randrange(2**32)), order
    moments = piece.groupby("symbol")["time_us"].nunique()
    counts = piece["symbol"].value_counts()
    if order == "reversed" and all(moments[symbol] > 1 or counts[symbol] == 1 for symbol in moments.index):
        return piece.iloc[::-1], order
    if order == "shuffled":
        groups = [rows for _, rows in piece.groupby("time_us")]
        rng.shuffle(groups)
        shuffled = pandas.concat(groups)
        if not any(descends(rows["time_us"]) for _, rows in shuffled.groupby("symbol")):
            return shuffled, order
    return piece, "as it happened"


def descends(times: pandas.Series) -> bool:
    """The rule by which a file counts as newest first; more is left out than the rule has."""
    steps = times.diff().dropna()
    steps = steps[steps != 0]
    return len(steps) > 0 and (steps < 0).mean() >= 0.8


def write(rng: random.Random, piece: pandas.DataFrame, path, is_numbered: bool):
    """Writes a piece in one of the forms in use; returns the path."""
    rows = piece if is_numbered else piece.drop(columns="trade_id")
    rows = rows if rows["taker_side"].notna().all() else rows.drop(columns="taker_side")
    unit = rng.choice(["us", "ms", "iso"])
    if unit == "us" or (rows["time_us"] % 1000).any():
        names = {"time_us": rng.choice(["time", "timestamp", "time_us"])}
    elif unit == "ms":
        rows = rows.assign(time_us=rows["time_us"] // 1000)
        names = {"time_us": rng.choice(["ts_ms", "timestamp", "Time"])}
    else:
        rows = rows.assign(
            time_us=pandas.to_datetime(rows["time_us"], unit="us", utc=True).map(lambda time: time.isoformat())
        )
        names = {"time_us": rng.choice(["datetime", "time", "Date"])}
    names |= {"quantity": rng.choice(["qty", "quantity", "amount", "Size"])}
    names |= {"taker_side": rng.choice(["side", "taker_side"])}
    rows = rows.rename(columns=names)
    if rng.random() < 0.2:
        path = path.with_suffix(".ndjson")
        path.write_text("".join(json.dumps(row) + "\n" for row in rows.to_dict("records")))
        return path
    text = rows.to_csv(index=False, sep=rng.choice([",", ",", ";", "\t"]), lineterminator=rng.choice(["\n", "\r\n"]))
    if rng.random() < 0.3:
        path = path.with_suffix(".csv.gz")
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_bytes(text.encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"])))
    return path
