"""What messages call things, and what a reference comes down to, shared by the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svcgen.model import walk
from svcgen.model.service import Api, Operation
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    NamedRef,
    NullableOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)
from svcgen.model.walk import FieldOwner

EXAMPLE = "svcgen: 1\n"
"""How the example of every rule begins."""


def subject(owner: FieldOwner, field: Field) -> str:
    """``field 'title' of 'Book'``, with the word for what the owner has."""
    word = {Operation: "parameter", Union: "member"}.get(type(owner), "field")
    return f"{word} {field.name.wire!r} of {owner.name.wire!r}"


def mentions(api: Api) -> Iterator[tuple[str, TypeRef]]:
    """Every type reference that the definition writes, with what has it."""
    for owner, field in walk.fields(api):
        yield subject(owner, field), field.type
    for definition in api.types.values():
        if isinstance(definition, Alias):
            yield f"alias {definition.name.wire!r}", definition.target
    for constant in api.constants:
        yield f"constant {constant.name.wire!r}", constant.type
    for _, operation in walk.operations(api):
        for word, payload in (("input", operation.input), ("output", operation.output)):
            if payload is not None:
                yield f"{word} of {operation.name.wire!r}", payload.type
    for _, event in walk.events(api):
        yield f"payload of {event.name.wire!r}", event.payload


def head(ref: TypeRef, types: Mapping[str, TypeDef]) -> TypeRef | None:
    """``ref`` behind its aliases; ``None`` where they go in a circle or lead nowhere."""
    seen: set[str] = set()
    while isinstance(ref, NamedRef):
        named = types.get(ref.name)
        if not isinstance(named, Alias):
            return None if named is None else ref
        if ref.name in seen:
            return None
        seen.add(ref.name)
        ref = named.target
    return ref


def head_type(ref: TypeRef, types: Mapping[str, TypeDef]) -> Struct | Enum | Union | None:
    """The struct, enum or union that ``ref`` comes down to, or ``None``."""
    found = head(ref, types)
    named = types.get(found.name) if isinstance(found, NamedRef) else None
    return None if isinstance(named, Alias) else named


def present(ref: TypeRef, types: Mapping[str, TypeDef]) -> TypeRef | None:
    """What ``ref`` comes down to when it is not null."""
    found = head(ref, types)
    return head(found.item, types) if isinstance(found, NullableOf) else found
