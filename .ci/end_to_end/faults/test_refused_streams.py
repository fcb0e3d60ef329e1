"""A refused instrument affects no other, is named, and is followed once the venue lists it again."""

import contextlib
import sqlite3

import requests
import yaml

from exporter import wait_until
from refusing_venues import OKX, Binance, BinanceSpot, Bybit, Coinbase, Kraken

SYMBOLS = {
    "coinbase": ("BTC-USD", "ETH-USD", ["MKR-USD", "OLD-USD"]),
    "okx": ("BTC-USDT-SWAP", "ETH-USDT-SWAP", ["LUNA-USDT-SWAP"]),
    "binance-usdm": ("BTCUSDT", "ETHUSDT", ["FTTUSDT"]),
    "bybit": ("BTCUSDT", "ETHUSDT", ["FTTUSDT", "LUNAUSDT"]),
    "kraken": ("BTC/USD", "ETH/USD", ["MKR/USD"]),
    "binance-spot": ("BTCUSDT", "ETHUSDT", ["FTTUSDT"]),
}


def refused_at(venue: str) -> list[str]:
    return SYMBOLS[venue][2]


def configuration(path, venues, database, with_refused=True) -> tuple[str, ...]:
    """For each venue a pair of what it has, and one of each instrument that it refuses."""
    pairs = []
    for venue in venues:
        x, y, refused = SYMBOLS[venue.name]
        for symbol in [y, *(refused if with_refused else [])]:
            pairs.append({
                "name": f"{venue.name}-{symbol.replace('/', '-')}", "y": f"{venue.name}:{symbol}", "x": f"{venue.name}:{x}",
            })
    path.write_text(yaml.safe_dump({
        "feeds": [venue.feed() for venue in venues], "storage": {"path": str(database)}, "timeframes": ["1s"],
        "windows": [20], "pairs": pairs,
    }))
    return "--config.file", str(path), "--web.enable-lifecycle"


def values(samples: dict, name: str, venue: str) -> dict[str, float]:
    """By symbol."""
    found = {}
    for (family, labels), value in samples.items():
        labels = dict(labels)
        if family == name and labels["venue"] == venue:
            found[labels["symbol"]] = value
    return found


def is_isolated(exporter, venues) -> bool:
    samples = exporter.samples()
    for venue in venues:
        x, y, refused = SYMBOLS[venue.name]
        if values(samples, "pairs_instrument_refused", venue.name) != {x: 0, y: 0} | dict.fromkeys(refused, 1):
            return False
        if values(samples, "pairs_stream_up", venue.name) != {x: 1, y: 1} | dict.fromkeys(refused, 0):
            return False
        if samples["pairs_feed_up", frozenset({("venue", venue.name)})] != 1:
            return False
    return True


def all_flow(exporter, venues) -> bool:
    samples = exporter.samples()
    return all(
        set(values(samples, "pairs_instrument_refused", venue.name).values()) == {0}
        and set(values(samples, "pairs_stream_up", venue.name).values()) == {1}
        for venue in venues
    )


def test_a_refused_instrument_costs_itself_alone_and_comes_back(start, tmp_path):
    named = [
        Coinbase(refused_at("coinbase"), cuts=True), OKX(refused_at("okx")), Binance(refused_at("binance-usdm")),
        BinanceSpot(refused_at("binance-spot"), in_handshake=True),
    ]
    unnamed = [
        Coinbase(refused_at("coinbase"), names=False, cuts=True), OKX(refused_at("okx"), names=False),
        BinanceSpot(refused_at("binance-spot"), names=False, in_handshake=True),
    ]
    with contextlib.ExitStack() as stack:
        for venue in named + unnamed:
            stack.enter_context(venue)
        programs = [
            (start(*configuration(tmp_path / f"{name}.yml", venues, tmp_path / f"{name}.sqlite")), venues)
            for name, venues in (("named", named), ("unnamed", unnamed))
        ]
        for exporter, venues in programs:
            exporter.wait_until_healthy()
            wait_until(lambda: is_isolated(exporter, venues), 30, "the refused streams are out, the others flow")
            legs = exporter.value("pairs_leg_up", pair="coinbase-MKR-USD", leg="y")
            assert legs == 0 and exporter.value("pairs_leg_up", pair="coinbase-ETH-USD", leg="y") == 1
            for venue in venues:
                for symbol in refused_at(venue.name):
                    assert f"{venue.name}:{symbol}" in exporter.log
        log = programs[0][0].log
        for words in ("MKR-USD is not a valid product", "LUNA-USDT-SWAP doesn't exist", "Invalid symbol. (-1121)",
                      "Invalid stream: fttusdt@aggTrade"):
            assert words in log, words
        before = [exporter.total("pairs_feed_disconnects_total") for exporter, _ in programs]
        for exporter, venues in programs:
            for venue in venues:
                venue.refused = set()
        for exporter, venues in programs:
            wait_until(lambda: all_flow(exporter, venues), 40, "what is listed again flows")
        after = [exporter.total("pairs_feed_disconnects_total") for exporter, _ in programs]
        assert before == after, "a trial ended a connection that flows"
        # Of two products one is delisted for good, and the venue ends the connection.
        coinbase = named[0]
        coinbase.refused = {"ETH-USD"}
        coinbase.drop_connections()
        exporter = programs[0][0]
        refused = {"symbol": "ETH-USD", "venue": "coinbase"}
        wait_until(lambda: exporter.value("pairs_instrument_refused", **refused) == 1, 20, "the delisted one is out")
        wait_until(lambda: exporter.value("pairs_stream_up", venue="coinbase", symbol="BTC-USD") == 1, 20, "flows on")
        missing = {"venue": "coinbase", "symbol": "BTC-USD"}
        wait_until(lambda: exporter.value("pairs_trades_unrepaired", **missing) == 0, 10, "what was missed is repaired")
        for exporter, _ in programs:
            assert exporter.terminate()[0] == 0


