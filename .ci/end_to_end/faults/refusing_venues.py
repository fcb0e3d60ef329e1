"""Venues that refuse some of their instruments, each in its own way, and trade the others."""

import asyncio
import contextlib
import json
import time
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from server import Server, port_of
from venues import iso_time


class RefusingVenue(Server):
    """Each symbol that is not refused trades `rate` times a second; id 1 is the first trade of the venue.

    A refusal names the symbol where `names` is true, and ends the connection where `cuts` is true.
    """

    name: str

    def __init__(self, refused=(), names=True, cuts=False, rate=10):
        super().__init__()
        self.refused = set(refused)
        self.names = names
        self.cuts = cuts
        self.rate = rate
        self.start = time.time()
        self.silent: set[str] = set()
        self.connections: dict = {}

    @property
    def last_id(self) -> int:
        return int((time.time() - self.start) * self.rate)

    def milliseconds(self, number: int) -> int:
        return int((self.start + number / self.rate) * 1000)

    @staticmethod
    def price(number: int) -> str:
        return f"{2600 + (number * 7919) % 1000 / 100:.2f}"

    async def open(self, stack):
        serving = serve(
            self._serve_client, "127.0.0.1", 0, compression=None, process_request=self._answer, close_timeout=0.1
        )
        self.port = port_of(await stack.enter_async_context(serving))

    def drop_connections(self):
        """Ends every connection, as maintenance does."""
        for connection in list(self.connections):
            asyncio.run_coroutine_threadsafe(connection.close(1012), self._loop)

    def feed(self, **changes) -> dict:
        return {
            "venue": self.name, "websocket_url": f"ws://127.0.0.1:{self.port}",
            "rest_url": f"http://127.0.0.1:{self.port}", "idle_timeout": "3s", "connects_per_minute": 300, **changes,
        }

    def _answer(self, connection, request):
        url = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if "Upgrade" in request.headers:
            status, body = self.handshake(query)
        else:
            status, body = self.rest(url.path, query)
        return None if status == 101 else connection.respond(status, body if isinstance(body, str) else json.dumps(body))

    def handshake(self, query) -> tuple:
        return 101, None

    async def _serve_client(self, connection):
        self.connections[connection] = set()
        sending = asyncio.create_task(self._send(connection))
        try:
            with contextlib.suppress(ConnectionClosed):
                await self.listen(connection)
        finally:
            sending.cancel()
            del self.connections[connection]

    async def _send(self, connection):
        sent = self.last_id
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(0.05)
                last = self.last_id
                for symbol in self.connections[connection] - self.silent - self.refused:
                    for number in range(sent + 1, last + 1):
                        for message in self.messages(symbol, number):
                            await connection.send(message)
                sent = last

    async def refuse(self, connection, words: dict):
        await connection.send(json.dumps(words))
        if self.cuts:
            await connection.close(1000)

    def ids(self, query, key: str, limit: int) -> range:
        """The ids of a page that ends before an id or with the last."""
        last = min(self.last_id, int(query.get(key, 1 << 40)) - 1)
        return range(last, max(0, last - min(limit, int(query.get("limit", limit)))), -1)


class Coinbase(RefusingVenue):
    """One refused product refuses the complete request."""

    name = "coinbase"

    async def listen(self, connection):
        async for text in connection:
            request = json.loads(text)
            refused = sorted(self.refused.intersection(request["product_ids"]))
            if refused and request["type"] == "subscribe":
                reason = {"reason": f"{refused[0]} is not a valid product"} if self.names else {}
                await self.refuse(connection, {"type": "error", "message": "Failed to subscribe", **reason})
                continue
            self.connections[connection].update(request["product_ids"])
            channels = [{"name": name, "product_ids": request["product_ids"]} for name in request["channels"]]
            await connection.send(json.dumps({"type": "subscriptions", "channels": channels}))

    def item(self, number: int) -> dict:
        return {
            "trade_id": number, "side": "buy", "size": "1", "price": self.price(number),
            "time": iso_time(self.milliseconds(number)),
        }

    def messages(self, symbol, number):
        yield json.dumps({"type": "match", "sequence": number * 3, "product_id": symbol, **self.item(number)})

    def rest(self, path, query):
        if path == "/time":
            return 200, {"iso": iso_time(int(time.time() * 1000)), "epoch": time.time()}
        if path.split("/")[2] in self.refused:
            return 404, {"message": "NotFound"}
        return 200, [] if path.endswith("candles") else [self.item(number) for number in self.ids(query, "after", 1000)]


