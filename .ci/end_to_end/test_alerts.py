"""The demo's market in the stack that ships: what happens there arrives as the right alert, and every panel has data.

The episodes of the demo come at once instead of over ten minutes, and the rules' time passes ten times as fast.
"""

import pathlib
import sys

import pytest
import requests
import yaml

from exporter import Exporter, wait_until
from stack import REPOSITORY, Alertmanager, AlertingPrometheus, Webhook

sys.path.append(str(REPOSITORY / ".ci/stack"))
import dashboards
import derived
import promql

PATIENCE = 400
ETH, SOL, XRP = "ETHUSDT-BTCUSDT", "SOLUSDT-BTCUSDT", "XRPUSDT-BTCUSDT"

CONFIGURATION = """
feeds:
  - venue: simulated
    simulated:
      episodes:
        - {kind: decoupling, instrument: SOLUSDT, start: 30s, duration: 60s}
        - {kind: volatility_burst, instrument: ETHUSDT, start: 30s, duration: 45s}
        - {kind: silent_feed, instrument: XRPUSDT, start: 30s, duration: 50s}
storage: {path: "DATABASE"}
timeframes: [1s, 1m, 5m]
windows: [60, 240]
hedge_ratios: [tls, huber, theil-sen, kalman]
tests: {every_bars: 5}
pairs:
  - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
  - {y: "simulated:SOLUSDT", x: "simulated:BTCUSDT"}
  # A signal that always holds is there to be silenced.
  - {y: "simulated:XRPUSDT", x: "simulated:BTCUSDT", signals: {zscore_entry: 0.1, zscore_exit: 0.01}}
"""

# What stays without data in this run, and why.
EMPTY_PANELS = {
    **{
        ("pairs-pair", title, query): "while its interval has no upper end, as after an episode"
        for title, queries in (("Half-life", "A"), ("Half-life and its 90 % interval", "ABC"))
        for query in queries
    },
    ("pairs-pair", "Past extremes that came back", "A"): "until an extreme has had its half-life to come back in",
    ("pairs-exporter", "Clock against the venue", "A"): "a simulated venue shares this machine's clock",
    ("pairs-exporter", "Connections", "B"): "no connection is lost in the demo",
}
QUIET_ALERTS = {
    "PairsExporterDown": "comes in the last test of this file",
    "PairsFeedDown": "one silent stream does not bring the feed down",
    "PairsTradesUnrepaired": "the simulated venue tells what it did not deliver within a second",
    "PairsFeedStale": "the silence of the demo is shorter than thirty of the instrument's pauses",
    "PairsFeedDelayed": "the market is simulated in this process",
    "PairsStoreFailing": "the disk is well",
    "PairsStationarityRisk": "the pairs of the demo revert, and a break is found in a pair that was proven",
    "PairsWarmUpStuck": "every window is warm from the start",
    "PairsSeriesLimitNear": "three pairs",
    "PairsReloadFailed": "nothing is reloaded",
}


class Stack:
    def __init__(self, exporter, webhook, alertmanager, prometheus):
        self.exporter, self.webhook, self.alertmanager, self.prometheus = exporter, webhook, alertmanager, prometheus

    def suppressed(self) -> list[dict]:
        alerts = requests.get(f"{self.alertmanager.url}/api/v2/alerts", timeout=60).json()
        return [alert["labels"] for alert in alerts if alert["status"]["inhibitedBy"]]

    def arrived(self, status: str, alert: str, **labels: str) -> str:
        def lines():
            assert self.exporter.process.poll() is None, self.exporter.log
            return self.webhook.lines(status, alert, **labels)

        return wait_until(lines, PATIENCE, f"{status} {alert} {labels}")[0]


@pytest.fixture(scope="module")
def stack(binary, tmp_path_factory):
    folder: pathlib.Path = tmp_path_factory.mktemp("stack")
    configuration = folder / "pairs.yml"
    configuration.write_text(CONFIGURATION.replace("DATABASE", str(folder / "pairs.sqlite")))
    with Webhook(folder) as webhook, Alertmanager(folder, webhook) as alertmanager:
        exporter = Exporter(binary, ["--config.file", str(configuration)], folder / "exporter.log")
        try:
            exporter.wait_until_healthy()
            # Any name of the job will do: no rule and no dashboard names one.
            with AlertingPrometheus(folder, "desk-a", f"127.0.0.1:{exporter.port}", alertmanager, factor=10) as prometheus:
                yield Stack(exporter, webhook, alertmanager, prometheus)
        finally:
            exporter.kill()


def test_a_decoupling_arrives_as_a_breakdown_of_correlation(stack):
    line = stack.arrived("FIRING", "PairsCorrelationBreakdown", pair=SOL, timeframe="1s")
    assert line.split("\n")[0].endswith("-> desk")
    assert "correlation of the latest returns fell below its floor" in line and "/d/pairs-pair?var-pair=SOLUSDT-BTCUSDT" in line


def test_a_volatility_burst_arrives_as_a_spike(stack):
    line = stack.arrived("FIRING", "PairsSpreadVolatilitySpike", pair=ETH, timeframe="1s")
    assert line.split("\n")[0].endswith("-> desk-digest")
    assert "times as much as over the whole window" in line


def test_a_silent_feed_arrives_as_a_leg_without_data_and_silences_the_signals_of_its_pair(stack):
    line = stack.arrived("FIRING", "PairsLegDown", pair=XRP, leg="y")
    assert line.split("\n")[0].endswith("-> desk") and "The stream of leg y" in line
    wait_until(
        lambda: any(labels.get("signal") and labels.get("pair") == XRP for labels in stack.suppressed()),
        PATIENCE,
        "a signal of the pair is inhibited",
    )
    assert all(labels.get("pair", XRP) == XRP for labels in stack.suppressed() if "signal" in labels)


