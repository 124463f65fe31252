"""How operations behave: one-way, and their deadlines."""

from __future__ import annotations

import math
from collections.abc import Iterator

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.service import Api, Operation

ONEWAY = Rule(
    code="oneway-answers",
    message="one-way method {name!r} {problem}",
    fix="drop oneway, or what needs an answer",
    why=(
        "The caller of a one-way method does not wait: nothing comes back, no result, no error,"
        " no stream. So a read-only method, which exists for its result, cannot be one-way."
    ),
    example=EXAMPLE
    + "services:\n  Library:\n    methods:\n      log: {oneway: true, returns: int32}\n",
)
BAD_DEADLINE = Rule(
    code="bad-deadline",
    message="the deadline of {name!r} is {deadline} seconds",
    fix="write more than 0 seconds and at most a year, or drop it",
    why="A call with no time left fails before it starts, and one with years of it never fails.",
    example=EXAMPLE + "services:\n  Library:\n    methods:\n      find: {deadline: 1000000000}\n",
)
YEAR = 366 * 24 * 3600.0


def check_operations(api: Api, report: Report) -> None:
    for _, operation in walk.operations(api):
        name, span = operation.name.wire, operation.meta.span
        for problem in _oneway_problems(operation):
            report.add(ONEWAY, span, name=name, problem=problem)
        deadline = operation.deadline
        if deadline is not None and not (math.isfinite(deadline) and 0 < deadline <= YEAR):
            report.add(BAD_DEADLINE, span, name=name, deadline=deadline)


def _oneway_problems(operation: Operation) -> Iterator[str]:
    if operation.oneway:
        if operation.output is not None:
            yield "has an output"
        if operation.input is not None and operation.input.stream:
            yield "has a stream as input"
        if operation.errors:
            yield "has errors"
        if operation.readonly:
            yield "is readonly"
