"""What a URL or header can hold: which types fit where."""

from __future__ import annotations

from typing import assert_never

from svcgen.model.messages import resolve
from svcgen.model.service import Api
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeRef,
    Union,
)


def fits(api: Api, field: Field, place: str) -> bool:
    """Can the field's value travel in the ``path``, ``query`` or a ``header``?"""
    ref = resolve(field.type, api.types)
    if isinstance(ref, ListOf | SetOf) and place == "query":
        ref = resolve(ref.item, api.types)
    if isinstance(ref, NamedRef):
        return isinstance(api.types.get(ref.name), Enum)
    return isinstance(ref, ScalarRef) and ref.scalar is not Scalar.ANY


def struct_of(api: Api, ref: TypeRef) -> Struct | None:
    """The struct that a type is, if it is one."""
    resolved = resolve(ref, api.types)
    found = api.types.get(resolved.name) if isinstance(resolved, NamedRef) else None
    return found if isinstance(found, Struct) else None


def kind_of(api: Api, ref: TypeRef) -> str:
    """What a type is, in words."""
    resolved = resolve(ref, api.types)
    match resolved:
        case ScalarRef():
            return f"of type {resolved.scalar}"
        case ListOf():
            return "a list"
        case SetOf():
            return "a set"
        case MapOf():
            return "a map"
        case NullableOf():
            return "nullable"
        case NamedRef():
            return _KINDS[type(api.types[resolved.name])]
        case _:
            assert_never(resolved)


_KINDS = {Struct: "a struct", Union: "a union", Enum: "an enum", Alias: "an alias"}
