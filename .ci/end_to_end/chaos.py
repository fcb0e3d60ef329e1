"""Binance's aggTrade stream and REST interface, with a fault every second."""

import asyncio
import http
import json
import random
import time
import urllib.parse

from websockets.asyncio.server import serve

from server import Server, port_of

OTHER_EVENT = '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT","b":"1","a":"2","T":1}}'
SHUTDOWN = '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1723161600000}}'


class Client:
    """One connection: its position in the recording, and its faults."""

    def __init__(self, connection, position: int):
        self.connection = connection
        self.position = position
        self.is_frozen = False
        self.muted: str | None = None


class ChaosVenue(Server):
    """Sends the trades at an even rate to every connection; REST has the trades that were sent so far."""

    def __init__(self, trades: list[dict], seconds: float, seed: int):
        super().__init__()
        self.trades = list(trades)
        self.recorded = len(trades)
        self.by_symbol: dict[str, list[dict]] = {}
        for trade in trades:
            self.by_symbol.setdefault(trade["s"], []).append(trade)
        self.frames = [self._frame(trade) for trade in trades]
        self.last_told: dict[str, int] = {}
        self.seconds = seconds
        self.random = random.Random(seed)
        self.published = 0
        self.faults: list[str] = []
        self.clients: set[Client] = set()
        self.rest_fault: str | None = None
        self.clock_shift = 0

    @property
    def is_published(self) -> bool:
        return self.published >= self.recorded

    @staticmethod
    def _frame(trade: dict) -> str:
        return json.dumps({"stream": f"{trade['s'].lower()}@aggTrade", "data": trade}, separators=(",", ":"))

    async def open(self, stack):
        serving = serve(
            self._serve_client, "127.0.0.1", 0, compression=None, max_size=None, process_request=self._rest,
            ping_interval=None,
        )
        self.port = port_of(await stack.enter_async_context(serving))
        for work in (self._publish(), self._misbehave()):
            stack.callback(asyncio.create_task(work).cancel)

    async def _serve_client(self, connection):
        client = Client(connection, self.published)
        self.clients.add(client)
        try:
            async for message in connection:
                request = json.loads(message)
                if request.get("method") == "SUBSCRIBE":
                    client.muted = None
                    client.position = self.published
                await connection.send(json.dumps({"result": None, "id": request.get("id")}))
        finally:
            self.clients.discard(client)

    async def _publish(self):
        while not self.clients:
            await asyncio.sleep(0.05)
        start = time.monotonic()
        while not self.is_published:
            due = int((time.monotonic() - start) / self.seconds * self.recorded)
            await self._publish_until(min(due, self.recorded))
        # The market continues: its next trades show what is missing at the end and close the last bars.
        second = max(trade["T"] for trade in self.trades) // 1000 + 1
        start = time.monotonic()
        while True:
            now = second * 1000 + int((time.monotonic() - start) * 1000)
            for symbol, trades in self.by_symbol.items():
                trade = trades[-1] | {"a": trades[-1]["a"] + 1, "E": now, "T": now}
                trades.append(trade)
                self.trades.append(trade)
                self.frames.append(self._frame(trade))
            await self._publish_until(len(self.frames))
            await asyncio.sleep(0.1)

    async def _publish_until(self, end: int):
        for trade in self.trades[self.published : end]:
            self.last_told[trade["s"]] = trade["a"]
        self.published = max(self.published, end)
        for client in list(self.clients):
            await self._send(client)
        await asyncio.sleep(0.02)

    async def _send(self, client: Client):
        if client.is_frozen:
            return
        while client.position < self.published:
            frame = self.frames[client.position]
            client.position += 1
            if client.muted is None or client.muted not in frame[:40]:
                await self._try(client.connection.send(frame))

    @staticmethod
    async def _try(sending):
        try:
            await asyncio.wait_for(sending, 1)
        except Exception:  # A connection that is closed or not read is no fault of the server.
            pass

    async def _misbehave(self):
        faults = [
            "drop", "reset", "torn frame", "close", "freeze", "skip", "again", "backward", "garbage", "giant", "shutdown",
            "mute", "429", "500", "nothing", "part", "clock",
        ]
        while not self.is_published:
            await asyncio.sleep(1)
            self.rest_fault = None
            fault = self.random.choice(faults)
            self.faults.append(fault)
            for client in list(self.clients):
                await self._hurt(client, fault)
            if fault in ("429", "500", "nothing", "part"):
                self.rest_fault = fault
            if fault == "clock":
                self.clock_shift = self.random.randint(-5_000, 5_000)
        self.rest_fault = None

    async def _hurt(self, client: Client, fault: str):
        connection = client.connection
        if fault == "drop":
            connection.transport.close()
        elif fault == "reset":
            connection.transport.abort()
        elif fault == "torn frame":
            connection.transport.write(b"\x81\x7e\x01\x00{")
            connection.transport.abort()
        elif fault == "close":
            asyncio.create_task(self._try(connection.close(1001)))
        elif fault == "freeze":
            client.is_frozen = True
        elif fault == "skip":
            client.position = min(client.position + self.random.randint(1, 300), len(self.frames))
        elif fault == "again":
            client.position = max(client.position - 50, 0)
        elif fault == "backward":
            for position in range(min(client.position + 20, self.published) - 1, client.position - 1, -1):
                await self._try(connection.send(self.frames[position]))
        elif fault == "garbage":
            for message in ("{torn", "[]", OTHER_EVENT, b"\xff\xfe"):
                await self._try(connection.send(message))
        elif fault == "giant":
            await self._try(connection.send('{"pad":"' + "x" * (2 << 20) + '"}'))
        elif fault == "shutdown":
            await self._try(connection.send(SHUTDOWN))
        elif fault == "mute":
            client.muted = self.random.choice(["btcusdt", "ethusdt"])

    def _rest(self, connection, request):
        """Answers what is no handshake."""
        if "Upgrade" in request.headers:
            return None
        url = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/fapi/v1/time":
            return self._answer(connection, {"serverTime": int(time.time() * 1000) + self.clock_shift})
        if url.path != "/fapi/v1/aggTrades":
            return connection.respond(http.HTTPStatus.NOT_FOUND, "")
        if self.rest_fault == "429":
            response = connection.respond(http.HTTPStatus.TOO_MANY_REQUESTS, "{}")
            response.headers["Retry-After"] = "1"
            return response
        if self.rest_fault == "500":
            return connection.respond(http.HTTPStatus.INTERNAL_SERVER_ERROR, "")
        return self._answer(connection, [] if self.rest_fault == "nothing" else self._page(query))

    def _page(self, query: dict[str, str]) -> list[dict]:
        last_told = self.last_told.get(query["symbol"], 0)
        known = self.by_symbol[query["symbol"]]
        limit = int(query.get("limit", 500))
        base = known[0]["a"]
        end = last_told - base + 1
        first = int(query["fromId"]) - base if "fromId" in query else max(0, end - limit)
        page = known[max(0, first) : max(0, min(first + limit, end))]
        return page[: len(page) // 2] if self.rest_fault == "part" else page

    @staticmethod
    def _answer(connection, value):
        return connection.respond(http.HTTPStatus.OK, json.dumps(value))
