"""Every faulty client gets the right status, memory stays bounded, and the market continues; figures are printed."""

import concurrent.futures
import gzip
import pathlib
import re
import resource
import select
import socket
import time

import pytest
import requests

from exporter import Exporter, wait_until
from test_web_config import MUTUAL, bcrypt, get, pki, wait_for_tls, write  # noqa: F401

# The memory that a client may make the exporter use beyond the usual.
MEGABYTES = 150


@pytest.fixture(scope="module")
def demo(binary, tmp_path_factory):
    exporter = Exporter(binary, ["demo"], tmp_path_factory.mktemp("demo") / "log.txt")
    exporter.wait_until_healthy()
    yield exporter
    exporter.kill()


def resident(exporter) -> float:
    """Megabytes."""
    pages = int(pathlib.Path(f"/proc/{exporter.process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


class Watch:
    """Checks after an attack that the market continued and memory stayed bounded."""

    def __init__(self, exporter, **how):
        self.exporter = exporter
        self.how = how

    def trades(self) -> float:
        text = requests.get(self.exporter.url + "/metrics?name[]=pairs_trades_total", timeout=60, **self.how).text
        return sum(float(line.split()[-1]) for line in text.splitlines() if not line.startswith("#"))

    def __enter__(self):
        self.memory = resident(self.exporter)
        self.count = self.trades()
        self.start = time.monotonic()
        return self

    def __exit__(self, kind, *_):
        if kind:
            return
        wait_until(lambda: self.trades() > self.count, 60, "trades go on")
        assert self.exporter.total("pairs_feed_disconnects_total") == 0 if not self.how else True
        growth = resident(self.exporter) - self.memory
        print(
            f"\n{time.monotonic() - self.start:.1f} s, {self.trades() - self.count:.0f} trades meanwhile, "
            f"{self.memory:.0f} MB before, {growth:+.0f} MB after",
            end="",
        )
        assert growth < MEGABYTES


def connect(exporter) -> socket.socket:
    return socket.create_connection(("127.0.0.1", exporter.port), timeout=60)


def answer(exporter, request: bytes) -> bytes:
    """The complete answer of the exporter to some bytes until it closes."""
    with connect(exporter) as client:
        try:
            client.sendall(request)
        except OSError:
            pass
        received = b""
        try:
            while part := client.recv(65536):
                received += part
        except ConnectionResetError:
            pass
        return received


def test_slowloris_gets_a_timeout(demo):
    with Watch(demo):
        clients = [connect(demo) for _ in range(300)]
        for client in clients:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: test\r\n")
        begin = time.monotonic()
        waiting = set(clients)
        statuses = []
        while waiting:
            for client in waiting:
                try:
                    client.sendall(b"X-Slow: yes\r\n")
                except OSError:
                    pass
            ready, _, _ = select.select(list(waiting), [], [], 1)
            for client in ready:
                try:
                    statuses.append(client.recv(100)[9:12])
                except ConnectionResetError:
                    statuses.append(b"")
                waiting.discard(client)
            assert time.monotonic() - begin < 120
            assert demo.get("/-/healthy").status_code == 200
        print(f"\n300 slow clients ended within {time.monotonic() - begin:.1f} s", end="")
        assert statuses.count(b"408") + statuses.count(b"") == 300 and statuses.count(b"408") > 200
        for client in clients:
            client.close()


def test_ten_thousand_idle_connections_keep_no_client_out(demo):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
    count = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
    try:
        with Watch(demo):
            clients = [connect(demo) for _ in range(count)]
            begin = time.monotonic()
            assert "pairs_spread" in demo.get("/metrics").text
            open_files = demo.value("process_open_fds")
            print(
                f"\n{count} connections, {open_files:.0f} files open, {resident(demo):.0f} MB, "
                f"a scrape took {time.monotonic() - begin:.3f} s",
                end="",
            )
            assert open_files < 1200
            for client in clients:
                client.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_headers_of_a_megabyte_are_refused(demo):
    with Watch(demo):
        for request in (
            b"GET /metrics HTTP/1.1\r\nHost: test\r\nX-Big: " + b"x" * 1_000_000 + b"\r\n\r\n",
            b"GET /metrics HTTP/1.1\r\nHost: test\r\n" + b"X-Many: yes\r\n" * 80_000 + b"\r\n",
            b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n",
        ):
            # If the client still sends when the exporter closes, it may not receive the answer.
            assert answer(demo, request)[9:12] in (b"431", b"414", b"400", b"")
        assert answer(demo, b"GET / HTTP/1.1\r\nX-Big: " + b"x" * 20_000 + b"\r\n\r\n")[9:12] == b"431"


@pytest.mark.parametrize(
    "request_bytes, status",
    [
        (b"\r\n\r\n\r\nNONSENSE\r\n\r\n", b"400"),
        (b"GET /metrics\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/9.9\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\nHost : test\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 600, b"400"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /api/v1/pairs/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /api/v1/pairs/ETHUSDT%2DBTCUSDT HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /api/v1/pairs/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /probe?pair=%00%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"400"),
        (b"DELETE /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"405"),
        (b"PUT /api/v1/pairs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"405"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n", b"413"),
    ],
)
def test_a_wrong_request_gets_the_status_of_its_error(demo, request_bytes, status):
    with Watch(demo):
        found = answer(demo, request_bytes)
        assert found[9:12] == status, found[:200]
        assert b"root:" not in found


def test_half_a_request_after_a_complete_one_has_ten_seconds(demo):
    begin = time.monotonic()
    found = answer(demo, b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\nGET /-/healthy HT")
    assert re.findall(rb"^HTTP/1.1 (\d+)", found, re.M) == [b"200", b"408"]
    assert time.monotonic() - begin < 20


def test_pipelined_requests_are_answered_in_order(demo):
    paths = [b"/-/healthy", b"/none", b"/sd/pairs"] * 100
    requests_bytes = b"".join(b"GET " + path + b" HTTP/1.1\r\nHost: test\r\n\r\n" for path in paths[:-1])
    last = b"GET " + paths[-1] + b" HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    with Watch(demo):
        found = answer(demo, requests_bytes + last)
        statuses = [line.split()[1] for line in found.split(b"\n") if line.startswith(b"HTTP/1.1 ")]
        assert statuses == [b"200", b"404", b"200"] * 100


def test_a_body_that_is_no_gzip_is_not_even_read(demo):
    with Watch(demo):
        for body in (b"not gzip at all", gzip.compress(bytes(10_000_000))):
            answered = requests.get(demo.url + "/metrics", data=body, headers={"Content-Encoding": "gzip"}, timeout=60)
            assert answered.status_code == 200


def test_readers_that_read_nothing_hold_neither_memory_nor_others(demo):
    with Watch(demo):
        clients = [connect(demo) for _ in range(50)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            # The answers must be larger than the buffers of both sides.
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n" * 1000)
        begin = time.monotonic()
        assert requests.get(demo.url + "/metrics", timeout=120).status_code == 200
        print(f"\na scrape beside 50 stuck readers took {time.monotonic() - begin:.3f} s, {resident(demo):.0f} MB", end="")
        assert resident(demo) < 400

        def ended(client) -> bool:
            try:
                client.send(b"x")
                return False
            except OSError:
                return True

        wait_until(lambda: all([ended(client) for client in clients]), 120, "stuck readers to be cut off")
        for client in clients:
            client.close()


def test_a_wrong_client_certificate_ends_the_handshake(start, tmp_path, pki):  # noqa: F811
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, MUTUAL))
    wait_for_tls(exporter)
    before = resident(exporter)

    def attempt(_):
        with pytest.raises(requests.ConnectionError):
            get(exporter, pki, client="stranger")

    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(attempt, range(200)))
    assert get(exporter, pki, client="client").status_code == 200
    print(f"\n200 wrong certificates in {time.monotonic() - begin:.1f} s, {resident(exporter) - before:+.0f} MB", end="")
    assert resident(exporter) - before < MEGABYTES


def test_a_thousand_wrong_passwords_at_once_keep_no_user_out(start, tmp_path, pki):  # noqa: F811
    content = f"basic_auth_users:\n  alice: {bcrypt('secret', 8)}\n"
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, content)).wait_until_healthy()
    alice = {"auth": ("alice", "secret")}
    # The exporter has verified Prometheus' password at its last scrape.
    assert requests.get(exporter.url + "/metrics", timeout=60, **alice).status_code == 200
    with Watch(exporter, **alice):

        def attempt(number):
            return requests.get(exporter.url + "/metrics", auth=("alice", f"no {number}"), timeout=300).status_code

        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            attempts = pool.map(attempt, range(1000))
            begin = time.monotonic()
            assert requests.get(exporter.url + "/metrics", timeout=60, **alice).status_code == 200
            meanwhile = time.monotonic() - begin
            assert list(attempts) == [401] * 1000
        print(f"\n1,000 wrong passwords in {time.monotonic() - begin:.1f} s, a scrape meanwhile {meanwhile:.3f} s", end="")


def test_too_many_requests_at_once_get_retry_after(start):
    exporter = start("demo", "--web.max-requests", "1").wait_until_healthy()
    path = "/probe?pair=ETHUSDT-BTCUSDT"
    with concurrent.futures.ThreadPoolExecutor(20) as pool:

        def some_refused() -> bool:
            found = list(pool.map(lambda _: requests.get(exporter.url + path, timeout=60), range(40)))
            assert {answered.status_code for answered in found} <= {200, 503}
            refused = [answered for answered in found if answered.status_code == 503]
            return bool(refused) and "Limit of concurrent requests reached (1)" in refused[0].text

        wait_until(some_refused, 60, "a refusal")
    assert exporter.get("/-/healthy").status_code == 200
