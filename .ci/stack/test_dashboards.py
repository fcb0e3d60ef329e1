"""Dashboards keep grafana's dashboard-linter's 17 rules and some of our own, and hold no field that Grafana lacks."""

import copy
import itertools
import json
import re

import promql_parser
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

import dashboards
import history
import promql
import shown

DASHBOARDS = dashboards.load()
EACH = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS.keys())
EXPECTED = {"pairs-overview", "pairs-pair", "pairs-diagnostics", "pairs-exporter"}
UNITS = r"none|string|short|percent|percentunit|s|ms|bytes|Bps|reqps|dateTimeFromNow|suffix:\S.*"
DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COUNTER_FUNCTIONS = {"rate", "irate", "increase"}

register_default_plugins()


def variable(dashboard: dict, name: str) -> dict:
    found = [entry for entry in dashboard["templating"]["list"] if entry["name"] == name]
    assert len(found) == 1, f"one variable {name}"
    return found[0]


def test_the_four_dashboards_are_there():
    assert set(DASHBOARDS) == EXPECTED
    assert all(name == dashboard["uid"] for name, dashboard in DASHBOARDS.items())


@EACH
def test_format_is_deterministic(dashboard):
    file = dashboards.REPOSITORY / f"grafana/dashboards/{dashboard['uid']}.json"
    assert file.read_text("utf-8") == dashboards.formatted(dashboard), "run python .ci/stack/dashboards.py"


def lost_fields(before, after, path="") -> list[str]:
    if isinstance(before, dict):
        if not isinstance(after, dict):
            return [path]
        return [
            lost
            for key, value in before.items()
            for lost in (lost_fields(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"])
        ]
    if isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            return [path]
        return [lost for i, (b, a) in enumerate(zip(before, after)) for lost in lost_fields(b, a, f"{path}[{i}]")]
    return [] if before == after else [path]


def round_trip(dashboard: dict) -> dict:
    return json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))


@EACH
def test_a_round_trip_through_the_foundation_sdk_loses_no_field(dashboard):
    # The SDK writes null as an absent field.
    known = without_null(dashboard)
    assert lost_fields(known, round_trip(known)) == []


@EACH
def test_neither_does_a_round_trip_of_what_overrides_set(dashboard):
    """The SDK accepts any property in an override, so each is tried as a default of its panel."""
    known = without_null(dashboard)
    for panel in dashboards.panels(known):
        defaults = panel["fieldConfig"]["defaults"]
        for override in panel["fieldConfig"]["overrides"]:
            for entry in override["properties"]:
                name = entry["id"].removeprefix("custom.")
                (defaults if name == entry["id"] else defaults["custom"])[name] = entry["value"]
    assert lost_fields(known, round_trip(known)) == []


