"""TLS, certificates, passwords and headers, as promtool's and exporter-toolkit's users write them."""

import ctypes
import ctypes.util
import itertools
import os
import pathlib
import shutil
import socket
import ssl
import subprocess

import pytest
import requests

from exporter import wait_until
from test_formats import scraped_by_prometheus


def bcrypt(password: str, cost: int) -> str:
    """What `htpasswd -nbBC COST "" PASSWORD` prints behind the colon."""
    crypt = ctypes.CDLL(ctypes.util.find_library("crypt"))
    crypt.crypt.restype = ctypes.c_char_p
    crypt.crypt_gensalt.restype = ctypes.c_char_p
    salt = crypt.crypt_gensalt(b"$2y$", cost, b"0123456789abcdef", 16)
    return crypt.crypt(password.encode(), salt).decode()


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    """An authority, a server at 127.0.0.1, a client of the authority and a stranger."""
    path = tmp_path_factory.mktemp("pki")

    def run(*arguments):
        subprocess.run(["openssl", *arguments], cwd=path, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    for name in ("authority", "strangers"):
        run("req", "-x509", *key, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")
    for name, issuer in (("server", "authority"), ("client", "authority"), ("stranger", "strangers")):
        (path / f"{name}.ext").write_text("subjectAltName=IP:127.0.0.1\n")
        run("req", *key[:-2], "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        run(
            "x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key",
            "-CAcreateserial", "-extfile", f"{name}.ext", "-out", f"{name}.crt",
        )
    return path


def write(path, pki, content: str) -> str:
    for name in ("server.crt", "server.key", "authority.crt"):
        shutil.copy(pki / name, path / name)
    file = path / "web.yml"
    file.write_text(content)
    check = subprocess.run(["promtool", "check", "web-config", file], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
    return str(file)


TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"
SIMULATED = """
feeds: [{venue: simulated}]
storage: {path: ":memory:"}
timeframes: [1s]
windows: [60]
pairs: [{y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}]
"""
MUTUAL = TLS + "  client_ca_file: authority.crt\n  client_auth_type: RequireAndVerifyClientCert\n"


def wait_for_tls(exporter):
    wait_until(lambda: "msg=listening" in exporter.log, 180, "the socket")


def get(exporter, pki, path="/-/healthy", client=None, **options):
    certificate = (pki / f"{client}.crt", pki / f"{client}.key") if client else None
    url = exporter.url.replace("http:", "https:") + path
    return requests.get(url, verify=pki / "authority.crt", cert=certificate, timeout=60, **options)


def test_tls_is_spoken_and_old_versions_are_not(start, tmp_path, pki):
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, TLS + "  min_version: TLS13\n"))
    wait_for_tls(exporter)
    assert get(exporter, pki).status_code == 200
    assert "pairs_feed_up" in get(exporter, pki, "/metrics").text
    context = ssl.create_default_context(cafile=pki / "authority.crt")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("127.0.0.1", exporter.port)) as plain:
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname="127.0.0.1")
    with pytest.raises(requests.ConnectionError):
        exporter.get("/-/healthy")
    tls = {"scheme": "https", "tls_config": {"ca_file": str(pki / "authority.crt")}}
    scraped_by_prometheus(exporter, tmp_path, tls, "pairs_spread_zscore")


def test_the_health_check_uses_tls_where_configured(start, binary, tmp_path, pki):
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, TLS))
    wait_for_tls(exporter)
    command = [binary, "healthcheck", "--web.listen-address", f"127.0.0.1:{exporter.port}", "--timeout", "30"]
    well = subprocess.run([*command, "--tls"], capture_output=True, text=True, timeout=60)
    assert (well.returncode, well.stdout) == (0, "pairs-exporter is healthy.\n"), well.stderr
    plain = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert plain.returncode == 1 and "is the exporter running" in plain.stderr


def test_clients_need_a_certificate_of_the_authority(start, tmp_path, pki):
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, MUTUAL))
    wait_for_tls(exporter)

    def admitted(client: str | None) -> bool:
        try:
            return get(exporter, pki, client=client).status_code == 200
        except requests.ConnectionError:
            return False

    assert [admitted(client) for client in ("client", None, "stranger", "client")] == [True, False, False, True]
    shutil.copy(pki / "strangers.crt", tmp_path / "authority.crt")
    wait_until(lambda: admitted("stranger"), 60, "the other authority")
    assert not admitted("client")


