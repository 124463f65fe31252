"""Whether a form says a use of a construct after all, by what its reader made of the file.

The tables of the forms tell what may become of a construct. A .proto has a word for an instant that
may be absent, and needs something beside it for one that may not: which it was, reading tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcgen.conversion.occurrences import Occurrence
from svcgen.formats.neutral.differences import WITHOUT
from svcgen.formats.neutral.writing import Tree

Unsaid: TypeAlias = "Mapping[str, Tree | None]"
"""What a form does not say of each declaration, by its key; see ``choosing``."""

_TYPES = ("type", "alias", "params", "input", "output", "returns", "payload")
_LIMITS = (
    "min", "max", "exclusive_min", "exclusive_max",
    "min_length", "max_length", "min_items", "max_items",
)  # fmt: skip

_OF_TYPES = (
    "small-integer unsigned unsigned-64 int64 float32 decimal bytes timestamp date time duration"
    " uuid any set map map-key map-odd-key nested-container nullable-item nullable single-value"
    " no-answer parameters client-stream both-streams"
).split()

_KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_OF_TYPES, _TYPES),
    **dict.fromkeys(("optional", "optional-nullable"), (*_TYPES, "optional")),
    **dict.fromkeys(("deprecated", "deprecation-reason"), ("deprecated",)),
    **dict.fromkeys(("route", "wire-facts"), ("bind", "http")),
    **dict.fromkeys(("json-style", "absent-zero", "absent-refused"), ("json",)),
    **dict.fromkeys(("enum", "closed-enum"), ("enum", "closed")),
    "server-stream": (*_TYPES, "readonly"),
    "default": ("default", "optional"),
    "oneof": ("oneof",),
    "limits": _LIMITS,
    "pattern": ("pattern",),
    "unique": ("unique",),
    "json-name": ("json",),
    "number": ("number",),
    "enum-number": ("number",),
    "enum-alias": ("aliases",),
    "example": ("example", "examples"),
    "doc": ("doc",),
    "since": ("since",),
    "renamed-from": ("renamed_from",),
    "tags": ("tags",),
    "reserved": ("reserved",),
    "union": ("union",),
    "error-code": ("code",),
    "error-policy": ("message", "retryable"),
    "one-way": ("oneway",),
    "readonly": ("readonly",),
    "idempotent": ("idempotent",),
    "deadline": ("deadline",),
    "auth": ("auth",),
    "pagination": ("pagination",),
    "event-policy": ("key", "delivery", "durable", "retries", "dead_letter"),
    "version": ("version",),
    "server": ("servers",),
}
"""Where the definition language says a construct; one that is not here may be anywhere."""

_MEMBERS = ("fields", "params", "union", "enum", "constants")

_MARKED = frozenset({"several-services"})
"""What is read only because of the marks that a draft has and a file need not have."""


def is_unsaid(occurrence: Occurrence, unsaid: Unsaid) -> bool:
    """Whether the form needs something beside what it says of a use of a construct."""
    thing, construct = occurrence.thing, occurrence.construct
    if construct in _MARKED:
        return True
    if thing.key not in unsaid:
        return False
    change = unsaid[thing.key]
    if change is not None and thing.member:
        if all(thing.member not in change.get(section, {}) for section in _MEMBERS):
            return False
        found = (change.get(section, {}).get(thing.member) for section in _MEMBERS)
        change = next((each for each in found if isinstance(each, dict)), None)
    return change is None or _says(change, construct)


def _says(change: Tree, construct: str) -> bool:
    keys = {*change, *change.get(WITHOUT, ())} - {WITHOUT}
    if construct == "annotation":
        return any(key.startswith("x-") for key in keys)
    return construct not in _KEYS or not keys.isdisjoint(_KEYS[construct])
