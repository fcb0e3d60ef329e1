"""Trade ids that restart, jump, are implausible or missing in great number, and wrong rows on disk."""

import shutil
import sqlite3
import time
from contextlib import closing

from exporter import wait_until
from numbered_market import STREAMS, SYMBOLS, NumberedMarket, rows
from venues import Trade

VENUES = tuple(STREAMS)


def resets(exporter) -> dict[tuple[str, str], float]:
    return {
        (labels["venue"], labels["symbol"]): value
        for (name, pairs), value in exporter.samples().items()
        if name == "pairs_numbering_resets_total"
        for labels in [dict(pairs)]
    }


def check_all_on_disk(market, folder, last: float):
    """Every trade of both numberings up to a moment is on disk, under its own stream."""
    for (venue, symbol, numbering), ids in market.log.items():
        stream = STREAMS[venue] + ("" if numbering == 1 else f"-{numbering}")
        found = rows(
            folder,
            f"SELECT trade_id, time_us FROM trade WHERE venue = '{venue}' AND symbol = '{symbol}'"
            f" AND stream = '{stream}' ORDER BY trade_id",
        )
        stored = {number for number, _ in found}
        assert len(stored) > 20, (venue, symbol, stream)
        assert stored <= ids, "trades that the venue never made"
        newest = max(number for number, moment in found if moment <= last * 1e6)
        oldest = min(ids) if numbering > 1 else min(stored)
        assert {number for number in ids if oldest <= number <= newest} <= stored, (venue, symbol, stream)


def test_ids_that_begin_again_are_a_new_numbering(start, tmp_path):
    with NumberedMarket(VENUES) as market:
        folders = [tmp_path / "runs-on", tmp_path / "is-down"]
        arguments = [market.configuration(folder) for folder in folders]
        exporters = [start(*each).wait_until_healthy() for each in arguments]
        for exporter in exporters:
            wait_until(lambda: min(trades(exporter).values(), default=0) >= 60, 60, "trades of every stream")
        assert exporters[1].terminate()[0] == 0
        market.begin_again(1, dropped=("okx", "coinbase"))
        begun = time.time()
        streams = {(venue, symbol) for venue in VENUES for symbol in SYMBOLS[venue]}
        wait_until(lambda: resets(exporters[0]) == dict.fromkeys(streams, 1), 30, "a reset of every stream")
        exporters[1] = start(*arguments[1]).wait_until_healthy()
        for exporter in exporters:
            wait_until(lambda: resets(exporter) == dict.fromkeys(streams, 1), 30, "a reset of every stream")
            wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 30, "nothing left to ask for")
            assert "begun to number its trades again" in exporter.log
            before = trades(exporter)
            wait_until(
                lambda: all(count > before[stream] + 40 for stream, count in trades(exporter).items()), 30, "trades"
            )
        end = time.time() - 2
        # A further start continues in the present numbering.
        for exporter in exporters:
            assert exporter.terminate()[0] == 0
        again = start(*arguments[0]).wait_until_healthy()
        wait_until(lambda: min(trades(again).values(), default=0) >= 20, 30, "trades after the restart")
        # Kraken allows one request a second.
        wait_until(lambda: again.total("pairs_trades_unrepaired") == 0, 30, "what was missed is repaired")
        assert set(resets(again).values()) == {0}
        assert again.terminate()[0] == 0
        for folder in folders:
            check_all_on_disk(market, folder, end)
            names = rows(folder, "SELECT DISTINCT stream FROM trade ORDER BY 1")
            assert names == sorted((name + suffix,) for name in STREAMS.values() for suffix in ("", "-2"))
            assert rows(folder, "SELECT * FROM hole WHERE state NOT IN ('repaired')") == []
            seconds = f"open_time_us BETWEEN {int(begun + 3) * 1_000_000} AND {int(end) * 1_000_000}"
            states = rows(folder, f"SELECT DISTINCT state FROM bar WHERE {seconds}") if folder == folders[0] else []
            assert states in ([("traded",)], []), states


def trades(exporter) -> dict[tuple[str, str], float]:
    return {
        (dict(pairs)["venue"], dict(pairs)["symbol"]): value
        for (name, pairs), value in exporter.samples().items()
        if name == "pairs_trades_total"
    }