def without_null(value):
    if isinstance(value, dict):
        return {key: without_null(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [without_null(entry) for entry in value]
    return value


def test_the_round_trip_finds_a_misspelt_field():
    dashboard = json.loads(json.dumps(DASHBOARDS["pairs-pair"]))
    panel = dashboards.panels(dashboard)[0]
    panel["fieldConfig"]["defaults"]["noValu"] = "x"
    panel["gridPoss"] = {}
    lost = lost_fields(without_null(dashboard), round_trip(without_null(dashboard)))
    assert sorted(path.rsplit(".", 1)[1] for path in lost) == ["gridPoss", "noValu"]


# The rules of grafana/dashboard-linter 0.2.0, by their names there.


@EACH
def test_template_datasource_rule(dashboard):
    found = [entry for entry in dashboard["templating"]["list"] if entry["type"] == "datasource"]
    assert [(entry["name"], entry["label"], entry["query"]) for entry in found] == [
        ("datasource", "Data source", "prometheus")
    ]


@pytest.mark.parametrize("name", ["job", "instance"])
@EACH
def test_template_job_rule_and_template_instance_rule(dashboard, name):
    entry = variable(dashboard, name)
    assert entry["label"] == name and entry["type"] == "query" and entry["datasource"] == DATA_SOURCE
    assert entry["multi"] and entry["includeAll"] and entry["allValue"] == ".+"


@EACH
def test_template_label_promql_rule(dashboard):
    for entry in dashboard["templating"]["list"]:
        if entry["type"] == "query":
            match = re.fullmatch(r"label_values\((.+), (\w+)\)", entry["query"]["query"])
            assert match and entry["definition"] == entry["query"]["query"], entry["name"]
            (selector,) = promql.selectors(match[1])
            assert selector.name.startswith("pairs_")


@EACH
def test_template_on_time_change_reload_rule(dashboard):
    assert all(entry["refresh"] == 2 for entry in dashboard["templating"]["list"] if entry["type"] == "query")


@EACH
def test_panel_datasource_rule(dashboard):
    for panel in dashboards.panels(dashboard):
        assert panel["datasource"] == DATA_SOURCE, panel["title"]
        assert all(target["datasource"] == DATA_SOURCE for target in panel["targets"]), panel["title"]


@EACH
def test_panel_title_description_rule(dashboard):
    for panel in dashboards.panels(dashboard):
        assert panel["title"] and panel["description"].endswith("."), panel["title"]


@EACH
def test_panel_units_rule(dashboard):
    for panel in dashboards.panels(dashboard):
        defaults = panel["fieldConfig"]["defaults"]
        assert re.fullmatch(UNITS, defaults.get("unit", "")) or defaults["mappings"], panel["title"]
        for override in panel["fieldConfig"]["overrides"]:
            for entry in override["properties"]:
                assert entry["id"] != "unit" or re.fullmatch(UNITS, entry["value"]), panel["title"]


@EACH
def test_panel_no_targets_rule(dashboard):
    for panel in dashboards.panels(dashboard):
        identifiers = [target["refId"] for target in panel["targets"]]
        assert identifiers and len(set(identifiers)) == len(identifiers), panel["title"]


@EACH
def test_target_promql_rule(dashboard):
    for title, target in dashboards.expressions(dashboard):
        assert promql.selectors(target["expr"]), title


@EACH
def test_target_rate_interval_rule(dashboard):
    for title, target in dashboards.expressions(dashboard):
        for selector in promql.selectors(target["expr"]):
            if COUNTER_FUNCTIONS & set(selector.functions):
                assert selector.range == promql.RATE_INTERVAL, (title, selector)


@EACH
def test_target_job_rule_and_target_instance_rule(dashboard):
    for title, target in dashboards.expressions(dashboard):
        for selector in promql.selectors(target["expr"]):
            # What the market does is one alert of all replicas, without labels of a target.
            end = "|" if selector.name == "ALERTS" else ""
            wanted = {("job", "Re", "JOB" + end), ("instance", "Re", "INSTANCE" + end)}
            assert wanted <= selector.matchers, (title, selector)


@EACH
def test_target_counter_agg_rule(dashboard):
    for title, target in dashboards.expressions(dashboard):
        for selector in promql.selectors(target["expr"]):
            if selector.name.endswith(("_total", "_bucket", "_count", "_sum")):
                assert COUNTER_FUNCTIONS & set(selector.functions), (title, selector)


@EACH
def test_target_logql_rule_and_target_logql_auto_rule(dashboard):
    """There are no logs: only Prometheus is queried."""
    assert {target["datasource"]["type"] for _, target in dashboards.expressions(dashboard)} == {"prometheus"}


@EACH
def test_uneditable_dashboard(dashboard):
    assert dashboard["editable"] is False


# Rules of our own.


@EACH
def test_it_can_be_provisioned_and_imported_anywhere(dashboard):
    assert dashboard["schemaVersion"] == 42 and dashboard["id"] is None
    assert len(dashboard["uid"]) <= 40 and "pairs" in dashboard["tags"]
    assert "__inputs" not in dashboard and "__requires" not in dashboard


@EACH
def test_every_panel_states_what_an_empty_one_means(dashboard):
    for panel in dashboards.panels(dashboard):
        assert panel["fieldConfig"]["defaults"]["noValue"], panel["title"]
        assert panel["fieldConfig"]["defaults"].get("custom", {}).get("spanNulls", False) is False, panel["title"]


@EACH
def test_variables_are_those_of_every_dashboard_and_each_is_used(dashboard):
    names = [entry["name"] for entry in dashboard["templating"]["list"]]
    of_readings = set() if dashboard["uid"] == "pairs-exporter" else {"timeframe", "window"}
    assert {"datasource", "job", "instance", "pair"} | of_readings <= set(names)
    text = json.dumps([dashboard["panels"], dashboard["links"]])
    for name in names:
        assert re.search(rf"\$({name}\b|\{{{name}[}}:])", text), name
    for entry in dashboard["templating"]["list"]:
        assert entry["label"] and entry["description"].endswith("."), entry["name"]


@EACH
def test_links_lead_to_the_other_dashboards_with_time_and_variables(dashboard):
    internal = {link["url"].split("?")[0]: link for link in dashboard["links"] if link["url"].startswith("/d/")}
    assert set(internal) == {f"/d/{uid}" for uid in EXPECTED - {dashboard["uid"]}}
    for link in internal.values():
        assert link["keepTime"]
        carried = set(re.findall(r"\$\{(\w+):queryparam\}", link["url"]))
        assert link["includeVars"] or {"datasource", "job", "instance"} <= carried, link["url"]
    for link in re.findall(r'"url": "(/d/[^"?]+\?[^"]*)"', json.dumps(dashboard["panels"])):
        assert link.split("?")[0].removeprefix("/d/") in EXPECTED
        assert "${__url_time_range}" in link and "${datasource:queryparam}" in link


@EACH
def test_no_link_narrows_the_overview_to_a_pair(dashboard):
    for link in dashboard["links"]:
        if link["url"].startswith("/d/pairs-overview"):
            assert not link["includeVars"] and not re.search("pair:|timeframe|window", link["url"]), link["url"]
    assert not re.search(r"/d/pairs-overview[^\"]*var-pair", json.dumps(dashboard["panels"]))


@EACH
def test_starts_of_alerts_are_marked(dashboard):
    (annotation,) = dashboard["annotations"]["list"]
    for selector in promql.selectors(annotation["expr"]):
        assert selector.name == "ALERTS" and ("alertstate", "Equal", "firing") in selector.matchers
    assert annotation["datasource"] == DATA_SOURCE and annotation["enable"]


@EACH
def test_panels_do_not_overlap(dashboard):
    boxes = [panel["gridPos"] for panel in dashboard["panels"]]
    identifiers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(identifiers)) == len(identifiers)
    assert all(box["x"] + box["w"] <= 24 for box in boxes)
    for a, b in itertools.combinations(boxes, 2):
        apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"] or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert apart, (a, b)


def test_no_z_score_is_computed_from_a_series_of_spreads():
    """Each point of pairs_spread has a fit of its own; functions over time would mix their parameters."""
    for dashboard in DASHBOARDS.values():
        for title, target in dashboards.expressions(dashboard):
            for selector in promql.selectors(target["expr"]):
                assert selector.name != "pairs_spread" or selector.range is None, title


def test_the_pair_dashboard_leads_to_a_fit_over_any_window():
    urls = [link["url"] for link in DASHBOARDS["pairs-pair"]["links"]]
    assert "${exporter}/probe?pair=${pair}&timeframe=${ask_timeframe}&window=${ask_window}&debug=true" in urls
    assert "${exporter}/api/v1/pairs/${pair}" in urls


# Series of readings come from /probe too, with the name of a pair as `instance`, and from each replica.

OF_A_PAIR = {name for name, _, labels in history.families() if "pair" in labels} | {
    name for name, labels in history.OF_PROMETHEUS.items() if "pair" in labels
}
OF_TARGETS = {"job", "instance"}


def carries(node, faults: list[str], joined, fault) -> bool:
    """Whether the value of an expression still has series of a kind, of which each metric of a pair has some.

    `joined` decides it for a binary operation, from the node and both sides. `fault` names what is wrong with an
    aggregation that loses job and instance, if anything is; `faults` gets it.
    """
    if isinstance(node, promql_parser.VectorSelector):
        return node.name in OF_A_PAIR
    if isinstance(node, promql_parser.MatrixSelector):
        return carries(node.vector_selector, faults, joined, fault)
    if isinstance(node, promql_parser.Call):
        return any([carries(argument, faults, joined, fault) for argument in node.args])
    if isinstance(node, promql_parser.BinaryExpr):
        return joined(node, carries(node.lhs, faults, joined, fault), carries(node.rhs, faults, joined, fault))
    found = carries(node.expr, faults, joined, fault) if hasattr(node, "expr") else False
    if isinstance(node, promql_parser.AggregateExpr) and not keeps_targets(node):
        if found and (name := fault(node)):
            faults.append(f"{name}: {node}")
        return False
    return found


def joined_probes(node, left: bool, right: bool) -> bool:
    """Whether series of /probe, which have a job and an instance of their own, come through a binary operation."""
    operator, matching = str(node.op), node.modifier and node.modifier.matching
    by_target = matching is None or OF_TARGETS <= set(matching.labels)
    if operator == "unless":
        return left and "probe_success" not in str(node.rhs)
    if operator == "and":
        return left and (right or not by_target)
    if operator == "or" or not by_target or not (is_vector(node.lhs) and is_vector(node.rhs)):
        return left or right
    return left and right


def joined_replicas(node, left: bool, right: bool) -> bool:
    """Whether a reading comes once for each replica out of a binary operation."""
    return left if str(node.op) in ("and", "unless") else left or right


def keeps_targets(node) -> bool:
    return node.modifier is not None and OF_TARGETS <= set(node.modifier.labels)


def is_vector(node) -> bool:
    if isinstance(node, promql_parser.ParenExpr | promql_parser.UnaryExpr):
        return is_vector(node.expr)
    return not isinstance(node, promql_parser.NumberLiteral)


def mixed(expression: str) -> list[str]:
    tree = promql_parser.parse(promql.filled(expression, promql.VARIABLES))
    faults = []
    if carries(tree, faults, joined_probes, lambda _: "mixes probes"):
        faults.append("shows probes")
    carries(tree, faults, joined_replicas, lambda node: "counts replicas" if str(node.op) in ("sum", "count") else None)
    return faults


@EACH
def test_readings_are_those_of_metrics_and_counted_once(dashboard):
    for title, target in dashboards.expressions(dashboard):
        assert mixed(target["expr"]) == [], title


def test_probes_and_replicas_that_are_mixed_are_found():
    no_probes = "unless on (job, instance) probe_success"
    for expression, faults in {
        "pairs_leg_up": 1,
        f"pairs_leg_up {no_probes}": 0,
        "avg(pairs_spread)": 1,
        f"avg(pairs_spread {no_probes})": 0,
        f"avg(pairs_spread {no_probes}) / avg(pairs_spread_stddev)": 1,
        f"avg(pairs_spread / pairs_spread_stddev {no_probes})": 0,
        f"avg(pairs_spread or pairs_spread_stddev {no_probes})": 1,
        f"count(pairs_spread {no_probes})": 1,
        f"count(max by (pair) (pairs_spread {no_probes}))": 0,
        f"sum by (signal) (increase(pairs_signal_entries_total[5m]) {no_probes})": 1,
        "sum(rate(pairs_feed_frames_total[5m]))": 0,
    }.items():
        assert len(mixed(expression)) == faults, expression


# A panel must not show a colour or a number that looks like that of an exporter that answers.

WARNING = {"severity": "warning", "pair": history.PAIR, "timeframe": history.TIMEFRAME, "window": history.WINDOW}
BREAKDOWN = {"alertname": "PairsCorrelationBreakdown", "signal": "correlation_breakdown"} | WARNING
EXTREME = {"alertname": "PairsZScoreExtreme", "signal": "zscore_extreme"} | WARNING | {"severity": "info"}
FEED_DOWN = {"alertname": "PairsFeedDown", "severity": "critical", "venue": history.VENUE} | history.TARGET
EXPORTER_DOWN = {"alertname": "PairsExporterDown", "severity": "critical"} | history.TARGET
ALERTS = {
    "breakdown": BREAKDOWN,
    "breakdown of another pair": BREAKDOWN | {"pair": "B-A"},
    "breakdown of another window": BREAKDOWN | {"window": "60"},
    "extreme": EXTREME,
    "leg": {"alertname": "PairsLegDown", "severity": "warning", "pair": history.PAIR, "leg": "y"},
    "feed": FEED_DOWN,
    "feed of another exporter": FEED_DOWN | {"instance": "b:10200"},
}
OF_A_READING = {"breakdown", "leg"}
MARKED = {
    "pairs-overview": {"breakdown", "breakdown of another window", "leg"},
    "pairs-pair": OF_A_READING,
    "pairs-diagnostics": OF_A_READING,
    "pairs-exporter": {"feed", "leg"},
}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    alerts = [(labels, 900, 600) for labels in ALERTS.values()]
    # This one fires now.
    alerts.append((EXPORTER_DOWN, 30, 0))
    server = history.Prometheus(tmp_path_factory.mktemp("prometheus"), alerts)
    yield server
    server.stop()


def filled(dashboard: dict, expression: str, **others: str) -> str:
    """The expression with everything selected, or with one reading on the dashboards of one reading."""
    values = {f"${entry['name']}": ".+" for entry in dashboard["templating"]["list"]}
    if dashboard["uid"] in ("pairs-pair", "pairs-diagnostics"):
        values |= {"$pair": history.PAIR, "$timeframe": history.TIMEFRAME, "$window": history.WINDOW}
    values |= {"$__rate_interval": "30s", "$__range": f"{history.LENGTH}s", "$__interval": "15s"}
    return promql.filled(expression, values | {f"${name}": value for name, value in others.items()})


def now_shown(prometheus, dashboard: dict, panel: dict, at: float | None = None, **others: str) -> list[shown.Shown]:
    """The panel's display of the present: its last values, or its text where there are none."""
    found = []
    for target in panel["targets"]:
        expression = filled(dashboard, target["expr"], **others)
        if panel["type"] == "state-timeline" or target["instant"]:
            found += [(s["metric"], s["value"]) for s in prometheus.query(expression, at)]
        else:
            # A stat shows the last value of the complete time range.
            found += [(s["metric"], s["values"][-1]) for s in prometheus.query_range(expression, 900, 15, at)]
    if not found:
        return shown.of_nothing(panel)
    return [one for labels, (_, value) in found for one in shown.of_value(panel, float(value), labels)]


def panels_of_now(dashboard: dict) -> list[dict]:
    return [panel for panel in dashboards.panels(dashboard) if panel["type"] in shown.KINDS_OF_NOW]


def faults(prometheus, dashboard: dict, **others: str) -> dict[str, list[shown.Shown]]:
    """Panels that are green or show a number, although there is nothing to show."""
    seen = {panel["title"]: now_shown(prometheus, dashboard, panel, **others) for panel in panels_of_now(dashboard)}
    bad = {title: [one for one in all if one.number or shown.is_green(one.colour)] for title, all in seen.items()}
    return {title: ones for title, ones in bad.items() if ones}


@EACH
def test_panels_of_now_show_a_value_while_the_exporter_answers(prometheus, dashboard):
    """Otherwise the two checks below prove nothing."""
    before = prometheus.died - history.SILENCE
    for panel in panels_of_now(dashboard):
        assert now_shown(prometheus, dashboard, panel, before) != shown.of_nothing(panel), panel["title"]


@EACH
def test_nothing_is_green_or_a_number_where_no_series_is(prometheus, dashboard):
    assert faults(prometheus, dashboard, job="nothing", instance="nothing") == {}


@EACH
def test_nothing_is_green_or_a_number_while_the_exporter_is_dead(prometheus, dashboard):
    assert faults(prometheus, dashboard) == {}


@EACH
def test_a_dead_exporter_is_seen_on_each_dashboard(prometheus, dashboard):
    """A value shows it; that values are missing is not enough."""
    seen = {panel["title"]: now_shown(prometheus, dashboard, panel) for panel in panels_of_now(dashboard)}
    nothing = {panel["title"]: shown.of_nothing(panel) for panel in panels_of_now(dashboard)}
    assert any("red" in one.colour for title, all in seen.items() if all != nothing[title] for one in all)


def test_a_green_zero_and_an_old_number_are_found(prometheus):
    dashboard = copy.deepcopy(DASHBOARDS["pairs-overview"])
    panel = next(panel for panel in dashboards.panels(dashboard) if panel["title"] == "Legs down")
    target, defaults = panel["targets"][0], panel["fieldConfig"]["defaults"]
    assert faults(prometheus, dashboard) == {}
    expression = target["expr"]
    target["expr"] = f"{expression} or vector(0)"
    assert set(faults(prometheus, dashboard)) == {"Legs down"}
    target["expr"] = 'sum(last_over_time(pairs_leg_up{job=~"$job"}[5m]))'
    assert set(faults(prometheus, dashboard)) == {"Legs down"}
    target |= {"expr": expression, "instant": False}
    assert set(faults(prometheus, dashboard)) == {"Legs down"}
    target["instant"] = True
    defaults["thresholds"]["steps"][0]["color"] = "green"
    assert set(faults(prometheus, dashboard)) == {"Legs down"}


@EACH
def test_the_base_of_thresholds_is_neutral(dashboard):
    for panel in dashboards.panels(dashboard):
        if panel["type"] in shown.KINDS_OF_NOW | {"table", "status-history"}:
            for configuration in shown.configurations(panel):
                base = configuration["thresholds"]["steps"][0]["color"]
                assert not shown.is_green(base), panel["title"]


@EACH
def test_state_timelines_have_the_colours_of_their_mappings(dashboard):
    assert colourless_timelines(dashboard) == []


def colourless_timelines(dashboard: dict) -> list[str]:
    """With `mergeValues`, Grafana uses colours by thresholds and ignores mappings. A pager hides rows."""
    return [
        panel["title"]
        for panel in dashboards.panels(dashboard)
        if panel["type"] in ("state-timeline", "status-history")
        and (
            "perPage" in panel["options"]
            or any(
                panel["options"].get("mergeValues") and c["color"]["mode"] == "thresholds" and c["mappings"]
                for c in shown.configurations(panel)
            )
        )
    ]


def test_a_timeline_in_the_colour_of_a_threshold_is_found():
    dashboard = copy.deepcopy(DASHBOARDS["pairs-exporter"])
    panel = next(panel for panel in dashboards.panels(dashboard) if panel["title"] == "Streams")
    panel["fieldConfig"]["defaults"]["color"] = {"mode": "thresholds"}
    assert colourless_timelines(dashboard) == ["Streams"]


@pytest.mark.parametrize("window", shown.NAVIGATION)
@EACH
def test_titles_fit(dashboard, window):
    cut = [panel["title"] for panel in dashboards.panels(dashboard) if not shown.title_fits(panel, window)]
    assert cut == []


def test_a_title_that_does_not_fit_is_found():
    """With eight panels in a row at 1600 pixels, Grafana cuts three of these titles."""
    titles = {"Pairs watched": False, "Legs without data": False, "Alerts firing": False, "Feeds": True, "Largest |z|": True}
    for title, fits in titles.items():
        assert shown.title_fits({"title": title, "gridPos": {"w": 3}}, 1600) == fits, title


@EACH
def test_marks_are_starts_of_alerts_of_the_dashboards_own_scope(prometheus, dashboard):
    (annotation,) = dashboard["annotations"]["list"]
    step = int(annotation["step"].removesuffix("s"))
    expression = filled(dashboard, annotation["expr"], pair=history.PAIR, job=history.JOB, instance=history.INSTANCE)
    marks = {}
    for series in prometheus.query_range(expression, history.LENGTH, step, prometheus.started):
        labels = {name: value for name, value in series["metric"].items() if name not in ("__name__", "alertstate")}
        if labels != EXPORTER_DOWN:
            (alert,) = [name for name, alert in ALERTS.items() if alert == labels]
            marks[alert] = series["values"]
    assert set(marks) == MARKED[dashboard["uid"]]
    assert all(len(values) == 1 for values in marks.values()), "an alert has a mark at its start only"
