"""Defaults, constants and examples: each has to be a value of its type."""

from __future__ import annotations

from svcgen.checks.literals import Literals
from svcgen.checks.subjects import EXAMPLE, subject
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.service import Api, Operation
from svcgen.model.types import Constraints, Struct

BAD_DEFAULT = Rule(
    code="bad-default",
    message="the default of {subject} does not fit: {complaint}",
    fix="write a value of the field's type, within its limits",
    why=(
        "A default is what absence means, on every protocol and in every language, so it has to"
        " be a value that could have been sent. null fits only a nullable type. Values are "
        "written as in JSON: enums by name, timestamps as RFC 3339, durations as ISO 8601, "
        "bytes as base64."
    ),
    example=EXAMPLE + "types:\n  Book:\n    pages: {type: int8, default: 300}\n",
)
BAD_CONSTANT = Rule(
    code="bad-constant",
    message="the value of constant {name!r} does not fit: {complaint}",
    fix="write a value of its type",
    why="A constant becomes a typed constant in every language. Values are written as in JSON.",
    example=EXAMPLE + "constants:\n  MAX_PAGES: {type: int32, value: many}\n",
)
BAD_EXAMPLE = Rule(
    code="bad-example",
    message="an example of {subject} does not fit: {complaint}",
    fix="write a value of the type, within its limits",
    why=(
        "Examples go into documentation, mocks and tests, where a wrong one would mislead or "
        "fail. The example of a method is its request: an object of its parameters, or its "
        "input."
    ),
    example=EXAMPLE
    + "types:\n  Book:\n    isbn: {type: string, max_length: 13, example: 978-3-16-148410-0}\n",
)


def check_values(api: Api, report: Report) -> None:
    literals = Literals(api.types)
    for owner, field in walk.fields(api):
        what = subject(owner, field)
        if field.default is not None:
            wrong = literals.complaint(field.default.value, field.type, field.constraints)
            if wrong:
                report.add(BAD_DEFAULT, field.default.span, subject=what, complaint=wrong)
        for example in field.examples:
            if wrong := literals.complaint(example.value, field.type, field.constraints):
                report.add(BAD_EXAMPLE, example.span, subject=what, complaint=wrong)
    for constant in api.constants:
        if wrong := literals.complaint(constant.value, constant.type, Constraints()):
            name = constant.name.wire
            report.add(BAD_CONSTANT, constant.meta.span, name=name, complaint=wrong)
    _check_examples(api, literals, report)


def _check_examples(api: Api, literals: Literals, report: Report) -> None:
    """The examples of whole structs and of operations."""
    for struct in api.types.values():
        if isinstance(struct, Struct):
            for example in struct.examples:
                if wrong := literals.fields_complaint(example.value, struct.fields):
                    what = f"struct {struct.name.wire!r}"
                    report.add(BAD_EXAMPLE, example.span, subject=what, complaint=wrong)
    for _, operation in walk.operations(api):
        _check_requests(operation, literals, report)


def _check_requests(operation: Operation, literals: Literals, report: Report) -> None:
    for example in operation.examples:
        if operation.input is not None:
            wrong = literals.complaint(example.value, operation.input.type, Constraints())
        else:
            wrong = literals.fields_complaint(example.value, operation.params)
        if wrong:
            what = f"method {operation.name.wire!r}"
            report.add(BAD_EXAMPLE, example.span, subject=what, complaint=wrong)
