"""Kinds of broken file, and what the message of `import` must state; as a command it prints the messages.

    python .ci/end_to_end/broken_files.py PROGRAM
"""

import argparse
import dataclasses
import gzip
import io
import pathlib
import tempfile
import zipfile

from imports import import_files

HEADER = "time,symbol,price,qty,side,trade_id"
TIME = "2024-08-08T00:00:04Z"
START = 1_723_075_200


@dataclasses.dataclass(frozen=True)
class BrokenFile:
    """A file, and the contents of a right message."""

    kind: str
    content: bytes
    # The part of the file that the message quotes.
    found: str
    # A pattern of what would be right.
    right: str
    # Where the file is text, the line that is wrong.
    line: int | None = None
    # The rows beside it that are good.
    rows: int = 0
    name: str = "trades.csv"
    status: tuple[int, ...] = (1,)
    options: dict = dataclasses.field(default_factory=lambda: {"venue": "coinbase"})
    beside: dict = dataclasses.field(default_factory=dict)

    def write(self, folder: pathlib.Path) -> pathlib.Path:
        path = folder / self.name
        path.write_bytes(self.content)
        for name, content in self.beside.items():
            (folder / name).write_bytes(content)
        return path


def good(second: int) -> str:
    return f"2024-08-08T00:00:0{second}Z,BTCEUR,55000.{second},0.5,buy,{second}"


def lines(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def row(kind: str, text: str, found: str, right: str, **more) -> BrokenFile:
    """A bad row at line 4 among three good ones."""
    return BrokenFile(kind, lines(good(1), good(2), text, good(5)), found, right, 4, 3, **more)


def cells(time=TIME, symbol="BTCEUR", price="55000.4", qty="0.5", side="buy", trade_id="4") -> str:
    return ",".join([time, symbol, price, qty, side, trade_id])


def bar_row(kind: str, text: str, found: str, right: str, **more) -> BrokenFile:
    """A bad bar at line 4 among three good ones."""
    header = "time,symbol,timeframe,open,high,low,close,volume"
    rows = [f"{START + 60 * minute},BTCEUR,1m,10,12,9,11,1.5" for minute in range(3)]
    content = lines(rows[0], rows[1], text, rows[2], header=header)
    return BrokenFile(kind, content, found, right, 4, 3, name="bars.csv", **more)


def bar(time=START + 180, symbol="BTCEUR", timeframe="1m", prices="10,12,9,11", volume="1.5") -> str:
    return f"{time},{symbol},{timeframe},{prices},{volume}"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, lines(good(1), good(2)))
    return buffer.getvalue()


def damaged(content: bytes) -> bytes:
    """With wrong bytes in the middle of what is compressed."""
    middle = len(content) // 3
    return content[:middle] + bytes(255 - byte for byte in content[middle : middle + 8]) + content[middle + 8 :]


MANY = lines(*(f"{START + second},BTCEUR,55000.{second % 97},0.5,buy,{second}" for second in range(1, 5000)))
YEARS = "2005.*2100"
POSITIVE = "not positive|positive|above 0|greater than 0"