class OKX(RefusingVenue):
    """Each argument has its own answer, unless the complete request is refused."""

    name = "okx"

    async def listen(self, connection):
        async for text in connection:
            if text == "ping":
                await connection.send("pong")
                continue
            request = json.loads(text)
            symbols = [argument["instId"] for argument in request["args"]]
            if not self.names and self.refused.intersection(symbols):
                await self.refuse(connection, {"event": "error", "code": "60012", "msg": f"Invalid request: {text}"})
                continue
            for argument in request["args"]:
                if argument["instId"] in self.refused:
                    words = f"Wrong URL or channel:trades-all,instId:{argument['instId']} doesn't exist."
                    await self.refuse(connection, {"event": "error", "code": "60018", "msg": words})
                else:
                    self.connections[connection].add(argument["instId"])
                    await connection.send(json.dumps({"event": request["op"], "arg": argument}))

    def item(self, symbol: str, number: int) -> dict:
        return {
            "instId": symbol, "tradeId": str(number), "px": self.price(number), "sz": "1", "side": "buy",
            "ts": str(self.milliseconds(number)),
        }

    def messages(self, symbol, number):
        argument = {"channel": "trades-all", "instId": symbol}
        yield json.dumps({"arg": argument, "data": [self.item(symbol, number)]})

    def rest(self, path, query):
        if query.get("instId") in self.refused:
            return 200, {"code": "51001", "msg": "Instrument ID doesn't exist.", "data": []}
        data = []
        if path.endswith("/time"):
            data = [{"ts": str(int(time.time() * 1000))}]
        elif path.endswith("trades"):
            data = [self.item(query["instId"], number) for number in self.ids(query, "after", 100)]
        return 200, {"code": "0", "msg": "", "data": data}


class Bybit(RefusingVenue):
    """One refused symbol refuses the complete request; an accepted request is answered without names."""

    name = "bybit"

    async def listen(self, connection):
        async for text in connection:
            request = json.loads(text)
            reply = {"success": True, "ret_msg": "", "conn_id": "3cd84cb1", "req_id": "", "op": request["op"]}
            if request["op"] == "ping":
                await connection.send(json.dumps({**reply, "ret_msg": "pong"}))
                continue
            symbols = {topic.removeprefix("publicTrade.") for topic in request["args"]}
            refused = sorted(self.refused & symbols)
            if refused and request["op"] == "subscribe":
                reason = f"Invalid symbol :[publicTrade.{refused[0]}]" if self.names else "Params Error"
                await self.refuse(connection, {**reply, "success": False, "ret_msg": reason})
                continue
            if request["op"] == "subscribe":
                self.connections[connection].update(symbols)
            else:
                self.connections[connection].difference_update(symbols)
            await connection.send(json.dumps(reply))

    def messages(self, symbol, number):
        data = {
            "T": self.milliseconds(number), "s": symbol, "S": "Buy", "v": "1", "p": self.price(number), "BT": False,
            "i": f"2a74ac78-{number}", "seq": number * 5000,
        }
        yield json.dumps({"topic": f"publicTrade.{symbol}", "type": "snapshot", "ts": data["T"], "data": [data]})

    def rest(self, path, query):
        if query.get("symbol") in self.refused:
            return 200, {"retCode": 10001, "retMsg": "params error: symbol invalid", "result": {"list": []}}
        result = {"list": []}
        if path.endswith("/time"):
            result = {"timeNano": str(time.time_ns())}
        elif path.endswith("/recent-trade"):
            number = self.last_id
            result["list"] = [{
                "execId": "a905d5c3", "symbol": query["symbol"], "price": self.price(number), "size": "1",
                "side": "Buy", "time": str(self.milliseconds(number)), "isBlockTrade": False, "seq": str(number * 5000),
            }]
        return 200, {"retCode": 0, "retMsg": "OK", "result": result}


