"""The stack around the exporter: real Prometheus, real Alertmanager, and the receiver of the demo."""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
import yaml

from exporter import free_port, wait_until

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def compressed(text: str, factor: int) -> str:
    """Rules in which all time passes faster: `for`, `keep_firing_for` and the ranges of expressions."""

    def shorter(match: re.Match) -> str:
        milliseconds = int(match[2]) * UNITS[match[3]] * 1000 // factor
        return f"{match[1]}{milliseconds}ms"

    return re.sub(r"((?:\bfor|keep_firing_for): |\[)(\d+)([smhd])\b", shorter, text)


class Server:
    """A program that serves HTTP on a free port."""

    def __init__(self, folder: pathlib.Path, ready: str, command: list):
        self.log_path = folder / f"{pathlib.Path(command[0]).name}-{self.port}.log"
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=self.log_path.open("w"), stderr=subprocess.STDOUT, cwd=folder
        )

        def is_ready():
            assert self.process.poll() is None, self.log
            try:
                return requests.get(self.url + ready, timeout=60).status_code == 200
            except requests.ConnectionError:
                return False

        try:
            wait_until(is_ready, 60, ready)
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Webhook(Server):
    """alertmanager/webhook.py, which prints the messages."""

    def __init__(self, folder: pathlib.Path):
        self.port = free_port()
        script = REPOSITORY / "alertmanager/webhook.py"
        options = ["--host=127.0.0.1", f"--port={self.port}", f"--runbook={REPOSITORY}/prometheus/RUNBOOK.md"]
        super().__init__(folder, "/healthy", [sys.executable, "-B", script, *options])

    def lines(self, status: str, alert: str, **labels: str) -> list[str]:
        """First lines of the alerts that arrived with this status, name and labels, each with its description."""
        wanted = {f"{name}={value}" for name, value in labels.items()}
        notices = re.split(r"^(?=FIRING|RESOLVED)", self.log, flags=re.M)
        return [n for n in notices if n.startswith(status) and f" {alert} " in n and wanted <= set(n.split("\n")[0].split())]


class Recorder:
    """A proxy of the demo's receiver that keeps each notification with the time of its arrival."""

    def __init__(self, webhook: Webhook):
        self.notifications: list[tuple[float, str, dict]] = []
        notifications = self.notifications

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                notifications.append((time.time(), self.path[1:], json.loads(body)))
                answer = requests.post(webhook.url + self.path, data=body, timeout=60)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Alertmanager(Server):
    """Alertmanager with the shipped configuration and shorter waits."""

    def __init__(self, folder: pathlib.Path, receiver: str):
        self.port = free_port()
        text = (REPOSITORY / "alertmanager/alertmanager.yml").read_text()
        text = text.replace("http://webhook:9095", receiver)
        text = re.sub(r"(group_wait|group_interval): \d+[sm]", r"\1: 1s", text)
        (folder / "alertmanager.yml").write_text(text)
        options = ["--config.file=alertmanager.yml", f"--storage.path={folder}/alertmanager", "--cluster.listen-address="]
        super().__init__(
            folder, "/-/ready", ["prometheus-alertmanager", *options, f"--web.listen-address=127.0.0.1:{self.port}"]
        )


class Prometheus(Server):
    """Prometheus with a configuration, ready for queries."""

    def __init__(self, folder: pathlib.Path, configuration: dict, *options: str, storage: pathlib.Path | None = None):
        self.port = free_port()
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        command = ["prometheus", "--config.file=prometheus.yml", f"--storage.tsdb.path={storage or folder / 'tsdb'}"]
        address = f"--web.listen-address=127.0.0.1:{self.port}"
        super().__init__(folder, "/-/ready", [*command, address, *options])

    def api(self, path: str, **parameters) -> dict:
        answer = requests.post(f"{self.url}/api/v1/{path}", data=parameters, timeout=60).json()
        assert answer["status"] == "success", (parameters, answer)
        return answer["data"]

    def query(self, expression: str, **parameters) -> list[dict]:
        return self.api("query", query=expression, **parameters)["result"]

    def query_range(self, expression: str, seconds: int, step: int = 5) -> list[dict]:
        end = datetime.datetime.now().timestamp()
        return self.api("query_range", query=expression, start=end - seconds, end=end, step=step)["result"]

    def rules(self) -> list[dict]:
        groups = requests.get(f"{self.url}/api/v1/rules", timeout=60).json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def scrape_errors(self) -> list[str]:
        """The error of the latest scrape of each target that was scraped, empty where there is none."""
        targets = requests.get(f"{self.url}/api/v1/targets", timeout=60).json()["data"]["activeTargets"]
        return [target["lastError"] for target in targets if target["health"] != "unknown"]


class AlertingPrometheus(Prometheus):
    """Prometheus with the shipped rules, `factor` times as fast, and a job of any name."""

    def __init__(
        self,
        folder: pathlib.Path,
        job: str,
        target: str,
        alertmanager: Alertmanager | None,
        factor: int = 1,
        interval: str = "1s",
        scrapes: Sequence[dict] = (),
    ):
        rules = folder / "rules"
        rules.mkdir(exist_ok=True)
        for file in sorted((REPOSITORY / "prometheus/rules").glob("*.yml")):
            (rules / file.name).write_text(compressed(file.read_text(), factor))
        configuration = {
            "global": {"scrape_interval": interval, "scrape_timeout": "1s", "evaluation_interval": interval},
            "rule_files": ["rules/*.yml"],
            "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [target]}]}, *scrapes],
        }
        if alertmanager:
            targets = [{"targets": [f"127.0.0.1:{alertmanager.port}"]}]
            configuration["alerting"] = {"alertmanagers": [{"static_configs": targets}]}
        super().__init__(folder, configuration)