FILES = [
    row("a row with too few cells", f"{TIME},BTCEUR,55000.4", "3", "6"),
    row("a row with too many cells", cells() + ",1,2", "8", "6"),
    row("a quote that does not end", cells(symbol='"BTCEUR'), "quote", "end|close"),
    row("a time of 1970", cells(time="1723075"), "1723075", YEARS),
    row("a time after 2100", cells(time="4200000000000"), "4200000000000", YEARS),
    row("a time of another unit than any", cells(time="172307520"), "172307520", YEARS),
    row("a time in words", cells(time="yesterday"), '"yesterday"', "ISO 8601|second|Unix"),
    row("a time of a day that is none", cells(time="2024-02-30T00:00:00Z"), "2024-02-30", "ISO 8601|day|second|Unix"),
    row("a time without digits", cells(time="--:--"), '"--:--"', "ISO 8601|second|Unix"),
    row("no time", cells(time=""), "time", "empty|missing|ISO 8601|blank"),
    row("a price of 0", cells(price="0.00"), "0.00", POSITIVE),
    row("a negative price", cells(price="-5.5"), "-5.5", POSITIVE),
    row("a price in words", cells(price="sixty"), '"sixty"', "number|decimal"),
    row("a price that is not a number", cells(price="NaN"), "NaN", "number|decimal"),
    row("a price of 25 digits", cells(price="12345678901.23456789012345"), "12345678901.23456789012345", "digits"),
    row("a price beyond all", cells(price="1e400"), "1e400", "digits|number|large|range"),
    row("no price", cells(price=""), "price", "empty|missing|number"),
    row("a negative quantity", cells(qty="-0.5"), "-0.5", "positive|negative"),
    row("a quantity in words", cells(qty="many"), '"many"', "number|decimal"),
    row("an unknown side", cells(side="maybe"), '"maybe"', "buy.*sell"),
    row("a negative id", cells(trade_id="-5"), "-5", "id.*(0|2\\^44|17592186044)|(0|2\\^44|17592186044).*id"),
    row("an id beyond 2^44", cells(trade_id="99999999999999"), "99999999999999", "2\\^44|1759218604441"),
    row("an id that is no number", cells(trade_id="4x"), '"4x"', "number|integer|digits"),
    row("no symbol", cells(symbol=""), "symbol", "empty|missing|--symbol"),
    row("NUL bytes in a row", cells(price="550\0\0.4"), "price", "number|decimal|NUL"),
    row("a line of 2 MB", cells(symbol="B" * 2_000_000), "line", "long|MB|bytes|characters"),
    row("a symbol of two words", cells(symbol="BTC EUR"), "BTC EUR", "A-Z|letters"),
    BrokenFile(
        "bytes that are no UTF-8", lines(good(1), good(2), cells(symbol="X"), good(5)).replace(b",X,", b",\xff\xc3(,"),
        "symbol", "UTF-8|letters|A-Z", 4, 3,
    ),
    BrokenFile("no header", lines(good(2), header=good(1)), "BTCEUR", "header|column", None),
    BrokenFile(
        "a header with one name twice", lines("1723075200,55000,55001,1", header="time,price,price,qty"), "price",
        "two|twice|once|repeat", 1, options={"venue": "coinbase", "symbol": "BTCEUR"},
    ),
    BrokenFile("a header without a price", lines("1723075200,BTCEUR,1", header="time,symbol,qty"), "time, symbol, qty",
               "no column price", 1),
    BrokenFile("a header without a time", lines("BTCEUR,50,1", header="symbol,price,qty"), "symbol, price, qty",
               "no column time", 1),
    BrokenFile("a header and nothing else", lines(), "trades.csv", "row|line"),
    BrokenFile("an empty file", b"", "empty", "empty"),
    BrokenFile("blanks and nothing else", b"\n \n\r\n", "trades.csv", "empty|row|line"),
    BrokenFile("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "trades.csv", "text|CSV|column|header"),
    BrokenFile("a gzip that is cut off", gzip.compress(MANY)[:-2000], "gzip", "end|complete|truncated|whole|again",
               name="trades.csv.gz"),
    BrokenFile("a gzip that is damaged", damaged(gzip.compress(MANY)), "gzip", "damage|corrupt|checksum|CRC|again",
               name="trades.csv.gz"),
    BrokenFile("a ZIP that is damaged", damaged(zipped("trades.csv")), "ZIP", "damage|corrupt|checksum|CRC|again",
               name="trades.zip"),
    BrokenFile("a ZIP that is cut off", zipped("trades.csv")[:-40], "ZIP", "end|complete|truncated|whole|again",
               name="trades.zip"),
    BrokenFile("a ZIP of two files", zipped("a.csv", "b.csv"), "a.csv, b.csv", "one file", name="trades.zip"),
    BrokenFile(
        "another SHA-256 than published", zipped("trades.csv"), "SHA-256", "0000000|again|download", name="trades.zip",
        beside={"trades.zip.CHECKSUM": b"0" * 64 + b"  trades.zip\n"},
    ),
    BrokenFile("UTF-16 of an odd number of bytes", MANY.decode().encode("utf-16")[:-1], "4999\ufffd", "number", 5000,
               4998),
    BrokenFile(
        "a decimal comma, or thousands, among commas",
        lines(good(1), good(2), cells(price='"55,123"'), good(5)), "55,123", "comma|point|number", 4, 3,
    ),
    BrokenFile(
        "a point and a comma among semicolons",
        lines("1723075201;55000,1;0,5", "1723075202;1.234,5;0,5", "1723075203;1.234.567,5;0,5",
              header="time;price;qty"),
        "1.234.567,5", "thousands", 4, 1, options={"venue": "coinbase", "symbol": "BTCEUR"},
    ),
    BrokenFile(
        "a line of JSON that ends early",
        b'{"time":1723075201,"symbol":"BTCEUR","price":"1.5","qty":"2"}\n'
        b'{"time":1723075202,"symbol":"BTCEUR","pri\n'
        b'{"time":1723075203,"symbol":"BTCEUR","price":"1.5","qty":"2"}\n',
        "JSON", "object|JSON|complete", 2, 2, name="trades.ndjson",
    ),
    BrokenFile(
        "CSV among JSON",
        b'{"time":1723075201,"symbol":"BTCEUR","price":"1.5","qty":"2"}\n1723075202,BTCEUR,1.5,2\n',
        "1723075202", "object|JSON", 2, 1, name="trades.ndjson",
    ),
    BrokenFile("JSON among CSV", lines(good(1), good(2), '{"time":1723075203}', good(5)), "1", "6", 4, 3),
    bar_row("a bar whose high is below its low", bar(prices="10,8,9,11"), "8", "high"),
    bar_row("a bar whose open is above its high", bar(prices="13,12,9,11"), "13", "high"),
    bar_row("a bar with a price of 0", bar(prices="10,12,0,11"), "0", POSITIVE + "|low"),
    bar_row("a bar with a price in words", bar(prices="10,12,9,dear"), '"dear"', "number"),
    bar_row("a bar that opens off the grid", bar(time=START + 150), "1m|02:30|150", "open|grid|minute"),
    bar_row("a bar of negative volume", bar(volume="-3"), "-3", "negative"),
    bar_row("a bar of an unknown timeframe", bar(timeframe="1x"), '"1x"', "1m"),
    bar_row("a bar with a time of 1970", bar(time=1723075), "1723075", YEARS),
    bar_row("a bar again with other values", bar(time=START + 60, prices="10,12,9,10"), "00:01|1723075260|line 3",
            "repeat|twice|again|differ|other|same"),
    BrokenFile("bars of another length than the name states",
               lines(f"{START},1,2,1,2", header="time,open,high,low,close"), "1m", "--timeframe",
               name="BTCEUR-1m-2024-08-08.csv", status=(1, 64),
               options={"venue": "coinbase", "timeframe": "5m"}),
    BrokenFile("bars without a symbol", lines(f"{START},1,2,1,2", header="time,open,high,low,close"), "symbol",
               "--symbol", name="bars.csv", status=(1, 64), options={"venue": "coinbase", "timeframe": "1m"}),
    BrokenFile("bars without a timeframe", lines(f"{START},1,2,1,2", header="time,open,high,low,close"), "timeframe",
               "--timeframe", name="bars.csv", status=(1, 64), options={"venue": "coinbase", "symbol": "BTCEUR"}),
    BrokenFile("bars without a venue", lines(f"{START},1,2,1,2", header="time,open,high,low,close"), "venue",
               "--venue", name="bars.csv", status=(1, 64), options={"timeframe": "1m", "symbol": "BTCEUR"}),
    BrokenFile("trades without a venue", lines(good(1)), "venue", "--venue", status=(1, 64), options={}),
    BrokenFile("trades without a symbol", lines("1723075201,50,1", header="time,price,qty"), "symbol", "--symbol",
               status=(1, 64)),
    BrokenFile("a symbol beside those of the rows", lines(good(1)), "rows", "--symbol", status=(1, 64),
               options={"venue": "coinbase", "symbol": "ETHEUR"}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    program = parser.parse_args().program
    for broken in FILES:
        with tempfile.TemporaryDirectory() as folder:
            path = broken.write(pathlib.Path(folder))
            done = import_files(program, pathlib.Path(folder) / "db.sqlite", path, status=None, **broken.options)
            print(f"{broken.kind} (exit {done.returncode})")
            for line in (done.stderr + done.stdout).replace(folder + "/", "").splitlines():
                print("    " + line)


if __name__ == "__main__":
    main()
