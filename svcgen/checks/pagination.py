"""Paginated operations: the fields that carry the tokens and the items exist and have their
types.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.checks.subjects import EXAMPLE, head_type, present
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.service import Api, Operation, Pagination, Payload
from svcgen.model.types import Field, ListOf, Scalar, ScalarRef, Struct

BAD_PAGINATION = Rule(
    code="bad-pagination",
    message="pagination of {name!r}: {problem}",
    fix="name a string field of the request, and a string and a list field of the response",
    why=(
        "Clients walk through the pages: they send the token of the next page until the "
        "response has none. So the request has a token field, the response the next token and "
        "the list of items."
    ),
    example=EXAMPLE
    + "types:\n  Page: {books: list<string>, next: string}\n"
    + "services:\n  Library:\n    methods:\n      list:\n        params: {token: string?}\n"
    + "        output: Page\n        pagination: {token: token, next_token: next, items: boks}\n",
)


def check_pagination(api: Api, report: Report) -> None:
    for _, operation in walk.operations(api):
        if operation.pagination is not None:
            for problem in _problems(api, operation, operation.pagination):
                name = operation.name.wire
                report.add(BAD_PAGINATION, operation.meta.span, name=name, problem=problem)


def _problems(api: Api, operation: Operation, pagination: Pagination) -> Iterator[str]:
    request = operation.params or _fields(api, operation.input)
    response = _fields(api, operation.output)
    for where, fields, name, word in (
        ("request", request, pagination.token, "string"),
        ("response", response, pagination.next_token, "string"),
        ("response", response, pagination.items, "list"),
    ):
        field = next((f for f in fields if f.name.wire == name), None)
        if field is None:
            yield f"the {where} has no field {name!r}"
        elif not _fits(api, field, word):
            yield f"field {name!r} of the {where} is no {word}"


def _fields(api: Api, payload: Payload | None) -> tuple[Field, ...]:
    if payload is None or payload.stream:
        return ()
    struct = head_type(payload.type, api.types)
    return struct.fields if isinstance(struct, Struct) else ()


def _fits(api: Api, field: Field, word: str) -> bool:
    found = present(field.type, api.types)
    if word == "list":
        return isinstance(found, ListOf)
    return isinstance(found, ScalarRef) and found.scalar is Scalar.STRING
