"""Faults of venues: their messages are logged, and nothing that they send stops, misleads or overloads the
program."""

import asyncio
import contextlib
import json
import re
import resource
import socket
import time

import yaml

from exporter import wait_until
from refusing_venues import Binance, BinanceSpot, Coinbase

BAN = "Way too much request weight used; IP banned until 1899999999999."


class Venue(Binance):
    """Answers every REST request, or every handshake, in its own way."""

    def __init__(self, rest=None, handshake=None, **options):
        super().__init__(**options)
        self.rest_answer = rest
        self.handshake_answer = handshake

    def rest(self, path, query):
        answer = self.rest_answer(path, query) if self.rest_answer else None
        return super().rest(path, query) if answer is None else answer

    def handshake(self, query):
        return self.handshake_answer or super().handshake(query)


def configuration(path, venue, database, symbols=("ETHUSDT", "BTCUSDT"), idle="1s") -> tuple[str, str]:
    feed = venue.feed(idle_timeout=idle)
    y, x = (f"{venue.name}:{symbol}" for symbol in symbols)
    path.write_text(yaml.safe_dump({
        "feeds": [feed], "storage": {"path": str(database)}, "timeframes": ["1s"], "windows": [20],
        "pairs": [{"name": "pair", "y": y, "x": x}],
    }))
    return "--config.file", str(path)


