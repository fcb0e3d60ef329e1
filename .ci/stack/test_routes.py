"""Alertmanager: valid, and each alert goes where it should."""

import subprocess

import pytest
import yaml

import derived

FOLDER = derived.REPOSITORY / "alertmanager"
PAIR = {"job": "a", "instance": "b", "pair": "ETHUSDT-BTCUSDT", "timeframe": "1m", "window": "60"}
FEED = {"job": "a", "instance": "b", "venue": "okx"}


def amtool(*arguments) -> str:
    done = subprocess.run(["amtool", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("file", ["alertmanager.yml", "snippet.yml"])
def test_amtool_accepts_the_configuration(file):
    assert "SUCCESS" in amtool("check-config", FOLDER / file)


def routes(file: str) -> list[tuple[str, dict]]:
    labels = {"PairsLegDown": PAIR, "PairsWarmUpStuck": PAIR} | {
        rule["alert"]: PAIR for rule in derived.alerts() if "signal" in rule["labels"]
    }
    receivers = {
        "alertmanager.yml": {"critical": ("operator-page",) * 2, "warning": ("operator", "desk"), "info": ("", "desk-digest")},
        "snippet.yml": {"critical": ("pairs-page",) * 2, "warning": ("pairs", "pairs"), "info": ("pairs", "pairs")},
    }[file]
    for rule in derived.alerts():
        has_pair = rule["alert"] in labels
        expected = receivers[rule["labels"]["severity"]][has_pair]
        yield expected, labels.get(rule["alert"], FEED) | rule["labels"] | {"alertname": rule["alert"]}
    if file == "snippet.yml":
        yield "default", {"alertname": "NodeDown", "severity": "critical"}


CASES = [(file, *route) for file in ("alertmanager.yml", "snippet.yml") for route in routes(file)]


@pytest.mark.parametrize("file, receiver, labels", CASES, ids=[f"{f}-{labels['alertname']}" for f, _, labels in CASES])
def test_each_alert_has_its_receiver(file, receiver, labels):
    matchers = [f"{name}={value}" for name, value in labels.items()]
    found = amtool("config", "routes", "test", f"--config.file={FOLDER / file}", f"--verify.receivers={receiver}", *matchers)
    assert found.strip().splitlines()[0] == receiver


def test_every_route_is_reached_by_some_alert():
    configuration = yaml.safe_load((FOLDER / "alertmanager.yml").read_text("utf-8"))
    reached = {receiver for file, receiver, _ in CASES if file == "alertmanager.yml"}
    assert {receiver["name"] for receiver in configuration["receivers"]} == reached
    assert {route["receiver"] for route in configuration["route"]["routes"]} <= reached


@pytest.mark.parametrize("file", ["alertmanager.yml", "snippet.yml"])
def test_what_explains_another_alert_silences_it(file):
    configuration = yaml.safe_load((FOLDER / file).read_text("utf-8"))
    rules = {rule["source_matchers"][0]: rule for rule in configuration["inhibit_rules"]}
    leg = rules['alertname="PairsLegDown"']
    assert leg["target_matchers"] == ['signal=~".+"'] and leg["equal"] == ["job", "instance", "pair"]
    down = rules['alertname="PairsExporterDown"']
    assert down["target_matchers"] == ['alertname=~"Pairs.+"'] and down["equal"] == ["job", "instance"]
    # A label that both sides lack counts as equal, so every target must carry what it is matched by.
    labelled = {"PairsLegDown": PAIR, "PairsExporterDown": PAIR, "PairsFeedDown": FEED}
    for source, rule in rules.items():
        assert set(rule["equal"]) <= set(labelled[source.split('"')[1]])