def test_absurd_ids_leave_no_trace_and_true_jumps_are_followed(start, tmp_path):
    with NumberedMarket() as market:
        exporter = start(*market.configuration(tmp_path / "absurd")).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_trades_total") >= 20, 30, "trades")
        market.send_absurd(2**44 - 1)
        wait_until(lambda: exporter.total("pairs_trades_discarded_total", reason="id") == 2, 20, "both discarded")
        market.send_absurd(17)
        wait_until(lambda: exporter.total("pairs_trades_discarded_total", reason="id") == 4, 20, "both discarded")
        market.send_absurd(2**63 - 1, 2**44, 2**62)
        # Gaps are found and repaired as before.
        market.unsent = 5
        wait_until(lambda: exporter.total("pairs_trades_repaired_total") == 10, 20, "ten trades repaired")
        assert exporter.total("pairs_trades_missing_total") == 10
        assert exporter.total("pairs_numbering_resets_total") == 0
        before = exporter.total("pairs_trades_total")
        market.jump(7_000_000_000)
        wait_until(lambda: exporter.total("pairs_trades_unrepaired") > 13e9, 20, "the gap before the jump")
        queries = len(market.markets["binance-usdm"].queries)
        wait_until(lambda: exporter.total("pairs_trades_unrepaired") == 0, 30, "the gap unrepairable")
        assert len(market.markets["binance-usdm"].queries) - queries < 30
        wait_until(lambda: exporter.total("pairs_trades_total") > before + 40, 20, "trades after the jump")
        assert exporter.total("pairs_bars_total", state="traded") > 5
        assert exporter.terminate()[0] == 0
        folder = tmp_path / "absurd"
        known = market.log["binance-usdm", "BTCUSDT", 1] | market.log["binance-usdm", "ETHUSDT", 1]
        assert {number for number, in rows(folder, "SELECT trade_id FROM trade")} <= known
        for first, last in rows(folder, "SELECT first_id, last_id FROM hole WHERE state != 'unrepairable'"):
            assert set(range(first, last + 1)) <= known


GAPS = 225_000


def fill_with_gaps(folder, now: float):
    """Every second id of BTCUSDT is missing, the last of them a moment ago."""
    with closing(sqlite3.connect(folder / "pairs.sqlite")) as connection, connection:
        ((stream,),) = connection.execute(
            "SELECT stream_id FROM stream JOIN instrument USING (instrument_id) WHERE symbol = 'BTCUSDT'"
        ).fetchall()
        connection.execute("DELETE FROM raw_trade WHERE key >> 44 = ?", (stream,))
        connection.execute("DELETE FROM raw_hole WHERE stream_id = ?", (stream,))
        connection.executemany(
            "INSERT INTO raw_trade VALUES (?, ?, 1005, 10, 1057)",
            (
                ((stream << 44) + 2 * number, int((now - 600) * 1e6) + number * 2000)
                for number in range(GAPS + 1)
            ),
        )
        connection.executemany(
            "INSERT INTO raw_hole VALUES (?, ?, ?, 'open')",
            ((stream, 2 * number + 1, 2 * number + 1) for number in range(GAPS)),
        )


def test_hundreds_of_thousands_of_gaps_cost_little(start, tmp_path):
    folder = tmp_path / "gaps"
    with NumberedMarket(first_id=2 * GAPS + 1) as market:
        arguments = market.configuration(folder)
        exporter = start(*arguments).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_trades_total") >= 20, 30, "trades")
        assert exporter.terminate()[0] == 0
        fill_with_gaps(folder, time.time())
        market.is_rest_dead = True
        exporter = start(*arguments).wait_until_healthy()
        # The gauge is right after a restart too, and trades continue beside the repair.
        wait_until(lambda: exporter.total("pairs_trades_unrepaired") >= GAPS, 30, "the gauge")
        before = exporter.total("pairs_trades_total")
        wait_until(lambda: exporter.total("pairs_trades_total") > before + 60, 20, "trades beside the gaps")
        status, seconds = exporter.terminate()
        assert status == 0 and seconds < 2, (status, seconds)
        print(f"SIGTERM with {GAPS:,} gaps: {seconds:.2f} s")

        # One answer fills hundreds of gaps.
        market.do(supply_gaps(market))
        market.is_rest_dead = False
        exporter = start(*arguments).wait_until_healthy()
        repaired = wait_until(lambda: repairs(exporter) >= 5000 and repairs(exporter), 150, "5,000 repaired")
        requests = exporter.total("pairs_feed_repair_requests_total", outcome="success")
        assert repaired / requests > 250, (repaired, requests)
        left = exporter.total("pairs_trades_unrepaired", symbol="BTCUSDT")
        assert GAPS - 100_000 < left < GAPS
        assert exporter.terminate()[0] == 0
        count = rows(folder, "SELECT coalesce(sum(last_id - first_id + 1), 0) FROM hole WHERE state = 'repaired'")
        assert count[0][0] >= 5000


