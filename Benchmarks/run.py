#!/usr/bin/env python3
"""Measures every stage of the exporter beside what else could be used, and prints the ratios against the goals.

usage: run.py [--peers FOLDER] [--scratch FOLDER] [--exporter BINARY] [--only WORD]... [--quick]

The peers are the programs in FOLDER (default: ../shared/peers beside the repository), which is copied to the scratch
folder (default: .build/peers) and set up there as its README.md says, once: a virtual environment, build.sh,
the frames. What cannot be set up is left out. Without the folder our side is measured alone.

Ours runs before and after the peers of its stage. CPU time per unit counts, and the least of all repetitions: on a
machine that is busy with other things too it is what the work costs.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import scrapes
from release_build import built

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = (
    "statsmodels arch pandas polars numpy scipy prometheus-client orjson msgspec pysimdjson websockets picows river "
    "duckdb bottleneck numba uvloop aiohttp nautilus_trader"
).split()

# Stage: our measurement, its unit and how many nanoseconds that is, what runs its peers, and for each peer the ratio
# that is the goal: how many times our time theirs must be (below 1: ours may be that much slower).
STAGES = [
    ("frame → trade", "decode.symbol_first", "ns", [["build/c_simdjson"], ["build/c_simdjson_deb"], ["python", "c_json.py"]], [
        ("simdjson on-demand, C++", "C.json.cpp.simdjson_ondemand.*", 1),
        ("hand-written C++ scanner", "C.json.cpp.hand_scanner_double", None),
        ("msgspec", "C.json.msgspec_typed_float", 4),
        ("orjson", "C.json.orjson", None),
    ]),
    ("frame → bars, 3 timeframes", "bars", "ns", [], []),
    ("socket → bars, per trade", "websocket", "ns", [["python", "d_run.py", "c_parse", "picows+uvloop+msgspec", "websockets+uvloop+msgspec"]], [
        ("picows + msgspec, no bars", "D.ws.coalesced.picows+uvloop+msgspec", 5),
        ("websockets + msgspec, no bars", "D.ws.coalesced.websockets+uvloop+msgspec", None),
        ("C, no bars", "D.ws.coalesced.c_parse", None),
    ]),
    ("new bar: slope, z, correlation; window 60", "rolling.w60", "ns", [["python", "b_rolling.py"], ["build/limit_online"]], [
        ("numba, without drift control", "B.series.numba.online_beta_z_corr.w60", 1),
        ("pandas + statsmodels", "B.newbar.pandas_sm.basic.w60", 10_000),
        ("C, without drift control", "B.limit.c.online_one_pair.w60", None),
    ]),
    ("the same; window 300", "rolling.w300", "ns", [], [
        ("numba, without drift control", "B.series.numba.online_beta_z_corr.w300", 1),
        ("pandas, series", "B.series.pandas.z_corr.w300", None),
        ("polars, series", "B.series.polars.z_corr.w300", None),
    ]),
    ("the same; window 1,000", "rolling.w1000", "ns", [], [
        ("numba, without drift control", "B.series.numba.online_beta_z_corr.w1000", 1),
        ("statsmodels RollingOLS, series", "B.series.sm.RollingOLS.w1000", None),
    ]),
    ("closed bar → reading in the engine, per window", "engine.w60+240", "ns", [], []),
    ("correlation of ticks, per trade and pair", "ticks", "ns", [], []),
    ("ADF with AIC, n = 250", "adf.n250", "µs", [["python", "a_adf.py"], ["python", "a_limit_adf.py"]], [
        ("statsmodels", "A.adf.statsmodels.aic.n250", 300),
        ("arch", "A.adf.arch.aic.n250", 100),
        ("C", "A.limit.c.gram_chol.aic.n250", 1 / 4),
    ]),
    ("ADF with AIC, n = 1,000", "adf.n1000", "µs", [], [
        ("statsmodels", "A.adf.statsmodels.aic.n1000", 300),
        ("C", "A.limit.c.gram_chol.aic.n1000", 1 / 4),
    ]),
    ("100,000 series → text, per series", "render.n100000", "ns", [["build/e_go"], ["build/e_prometheus_cpp"], ["build/limit_render"], ["python", "e_python.py"]], [
        ("VictoriaMetrics/metrics, Go", "E.go.victoriametrics_metrics.write.n100000", 10),
        ("client_golang", "E.go.client_golang.gather_expfmt.n100000", 40),
        ("prometheus-cpp", "E.cpp.prometheus_cpp.text.n100000", None),
        ("prometheus_client, Python", "E.py.prometheus_client.text.n100000", None),
        ("C++, prefixes laid out", "E.limit.cpp.prefix_to_chars.n100000", 1 / 2),
    ]),
    ("scrape of 10,000 series by HTTP, 10,000 trades a second meanwhile, p99 (goal 3 ms)", "scrape", "ms", [], [
        ("client_golang, promhttp, nothing meanwhile, median", "E.go.promhttp.http_plain.n10000.whole", 8),
    ]),
    ("10,000 series to 100 scrapers at once, per answer", "crowd.plain", "ms", [], [
        ("static body, same server", "static.plain", 0.6),
    ]),
    ("the same, gzip", "crowd.gzip", "ms", [], [
        ("static body, same server", "static.gzip", 0.6),
    ]),
    ("trade → SQLite, 10,000 to a transaction", "store.b10000", "ns", [["build/f_sqlite"], ["python", "f_python.py"]], [
        ("SQLite C API, rowid", "F.sqlite.c.rowid.b10000", 0.8),
        ("SQLite C API, unique key", "F.sqlite.c.withoutrowid.b10000", 0.8),
        ("Python sqlite3, rowid", "F.sqlite.python.executemany.rowid.b10000", None),
    ]),
    *(
        (f"the same; {symbols} symbols, {size:,} to a transaction", f"store.s{symbols}.b{size}", "ns", [], [
            ("SQLite C API, the same schema", f"plain.store.s{symbols}.b{size}", 0.6),
        ])
        for symbols in (2, 50, 500)
        for size in (1000, 10000)
    ),
    ("whole pipeline with store, per trade", "pipeline", "µs", [["python", "g_run.py", "picows_sqlite_fair"], ["python", "g_run.py", "seed"]], [
        ("picows, sqlite3, pandas, statsmodels", "G.fair.picows.sqlite", 10),
        ("websockets, DuckDB, pandas: all anew each bar", "G.seed.websockets.duckdb", 200),
    ]),
]
SCALE = {"ns": 1.0, "µs": 1e3, "ms": 1e6}
TO_NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=pathlib.Path, default=ROOT.parent / "shared" / "peers")
    parser.add_argument("--scratch", type=pathlib.Path, default=ROOT / ".build" / "peers")
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build of pairs-exporter; built when not given")
    parser.add_argument("--only", action="append", default=[], help="stages whose measurement begins with this")
    parser.add_argument("--quick", action="store_true", help="our side alone, once, without the program as a whole")
    options = parser.parse_args()

    stages = Stages()
    if options.quick:
        peers, exporter = None, None
    else:
        peers = Peers.set_up(options.peers.resolve(), options.scratch.resolve())
        exporter = options.exporter or built("pairs-exporter")
    load = os.getloadavg()[0]
    rows = []
    known = {}
    for stage, name, unit, programs, goals in STAGES:
        if options.only and not any(name.startswith(word) for word in options.only):
            continue
        log(stage)
        ours = [measure(stages, name, peers, exporter)]
        if peers:
            for program in programs:
                known.update(peers.run(program))
            if programs:
                ours.append(measure(stages, name, peers, exporter))
        ours = [value for value in ours if value]
        known.update(stages.beside)
        if ours:
            rows += table_rows(stage, min(ours), unit, goals, known)
    print(machine(f"{load:.1f} before, {os.getloadavg()[0]:.1f} after"), end="\n\n")
    print("| stage | ours | beside it | theirs | theirs / ours | goal | met |\n|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print("\nAllocations per unit: " + ", ".join(f"{name} {count:.2g}" for name, count in stages.allocations.items()) + ".")
    if stages.bytes:
        print("\nBytes on disk per trade: " + ", ".join(f"{name} {count:.1f}" for name, count in stages.bytes.items()) + ".")
    for note in stages.notes:
        print("\n" + note)


def table_rows(stage, ours, unit, goals, known):
    """A row for each peer that was measured, or one without."""
    rows = []
    for peer, pattern, goal in goals:
        theirs = [value for name, value in known.items() if re.fullmatch(pattern.replace("+", r"\+"), name)]
        if not theirs:
            continue
        ratio = min(theirs) / ours
        rows.append((
            stage, f"{number(ours / SCALE[unit])} {unit}", peer, f"{number(min(theirs) / SCALE[unit])} {unit}",
            f"{number(ratio)} ×", f"≥ {number(goal)} ×" if goal else "–", ("yes" if ratio >= goal else "no") if goal else "–",
        ))
    return rows or [(stage, f"{number(ours / SCALE[unit])} {unit}", "–", "–", "–", "–", "–")]


def measure(stages, name, peers, exporter):
    """The least time of a unit of ours in nanoseconds, nil where it cannot be measured: CPU time but for answers by HTTP."""
    if name == "websocket":
        return stages.receive(peers) if peers else None
    if name == "pipeline":
        return pipeline(peers, exporter) if peers and exporter else None
    if name == "scrape":
        return scrapes.beside_trades(stages, exporter) if exporter else None
    if name.startswith("crowd."):
        ours, stages.beside[name.replace("crowd", "static")] = scrapes.by_a_crowd(stages, name.partition(".")[2])
        return ours
    return stages.run(name)


class Stages:
    """The program of this package that measures our stages."""

    def __init__(self):
        self.program = built("Stages")
        self.allocations = {}
        self.beside = {}
        self.bytes = {}
        self.notes = []

    def run(self, name):
        return self.least(subprocess.run([self.program, name], check=True, stdout=subprocess.PIPE, text=True).stdout, name)

    def receive(self, peers, count=500_000):
        values = []
        with peers.blaster(count) as port:
            for _ in range(3):
                command = [self.program, "websocket", str(port), str(count)]
                output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=120).stdout
                values.append(self.least(output, "websocket"))
        return min(values)

    def least(self, output, name):
        lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        line = next(line for line in lines if line["name"] == name)
        self.allocations[name] = line["allocations"]
        self.beside.update({line["name"]: line["least"] for line in lines if line["name"] != name})
        if "bytes" in line:
            self.bytes[name] = line["bytes"]
        return line["least"]


class Peers:
    """A writable copy of the peers' programs, set up."""

    def __init__(self, folder, python):
        self.folder = folder
        self.python = python

    @classmethod
    def set_up(cls, source, scratch):
        if not (source / "run_all.sh").exists():
            log(f"no peers at {source}: our side alone")
            return None
        folder = scratch / "bench"
        shutil.copytree(source, folder, dirs_exist_ok=True)
        python = scratch / "venv" / "bin" / "python"
        if not python.exists():
            log("setting up the peers, once")
            subprocess.run([sys.executable, "-m", "venv", scratch / "venv"], check=True)
            for package in PACKAGES:
                attempt([python, "-m", "pip", "install", "--quiet", package])
        if not (folder / "build" / "limit_online").exists():
            attempt([python, "-m", "pip", "install", "--quiet", "--upgrade", "setuptools", "wheel", "cython"])
            (scratch / "sdist").mkdir(exist_ok=True)
            attempt([python, "-m", "pip", "download", "--quiet", "--no-binary", ":all:", "--no-deps",
                     "--no-build-isolation", "-d", scratch / "sdist", "pysimdjson==7.0.2"])
            for archive in (scratch / "sdist").glob("*.tar.gz"):
                shutil.unpack_archive(archive, scratch / "sdist")
            attempt(["bash", folder / "build.sh"])
        if not (folder / "build" / "frames.bin").exists():
            subprocess.run([python, "frames.py", "200000"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return cls(folder, python)

    def run(self, program):
        """The least time of a unit in nanoseconds by the name of what was measured; nothing where it cannot run."""
        command = [self.python, *program[1:]] if program[0] == "python" else [self.folder / program[0], *program[1:]]
        if program[0] != "python" and not command[0].exists():
            log(f"  left out: {program[0]} was not built")
            return {}
        log(f"  {' '.join(program)}")
        try:
            run = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 text=True, timeout=400)
            output = run.stdout
        except subprocess.TimeoutExpired as expired:
            output = (expired.stdout or b"").decode()
        values = {}
        for line in output.splitlines():
            if line.startswith("{") and "per_unit" in line:
                line = json.loads(line)
                values[line["name"]] = least(line)
                values[line["name"] + ".whole"] = line["seconds"] * 1e9
        return values

    def blaster(self, count, per_ms=None):
        return Blaster(self, count, per_ms)


def least(line):
    """The least CPU time a peer's line holds: wall time, where that is less, is CPU time of a moment without others."""
    times = [line["per_unit_cpu"] or line["per_unit"]] if "per_unit_cpu" in line else [line["per_unit"]]
    scale = TO_NANOSECONDS[line["unit"]]
    if line.get("min_seconds"):
        times.append(line["min_seconds"] / line["n"] * 1e9 / scale)
    return min(times) * scale


class Blaster:
    """The server that sends frames as fast as they are read."""

    def __init__(self, peers, count, per_ms):
        self.peers, self.count, self.per_ms = peers, count, per_ms

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [self.peers.python, "ws_blaster.py", str(port), str(self.count), "coalesced"]
        command += [str(self.per_ms)] if self.per_ms else []
        self.process = subprocess.Popen(command, cwd=self.peers.folder, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return port

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def pipeline(peers, exporter, count=1_200_000):
    """CPU nanoseconds per trade of the complete program: received, decoded, in SQLite, in bars, read and tested.

    The peers count from the first message on, so the cost of our start is measured without a server and subtracted.
    """
    start, _ = follow(exporter, port=9)
    with peers.blaster(count, per_ms=1) as port:
        used, trades = follow(exporter, port, least=start + 0.2)
    return (used - start) / trades * 1e9 if trades else None


def follow(exporter, port, least=0):
    """CPU seconds of an exporter that follows a server until nothing more is done, beyond the least, and the trades in its store."""
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder) / "pairs.yaml"
        configuration.write_text(f"""\
feeds: [{{venue: binance-usdm, websocket_url: "ws://127.0.0.1:{port}", rest_url: "http://127.0.0.1:9"}}]
storage: {{path: "{folder}/pairs.sqlite"}}
timeframes: [1s]
windows: [300]
pairs:
- {{y: "binance-usdm:BTCUSDT", x: "binance-usdm:ETHUSDT"}}
# The peers keep these trades, too, but have one pair.
- {{y: "binance-usdm:BNBUSDT", x: "binance-usdm:SOLUSDT"}}
- {{y: "binance-usdm:XRPUSDT", x: "binance-usdm:ADAUSDT"}}
- {{y: "binance-usdm:DOGEUSDT", x: "binance-usdm:LTCUSDT"}}
""")
        command = [exporter, "--config.file", configuration, "--web.listen-address", "127.0.0.1:0"]
        with open(f"{folder}/log", "w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            return wait_until_idle(process, least), stored_trades(pathlib.Path(folder) / "log")
        finally:
            process.kill()
            process.wait()


def wait_until_idle(process, least):
    """CPU seconds, at least `least`, until a second has passed with almost no work."""
    statistics = pathlib.Path(f"/proc/{process.pid}/stat")
    used, idle = None, 0
    for _ in range(600):
        time.sleep(0.2)
        fields = statistics.read_text().rpartition(")")[2].split()
        now = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        idle = idle + 1 if used is not None and now - used < 0.02 and now > least else 0
        used = now
        if idle == 5:
            break
    return used


def stored_trades(output):
    """How many trades an exporter has written, by the metrics at the address in its log."""
    address = re.search(r'address="?([0-9.:]+)', output.read_text())
    if not address:
        log("  the exporter did not start:\n" + output.read_text()[-2000:])
        return 0
    command = ["curl", "--silent", "--fail", f"http://{address[1]}/metrics"]
    metrics = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    written = re.search(r"^pairs_store_trades_written_total\S* (\S+)", metrics, re.MULTILINE)
    return float(written[1]) if written else 0


def attempt(command):
    """Runs what may fail: a peer that cannot be set up is left out."""
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        log(f"  failed: {' '.join(str(word) for word in command)}")


def machine(load):
    """What was measured on, and when."""
    processor = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    swift = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    today = datetime.date.today().isoformat()
    return f"{today}, {processor} ({os.cpu_count()} cores, load {load}), {swift.splitlines()[0]}."


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def log(message):
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
