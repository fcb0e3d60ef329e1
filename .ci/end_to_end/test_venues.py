"""All venues at once, each in its own protocol, and pairs whose legs are at two of them."""

import sqlite3

import pytest
import yaml

import reference
from exporter import wait_until
from venues import OKX, Binance, Bybit, Coinbase, Kraken, Markets, Trade, recorded_trades

END = 1_723_161_600_000
"""The last full second that both recordings cover."""

PAIRS = {
    "basis": ("binance-spot", "BTCUSDT", "binance-usdm", "BTCUSDT"),
    "ether": ("okx", "ETH-USDT-SWAP", "coinbase", "ETH-USD"),
    "bitcoin": ("bybit", "BTCUSDT", "kraken", "BTC/USD"),
}


UNSENT = {"binance-spot": 300, "okx": 250, "coinbase": 150, "kraken": 1300}
"""How many ids of a venue never arrive by WebSocket and are available over REST. USD-M returns only the last 1,000
of its single trades, and Bybit's trades have no ids."""


def unsent(name: str, trades: list[Trade]) -> set[int]:
    """Ids in a row from the middle, and one alone."""
    start = len(trades) // 2
    return {trade.id for trade in trades[start : start + UNSENT[name] - 1]} | {trades[-1000].id}


def pairs_of(markets: Markets) -> dict[str, tuple]:
    return {name: legs for name, legs in PAIRS.items() if {legs[0], legs[2]} <= set(markets.markets)}


@pytest.fixture(params=["binance-okx-coinbase", "bybit-kraken"])
def markets(request, recorded) -> Markets:
    spot_data = recorded.parent / "binance-spot-20240808"
    usdm = recorded_trades(recorded, "BTCUSDT", "BTCUSDT", END)
    spot = recorded_trades(spot_data, "BTCUSDT", "BTCUSDT", END)
    if request.param == "bybit-kraken":
        kraken = recorded_trades(spot_data, "BTCUSDT", "BTC/USD", END)
        return Markets({"bybit": Bybit(usdm), "kraken": Kraken(kraken, unsent("kraken", kraken))}, speed=20)
    okx = recorded_trades(recorded, "ETHUSDT", "ETH-USDT-SWAP", END)
    coinbase = recorded_trades(spot_data, "ETHUSDT", "ETH-USD", END)
    return Markets(
        {
            "binance-usdm": Binance(usdm, "/public/stream", "/fapi/v1"),
            "binance-spot": Binance(spot, "/stream", "/api/v3", unsent("binance-spot", spot)),
            "okx": OKX(okx, unsent("okx", okx)),
            "coinbase": Coinbase(coinbase, unsent("coinbase", coinbase)),
        },
        speed=20,
    )


def configuration(path, markets: Markets, database) -> str:
    streams = {"binance-usdm": "trade", "binance-spot": "trade"}
    feeds = [
        {
            "venue": name,
            "websocket_url": markets.url(name, "ws"),
            "rest_url": markets.url(name, "http"),
            "idle_timeout": "1h",
            **({"stream": streams[name]} if name in streams else {}),
        }
        for name in markets.markets
    ]
    pairs = [
        {"name": name, "y": f"{y_venue}:{y}", "x": f"{x_venue}:{x}"}
        for name, (y_venue, y, x_venue, x) in pairs_of(markets).items()
    ]
    path.write_text(
        yaml.safe_dump(
            {
                "feeds": feeds,
                "storage": {"path": str(database)},
                # A loaded machine may let one venue run ahead of another, and the readings outlive the recording.
                "bars": {"pair_timeout": "10m", "carry_limit": 3600},
                "timeframes": ["1s"],
                "windows": [60, 240],
                "pairs": pairs,
            }
        )
    )
    return str(path)


def stored(database, venue: str) -> list[tuple]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(
            "SELECT symbol, trade_id, time_us / 1000, price, quantity, taker_side FROM trade WHERE venue = ?"
            " ORDER BY trade_id",
            (venue,),
        ).fetchall()


def assert_readings_equal_reference(exporter, database, pair: str, window: int):
    labels = {"pair": pair, "timeframe": "1s", "window": str(window)}
    samples = {name: value for (name, have), value in exporter.samples().items() if set(labels.items()) == set(have)}
    close_time = samples["pairs_last_bar_timestamp_seconds"]
    y_venue, y, x_venue, x = PAIRS[pair]
    for venue, symbol in ((y_venue, y), (x_venue, x)):
        wait_until(
            lambda: reference.bars(database, venue, symbol, "1s").index[-1] / 1e6 >= close_time - 1,
            60,
            f"the last bar of {venue}:{symbol} on disk",
        )
    frame = reference.window(database, y_venue, y, x, "1s", 1, close_time, window, x_venue=x_venue)
    for name, value in reference.readings(frame).items():
        assert samples[name] == pytest.approx(value, rel=1e-9, abs=1e-12), (pair, window, name)


def test_venues_in_their_own_protocols_lose_nothing_and_pairs_across_them_equal_the_reference(start, markets, tmp_path):
    database = tmp_path / "pairs.sqlite"
    with markets:
        exporter = start("--config.file", configuration(tmp_path / "config.yml", markets, database))
        exporter.wait_until_healthy()
        total = sum(len(market.trades) for market in markets.markets.values())
        wait_until(lambda: exporter.total("pairs_store_trades_written_total") >= total, 240, "all trades written")
        wait_until(lambda: exporter.get("/-/ready").status_code == 200, 60, "ready")
        for pair in pairs_of(markets):
            labels = {"pair": pair, "timeframe": "1s", "window": "240"}
            wait_until(
                lambda: (exporter.value("pairs_last_bar_timestamp_seconds", **labels) or 0) >= END / 1000,
                60,
                f"the last bar of {pair}",
            )
            for window in (60, 240):
                assert_readings_equal_reference(exporter, database, pair, window)
        assert exporter.total("pairs_feed_decode_failures_total") == 0
        for name in markets.markets:
            missing = UNSENT.get(name, 0)
            assert exporter.total("pairs_trades_missing_total", venue=name) == missing
            assert exporter.total("pairs_trades_repaired_total", venue=name) == missing
            assert exporter.total("pairs_trades_unrepaired", venue=name) == 0
            assert exporter.value("pairs_feed_up", venue=name) == 1
            assert exporter.value("pairs_feed_connects_total", venue=name) == 1
        status, _ = exporter.terminate()
    assert status == 0, exporter.log
    assert markets.errors == []
    for name, market in markets.markets.items():
        # Bybit's trades are numbered in the order of arrival.
        ids = range(1, len(market.trades) + 1) if name == "bybit" else [trade.id for trade in market.trades]
        expected = [
            (t.symbol, id, t.milliseconds, t.price, t.quantity, t.taker) for id, t in zip(ids, market.trades)
        ]
        assert stored(database, name) == expected, name