class Kraken(RefusingVenue):
    """Each symbol has its own answer; REST has other names of the pairs."""

    name = "kraken"

    async def listen(self, connection):
        async for text in connection:
            request = json.loads(text)
            if request["method"] == "ping":
                await connection.send('{"method":"pong"}')
                continue
            for symbol in request["params"]["symbol"]:
                reply = {"method": request["method"], "success": True, "result": {"channel": "trade", "symbol": symbol}}
                if symbol in self.refused and request["method"] == "subscribe":
                    reason = f"Currency pair not supported {symbol}"
                    await self.refuse(
                        connection, {"error": reason, "method": "subscribe", "success": False, "symbol": symbol}
                    )
                    continue
                if request["method"] == "subscribe":
                    self.connections[connection].add(symbol)
                else:
                    self.connections[connection].discard(symbol)
                await connection.send(json.dumps(reply))

    def messages(self, symbol, number):
        data = {
            "symbol": symbol, "side": "buy", "price": float(self.price(number)), "qty": 1, "ord_type": "limit",
            "trade_id": number, "timestamp": iso_time(self.milliseconds(number)),
        }
        yield json.dumps({"channel": "trade", "type": "update", "data": [data]})

    def rest(self, path, query):
        if path.endswith("/Time"):
            return 200, {"error": [], "result": {"unixtime": int(time.time())}}
        if query["pair"] in {symbol.replace("/", "").replace("BTC", "XBT") for symbol in self.refused}:
            return 200, {"error": ["EQuery:Unknown asset pair"]}
        rows = []
        if path.endswith("/Trades"):
            limit, since = int(query.get("count", 1000)), int(query.get("since", 0))
            numbers = [number for number in range(1, self.last_id + 1) if self.milliseconds(number) * 1_000_000 > since]
            rows = [
                [self.price(number), "1", self.milliseconds(number) / 1000, "b", "l", "", number]
                for number in (numbers[:limit] if since else numbers[-limit:])
            ]
        return 200, {"error": [], "result": {query["pair"]: rows, "last": "0"}}


class Binance(RefusingVenue):
    """Ignores an unknown symbol on the socket; with `in_handshake`, it refuses a URL with one."""

    name = "binance-usdm"

    def __init__(self, refused=(), in_handshake=False, **options):
        super().__init__(refused, **options)
        self.in_handshake = in_handshake

    def handshake(self, query):
        symbols = {stream.split("@")[0].upper() for stream in query["streams"].split("/")}
        refused = sorted(symbols & self.refused)
        if not self.in_handshake or not refused:
            return 101, None
        return 400, f"Invalid stream: {refused[0].lower()}@aggTrade" if self.names else "Bad Request"

    async def listen(self, connection):
        streams = parse_qs(urlsplit(connection.request.path).query)["streams"][0].split("/")
        self.connections[connection].update(stream.split("@")[0].upper() for stream in streams)
        async for text in connection:
            request = json.loads(text)
            if request["method"] == "SUBSCRIBE":
                self.connections[connection].update(stream.split("@")[0].upper() for stream in request["params"])
            await connection.send(json.dumps({"result": None, "id": request["id"]}))

    def item(self, number: int) -> dict:
        return {
            "a": number, "p": self.price(number), "q": "1", "f": number, "l": number, "T": self.milliseconds(number),
            "m": True,
        }

    def messages(self, symbol, number):
        data = {"e": "aggTrade", "E": self.milliseconds(number), "s": symbol, **self.item(number)}
        # With escapes for every letter beyond ASCII.
        yield json.dumps({"stream": f"{symbol.lower()}@aggTrade", "data": data}, separators=(",", ":"))

    def rest(self, path, query):
        if path.endswith("/time"):
            return 200, {"serverTime": int(time.time() * 1000)}
        if query["symbol"] in self.refused:
            return 400, {"code": -1121, "msg": "Invalid symbol."}
        if path.endswith("/klines"):
            return 200, []
        first = int(query.get("fromId", self.last_id))
        limit = min(1000, int(query.get("limit", 500)))
        return 200, [self.item(number) for number in range(max(1, first), min(self.last_id, first + limit - 1) + 1)]


class BinanceSpot(Binance):
    name = "binance-spot"
