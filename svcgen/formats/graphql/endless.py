"""Objects that never end: GraphQL asks for as much of them as it wants, a value has to hold all.

Fields that are never null and through which a type needs itself are optional in the model; they
are noted as ``required``.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.frozen import replace
from svcgen.model.types import Field, Meta, NamedRef, Struct, TypeDef


def without_endless(types: Mapping[str, TypeDef]) -> dict[str, TypeDef]:
    """The types, none of which needs itself."""
    needs = {n: _needs(found) for n, found in types.items() if isinstance(found, Struct)}
    circles = _circles({name: needed & needs.keys() for name, needed in needs.items()})
    return {name: _opened(found, circles) for name, found in types.items()}


def _needs(found: Struct) -> set[str]:
    return {f.type.name for f in found.fields if f.required and isinstance(f.type, NamedRef)}


def _circles(needs: Mapping[str, set[str]]) -> dict[str, int]:
    """The number of the circle of each type that is in one: its strongly connected component."""
    users: dict[str, list[str]] = {name: [] for name in needs}
    for name, needed in needs.items():
        for other in needed:
            users[other].append(name)
    found: dict[str, int] = {}
    for number, name in enumerate(reversed(_finished(needs))):
        if name in found:
            continue
        found[name] = number
        waiting = [name]
        while waiting:
            for user in users[waiting.pop()]:
                if user not in found:
                    found[user] = number
                    waiting.append(user)
    return found


def _finished(needs: Mapping[str, set[str]]) -> list[str]:
    """The types in the order in which a walk in depth leaves them."""
    done: dict[str, None] = {}
    seen: set[str] = set()
    for start in needs:
        path = [] if start in seen else [(start, iter(sorted(needs[start])))]
        seen.add(start)
        while path:
            name, ahead = path[-1]
            other = next((each for each in ahead if each not in seen), None)
            if other is None:
                done[name] = None
                path.pop()
            else:
                seen.add(other)
                path.append((other, iter(sorted(needs[other]))))
    return list(done)


def _opened(found: TypeDef, circles: Mapping[str, int]) -> TypeDef:
    if not isinstance(found, Struct):
        return found
    own = circles[found.name.wire]
    closing = {f.name for f in found.fields if _closes(f, own, circles)}
    if not closing:
        return found
    fields = (_optional(f) if f.name in closing else f for f in found.fields)
    return replace(found, fields=tuple(fields))


def _closes(field: Field, own: int, circles: Mapping[str, int]) -> bool:
    """Whether a field leads back to the struct that has it."""
    ref = field.type
    return field.required and isinstance(ref, NamedRef) and circles.get(ref.name) == own


def _optional(field: Field) -> Field:
    return replace(field, required=False, meta=_noted(field.meta))


def _noted(meta: Meta) -> Meta:
    known = meta.bind.get("graphql")
    old = known if isinstance(known, dict) else {}
    return replace(meta, bind={**meta.bind, "graphql": {**old, "required": True}})
