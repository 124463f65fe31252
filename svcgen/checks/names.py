"""Names that differ in the definition and would not in generated code."""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.checks.groups import Sibling, groups
from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model.naming import Name
from svcgen.model.service import Api, Service

NAME_CLASH = Rule(
    code="name-clash",
    message="{what} and {other} are both spelled {spelled!r} in generated code",
    fix="rename one of them, with renamed_from: if it is in use already",
    why=(
        "Every language spells names in its own way: `bookId`, `book_id` and `BookID` are the "
        "same words and become the same identifier. Types, errors and services share one set of"
        " names; so do the methods of a service and what its events bring along, `publish_…` "
        "and `subscribe_…`."
    ),
    example=EXAMPLE + "types:\n  Book: {bookId: string, book_id: string}\n",
)


def check_names(api: Api, report: Report) -> None:
    for group in groups(api):
        _check_unique([(s, getattr(s.name, group.spelling)) for s in group.siblings], report)
    for service in api.services:
        _check_unique(list(_methods(service)), report)


def _check_unique(spelled: list[tuple[Sibling, str]], report: Report) -> None:
    first: dict[str, Sibling] = {}
    for sibling, spelling in spelled:
        other = first.setdefault(spelling, sibling)
        if other is not sibling and other.meta is not sibling.meta:
            facts = {"what": sibling.what, "other": other.what, "spelled": spelling}
            report.add(NAME_CLASH, sibling.meta.span, **facts)


def _methods(service: Service) -> Iterator[tuple[Sibling, str]]:
    """The methods of the generated class: the operations, and two an event."""
    for operation in service.operations:
        name = operation.name
        yield Sibling(f"method {name.wire!r}", name, operation.meta), name.snake
    for event in service.events:
        sibling = Sibling(f"event {event.name.wire!r}", event.name, event.meta)
        for prefix in ("publish", "subscribe"):
            yield sibling, Name.parse(f"{prefix}_{event.name.snake}").snake
