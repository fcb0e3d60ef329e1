"""Scrapes over HTTP: the duration of one while trades arrive, and the rate of many scrapers."""

import collections
import json
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.request


def beside_trades(stages, exporter, pairs=40, rate=250):
    """Nanoseconds that one answer in a hundred exceeds, while simulated trades come, are stored and make bars."""
    with tempfile.TemporaryDirectory() as folder:
        symbols = [f"ALT{number}USDT" for number in range(pairs)]
        followers = [
            {"symbol": symbol, "driver": "BTCUSDT", "price": 100, "half_life": "10s", "trades_per_second": rate}
            for symbol in symbols
        ]
        driver = {"symbol": "BTCUSDT", "price": 60_000, "trades_per_second": rate}
        configuration = {
            "feeds": [{"venue": "simulated", "simulated": {"instruments": [driver, *followers]}}],
            "storage": {"path": f"{folder}/pairs.sqlite"},
            "pairs": [{"y": f"simulated:{symbol}", "x": "simulated:BTCUSDT"} for symbol in symbols],
        }
        file = pathlib.Path(folder) / "pairs.yaml"
        file.write_text(json.dumps(configuration))
        with Exporter(exporter, file) as running:
            running.wait_until_warm(10_000)
            before, begin = values(running.port), time.monotonic()
            plain = scrape(stages, running.port, 1, 0.05, 30, "plain")
            after, seconds = values(running.port), time.monotonic() - begin
            compressed = scrape(stages, running.port, 1, 0.05, 10, "gzip")
        trades = (after["pairs_trades_total"] - before["pairs_trades_total"]) / seconds
        stages.notes.append(
            f"{after['pairs_series']:,.0f} series scraped {plain['answers']} times beside {trades:,.0f} trades a second: "
            f"{milliseconds(plain)}; with gzip {milliseconds(compressed)}."
        )
        return plain["p99_ms"] * 1e6


def scrape(stages, port, connections, pause, seconds, coding):
    """The results of scrapers on a number of connections; times in milliseconds."""
    command = [stages.program, "scrape", port, connections, pause, seconds, coding]
    output = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, timeout=120).stdout
    return json.loads(output)


def values(port, query=""):
    """The sum of every family's samples."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics{query}", timeout=60) as answer:
        text = answer.read().decode()
    sums = collections.Counter()
    for line in text.splitlines():
        if not line.startswith("#"):
            sums[re.match(r"\w+", line)[0]] += float(line.rpartition(" ")[2])
    return sums


def milliseconds(seen):
    return f"median {seen['median_ms']:.2f} ms, p99 {seen['p99_ms']:.2f} ms, at most {seen['greatest_ms']:.2f} ms"


class Exporter:
    """The program itself on a free port."""

    def __init__(self, binary, configuration):
        self.binary, self.configuration = binary, configuration

    def __enter__(self):
        command = [self.binary, "--config.file", self.configuration, "--web.listen-address", "127.0.0.1:0"]
        log_file = self.configuration.with_name("log")
        with open(log_file, "w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        for _ in range(600):
            address = re.search(r'address="?127.0.0.1:(\d+)', log_file.read_text())
            if address:
                self.port = int(address[1])
                return self
            time.sleep(0.1)
        self.__exit__()
        raise SystemExit("the exporter did not start:\n" + log_file.read_text()[-2000:])

    def wait_until_warm(self, series):
        for _ in range(120):
            found = values(self.port)["pairs_series"]
            if found >= series:
                return
            time.sleep(1)
        raise SystemExit(f"only {found:.0f} of {series} series have a value")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def by_a_crowd(stages, coding, count=10_000, scrapers=100, rounds=3):
    """Nanoseconds of wall time per answer, and those of a static body that is requested in turns with ours."""
    command = [stages.program, "serve", str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        ports = dict(process.stdout.readline().split() for _ in range(2))
        seen = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                seen[name].append(scrape(stages, port, scrapers, 0, 4, coding))
        renderings = values(ports["metrics"], "?name[]=stages_renderings_total")["stages_renderings_total"]
    finally:
        process.kill()
        process.wait()
    answers = sum(one["answers"] for one in seen["metrics"])
    stages.notes.append(f"{coding}: {renderings:.0f} renderings for {answers:,} answers to {scrapers} scrapers.")
    return tuple(1e9 / max(one["per_second"] for one in seen[name]) for name in ("metrics", "static"))
