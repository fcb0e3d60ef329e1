"""The program under test, as its users run it."""

import pathlib
import signal
import socket
import subprocess
import time

import requests
from prometheus_client.parser import text_string_to_metric_families

# One pair of a replay, whose files lie in FOLDER.
REPLAY = """
feeds: [{venue: replay, replay: {path: "FOLDER/trades.csv"}}]
storage: {path: "FOLDER/pairs.sqlite"}
timeframes: [1s]
windows: [60]
pairs: [{y: "replay:A", x: "replay:B"}]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float, what: str):
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


class Exporter:
    def __init__(self, binary: pathlib.Path, arguments: list[str], log: pathlib.Path):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = log
        self.log_file = log.open("w")
        self.process = subprocess.Popen(
            [binary, *arguments, "--web.listen-address", f"127.0.0.1:{self.port}"],
            stdout=self.log_file,
            stderr=subprocess.STDOUT,
        )

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=60)

    def wait_for_more(self, name: str, what: str):
        """Until a counter has grown."""
        before = self.total(name)
        wait_until(lambda: self.total(name) > before, 60, what)

    def wait_until_healthy(self):
        def healthy():
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.log}"
            try:
                return self.get("/-/healthy").status_code == 200
            except requests.ConnectionError:
                return False

        wait_until(healthy, 180, "healthy")
        return self

    def samples(self) -> dict[tuple[str, frozenset], float]:
        """Every sample of a scrape by name and labels."""
        text = self.get("/metrics").text
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float | None:
        return self.samples().get((name, frozenset(labels.items())))

    def total(self, name: str, **labels: str) -> float:
        """The sum over every series of a family with these labels."""
        wanted = set(labels.items())
        return sum(value for (found, have), value in self.samples().items() if found == name and wanted <= have)

    def terminate(self) -> tuple[int, float]:
        """SIGTERM; the exit status and the seconds it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        return status, time.monotonic() - start

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
