"""Definitions with nothing in them."""

from __future__ import annotations

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule, Severity
from svcgen.model.service import Api
from svcgen.model.types import Enum, Union

EMPTY_TYPE = Rule(
    code="empty-type",
    message="{kind} {name!r} has no {members}",
    fix="add one, or remove the type",
    why="An enum without values, or a union without members, is a type that nothing belongs to.",
    example=EXAMPLE + "types:\n  Genre: {enum: []}\n",
)
EMPTY_SERVICE = Rule(
    code="empty-service",
    message="service {name!r} has neither methods nor events",
    fix="add a method, or remove the service",
    why="Code is generated for it, but there is nothing to serve and nothing to call.",
    example=EXAMPLE + "services:\n  Library: {methods: {}}\n",
    severity=Severity.WARNING,
)


def check_emptiness(api: Api, report: Report) -> None:
    for name, definition in api.types.items():
        span = definition.meta.span
        if isinstance(definition, Enum) and not definition.values:
            report.add(EMPTY_TYPE, span, kind="enum", name=name, members="values")
        if isinstance(definition, Union) and not definition.members:
            report.add(EMPTY_TYPE, span, kind="union", name=name, members="members")
    for service in api.services:
        if not service.operations and not service.events:
            report.add(EMPTY_SERVICE, service.meta.span, name=service.name.wire)
