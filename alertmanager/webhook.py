"""The receiver of the demo: shows what Alertmanager sends, and the runbook that alerts link to.

POST /RECEIVER accepts a notification, GET / shows the last ones, GET /RUNBOOK.md the runbook. Standard library only.
"""

import argparse
import collections
import html
import json
import pathlib
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST_BODY = 1 << 20


class Receiver(BaseHTTPRequestHandler):
    timeout = 10
    server: "Server"

    def do_POST(self):
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 <= length <= LARGEST_BODY:
                return self.answer(413, "too large")
            alerts = json.loads(self.rfile.read(length))["alerts"]
            message = "\n".join(self.line(alert) for alert in sorted(alerts, key=order))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.answer(400, "expected a notification of Alertmanager")
        print(message, flush=True)
        self.server.messages.append(message)
        self.answer(200, "")

    def do_GET(self):
        if self.path == "/":
            messages = "\n\n".join(map(html.escape, reversed(self.server.messages))) or "No alert so far."
            self.answer(200, f"<title>Alerts</title><h1>Alerts</h1><pre>{messages}</pre>", "text/html")
        elif self.path == "/healthy":
            self.answer(200, "healthy")
        elif self.path == "/RUNBOOK.md" and self.server.runbook.is_file():
            self.answer(200, page(self.server.runbook.read_text("utf-8")), "text/html")
        else:
            self.answer(404, "not found")

    def line(self, alert: dict) -> str:
        labels = alert["labels"]
        names = ("pair", "timeframe", "window", "venue", "symbol", "leg", "instance")
        where = " ".join(f"{name}={labels[name]}" for name in names if name in labels)
        head = f"{alert['status'].upper()} {labels.get('severity', '')} {labels['alertname']} {where} -> {self.path[1:]}"
        notes = alert["annotations"]
        return "\n  ".join([head] + [notes[name] for name in ("description", "dashboard_url") if name in notes])

    def answer(self, status: int, text: str, kind: str = "text/plain"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Only alerts are worth a line."""


def order(alert: dict) -> tuple:
    """A message has one list for each alert name, z-scores first, and each list has its strongest alert first."""
    name = alert["labels"]["alertname"]
    return name != "PairsZScoreExtreme", name, -size(alert)


def size(alert: dict) -> float:
    """How far the value of an alert is from zero, -1 without one."""
    try:
        return abs(float(alert["annotations"]["value"]))
    except (KeyError, ValueError):
        return -1


def page(markdown: str) -> str:
    """The runbook as it is, with its headings as anchors."""

    def heading(match: re.Match) -> str:
        return f'<b id="{match[2].lower()}">{match[1]} {match[2]}</b>'

    return f"<title>Runbook</title><pre>{re.sub(r'(?m)^(#+) (.+)$', heading, html.escape(markdown, quote=False))}</pre>"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], runbook: pathlib.Path):
        super().__init__(address, Receiver)
        self.runbook = runbook
        self.messages: collections.deque[str] = collections.deque(maxlen=200)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--host", default="0.0.0.0")
    arguments.add_argument("--port", type=int, default=9095)
    arguments.add_argument("--runbook", type=pathlib.Path, default=pathlib.Path("/RUNBOOK.md"))
    options = arguments.parse_args()
    Server((options.host, options.port), options.runbook).serve_forever()
