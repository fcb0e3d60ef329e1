"""Six independent venues, each with WebSocket and REST on one port, from recorded trades.

They send in step: a venue waits until all are subscribed, then each trade leaves at its own time, sped up.
"""

import asyncio
import csv
import gzip
import json
from collections import defaultdict
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve

from server import Server, port_of


def iso_time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Trade(NamedTuple):
    symbol: str
    id: int
    milliseconds: int
    price: str
    quantity: str
    taker: str


def recorded_trades(path, symbol: str, renamed: str, until: int) -> list[Trade]:
    """The trades of a symbol under the name that it has at another venue."""
    with gzip.open(path / "trades.csv.gz", "rt") as lines:
        return [
            Trade(
                renamed, int(row["trade_id"]), int(row["ts_ms"]), row["price"], row["qty"],
                "sell" if row["is_buyer_maker"] == "true" else "buy",
            )
            for row in csv.DictReader(lines)
            if row["symbol"] == symbol and int(row["ts_ms"]) <= until
        ]


class Market:
    """The common part of the venues. `unsent` are ids of trades that are never sent over the WebSocket."""

    def __init__(self, trades: list[Trade], unsent=frozenset()):
        self.trades = trades
        self.unsent = unsent
        self.paths: list[str] = []
        self.requests: list[str] = []
        self.queries: list[str] = []
        self.present = trades[0].milliseconds

    def past(self, symbol: str) -> list[Trade]:
        """The trades up to the present, sent or not."""
        return [trade for trade in self.trades if trade.symbol == symbol and trade.milliseconds <= self.present]

    def batches(self):
        """The trades of one message: those of one millisecond and symbol, at most three."""
        batch: list[Trade] = []
        for trade in self.trades:
            if batch and (len(batch) == 3 or batch[0].milliseconds != trade.milliseconds):
                yield batch
                batch = []
            if trade.id not in self.unsent:
                batch.append(trade)
        if batch:
            yield batch

    async def subscribe(self, connection):
        """Nothing to wait for where the path names the streams."""

    async def listen(self, connection):
        """Processes the later messages of a client."""
        async for message in connection:
            self.requests.append(message)


class Binance(Market):
    """`/market/stream` and `/public/stream` of USD-M, `/stream` of spot; single trades."""

    def __init__(self, trades, prefix: str, rest: str, unsent=frozenset()):
        super().__init__(trades, unsent)
        self.prefix = prefix
        self.rest = rest

    async def subscribe(self, connection):
        url = urlsplit(connection.request.path)
        assert url.path == self.prefix, url.path
        names = {f"{trade.symbol.lower()}@trade" for trade in self.trades}
        assert set(parse_qs(url.query)["streams"][0].split("/")) == names

    def messages(self, batch):
        for trade in batch:
            yield json.dumps({
                "stream": f"{trade.symbol.lower()}@trade",
                "data": {
                    "e": "trade", "E": trade.milliseconds, "s": trade.symbol, "t": trade.id, "p": trade.price,
                    "q": trade.quantity, "T": trade.milliseconds, "m": trade.taker == "sell", "M": True,
                },
            })

    def answer(self, path: str, query: dict):
        if path == f"{self.rest}/time":
            return {"serverTime": self.present}
        if path == f"{self.rest}/klines":
            return []
        trades = self.past(query["symbol"])
        limit = int(query.get("limit", 500))
        if path == f"{self.rest}/historicalTrades" and "fromId" in query:
            trades = [trade for trade in trades if trade.id >= int(query["fromId"])][:limit]
        elif path not in (f"{self.rest}/trades", f"{self.rest}/historicalTrades"):
            return None
        return [
            {
                "id": trade.id, "price": trade.price, "qty": trade.quantity, "time": trade.milliseconds,
                "isBuyerMaker": trade.taker == "sell",
            }
            for trade in trades[-limit:]
        ]


class OKX(Market):
    """`trades-all` on `/ws/v5/business`, subscribed by message; the text `ping` is answered by `pong`."""

    async def subscribe(self, connection):
        assert connection.request.path == "/ws/v5/business"
        request = json.loads(await asyncio.wait_for(connection.recv(), 30))
        assert request["op"] == "subscribe"
        symbols = {argument["instId"] for argument in request["args"] if argument["channel"] == "trades-all"}
        assert symbols == {trade.symbol for trade in self.trades}
        for argument in request["args"]:
            await connection.send(json.dumps({"event": "subscribe", "arg": argument, "connId": "a4d3ae55"}))

    async def listen(self, connection):
        async for message in connection:
            self.requests.append(message)
            if message == "ping":
                await connection.send("pong")

    @staticmethod
    def item(trade: Trade) -> dict:
        return {
            "instId": trade.symbol, "tradeId": str(trade.id), "px": trade.price, "sz": trade.quantity,
            "side": trade.taker, "ts": str(trade.milliseconds), "source": "0",
        }

    def messages(self, batch):
        argument = {"channel": "trades-all", "instId": batch[0].symbol}
        yield json.dumps({"arg": argument, "data": [self.item(trade) for trade in batch]})

    def answer(self, path: str, query: dict):
        if path == "/api/v5/public/time":
            data = [{"ts": str(self.present)}]
        elif path == "/api/v5/market/history-candles":
            data = []
        elif path in ("/api/v5/market/trades", "/api/v5/market/history-trades"):
            trades = self.past(query["instId"])
            if "after" in query:
                assert query["type"] == "1"
                trades = [trade for trade in trades if trade.id < int(query["after"])]
            limit = min(int(query.get("limit", 100)), 100)
            data = [self.item(trade) for trade in reversed(trades[-limit:])]
        else:
            return None
        return {"code": "0", "msg": "", "data": data}