def test_bybit_and_kraken_isolate_a_refused_instrument_which_comes_back(start, tmp_path):
    named = [Bybit(refused_at("bybit")), Kraken(refused_at("kraken"))]
    unnamed = [Bybit(refused_at("bybit"), names=False)]
    with contextlib.ExitStack() as stack:
        for venue in named + unnamed:
            stack.enter_context(venue)
        programs = [
            (start(*configuration(tmp_path / f"{name}.yml", venues, tmp_path / f"{name}.sqlite")), venues)
            for name, venues in (("named", named), ("unnamed", unnamed))
        ]
        for exporter, venues in programs:
            exporter.wait_until_healthy()
            wait_until(lambda: is_isolated(exporter, venues), 30, "the refused streams are out, the others flow")
            for venue in venues:
                for symbol in refused_at(venue.name):
                    assert f"{venue.name}:{symbol}" in exporter.log
        for words in ("Invalid symbol :[publicTrade.FTTUSDT]", "Currency pair not supported MKR/USD"):
            assert words in programs[0][0].log, words
        for exporter, venues in programs:
            for venue in venues:
                venue.refused = set()
        for exporter, venues in programs:
            wait_until(lambda: all_flow(exporter, venues), 40, "what is listed again flows")
            assert exporter.terminate()[0] == 0


def test_after_a_lost_connection_kraken_is_repaired_and_bybit_has_no_false_ids(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Bybit(rate=20) as bybit, Kraken(rate=20) as kraken:
        arguments = configuration(tmp_path / "config.yml", [bybit, kraken], database, with_refused=False)
        exporter = start(*arguments).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_stream_up") == 4, 20, "all flow")
        wait_until(lambda: exporter.total("pairs_trades_total", venue="bybit") > 60, 20, "trades")
        for venue in (bybit, kraken):
            venue.drop_connections()
        wait_until(lambda: exporter.total("pairs_feed_connects_total") == 4, 20, "both are connected again")
        wait_until(lambda: exporter.total("pairs_trades_missing_total", venue="kraken") > 0, 20, "ids show the loss")
        wait_until(lambda: exporter.total("pairs_trades_unrepaired", venue="kraken") == 0, 20, "the loss is repaired")
        wait_until(lambda: exporter.total("pairs_stream_up") == 4, 20, "all flow again")
        assert exporter.total("pairs_trades_missing_total", venue="bybit") == 0
        gaps = {"venue": "bybit", "timeframe": "1s", "state": "gap"}
        wait_until(lambda: exporter.total("pairs_bars_total", **gaps) > 0, 20, "the time without trades is a gap")
        assert exporter.terminate()[0] == 0
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        query = "SELECT venue, max(trade_id) - min(trade_id) + 1 - count(*) FROM trade GROUP BY venue, symbol ORDER BY 1"
        assert connection.execute(query).fetchall() == [("bybit", 0), ("bybit", 0), ("kraken", 0), ("kraken", 0)]
        times = "SELECT count(*), count(DISTINCT time_us) FROM trade WHERE venue = 'bybit' GROUP BY symbol"
        assert all(count == distinct for count, distinct in connection.execute(times))


def test_a_venue_that_refuses_everything_is_tried_again(start, tmp_path):
    everything = {"BTC-USD", "ETH-USD", "MKR-USD", "OLD-USD"}
    with Coinbase(everything, cuts=True) as named, Coinbase(everything, names=False, cuts=True) as unnamed:
        programs = [
            start(*configuration(tmp_path / f"{name}.yml", [venue], tmp_path / f"{name}.sqlite"))
            for name, venue in (("named", named), ("unnamed", unnamed))
        ]
        for exporter in programs:
            exporter.wait_until_healthy()
            wait_until(lambda: exporter.total("pairs_instrument_refused") == 4, 20, "all are refused")
            assert exporter.value("pairs_feed_up", venue="coinbase") == 0
            state = {"venue": "coinbase", "state": "stopped"}
            wait_until(lambda: exporter.value("pairs_feed_state", **state) == 1, 10, "no connection is wanted")
        named.refused, unnamed.refused = set(), {"MKR-USD"}
        for exporter, count in zip(programs, (4, 3)):
            wait_until(lambda: exporter.total("pairs_stream_up") == count, 40, "what is listed flows")
            assert exporter.value("pairs_feed_up", venue="coinbase") == 1


def test_a_reload_that_adds_a_refused_instrument_isolates_it_and_loses_nothing(start, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with Coinbase(refused_at("coinbase"), cuts=True, rate=20) as venue:
        arguments = configuration(tmp_path / "config.yml", [venue], database, with_refused=False)
        exporter = start(*arguments).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_stream_up") == 2, 20, "both flow")
        configuration(tmp_path / "config.yml", [venue], database)
        assert requests.post(exporter.url + "/-/reload", timeout=60).status_code == 200
        wait_until(lambda: is_isolated(exporter, [venue]), 10, "the refused streams are out, the others flow")
        wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 10, "what was missed is repaired")
        assert exporter.terminate()[0] == 0
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        query = "SELECT symbol, max(trade_id) - min(trade_id) + 1 - count(*) FROM trade GROUP BY symbol"
        assert connection.execute(query).fetchall() == [("BTC-USD", 0), ("ETH-USD", 0)]