def repairs(exporter) -> float:
    return exporter.total("pairs_trades_repaired_total", symbol="BTCUSDT")


async def supply_gaps(market):
    """Gives the venue the trades that are missing, so that it can answer with them."""
    binance = market.markets["binance-usdm"]
    moment = int(time.time() * 1000) - 60_000
    ids = range(2 * GAPS - 40_000, 2 * GAPS + 1)
    binance.trades[:0] = [Trade("BTCUSDT", number, moment, "100.5", "1.0", "buy") for number in ids]


DAMAGE = [
    ("raw_hole", "UPDATE raw_hole SET last_id = first_id - 5, state = 'open'"),
    ("raw_hole", "UPDATE raw_hole SET state = 'open', last_id = 9223372036854775807"),
    (
        "raw_hole",
        "UPDATE raw_hole SET state = 'open', first_id = -9223372036854775808"
        " WHERE first_id = (SELECT min(first_id) FROM raw_hole)",
    ),
    ("raw_hole", "UPDATE OR IGNORE raw_hole SET state = 'open', first_id = first_id - 10, last_id = last_id + 10"),
    ("raw_hole", "INSERT OR REPLACE INTO raw_hole SELECT stream_id, 5, 17592186044415, 'open' FROM stream"),
    ("raw_trade", "UPDATE raw_trade SET time_us = 9223372036854775807"),
    ("raw_trade", "UPDATE raw_trade SET time_us = -9223372036854775808"),
    ("raw_trade", "UPDATE raw_trade SET price = -9223372036854775808"),
    ("raw_trade", "UPDATE raw_trade SET format = 9223372036854775807"),
    ("raw_bar", "UPDATE OR IGNORE raw_bar SET slot = slot + 9223372000000000000"),
    ("raw_bar", "UPDATE raw_bar SET state = 99"),
    ("raw_bar", "UPDATE raw_bar SET close = NULL"),
    ("raw_bar", "UPDATE raw_bar SET high = 9e999, trades = -9223372036854775808"),
]

def test_rows_that_cannot_be_right_are_named_and_left_out(start, tmp_path):
    with NumberedMarket() as market:
        market.is_rest_dead = True
        exporter = start(*market.configuration(tmp_path / "source")).wait_until_healthy()
        for expected in (1, 2, 3):
            wait_until(lambda: exporter.total("pairs_trades_total") >= 40 * expected, 30, "trades")
            market.unsent = 4
            wait_until(lambda: exporter.total("pairs_trade_gaps_total") >= 2 * expected, 30, "gaps")
        assert exporter.terminate()[0] == 0
        exporters = []
        for number, (table, damage) in enumerate(DAMAGE):
            folder = tmp_path / f"damaged-{number}"
            arguments = market.configuration(folder)
            shutil.copy(tmp_path / "source/pairs.sqlite", folder / "pairs.sqlite")
            with closing(sqlite3.connect(folder / "pairs.sqlite")) as connection, connection:
                assert connection.execute(damage).rowcount > 0, damage
            exporters.append((table, damage, start(*arguments)))
        for table, damage, exporter in exporters:
            exporter.wait_until_healthy()
            wait_until(lambda: exporter.total("pairs_trades_total") >= 10, 30, f"trades after {damage}")
            assert exporter.total("pairs_store_damaged_rows_total") > 0, damage
            assert f"{table} of" in exporter.log, damage
            assert 0 <= exporter.total("pairs_trades_unrepaired") < 1e6, damage
            assert exporter.terminate()[0] == 0, damage
