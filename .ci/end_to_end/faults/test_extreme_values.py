"""No value of a flag or of a key ends the program by a signal, whatever it is: it is used, or refused with status 64."""

import concurrent.futures
import json
import re
import signal
import subprocess

import pytest

from exporter import free_port, wait_until

EXTREMES = [
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "9007199254740993", "1e308", "-1e308", "nan",
    "inf", "", "0", "9" * 400, "9223372036854775807y", "999999-01-01", "9999-12-31T23:59:59Z", "x" * 100_000,
]

# Arguments that end a command at once, where it would otherwise continue or read standard input.
ENDING = {
    "serve": {"--config.file": "none.yml"},
    "demo": {"--web.listen-address": "x"},
    "healthcheck": {"--web.listen-address": "127.0.0.1:1"},
    "check-config": {"--config.file": "simulated.yml"},
}

SIMULATED = """feeds: [{venue: simulated}]
storage: {path: "data/p.sqlite"}
timeframes: [1s]
windows: [60]
pairs: [{y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "simulated.yml").write_text(SIMULATED)
    rows = "".join(f"{1723161256 + i},{100 + i % 7},{200 + i % 5}\n" for i in range(300))
    (tmp_path / "bars.csv").write_text("time,y,x\n" + rows)
    return tmp_path


def run(binary, folder, arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [binary, *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )


def options(binary, folder) -> list[tuple[str, str]]:
    """Every command with every flag that has a value, as the program itself describes them."""
    described = json.loads(run(binary, folder, ["--experimental-dump-help"]).stdout)
    found = []
    for command in described["command"]["subcommands"]:
        for argument in command.get("arguments", []):
            if argument["kind"] == "option":
                name = argument["preferredName"]
                found.append((command["commandName"], ("--" if name["kind"] == "long" else "-") + name["name"]))
    return [(command, option) for command, option in found if command != "help"]


def test_no_value_of_a_flag_ends_a_command_by_a_signal(binary, folder):
    def attempt(command, option, value):
        arguments = [command, f"{option}={value}"] if option.startswith("--") else [command, option, value]
        for other, end in ENDING.get(command, {}).items():
            if other != option or command == "demo":
                arguments.append(f"{other}={end}")
        if command == "analyze":
            arguments.append("bars.csv")
        ended = run(binary, folder, arguments)
        if ended.returncode not in (0, 1, 64):
            return f"{command} {option} {value[:40]}: {ended.returncode} {ended.stderr[-300:]}"
        if len(ended.stderr) > 10_000:
            return f"{command} {option} {value[:40]}: {len(ended.stderr)} bytes of message"
        return None

    commands = options(binary, folder)
    assert len(commands) > 40, commands
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        # Two values each, another two for the next flag: all values meet numbers, times and texts.
        cases = [
            (command, option, EXTREMES[(number * 2 + step) % len(EXTREMES)])
            for number, (command, option) in enumerate(commands)
            for step in range(2)
        ]
        failures = [failure for failure in pool.map(lambda case: attempt(*case), cases) if failure]
    assert not failures, "\n".join(failures)


KEYS = [
    "bars.lateness", "bars.pair_timeout", "bars.carry_limit", "bars.min_fill", "storage.trades_retention", "tests.every_bars",
    "tests.min_observations", "signals.zscore_entry", "signals.dwell_bars", "signals.volatility_spike_ratio",
    "alerts.min_confidence", "alerts.zscore", "tick_correlation_horizon", "series_limit", "simulated.seed",
]


def with_key(key: str, value: str) -> str:
    section, _, name = key.rpartition(".")
    if section == "simulated":
        return SIMULATED.replace("simulated}]", f"simulated, simulated: {{{name}: {value}}}}}]", 1)
    if section == "storage":
        return SIMULATED.replace('sqlite"', f'sqlite", {name}: {value}')
    return SIMULATED + (f"{section}: {{{name}: {value}}}\n" if section else f"{name}: {value}\n")


def test_the_greatest_and_least_values_that_a_key_accepts_run(binary, folder):
    """A refusal states the limits of a key; at each of them the program runs and ends in order."""
    running = []
    for key in KEYS:
        (folder / "x.yml").write_text(with_key(key, "[]"))
        refused = run(binary, folder, ["check-config", "--config.file=x.yml"])
        assert refused.returncode == 64, refused.stdout
        limits = re.search(r"from (\S+) to (\S+?),", refused.stderr)
        assert limits, refused.stderr
        for value in limits.groups():
            name = f"{key}-{len(running)}"
            text = with_key(key, value).replace("data/p.sqlite", f"{name}.sqlite")
            (folder / f"{name}.yml").write_text(text)
            # Two keys may contradict each other at a limit, which check-config reports.
            checked = run(binary, folder, ["check-config", f"--config.file={name}.yml"])
            assert checked.returncode in (0, 64), checked.stderr
            if checked.returncode == 0:
                running.append(name)
    assert len(running) >= len(KEYS)
    for start in range(0, len(running), 8):
        processes = []
        for name in running[start : start + 8]:
            with (folder / f"{name}.log").open("w") as log:
                arguments = [f"--config.file={name}.yml", f"--web.listen-address=127.0.0.1:{free_port()}"]
                process = subprocess.Popen([binary, "serve", *arguments], cwd=folder, stdout=log, stderr=log)
            processes.append((name, process))
        for name, process in processes:
            log = folder / f"{name}.log"
            wait_until(lambda: process.poll() is not None or "msg=listening" in log.read_text(), 60, name)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0, f"{name}: {process.returncode}\n{log.read_text()[-2000:]}"
