"""A venue faster than a real one: Binance spot's aggregate trades at any rate, by WebSocket and by id over REST.

Frames are built by numpy, so that the venue is not the bottleneck.
"""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import numpy

from server import Server, port_of

VENUE = "binance-spot"
SYMBOLS = ("BTCUSDT", "ETHUSDT")
FIRST_ID = 1_000_000_000
FIRST_PRICE = (6_000_000, 3_000_000)
"""In hundredths."""

TEMPLATE = (
    b'{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1000000000000,"a":1000000000,"s":"BTCUSDT","p":"60000.00",'
    b'"q":"0.010","f":1000000000,"l":1000000000,"T":1000000000000,"m":true}}'
)


def symbols_of(streams: Sequence[str]) -> set[str]:
    return {stream.partition("@")[0].upper() for stream in streams if stream}


def digits(values: numpy.ndarray, width: int) -> numpy.ndarray:
    """The decimal digits of each value, a row each."""
    powers = 10 ** numpy.arange(width - 1, -1, -1, dtype=numpy.int64)
    return (values[:, None] // powers % 10 + ord("0")).astype(numpy.uint8)


class FloodingVenue(Server):
    """The symbols trade in turn, `rate` times a second together from the first connection on; after so many seconds calmly.

    Symbols have the length of those of the template. A later connection gets what happens from then on. After `cut_after`
    seconds every connection is reset, once. A connection gets the symbols that it has subscribed to.
    """

    CALM_RATE = 20

    def __init__(self, rate: int, seconds: float, cut_after: float | None = None, symbols: Sequence[str] = SYMBOLS):
        super().__init__()
        self.symbols = symbols
        self.rate = rate
        self.seconds = seconds
        self.count = int(rate * seconds)
        self.cut_after = cut_after
        self.start: float | None = None
        self.connections = 0
        self.cut = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self.subscriptions: dict[asyncio.StreamWriter, set[str]] = {}

    @property
    def present(self) -> int:
        """How many trades there have been."""
        passed = 0 if self.start is None else time.time() - self.start
        if passed < self.seconds:
            return int(passed * self.rate)
        return self.count + int((passed - self.seconds) * self.CALM_RATE)

    def trades(self, first: int, last: int) -> dict[str, numpy.ndarray]:
        """What happened, by the number of the trade: `symbol` as an index, `id`, `milliseconds`, `cents`."""
        numbers = numpy.arange(first, last, dtype=numpy.int64)
        symbols = numbers % len(self.symbols)
        calm = numpy.maximum(numbers - self.count, 0)
        passed = (numbers - calm) / self.rate + calm / self.CALM_RATE
        return {
            "symbol": symbols,
            "id": FIRST_ID + numbers // len(self.symbols),
            "milliseconds": ((self.start + passed) * 1000).astype(numpy.int64),
            "cents": numpy.asarray(FIRST_PRICE)[symbols % len(FIRST_PRICE)] + numbers * 7919 % 1000,
        }

    def frames(self, first: int, last: int, symbols: set[str]) -> bytes:
        trades = self.trades(first, last)
        followed = numpy.array([symbol in symbols for symbol in self.symbols])[trades["symbol"]]
        trades = {name: values[followed] for name, values in trades.items()}
        header = bytes([0x81, 0x7E]) + len(TEMPLATE).to_bytes(2, "big")
        rows = numpy.tile(numpy.frombuffer(header + TEMPLATE, numpy.uint8), (int(followed.sum()), 1))

        def put(marker: bytes, columns: numpy.ndarray):
            begin = len(header) + TEMPLATE.index(marker) + len(marker)
            rows[:, begin : begin + columns.shape[1]] = columns

        names = numpy.array([list(symbol.encode()) for symbol in self.symbols], numpy.uint8)[trades["symbol"]]
        put(b'"s":"', names)
        put(b'"stream":"', names | 0x20)
        times, ids, price = digits(trades["milliseconds"], 13), digits(trades["id"], 10), digits(trades["cents"], 7)
        for marker in (b'"E":', b'"T":'):
            put(marker, times)
        for marker in (b'"a":', b'"f":', b'"l":'):
            put(marker, ids)
        put(b'"p":"', price[:, :5])
        put(b'"p":"60000.', price[:, 5:])
        return rows.tobytes()

    async def open(self, stack):
        server = await asyncio.start_server(self._serve_client, "127.0.0.1", 0)
        self.port = port_of(server)
        stack.callback(server.close)
        cutting = asyncio.create_task(self._cut())
        stack.callback(cutting.cancel)

    async def _cut(self):
        while self.cut_after is not None and self.present < self.cut_after * self.rate:
            await asyncio.sleep(0.01)
        if self.cut_after is not None:
            self.cut += len(self._writers)
            for writer in self._writers:
                writer.transport.abort()

    async def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                target = lines[0].split(" ")[1]
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
                if "sec-websocket-key" in headers:
                    streams = parse_qs(urlsplit(target).query).get("streams", [""])[0]
                    await self._stream(headers["sec-websocket-key"], symbols_of(streams.split("/")), reader, writer)
                    return
                body = json.dumps(self._answer(target)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _stream(
        self, key: str, followed: set[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ):
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        writer.write(
            f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        self.connections += 1
        sent = self.present
        if self.start is None:
            self.start = time.time()
        self._writers.add(writer)
        self.subscriptions[writer] = followed
        listening = asyncio.create_task(self._listen(reader, writer, followed))
        try:
            while not listening.done():
                present = min(self.present, sent + 2000)
                if present > sent:
                    writer.write(self.frames(sent, present, followed))
                    sent = present
                await writer.drain()
                await asyncio.sleep(0.001)
        finally:
            listening.cancel()
            self._writers.discard(writer)
            del self.subscriptions[writer]

    @staticmethod
    async def _listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, followed: set[str]):
        """Subscribes and unsubscribes until the client closes."""
        while head := await reader.read(2):
            head += await reader.readexactly(2 - len(head))
            opcode, length = head[0] & 0x0F, head[1] & 0x7F
            if length == 126:
                length = int.from_bytes(await reader.readexactly(2), "big")
            mask = await reader.readexactly(4)
            payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(await reader.readexactly(length)))
            if opcode == 8:
                break
            if opcode != 1:
                continue
            request = json.loads(payload)
            symbols = symbols_of(request["params"])
            if request["method"] == "SUBSCRIBE":
                followed |= symbols
            else:
                followed -= symbols
            answer = json.dumps({"result": None, "id": request["id"]}).encode()
            writer.write(bytes([0x81, len(answer)]) + answer)
        writer.close()

    def _answer(self, target: str):
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path.endswith("/time"):
            return {"serverTime": int(time.time() * 1000)}
        if not url.path.endswith("/aggTrades") or query["symbol"] not in self.symbols or self.start is None:
            return []
        symbol, limit = self.symbols.index(query["symbol"]), int(query.get("limit", 500))
        known = (self.present - symbol + len(self.symbols) - 1) // len(self.symbols)
        first = int(query["fromId"]) - FIRST_ID if "fromId" in query else known - limit
        return [self._item(symbol + len(self.symbols) * number) for number in range(max(0, first), min(known, first + limit))]

    def _item(self, number: int) -> dict:
        trade = {name: int(values[0]) for name, values in self.trades(number, number + 1).items()}
        price = f"{trade['cents'] // 100}.{trade['cents'] % 100:02}"
        return {
            "a": trade["id"], "p": price, "q": "0.010", "f": trade["id"], "l": trade["id"], "T": trade["milliseconds"],
            "m": True, "M": True,
        }


def configuration(port: int, database) -> dict:
    return {
        "feeds": [{"venue": VENUE, "websocket_url": f"ws://127.0.0.1:{port}", "rest_url": f"http://127.0.0.1:{port}"}],
        "storage": {"path": str(database)},
        "timeframes": ["1s"],
        "windows": [60],
        "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
    }
