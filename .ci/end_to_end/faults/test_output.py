"""Where lines, answers and files cannot be written: nothing ends, nothing waits, and nothing else is touched."""

import contextlib
import fcntl
import os
import pathlib
import random
import re
import resource
import signal
import stat
import subprocess

import pytest
import requests

from exporter import REPLAY, free_port, wait_until

SIMULATED = """
feeds: [{venue: simulated}]
storage: {path: "PATH"}
timeframes: [1s]
windows: [60]
pairs: [{y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}]
"""
FULL = "standard output: cannot be written: No space left on device"


class Running:
    """`serve` with a stderr of its own."""

    def __init__(self, binary, folder: pathlib.Path, name: str, stderr, shell=""):
        self.name = name
        self.port = free_port()
        configuration = folder / f"{name}.yml"
        configuration.write_text(SIMULATED.replace("PATH", str(folder / f"{name}.sqlite")))
        command = [binary, "serve", "--config.file", configuration, "--web.listen-address", f"127.0.0.1:{self.port}"]
        if shell:
            command = ["sh", "-c", f'exec "$0" "$@" {shell}', *command]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)

    def value(self, family: str) -> float | None:
        try:
            text = requests.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5).text
        except requests.ConnectionError:
            return None
        found = re.findall(rf"^{family}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, found)) if found else None

    def trades(self) -> float:
        return self.value("pairs_trades_total") or 0

    def dropped(self) -> float | None:
        return self.value("pairs_log_lines_dropped_total")

    def ends(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=8) == 0, self.name


@pytest.fixture
def serve(binary, tmp_path):
    running = []

    def start(name: str, stderr=subprocess.DEVNULL, shell="") -> Running:
        running.append(Running(binary, tmp_path, name, stderr, shell))
        return running[-1]

    yield start
    for exporter in running:
        exporter.process.kill()
        exporter.process.wait()


def full_pipe(is_blocking: bool) -> tuple[int, int]:
    """A pipe without room whose reader does not read."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writer, b"x" * 4096)
    os.set_blocking(writer, is_blocking)
    return reader, writer


def test_a_log_line_that_cannot_be_written_ends_and_blocks_nothing(serve, tmp_path):
    reader, unread = full_pipe(is_blocking=True)
    other, again = full_pipe(is_blocking=False)
    gone, deserted = os.pipe()
    os.close(gone)
    with open("/dev/full", "w") as full:
        failing = [serve("full", full), serve("deserted", deserted), serve("closed", shell="2>&-")]
    exporters = failing + [serve("unread", unread), serve("again", again)]
    for descriptor in (unread, again, deserted):
        os.close(descriptor)
    for exporter in exporters:
        wait_until(exporter.trades, 60, f"trades with a stderr that is {exporter.name}")
        assert exporter.dropped() is not None, exporter.name
    for exporter in failing:
        assert exporter.dropped() > 0, exporter.name
    # The number of a closed descriptor belongs to no other file, the database least of all.
    assert os.readlink(f"/proc/{failing[2].process.pid}/fd/2") == "/dev/null"
    before = [exporter.trades() for exporter in exporters]
    for exporter in exporters:
        # A reload writes lines.
        exporter.process.send_signal(signal.SIGHUP)
    for exporter, count in zip(exporters, before):
        wait_until(lambda: exporter.trades() > count, 20, f"more trades with a stderr that is {exporter.name}")
        exporter.ends()
    os.close(reader)
    os.close(other)


def test_lines_have_a_date_and_what_was_dropped_is_stated_once_lines_can_be_written(serve, tmp_path):
    fifo = tmp_path / "log"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(fifo, os.O_WRONLY)
    exporter = serve("fifo", writer)
    wait_until(exporter.trades, 60, "trades")
    text = os.read(reader, 1 << 16).decode()
    for line in text.splitlines():
        assert re.match(r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=", line), line
    os.close(reader)
    exporter.process.send_signal(signal.SIGHUP)
    wait_until(exporter.dropped, 20, "a dropped line")
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

    def stated() -> str | None:
        with contextlib.suppress(BlockingIOError):
            return os.read(reader, 1 << 16).decode() or None
        return None

    text = wait_until(stated, 10, "the number of dropped lines")
    os.close(writer)
    assert "level=warn" in text and f"lines={int(exporter.dropped())}" in text
    exporter.ends()
    os.close(reader)


@pytest.fixture(scope="module")
def history(binary, tmp_path_factory) -> pathlib.Path:
    """A folder with a database of bars, its configuration and a table."""
    folder = tmp_path_factory.mktemp("history")
    random.seed(1)
    prices = {"A": 100.0, "B": 50.0}
    rows = ["open_time,venue,symbol,timeframe,open,high,low,close,volume,trades"]
    for second in range(300):
        for symbol in prices:
            price = prices[symbol] = prices[symbol] * (1 + random.gauss(0, 1e-3))
            rows.append(f"{1723161256 + second},v,{symbol},1s,{price},{price},{price},{price},1,1")
    (folder / "bars.csv").write_text("\n".join(rows) + "\n")
    (folder / "table.csv").write_text("y,x\n" + "".join(f"{100 + i % 7 + i / 9},{50 + i % 5}\n" for i in range(90)))
    (folder / "trades.csv").write_text("time,symbol,price,qty,trade_id\n1723161256,A,1,1,1\n1723161256,B,1,1,1\n")
    (folder / "c.yml").write_text(REPLAY.replace("FOLDER", str(folder)))
    command = [binary, "import", "--config.file", "c.yml", "--venue", "replay", "bars.csv"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


COMMANDS = [
    ["analyze", "--csv", "table.csv", "--y", "y", "--x", "x"],
    ["check-config", "--config.file", "c.yml"],
    ["export", "bars", "--config.file", "c.yml"],
    ["backfill", "--config.file", "c.yml"],
    ["import", "--config.file", "c.yml", "--venue", "replay", "bars.csv"],
    ["--help"],
    ["--version"],
    ["help", "export"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_an_answer_that_cannot_be_written_is_a_failure_and_a_reader_that_has_enough_is_none(binary, history, arguments):
    def run(stdout, shell="") -> tuple[int, str]:
        command = [binary, *arguments]
        if shell:
            command = ["sh", "-c", f'exec "$0" "$@" {shell}', *command]
        done = subprocess.run(command, cwd=history, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60)
        return done.returncode, done.stderr

    with open("/dev/full", "w") as full:
        status, words = run(full)
    assert status == 1 and FULL in words
    status, words = run(None, shell=">&-")
    assert status == 1 and "standard output: cannot be written: Bad file descriptor" in words
    reader, writer = os.pipe()
    os.close(reader)
    assert run(writer) == (0, "")
    os.close(writer)


def export(binary, history, target, *, stdout=None, size=-1) -> subprocess.CompletedProcess:
    command = [binary, "export", "bars", "--config.file", history / "c.yml", "--no-parameters", "-o", target]
    return subprocess.run(
        command,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        umask=0o027,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


def test_an_output_file_is_renamed_when_it_is_complete(binary, history, tmp_path):
    target, link = tmp_path / "bars.csv", tmp_path / "link.csv"
    assert export(binary, history, target).returncode == 0
    whole = target.read_text()
    assert len(whole.splitlines()) == 601
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.write_text("before")
    target.chmod(0o604)
    link.symlink_to("bars.csv")
    assert export(binary, history, link).returncode == 0
    assert link.is_symlink() and target.read_text() == whole
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    # A file that fails to be written leaves what there was. A limit of its size stands for a full disk.
    target.write_text("before")
    failed = export(binary, history, target, size=40_000)
    assert failed.returncode == 1 and "bars.csv: cannot be written: File too large" in failed.stderr
    assert target.read_text() == "before"
    for path, words in [
        (tmp_path, "it is a folder"), (tmp_path / "none/x.csv", "No such file or directory"),
        (history / "pairs.sqlite", "it is the database"),
    ]:
        failed = export(binary, history, path)
        assert failed.returncode == 1 and words in failed.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bars.csv", "link.csv"]


def test_devices_pipes_and_descriptors_are_written_and_stay_what_they_are(binary, history, tmp_path):
    expected = tmp_path / "expected.csv"
    assert export(binary, history, expected).returncode == 0
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["timeout", "30", "cat", fifo], stdout=subprocess.PIPE, text=True) as reader:
        assert export(binary, history, fifo).returncode == 0
        assert reader.stdout.read() == expected.read_text()
    assert fifo.is_fifo()
    appended = tmp_path / "appended.csv"
    appended.write_text("before\n")
    # Like /dev/stdout: a program that replaced it would remove it from the machine.
    link = tmp_path / "stdout"
    link.symlink_to("/proc/self/fd/1")
    with appended.open("a") as stdout:
        assert export(binary, history, link, stdout=stdout).returncode == 0
    assert link.is_symlink()
    assert appended.read_text() == "before\n" + expected.read_text()
    device = tmp_path / "device"
    try:
        os.mknod(device, 0o600 | stat.S_IFCHR, os.makedev(1, 7))
    except PermissionError:
        return
    failed = export(binary, history, device)
    assert failed.returncode == 1 and "device: cannot be written: No space left on device" in failed.stderr
    assert device.is_char_device()


def test_a_signal_leaves_no_half_of_a_file(binary, history, tmp_path):
    target = tmp_path / "history.om"
    target.write_text("before")
    command = [binary, "backfill", "--config.file", history / "c.yml", "--step", "1ms", "-o", target]
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            wait_until(lambda: len(list(tmp_path.iterdir())) == 2, 30, "a file beside the target")
            process.send_signal(number)
            assert process.wait(timeout=20) == -number
        assert [path.name for path in tmp_path.iterdir()] == ["history.om"] and target.read_text() == "before"
