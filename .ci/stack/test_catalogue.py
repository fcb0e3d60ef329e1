"""Every metric that dashboards and rules name exists, and every family is shown or left out for a reason."""

import re

import dashboards
import derived
import promql
import test_rules

# Made by Prometheus itself, or by /probe.
OF_PROMETHEUS = {"up", "ALERTS", "scrape_duration_seconds", "scrape_samples_scraped", "probe_success"}

NOT_SHOWN = {
    "pairs_clock_steps_total": "rare; the log says by how much, and the offset of each venue is shown",
    "pairs_store_damaged_rows_total": "counted at start alone; the log names each row",
    "pairs_trade_volume_total": "differs in unit from one instrument to the next; a query of one's own",
    "process_max_fds": "a limit that only matters beside process_open_fds near it",
    "process_virtual_memory_max_bytes": "unlimited on almost every system",
}


def catalogue() -> dict[str, str]:
    """Names and types from the table in the README, which a test compares with the program's own catalogue."""
    readme = (derived.REPOSITORY / "README.md").read_text("utf-8")
    table = readme[readme.index("<!-- metrics:") : readme.index("<!-- end of metrics -->")]
    return dict(re.findall(r"^\| `([a-z0-9_]+)` \| (\w+) \|", table, re.M))


def exposed_names() -> dict[str, str]:
    """Each name of a series with its family."""
    return {
        name + suffix: name
        for name, kind in catalogue().items()
        for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))
    }


def used() -> dict[str, str]:
    """Each metric that is used, with one place of its use."""
    names = {}
    for dashboard in dashboards.load().values():
        for title, target in dashboards.expressions(dashboard):
            for selector in promql.selectors(target["expr"]):
                names[selector.name] = f"{dashboard['uid']}: {title}"
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                for selector in promql.selectors(variable["query"]["query"].split("(", 1)[1].rsplit(",", 1)[0]):
                    names[selector.name] = f"{dashboard['uid']}: {variable['name']}"
    for group in derived.rule_groups():
        for rule in group["rules"]:
            for selector in promql.selectors(rule["expr"]):
                names[selector.name] = rule.get("alert") or rule["record"]
    return names


def test_every_metric_that_is_used_exists():
    recorded = {rule["record"] for group in derived.rule_groups() for rule in group["rules"] if "record" in rule}
    known = set(exposed_names()) | recorded | OF_PROMETHEUS
    assert {name: place for name, place in used().items() if name not in known} == {}


def test_every_metric_that_the_runbook_asks_for_exists():
    recorded = {rule["record"] for group in derived.rule_groups() for rule in group["rules"] if "record" in rule}
    known = set(exposed_names()) | recorded | OF_PROMETHEUS
    queries = [command[4] for command in test_rules.commands(test_rules.RUNBOOK) if command[0] == "promtool"]
    names = {selector.name for query in queries for selector in promql.selectors(query) if selector.name}
    assert names - known == set()


def test_every_recording_rule_is_used():
    recorded = {rule["record"] for group in derived.rule_groups() for rule in group["rules"] if "record" in rule}
    assert recorded - set(used()) == set()


def test_every_family_is_used_or_left_out_for_a_reason():
    families = exposed_names()
    shown = {families[name] for name in used() if name in families}
    assert set(catalogue()) - shown - set(NOT_SHOWN) == set()
    assert set(NOT_SHOWN) & shown == set() and set(NOT_SHOWN) <= set(catalogue())
