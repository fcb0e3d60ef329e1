"""One set of rules for check-config, a start and a reload; each kind of file has a message of its own."""

import os
import resource
import socket
import socketserver
import subprocess
import threading

import pytest
import requests

from exporter import free_port, wait_until
from test_bad_input import VENUE, good, write_configuration
from venue import Venue

SIMULATED = """feeds: [{venue: simulated}]
storage: {path: ":memory:"}
timeframes: [1s]
windows: [60]
pairs:
  - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
"""

REPLAY = 'feeds: [{{venue: replay, replay: {{path: "{path}"}}}}]\nstorage: {{path: ":memory:"}}\npairs:\n  - {{y: "replay:{y}", x: "replay:B"}}\n'

REFUSED = {
    "simulated": (SIMULATED.replace("ETHUSDT", "ETHUSTD"), ":6: pairs: simulated:ETHUSTD", "did you mean ETHUSDT?"),
    "symbol of a file": (REPLAY.format(path="trades.csv", y="AA"), ":4: pairs: replay:AA: trades.csv", "did you mean A?"),
    "symbol of refused rows": (
        REPLAY.format(path="trades.csv", y="C"), ":4: pairs: replay:C: trades.csv has no trade of this symbol",
        '2 rows of it are refused, the first in line 20: price is "x"',
    ),
    "no file": (REPLAY.format(path="none.csv", y="A"), ":1: feeds: none.csv", "no such file"),
    "form of a symbol": (
        'feeds: [{venue: okx}]\npairs: [{y: "okx:ETHUSDT", x: "okx:BTC-USDT-SWAP"}]\n', ":2: pairs: okx:ETHUSDT", "ETH-USDT-SWAP",
    ),
    "recent bars": (SIMULATED + "signals: {recent_bars: 500}\n", ":7: signals.recent_bars", "window of 60"),
    "a feed without pairs": (SIMULATED.replace("feeds: [", "feeds: [{venue: okx}, "), ":1: feeds", "instrument of okx"),
    "units": (
        'feeds: [{venue: binance-spot, websocket_url: "ws://127.0.0.1:1?timeUnit=MICROSECOND"}]\n',
        ":1: feeds[0].websocket_url", "milliseconds",
    ),
    "a folder in place of a database": (SIMULATED.replace('":memory:"', '"."'), ":2: storage.path", "is a folder"),
    "a database below a file": (SIMULATED.replace('":memory:"', '"trades.csv/p.sqlite"'), ":2: storage.path", "trades.csv"),
}


