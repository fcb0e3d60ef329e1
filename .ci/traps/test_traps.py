"""The check finds each kind of use that may trap, and none in a form that cannot."""

import pathlib
import subprocess

import pytest

import check
from check import Entry, Finding

TRAPS = {
    "from-double": "Int(seconds)",
    "conversion": "UInt32(id)",
    "arithmetic": "id + id",
    "count": "count * count",
    "division": "id % id",
    "range": "id...(-1)",
    "negation": "-id",
    "elements": "[UInt8](repeating: 0, count: count)",
    "unique-keys": "Dictionary(uniqueKeysWithValues: [(count, count)])",
    "duration": "Duration.seconds(seconds)",
    "force": "Int(text)!",
    "precondition": "{ precondition(count > 0) }",
}

TOTAL = [
    "Int(exactly: seconds)", "UInt32(clamping: id)", "id.addingReportingOverflow(id)", "id &+ id", "count + 1",
    "id / 1_000_000", "0..<texts.count", "1...9", "Duration.seconds(5)", "Int(small.first)", '"a" + text', "seconds * seconds",
    "Int64(count)", "Int(text)", "!text.isEmpty", "text != text",
]

HEAD = """
struct Small { let first: UInt8 }
let id: Int64 = 1, count: Int = 2, seconds: Double = 3, text = "4", texts = ["5"]
let small = Small(first: 6)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The kinds that are found in the line of each expression."""
    folder = tmp_path_factory.mktemp("traps")
    source = folder / "Room" / "Sample.swift"
    source.parent.mkdir()
    expressions = [*TRAPS.values(), *TOTAL]
    uses = [f"let use{number} = {expression}" for number, expression in enumerate(expressions)]
    source.write_text(HEAD + "\n".join(uses) + "\n")
    subprocess.run(
        ["swiftc", "-parse-as-library", "-module-name", "Sample", "-c", "-Onone", "-o", folder / "sample.o"]
        + ["-index-store-path", folder / "store", "-index-ignore-system-modules", source],
        check=True,
    )
    kinds = {expression: set() for expression in expressions}
    for finding in check.findings(folder / "store", folder, ["Room"]):
        kinds[expressions[finding.line - 1 - HEAD.count("\n")]].add(finding.kind)
    return kinds


@pytest.mark.parametrize("kind", TRAPS)
def test_a_use_that_may_trap_is_found(found, kind):
    assert kind in found[TRAPS[kind]]


@pytest.mark.parametrize("expression", TOTAL)
def test_a_form_that_cannot_trap_is_not(found, expression):
    assert not found[expression]


def test_a_use_beyond_those_that_are_reviewed_fails():
    uses = [Finding("Room/Folder/File.swift", "arithmetic", line, "a + b") for line in (1, 2)]
    reviewed = Entry("Room/Folder", "arithmetic", 2, "bounded")
    assert check.problems(uses, [reviewed]) == []
    for entries, words in (
        ([], "without a reason"),
        ([reviewed._replace(number=1)], "1 are reviewed"),
        ([reviewed._replace(number=3)], "lower it"),
        ([reviewed._replace(kind="range", number=0)], "without a reason"),
        ([reviewed._replace(path="Room/Fold")], "without a reason"),
        ([reviewed._replace(number=0), reviewed._replace(path="Room/Folder/File.swift", number=1)], "1 are reviewed"),
    ):
        assert words in "\n".join(check.problems(uses, entries))


def test_what_is_newer_than_the_index_is_not_judged(tmp_path):
    (tmp_path / "Room").mkdir()
    (tmp_path / "Room/New.swift").write_text("let a = 1\n")
    with pytest.raises((SystemExit, FileNotFoundError)):
        check.findings(pathlib.Path(check.STORE), tmp_path, ["Room"])
