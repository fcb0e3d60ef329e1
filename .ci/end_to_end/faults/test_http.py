"""Faulty clients: each gets the status of its error, and no other client is kept out."""

import base64
import concurrent.futures
import contextlib
import pathlib
import resource
import socket
import ssl
import subprocess
import time

import pytest
import requests
import yaml

import flood
from exporter import Exporter, wait_until
from test_web_config import TLS, bcrypt, pki, write  # noqa: F401

PAIRS = 150
USERS = f"basic_auth_users:\n  alice: {bcrypt('secret', 10)}\n  bob: {bcrypt('secret', 10)}\n"
PREFIX = ("--web.external-url", "http://proxy.example/pairs")


def configuration(folder) -> str:
    """Many pairs of a venue that does not exist: the exporter answers, and has no other work."""
    content = flood.configuration(9, folder / "pairs.sqlite")
    content["pairs"] = [content["pairs"][0] | {"name": f"pair-{number:03}"} for number in range(PAIRS)]
    file = folder / "config.yml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


@pytest.fixture(scope="module")
def running(binary, tmp_path_factory, pki):  # noqa: F811
    """One exporter of each kind, started at once."""
    kinds = {"plain": (), "users": USERS, "tls": TLS, "prefix": PREFIX}
    exporters = {}
    for kind, options in kinds.items():
        folder = tmp_path_factory.mktemp(kind)
        if isinstance(options, str):
            options = ("--web.config.file", write(folder, pki, options))
        exporters[kind] = Exporter(binary, ["--config.file", configuration(folder), *options], folder / "log.txt")
    for exporter in exporters.values():
        wait_until(lambda: "msg=listening" in exporter.log, 120, "the socket")
    yield exporters
    for exporter in exporters.values():
        exporter.kill()


@pytest.fixture
def plain(running):
    return running["plain"]