def memory(exporter) -> int:
    """The greatest resident memory in MB."""
    with open(f"/proc/{exporter.process.pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) // 1024


def start_all(start, tmp_path, venues: dict, **options) -> dict:
    exporters = {
        name: start(*configuration(tmp_path / f"{name}.yml", venue, tmp_path / f"{name}.sqlite", **options))
        for name, venue in venues.items()
    }
    for exporter in exporters.values():
        exporter.wait_until_healthy()
    return exporters


def test_the_message_of_a_venue_is_logged_on_one_printable_line(start, tmp_path):
    page = "<html><head><title>Blocked</title></head><body>by the firewall" + "<p>of them</p>" * 200 + "</body></html>"
    venues = {
        "banned": Venue(rest=lambda *_: (418, {"code": -1003, "msg": BAN})),
        "page": Venue(rest=lambda *_: (403, page)),
        "forged": Venue(rest=lambda *_: (451, "line\nlevel=error \x1b[31mred\u202e\r\n")),
        "handshake": Venue(handshake=(451, json.dumps({"code": 0, "msg": "a restricted location"}))),
    }
    words = {
        "banned": f'status 418: \\"{BAN}', "page": 'status 403: \\"Blocked by the firewall of them',
        "forged": 'status 451: \\"line level=error ·[31mred·', "handshake": "a restricted location",
    }
    with venues["banned"], venues["page"], venues["forged"], venues["handshake"]:
        exporters = start_all(start, tmp_path, venues)
        for name, exporter in exporters.items():
            wait_until(lambda: words[name] in exporter.log, 10, f"{words[name]} in the log")
            assert max(map(len, exporter.log.splitlines())) < 1500
        for exporter in exporters.values():
            assert exporter.terminate()[0] == 0


class Silent(Venue):
    """After two seconds ETHUSDT delivers nothing, and REST does not answer about it."""

    def __init__(self, status: int, body):
        super().__init__(rest=self.about)
        self.verdict = status, body

    def about(self, path, query):
        return self.verdict if query.get("symbol") == "ETHUSDT" and "ETHUSDT" in self.silent else None


def test_a_stream_that_nothing_proves_is_not_alive(start, tmp_path):
    venues = {
        "expired": Silent(400, {"code": -1121, "msg": "Invalid symbol."}),
        "other": Silent(400, {"code": -4141, "msg": "Symbol is closed."}), "failing": Silent(503, "busy"),
        "banned": Silent(418, {"code": -1003, "msg": BAN}), "empty": Silent(200, []),
    }
    with venues["expired"], venues["other"], venues["failing"], venues["banned"], venues["empty"]:
        exporters = start_all(start, tmp_path, venues)
        for exporter in exporters.values():
            wait_until(lambda: exporter.total("pairs_leg_up") == 2, 20, "both legs flow")
        for venue in venues.values():
            venue.silent = {"ETHUSDT"}
        for name, exporter in exporters.items():
            wait_until(lambda: exporter.value("pairs_leg_up", pair="pair", leg="y") == 0, 10, f"{name}: not proven")
            assert exporter.value("pairs_leg_up", pair="pair", leg="x") == 1
            refused = exporter.value("pairs_instrument_refused", venue="binance-usdm", symbol="ETHUSDT")
            assert refused == (1 if name == "expired" else 0)
        assert "Symbol is closed." in exporters["other"].log and "Invalid symbol." in exporters["expired"].log
        for venue in venues.values():
            venue.silent = set()
        for name, exporter in exporters.items():
            wait_until(lambda: exporter.total("pairs_leg_up") == 2, 10, f"{name}: it trades again")
            assert exporter.total("pairs_instrument_refused") == 0


class Pinging(Venue):
    """Sends pings without end and reads no pong."""

    async def listen(self, connection):
        self.connections[connection].update({"ETHUSDT", "BTCUSDT"})
        connection.transport.pause_reading()
        ping = b"\x89\x7d" + b"p" * 125
        while not connection.transport.is_closing():
            connection.transport.write(ping * 200)
            await asyncio.sleep(0.02)


class Fractions(Coinbase):
    """Writes times with 0 to 9 digits of fraction."""

    def item(self, number):
        item = super().item(number)
        seconds, fraction = item["time"].rstrip("Z").split(".")
        item["time"] = seconds + ("." + (fraction + "999")[: number % 10] if number % 10 else "") + "Z"
        return item


class Weights(Venue):
    """States absurd numbers in headers of REST answers."""

    def __init__(self, weight: str):
        super().__init__()
        self.weight = weight

    def _answer(self, connection, request):
        response = super()._answer(connection, request)
        if response is not None:
            response.headers["X-MBX-USED-WEIGHT-1M"] = self.weight
            response.headers["Retry-After"] = "99999999999999999999"
        return response


def test_what_a_venue_sends_neither_ends_nor_blinds_nor_fills_the_program(start, tmp_path):
    binance = {
        "pings": Pinging(), "greatest": Weights(str(2**63 - 1)), "least": Weights(str(-(2**63))), "text": Weights("many"),
    }
    with binance["pings"], binance["greatest"], binance["least"], binance["text"], BinanceSpot() as escapes:
        with Fractions() as fractions:
            exporters = start_all(start, tmp_path, binance)
            exporters |= start_all(start, tmp_path, {"escapes": escapes}, symbols=("币安人生USDT", "ETHUSDT"))
            exporters |= start_all(start, tmp_path, {"fractions": fractions}, symbols=("ETH-USD", "BTC-USD"))
            for name, exporter in exporters.items():
                wait_until(lambda: exporter.total("pairs_leg_up") == 2, 20, f"{name}: both legs flow")
            before = {name: exporter.total("pairs_trades_total") for name, exporter in exporters.items()}
            time.sleep(5)
            for name, exporter in exporters.items():
                assert exporter.total("pairs_trades_total") > before[name] + 60, name
                assert exporter.total("pairs_feed_decode_failures_total") == 0, name
                assert exporter.total("pairs_trades_missing_total") == 0, name
            assert memory(exporters["pings"]) < memory(exporters["text"]) + 40
            for exporter in exporters.values():
                assert exporter.terminate()[0] == 0, exporter.log


class Crumbs(Venue):
    """Answers over REST in chunks of one byte."""

    async def _answer(self, connection, request):
        if "Upgrade" in request.headers:
            return super()._answer(connection, request)
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.transport.write(head + b"1\r\n \r\n" * 40_000 + b"2\r\n[]\r\n0\r\n\r\n")
        await asyncio.sleep(2)
        return connection.respond(200, "")


def test_an_answer_in_too_many_parts_is_refused(start, tmp_path):
    with Crumbs() as venue:
        exporter = start(*configuration(tmp_path / "config.yml", venue, tmp_path / "pairs.sqlite")).wait_until_healthy()
        wait_until(lambda: "it comes in more than 4096 parts" in exporter.log, 20, "the answer is refused")
        wait_until(lambda: exporter.total("pairs_leg_up") == 2, 20, "both legs flow")
        assert exporter.terminate()[0] == 0


def test_clients_that_take_every_descriptor_leave_the_feed_its_own(start, tmp_path):
    with Binance() as venue, contextlib.ExitStack() as stack:
        exporter = start(*configuration(tmp_path / "config.yml", venue, tmp_path / "pairs.sqlite"))
        resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE, (64, 64))
        exporter.wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_leg_up") == 2, 20, "both legs flow")
        for _ in range(100):
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_connection(("127.0.0.1", exporter.port), timeout=1))
        venue.drop_connections()
        wait_until(lambda: len(venue.connections) == 1 and exporter.total("pairs_leg_up") == 2, 20, "the feed is back")
        assert exporter.total("pairs_store_write_failures_total") == 0
        assert exporter.terminate()[0] == 0
