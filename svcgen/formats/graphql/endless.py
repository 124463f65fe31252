"""Objects that never end: GraphQL asks for as much of them as it wants, a value has to hold all.

A field that is never null and through which a type needs itself is optional in the model; clients
do not ask for it. A list of types that hold each other, or one of them that may be null, is asked
for on the first level (``levels``); it is absent below, which is neither null nor an empty list.
Types that are inputs as well have an end. What never was null is noted as ``required``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from svcgen.formats.graphql.bound import facts
from svcgen.formats.graphql.circles import circles
from svcgen.formats.graphql.refs import nullable
from svcgen.frozen import replace
from svcgen.model.types import (
    Field,
    ListOf,
    Literal,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Struct,
    TypeDef,
    Union,
)

LEVELS = 2
"""Levels of types that hold each other that clients ask for."""


def without_endless(types: Mapping[str, TypeDef]) -> dict[str, TypeDef]:
    """The types, none of which needs itself."""
    structs = {name: each for name, each in types.items() if isinstance(each, Struct)}
    return {**types, **_opened(structs, _needed, _never_asked)}


def within_levels(types: Mapping[str, TypeDef], outputs: set[str]) -> dict[str, TypeDef]:
    """The types, of which those named ``outputs`` hold each other only so deep."""
    own = {name: each for name, each in types.items() if name in outputs}
    return {**types, **_opened(own, _held, _limited)}


def _opened(
    types: Mapping[str, TypeDef], leads: Callable[[Field], str], opened: Callable[[Field], Field]
) -> dict[str, TypeDef]:
    """The types; what leads from a struct back to it is ``opened``."""
    holds = {name: {leads(field) for field in _fields(each)} for name, each in types.items()}
    numbers = circles({name: held & holds.keys() for name, held in holds.items()})
    found = dict(types)
    for name, each in types.items():
        if isinstance(each, Struct) and numbers[name] in map(numbers.get, holds[name]):
            closes = (numbers.get(leads(field)) == numbers[name] for field in each.fields)
            pairs = zip(each.fields, closes, strict=True)
            fields = (opened(field) if closing else field for field, closing in pairs)
            found[name] = replace(each, fields=tuple(fields))
    return found


def _fields(found: TypeDef) -> tuple[Field, ...]:
    match found:
        case Struct():
            return found.fields
        case Union():
            return found.members
    return ()


def _needed(field: Field) -> str:
    """The type of which a value is always there."""
    return field.type.name if field.required and isinstance(field.type, NamedRef) else ""


def _held(field: Field) -> str:
    """The type of which clients get values."""
    if "required" in facts(field.meta):
        return ""
    ref = field.type
    while isinstance(ref, NullableOf | ListOf):
        ref = ref.item
    if isinstance(ref, MapOf):
        return _held(replace(field, type=ref.value))
    return ref.name if isinstance(ref, NamedRef) else ""


def _never_asked(field: Field) -> Field:
    return replace(field, required=False, meta=_noted(field.meta, required=True))


def _limited(field: Field) -> Field:
    """What need not be there to have a value is absent where nobody asked for it."""
    if not field.required:
        meta = _noted(field.meta, levels=LEVELS)
        return replace(field, type=nullable(field.type), meta=meta)
    if isinstance(field.type, NamedRef):
        return field
    meta = _noted(field.meta, required=True, levels=LEVELS)
    return replace(field, required=False, meta=meta)


def _noted(meta: Meta, **said: Literal) -> Meta:
    return replace(meta, bind={**meta.bind, "graphql": {**facts(meta), **said}})
