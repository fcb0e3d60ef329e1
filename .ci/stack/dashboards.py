"""The dashboards of grafana/dashboards as they are stored.

`python .ci/stack/dashboards.py` writes them in the one format that the check accepts, after an export from Grafana.
"""

import json
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((REPOSITORY / "grafana/dashboards").glob("*.json"))


def formatted(dashboard: dict) -> str:
    return json.dumps(dashboard, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def load() -> dict[str, dict]:
    return {file.stem: json.loads(file.read_text("utf-8")) for file in FILES}


def panels(dashboard: dict) -> list[dict]:
    """Panels that show data; rows are headings."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(dashboard: dict) -> list[tuple[str, dict]]:
    """The title of the panel and its query, for every query of a dashboard."""
    return [(panel["title"], target) for panel in panels(dashboard) for target in panel["targets"]]


if __name__ == "__main__":
    for file in FILES:
        file.write_text(formatted(json.loads(file.read_text("utf-8"))), "utf-8")
