"""Alertmanager: valid, each alert goes where it should and silences what it explains, and the digest is a list."""

import contextlib
import importlib.util
import json
import pathlib
import re
import socket
import subprocess
import threading
import time

import pytest
import requests
import yaml

import derived
import test_rules

FOLDER = derived.REPOSITORY / "alertmanager"
FILES = ("alertmanager.yml", "snippet.yml")
EXPORTER = {"job": "a", "instance": "b"}
FEED = {**EXPORTER, "venue": "okx", "symbol": "ETH-USDT-SWAP"}
READING = {"pair": "ETHUSDT-BTCUSDT", "timeframe": "1m", "window": "240"}


def labels(rule: dict) -> dict[str, str]:
    """Labels of an alert as its rule makes them; what the market does has no instance."""
    own = FEED
    if "signal" in rule["labels"]:
        own = READING
    elif rule["alert"] == "PairsLegDown":
        own = {"pair": READING["pair"], "leg": "x"}
    elif rule["alert"] == "PairsWarmUpStuck":
        own = EXPORTER | READING
    return own | rule["labels"] | {"alertname": rule["alert"]}


ALERTS = {rule["alert"]: labels(rule) for rule in derived.alerts()}
RECEIVERS = {
    "PairsZScoreExtreme": "desk-digest",
    "PairsCorrelationBreakdown": "desk",
    "PairsSpreadVolatilitySpike": "desk-digest",
    "PairsStationarityRisk": "desk",
    "PairsExporterDown": "operator-page",
    "PairsFeedDown": "operator-page",
    "PairsLegDown": "desk",
    "PairsStreamDown": "operator",
    "PairsInstrumentRefused": "operator",
    "PairsFeedStale": "operator",
    "PairsFeedDelayed": "operator",
    "PairsClockWrong": "operator",
    "PairsTradesUnrepaired": "operator",
    "PairsNumberingReset": "operator",
    "PairsStoreFailing": "operator-page",
    "PairsStoreReadFailing": "operator",
    "PairsStoreFileReplaced": "operator",
    "PairsLogLinesDropped": "operator",
    "PairsWarmUpStuck": "operator",
    "PairsSeriesLimitNear": "operator",
    "PairsReloadFailed": "operator",
}
SIGNALS = {name for name, own in ALERTS.items() if "signal" in own}
CASES = pytest.mark.parametrize("file, alert", [(file, alert) for file in FILES for alert in ALERTS])


def configuration(file: str) -> dict:
    return yaml.safe_load((FOLDER / file).read_text("utf-8"))


