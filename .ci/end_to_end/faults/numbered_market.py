"""Venues whose trade ids restart, jump or are implausible, while trades continue."""

import asyncio
import contextlib
import json
import sqlite3
import time
from contextlib import closing

import yaml
from websockets.asyncio.server import serve

from server import Server, port_of
from venues import OKX, Coinbase, Kraken, Market, Trade


class Binance(Market):
    """Aggregate trades of USD-M, also over REST by id."""

    async def subscribe(self, connection):
        assert connection.request.path.startswith("/market/stream?")

    @staticmethod
    def item(trade: Trade) -> dict:
        return {
            "a": trade.id, "p": trade.price, "q": trade.quantity, "f": trade.id, "l": trade.id,
            "T": trade.milliseconds, "m": trade.taker == "sell",
        }

    def messages(self, batch):
        for trade in batch:
            data = {"e": "aggTrade", "E": trade.milliseconds, "s": trade.symbol, **self.item(trade)}
            yield json.dumps({"stream": f"{trade.symbol.lower()}@aggTrade", "data": data})

    def answer(self, path: str, query: dict):
        if path.endswith("/time"):
            return {"serverTime": self.present}
        if not path.endswith("/aggTrades"):
            return []
        trades, limit = self.past(query["symbol"]), int(query.get("limit", 500))
        if "fromId" not in query:
            return [self.item(trade) for trade in trades[-limit:]]
        return [self.item(trade) for trade in trades if trade.id >= int(query["fromId"])][:limit]


SYMBOLS = {
    "binance-usdm": ("BTCUSDT", "ETHUSDT"),
    "okx": ("BTC-USDT-SWAP", "ETH-USDT-SWAP"),
    "coinbase": ("BTC-USD", "ETH-USD"),
    "kraken": ("BTC/USD", "ETH/USD"),
}
KINDS = {"binance-usdm": Binance, "okx": OKX, "coinbase": Coinbase, "kraken": Kraken}
STREAMS = {"binance-usdm": "aggTrade", "okx": "trades-all", "coinbase": "matches", "kraken": "trade"}


class NumberedMarket(Server):
    """Twenty trades a second of each symbol; `first_id` numbers the first one."""

    def __init__(self, venues=("binance-usdm",), first_id=5_000_000):
        super().__init__()
        self.next_ids = {(venue, symbol): first_id for venue in venues for symbol in SYMBOLS[venue]}
        self.markets: dict[str, Market] = {}
        for venue in venues:
            self.markets[venue] = KINDS[venue]([self._trade(venue, symbol) for symbol in SYMBOLS[venue]])
        self.ports: dict[str, int] = {}
        # Ids of trades that are not sent, how many more of each symbol, and messages to send beside the trades.
        self.unsent = 0
        self.is_rest_dead = False
        # Every trade ever made, by venue, symbol and how often its numbering had begun.
        self.log: dict[tuple[str, str, int], set[int]] = {}
        self.numbering = 1
        self._connections: dict[str, set] = {venue: set() for venue in venues}

    def _trade(self, venue: str, symbol: str) -> Trade:
        number = self.next_ids[venue, symbol]
        self.next_ids[venue, symbol] += 1
        return Trade(symbol, number, int(time.time() * 1000), f"{100 + number % 7}.5", "1.0", "buy")

    async def open(self, stack):
        for venue, market in self.markets.items():
            serving = serve(
                lambda connection, venue=venue: self._serve_client(venue, connection), "127.0.0.1", 0, compression=None,
                process_request=lambda connection, request, market=market: self._rest(market, connection, request),
            )
            self.ports[venue] = port_of(await stack.enter_async_context(serving))
        pump = asyncio.create_task(self._pump())
        stack.callback(pump.cancel)

    def _rest(self, market, connection, request):
        if "Upgrade" in request.headers:
            return None
        path, _, query = request.path.partition("?")
        market.queries.append(request.path)
        if self.is_rest_dead:
            return connection.respond(503, "")
        parameters = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        answer = market.answer(path, parameters)
        return connection.respond(404, "") if answer is None else connection.respond(200, json.dumps(answer))

    async def _serve_client(self, venue, connection):
        market = self.markets[venue]
        await market.subscribe(connection)
        self._connections[venue].add(connection)
        try:
            await market.listen(connection)
        finally:
            self._connections[venue].discard(connection)

    async def _pump(self):
        while True:
            for venue, market in self.markets.items():
                for symbol in SYMBOLS[venue]:
                    trade = self._trade(venue, symbol)
                    market.trades.append(trade)
                    market.present = trade.milliseconds
                    self.log.setdefault((venue, symbol, self.numbering), set()).add(trade.id)
                    if self.unsent == 0:
                        await self._send(venue, trade)
            self.unsent = max(0, self.unsent - 1)
            await asyncio.sleep(0.05)

    async def _send(self, venue, trade):
        for message in self.markets[venue].messages([trade]):
            for connection in list(self._connections[venue]):
                with contextlib.suppress(Exception):
                    await connection.send(message)

    def do(self, coroutine):
        """Runs something between two trades, from the thread of the test."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _set_ids(self, first: int):
        for key in self.next_ids:
            self.next_ids[key] = first

    async def _begin_again(self, first: int, dropped: tuple[str, ...]):
        self.numbering += 1
        await self._set_ids(first)
        for market in self.markets.values():
            market.trades.clear()
        for venue in dropped:
            for connection in list(self._connections[venue]):
                await connection.close()

    def begin_again(self, first: int, dropped: tuple[str, ...] = ()):
        """Numbers trades from an id on, and removes those before; `dropped` venues close their connections too."""
        self.do(self._begin_again(first, dropped))

    def jump(self, distance: int):
        self.do(self._set_ids(max(self.next_ids.values()) + distance))

    def send_absurd(self, *numbers: int):
        async def send():
            for venue in self.markets:
                for symbol in SYMBOLS[venue]:
                    for number in numbers:
                        await self._send(venue, Trade(symbol, number, int(time.time() * 1000), "100.5", "1.0", "buy"))

        self.do(send())

    def configuration(self, folder, **changes) -> list[str]:
        """Arguments of a program that watches every venue."""
        folder.mkdir(exist_ok=True)
        path = folder / "config.yml"
        path.write_text(yaml.safe_dump({
            "feeds": [
                {
                    "venue": venue, "websocket_url": f"ws://127.0.0.1:{port}", "rest_url": f"http://127.0.0.1:{port}",
                    "connects_per_minute": 300, "stream": STREAMS[venue],
                }
                for venue, port in self.ports.items()
            ],
            "storage": {"path": str(folder / "pairs.sqlite")},
            "timeframes": ["1s"],
            "windows": [10],
            "pairs": [
                {"y": f"{venue}:{SYMBOLS[venue][1]}", "x": f"{venue}:{SYMBOLS[venue][0]}"} for venue in self.ports
            ],
        } | changes))
        return ["--config.file", str(path)]


def rows(folder, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{folder / 'pairs.sqlite'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
