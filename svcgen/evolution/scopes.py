"""What has numbers: a scope is one type, error, operation or service, within which they are
unique.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.frozen import frozen
from svcgen.model import walk
from svcgen.model.service import Api, Event, Operation, Service
from svcgen.model.types import Alias, Enum, Field, Meta, Reserved


@frozen
class Member:
    """What gets a number. ``kind`` is the word of its lock entry."""

    kind: str
    name: str
    number: int | None  # that the definition gives
    meta: Meta


@frozen
class Scope:
    """``formerly`` are the owner's names before it was renamed, the newest first."""

    space: str  # "field", "value" or "method"
    owner: str
    formerly: tuple[str, ...]
    members: tuple[Member, ...]
    reserved: Reserved

    @property
    def key(self) -> tuple[str, str]:
        return (self.space, self.owner)


def scopes(api: Api) -> Iterator[Scope]:
    """Every scope of the definition, in its order."""
    for name, definition in api.types.items():
        if not isinstance(definition, Alias):
            kind = "value" if isinstance(definition, Enum) else "field"
            members = tuple(Member(kind, *facts) for facts in walk.members(definition))
            former = _former(definition.meta)
            yield Scope(kind, name, former, members, definition.reserved)
    for name, error in api.errors.items():
        yield Scope("field", name, _former(error.meta), _fields(error.fields), Reserved())
    for service in api.services:
        yield from _of_service(service)


def _of_service(service: Service) -> Iterator[Scope]:
    name = service.name.wire
    members = [_member("method", operation) for operation in service.operations]
    members += [_member("event", event) for event in service.events]
    yield Scope("method", name, _former(service.meta), tuple(members), Reserved())
    for operation in service.operations:
        if operation.params:
            names = [f"{s}.{o}" for s in _all(service) for o in _all(operation)]
            fields = _fields(operation.params)
            yield Scope("field", names[0], tuple(names[1:]), fields, Reserved())


def _all(owner: Service | Operation) -> tuple[str, ...]:
    return (owner.name.wire, *_former(owner.meta))


def _former(meta: Meta) -> tuple[str, ...]:
    return (meta.renamed_from,) if meta.renamed_from else ()


def _member(kind: str, owner: Operation | Event) -> Member:
    return Member(kind, owner.name.wire, owner.number, owner.meta)


def _fields(fields: tuple[Field, ...]) -> tuple[Member, ...]:
    return tuple(Member("field", f.name.wire, f.number, f.meta) for f in fields)