@pytest.fixture
def run(binary, tmp_path):
    (tmp_path / "trades.csv").write_text(
        "time,symbol,id,price,quantity\n" + "".join(f"{1723161256000 + i},{s},{i},1,1\n" for i in range(9) for s in "AB")
        + "1723161256000,C,1,x,1\n1723161256001,C,2,,1\n"
    )

    def run(*arguments, **options):
        return subprocess.run(
            [binary, *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=60, errors="replace", **options
        )

    return run


@pytest.mark.parametrize("text, place, words", REFUSED.values(), ids=REFUSED)
def test_check_config_and_a_start_refuse_the_same_with_the_same_message(run, tmp_path, text, place, words):
    (tmp_path / "c.yml").write_text(text)
    checked = run("check-config", "--config.file=c.yml")
    started = run("serve", "--config.file=c.yml", f"--web.listen-address=127.0.0.1:{free_port()}")
    for ended in (checked, started):
        assert ended.returncode == 64, ended.stderr
        message = [line for line in ended.stderr.splitlines() if line.startswith("pairs-exporter: ")][-1]
        assert message.startswith(f"pairs-exporter: c.yml{place}") and words in message.lower() + message, message
    assert not (tmp_path / "data").exists(), "a refused start makes no folder"


def test_a_refused_reload_touches_neither_the_store_nor_the_feeds(start, tmp_path):
    config = tmp_path / "c.yml"
    text = SIMULATED.replace('":memory:"', f'"{tmp_path}/p.sqlite"')
    config.write_text(text)
    exporter = start("--config.file", str(config), "--web.enable-lifecycle").wait_until_healthy()
    exporter.wait_for_more("pairs_trades_total", "trades")
    for bad in (text.replace("ETHUSDT", "ETHUSTD"), text + "signals: {recent_bars: 500}\n", "? *a\n: 1\n", "windows: 1"):
        config.write_text(bad)
        answer = requests.post(exporter.url + "/-/reload", timeout=60)
        assert answer.status_code == 500 and "line " in answer.text, answer.text
        assert exporter.value("pairs_config_last_reload_successful") == 0
    assert exporter.value("pairs_feed_connects_total", venue="simulated") == 1
    assert "store closed" not in exporter.log and "the feeds reconnect" not in exporter.log
    assert exporter.log.count(f"{config}:") >= 4, "the log names the file"
    exporter.wait_for_more("pairs_trades_total", "trades after refused reloads")
    config.write_text(text)
    assert requests.post(exporter.url + "/-/reload", timeout=60).status_code == 200
    assert exporter.terminate()[0] == 0


def test_a_configuration_from_a_pipe_is_read_once(binary, run, start, tmp_path):
    assert run("check-config", "--config.file=/dev/stdin", input=SIMULATED).returncode == 0
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_text(SIMULATED))
    writer.start()
    web = run("check-config", "--config.file=/dev/stdin", f"--web.config.file={fifo}", input=SIMULATED)
    assert web.returncode == 64 and f"{fifo}: is a pipe, which cannot be read again" in web.stderr, web.stderr
    exporter = start("--config.file", str(fifo), "--web.enable-lifecycle").wait_until_healthy()
    writer.join()
    answer = requests.post(exporter.url + "/-/reload", timeout=60)
    assert answer.status_code == 500 and "cannot be read again" in answer.text, answer.text
    assert [pair["pair"] for pair in exporter.get("/api/v1/pairs").json()] == ["ETHUSDT-BTCUSDT"]


def test_each_kind_of_file_has_a_message_of_its_own(binary, run, tmp_path):
    secret = tmp_path / "secret.yml"
    secret.write_text(SIMULATED)
    secret.chmod(0)
    (tmp_path / "utf16.yml").write_bytes(SIMULATED.encode("utf-16"))
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket"))
    cases = {
        "/": "is a folder; name a file in it",
        "none.yml": "does not exist",
        "/dev/zero": "is a device; name a file",
        "socket": "is a socket; name a file",
        "utf16.yml": "is UTF-16 text; save it as UTF-8",
    }
    for path, words in cases.items():
        for flag in ("--config.file", "--web.config.file"):
            ended = run("check-config", f"{flag}={path}")
            assert ended.returncode == 64 and ended.stderr.strip() == f"pairs-exporter: {path}: {words}", ended.stderr
    listening.close()
    if os.geteuid() == 0:
        # The folders of a test belong to root; the open file of the program can be run by anybody.
        for folder in [tmp_path, *tmp_path.parents]:
            if not folder.stat().st_mode & 0o005 == 0o005:
                return
        options = {"user": "nobody"}
    else:
        options = {}
    ended = run("check-config", "--config.file=secret.yml", **options)
    assert ended.returncode == 64 and "may not be read: permission denied" in ended.stderr, ended.stderr


def bombs() -> dict[str, str]:
    laughs = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
    doubled = "a0: &a0 {k: v}\n" + "".join(f"a{i}: &a{i} {{x: *a{i - 1}, y: *a{i - 1}}}\n" for i in range(1, 30))
    merged = "a0: &a0 {x: v}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: *a{i - 1}}}\n" for i in range(1, 27))
    return {
        "aliases": laughs,
        "alias as key": doubled + "? *a29\n: 1\n? *a28\n: 2\n",
        "mapping as key": "? {a: b}\n: 1\n",
        "merge keys": merged,
        "deep flow": "feeds: " + "[" * 200_000,
        "deep block": "".join(" " * i + "a:\n" for i in range(5_000)),
        "deep keys": "? " * 100_000 + "a\n",
        "many keys": "".join(f"k{i}: 1\n" for i in range(100_000)),
        "one key often": "feeds: 1\n" * 3_000,
        "a long text": "storage: {path: " + "x" * 1_000_000 + "}\n",
        "a large document": "# " + "x" * 20_000_000 + "\n",
        "NUL": 'storage: {path: "a\\0b.sqlite"}\n',
        "NUL byte": "storage: {path: x}\n\0\n- [",
        "a line break": 'pairs: [{y: "binance-usdm:A\\nB", x: "binance-usdm:C", name: n}]\n',
        "a tag": "windows: !!python/object [60]\n",
        "two documents": "price: log\n---\nprice: level\n",
    }


