"""Fixtures: the real program, an independent venue, and the recorded data."""

import os
import pathlib
import subprocess

import pytest

from exporter import Exporter

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def pytest_configure(config):
    # p-values outside the table of KPSS are clipped, ours too.
    config.addinivalue_line("filterwarnings", "ignore:The test statistic is outside of the range")


def pytest_terminal_summary(terminalreporter):
    """The figures that tests print, which otherwise only those that fail would show."""
    for report in terminalreporter.getreports("passed"):
        for line in report.capstdout.splitlines() if report.when == "call" else []:
            if line:
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {line}")


@pytest.fixture(scope="session")
def binary() -> pathlib.Path:
    path = pathlib.Path(os.environ.get("PAIRS_EXPORTER", REPOSITORY / ".build/debug/pairs-exporter"))
    assert path.exists(), f"build the program first: {path} is missing"
    return path


@pytest.fixture(scope="session")
def recorded() -> pathlib.Path:
    """35,389 trades of BTCUSDT and ETHUSDT, as frames and as CSV."""
    path = REPOSITORY.parent / "shared/data/binance-usdm-20240808"
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"recorded data is missing: {path}")
        pytest.skip("recorded data is not here")
    return path


@pytest.fixture
def start(binary, tmp_path):
    """Starts the program; what is still running at the end of a test is killed."""
    running = []

    def start_exporter(*arguments: str) -> Exporter:
        exporter = Exporter(binary, list(arguments), tmp_path / f"log-{len(running)}.txt")
        running.append(exporter)
        return exporter

    yield start_exporter
    for exporter in running:
        exporter.kill()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system is not permitted here")
    yield folder
    # Lazily, for the program may still run.
    subprocess.run(["umount", "--lazy", folder], check=True)
