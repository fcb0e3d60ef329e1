#!/usr/bin/env python3
"""Measures the reliability of the published results, and writes CALIBRATION.md.

usage: calibrate.py [--pairs N] [--only ROW]... [--jobs N] [--seed N] [--exporter BINARY] [--output FILE]

The program Calibration replays simulated pairs, whose truth is known, through the computation of the exporter. A few
of these pairs are also imported and exported by the real program, whose readings must be the same to the last bit. The
same seed gives the same figures. With --only the rows named (1 to 9, 16, evidence and z) are printed, and no file is written.
"""

import argparse
import csv
import io
import json
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

from release_build import built

HERE = pathlib.Path(__file__).resolve().parent
ROWS = "1 2 3 4 5 6 7 8 9 16 evidence z".split()
HEADINGS = {
    "1": "1 · Confidence",
    "2": "2 · Proven",
    "3": "3 · Error of the hedge ratio",
    "4": "4 · Half-life",
    "5": "5 · A leg that reverts by itself",
    "6": "6 · P-values",
    "7": "7 · Volatility ratio",
    "8": "8 · Correlation breakdown",
    "9": "9 · Break monitor",
    "16": "16 · Past extremes",
    "evidence": "Run length of the evidence",
    "z": "Base rates of the z-score",
}

