"""A fresh start with a venue's candles shows a proven pair at once, and a restart shows the same evidence."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import numpy
import yaml

from exporter import wait_until
from live_market import VENUE, LiveMarket

WINDOW = 240
HISTORY = 6 * WINDOW
HALF_LIFE = 5
MINUTE = 60
# Tests are due every twentieth of the window; a market that begins on that grid is tested at the same bars whatever the
# time of day.
TEST_INTERVAL = WINDOW // 20
LABELS = {"pair": "pair", "timeframe": "1m", "window": str(WINDOW)}


class CointegratedMarket(LiveMarket):
    """Two symbols whose logarithms are cointegrated, with candles of the past; a price holds for a minute."""

    def __init__(self):
        super().__init__(rate=2, age=600)
        generator = numpy.random.default_rng(15)
        self.first = (int(time.time()) // MINUTE - HISTORY) // TEST_INTERVAL * TEST_INTERVAL - TEST_INTERVAL
        minutes = HISTORY + 4 * TEST_INTERVAL
        x = numpy.log(60_000) + numpy.cumsum(generator.normal(size=minutes)) * 1e-3
        spread = numpy.zeros(minutes)
        memory = 0.5 ** (1 / HALF_LIFE)
        for minute in range(1, minutes):
            spread[minute] = memory * spread[minute - 1] + generator.normal() * 5e-4
        y = 1.2 * x - 5 + spread
        self.prices = {"BTCUSDT": numpy.exp(x), "ETHUSDT": numpy.exp(y)}
        self.candles = 0

    def price(self, symbol: str, seconds: float) -> str:
        return f"{self.prices[symbol][int(seconds) // MINUTE - self.first]:.4f}"

    def trade(self, symbol: str, number: int) -> dict:
        return {**super().trade(symbol, number), "p": self.price(symbol, self.start + number / self.rate)}

    def _answer(self, connection, request):
        url = urlsplit(request.path)
        if url.path != "/fapi/v1/klines":
            return super()._answer(connection, request)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert query["interval"] == "1m" and int(query["limit"]) <= 1500
        last = min(int(query["endTime"]) // 1000, int(time.time())) // MINUTE
        first = max(-(-int(query["startTime"]) // 60_000), self.first)
        body = [self.candle(query["symbol"], minute) for minute in range(first, last + 1)][: int(query["limit"])]
        self.candles += len(body)
        return connection.respond(200, json.dumps(body))

    def candle(self, symbol: str, minute: int) -> list:
        price = self.price(symbol, minute * MINUTE)
        times = minute * MINUTE * 1000, (minute + 1) * MINUTE * 1000 - 1
        return [times[0], price, price, price, price, "1.2", times[1], "1", 120, "0.6", "1", "0"]


def configuration(path, market, database) -> str:
    feed = {
        "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{market.port}", "rest_url": f"http://127.0.0.1:{market.port}",
    }
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": [feed], "storage": {"path": str(database)}, "timeframes": ["1m"], "windows": [WINDOW],
                "pairs": [{"name": "pair", "y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}],
            }
        )
    )
    return str(path)


def judgement(exporter) -> tuple:
    """The time of the last test, and the evidence of all of them."""
    samples = exporter.samples()
    names = ("evidence", "proven", "calibrated_pvalue", "pvalue")
    families = ("pairs_adf_timestamp_seconds", *(f"pairs_cointegration_{name}" for name in names))
    return tuple(samples.get((family, frozenset(LABELS.items()))) for family in families)


def restarted(start, config: str, exporter, end):
    """Ends the program and starts it again, until no test has become due between; the program that runs then."""
    for _ in range(3):
        before = judgement(exporter)
        end(exporter)
        exporter = start("--config.file", config).wait_until_healthy()
        wait_until(lambda: judgement(exporter)[1] is not None, 120, "evidence after a restart")
        after = judgement(exporter)
        if after[0] == before[0]:
            assert after == before
            return exporter
    raise AssertionError("a test became due in each of three restarts within minutes")


def test_a_cointegrated_pair_is_proven_within_two_minutes_of_a_fresh_start_and_after_restarts(start, tmp_path, capsys):
    with CointegratedMarket() as market:
        config = configuration(tmp_path / "config.yml", market, tmp_path / "pairs.sqlite")
        begin = time.monotonic()
        exporter = start("--config.file", config).wait_until_healthy()
        wait_until(lambda: exporter.value("pairs_cointegration_proven", **LABELS) == 1, 120, "a proven pair")
        seconds = time.monotonic() - begin
        assert market.candles >= 2 * HISTORY
        assert exporter.value("pairs_confidence_ratio", **LABELS) >= 0.5
        wait_until(lambda: exporter.value("pairs_tests_delay_seconds") == 0, 60, "every test")
        evidence = exporter.value("pairs_cointegration_evidence", **LABELS)

        def terminate(running):
            assert running.terminate()[0] == 0, running.log

        exporter = restarted(start, config, exporter, terminate)
        exporter = restarted(start, config, exporter, lambda running: running.kill())
        assert exporter.value("pairs_cointegration_proven", **LABELS) == 1
    with capsys.disabled():
        print(f"proven {seconds:.1f} s after a fresh start, evidence {evidence:.0f}", end=" ")
