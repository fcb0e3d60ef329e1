"""A real Prometheus with the history of an exporter that does not answer any more.

It has the rules of the project. For half an hour every family of the exporter had a value; then its target is dead.
"""

import contextlib
import itertools
import pathlib
import re
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator

import requests
import yaml

import derived

JOB, INSTANCE = "desk-a", "a:10200"
PAIR, TIMEFRAME, WINDOW, VENUE = "ETHUSDT-BTCUSDT", "1s", "240", "simulated"
TARGET = {"job": JOB, "instance": INSTANCE}

STEP, LENGTH = 15, 1800
# How long the exporter has been dead: a minute, in which all four dashboards must show it.
SILENCE = 60

# Values of the labels that a panel selects by; any other label is "x".
LABEL_VALUES = {
    "pair": [PAIR],
    "timeframe": [TIMEFRAME],
    "window": [WINDOW],
    "venue": [VENUE],
    "y_venue": [VENUE],
    "x_venue": [VENUE],
    "leg": ["y", "x"],
    "level": ["1%", "5%", "10%"],
    "signal": ["zscore_extreme", "correlation_breakdown", "volatility_spike", "stationarity_risk"],
    "code": ["200", "503"],
    "price": ["level", "log"],
    "meaning": ["One sentence. And another."],
    "confidence": ["One sentence. And another."],
    "watch": ["One sentence. And another."],
}
STATES = {
    "pairs_feed_state": ["connecting", "subscribed", "flowing", "backing_off", "stopped"],
    "pairs_bars_total": ["traded", "carried", "gap"],
    "pairs_interpretation_info": ["calm"],
}
METHODS = {"pairs_hedge_ratio_alternative": ["tls", "huber", "theil_sen", "kalman"]}
# Made by Prometheus itself and by its rules, with their labels besides those of the target.
OF_PROMETHEUS = {
    "up": [],
    "scrape_duration_seconds": [],
    "scrape_samples_scraped": [],
    "instance:pairs_exporter:up": [],
    "signal:pairs_signal:avg_over_time1h": ["pair", "timeframe", "window", "signal"],
    "signal:pairs_signal_entries:increase1h": ["pair", "timeframe", "window", "signal"],
    "instance:pairs_trades:rate1m": [],
    "venue:pairs_feed_delay_seconds:p99_rate5m": ["venue"],
    "instance:pairs_bar_close_duration_seconds:p99_rate5m": [],
    "instance:pairs_store_commit_duration_seconds:p99_rate5m": [],
}


def combinations(names: list[str], values: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    if not names:
        yield {}
        return
    for rest in combinations(names[1:], values):
        for value in values.get(names[0], ["x"]):
            yield {names[0]: value} | rest


def families() -> Iterator[tuple[str, str, list[str]]]:
    """Name, type and labels of each family, from the table in the README."""
    readme = (derived.REPOSITORY / "README.md").read_text("utf-8")
    table = readme[readme.index("<!-- metrics:") : readme.index("<!-- end of metrics -->")]
    for name, kind, labels in re.findall(r"^\| `([a-z0-9_]+)` \| (\w+) \| ([^|]*)\|", table, re.M):
        yield name, kind, re.findall(r"`(\w+)`", labels)


def exporter_series() -> Iterator[tuple[str, dict[str, str], float]]:
    """Name, labels and growth per second of each series."""
    made = [(name, "gauge", names) for name, names in OF_PROMETHEUS.items()]
    for name, kind, names in itertools.chain(made, families()):
        values = LABEL_VALUES | {"state": STATES.get(name, ["x"]), "method": METHODS.get(name, ["x"])}
        for labels in combinations(names, values):
            labels = TARGET | labels
            if kind == "histogram":
                for bound in ("0.1", "+Inf"):
                    yield f"{name}_bucket", labels | {"le": bound}, 1
                yield f"{name}_sum", labels, 1
                yield f"{name}_count", labels, 1
            else:
                yield name, labels, 1 if kind == "counter" else 0


def samples(name: str, labels: dict[str, str], growth: float, start: float, end: float) -> Iterator[str]:
    """Lines of OpenMetrics; a series that does not grow stays at 1."""
    inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
    for i in range(int((end - start) // STEP) + 1):
        yield f"{name}{{{inside}}} {1 + growth * i * STEP} {start + i * STEP:.0f}\n"


class Prometheus:
    """`alerts` are labels of an alert with the seconds before now at which it began and ended."""

    def __init__(self, folder: pathlib.Path, alerts: Iterable[tuple[dict[str, str], int, int]] = ()):
        now = time.time()
        self.started, self.died = now, now - SILENCE
        lines = []
        for name, labels, growth in exporter_series():
            lines += samples(name, labels, growth, now - LENGTH, self.died)
        for labels, began, ended in alerts:
            lines += samples("ALERTS", {"alertstate": "firing"} | labels, 0, now - began, now - ended)
        (folder / "history.txt").write_text("".join(lines) + "# EOF\n", "utf-8")
        subprocess.run(
            ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history.txt", "tsdb"],
            cwd=folder, check=True, capture_output=True,
        )
        configuration = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(derived.REPOSITORY / "prometheus/rules/*.yml")],
            # Nothing listens on port 1.
            "scrape_configs": [
                {"job_name": JOB, "static_configs": [{"targets": ["127.0.0.1:1"], "labels": {"instance": INSTANCE}}]}
            ],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration), "utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/api/v1"
        # A scrape that fails ends a series at once; blocks hold no such mark, so a short look back stands in for it.
        options = [f"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.path=tsdb", "--query.lookback-delta=20s"]
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", *options],
            cwd=folder, stdout=(folder / "log").open("w"), stderr=subprocess.STDOUT,
        )
        try:
            self._wait_for_a_dead_target(folder)
        except BaseException:
            self.stop()
            raise

    def _wait_for_a_dead_target(self, folder: pathlib.Path):
        for _ in range(600):
            assert self.process.poll() is None, (folder / "log").read_text()
            # One that starts does not listen yet, and then answers in plain text.
            with contextlib.suppress(requests.RequestException):
                if self.query("instance:pairs_exporter:up == 0"):
                    return
            time.sleep(0.1)
        raise AssertionError("no dead target: " + (folder / "log").read_text())

    def _get(self, path: str, **parameters) -> list[dict]:
        answer = requests.post(f"{self.url}/{path}", data=parameters, timeout=60).json()
        assert answer["status"] == "success", (parameters, answer)
        return answer["data"]["result"]

    def query(self, expression: str, at: float | None = None) -> list[dict]:
        return self._get("query", query=expression, time=at or time.time())

    def query_range(self, expression: str, seconds: int, step: float, end: float | None = None) -> list[dict]:
        end = end or time.time()
        return self._get("query_range", query=expression, start=end - seconds, end=end, step=step)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
