"""Rules: valid, tested each way, explained, and the same wherever they are stored."""

import itertools
import re
import shlex
import subprocess

import pytest
import yaml

import advice
import derived
import promql

PROMETHEUS = derived.REPOSITORY / "prometheus"
ALERTS = derived.alerts()
EACH = pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
TESTS = sorted((PROMETHEUS / "tests").glob("*.test.yml"))
SIGNALS = {"zscore_extreme", "correlation_breakdown", "volatility_spike", "stationarity_risk"}
DASHBOARD = r"http://localhost:3000/d/pairs-(overview|pair|diagnostics|exporter)\b"
RUNBOOK = (PROMETHEUS / "RUNBOOK.md").read_text("utf-8")


def run(*command) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=derived.REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_accepts_the_rules():
    assert run("promtool", "check", "rules", *derived.RULES).count("SUCCESS") == len(derived.RULES)


def test_promtool_accepts_the_configuration():
    run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")


@pytest.mark.parametrize("file", sorted((PROMETHEUS / "scrape").glob("*.yml")), ids=lambda file: file.stem)
def test_promtool_accepts_each_way_into_an_existing_stack(file):
    run("promtool", "check", "config", file)


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name)
def test_rules_behave_as_their_tests_say(file):
    assert "SUCCESS" in run("promtool", "test", "rules", file)


@EACH
def test_each_alert_has_a_firing_and_a_quiet_case(rule):
    checks = [
        bool(check["exp_alerts"])
        for file in TESTS
        for case in yaml.safe_load(file.read_text("utf-8"))["tests"]
        for check in case["alert_rule_test"]
        if check["alertname"] == rule["alert"]
    ]
    quiet = [
        case["name"]
        for file in TESTS
        for case in yaml.safe_load(file.read_text("utf-8"))["tests"]
        if not any(check["exp_alerts"] for check in case["alert_rule_test"] if check["alertname"] == rule["alert"])
        and any(check["alertname"] == rule["alert"] for check in case["alert_rule_test"])
    ]
    assert any(checks) and quiet


@EACH
def test_each_alert_explains_itself(rule):
    assert re.fullmatch(r"Pairs[A-Z][A-Za-z]+", rule["alert"])
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert {"for", "keep_firing_for"} <= set(rule)
    notes = rule["annotations"]
    assert notes["summary"].endswith(".") and "{{" not in notes["summary"]
    assert "{{" in notes["description"] and notes["description"].endswith(".")
    assert "watch" in notes["description"].lower(), "says what to watch"
    assert notes["runbook_url"].endswith(f"/RUNBOOK.md#{rule['alert'].lower()}")
    assert re.search(DASHBOARD, notes["dashboard_url"])
    # The digest is sorted by it.
    assert ("value" in notes) == ("signal" in rule["labels"])


@EACH
def test_no_text_advises_a_trade(rule):
    text = " ".join(rule["annotations"].values()) + section(rule["alert"])
    assert not advice.TRADE.search(text)


def section(alert: str) -> str:
    found = re.search(rf"^## {alert}\n(.*?)(?=^## |\Z)", RUNBOOK, re.M | re.S)
    assert found, f"RUNBOOK.md has no section {alert}"
    return found[1]


def commands(text: str) -> list[list[str]]:
    """The arguments of each command in a text."""
    lines = itertools.chain.from_iterable(block.splitlines() for block in re.findall(r"```sh\n(.*?)```", text, re.S))
    return [shlex.split(line) for line in lines]


@EACH
def test_the_runbook_has_its_section(rule):
    text = section(rule["alert"])
    headings = re.findall(r"^### (.+)\n(.+)", text, re.M)
    assert [heading for heading, _ in headings] == ["Meaning", "Impact", "Diagnosis", "Mitigation", "Mute"]
    assert re.search(rf"\]\({DASHBOARD}", text), "links to a dashboard"
    mute = text[text.index("### Mute") :]
    assert commands(text[: text.index("### Mute")]), "has commands to look with"
    (command,) = commands(mute)
    assert command[:3] == ["amtool", "silence", "add"] and f"alertname={rule['alert']}" in command


def test_the_runbook_has_no_section_of_an_alert_that_is_gone():
    assert re.findall(r"^## (.+)$", RUNBOOK, re.M) == [rule["alert"] for rule in ALERTS]


def test_every_query_of_the_runbook_can_be_parsed():
    queries = [command[4] for command in commands(RUNBOOK) if command[0] == "promtool"]
    assert all(promql.selectors(query) for query in queries)


def test_no_rule_names_a_job():
    for group in derived.rule_groups():
        for rule in group["rules"]:
            for selector in promql.selectors(rule["expr"]):
                assert not {name for name, _, _ in selector.matchers} & {"job", "instance"}, rule


def seconds(duration: str) -> int:
    return sum(int(count) * {"s": 1, "m": 60, "h": 3600}[unit] for count, unit in re.findall(r"(\d+)([smh])", duration))


def test_each_signal_alerts_by_the_present_metrics_of_the_exporter_only():
    alerts = {rule["labels"]["signal"]: rule for rule in ALERTS if "signal" in rule["labels"]}
    assert set(alerts) == SIGNALS
    for signal, rule in alerts.items():
        selectors = promql.selectors(rule["expr"])
        assert not any(selector.functions or selector.range for selector in selectors), "asks for the past"
        matched = {selector.name for selector in selectors if selector.matchers}
        asked = {matcher for selector in selectors for matcher in selector.matchers}
        assert matched == {"pairs_alert"} and asked == {("signal", "Equal", signal)}
        # The exporter has hysteresis; what is kept firing bridges a failed scrape, no more.
        assert seconds(rule["for"]) == 0 and 0 < seconds(rule["keep_firing_for"]) <= 60


def test_what_the_market_does_alerts_without_an_instance():
    for rule in ALERTS:
        of_market = "signal" in rule["labels"] or rule["alert"] == "PairsLegDown"
        assert rule["expr"].startswith("max without (job, instance, pod") == of_market, rule["alert"]
        assert ("$labels.instance" in str(rule["annotations"])) != of_market, rule["alert"]


def test_recording_rules_are_named_level_metric_operation():
    for group in derived.rule_groups():
        for rule in group["rules"]:
            if "record" in rule:
                assert re.fullmatch(r"[a-z_]+:pairs_[a-z_]+:[a-z0-9_]+", rule["record"])


def test_the_operator_and_grafana_have_the_same_rules():
    message = "run python .ci/stack/derived.py"
    assert derived.OPERATOR_RULES.read_text("utf-8") == derived.operator_rules(), message
    assert derived.GRAFANA_RULES.read_text("utf-8") == derived.grafana_rules(), message


def test_grafana_evaluates_what_prometheus_does_and_only_when_switched_on():
    document = yaml.safe_load(derived.GRAFANA_RULES.read_text("utf-8"))
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    assert [(rule["title"], rule["data"][0]["model"]["expr"]) for rule in rules] == [
        (rule["alert"], rule["expr"]) for rule in ALERTS
    ]
    assert {rule["isPaused"] for rule in rules} == {"${PAIRS_ALERT_RULES_PAUSED}"}
    assert len({rule["uid"] for rule in rules}) == len(rules) and all(len(rule["uid"]) <= 40 for rule in rules)
    # Provisioning replaces braced variables only; nothing else may look like one.
    text = derived.GRAFANA_RULES.read_text("utf-8").replace("${PAIRS_ALERT_RULES_PAUSED}", "")
    assert "${" not in text
    # Templates of Grafana have neither.
    assert not re.search(r"\$value\b|\bquery \}\}", text)
