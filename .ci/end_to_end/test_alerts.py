"""The demo's market in the shipped stack: each episode arrives as the right alert, each text is true when it
arrives, and every panel has data.

The episodes of the demo happen at once instead of over fifteen minutes, and the rules are ten times as fast.
"""

import collections
import datetime
import html
import pathlib
import re
import sys

import pytest
import requests
import yaml

from exporter import Exporter, wait_until
from stack import REPOSITORY, Alertmanager, AlertingPrometheus, Recorder, Webhook

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
      instruments:
        - {symbol: BTCUSDT, price: 60000, volatility: 2e-4, trades_per_second: 25}
        - {symbol: ETHUSDT, driver: BTCUSDT, price: 2600, hedge_ratio: 1.2, half_life: 8s, spread_volatility: 3e-4,
           trades_per_second: 8}
        - {symbol: SOLUSDT, driver: BTCUSDT, price: 150, hedge_ratio: 1.5, half_life: 8s, spread_volatility: 2.5e-4,
           trades_per_second: 20}
        - {symbol: XRPUSDT, driver: BTCUSDT, price: 2.5, hedge_ratio: 0.8, half_life: 8s, spread_volatility: 1e-3,
           trades_per_second: 8, price_decimals: 5}
      episodes:
        - {kind: decoupling, instrument: SOLUSDT, start: 30s, duration: 120s}
        - {kind: volatility_burst, instrument: ETHUSDT, start: 30s, duration: 45s}
        - {kind: silent_feed, instrument: XRPUSDT, start: 60s, duration: 50s}
storage: {path: "DATABASE"}
timeframes: [1s, 1m]
windows: [240]
hedge_ratios: [tls, huber, theil-sen, kalman]
tests: {every_bars: 5}
alerts: {timeframes: [1s], min_confidence: 0}
pairs:
  - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
  - {y: "simulated:SOLUSDT", x: "simulated:BTCUSDT"}
  # An alert that always holds is there to be silenced.
  - {y: "simulated:XRPUSDT", x: "simulated:BTCUSDT",
     alerts: {timeframes: [1s], min_confidence: 0, zscore: 0.1, zscore_exit: 0.01}}
