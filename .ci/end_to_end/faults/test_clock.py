"""The machine's clock is wrong, is set while the program runs, or one trade's time is: no trade is lost for its time."""

import asyncio
import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time
from typing import NamedTuple

import pytest
import yaml
from websockets.asyncio.server import serve

from exporter import Exporter, wait_until
from server import Server, port_of

VENUE = "binance-usdm"
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
PAIRS = ({"y": f"{VENUE}:ETHUSDT", "x": f"{VENUE}:BTCUSDT"}, {"y": f"{VENUE}:SOLUSDT", "x": f"{VENUE}:BTCUSDT"})


class LiveVenue(Server):
    """Ten trades a second and symbol at the true time, except for what `leads` adds to single trades.

    `rest_lead` is what the clock of its REST interface is ahead; None where REST answers nothing.
    """

    def __init__(self, rest_lead: float | None = 0):
        super().__init__()
        self.rest_lead = rest_lead
        self.trades: dict[str, list[dict]] = {symbol: [] for symbol in SYMBOLS}
        self.leads: dict[str, list[float]] = {symbol: [] for symbol in SYMBOLS}
        self.queries: list[str] = []
        self._connections = set()

    async def open(self, stack):
        serving = serve(self._serve_client, "127.0.0.1", 0, compression=None, process_request=self._answer)
        self.port = port_of(await stack.enter_async_context(serving))
        pump = asyncio.create_task(self._pump())
        stack.callback(pump.cancel)

    async def _pump(self):
        while True:
            for symbol, trades in self.trades.items():
                lead = self.leads[symbol].pop() if self.leads[symbol] else 0
                moment = int((time.time() + lead) * 1000)
                trade = {"a": 1000 + len(trades), "p": f"{100 + len(trades) % 7}.5", "q": "1", "T": moment, "m": True}
                trades.append(trade)
                data = {"e": "aggTrade", "E": moment, "s": symbol, "f": 1, "l": 1, **trade}
                message = json.dumps({"stream": f"{symbol.lower()}@aggTrade", "data": data})
                for connection in list(self._connections):
                    await connection.send(message)
            await asyncio.sleep(0.1)

    async def _serve_client(self, connection):
        self._connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._connections.discard(connection)

    def _answer(self, connection, request):
        if "Upgrade" in request.headers:
            return None
        path, _, query = request.path.partition("?")
        self.queries.append(path)
        if self.rest_lead is None:
            return connection.respond(418, json.dumps({"code": -1003, "msg": "IP banned"}))
        if path.endswith("/time"):
            return connection.respond(200, json.dumps({"serverTime": int((time.time() + self.rest_lead) * 1000)}))
        if not path.endswith("/aggTrades"):
            return connection.respond(200, "[]")
        parameters = dict(part.split("=", 1) for part in query.split("&"))
        trades = self.trades[parameters["symbol"]]
        first = int(parameters.get("fromId", trades[-1]["a"]))
        found = [trade for trade in trades if trade["a"] >= first][: int(parameters.get("limit", 500))]
        return connection.respond(200, json.dumps([{"f": 1, "l": 1, **trade} for trade in found]))