REMARKS = {
    "2": "Bounce of 2 σ at a correlation of 0.9: price noise larger than the innovations looks like a reverting spread. The"
    " bootstrap removes it by a moving-average sieve; without its exception for spreads that revert within a bar the figures"
    " are lower, but then the same asset on two venues is proven in a quarter of the cases only. Half-life W/20 in GARCH"
    " loses power to the bootstrap; a looser threshold fails the unrelated pairs.",
    "4": "A half-life of a quarter of the window is estimated from a handful of returns to the mean: the error of the median is"
    " as large as its bound.",
    "6": "The bootstrap runs only where the table's p is below 0.1, so that both must agree: a little below 5 % in calm markets"
    ". Above it: bounce (see row 2) and a burst inside one window.",
    "7": "The window's width is a standard deviation. In t(3) it is larger than a robust width, which lowers the ratio; with a"
    " robust width false spikes pass 0.2 %. GARCH makes spikes of its own, so that tripled innovations stand out less.",
    "8": "Tried: Fisher's z, Kendall's tau, normal scores, Spearman, slope tests, block standard errors, conjunctions, and the"
    " likelihood ratio that is used. None keeps GARCH below 0.1 false beginnings and finds 90 % there: legs with independent"
    " volatilities lose correlation for a while without coming apart. A logistic fit of 22 statistics finds 86 to 96 %.",
    "9": "Tried: CUSUM and MOSUM of frozen residuals, likelihood ratios on rolling, frozen, refreshed and recursive fits (the"
    " issue's MOSUM-60 finds 53 % and 76 %). Armed as soon as a pair is proven, the monitor finds more level shifts (Gaussian"
    " 59 %, t(3) 50 %, GARCH 69 % at a half-life of 8) and raises more false alarms (5, 8 and 7 %; at a half-life of 20, 16"
    " to 31 %): the windows that prove a pair revert by chance faster than it does. In t(3) a jump of 3 s.d. is an ordinary"
    " innovation, so that a level shift takes longer than 60 bars.",
}
"""Why figures of a row miss, and what was tried."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=300, help="pairs per cell whose replays run all tests")
    parser.add_argument("--only", action="append", default=[], choices=ROWS, help="only this row; repeatable")
    parser.add_argument("--jobs", type=int, default=2, help="threads")
    parser.add_argument("--seed", type=int, default=20_261_130)
    parser.add_argument("--exporter", type=pathlib.Path, help="the real program; built where none is named")
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "CALIBRATION.md")
    options = parser.parse_args()

    start = time.monotonic()
    calibration = built("Calibration")
    check = None if options.only else compare(calibration, options.exporter or built("pairs-exporter"))
    numbers = ["--pairs", str(options.pairs), "--jobs", str(options.jobs), "--seed", str(options.seed)]
    tables = [json.loads(line) for line in answer(calibration, *numbers, *options.only).splitlines()]
    log(f"{time.monotonic() - start:.0f} s in all")
    if options.only:
        print("\n".join(body(tables)))
    else:
        options.output.write_text("\n".join([*head(options, tables, check), *body(tables)]) + "\n")
        log(f"written: {options.output}")
    if check and not check.is_same:
        sys.exit(check.text)


def answer(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def head(options, tables, check):
    """What was run, whether the program does the same, and what misses its requirement."""
    lines = [
        "# Calibration",
        "",
        "What the published judgements are worth, on simulated pairs whose truth is known. Written by",
        "",
        "```sh",
        "python3 Benchmarks/calibrate.py" + (f" --pairs {options.pairs}" if options.pairs != 300 else "")
        + (f" --seed {options.seed}" if options.seed != 20_261_130 else ""),
        "```",
        "",
        f"- {options.pairs} pairs per cell, more where they cost less; seed {options.seed}: the same figures on every"
        " run.",
        "- Bars of 1m, a window of 240 bars (W) where nothing else is said, default settings and thresholds.",
        "- ± is one standard error, clustered by pair. Where nothing varies (0 or 100 %) it is the distance to the figure "
        "with one pair more or less, among bars with one bar more.",
        "- Markets: normal innovations; Student's t(3); GARCH(1,1) with α 0.1 and β 0.88; bid-ask bounce of 0.7 or 2 "
        "standard deviations of an innovation (σ); y trades in 30 % of the bars (stale leg); five times the volatility "
        "for 100 bars; a leg that reverts by itself against a walk (pegged leg).",
        "- A figure beyond its bound is MISSED; by less than two standard errors it may be chance.",
        f"- {check.text}",
        "",
    ]
    missed = [
        f"- {HEADINGS[table['row']]}: {figure['line']}, {figure['column']}: {text(figure)}, required "
        f"{requirement(figure)}, {distance(figure):.1f} standard errors beyond"
        for table in tables for figure in table["figures"] if not is_met(figure)
    ]
    rows = dict.fromkeys(
        table["row"] for table in tables if not all(is_met(figure) for figure in table["figures"])
    )
    remarks = [f"- Row {row}: {REMARKS[row]}" for row in rows if row in REMARKS]
    return lines + ["## Missed", ""] + (missed or ["Nothing."]) + [""] + (["Why:", "", *remarks, ""] if remarks else [])


def body(tables):
    lines = []
    row = None
    for table in tables:
        if table["row"] != row:
            row = table["row"]
            lines += [f"## {HEADINGS[row]}", ""]
        lines += [f"**{table['title']}**" + (f"  \n{table['note']}" if table["note"] else ""), ""]
        lines += grid(table["figures"]) + [""]
    return lines[:-1] if lines else []


def grid(figures):
    """A line for each figure, a column for each market."""
    columns = list(dict.fromkeys(figure["column"] for figure in figures))
    rows = dict.fromkeys(figure["line"] for figure in figures)
    lines = ["| | " + " | ".join(columns) + " | required | verdict |", "|---" * (len(columns) + 3) + "|"]
    for row in rows:
        cells = {figure["column"]: figure for figure in figures if figure["line"] == row}
        lines.append("| " + " | ".join(
            [row, *(text(cells[column]) if column in cells else "–" for column in columns),
             requirements(cells), verdict(cells)]
        ) + " |")
    return lines


def requirements(cells):
    """What is required of a line: once where it is the same for all markets, else with the markets' names."""
    groups = {}
    for column, figure in cells.items():
        groups.setdefault(requirement(figure), []).append(column)
    groups.pop("–", None) if len(groups) > 1 else None
    if len(groups) == 1:
        bound, columns = groups.popitem()
        return bound if len(columns) == len(cells) else f"{bound} ({', '.join(columns)})"
    largest = max(groups, key=lambda bound: len(groups[bound]))
    others = [f"{', '.join(columns)} {bound}" for bound, columns in groups.items() if bound != largest]
    return "; ".join([largest, *others])


