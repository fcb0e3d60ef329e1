#!/usr/bin/env python3
"""Fails where the program may trap on a number that comes from outside, without a recorded reason why it does not.

usage: check.py [--update]      after a debug build; --update writes the present numbers, after a review

An addition that overflows, a Double that fits no integer or a range whose ends are the wrong way round ends a Swift
program. The compiler's index says which declaration each operator and initialiser refers to, with its types. Each use
that may trap, in the targets that read from outside, is counted in `allowed.txt` by file or folder and kind, with the
reason why it cannot; or it has a form that cannot trap: `addingReportingOverflow`, `Int(exactly:)`, `Int(clamping:)`, a
comparison before. Sums of counts with a literal are left out: no count of things in memory comes near the end of 64
bits. Indexes of arrays are left out too: fuzzing finds them.
"""

import pathlib
import re
import sys
from typing import NamedTuple

from index import Index, Reference

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
STORE = REPOSITORY / ".build/debug/index/store"
ALLOWED = pathlib.Path(__file__).with_name("allowed.txt")
ROOMS = [
    "MarketData", "TradeFeeds", "TradeFiles", "SimulatedMarket", "TradeStore", "PrometheusExposition", "PairsMetrics",
    "ExporterHTTP", "PairsApp", "PairsTools", "pairs-exporter",
]

INTEGERS = {
    "Si": 64, "Su": 64, "s4Int8V": 8, "s5Int16V": 16, "s5Int32V": 32, "s5Int64V": 64,
    "s5UInt8V": 8, "s6UInt16V": 16, "s6UInt32V": 32, "s6UInt64V": 64,
}
"""Integer types as names of declarations have them, and their bits."""
_INTEGER = "|".join(INTEGERS)
_ARITHMETIC = re.compile(rf"s:({_INTEGER})(?:1p|1s|1m|1d|1r|2pe|2se|2me|2de|2re)oi.*FZ$")
_DIVISION = re.compile(rf"s:({_INTEGER})(?:1d|1r|2de|2re)oi")
_FROM_FLOATING_POINT = re.compile(rf"s:({_INTEGER})y.*S[df]cfc$")
_FROM_INTEGER = re.compile(r"s:S[ZU]ss17FixedWidthIntegerRzrlEyxqd__cSzRd__lufc$")
_RANGE = re.compile(r"s:SLsE3zz[zl]oiy")
_NEGATION = re.compile(rf"s:(?:s13SignedNumericP1sop|({_INTEGER})1sop)|s:s3absyxxs")
_COUNTED = re.compile(
    r"s:(?:Sa9repeating5count|SS9repeating5count|s13repeatElement|Sa15reserveCapacity|s6stride4from)"
)
_UNIQUE_KEYS = re.compile(r"s:SD20uniqueKeysWithValues")
_DURATION = re.compile(r"s:s8DurationV(?:.*(?:7|12|11)(?:seconds|milliseconds|microseconds|nanoseconds).*FZ$|1[psm]oi)")
_POINTER = re.compile(r"s:(?:S[PpRr]|SV|Sv|SW|Sw).*(?:ycip|cig)$")

_OTHERS = [
    (_NEGATION, "negation"), (_COUNTED, "elements"), (_UNIQUE_KEYS, "unique-keys"), (_DURATION, "duration"),
    (_POINTER, "pointer"),
]
_NUMBER = re.compile(r"\s*-?(?:0x)?[0-9][0-9_]*(?:\.\.\.)?(?![\w.])")
_SOURCE = {
    "force": re.compile(r"\btry!|\bas!|(?<=[\w\])\"])!(?![=\w\"])"),
    "precondition": re.compile(r"\b(?:fatalError|precondition|preconditionFailure|assert|assertionFailure)\("),
}


class Finding(NamedTuple):
    file: str
    kind: str
    line: int
    text: str


class Source:
    """A source file, in which what an operator works on can be looked up."""

    def __init__(self, path: pathlib.Path, references: list[Reference]):
        self.lines = path.read_text().splitlines()
        self.declarations = {(reference.line, reference.column): reference.usr for reference in references}

    def after(self, line: int, column: int) -> str:
        return self.bytes_of(line)[column - 1:].decode()

    def before(self, line: int, column: int) -> str:
        return self.bytes_of(line)[: column - 1].decode()

    def bytes_of(self, line: int) -> bytes:
        # Columns count bytes.
        return self.lines[line - 1].encode()

    def has_literal_operand(self, reference: Reference) -> bool:
        operator = re.match(r"[^\s\w(\[.)]+(.*)", self.after(reference.line, reference.column))
        left = self.before(reference.line, reference.column)
        return bool(operator and _NUMBER.match(operator[1])) or bool(re.search(r"(?<![\w.])[0-9][0-9_]*\s*$", left))

    def argument_width(self, reference: Reference) -> int | None:
        """The bits of the integer argument of an initialiser, as far as the index has them."""
        text = self.after(reference.line, reference.column)
        match = re.match(r"\w+\(([\w.?]+)\)", text)
        if not match:
            return None
        last = match.start(1) + match[1].rfind(".") + 1
        column = reference.column + len(text[:last].encode())
        declared = self.declarations.get((reference.line, column), "")
        if re.search(r"5countSivp$", declared):
            return 63
        for name, bits in INTEGERS.items():
            if declared.endswith(name + "vp"):
                return bits - (not name.endswith("V") or "UInt" not in name)
        return None


