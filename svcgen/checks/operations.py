"""How operations behave: one-way, deadlines, authentication."""

from __future__ import annotations

import math
from collections.abc import Iterator

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule, Span, did_you_mean
from svcgen.model import walk
from svcgen.model.service import Api, Auth, Operation

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
    why="A call with no time left fails before it starts.",
    example=EXAMPLE + "services:\n  Library:\n    methods:\n      find: {deadline: 0}\n",
)
UNKNOWN_AUTH = Rule(
    code="unknown-auth",
    message="{what} asks for the scheme {scheme!r}, which does not exist",
    fix="write bearer or api_key{hint}",
    why=(
        "Generated servers and clients know two ways to authenticate, on every protocol: a "
        "bearer token and an API key. An empty list of schemes leaves a method open to "
        "everyone."
    ),
    example=EXAMPLE + "services:\n  Library:\n    auth: [barer]\n    methods:\n      find: {}\n",
)

SCHEMES = ("bearer", "api_key")
YEAR = 366 * 24 * 3600.0


def check_operations(api: Api, report: Report) -> None:
    for service in api.services:
        _check_auth(f"service {service.name.wire!r}", service.auth, service.meta.span, report)
    for _, operation in walk.operations(api):
        name, span = operation.name.wire, operation.meta.span
        _check_auth(f"method {name!r}", operation.auth, span, report)
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


def _check_auth(what: str, auth: Auth | None, span: Span, report: Report) -> None:
    for scheme in auth.schemes if auth else ():
        if scheme not in SCHEMES:
            hint = did_you_mean(scheme, SCHEMES)
            report.add(UNKNOWN_AUTH, span, what=what, scheme=scheme, hint=hint)
