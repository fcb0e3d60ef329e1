"""A venue that trades with or without clients: Binance's aggregate trades by WebSocket and by id over REST."""

import asyncio
import contextlib
import json
import sqlite3
import time
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import yaml
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from server import Server, port_of

VENUE = "binance-usdm"
SYMBOLS = ("BTCUSDT", "ETHUSDT")


class LiveMarket(Server):
    """Each symbol trades `rate` times a second from the start on, `age` seconds ago; id 1 is the first trade."""

    def __init__(self, rate: int, age: float = 0):
        super().__init__()
        self.rate = rate
        self.start = time.time() - age
        self.requests = 0

    @property
    def last_id(self) -> int:
        return int((time.time() - self.start) * self.rate)

    def trade(self, symbol: str, number: int) -> dict:
        price = (60000 if symbol == "BTCUSDT" else 2600) + (number * 7919) % 1000 / 100
        return {
            "a": number, "p": f"{price:.2f}", "q": "0.010", "f": number, "l": number,
            "T": int((self.start + number / self.rate) * 1000), "m": number % 2 == 0,
        }

    async def open(self, stack):
        serving = serve(
            self._serve_client, "127.0.0.1", 0, compression=None, process_request=self._answer, close_timeout=0.1
        )
        self.port = port_of(await stack.enter_async_context(serving))

    def _answer(self, connection, request):
        """REST, on the port of the WebSocket; None for a WebSocket handshake."""
        url = urlsplit(request.path)
        if not url.path.startswith("/fapi/"):
            return None
        self.requests += 1
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        body = []
        if url.path == "/fapi/v1/time":
            body = {"serverTime": int(time.time() * 1000)}
        elif url.path == "/fapi/v1/aggTrades":
            last, limit = self.last_id, int(query.get("limit", 500))
            first = int(query.get("fromId", last - limit + 1))
            body = [self.trade(query["symbol"], number) for number in range(max(1, first), min(last, first + limit - 1) + 1)]
        return connection.respond(200, json.dumps(body))

    async def _serve_client(self, connection):
        """Sends trades from the moment of the connection on, every 20 ms."""
        with contextlib.suppress(ConnectionClosed):
            await self._send(connection)

    async def _send(self, connection):
        sent = self.last_id
        while True:
            await asyncio.sleep(0.02)
            last = self.last_id
            for number in range(sent + 1, last + 1):
                for symbol in SYMBOLS:
                    data = {"e": "aggTrade", "E": int(time.time() * 1000), "s": symbol, **self.trade(symbol, number)}
                    await connection.send(json.dumps({"stream": f"{symbol.lower()}@aggTrade", "data": data}))
            sent = last


def configuration(path, market, database, **storage: str) -> str:
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [
                    {
                        "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{market.port}",
                        "rest_url": f"http://127.0.0.1:{market.port}", "connects_per_minute": 300,
                    }
                ],
                "storage": {"path": str(database), **storage},
                "timeframes": ["1s"],
                "windows": [60],
                "pairs": [{"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
            }
        )
    )
    return str(path)


def trades_on_disk(database) -> int:
    """How many trades there are, after a check that every id is on disk or in a gap, and none in both or twice."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        streams = connection.execute(
            "SELECT key >> 44, count(*), min(key & 17592186044415), max(key & 17592186044415) FROM raw_trade GROUP BY 1"
        ).fetchall()
        for stream, count, first, last in streams:
            holes = connection.execute(
                "SELECT first_id, last_id FROM raw_hole WHERE stream_id = ? AND state IN ('open', 'unrepairable')"
                " AND last_id >= ? ORDER BY first_id",
                (stream, first),
            ).fetchall()
            inside = 0
            for hole in holes:
                (present,) = connection.execute(
                    "SELECT count(*) FROM raw_trade WHERE key BETWEEN ? AND ?",
                    ((stream << 44) + hole[0], (stream << 44) + hole[1]),
                ).fetchone()
                assert present == 0, f"ids both on disk and in gap {hole}"
                inside += min(hole[1], last) - max(hole[0], first) + 1 if hole[0] <= last else 0
            assert count + inside == last - first + 1, f"ids of stream {stream} neither on disk nor in gaps {holes}"
        return sum(count for _, count, _, _ in streams)


def ids_in_gaps(database) -> int:
    """How many ids are known to exist and not on disk, whether they can be repaired or not."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        query = "SELECT coalesce(sum(last_id - first_id + 1), 0) FROM hole WHERE state IN ('open', 'unrepairable')"
        return connection.execute(query).fetchone()[0]


def last_ids(database) -> list[int]:
    """The greatest id on disk of each symbol."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT max(trade_id) FROM trade GROUP BY symbol")]
