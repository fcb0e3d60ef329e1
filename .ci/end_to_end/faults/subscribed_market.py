"""A venue that sends only subscribed streams, and exposes the subscriptions."""

import asyncio
import contextlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import yaml
from websockets.exceptions import ConnectionClosed

from live_market import VENUE, LiveMarket


class SubscribedMarket(LiveMarket):
    """Streams of `silent` symbols deliver nothing, although trades happen."""

    def __init__(self, rate: int):
        super().__init__(rate)
        self.silent: set[str] = set()
        self.connected: dict = {}

    @property
    def subscribed(self) -> set[str]:
        """The symbols that open connections deliver."""
        return set().union(*self.connected.values())

    async def _send(self, connection):
        names = parse_qs(urlsplit(connection.request.path).query)["streams"][0].split("/")
        symbols = {name.split("@")[0].upper() for name in names}
        self.connected[connection] = symbols
        listening = asyncio.create_task(self._listen(connection, symbols))
        sent = self.last_id
        try:
            while True:
                await asyncio.sleep(0.02)
                last = self.last_id
                for number in range(sent + 1, last + 1):
                    for symbol in symbols - self.silent:
                        data = {"e": "aggTrade", "E": int(time.time() * 1000), "s": symbol}
                        data |= self.trade(symbol, number)
                        stream = f"{symbol.lower()}@aggTrade"
                        await connection.send(json.dumps({"stream": stream, "data": data}))
                sent = last
        finally:
            listening.cancel()
            del self.connected[connection]

    @staticmethod
    async def _listen(connection, symbols: set[str]):
        """Adds and removes what the client subscribes to and unsubscribes from."""
        with contextlib.suppress(ConnectionClosed):
            async for text in connection:
                request = json.loads(text)
                named = {stream.split("@")[0].upper() for stream in request["params"]}
                if request["method"] == "SUBSCRIBE":
                    symbols |= named
                else:
                    symbols -= named
                await connection.send(json.dumps({"result": None, "id": request["id"]}))


class Setup:
    """A configuration file that a test changes."""

    def __init__(self, path, market, database, bases, **storage):
        self.path = path
        self.content = {
            "feeds": [
                {
                    "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{market.port}",
                    "rest_url": f"http://127.0.0.1:{market.port}", "connects_per_minute": 300, "idle_timeout": "1s",
                }
            ],
            "storage": {"path": str(database), **storage},
            "timeframes": ["1s"],
            "windows": [10],
        }
        self.write(bases)

    def write(self, bases=None, **changes):
        """Pairs of some symbols with BTCUSDT."""
        if bases:
            self.content["pairs"] = [{"y": f"{VENUE}:{base}", "x": f"{VENUE}:BTCUSDT"} for base in bases]
        self.content |= changes
        self.path.write_text(yaml.safe_dump(self.content))

    @property
    def arguments(self):
        return "--config.file", str(self.path), "--web.enable-lifecycle"