def test_a_document_made_to_exhaust_is_refused_at_once(run, tmp_path):
    for name, text in bombs().items():
        (tmp_path / "bomb.yml").write_text(text)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = run("check-config", "--config.file=bomb.yml")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert ended.returncode == 64, f"{name}: {ended.returncode} {ended.stderr[:500]}"
        assert ended.stderr.startswith("pairs-exporter: bomb.yml") and len(ended.stderr) < 1000, name
        assert ended.stderr.count("\n") == 1 and "\0" not in ended.stderr, name
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert seconds < 3, f"{name}: {seconds} s of CPU time"


def test_control_characters_in_arguments_are_refused(run):
    for arguments in (
        ["check-config", "--config.file=a\nb.yml"],
        ["serve", "--web.listen-address=127.0.0.1\x1b[31m:1"],
        ["export", "trades", "--db=a\x07b"],
        ["analyze", "a\rb.csv"],
    ):
        ended = run(*arguments)
        assert ended.returncode == 64 and "control character U+00" in ended.stderr, ended.stderr
        assert "\x1b" not in ended.stderr and "\x07" not in ended.stderr


def test_every_listen_address_is_served(start, tmp_path):
    config = tmp_path / "c.yml"
    config.write_text(SIMULATED)
    other = free_port()
    exporter = start("--config.file", str(config), f"--web.listen-address=127.0.0.1:{other}").wait_until_healthy()
    for url in (exporter.url, f"http://127.0.0.1:{other}"):
        assert requests.get(f"{url}/metrics", timeout=60).status_code == 200
    status, seconds = exporter.terminate()
    assert status == 0 and seconds < 6


class Proxy(socketserver.ThreadingTCPServer):
    """Tunnels every CONNECT to one port of the loopback interface, and keeps the requests."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, target: int):
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.target = target
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ProxyHandler(socketserver.StreamRequestHandler):
    def handle(self):
        lines = []
        while (line := self.rfile.readline().decode().strip()) != "":
            lines.append(line)
        self.server.asked.append("\n".join(lines))
        if not lines or not lines[0].startswith("CONNECT "):
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as onward:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=copy, args=(onward, self.connection), daemon=True)
            back.start()
            copy(self.connection, onward)
            back.join(60)


def copy(source: socket.socket, target: socket.socket):
    try:
        while data := source.recv(65_536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        target.close()


def test_streams_and_requests_go_by_the_proxy_of_the_environment(start, tmp_path, monkeypatch):
    with Venue(good(range(1, 500))) as venue, Proxy(venue.port) as proxy:
        address = f"http://user:secret@127.0.0.1:{proxy.server_address[1]}"
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("HTTPS_PROXY", address)
        # The requests of the test itself; the program reaches the loopback interface without a proxy anyway.
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        config = tmp_path / "c.yml"
        write_configuration(config, "ws://venue.invalid", tmp_path / "p.sqlite")
        exporter = start("--config.file", str(config)).wait_until_healthy()
        wait_until(lambda: exporter.total("pairs_trades_total") == 2 * 499, 60, "trades by the proxy")
        wait_until(lambda: len({line.split()[1] for line in proxy.asked}) == 2, 60, "both kinds of requests")
        asked = {request.split()[1] for request in proxy.asked}
        assert asked == {"venue.invalid:80", "fapi.binance.com:443"}, proxy.asked
        assert all("roxy-" in request and "Basic dXNlcjpzZWNyZXQ=" in request for request in proxy.asked)
        assert exporter.terminate()[0] == 0
        assert "secret" not in exporter.log
        proxy.shutdown()
        monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:1")
        refused = start("--config.file", str(config))
        assert refused.process.wait(timeout=60) == 64
        assert "HTTPS_PROXY: only proxies of scheme http:// are supported" in refused.log and "secret" not in refused.log
