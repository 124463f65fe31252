"""Numbers that the definition gives: in range, given once, not reserved; and reserved names."""

from __future__ import annotations

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.numbers import MAX_FIELD, MAX_VALUE
from svcgen.model.service import Api
from svcgen.model.types import Enum, Meta, Reserved, TypeDef

NUMBER_RANGE = Rule(
    code="number-range",
    message="{what} has number {number}; {allowed}",
    fix="drop the number, and the next free one is taken",
    why=(
        "Field numbers go from 1 to 536870911, without 19000 to 19999, which protobuf keeps for"
        " itself. The numbers of enum values are 32 bits wide and signed. Methods count from 1."
    ),
    example=EXAMPLE + "types:\n  Book:\n    title: {type: string, number: 19500}\n",
)
NUMBER_DUPLICATE = Rule(
    code="number-duplicate",
    message="{what} has number {number}, as {other!r} has",
    fix="give it another number, or none, and the next free one is taken",
    why="On binary wires the number is all that tells one field, or one enum value, from another.",
    example=EXAMPLE
    + "types:\n  Book:\n"
    + "    title: {type: string, number: 1}\n    pages: {type: int32, number: 1}\n",
)
RESERVED = Rule(
    code="reserved",
    message="{what} uses the {word} {used!r}, which {owner!r} reserves",
    fix="take another {word}",
    why=(
        "reserved: lists numbers and names that were in use once. Old programs and stored "
        "messages still carry them, so they must not come back with another meaning."
    ),
    example=EXAMPLE
    + "types:\n  Book:\n    reserved: {numbers: [2], names: [isbn]}\n"
    + "    fields:\n      isbn: string\n",
)

NUMBER_NONE_LEFT = Rule(
    code="number-none-left",
    message="no number is left for {what}: {owner!r} reserves them",
    fix="reserve fewer numbers, or give it one of its own",
    why=(
        "A member without a number gets the next one that is neither taken nor reserved. Field "
        "numbers end at 536870911, those of enum values at 2147483647."
    ),
    example=EXAMPLE
    + "types:\n  Book:\n    reserved: {numbers: [1 to max]}\n    fields:\n      isbn: string\n",
)

_NOBODYS = range(19000, 20000)  # field numbers that protobuf keeps for itself
_FIELDS = "field numbers go from 1 to 536870911, without 19000 to 19999"
_VALUES = "the numbers of enum values go from -2147483648 to 2147483647"
_METHODS = "numbers go from 1 to 2147483647"

Members = tuple[tuple[str, int | None, Meta], ...]


def check_numbers(api: Api, report: Report) -> None:
    for name, definition in api.types.items():
        word = "value" if isinstance(definition, Enum) else "field"
        members = walk.members(definition)
        _check_members(word, members, report)
        named = (*members, *_aliases(definition))
        _check_reserved(name, word, named, walk.reserved(definition), report)
        _check_room(name, word, members, walk.reserved(definition), report)
    for error in api.errors.values():
        _check_members(
            "field", tuple((f.name.wire, f.number, f.meta) for f in error.fields), report
        )
    for service in api.services:
        methods = [(o.name.wire, o.number, o.meta) for o in service.operations]
        events = [(e.name.wire, e.number, e.meta) for e in service.events]
        _check_members("method", (*methods, *events), report)
        for operation in service.operations:
            fields = operation.params
            _check_members("field", tuple((f.name.wire, f.number, f.meta) for f in fields), report)


def _aliases(definition: TypeDef) -> Members:
    """The other names of an enum's values."""
    values = definition.values if isinstance(definition, Enum) else ()
    return tuple((alias.name.wire, None, alias.meta) for v in values for alias in v.aliases)


def _check_members(word: str, members: Members, report: Report) -> None:
    first: dict[int, str] = {}
    for name, number, meta in members:
        if number is None:
            continue
        what = f"{word} {name!r}"
        if allowed := _out_of_range(word, number):
            report.add(NUMBER_RANGE, meta.span, what=what, number=number, allowed=allowed)
        elif number in first:
            other = first[number]
            report.add(NUMBER_DUPLICATE, meta.span, what=what, number=number, other=other)
        first.setdefault(number, name)


def _out_of_range(word: str, number: int) -> str:
    """What is allowed, if ``number`` is not."""
    match word:
        case "value":
            return "" if -(2**31) <= number < 2**31 else _VALUES
        case "method":
            return "" if 1 <= number < 2**31 else _METHODS
        case _:
            return "" if 1 <= number < 2**29 and not 19000 <= number < 20000 else _FIELDS


def _check_room(
    owner: str, word: str, members: Members, reserved: Reserved, report: Report
) -> None:
    """Report members for which there is no number, since so many are reserved."""
    if not reserved.numbers:
        return
    taken = {number for _, number, _ in members if number is not None}
    free = (n for n in reserved.numbers.free(taken) if word == "value" or n not in _NOBODYS)
    highest = MAX_VALUE if word == "value" else MAX_FIELD
    for name, number, meta in members:
        if number is None and next(free) > highest:
            what = f"{word} {name!r}"
            report.add(NUMBER_NONE_LEFT, meta.span, what=what, owner=owner)


def _check_reserved(
    owner: str, kind: str, members: Members, reserved: Reserved, report: Report
) -> None:
    for name, number, meta in members:
        what = f"{kind} {name!r}"
        if name in reserved.names:
            report.add(RESERVED, meta.span, what=what, word="name", used=name, owner=owner)
        if number in reserved.numbers:
            report.add(RESERVED, meta.span, what=what, word="number", used=number, owner=owner)
