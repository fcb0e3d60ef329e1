"""The venue of the soak: Binance's aggTrade stream and REST interface in real time, one fault after another."""

import asyncio
import http
import json
import random
import time
import urllib.parse

from chaos import ChaosVenue, Client
from websockets.asyncio.server import serve

from server import port_of

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
FAULTS = (
    "drop", "reset", "torn frame", "close", "freeze", "skip", "again", "backward", "garbage", "giant", "shutdown", "mute",
    "429", "500", "nothing", "part", "clock", "refuse", "ban", "hang", "fragments", "pings", "silence",
)
"""Those of the chaos test, and: refused handshakes, a ban, answers that never come, fragments, a flood of pings, silence."""


def streams(names) -> set[str]:
    return {name.partition("@")[0].upper() for name in names}


class SoakVenue(ChaosVenue):
    """Trades happen at an even rate, in turn, with or without clients; each client gets its subscribed streams."""

    def __init__(self, rate: float, seed: int):
        self.prices = {"BTCUSDT": 60_000.0, "ETHUSDT": 3_000.0, "SOLUSDT": 150.0}
        self.next_ids = dict.fromkeys(SYMBOLS, 1_000_000)
        self.walk = random.Random(seed)
        super().__init__([], 0, seed)
        self.rate = rate
        self.is_refusing = False
        self.handshakes = 0

    async def open(self, stack):
        serving = serve(
            self._serve_client, "127.0.0.1", 0, compression=None, max_size=None, process_request=self._answer_request,
            ping_interval=None,
        )
        self.port = port_of(await stack.enter_async_context(serving))
        stack.callback(asyncio.create_task(self._publish()).cancel)

    def begin(self, fault: str):
        asyncio.run_coroutine_threadsafe(self._begin(fault), self._loop).result(60)

    def heal(self):
        self._loop.call_soon_threadsafe(self._heal)

    async def _begin(self, fault: str):
        self.faults.append(fault)
        if fault in ("429", "500", "nothing", "part", "ban", "hang"):
            self.rest_fault = fault
            # Without missing ids the client would send no request.
            for client in list(self.clients):
                await self._hurt(client, "skip")
        self.is_refusing = fault == "refuse"
        if fault == "clock":
            self.clock_shift = self.random.randint(-5_000, 5_000)
        for client in list(self.clients):
            if fault == "silence":
                client.is_frozen = True
            elif fault == "fragments":
                client.is_cut = True
            elif fault == "pings":
                for _ in range(2_000):
                    await self._try(client.connection.ping())
            else:
                await self._hurt(client, "reset" if fault == "refuse" else fault)

    def _heal(self):
        self.rest_fault = None
        self.is_refusing = False
        for client in self.clients:
            client.is_cut = False

    async def _serve_client(self, connection):
        client = Client(connection, self.published)
        client.is_cut = False
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(connection.request.path).query)
        client.symbols = streams("/".join(query.get("streams", [])).split("/"))
        self.handshakes += 1
        self.clients.add(client)
        try:
            async for message in connection:
                request = json.loads(message)
                if request.get("method") == "SUBSCRIBE":
                    client.symbols |= streams(request["params"])
                    client.muted = None
                    client.position = self.published
                elif request.get("method") == "UNSUBSCRIBE":
                    client.symbols -= streams(request["params"])
                await connection.send(json.dumps({"result": None, "id": request.get("id")}))
        finally:
            self.clients.discard(client)

    async def _publish(self):
        start, count = time.time(), 0
        while True:
            while count < (time.time() - start) * self.rate:
                self._trade(SYMBOLS[count % len(SYMBOLS)])
                count += 1
            await self._publish_until(len(self.frames))

    def _trade(self, symbol: str):
        market = self.walk.gauss(0, 2e-5)
        self.prices[symbol] *= 1 + market + self.walk.gauss(0, 1e-5)
        number, now = self.next_ids[symbol], int(time.time() * 1000)
        self.next_ids[symbol] += 1
        trade = {
            "e": "aggTrade", "E": now, "a": number, "s": symbol, "p": f"{self.prices[symbol]:.2f}", "q": "0.010", "f": number,
            "l": number, "T": now, "m": number % 2 == 0,
        }
        self.trades.append(trade)
        self.by_symbol.setdefault(symbol, []).append(trade)
        self.frames.append(self._frame(trade))

    async def _send(self, client: Client):
        while not client.is_frozen and client.position < self.published:
            trade, frame = self.trades[client.position], self.frames[client.position]
            client.position += 1
            symbol = trade["s"]
            if symbol not in client.symbols or (client.muted or "").upper() == symbol:
                continue
            pieces = [frame[start : start + 7] for start in range(0, len(frame), 7)] if client.is_cut else frame
            await self._try(client.connection.send(pieces))

    async def _answer_request(self, connection, request):
        if "Upgrade" in request.headers:
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "busy") if self.is_refusing else None
        if self.rest_fault == "hang":
            await asyncio.sleep(20)
        if self.rest_fault == "ban":
            response = connection.respond(http.HTTPStatus.IM_A_TEAPOT, '{"code":-1003,"msg":"banned"}')
            response.headers["Retry-After"] = "2"
            return response
        return self._rest(connection, request)
