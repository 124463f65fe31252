"""Numbers that never move: gives every field, enum value, method and event its number.

In go a definition and the text of its ``svcgen.lock``; out come the definition with every number
filled in, and the new text. A number once given stays with its member through reordering and
renaming (``renamed_from``), and is retired for ever when the member goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from svcgen.diagnostics import Report, Rule
from svcgen.evolution.lockfile import Entry, read, write
from svcgen.evolution.scopes import Member, Scope, scopes
from svcgen.frozen import replace
from svcgen.model.service import Api, Operation, Service
from svcgen.model.types import Alias, Enum, Field, Struct, TypeDef, Union

NUMBER_CHANGED = Rule(
    code="number-changed",
    message="{owner}.{name} has number {number}, but the lock file gave it {locked}",
    fix="write number: {locked}, or drop the number",
    why=(
        "The number is what travels on the binary wires. Programs built before the edit send "
        "the old one, and would be misread."
    ),
    example="",
)
NUMBER_REUSED = Rule(
    code="number-reused",
    message="{owner}.{name} has number {number}, which belongs to {holder!r}",
    fix=(
        "drop the number, and the next free one is taken; if {holder!r} got a new name, write "
        "renamed_from: {holder}"
    ),
    why=(
        "A number that once meant one thing never means another: programs built before the "
        "edit, and stored messages, still carry the old meaning. Retired numbers stay in "
        "svcgen.lock for ever."
    ),
    example="",
)

_WIRE_RESERVED = range(19000, 20000)  # field numbers that protobuf keeps for itself

Numbers = dict[tuple[str, str, str], int]
"""By kind, owner and name."""


class _Locked:
    """The entries of one scope: numbers by kind and name, and who had the retired ones."""

    def __init__(self) -> None:
        self.live: dict[tuple[str, str], int] = {}
        self.retired: dict[int, tuple[str, str]] = {}

    def add(self, entry: Entry) -> None:
        if entry.retired or (entry.kind, entry.name) in self.live:
            self.retired.setdefault(entry.number, (entry.kind, entry.name))
        else:
            self.live[entry.kind, entry.name] = entry.number

    def after(self, other: _Locked) -> _Locked:
        """These entries and the retired ones of an owner that had the name before."""
        used = set(self.live.values())
        kept = {number: who for number, who in other.retired.items() if number not in used}
        result = _Locked()
        result.live = self.live
        result.retired = kept | self.retired
        return result


def assign(api: Api, lock_text: str | None, lock_name: str, report: Report) -> tuple[Api, str]:
    """Return ``api`` with every number filled in, and the text of the new lock file.

    Conflicts between the definition and the lock are reported in the definition, a lock that cannot
    be read at its line. After an error the result is not to be written.
    """
    entries = read(lock_text or "", lock_name, report)
    current = list(scopes(api))
    locked = _by_scope(entries, current)
    numbers: Numbers = {}
    kept: list[Entry] = []
    for scope in current:
        kept += _number_scope(scope, locked.pop(scope.key, _Locked()), numbers, report)
    for (_, owner), gone in locked.items():
        kept += _retire(owner, gone, {})
    return _numbered(api, numbers), write(kept)


def _by_scope(entries: list[Entry], current: list[Scope]) -> dict[tuple[str, str], _Locked]:
    """The entries of each scope, those of a renamed owner under its new name."""
    found: dict[tuple[str, str], _Locked] = {}
    for entry in sorted(entries, key=lambda e: (e.kind, e.owner, e.name, e.number, e.retired)):
        found.setdefault(entry.scope, _Locked()).add(entry)
    alive = {scope.key for scope in current}
    for scope in current:
        here = found.get(scope.key, _Locked())
        formerly = [(scope.space, former) for former in scope.formerly]
        moved = [key for key in formerly if key in found and key not in alive]
        if moved and not here.live:
            found[scope.key] = found.pop(moved[0]).after(here)
    return found


def _number_scope(scope: Scope, locked: _Locked, numbers: Numbers, report: Report) -> list[Entry]:
    """Number the members of one scope; return its lock entries."""
    before = _numbers_before(scope, locked)
    taken = {number: name for number, (_, name) in locked.retired.items()}
    taken |= {number: name for (_, name), number in locked.live.items()}
    owned = {before[m.kind, m.name]: m.name for m in scope.members if (m.kind, m.name) in before}
    given = dict(before)
    for member in scope.members:
        if member.number is not None:
            _check_explicit(scope, member, before, taken | owned, report)
            given[member.kind, member.name] = member.number
    free = _free_numbers(scope, {*taken, *given.values()})
    for member in scope.members:
        key = (member.kind, member.name)
        number = given[key] if key in given else next(free)
        given[key] = numbers[member.kind, scope.owner, member.name] = number
    entries = [Entry(m.kind, scope.owner, m.name, given[m.kind, m.name]) for m in scope.members]
    return entries + _retire(scope.owner, locked, given)


def _numbers_before(scope: Scope, locked: _Locked) -> dict[tuple[str, str], int]:
    """The locked number of each member that has one, under its name of today."""
    alive = {(member.kind, member.name) for member in scope.members}
    before = {key: locked.live[key] for key in alive if key in locked.live}
    carried = set(before.values())
    for member in scope.members:
        key, former = (member.kind, member.name), (member.kind, member.meta.renamed_from)
        number = locked.live.get(former)
        fresh = former not in alive and key not in before and number not in carried
        if fresh and number is not None:
            before[key] = number
            carried.add(number)
    return before


def _check_explicit(
    scope: Scope,
    member: Member,
    before: dict[tuple[str, str], int],
    holders: dict[int, str],
    report: Report,
) -> None:
    """Report a number of the definition that contradicts the lock."""
    locked = before.get((member.kind, member.name))
    facts = {"owner": scope.owner, "name": member.name, "number": member.number}
    if locked is not None and locked != member.number:
        report.add(NUMBER_CHANGED, member.meta.span, locked=locked, **facts)
    elif locked is None and (holder := holders.get(member.number or 0)) is not None:
        report.add(NUMBER_REUSED, member.meta.span, holder=holder, **facts)


def _free_numbers(scope: Scope, taken: set[int]) -> Iterator[int]:
    """The numbers from 1 on that nothing in the scope has, had or reserves."""
    wire = _WIRE_RESERVED if scope.space == "field" else ()
    return (number for number in scope.reserved.numbers.free(taken) if number not in wire)


def _retire(owner: str, locked: _Locked, given: dict[tuple[str, str], int]) -> list[Entry]:
    """The entries of numbers that no member has any more."""
    used = set(given.values())
    gone = locked.retired | {number: who for who, number in locked.live.items()}
    return [
        Entry(kind, owner, name, number, retired=True)
        for number, (kind, name) in gone.items()
        if number not in used
    ]


def _numbered(api: Api, numbers: Numbers) -> Api:
    types = {
        name: _numbered_type(name, definition, numbers) for name, definition in api.types.items()
    }
    errors = {
        name: replace(error, fields=_numbered_fields(name, error.fields, numbers))
        for name, error in api.errors.items()
    }
    services = tuple(_numbered_service(service, numbers) for service in api.services)
    return replace(api, types=types, errors=errors, services=services)


def _numbered_type(owner: str, definition: TypeDef, numbers: Numbers) -> TypeDef:
    match definition:
        case Struct():
            return replace(definition, fields=_numbered_fields(owner, definition.fields, numbers))
        case Union():
            return replace(definition, members=_numbered_fields(owner, definition.members, numbers))
        case Enum():
            values = definition.values
            return replace(
                definition,
                values=tuple(
                    replace(v, number=numbers["value", owner, v.name.wire]) for v in values
                ),
            )
        case Alias():
            return definition
        case _:
            assert_never(definition)


def _numbered_fields(owner: str, fields: tuple[Field, ...], numbers: Numbers) -> tuple[Field, ...]:
    return tuple(replace(f, number=numbers["field", owner, f.name.wire]) for f in fields)


def _numbered_service(service: Service, numbers: Numbers) -> Service:
    name = service.name.wire
    operations = tuple(_numbered_operation(name, o, numbers) for o in service.operations)
    events = tuple(replace(e, number=numbers["event", name, e.name.wire]) for e in service.events)
    return replace(service, operations=operations, events=events)


def _numbered_operation(service: str, operation: Operation, numbers: Numbers) -> Operation:
    name = operation.name.wire
    params = _numbered_fields(f"{service}.{name}", operation.params, numbers)
    return replace(operation, params=params, number=numbers["method", service, name])
