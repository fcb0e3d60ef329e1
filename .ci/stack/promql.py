"""PromQL as a tree: which selectors an expression has, and inside which functions."""

import dataclasses
import datetime
import re
from collections.abc import Iterator

import promql_parser

# Values of Grafana's variables; the durations are unusual, so that they can be identified in the tree.
RATE_INTERVAL = datetime.timedelta(seconds=101)
VARIABLES = {
    "$__rate_interval": "101s",
    "$__range": "103s",
    "$job": "JOB",
    "$instance": "INSTANCE",
    "$venue": "VENUE",
    "$pair": "PAIR",
    "$timeframe": "TIMEFRAME",
    "$window": "WINDOW",
}


@dataclasses.dataclass(frozen=True)
class Selector:
    name: str
    matchers: frozenset[tuple[str, str, str]]
    functions: tuple[str, ...]
    range: datetime.timedelta | None


def filled(expression: str, variables: dict[str, str]) -> str:
    """The expression with Grafana's variables replaced; an unknown one stays and fails to parse."""
    for name in sorted(variables, key=len, reverse=True):
        expression = re.sub(re.escape(name) + r"\b", lambda _: variables[name], expression)
    return expression


def selectors(expression: str) -> list[Selector]:
    return list(_selectors(promql_parser.parse(filled(expression, VARIABLES)), (), None))


def _selectors(node, functions: tuple[str, ...], window) -> Iterator[Selector]:
    if isinstance(node, promql_parser.VectorSelector):
        matchers = frozenset((m.name, str(m.op).removeprefix("MatchOp."), m.value) for m in node.matchers.matchers)
        yield Selector(node.name, matchers, functions, window)
    elif isinstance(node, promql_parser.MatrixSelector):
        yield from _selectors(node.vector_selector, functions, node.range)
    elif isinstance(node, promql_parser.Call):
        for argument in node.args:
            yield from _selectors(argument, (*functions, node.func.name), window)
    elif isinstance(node, promql_parser.BinaryExpr):
        yield from _selectors(node.lhs, functions, window)
        yield from _selectors(node.rhs, functions, window)
    elif hasattr(node, "expr"):
        yield from _selectors(node.expr, functions, window)