def test_a_changed_certificate_or_password_is_taken_and_a_broken_one_is_not(start, tmp_path, pki):
    users = f"basic_auth_users:\n  alice: {bcrypt('secret', 4)}\n"
    file = write(tmp_path, pki, TLS + users)
    (tmp_path / "config.yml").write_text(SIMULATED)
    configuration = str(tmp_path / "config.yml")
    exporter = start("--config.file", configuration, "--web.config.file", file, "--web.enable-lifecycle")
    wait_for_tls(exporter)

    def status(user: str, password: str = "secret") -> int:
        return get(exporter, pki, "/metrics", auth=(user, password)).status_code

    def reload_successful(value: int) -> bool:
        metrics = get(exporter, pki, "/metrics", auth=("bob", "secret")).text
        return f"\npairs_config_last_reload_successful {value}\n" in metrics

    def refused_by_the_client() -> bool:
        try:
            get(exporter, pki)
            return False
        except requests.exceptions.SSLError:
            return True

    assert (status("alice"), status("alice", "wrong")) == (200, 401)
    write(tmp_path, pki, TLS + users.replace("alice", "bob"))
    wait_until(lambda: status("alice") == 401, 60, "the other user")
    assert reload_successful(1)
    (tmp_path / "web.yml").write_text("basic_auth_users: {alice: secret}\n")
    wait_until(lambda: reload_successful(0), 60, "the refusal")
    assert status("alice") == 401
    assert exporter.log.count("web configuration refused") == 1
    write(tmp_path, pki, TLS + users)
    wait_until(lambda: status("alice") == 200, 60, "the first user")
    (tmp_path / "web.yml").write_text(TLS + users + users.splitlines()[1].replace("alice", "carol"))
    url = exporter.url.replace("http:", "https:") + "/-/reload"
    answer = requests.post(url, verify=pki / "authority.crt", auth=("alice", "secret"), timeout=60)
    assert answer.status_code == 200, answer.text
    assert status("carol") == 200, "a reload reads the files at once"
    assert not refused_by_the_client()
    shutil.copy(pki / "stranger.crt", tmp_path / "server.crt")
    shutil.copy(pki / "stranger.key", tmp_path / "server.key")
    wait_until(refused_by_the_client, 60, "the other certificate")


def test_passwords_headers_and_what_needs_none(start, tmp_path, pki):
    content = (
        f"basic_auth_users:\n  alice: {bcrypt('secret', 4)}\n"
        "http_server_config:\n  headers:\n    X-Frame-Options: deny\n    Strict-Transport-Security: max-age=60\n"
    )
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, content)).wait_until_healthy()
    for path in ("/metrics", "/", "/api/v1/pairs", "/sd/pairs", "/probe", "/none", "/-/reload"):
        answer = exporter.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"] == "Basic"
        assert answer.headers["X-Frame-Options"] == "deny"
    for path in ("/-/healthy", "/-/ready", "/-/flowing"):
        assert exporter.get(path).status_code in (200, 503)
    for header in ("Basic", "Basic x", "Basic YWxpY2U=", "Bearer YWxpY2U6c2VjcmV0", "Basic YWxpY2U6c2VjcmV0AA=="):
        assert exporter.get("/metrics", Authorization=header).status_code == 401, header
    right = requests.get(exporter.url + "/metrics", auth=("alice", "secret"), timeout=60)
    assert right.status_code == 200 and right.headers["Strict-Transport-Security"] == "max-age=60"


def test_an_unknown_user_costs_as_much_time_as_a_wrong_password(start, tmp_path, pki):
    content = f"basic_auth_users:\n  alice: {bcrypt('secret', 10)}\n"
    exporter = start("demo", "--web.config.file", write(tmp_path, pki, content)).wait_until_healthy()

    fields = pathlib.Path(f"/proc/{exporter.process.pid}/stat")

    def processor_seconds() -> float:
        return sum(map(int, fields.read_text().split()[13:15])) / os.sysconf("SC_CLK_TCK")

    attempts = itertools.count()

    def seconds(user: str) -> float:
        """Of the processor, which no other program's work changes."""
        begin = processor_seconds()
        for _ in range(20):
            password = f"no {next(attempts)}"
            assert requests.get(exporter.url + "/metrics", auth=(user, password), timeout=60).status_code == 401
        return processor_seconds() - begin

    known, unknown = seconds("alice"), seconds("nobody")
    print(f"20 wrong passwords {known:.2f} s, 20 unknown users {unknown:.2f} s")
    assert 0.5 < unknown / known < 2
    assert known > 0.2, "the hash is of cost 10"


@pytest.mark.parametrize("content", ["basic_auth_users: {alice: secret}", "tls_serverconfig: {}", MUTUAL, "a: ["])
def test_what_cannot_be_used_prevents_the_start(start, tmp_path, content):
    (tmp_path / "web.yml").write_text(content)
    exporter = start("demo", "--web.config.file", str(tmp_path / "web.yml"))
    assert exporter.process.wait(timeout=60) == 64
    assert "server.crt" in exporter.log or "web.yml:" in exporter.log
