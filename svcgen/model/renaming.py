"""The model with other names for some of its types and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from svcgen.frozen import replace
from svcgen.model.service import Operation, Payload
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    MapOf,
    NamedRef,
    NullableOf,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)


def renamed_ref(ref: TypeRef, names: Mapping[str, str]) -> TypeRef:
    """A mention of a type with the names in ``names`` exchanged for others."""
    match ref:
        case ScalarRef():
            return ref
        case NamedRef():
            return replace(ref, name=names[ref.name]) if ref.name in names else ref
        case ListOf() | SetOf() | NullableOf():
            return replace(ref, item=renamed_ref(ref.item, names))
        case MapOf():
            key, value = renamed_ref(ref.key, names), renamed_ref(ref.value, names)
            return replace(ref, key=key, value=value)
        case _:
            assert_never(ref)


def renamed_fields(fields: tuple[Field, ...], names: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(replace(field, type=renamed_ref(field.type, names)) for field in fields)


def renamed_type(definition: TypeDef, names: Mapping[str, str]) -> TypeDef:
    """A type whose own name stays and whose mentions of others change."""
    match definition:
        case Struct():
            return replace(definition, fields=renamed_fields(definition.fields, names))
        case Union():
            return replace(definition, members=renamed_fields(definition.members, names))
        case Alias():
            return replace(definition, target=renamed_ref(definition.target, names))
        case Enum():
            return definition
        case _:
            assert_never(definition)


def renamed_operation(operation: Operation, names: Mapping[str, str]) -> Operation:
    return replace(
        operation,
        params=renamed_fields(operation.params, names),
        input=_payload(operation.input, names),
        output=_payload(operation.output, names),
        errors=tuple(names.get(error, error) for error in operation.errors),
    )


def _payload(payload: Payload | None, names: Mapping[str, str]) -> Payload | None:
    return replace(payload, type=renamed_ref(payload.type, names)) if payload else None