def kind(reference: Reference, source: Source) -> str | None:
    """The kind of use that may trap here, None for none."""
    usr = reference.usr
    if match := _ARITHMETIC.match(usr):
        if _DIVISION.match(usr):
            return None if source.has_literal_operand(reference) else "division"
        if match[1] == "Si":
            is_sum = re.match(r"s:Si(?:1p|1s|2pe|2se)oi", usr)
            return None if is_sum and source.has_literal_operand(reference) else "count"
        return "arithmetic"
    if _FROM_FLOATING_POINT.match(usr):
        return "from-double"
    if _FROM_INTEGER.match(usr):
        type_name = re.match(r"\w+", source.after(reference.line, reference.column))[0]
        width = source.argument_width(reference)
        if type_name in ("Int", "Int64") and width is not None and width <= 63:
            return None
        return "conversion"
    if _RANGE.match(usr):
        return None if is_plain_range(reference, source) else "range"
    for pattern, name in _OTHERS:
        if pattern.match(usr):
            arguments = source.after(reference.line, reference.column)
            is_literal = re.match(r"\w+\([^()]*?(?::\s*)?-?[0-9][0-9_.]*\)", arguments)
            return None if is_literal and name in ("duration", "elements") else name
    return None


def is_plain_range(reference: Reference, source: Source) -> bool:
    """Whether the ends are literals, or the lower one is 0 and the upper one a count, or both are characters."""
    left = source.before(reference.line, reference.column)
    right = source.after(reference.line, reference.column)[3:]
    lower = re.search(r"(?<![\w.])(-?[0-9][0-9_.eE-]*|\"[^\"]*\")\s*$", left)
    upper = re.match(r"\s*(-?[0-9][0-9_.eEx]*(?![\w.])|\"|Int\.max)", right)
    if lower and (upper or (lower[1] == "0" and re.match(r"\s*[\w.]*\bcount\b", right))):
        return True
    return left.endswith("\")") and right.lstrip().startswith("UInt8(ascii:")


def findings(store: pathlib.Path, sources: pathlib.Path, rooms: list[str] = ROOMS) -> list[Finding]:
    paths = [path for room in rooms for path in sorted((sources / room).rglob("*.swift"))]
    index = Index(store).references(paths)
    found = []
    for path in paths:
        name = str(path.relative_to(sources))
        time, references = index.get(path, (0, []))
        if time < path.stat().st_mtime_ns:
            sys.exit(f"{name} is newer than the index in {store}; run swift build first")
        source = Source(path, references)
        for reference in set(references):
            if reference.usr.startswith("s:") and (what := kind(reference, source)):
                found.append(Finding(name, what, reference.line, source.lines[reference.line - 1].strip()))
        for number, line in enumerate(source.lines, 1):
            code = re.sub(r"\"(?:\\.|[^\"\\])*\"", '""', line.split("//")[0])
            for what, pattern in _SOURCE.items():
                found += [Finding(name, what, number, line.strip()) for _ in pattern.finditer(code)]
    return sorted(found)


class Entry(NamedTuple):
    """How many uses of a kind a file or folder may have, and why none of them can trap."""

    path: str
    kind: str
    number: int
    reason: str

    def covers(self, finding: Finding) -> bool:
        return self.kind == finding.kind and (finding.file + "/").startswith(self.path + "/")


def read(path: pathlib.Path) -> list[Entry]:
    entries = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split(maxsplit=3)
        if len(parts) != 4 or not parts[2].isdigit() or any(entry[:2] == tuple(parts[:2]) for entry in entries):
            sys.exit(f"{path}:{number}: must be PATH KIND NUMBER REASON, each path and kind once")
        entries.append(Entry(parts[0], parts[1], int(parts[2]), parts[3]))
    return entries


def assign(found: list[Finding], entries: list[Entry]) -> dict[Entry | None, list[Finding]]:
    """The findings of each entry: that of the file itself, or else of the nearest folder; None for those without one."""
    groups = {entry: [] for entry in [*entries, None]}
    for finding in found:
        covering = [entry for entry in entries if entry.covers(finding)]
        groups[max(covering, key=lambda entry: len(entry.path), default=None)].append(finding)
    return groups


def problems(found: list[Finding], entries: list[Entry]) -> list[str]:
    """The differences from the list, in lines for people."""
    lines = []
    for entry, group in assign(found, entries).items():
        uses = [f"    {finding.file}:{finding.line}: {finding.kind}: {finding.text}" for finding in group]
        if entry is None and group:
            lines += ["uses that may trap, without a reason why they cannot:", *uses]
        elif entry and len(group) > entry.number:
            lines += [f"{entry.path}: {len(group)} uses of kind {entry.kind}, {entry.number} are reviewed:", *uses]
        elif entry and len(group) < entry.number:
            lines.append(f"{entry.path}: {len(group)} uses of kind {entry.kind}, fewer than {entry.number}; lower it")
    return lines


def update(path: pathlib.Path, found: list[Finding]):
    """Writes the present numbers into the list; to be used after a review."""
    entries = read(path)
    numbers = {entry[:2]: len(group) for entry, group in assign(found, entries).items() if entry}
    lines = []
    for line in path.read_text().splitlines():
        parts = line.split(maxsplit=3)
        if line and not line.startswith("#"):
            number = numbers[(parts[0], parts[1])]
            if number == 0:
                continue
            line = f"{parts[0]} {parts[1]} {number} {parts[3]}"
        lines.append(line)
    path.write_text("\n".join(lines) + "\n")


def main(arguments: list[str]) -> int:
    found = findings(STORE, REPOSITORY / "Sources")
    if "--update" in arguments:
        update(ALLOWED, found)
    entries = read(ALLOWED)
    lines = problems(found, entries)
    print("\n".join([*lines, f"{len(found)} uses that could trap, {len(entries)} reasons why they do not"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