class Machine:
    """The program on a machine whose wall clock is `shift` seconds ahead of the true time."""

    def __init__(self, binary, folder: pathlib.Path, library: pathlib.Path, venue: LiveVenue, shift: float):
        folder.mkdir()
        self.database = folder / "pairs.sqlite"
        self._shift_file = folder / "shift"
        self.set_clock(shift)
        config = folder / "config.yml"
        feed = {
            "venue": VENUE, "websocket_url": f"ws://127.0.0.1:{venue.port}",
            "rest_url": f"http://127.0.0.1:{venue.port}", "idle_timeout": "5s",
        }
        config.write_text(yaml.safe_dump({
            "feeds": [feed], "storage": {"path": str(self.database)}, "timeframes": ["1s"], "windows": [20],
            "pairs": list(PAIRS),
        }))
        # The library is for the program alone, not for the process that starts it.
        environment = [f"LD_PRELOAD={library}", f"SHIFT_FILE={self._shift_file}"]
        arguments = [*environment, str(binary), "--config.file", str(config)]
        self.exporter = Exporter(pathlib.Path("/usr/bin/env"), arguments, folder / "log.txt")

    def set_clock(self, shift: float):
        # Renamed, so that no half of it is read.
        draft = self._shift_file.with_suffix(".new")
        draft.write_text(f"{shift}\n")
        draft.rename(self._shift_file)

    def bars(self) -> float:
        return self.exporter.total("pairs_bars_total", symbol="ETHUSDT", state="traded")

    def rows(self, query: str) -> list:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()

    @property
    def moves(self) -> list[float]:
        """The steps of the wall clock in the warnings, in seconds."""
        return [float(move) for move in re.findall(r"the wall clock moved by (-?[\d.]+) s against", self.exporter.log)]

    def check_nothing_is_lost(self, venue: LiveVenue):
        """Every trade from the first on is on disk once, and every bar has its trades."""
        for symbol in SYMBOLS:
            ids = [id for id, in self.rows(f"SELECT trade_id FROM trade WHERE symbol = '{symbol}' ORDER BY trade_id")]
            assert len(ids) > 50 and ids == list(range(ids[0], ids[-1] + 1))
            assert ids[-1] >= venue.trades[symbol][-1]["a"] - 30, "the newest trades are missing"
            bars = self.rows(f"SELECT open_time_us / 1000000, state FROM bar WHERE symbol = '{symbol}' ORDER BY 1")
            times = [second for second, _ in bars]
            assert times == list(range(times[0], times[-1] + 1))
            assert abs(times[-1] - time.time()) < 10, "bars are not at the venue's time"
            assert [state for _, state in bars].count("traded") == len(bars)
        assert self.rows("SELECT * FROM hole WHERE state != 'repaired'") == []


class Case(NamedTuple):
    name: str
    first: float
    later: list[float]
    # By the first line; one for later steps follows at least ten seconds after it.
    moved: float | None
    steps: int = 1
    rest_lead: float | None = 0


CASES = [
    Case("2.3 days behind, then set right", -200_000, [0], 200_000),
    Case("2.3 days behind, REST banned", -200_000, [0], 200_000, rest_lead=None),
    Case("2.3 days ahead, then set right", 200_000, [0], -200_000),
    Case("set back by five minutes", 0, [-300], -300),
    Case("set back by five minutes, REST banned", 0, [-300], -300, rest_lead=None),
    Case("set forward by five minutes", 0, [300], 300),
    Case("set back little by little", 0, [-0.4 * step for step in range(1, 8)], -1.2, steps=2),
    Case("REST an hour behind", 0, [], None, steps=0, rest_lead=-3600),
    Case("REST an hour ahead", 0, [], None, steps=0, rest_lead=3600),
]


@pytest.fixture
def library(tmp_path) -> pathlib.Path:
    compiler = shutil.which("cc") or shutil.which("clang")
    assert compiler, "a C compiler is needed"
    path = tmp_path / "shifted_clock.so"
    source = pathlib.Path(__file__).with_name("shifted_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", path, source], check=True)
    return path


@pytest.fixture
def machine(binary, tmp_path, library):
    machines: list[Machine] = []

    def start(venue: LiveVenue, shift: float = 0) -> Machine:
        machines.append(Machine(binary, tmp_path / str(len(machines)), library, venue, shift))
        return machines[-1]

    yield start
    for each in machines:
        each.exporter.kill()


