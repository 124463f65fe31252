"""Structs that cannot have a value, since each needs another of its kind inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from svcgen.checks.subjects import EXAMPLE, head
from svcgen.diagnostics import Report, Rule
from svcgen.model.service import Api
from svcgen.model.types import Field, NamedRef, Struct, TypeDef, TypeRef, Union

ENDLESS = Rule(
    code="endless-type",
    message="{name!r} can have no value, since it always contains itself: {path}",
    fix="make a field on the way optional or nullable, or a list",
    why=(
        "Recursion is fine where it can end: at an optional or nullable field, an empty list or"
        " map, or another member of a union. Here every value would need a further one inside."
    ),
    example=EXAMPLE + "types:\n  Book: {author: Author}\n  Author: {first: Book}\n",
)

_Needs = dict[str, dict[str, Field]]
"""Of each struct and union the types that its values contain, with the field of each."""


def check_endless(api: Api, report: Report) -> None:
    needs = {name: _needs(definition, api.types) for name, definition in api.types.items()}
    endless = set(needs) - _finite(api.types, needs)
    told: set[str] = set()
    for start in needs:
        if start in endless and start not in told:
            path = _circle(start, needs, endless)
            if told.isdisjoint(path):
                field = needs[path[0]][path[1 % len(path)]]
                shown = " → ".join(_steps(path, needs))
                report.add(ENDLESS, field.meta.span, name=path[0], path=shown)
            told |= {start, *path}


def _needs(definition: TypeDef, types: Mapping[str, TypeDef]) -> dict[str, Field]:
    if isinstance(definition, Struct):
        fields = [f for f in definition.fields if f.required and f.default is None]
    elif isinstance(definition, Union):
        fields = list(definition.members)
    else:
        fields = []
    found: dict[str, Field] = {}
    for field in fields:
        if (name := _nested(field.type, types)) is not None:
            found.setdefault(name, field)
        elif isinstance(definition, Union):
            return {}
    return found


def _nested(ref: TypeRef, types: Mapping[str, TypeDef]) -> str | None:
    found = head(ref, types)
    return found.name if isinstance(found, NamedRef) else None


def _finite(types: Mapping[str, TypeDef], needs: _Needs) -> set[str]:
    """The types that have a finite value: all that a struct needs is finite, or one that a union
    does.
    """
    users: defaultdict[str, list[str]] = defaultdict(list)
    missing: dict[str, int] = {}
    for name, needed in needs.items():
        missing[name] = min(len(needed), 1) if isinstance(types[name], Union) else len(needed)
        for other in needed:
            users[other].append(name)
    finite: set[str] = set()
    ready = [name for name, count in missing.items() if count == 0]
    while ready:
        name = ready.pop()
        finite.add(name)
        for user in users[name]:
            missing[user] -= 1
            if missing[user] == 0:
                ready.append(user)
    return finite


def _circle(start: str, needs: _Needs, endless: set[str]) -> list[str]:
    """A circle that is reached from ``start`` by what cannot end."""
    path: dict[str, int] = {}
    name = start
    while name not in path:
        path[name] = len(path)
        name = next(other for other in needs[name] if other in endless)
    return list(path)[path[name] :]


def _steps(circle: list[str], needs: _Needs) -> list[str]:
    steps = [
        f"{name}.{needs[name][circle[(i + 1) % len(circle)]].name.wire}"
        for i, name in enumerate(circle[:10])
    ]
    return [*steps, *(["…"] if len(circle) > 10 else []), circle[0]]
