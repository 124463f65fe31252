"""Objects that never end: GraphQL asks for as much of them as it wants, a value has to hold all.

Fields that are never null and through which a type needs itself are optional in the model; they
are noted as ``required``.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats.graphql.circles import circles
from svcgen.frozen import replace
from svcgen.model.types import Field, Meta, NamedRef, Struct, TypeDef


def without_endless(types: Mapping[str, TypeDef]) -> dict[str, TypeDef]:
    """The types, none of which needs itself."""
    needs = {n: _needs(t) for n, t in types.items() if isinstance(t, Struct)}
    found = circles({name: needed & needs.keys() for name, needed in needs.items()})
    return {name: _opened(each, found) for name, each in types.items()}


def _needs(found: Struct) -> set[str]:
    return {f.type.name for f in found.fields if f.required and isinstance(f.type, NamedRef)}


def _opened(found: TypeDef, numbers: Mapping[str, int]) -> TypeDef:
    if not isinstance(found, Struct):
        return found
    own = numbers[found.name.wire]
    closing = {f.name for f in found.fields if _closes(f, own, numbers)}
    if not closing:
        return found
    fields = (_optional(f) if f.name in closing else f for f in found.fields)
    return replace(found, fields=tuple(fields))


def _closes(field: Field, own: int, numbers: Mapping[str, int]) -> bool:
    """Whether a field leads back to the struct that has it."""
    ref = field.type
    return field.required and isinstance(ref, NamedRef) and numbers.get(ref.name) == own


def _optional(field: Field) -> Field:
    return replace(field, required=False, meta=_noted(field.meta))


def _noted(meta: Meta) -> Meta:
    known = meta.bind.get("graphql")
    old = known if isinstance(known, dict) else {}
    return replace(meta, bind={**meta.bind, "graphql": {**old, "required": True}})