def test_an_extreme_arrives_with_its_z_score(stack):
    line = stack.arrived("FIRING", "PairsZScoreExtreme")
    assert line.split("\n")[0].endswith("-> desk-digest") and "forecast z-score" in line


def test_each_resolves(stack):
    stack.arrived("RESOLVED", "PairsLegDown", pair=XRP, leg="y")
    stack.arrived("RESOLVED", "PairsSpreadVolatilitySpike", pair=ETH, timeframe="1s")
    stack.arrived("RESOLVED", "PairsCorrelationBreakdown", pair=SOL, timeframe="1s")
    assert not any(stack.webhook.lines("FIRING", "PairsLegDown", pair=pair) for pair in (ETH, SOL))
    assert "error expanding template" not in stack.webhook.log


def variables(uid: str) -> dict[str, str]:
    """What Grafana fills in: everything, or on the dashboard of one pair that pair."""
    values = {name: ".+" for name in promql.VARIABLES} | {"$__rate_interval": "20s", "$__range": "300s"}
    if uid == "pairs-pair":
        values |= {"$pair": ETH, "$timeframe": "1s", "$window": "240"}
    return values


@pytest.mark.parametrize("uid", dashboards.load())
def test_every_panel_has_data(stack, uid):
    dashboard = dashboards.load()[uid]
    empty = set()
    for panel in dashboards.panels(dashboard):
        for target in panel["targets"]:
            expression = promql.filled(target["expr"], variables(uid))
            ask = stack.prometheus.query if target["instant"] else lambda e: stack.prometheus.query_range(e, 300)
            if not ask(expression):
                empty.add((uid, panel["title"], target["refId"]))
    assert empty <= set(EMPTY_PANELS)


@pytest.mark.parametrize("uid", dashboards.load())
def test_every_variable_has_values_and_alerts_are_marked(stack, uid):
    dashboard = dashboards.load()[uid]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = variable["query"]["query"].removeprefix("label_values(").removesuffix(")").rsplit(", ", 1)
            series = stack.prometheus.query(f"group by ({label}) ({promql.filled(selector, variables(uid))})")
            assert any(sample["metric"].get(label) for sample in series), variable["name"]
    (annotation,) = dashboard["annotations"]["list"]
    assert stack.prometheus.query_range(promql.filled(annotation["expr"], variables(uid)), 300)


def test_every_rule_is_evaluated_and_has_data(stack):
    for rule in stack.prometheus.rules():
        assert rule["health"] == "ok" and not rule.get("lastError"), rule
    empty = set()
    for file in sorted((REPOSITORY / "prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                if not stack.prometheus.query_range(rule["expr"], 300):
                    empty.add(rule.get("alert") or rule["record"])
    assert empty <= set(QUIET_ALERTS)


def test_the_alert_of_grafana_would_ask_the_same(stack):
    document = yaml.safe_load(derived.GRAFANA_RULES.read_text())
    for group in document["groups"]:
        for rule in group["rules"]:
            stack.prometheus.query(rule["data"][0]["model"]["expr"])


def test_an_exporter_that_is_gone_pages_and_silences_everything_else_about_it(stack):
    stack.exporter.kill()
    wait_until(
        lambda: stack.webhook.lines("FIRING", "PairsExporterDown"), PATIENCE, "FIRING PairsExporterDown"
    )
    (line,) = stack.webhook.lines("FIRING", "PairsExporterDown")[:1]
    assert line.split("\n")[0].endswith("-> operator-page")


def test_the_receiver_of_the_demo_shows_alerts_and_the_runbook_and_takes_no_nonsense(stack):
    url = stack.webhook.url
    assert "PairsCorrelationBreakdown" in requests.get(f"{url}/", timeout=60).text
    assert '<b id="pairslegdown">' in requests.get(f"{url}/RUNBOOK.md", timeout=60).text
    assert requests.get(f"{url}/../etc/passwd", timeout=60).status_code == 404
    for body in ("{", "[]", '{"alerts": [{}]}', '{"alerts": 1}'):
        assert requests.post(f"{url}/desk", data=body, timeout=60).status_code == 400
    assert requests.get(f"{url}/healthy", timeout=60).status_code == 200


def test_an_existing_prometheus_scrapes_pairs_by_each_way_that_is_documented(start, tmp_path):
    exporter = start("demo")
    exporter.wait_until_healthy()
    address = f"127.0.0.1:{exporter.port}"
    ways = []
    for name in ("static", "http-sd", "probe"):
        text = (REPOSITORY / f"prometheus/scrape/{name}.yml").read_text()
        text = text.replace("exporter-a:10200", address).replace(', "exporter-b:10200"', "")
        ways += yaml.safe_load(text)["scrape_configs"]
    for way in ways:
        way.pop("scrape_interval", None)
    with AlertingPrometheus(tmp_path, "first", address, None, interval="5s", scrapes=ways) as prometheus:
        pairs = 'count by (job) (pairs_hedge_ratio{pair="ETHUSDT-BTCUSDT", timeframe="5m", window="240"})'
        jobs = {"first", *(way["job_name"] for way in ways)}

        def found():
            return {sample["metric"]["job"] for sample in prometheus.query(pairs)}

        wait_until(lambda: found() == jobs, 300, f"{jobs}, found {found()}")

        def exporters():
            return {sample["metric"]["job"] for sample in prometheus.query("instance:pairs_exporter:up == 1")}

        # A probe is no exporter, whatever its job is called.
        wait_until(lambda: exporters() == {"first", "pairs"}, 120, f"two exporters, found {exporters()}")