def amtool(*arguments) -> str:
    done = subprocess.run(["amtool", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("file", FILES)
def test_amtool_accepts_the_configuration(file):
    assert "SUCCESS" in amtool("check-config", FOLDER / file)


def routed(file: str, alert: dict[str, str]) -> str:
    matchers = [f"{name}={value}" for name, value in alert.items()]
    return amtool("config", "routes", "test", f"--config.file={FOLDER / file}", *matchers).strip()


@CASES
def test_each_alert_has_its_receiver(file, alert):
    assert routed(file, ALERTS[alert]) == RECEIVERS[alert]


def test_the_snippet_leaves_other_alerts_alone():
    assert routed("snippet.yml", {"alertname": "NodeDown", "severity": "critical", "pair": "x"}) == "default"


def test_every_receiver_is_reached_by_some_alert():
    assert RECEIVERS.keys() == ALERTS.keys()
    reached = set(RECEIVERS.values())
    assert {entry["name"] for entry in configuration("alertmanager.yml")["receivers"]} == reached
    assert {entry["name"] for entry in configuration("snippet.yml")["receivers"]} == reached | {"default"}


def test_the_snippet_has_the_same_routes_and_inhibition():
    whole, snippet = configuration("alertmanager.yml"), configuration("snippet.yml")
    (route,) = snippet["route"]["routes"]
    assert route.pop("matchers") == ['alertname=~"Pairs.+"']
    assert route == whole["route"] and snippet["inhibit_rules"] == whole["inhibit_rules"]


def seconds(duration: str) -> int:
    return sum(int(count) * {"s": 1, "m": 60, "h": 3600}[unit] for count, unit in re.findall(r"(\d+)([smh])", duration))


def test_a_desk_gets_one_group_per_pair_within_a_minute_and_a_list_of_all_pairs_twice_an_hour():
    whole = configuration("alertmanager.yml")
    routes = {route["receiver"]: whole["route"] | route for route in whole["route"]["routes"]}
    receivers = {entry["name"]: entry for entry in whole["receivers"]}
    desk, digest = routes["desk"], routes["desk-digest"]
    assert desk["group_by"] == ["pair"]
    # Besides, a bar waits for at most one scrape and one evaluation of 15 s.
    assert 30 + max(map(seconds, (desk["group_wait"], desk["group_interval"]))) <= 60
    assert digest["group_by"] == ["severity"] and seconds(digest["group_interval"]) >= 1800
    assert receivers["desk-digest"]["webhook_configs"][0]["send_resolved"] is False
    assert "send_resolved" not in receivers["desk"]["webhook_configs"][0]


@contextlib.contextmanager
def alertmanager(file: str, folder: pathlib.Path):
    """The real Alertmanager with a configuration that ships; its receivers do not exist and need not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [
            "prometheus-alertmanager", f"--config.file={FOLDER / file}", f"--storage.path={folder}",
            f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{url}/-/ready", timeout=60).status_code == 200:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


SOURCES = ("PairsExporterDown", "PairsLegDown", "PairsFeedDown")
OF_EXPORTER = {name for name, alert in ALERTS.items() if "instance" in alert}
LATE = {"PairsFeedStale", "PairsFeedDelayed", "PairsStreamDown"}
# The firing alert, the label by which other alerts are separate, and the silenced alerts.
SCENARIOS = {
    "what it said about itself and nothing about the market or a replica": ("PairsExporterDown", "instance", OF_EXPORTER),
    "the signals of a pair without a leg": ("PairsLegDown", "pair", SIGNALS),
    "what is late at a venue whose feed is down": ("PairsFeedDown", "venue", LATE),
}


def sets(alerts: list[dict[str, str]]) -> set[frozenset]:
    return {frozenset(alert.items()) for alert in alerts}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("source, label, silenced", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_an_alert_silences(file, source, label, silenced, tmp_path):
    # The other two sources are left out: they would silence on their own account.
    targets = [alert for name, alert in ALERTS.items() if name not in SOURCES]
    others = [alert | {label: "other"} for alert in targets if label in alert]
    expected = [alert for alert in targets if alert["alertname"] in silenced]
    with alertmanager(file, tmp_path) as url:
        alerts = [{"labels": alert} for alert in (ALERTS[source], *targets, *others)]
        assert requests.post(f"{url}/api/v2/alerts", json=alerts, timeout=60).status_code == 200
        for _ in range(100):
            found = requests.get(f"{url}/api/v2/alerts", timeout=60).json()
            inhibited = [alert["labels"] for alert in found if alert["status"]["inhibitedBy"]]
            # The source counts a moment after the request is answered.
            if sets(inhibited) == sets(expected):
                break
            time.sleep(0.1)
    assert len(found) == len(alerts)
    assert sets(inhibited) == sets(expected)


def test_alertmanager_accepts_every_silence_of_the_runbook(tmp_path):
    commands = test_rules.commands(test_rules.RUNBOOK)
    silences = [command for command in commands if command[:3] == ["amtool", "silence", "add"]]
    with alertmanager("alertmanager.yml", tmp_path) as url:
        for command in silences:
            amtool(*[word.replace("$ALERTMANAGER", url) for word in command[1:]])
        assert len(requests.get(f"{url}/api/v2/silences", timeout=60).json()) == len(silences)


DIGEST = [
    {
        "status": "firing",
        "labels": {"alertname": name, "severity": "info", "pair": pair},
        "annotations": {"description": pair} | ({"value": value} if value else {}),
    }
    for pair, name, value in (
        ("Seventh", "PairsSpreadVolatilitySpike", "11.20"),
        ("Sixth", "PairsSpreadVolatilitySpike", "25.00"),
        ("Third", "PairsZScoreExtreme", "3.10"),
        ("Tenth", "Unknown", "120.00"),
        ("Second", "PairsZScoreExtreme", "-3.70"),
        ("Fifth", "PairsZScoreExtreme", None),
        ("Ninth", "PairsSpreadVolatilitySpike", "0.00"),
        ("First", "PairsZScoreExtreme", "-112.00"),
        ("Eighth", "PairsSpreadVolatilitySpike", "3.40"),
        ("Fourth", "PairsZScoreExtreme", "0.00"),
    )
]
IN_ORDER = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"]


def test_the_receiver_of_the_demo_lists_z_scores_first_and_each_alert_strongest_first(capsys, tmp_path):
    specification = importlib.util.spec_from_file_location("webhook", FOLDER / "webhook.py")
    webhook = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(webhook)
    server = webhook.Server(("127.0.0.1", 0), tmp_path / "RUNBOOK.md")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    assert requests.post(f"{url}/desk-digest", json={"alerts": DIGEST}, timeout=60).status_code == 200
    assert requests.post(f"{url}/desk", json={"alerts": DIGEST[:1]}, timeout=60).status_code == 200
    page = requests.get(f"{url}/", timeout=60).text
    server.shutdown()
    server.server_close()
    # The page shows the latest message first, each in its own order.
    assert re.findall(r"FIRING info \w+ pair=(\w+)", page) == ["Seventh", *IN_ORDER]
    listed = re.findall(r"^FIRING info \w+ pair=(\w+) -> desk-digest$", capsys.readouterr().out, re.M)
    assert listed == IN_ORDER


def test_the_template_lists_z_scores_first_and_each_alert_strongest_first(tmp_path):
    data = tmp_path / "data.json"
    notes = {"value": "9.00", "description": "Ended"}
    ended = {"status": "resolved", "labels": {"alertname": "PairsZScoreExtreme"}, "annotations": notes}
    data.write_text(json.dumps({"alerts": [*DIGEST, ended]}))
    text = amtool(
        "template", "render", f"--template.glob={FOLDER}/templates/*.tmpl", f"--template.data={data}",
        "--template.type=text", '--template.text={{ template "pairs.digest" . }}',
    )
    assert text.startswith("Alerts that hold: 10.\n")
    assert re.findall(r"^\w+ \S*: (\w+)$", text, re.M) == IN_ORDER


def test_the_template_knows_every_alert_of_the_digest():
    template = (FOLDER / "templates/pairs.tmpl").read_text("utf-8")
    assert set(re.findall(r'"(Pairs\w+)"', template)) == {name for name, to in RECEIVERS.items() if to == "desk-digest"}
