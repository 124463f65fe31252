"""Going through an :class:`Api`: every field, type reference and operation, in definition order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias, assert_never

from svcgen.frozen import replace
from svcgen.model.service import Api, Error, Event, Operation, Service
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Reserved,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

FieldOwner: TypeAlias = "Struct | Union | Error | Operation"
"""What has fields: members of a union and parameters of an operation are fields as well."""


def field_owners(api: Api) -> Iterator[tuple[FieldOwner, tuple[Field, ...]]]:
    """Everything that has fields, with them: types, then errors, then operations."""
    for definition in api.types.values():
        if isinstance(definition, Struct):
            yield definition, definition.fields
        elif isinstance(definition, Union):
            yield definition, definition.members
    for error in api.errors.values():
        yield error, error.fields
    for _, operation in operations(api):
        yield operation, operation.params


def fields(api: Api) -> Iterator[tuple[FieldOwner, Field]]:
    """Every field, union member, error field and parameter, each with its owner."""
    for owner, owned in field_owners(api):
        for field in owned:
            yield owner, field


def operations(api: Api) -> Iterator[tuple[Service, Operation]]:
    for service in api.services:
        for operation in service.operations:
            yield service, operation


def events(api: Api) -> Iterator[tuple[Service, Event]]:
    for service in api.services:
        for event in service.events:
            yield service, event


def type_refs(api: Api) -> Iterator[TypeRef]:
    """Every mention of a type that the definition writes, outermost only; see :func:`refs`."""
    for _, field in fields(api):
        yield field.type
    for definition in api.types.values():
        if isinstance(definition, Alias):
            yield definition.target
    for constant in api.constants:
        yield constant.type
    for _, operation in operations(api):
        for payload in (operation.input, operation.output):
            if payload is not None:
                yield payload.type
    for _, event in events(api):
        yield event.payload


def refs(ref: TypeRef) -> Iterator[TypeRef]:
    """``ref`` and the references inside of it, outermost first."""
    yield ref
    match ref:
        case ScalarRef() | NamedRef():
            return
        case ListOf() | SetOf() | NullableOf():
            yield from refs(ref.item)
        case MapOf():
            yield from refs(ref.key)
            yield from refs(ref.value)
        case _:
            assert_never(ref)


def names_in(ref: TypeRef) -> Iterator[NamedRef]:
    """The named types that ``ref`` mentions."""
    return (inner for inner in refs(ref) if isinstance(inner, NamedRef))


def mentions(api: Api) -> set[str]:
    """The names of the types and errors that the definition's declarations mention."""
    types = {name.name for ref in type_refs(api) for name in names_in(ref)}
    return types | {error for _, operation in operations(api) for error in operation.errors}


def needed(api: Api, apart: Collection[str]) -> set[str]:
    """The imported types that the definition's own declarations mention, and what these mention.

    What only a type of ``apart`` mentions is not among them.
    """
    imported = {n: d for n, d in api.types.items() if n in api.origins and n not in apart}
    own = replace(api, types={n: d for n, d in api.types.items() if n not in api.origins})
    waiting = {name.name for ref in type_refs(own) for name in names_in(ref)}
    found: set[str] = set()
    while waiting := (waiting & imported.keys()) - found:
        found |= waiting
        part = replace(
            own, services=(), errors={}, constants=(), types={n: imported[n] for n in waiting}
        )
        waiting = {name.name for ref in type_refs(part) for name in names_in(ref)}
    return found


def members(definition: TypeDef) -> tuple[tuple[str, int | None, Meta], ...]:
    """Name, number and meta of what in a type has a number: fields, values or union members."""
    match definition:
        case Struct():
            return tuple((f.name.wire, f.number, f.meta) for f in definition.fields)
        case Union():
            return tuple((f.name.wire, f.number, f.meta) for f in definition.members)
        case Enum():
            return tuple((v.name.wire, v.number, v.meta) for v in definition.values)
        case Alias():
            return ()
        case _:
            assert_never(definition)


def reserved(definition: TypeDef) -> Reserved:
    """The numbers and names that members of the type may not have."""
    return Reserved() if isinstance(definition, Alias) else definition.reserved
