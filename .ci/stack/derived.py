"""Files made from the rules of Prometheus: the same rules for the Prometheus operator, and for Grafana to manage.

`python .ci/stack/derived.py` writes the files; a test compares them.
"""

import pathlib
import re

import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
RULES = [REPOSITORY / f"prometheus/rules/pairs-{name}.yml" for name in ("recording", "signals", "exporter")]
OPERATOR_RULES = REPOSITORY / "prometheus/kubernetes/prometheusrule.yaml"
GRAFANA_RULES = REPOSITORY / "grafana/provisioning/alerting/rules.yml"

OPERATOR_HEAD = """\
# Made from prometheus/rules by .ci/stack/derived.py. Put the labels that your Prometheus selects rules by.
"""
GRAFANA_HEAD = """\
# Made from the alerts in prometheus/rules by .ci/stack/derived.py, for a Grafana that shall evaluate and send them.
#
# Off unless PAIRS_ALERT_RULES_PAUSED is false in Grafana's environment (ALERTS=grafana does it in docker-compose.yml,
# which also stops Prometheus from sending): with both on, every alert would come twice. The recording rules stay with
# Prometheus either way.
"""


class Dumper(yaml.SafeDumper):
    """Block style throughout, long texts folded, several lines as they are."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def _text(dumper: Dumper, value: str):
    style = "|" if "\n" in value else ">" if len(value) > 90 and " " in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


Dumper.add_representer(str, _text)


def rule_groups() -> list[dict]:
    return [group for file in RULES for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]


def alerts() -> list[dict]:
    return [rule for group in rule_groups() for rule in group["rules"] if "alert" in rule]


def _dumped(head: str, document: dict) -> str:
    return head + yaml.dump(document, Dumper=Dumper, sort_keys=False, width=110, allow_unicode=True)


def _for_operator(group: dict) -> dict:
    """The operator's default interval, 30 s, is too long for an alert that shall arrive within a minute."""
    return {"name": group["name"], "interval": "15s", "rules": group["rules"]}


def operator_rules() -> str:
    metadata = {"name": "pairs-exporter", "labels": {"app.kubernetes.io/name": "pairs-exporter"}}
    return _dumped(
        OPERATOR_HEAD,
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": metadata,
            "spec": {"groups": [_for_operator(group) for group in rule_groups()]},
        },
    )


# A clause that queries a value from Prometheus, with the text without an answer.
CLAUSE = re.compile(r"\{\{ with [^|]*\| query \}\}(.*?)\{\{ end \}\}", re.S)


def _in_grafana(text: str) -> str:
    """Templates of Grafana cannot query, and the value of a query is `$values.A.Value` instead of `$value`."""
    text = CLAUSE.sub(lambda clause: clause[1].partition("{{ else }}")[2], text)
    return re.sub(r"\$value\b", "$values.A.Value", " ".join(text.split()))


def _grafana_rule(rule: dict) -> dict:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", rule["alert"]).lower()
    query = {
        "refId": "A",
        "relativeTimeRange": {"from": 600, "to": 0},
        "datasourceUid": "pairs-prometheus",
        "model": {"refId": "A", "expr": rule["expr"], "instant": True, "range": False, "editorMode": "code"},
    }
    # A query returns only what alerts, so any number counts, zero too.
    condition = {
        "refId": "B",
        "datasourceUid": "__expr__",
        "model": {
            "refId": "B",
            "type": "threshold",
            "expression": "A",
            "conditions": [{"type": "query", "evaluator": {"type": "gt", "params": [-1e300]}}],
        },
    }
    return {
        "uid": name,
        "title": rule["alert"],
        "condition": "B",
        "data": [query, condition],
        "noDataState": "OK",
        "execErrState": "Error",
        "for": rule["for"],
        "keepFiringFor": rule["keep_firing_for"],
        "isPaused": "${PAIRS_ALERT_RULES_PAUSED}",
        "labels": rule["labels"],
        "annotations": {key: _in_grafana(value) for key, value in rule["annotations"].items()},
    }


def grafana_rules() -> str:
    groups = [
        {
            "orgId": 1,
            "name": group["name"],
            "folder": "Pairs",
            "interval": "15s",
            "rules": [_grafana_rule(rule) for rule in group["rules"]],
        }
        for group in rule_groups()
        if any("alert" in rule for rule in group["rules"])
    ]
    return _dumped(GRAFANA_HEAD, {"apiVersion": 1, "groups": groups})


if __name__ == "__main__":
    OPERATOR_RULES.write_text(operator_rules(), "utf-8")
    GRAFANA_RULES.write_text(grafana_rules(), "utf-8")