class Coinbase(Market):
    """`matches`, and a heartbeat for every second; `side` is the maker's."""

    def __init__(self, trades, unsent=frozenset()):
        super().__init__(trades, unsent)
        self.heartbeat: dict[str, int] = defaultdict(int)

    async def subscribe(self, connection):
        assert connection.request.path == "/"
        request = json.loads(await asyncio.wait_for(connection.recv(), 30))
        assert request["type"] == "subscribe" and set(request["channels"]) == {"matches", "heartbeat"}
        assert set(request["product_ids"]) == {trade.symbol for trade in self.trades}
        channels = [{"name": name, "product_ids": request["product_ids"]} for name in request["channels"]]
        await connection.send(json.dumps({"type": "subscriptions", "channels": channels}))

    @staticmethod
    def item(trade: Trade) -> dict:
        return {
            "trade_id": trade.id, "side": "buy" if trade.taker == "sell" else "sell", "size": trade.quantity,
            "price": trade.price, "time": iso_time(trade.milliseconds),
        }

    def messages(self, batch):
        for trade in batch:
            yield json.dumps({
                "type": "match", "maker_order_id": "27fff20b", "taker_order_id": "1da6ce16", "sequence": trade.id * 3,
                "product_id": trade.symbol, **self.item(trade),
            })
            second = trade.milliseconds // 1000
            if second > self.heartbeat[trade.symbol]:
                self.heartbeat[trade.symbol] = second
                yield json.dumps({
                    "type": "heartbeat", "sequence": trade.id * 3, "last_trade_id": trade.id,
                    "product_id": trade.symbol, "time": self.item(trade)["time"],
                })

    def answer(self, path: str, query: dict):
        if path == "/time":
            return {"iso": iso_time(self.present), "epoch": self.present / 1000}
        parts = path.split("/")
        if len(parts) != 4 or parts[1] != "products":
            return None
        if parts[3] == "candles":
            return []
        trades = self.past(parts[2])
        if "after" in query:
            trades = [trade for trade in trades if trade.id < int(query["after"])]
        return [self.item(trade) for trade in reversed(trades[-min(int(query.get("limit", 1000)), 1000) :])]


