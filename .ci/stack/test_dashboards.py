"""Dashboards keep grafana's dashboard-linter's 17 rules and some of our own, and hold no field that Grafana lacks."""

import itertools
import json
import re

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

import dashboards
import promql

DASHBOARDS = dashboards.load()
EACH = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS.keys())
EXPECTED = {"pairs-overview", "pairs-pair", "pairs-diagnostics", "pairs-exporter"}
UNITS = {"none", "short", "percent", "percentunit", "s", "ms", "bytes", "Bps", "ops", "reqps", "dateTimeFromNow"}
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
    """The SDK takes any property in an override, so each is tried as a default of its panel."""
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
        assert defaults.get("unit") in UNITS or defaults["mappings"], panel["title"]
        for override in panel["fieldConfig"]["overrides"]:
            for entry in override["properties"]:
                assert entry["id"] != "unit" or entry["value"] in UNITS, panel["title"]


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
            assert {("job", "Re", "JOB"), ("instance", "Re", "INSTANCE")} <= selector.matchers, (title, selector)


@EACH
def test_target_counter_agg_rule(dashboard):
    for title, target in dashboards.expressions(dashboard):
        for selector in promql.selectors(target["expr"]):
            if selector.name.endswith(("_total", "_bucket", "_count", "_sum")):
                assert COUNTER_FUNCTIONS & set(selector.functions), (title, selector)


@EACH
def test_target_logql_rule_and_target_logql_auto_rule(dashboard):
    """There are no logs: nothing but Prometheus is asked."""
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
def test_every_panel_says_what_an_empty_one_means(dashboard):
    for panel in dashboards.panels(dashboard):
        assert panel["fieldConfig"]["defaults"]["noValue"], panel["title"]
        assert panel["fieldConfig"]["defaults"].get("custom", {}).get("spanNulls", False) is False, panel["title"]


@EACH
def test_variables_are_those_of_every_dashboard_and_each_is_used(dashboard):
    names = [entry["name"] for entry in dashboard["templating"]["list"]]
    assert {"datasource", "job", "instance", "pair", "timeframe", "window"} <= set(names)
    text = json.dumps([dashboard["panels"], dashboard["links"]])
    for name in names:
        assert re.search(rf"\$({name}\b|\{{{name}[}}:])", text), name
    for entry in dashboard["templating"]["list"]:
        assert entry["label"] and entry["description"].endswith("."), entry["name"]


@EACH
def test_links_lead_to_the_other_dashboards_with_time_and_variables(dashboard):
    internal = [link for link in dashboard["links"] if link["url"].startswith("/d/")]
    assert {link["url"] for link in internal} == {f"/d/{uid}" for uid in EXPECTED - {dashboard["uid"]}}
    assert all(link["keepTime"] and link["includeVars"] for link in internal)
    for link in re.findall(r'"url": "(/d/[^"?]+\?[^"]*)"', json.dumps(dashboard["panels"])):
        assert link.split("?")[0].removeprefix("/d/") in EXPECTED
        assert "${__url_time_range}" in link and "${datasource:queryparam}" in link


@EACH
def test_firing_alerts_are_marked(dashboard):
    (annotation,) = dashboard["annotations"]["list"]
    (selector,) = promql.selectors(annotation["expr"])
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