def verdict(cells):
    bounded = {column: figure for column, figure in cells.items() if requirement(figure) != "–"}
    missed = [column for column, figure in bounded.items() if not is_met(figure)]
    if not bounded:
        return ""
    return f"MISSED: {', '.join(missed)}" if missed else "met"


def requirement(figure):
    least, most = (None if bound is None else f"{bound:g}" for bound in (figure.get("least"), figure.get("most")))
    if least and most:
        return f"{least} to {most}"
    return f"≥ {least}" if least else f"≤ {most}" if most else "–"


def is_met(figure):
    return distance(figure) <= 0


def distance(figure):
    """How many standard errors a figure lies beyond its bound, at most 0 where it does not."""
    beyond = max(
        figure["least"] - figure["value"] if figure.get("least") is not None else -math.inf,
        figure["value"] - figure["most"] if figure.get("most") is not None else -math.inf,
    )
    return beyond / figure["error"] if beyond > 0 and figure["error"] > 0 else beyond


def text(figure):
    digits = figure["digits"]
    return f"{figure['value']:.{digits}f} ± {figure['error']:.{digits}f}"


class Comparison:
    def __init__(self, is_same, text):
        self.is_same, self.text = is_same, text


def compare(calibration, exporter):
    """Whether the real program gives the same readings of the same bars as the replay, to the last bit."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with open(folder / "bars.csv", "w") as file:
            subprocess.run([calibration, "bars"], check=True, stdout=file)
        ours = readings(answer(calibration, "readings"))
        pairs = sorted({row["pair"] for row in ours.values()})
        (folder / "pairs.yml").write_text(
            "feeds: [{venue: binance-usdm}]\n"
            f"storage: {{path: {folder}/pairs.sqlite}}\n"
            "timeframes: [1m]\nwindows: [240]\npairs:\n"
            + "".join(
                f'- {{name: {name}, y: "binance-usdm:Y{name[1:]}", x: "binance-usdm:X{name[1:]}"}}\n' for name in pairs
            )
        )
        configuration = f"--config.file={folder}/pairs.yml"
        subprocess.run([exporter, "import", configuration, folder / "bars.csv"], check=True, stdout=sys.stderr)
        theirs = readings(answer(exporter, "export", "readings", configuration))
    columns = [name for name in next(iter(ours.values())) if name not in ("close_time_us", "pair")]
    absent = [name for name in columns if name not in next(iter(theirs.values()))]
    compared = [name for name in columns if name not in absent]
    different = sorted({
        name for key, row in ours.items() for name in compared
        if bits(row[name]) != bits(theirs.get(key, {}).get(name, "none"))
    })
    values = sum(1 for row in ours.values() for name in compared if row[name])
    told = f"{len(ours):,} readings of {len(pairs)} of these pairs, {values:,} values in {len(compared)} columns"
    if different or absent or ours.keys() != theirs.keys():
        problem = "differ" if different or absent else "have other bars"
        named = ", ".join(different + absent)
        return Comparison(False, f"The real program's readings {problem} from the replay's ({told}): {named}.")
    return Comparison(
        True,
        f"The real program (`import`, then `export readings`) says the same as the replay to the last bit: {told}.",
    )


def readings(output):
    lines = io.StringIO("".join(line for line in output.splitlines(keepends=True) if not line.startswith("#")))
    return {(row["close_time_us"], row["pair"]): row for row in csv.DictReader(lines)}


def bits(cell):
    """The bits of a number; an empty cell, or one that is missing, as it is."""
    try:
        return struct.pack("<d", float(cell))
    except ValueError:
        return cell


def log(message):
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
