"""Grafana's display of a panel: the text and colour of a value, and whether its title fits."""

import dataclasses
import re

# The panels whose colour or number is read as the state of now.
KINDS_OF_NOW = {"stat", "gauge", "bargauge", "state-timeline"}

# Width of each character of a panel's title in pixels; one that is not listed counts as the widest.
TITLE_WIDTHS = {
    "ijl": 3.7, " ": 3.9, "I": 4, ",.:": 4.4, "t'": 4.5, "f": 4.9, "|": 5, "()/": 5.3, "r": 5.7, "1": 6, "-": 6.6, "s": 7.7,
    "kxz": 8, "aL": 8.1, "cvyJ": 8.2, "7eF": 8.4, "hnouEβ": 8.6, "25bdgpq": 8.8, "3": 8.9, "σ": 9, "689": 9, "PZ": 9.1,
    "0RS": 9.2, "4BT": 9.3, "×": 9.5, "K": 9.8, "Y": 9.9, "X": 10, "ADV": 10.3, "C": 10.4, "U": 10.5, "GH": 10.6, "N": 10.7,
    "OQ": 10.9, "w": 11.8, "m": 12.6, "M": 12.9, "%": 14.1,
}
WIDEST = 14.5
# Padding of a panel, the sign of its description, and the place that its menu keeps free.
BESIDE_TITLE = 74
GRID_COLUMNS, GRID_MARGIN, PAGE_PADDING = 24, 8, 32
# Width of a window in pixels with that of the navigation, which Grafana keeps open on a wide one.
NAVIGATION = {1600: 300, 1000: 0}


@dataclasses.dataclass(frozen=True)
class Shown:
    """A text with its colour; `number` where the text is a value of the query."""

    text: str
    colour: str
    number: bool = False


def panel_width(columns: int, window: int) -> float:
    """Width in pixels of a panel with a number of columns of the grid."""
    content = window - NAVIGATION[window] - PAGE_PADDING
    column = (content - (GRID_COLUMNS - 1) * GRID_MARGIN) / GRID_COLUMNS
    return columns * column + (columns - 1) * GRID_MARGIN


def title_width(title: str) -> float:
    widths = {character: width for characters, width in TITLE_WIDTHS.items() for character in characters}
    return sum(widths.get(character, WIDEST) for character in title)


def title_fits(panel: dict, window: int) -> bool:
    return title_width(panel["title"]) <= panel_width(panel["gridPos"]["w"], window) - BESIDE_TITLE


def is_green(colour: str) -> bool:
    if re.fullmatch("#[0-9a-fA-F]{6}", colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return green > red + 30 and green > blue + 30
    return "green" in colour


def configurations(panel: dict) -> list[dict]:
    """The settings that may apply to a value: the defaults, and the defaults with each override."""
    defaults = panel["fieldConfig"]["defaults"]
    overrides = panel["fieldConfig"]["overrides"]
    return [defaults, *(defaults | {p["id"]: p["value"] for p in o["properties"]} for o in overrides)]


def of_nothing(panel: dict) -> list[Shown]:
    return [_of_nothing(panel, configuration) for configuration in configurations(panel)]


def of_value(panel: dict, value: float, labels: dict[str, str]) -> list[Shown]:
    return [_of_value(panel, configuration, value, labels) for configuration in configurations(panel)]


def _of_nothing(panel: dict, configuration: dict) -> Shown:
    text, colour = configuration.get("noValue", "No data"), None
    for mapping in configuration.get("mappings", []):
        if mapping["type"] == "special" and mapping["options"]["match"] in ("null", "null+nan", "empty"):
            result = mapping["options"]["result"]
            text, colour = result.get("text") or text, result.get("color")
    number = re.fullmatch(r"[-+]?[\d.,]+( ?%)?", text) is not None
    return Shown(text, colour or _colour(panel, configuration, None), number)


def _of_value(panel: dict, configuration: dict, value: float, labels: dict[str, str]) -> Shown:
    fields = panel["options"].get("reduceOptions", {}).get("fields", "")
    label = next((labels[name] for name in sorted(labels) if fields and re.search(fields.strip("/"), name)), None)
    for mapping in configuration.get("mappings", []):
        result = _result(mapping, value, label)
        if result is not None:
            text = result.get("text") or label
            colour = result.get("color") or _colour(panel, configuration, value)
            return Shown(text or f"{value:g}", colour, text is None)
    return Shown(label or f"{value:g}", _colour(panel, configuration, value), label is None)


def _result(mapping: dict, value: float, label: str | None) -> dict | None:
    options = mapping["options"]
    if mapping["type"] == "value":
        return options.get(label if label is not None else f"{value:g}")
    if mapping["type"] == "range" and label is None:
        low, high = options.get("from"), options.get("to")
        if (low is None or value >= low) and (high is None or value <= high):
            return options["result"]
    if mapping["type"] == "regex" and label is not None and re.search(options["pattern"].strip("/"), label):
        return options["result"]
    return None


def _colour(panel: dict, configuration: dict, value: float | None) -> str:
    if panel["options"].get("colorMode") == "none":
        return "text"
    colour = configuration["color"]
    if colour["mode"] == "fixed":
        return colour.get("fixedColor", "text")
    if colour["mode"] != "thresholds":
        return "palette"
    steps = configuration["thresholds"]["steps"]
    passed = [s for s in steps if s["value"] is None or (value is not None and value >= s["value"])]
    return passed[-1]["color"]