def connect(exporter, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", exporter.port), timeout=60, source_address=(source, 0))


def answer(exporter, request: bytes) -> bytes:
    """The complete answer of the exporter to some bytes until it closes."""
    with connect(exporter) as client:
        with contextlib.suppress(OSError):
            client.sendall(request)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while part := client.recv(65536):
                received += part
        return received


def status(exporter, path: str, source: str = "127.0.0.1", header: bytes = b"", seconds: float = 60) -> int:
    """Of one request by a connection of its own."""
    with connect(exporter, source) as client:
        client.settimeout(seconds)
        client.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n" % (path.encode(), header))
        return int(client.recv(65536)[9:12])


def megabytes(exporter) -> float:
    pages = int(pathlib.Path(f"/proc/{exporter.process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def basic(user: str, password: str) -> bytes:
    return b"Authorization: Basic %s\r\n" % base64.b64encode(f"{user}:{password}".encode())


END = b"Host: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "request_bytes, expected",
    [
        (b"GET /-/healthy HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", b"400"),
        (b"GET /-/healthy HTTP/1.1\r\nHost: a b\r\n\r\n", b"400"),
        (b"GET /-/healthy HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (b"GET /-/healthy HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /-/healthy HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", b"200"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"501"),
        (b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", b"400"),
        (b"GET /-/healthy HTTP/1.1\nHost: a\n\n", b"400"),
        (b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 101 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + END, b"414"),
        (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + END, b"414"),
        (b"PROPFIND / HTTP/1.1\r\n" + END, b"501"),
        (b"CONNECT a:1 HTTP/1.1\r\n" + END, b"405"),
        (b"DELETE /probe HTTP/1.1\r\n" + END, b"405"),
        (b"OPTIONS * HTTP/1.1\r\n" + END, b"204"),
        (b"GET http://elsewhere.example/-/healthy HTTP/1.1\r\n" + END, b"200"),
        (b"GET -/healthy HTTP/1.1\r\n" + END, b"400"),
        (b"GET /-/healthy HTTP/1.1\r\nExpect: 100-continue\r\n" + END, b"200"),
        (b"GET /-/healthy HTTP/1.1\r\nExpect: tea\r\n" + END, b"417"),
        (b"GET /-/healthy HTTP/1.1\r\nUpgrade: h2c\r\n" + END, b"200"),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + END, b"404"),
        (b"GET /api/v1/pairs/%00 HTTP/1.1\r\n" + END, b"404"),
        (b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n", b"200"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n", b"413"),
    ],
    ids=lambda value: repr(value[:60]),
)
def test_requests_that_rfc_9112_forbids_are_refused(plain, request_bytes, expected):
    found = answer(plain, request_bytes)
    assert found[9:12] == expected, found[:200]
    if expected == b"405":
        assert b"allow: get, head" in found.lower()


def test_the_soft_limit_of_open_files_is_raised_to_the_hard_one(binary, tmp_path):
    limited = ["-c", 'ulimit -S -n 256 && ulimit -H -n 3000 && exec "$@"', "sh", str(binary)]
    exporter = Exporter(pathlib.Path("/bin/sh"), [*limited, "demo"], tmp_path / "log.txt")
    try:
        exporter.wait_until_healthy()
        assert exporter.value("process_max_fds") == 3000
    finally:
        exporter.kill()


def test_no_body_is_read_without_end(plain):
    for chunk in (b"1\r\nx\r\n" * 10_000, b"10000\r\n" + b"x" * 65536 + b"\r\n"):
        begin = time.monotonic()
        found = answer(plain, b"POST /-/reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 40)
        assert found == b"" or found[9:12] in (b"403", b"413"), found[:100]
        assert time.monotonic() - begin < 20


def test_an_answer_that_is_owed_comes_before_the_refusal(plain):
    found = answer(plain, b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert [line.split()[1] for line in found.split(b"\n") if line.startswith(b"HTTP/1.1 ")] == [b"200", b"400"]


def test_no_answer_has_the_path_of_a_file(plain):
    folder = str(pathlib.Path(plain.log_path).parent)
    for path in (
        "/probe?pair=pair-000", "/probe?pair=pair-000&timeframe=3m", "/probe?y=okx:A-B&x=okx:C-D", "/probe?y=a:b&x=c:d",
        "/probe?pair=none", "/api/v1/pairs/none", "/-/ready", "/-/flowing", "/metrics", "/", "/none",
    ):
        found = plain.get(path)
        assert folder not in found.text and ".sqlite" not in found.text, path


def test_hints_cost_little_however_long_the_name(plain):
    begin = time.monotonic()
    for path in ("/probe?pair=", "/api/v1/pairs/", "/probe?x", "/?sort="):
        for letter in ("A", "%41", "%F0%9F%98%80"):
            found = plain.get(path + letter * (15_000 // len(letter)))
            assert found.status_code in (400, 404) and len(found.text) < 2000, path
    assert time.monotonic() - begin < 5
    assert "did you mean pair-014?" in plain.get("/api/v1/pairs/pear-014").text


def test_json_is_the_same_bytes_for_all_who_wait(plain):
    whole = plain.get("/api/v1/pairs").json()
    assert [pair["pair"] for pair in whole] == [f"pair-{number:03}" for number in range(PAIRS)]
    assert plain.get("/api/v1/pairs/pair-007").json()["pair"] == "pair-007"
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        found = list(pool.map(lambda _: plain.get("/api/v1/pairs"), range(60)))
    assert {answered.status_code for answered in found} == {200}
    assert len({answered.content for answered in found}) < 30


def test_clients_that_read_nothing_keep_no_other_out(plain):
    before = megabytes(plain)
    requests_bytes = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 20
    with contextlib.ExitStack() as stack:
        for number in range(1005):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.settimeout(60)
            client.bind((f"127.0.0.{2 + number % 4}", 0))
            client.connect(("127.0.0.1", plain.port))
            client.settimeout(0.05)
            with contextlib.suppress(OSError):
                client.sendall(requests_bytes)
            if number % 200 == 199:
                for source in ("127.0.0.1", "127.0.0.2"):
                    assert status(plain, "/-/healthy", source, seconds=10) == 200
        assert status(plain, "/metrics", seconds=20) == 200
        most = megabytes(plain)
        assert most - before < 150
    print(f"{before:.0f} MB before, {most:.0f} MB with 1,005 clients that read nothing", end="")
    wait_until(lambda: megabytes(plain) - before < 60, 30, "memory given back")


def test_one_address_has_a_part_of_the_connections(plain):
    with contextlib.ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(connect(plain, "127.0.0.9"))
        assert plain.value("process_open_fds") < 350
        assert status(plain, "/-/healthy", "127.0.0.9") == 200


def test_scrapes_have_a_limit_of_their_own(plain):
    """Probes of a database that has no such bars are quick to refuse; each holds its place until its turn."""
    stop = time.monotonic() + 2
    found = []

    def probe(_):
        while time.monotonic() < stop:
            plain.get("/probe?pair=pair-000&timeframe=1s&window=10000")

    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        probing = [pool.submit(probe, number) for number in range(60)]
        while time.monotonic() < stop:
            found += [plain.get("/metrics").status_code, plain.get("/-/healthy").status_code]
        for future in probing:
            future.result()
    assert set(found) == {200}


def test_weak_ciphers_are_refused(running, pki):  # noqa: F811
    exporter = running["tls"]

    def handshake(ciphers: str) -> str:
        context = ssl.create_default_context(cafile=pki / "authority.crt")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(ciphers)
        with connect(exporter) as client, context.wrap_socket(client, server_hostname="127.0.0.1") as encrypted:
            return encrypted.cipher()[0]

    assert handshake("ECDHE+AESGCM").startswith("ECDHE-ECDSA-AES")
    for ciphers in ("AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA"):
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            handshake(ciphers + "@SECLEVEL=0")


def test_tls_clients_that_never_close_hold_no_files_and_do_not_delay_the_end(running, pki):  # noqa: F811
    """The last test with this exporter, which it ends."""
    exporter = running["tls"]
    context = ssl.create_default_context(cafile=pki / "authority.crt")
    with contextlib.ExitStack() as stack:
        for _ in range(400):
            client = stack.enter_context(connect(exporter, "127.0.0.9"))
            encrypted = stack.enter_context(context.wrap_socket(client, server_hostname="127.0.0.1"))
            encrypted.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n")
            assert encrypted.recv(65536)[9:12] == b"200"
        assert len(list(pathlib.Path(f"/proc/{exporter.process.pid}/fd").iterdir())) < 350
        ended, seconds = exporter.terminate()
    assert ended == 0 and seconds < 8


def test_routes_and_links_are_right_behind_a_prefix(running, plain, binary):
    exporter = running["prefix"]
    page = exporter.get("/pairs/")
    assert page.status_code == 200
    for link in ("metrics", "-/healthy", "api/v1/pairs", "sd/pairs"):
        assert f'href="{link}"' in page.text and f'href="{link}"' in plain.get("/").text
        assert exporter.get(f"/pairs/{link}").status_code == 200
        assert exporter.get(f"/{link}").status_code == 404
    for path in ("/", "/pairs"):
        away = requests.get(exporter.url + path, allow_redirects=False, timeout=60)
        assert (away.status_code, away.headers["Location"]) == (302, "http://proxy.example/pairs/")
    assert exporter.get("/pairs/sd/pairs").json()[0]["labels"]["__metrics_path__"] == "/pairs/probe"
    assert 'href="/' not in page.text
    command = [binary, "healthcheck", "--web.listen-address", f"127.0.0.1:{exporter.port}", "--timeout", "30"]
    assert subprocess.run([*command, "--web.route-prefix", "/pairs"], timeout=60).returncode == 0
    assert subprocess.run(command, timeout=60, capture_output=True).returncode == 1
    wrong = subprocess.run([binary, "--web.external-url", "ftp://a"], timeout=60, capture_output=True, text=True)
    assert wrong.returncode == 64 and "http://" in wrong.stderr


def test_wrong_passwords_keep_no_user_out_and_do_not_delay_the_end(running):
    """The last test with this exporter, which it ends."""
    exporter = running["users"]
    assert status(exporter, "/metrics", header=basic("alice", "secret")) == 200
    with contextlib.ExitStack() as stack:

        def attempt(number: int, source: str = "127.0.0.2"):
            client = stack.enter_context(connect(exporter, source))
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n" + basic("alice", f"no {number}") + b"\r\n")

        def flood_of(count: int):
            for number in range(count):
                attempt(number, f"127.0.0.{2 + number % 4}")

        # Clients that disconnect leave no work.
        for number in range(300):
            with connect(exporter, "127.0.0.2") as client:
                header = basic("alice", f"gone {number}")
                client.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n" + header + b"\r\n")
        flood_of(1005)
        begin = time.monotonic()
        # Known from before, then new from another address, then another user of the flood's address.
        assert status(exporter, "/metrics", header=basic("alice", "secret")) == 200
        assert time.monotonic() - begin < 5
        assert status(exporter, "/metrics", "127.0.0.8", basic("bob", "secret")) == 200
        assert time.monotonic() - begin < 20
        assert status(exporter, "/-/healthy") == 200
        assert exporter.terminate() == pytest.approx((0, 0), abs=7)
        assert exporter.process.returncode == 0