def test_a_clock_that_is_wrong_or_set_costs_no_trade_and_no_bar(machine):
    with contextlib.ExitStack() as stack:
        by_lead = {lead: stack.enter_context(LiveVenue(lead)) for lead in {case.rest_lead for case in CASES}}
        venues = [by_lead[case.rest_lead] for case in CASES]
        machines = [machine(venue, case.first) for case, venue in zip(CASES, venues)]
        for each in machines:
            each.exporter.wait_until_healthy()
        for each in machines:
            wait_until(lambda: each.bars() >= 4, 60, "bars before the clock is set")
        for step in range(max(len(case.later) for case in CASES)):
            for case, each in zip(CASES, machines):
                if step < len(case.later):
                    each.set_clock(case.later[step])
            time.sleep(0.4)
        before = [each.bars() for each in machines]
        for each, count in zip(machines, before):
            wait_until(lambda: each.bars() >= count + 6, 60, "bars after the clock was set")
        for case, each in zip(CASES, machines):
            exporter = each.exporter
            assert exporter.total("pairs_trades_discarded_total") == 0, case.name
            assert exporter.total("pairs_trades_unrepaired") == 0, case.name
            assert exporter.total("pairs_trades_late_total") == 0, case.name
            assert exporter.value("pairs_feed_up", venue=VENUE) == 1, case.name
            offset = exporter.value("pairs_feed_clock_offset_seconds", venue=VENUE)
            shift = case.later[-1] if case.later else case.first
            expected = None if case.rest_lead is None else pytest.approx(case.rest_lead - shift, abs=1)
            assert offset == expected, case.name
            assert each.moves[:1] == ([] if case.moved is None else [pytest.approx(case.moved, abs=1)]), case.name
            assert len(each.moves) <= case.steps, case.name
            assert exporter.total("pairs_clock_steps_total") == case.steps, case.name
        # All receive SIGTERM before the test waits for one.
        for each in machines:
            each.exporter.process.terminate()
        for case, each, venue in zip(CASES, machines, venues):
            assert each.exporter.process.wait(60) == 0, case.name
            each.check_nothing_is_lost(venue)


def test_a_clock_beyond_all_years_ends_and_delays_nothing(machine):
    with LiveVenue() as venue, LiveVenue(None) as banned_venue:
        machines = [machine(each, shift) for each in (venue, banned_venue) for shift in (9e18, -9e18)]
        for each in machines:
            each.exporter.wait_until_healthy()
        for each in machines:
            wait_until(lambda: each.bars() >= 4, 60, "bars")
        for each in machines:
            status, seconds = each.exporter.terminate()
            assert (status, seconds < 4) == (0, True), (seconds, each.exporter.log[-2000:])


def test_one_trade_ahead_of_its_time_holds_nothing_up(machine):
    with LiveVenue() as venue, LiveVenue(None) as banned_venue:
        machines = {machine(venue): venue, machine(banned_venue): banned_venue}
        for each in machines:
            each.exporter.wait_until_healthy()
        for each in machines:
            wait_until(lambda: each.bars() >= 4, 60, "bars")
        for venue in machines.values():
            venue.leads["SOLUSDT"] += [3600, 8]
        deadline = time.monotonic() + 12
        while time.monotonic() < deadline:
            for each in machines:
                samples = each.exporter.samples().items()
                ends = [value for (name, _), value in samples if name == "pairs_last_bar_timestamp_seconds"]
                ages = [time.time() - end for end in ends]
                assert len(ages) == 2 and max(ages) < 3 and min(ages) > -1
            time.sleep(0.5)
        for each, venue in machines.items():
            assert each.exporter.total("pairs_trades_late_total") == 0
            assert each.exporter.total("pairs_trades_discarded_total", symbol="SOLUSDT", reason="time") == 1
            assert each.exporter.total("pairs_trades_discarded_total") == 1
            assert len([path for path in venue.queries if path.endswith("/aggTrades")]) < 40
            assert each.exporter.terminate()[0] == 0
            ahead = [trade["a"] for trade in venue.trades["SOLUSDT"] if trade["T"] > time.time() * 1000 + 3_000_000]
            holes = each.rows("SELECT symbol, first_id, last_id, state FROM hole WHERE state != 'repaired'")
            assert holes == [("SOLUSDT", ahead[0], ahead[0], "open")]
            bars = each.rows("SELECT symbol, state FROM bar WHERE state != 'traded'")
            assert set(bars) <= {("SOLUSDT", "gap")} and len(bars) <= 3