class Bybit(Market):
    """`publicTrade` on `/v5/public/linear`; the trades of one message share the number of their match."""

    def __init__(self, trades, unsent=frozenset()):
        super().__init__(trades, unsent)
        self.matches = {trade.id: 816_281_670_000 + batch[0].id * 5000 for batch in self.batches() for trade in batch}

    async def subscribe(self, connection):
        assert connection.request.path == "/v5/public/linear"
        request = json.loads(await asyncio.wait_for(connection.recv(), 30))
        assert request["op"] == "subscribe"
        assert set(request["args"]) == {f"publicTrade.{trade.symbol}" for trade in self.trades}
        await connection.send(json.dumps({"success": True, "ret_msg": "", "conn_id": "3cd84cb1", "op": "subscribe"}))

    async def listen(self, connection):
        async for message in connection:
            self.requests.append(message)
            if json.loads(message)["op"] == "ping":
                await connection.send(json.dumps({"success": True, "ret_msg": "pong", "req_id": "", "op": "ping"}))

    def messages(self, batch):
        yield json.dumps({
            "topic": f"publicTrade.{batch[0].symbol}", "type": "snapshot", "ts": batch[0].milliseconds + 1,
            "data": [
                {
                    "T": trade.milliseconds, "s": trade.symbol, "S": trade.taker.capitalize(), "v": trade.quantity,
                    "p": trade.price, "L": "ZeroPlusTick", "i": f"2a74ac78-691c-5b54-{trade.id:x}", "BT": False,
                    "RPI": False, "seq": self.matches[trade.id],
                }
                for trade in batch
            ],
        })

    def answer(self, path: str, query: dict):
        assert path == "/v5/market/time" or query["category"] == "linear"
        if path == "/v5/market/time":
            result = {"timeSecond": str(self.present // 1000), "timeNano": f"{self.present}000000"}
        elif path == "/v5/market/kline":
            result = {"list": []}
        elif path == "/v5/market/recent-trade":
            trades = self.past(query["symbol"])[-min(int(query.get("limit", 500)), 1000) :]
            result = {
                "list": [
                    {
                        "execId": f"2a74ac78-{trade.id:x}", "symbol": trade.symbol, "price": trade.price,
                        "size": trade.quantity, "side": trade.taker.capitalize(), "time": str(trade.milliseconds),
                        "isBlockTrade": False, "seq": str(self.matches[trade.id]),
                    }
                    for trade in reversed(trades)
                ]
            }
        else:
            return None
        return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": self.present}


class Kraken(Market):
    """`trade` on `/v2`; prices and quantities are numbers, and REST finds trades by time."""

    def __init__(self, trades, unsent=frozenset()):
        super().__init__(trades, unsent)
        # REST has the old code of bitcoin and no slash.
        self.symbols = {trade.symbol.replace("/", "").replace("BTC", "XBT"): trade.symbol for trade in trades}

    async def subscribe(self, connection):
        assert connection.request.path == "/v2"
        request = json.loads(await asyncio.wait_for(connection.recv(), 30))
        assert request["method"] == "subscribe" and request["params"]["channel"] == "trade"
        assert set(request["params"]["symbol"]) == {trade.symbol for trade in self.trades}
        await connection.send('{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2"}]}')
        for symbol in request["params"]["symbol"]:
            result = {"channel": "trade", "snapshot": False, "symbol": symbol}
            await connection.send(json.dumps({"method": "subscribe", "result": result, "success": True}))

    async def listen(self, connection):
        async for message in connection:
            self.requests.append(message)
            if json.loads(message)["method"] == "ping":
                await connection.send('{"method":"pong"}')

    def messages(self, batch):
        items = ",".join(
            f'{{"symbol":"{trade.symbol}","side":"{trade.taker}","price":{trade.price},"qty":{trade.quantity},'
            f'"ord_type":"limit","trade_id":{trade.id},"timestamp":"{iso_time(trade.milliseconds)}"}}'
            for trade in batch
        )
        yield f'{{"channel":"trade","type":"update","data":[{items}]}}'
        yield '{"channel":"heartbeat"}'

    def answer(self, path: str, query: dict):
        if path == "/0/public/Time":
            return {"error": [], "result": {"unixtime": self.present // 1000}}
        if query["pair"] not in self.symbols:
            return {"error": ["EQuery:Unknown asset pair"]}
        if path == "/0/public/OHLC":
            return {"error": [], "result": {query["pair"]: [], "last": 0}}
        if path != "/0/public/Trades":
            return None
        limit = min(int(query.get("count", 1000)), 1000)
        trades = self.past(self.symbols[query["pair"]])
        if "since" in query:
            trades = [trade for trade in trades if trade.milliseconds * 1_000_000 > int(query["since"])][:limit]
        rows = [
            [trade.price, trade.quantity, trade.milliseconds / 1000, trade.taker[0], "l", "", trade.id]
            for trade in trades[-limit:]
        ]
        return {"error": [], "result": {"XXBTZUSD": rows, "last": str(self.present * 1_000_000)}}


class Markets(Server):
    """Serves venues on ports of their own, each trade at its time, `speed` times as fast."""

    def __init__(self, markets: dict[str, Market], speed: float):
        super().__init__()
        self.markets = markets
        self.speed = speed
        self.ports: dict[str, int] = {}
        self.errors: list[BaseException] = []
        self._first = min(market.trades[0].milliseconds for market in markets.values())

    def url(self, name: str, scheme: str) -> str:
        return f"{scheme}://127.0.0.1:{self.ports[name]}"

    async def open(self, stack):
        self._all_subscribed = asyncio.Event()
        self._waiting = set(self.markets)
        self._sent = {name: 0 for name in self.markets}
        for name, market in self.markets.items():
            serving = serve(
                lambda connection, name=name: self._serve_client(name, connection),
                "127.0.0.1",
                0,
                compression=None,
                process_request=lambda connection, request, market=market: self._answer(market, connection, request),
            )
            self.ports[name] = port_of(await stack.enter_async_context(serving))

    @staticmethod
    def _answer(market: Market, connection, request):
        if "Upgrade" in request.headers:
            return None
        market.queries.append(request.path)
        url = urlsplit(request.path)
        answer = market.answer(url.path, {name: values[0] for name, values in parse_qs(url.query).items()})
        return connection.respond(404, "no such path") if answer is None else connection.respond(200, json.dumps(answer))

    async def _serve_client(self, name: str, connection):
        market = self.markets[name]
        market.paths.append(connection.request.path)
        try:
            await market.subscribe(connection)
            listening = asyncio.create_task(market.listen(connection))
            self._waiting.discard(name)
            if not self._waiting and not self._all_subscribed.is_set():
                self._start = self._loop.time()
                self._all_subscribed.set()
            await self._all_subscribed.wait()
            for batch in list(market.batches())[self._sent[name] :]:
                due = self._start + (batch[0].milliseconds - self._first) / 1000 / self.speed
                if due > self._loop.time():
                    await asyncio.sleep(due - self._loop.time())
                market.present = max(market.present, batch[-1].milliseconds)
                for message in market.messages(batch):
                    await connection.send(message)
                self._sent[name] += 1
            await listening
        except AssertionError as error:
            self.errors.append(error)
            raise