"""

# The panels without data in this run, and why.
EMPTY_PANELS = {
    **{
        ("pairs-pair", title, query): "while its interval has no upper end, as after an episode"
        for title, queries in (("Half-life", "AB"), ("Half-life and its 90 % interval", "ABC"))
        for query in queries
    },
    ("pairs-pair", "Past extremes", "A"): "until an extreme has had its half-life to come back in",
    ("pairs-diagnostics", "Reasons now", "A"): "while every value exists",
    ("pairs-exporter", "Clock against the venue", "A"): "a simulated venue shares this machine's clock",
    ("pairs-overview", "Alerts firing", "A"): "once every alert has ended",
}
QUIET_ALERTS = {
    "PairsExporterDown": "comes in the last test of this file",
    "PairsFeedDown": "one silent stream does not bring the feed down",
    "PairsTradesUnrepaired": "the simulated venue sends what it did not deliver within a second",
    "PairsFeedStale": "the silent stream is known to be dead",
    "PairsStreamDown": "there is one exporter",
    "PairsInstrumentRefused": "the simulated venue has every instrument",
    "PairsStoreReadFailing": "the disk is well",
    "PairsFeedDelayed": "the market is simulated in this process",
    "PairsClockWrong": "a simulated venue shares this machine's clock",
    "PairsStoreFailing": "the disk is well",
    "PairsStoreFileReplaced": "nobody touches the file",
    "PairsNumberingReset": "the simulated venue goes on with its ids",
    "PairsLogLinesDropped": "the log is a file on a disk that is well",
    "PairsStationarityRisk": "the pairs of the demo revert, and a break is found in a pair that was proven",
    "PairsWarmUpStuck": "every window is warm from the start",
    "PairsSeriesLimitNear": "three pairs",
    "PairsReloadFailed": "nothing is reloaded",
}


class Stack:
    def __init__(self, exporter, webhook, recorder, alertmanager, prometheus):
        self.exporter, self.webhook, self.recorder = exporter, webhook, recorder
        self.alertmanager, self.prometheus = alertmanager, prometheus

    def history(self, metric: str, **labels: str) -> dict[float, float]:
        """Every sample that was scraped of one series, by the time of the scrape."""
        selector = ",".join(f'{name}="{value}"' for name, value in labels.items())
        series = self.prometheus.query(f"{metric}{{{selector}}}[15m]")
        return {float(time): float(value) for one in series for time, value in one["values"]}

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
    with Webhook(folder) as webhook, Recorder(webhook) as recorder, Alertmanager(folder, recorder.url) as alertmanager:
        exporter = Exporter(binary, ["--config.file", str(configuration)], folder / "exporter.log")
        try:
            exporter.wait_until_healthy()
            # The job can have any name: no rule and no dashboard names one.
            with AlertingPrometheus(folder, "desk-a", f"127.0.0.1:{exporter.port}", alertmanager, factor=10) as prometheus:
                yield Stack(exporter, webhook, recorder, alertmanager, prometheus)
        finally:
            exporter.kill()


def test_a_decoupling_arrives_as_a_breakdown_of_correlation(stack):
    line = stack.arrived("FIRING", "PairsCorrelationBreakdown", pair=SOL, timeframe="1s")
    assert line.split("\n")[0].endswith("-> desk")
    assert "/d/pairs-pair?var-pair=SOLUSDT-BTCUSDT" in line


def test_a_volatility_burst_arrives_as_a_spike(stack):
    line = stack.arrived("FIRING", "PairsSpreadVolatilitySpike", pair=ETH, timeframe="1s")
    assert line.split("\n")[0].endswith("-> desk-digest")


def test_a_silent_feed_arrives_as_a_leg_without_data_and_silences_the_signals_of_its_pair(stack):
    line = stack.arrived("FIRING", "PairsLegDown", pair=XRP, leg="y")
    assert line.split("\n")[0].endswith("-> desk") and "a stream of leg y" in line
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
    stack.arrived("RESOLVED", "PairsCorrelationBreakdown", pair=SOL, timeframe="1s")
    # The digest lists what holds and sends no end.
    spike = f'ALERTS{{alertname="PairsSpreadVolatilitySpike", alertstate="firing", pair="{ETH}"}}'
    wait_until(lambda: not stack.prometheus.query(spike), PATIENCE, "the spike ends")
    assert not stack.webhook.lines("RESOLVED", "PairsSpreadVolatilitySpike")
    assert not any(stack.webhook.lines("FIRING", "PairsLegDown", pair=pair) for pair in (ETH, SOL))
    assert "error expanding template" not in stack.webhook.log


# Seconds between an evaluation and the arrival of its text: Prometheus renews the text of an active alert once a
# minute.
RENEWAL = 75
# Seconds by which a message may be behind: one scrape, one evaluation, the waits of this test's Alertmanager, and the
# tenth of `keep_firing_for`.
DELAY = 15

# The figures in each text: the metric, the metric with the time of its bar, and the decimals.
QUOTED = {
    "PairsZScoreExtreme": ("pairs_forecast_zscore", "pairs_last_bar_timestamp_seconds", 2),
    "PairsCorrelationBreakdown": ("pairs_return_correlation", "pairs_last_bar_timestamp_seconds", 2),
    "PairsSpreadVolatilitySpike": ("pairs_spread_volatility_ratio", "pairs_last_bar_timestamp_seconds", 1),
    "PairsStationarityRisk": ("pairs_cointegration_pvalue", "pairs_adf_timestamp_seconds", 3),
}
TIME = re.compile(r"(\d\d:\d\d:\d\d) UTC")
VALUE = re.compile(r"\b(?:was|were) (-?\d+\.\d+)")
EXIT = {"alert_zscore_exit": r"is below ([\d.]+) in size", "correlation_floor_exit": r"stayed above ([\d.]+) since",
        "volatility_spike_exit": r"stays below ([\d.]+)\."}


def quoted_values(stack, metric: str, bar: str, reading: dict[str, str]) -> dict[str, set[float]]:
    """The values that were scraped of a metric, by the time of day of the bar that they belong to."""
    bars = stack.history(bar, **reading)
    values = collections.defaultdict(set)
    for time, value in stack.history(metric, **reading).items():
        if time in bars:
            values[datetime.datetime.fromtimestamp(bars[time], datetime.UTC).strftime("%H:%M:%S")].add(value)
    return values


def market_contradictions(stack, arrival: float, alert: dict) -> list[str]:
    """Where the text of an alert on a signal differs from the metrics at its time."""
    labels, text = alert["labels"], alert["annotations"]["description"]
    reading = {name: labels[name] for name in ("pair", "timeframe", "window")}
    metric, bar, decimals = QUOTED[labels["alertname"]]
    time, value = TIME.search(text), VALUE.search(text)
    if not time or not value:
        return [f"no bar or no value in {text}"]
    wrong = []
    known = {f"{one:.{decimals}f}" for one in quoted_values(stack, metric, bar, reading)[time[1]]}
    if value[1] not in known:
        wrong.append(f"says {value[1]} at {time[1]}, {metric} was {known}")
    for threshold, pattern in EXIT.items():
        if level := re.search(pattern, text):
            (sample,) = stack.prometheus.query(f'pairs_threshold{{pair="{labels["pair"]}", threshold="{threshold}"}}')
            if float(level[1]) != float(sample["value"][1]):
                wrong.append(f"says that it ends at {level[1]}, the configuration says {sample['value'][1]}")
    if alert["status"] == "firing":
        states = stack.history("pairs_alert", **reading, signal=labels["signal"])
        if not any(state == 1 for at, state in states.items() if arrival - DELAY <= at <= arrival):
            wrong.append("fires, and pairs_alert was not 1")
        ages = [arrival - at for at, close in stack.history(bar, **reading).items()
                if datetime.datetime.fromtimestamp(close, datetime.UTC).strftime("%H:%M:%S") == time[1]]
        if metric != "pairs_cointegration_pvalue" and (not ages or min(ages) > RENEWAL):
            wrong.append(f"speaks of the bar of {time[1]}, which is old")
    return wrong


def contradictions(stack) -> list[str]:
    """Every text of the run that the metrics of its time contradict."""
    found = []
    for arrival, receiver, message in list(stack.recorder.notifications):
        for alert in message["alerts"]:
            wrong = []
            labels = alert["labels"]
            if labels["alertname"] in QUOTED:
                wrong = market_contradictions(stack, arrival, alert)
                if labels["timeframe"] != "1s":
                    wrong.append("comes from bars that may not alert")
            elif labels["alertname"] == "PairsLegDown" and alert["status"] == "firing":
                leg = stack.history("pairs_leg_up", pair=labels["pair"], leg=labels["leg"])
                if not any(up == 0 for at, up in leg.items() if arrival - DELAY <= at <= arrival):
                    wrong.append("the leg was up")
            found += [f"{receiver} {alert['status']} {labels}: {one}" for one in wrong]
    return found


def test_no_text_contradicts_the_metrics_of_its_moment(stack):
    names = {alert["labels"]["alertname"] for _, _, message in stack.recorder.notifications for alert in message["alerts"]}
    assert {"PairsZScoreExtreme", "PairsCorrelationBreakdown", "PairsSpreadVolatilitySpike", "PairsLegDown"} <= names
    assert contradictions(stack) == []


def test_the_digest_is_one_list_for_all_pairs_strongest_first(stack):
    digests = [message for _, receiver, message in stack.recorder.notifications if receiver == "desk-digest"]
    assert {tuple(message["groupLabels"]) for message in digests} == {("severity",)}
    assert max(len({alert["labels"]["pair"] for alert in message["alerts"]}) for message in digests) > 1
    shown = html.unescape(requests.get(f"{stack.webhook.url}/", timeout=60).text).split("\n\n")
    lists = [message for message in shown if message.count("-> desk-digest") > 1]
    assert lists
    for message in lists:
        names = re.findall(r"^FIRING info (\w+)", message, re.M)
        sizes = [abs(float(value)) for value in VALUE.findall(message)]
        assert len(names) == len(sizes)
        # z-scores first, and no ratio among them.
        order = [(name != "PairsZScoreExtreme", -size) for name, size in zip(names, sizes)]
        assert order == sorted(order)


def variables(uid: str) -> dict[str, str]:
    """The values of Grafana's variables: everything, or on the dashboard of one pair that pair."""
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
            query = stack.prometheus.query if target["instant"] else lambda e: stack.prometheus.query_range(e, 300)
            if not query(expression):
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
    # Deviations and spikes, all that ETH has here, are not marked.
    scope = variables(uid) | ({"$pair": SOL} if uid in ("pairs-pair", "pairs-diagnostics") else {})
    assert stack.prometheus.query_range(promql.filled(annotation["expr"], scope), 900)


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


def test_the_receiver_of_the_demo_shows_alerts_and_the_runbook_and_refuses_invalid_posts(stack):
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
        # The demo has no bars of five minutes.
        text = text.replace("exporter-a:10200", address).replace(', "exporter-b:10200"', "").replace("[5m]", "[1m]")
        ways += yaml.safe_load(text)["scrape_configs"]
    for way in ways:
        way.pop("scrape_interval", None)
    with AlertingPrometheus(tmp_path, "first", address, None, interval="5s", scrapes=ways) as prometheus:
        pairs = 'count by (job) (pairs_hedge_ratio{pair="ETHUSDT-BTCUSDT", timeframe="1m", window="240"})'
        jobs = {"first", *(way["job_name"] for way in ways)}

        def found():
            return {sample["metric"]["job"] for sample in prometheus.query(pairs)}

        wait_until(lambda: found() == jobs, 300, f"{jobs}, found {found()}")

        def exporters():
            return {sample["metric"]["job"] for sample in prometheus.query("instance:pairs_exporter:up == 1")}

        # A probe is no exporter, whatever its job is called.
        wait_until(lambda: exporters() == {"first", "pairs"}, 120, f"two exporters, found {exporters()}")
