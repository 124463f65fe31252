"""What may be inside what: keys of maps, items of sets, and null."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.checks.subjects import EXAMPLE, head, mentions
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.service import Api
from svcgen.model.types import (
    Enum,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    TypeDef,
    TypeRef,
)

MAP_KEY = Rule(
    code="map-key",
    message="{subject} is a map with keys of type {type!r}",
    fix="take keys of type string, an integer, bool, uuid, date, timestamp or an enum",
    why=(
        "On JSON every key is a string, so a key has to be something with one exact spelling. "
        "Floats, bytes, structs and containers have none."
    ),
    example=EXAMPLE + "types:\n  Prices: {byWeight: 'map<float64, int32>'}\n",
)
SET_ITEM = Rule(
    code="set-item",
    message="{subject} is a set of items of type {type!r}",
    fix="take a list with unique: true",
    why=(
        "The items of a set have to be comparable and hashable in every language: scalars "
        "except any, and enums."
    ),
    example=EXAMPLE + "types:\n  Book: {title: string}\n  Shelf: {books: set<Book>}\n",
)
NULLABLE_TWICE = Rule(
    code="nullable-twice",
    message="{subject} is nullable twice",
    fix="drop one |null, here or in the alias",
    why="There is only one null on every wire, so the two cannot be told apart.",
    example=EXAMPLE + "types:\n  Note: {alias: string|null}\n  Book: {note: Note|null}\n",
)

_KEYS = {Scalar.BOOL, Scalar.STRING, Scalar.UUID, Scalar.DATE, Scalar.TIMESTAMP}


def check_containers(api: Api, report: Report) -> None:
    for subject, outer in mentions(api):
        for ref in walk.refs(outer):
            _check_one(subject, ref, api.types, report)


def _check_one(subject: str, ref: TypeRef, types: Mapping[str, TypeDef], report: Report) -> None:
    match ref:
        case MapOf():
            if not _fits(ref.key, types, key=True):
                report.add(MAP_KEY, ref.key.span, subject=subject, type=spelled(ref.key))
        case SetOf():
            if not _fits(ref.item, types, key=False):
                report.add(SET_ITEM, ref.item.span, subject=subject, type=spelled(ref.item))
        case NullableOf():
            if isinstance(head(ref.item, types), NullableOf):
                report.add(NULLABLE_TWICE, ref.span, subject=subject)
        case _:
            pass


def _fits(ref: TypeRef, types: Mapping[str, TypeDef], *, key: bool) -> bool:
    """Whether ``ref`` may be a key, or an item of a set; a reference to nothing passes here."""
    found = head(ref, types)
    match found:
        case None:
            return True
        case ScalarRef(scalar=scalar):
            return (scalar in _KEYS or scalar.is_integer) if key else scalar is not Scalar.ANY
        case NamedRef():
            return isinstance(types[found.name], Enum)
        case _:
            return False


def spelled(ref: TypeRef) -> str:
    """A reference as a definition writes it."""
    match ref:
        case ScalarRef():
            return ref.scalar.value
        case NamedRef():
            return ref.name
        case MapOf():
            return f"map<{spelled(ref.key)}, {spelled(ref.value)}>"
        case NullableOf():
            return f"{spelled(ref.item)}|null"
        case SetOf():
            return f"set<{spelled(ref.item)}>"
        case _:
            return f"list<{spelled(ref.item)}>"
