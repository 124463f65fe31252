"""Events: their key and their retries."""

from __future__ import annotations

from svcgen.checks.subjects import EXAMPLE, head, head_type
from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.model import walk
from svcgen.model.service import Api, Event
from svcgen.model.types import Enum, ScalarRef, Struct

BAD_EVENT_KEY = Rule(
    code="bad-event-key",
    message="the key of event {name!r} is {key!r}, {problem}",
    fix="name a required field of the payload that is a scalar or an enum{hint}",
    why=(
        "Events with the same key stay in order and go to the same partition. The key is taken "
        "from the payload, so it has to be a field that is always there and has one exact "
        "spelling."
    ),
    example=EXAMPLE
    + "types:\n  Sale: {isbn: string}\n"
    + "services:\n  Library:\n    events:\n      sold: {payload: Sale, key: ibsn}\n",
)
BAD_RETRIES = Rule(
    code="bad-retries",
    message="event {name!r} is retried {retries} times",
    fix="write a number from 0 to 1000",
    why=(
        "After its retries an event goes to the dead letter queue, so there has to be an end to"
        " them."
    ),
    example=EXAMPLE
    + "types:\n  Sale: {isbn: string}\n"
    + "services:\n  Library:\n    events:\n      sold: {payload: Sale, retries: 100000}\n",
)


def check_events(api: Api, report: Report) -> None:
    for _, event in walk.events(api):
        name, span = event.name.wire, event.meta.span
        if not 0 <= event.retries <= 1000:
            report.add(BAD_RETRIES, span, name=name, retries=event.retries)
        if event.key and (found := _key_problem(api, event)):
            problem, hint = found
            report.add(BAD_EVENT_KEY, span, name=name, key=event.key, problem=problem, hint=hint)


def _key_problem(api: Api, event: Event) -> tuple[str, str] | None:
    """What is wrong with the key, and the name that was meant."""
    struct = head_type(event.payload, api.types)
    if not isinstance(struct, Struct):
        return "but the payload is no struct", ""
    fields = {field.name.wire: field for field in struct.fields}
    if event.key not in fields:
        return "which is no field of the payload", did_you_mean(event.key, fields)
    field = fields[event.key]
    found = head(field.type, api.types)
    plain = isinstance(found, ScalarRef) or isinstance(head_type(field.type, api.types), Enum)
    return None if plain and field.required else ("which cannot be one", "")
