"""The model as plain JSON values without places, the same for equal models: for goldens and tools.

Types are written as the definition language writes them, names as on the wire, and what has its
default value is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from svcgen.diagnostics import Span
from svcgen.frozen import attributes, defaults, is_frozen
from svcgen.model.naming import Name
from svcgen.model.numbers import Numbers
from svcgen.model.types import (
    Default,
    Example,
    ListOf,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    TypeDef,
    TypeRef,
)

if TYPE_CHECKING:
    from svcgen.model.service import Api

_WORDS = {"list", "set", "map", "null", *(scalar.value for scalar in Scalar)}
"""What means something else than a declared type of that name; a dot before it tells."""
_REFS = (ScalarRef, ListOf, SetOf, MapOf, NullableOf, NamedRef)


def dump(api: Api) -> dict[str, Any]:
    """The whole model; ``json.dumps`` of it is stable, its order that of the definition."""
    dumped = _fields(api)
    dumped["types"] = {name: _type(definition) for name, definition in api.types.items()}
    return dumped


def expression(ref: TypeRef) -> str:
    """The type as the definition language writes it: ``map<string, list<int32|null>>``."""
    match ref:
        case ScalarRef():
            return ref.scalar.value
        case NamedRef():
            return f".{ref.name}" if ref.name in _WORDS else ref.name
        case ListOf():
            return f"list<{expression(ref.item)}>"
        case SetOf():
            return f"set<{expression(ref.item)}>"
        case MapOf():
            return f"map<{expression(ref.key)}, {expression(ref.value)}>"
        case NullableOf():
            return f"{expression(ref.item)}|null"
        case _:
            assert_never(ref)


def _type(definition: TypeDef) -> dict[str, Any]:
    return {"kind": type(definition).__name__.lower(), **_fields(definition)}


def _fields(thing: object) -> dict[str, Any]:
    """The facts of a value that differ from their defaults; those of its meta among them."""
    found: dict[str, Any] = {}
    usual = defaults(type(thing))
    for name, value in attributes(thing).items():
        if name == "meta":
            found |= _fields(value)
        elif not _is_place(value) and not (name in usual and value == usual[name]):
            found[name] = _value(value)
    return found


def _is_place(value: object) -> bool:
    """Whether it is a span, or several."""
    return isinstance(value, Span) or (
        isinstance(value, tuple) and any(isinstance(item, Span) for item in value)
    )


def _value(value: Any) -> Any:
    if isinstance(value, _REFS):
        return expression(value)
    if isinstance(value, Name):
        return value.wire
    if isinstance(value, Default | Example):
        return {"value": _value(value.value)} if isinstance(value, Default) else _value(value.value)
    if isinstance(value, Numbers):
        return value.words()
    if is_frozen(value):
        return _fields(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _value(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return value
