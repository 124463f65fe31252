"""Things that live side by side and so must differ in name."""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.frozen import frozen
from svcgen.model import walk
from svcgen.model.naming import Name
from svcgen.model.service import Api
from svcgen.model.types import Enum, Meta


@frozen
class Sibling:
    what: str  # "field 'title'"
    name: Name
    meta: Meta


@frozen
class Group:
    """``spelling`` is the property of :class:`Name` by which generated code tells the siblings
    apart.
    """

    siblings: tuple[Sibling, ...]
    spelling: str = "snake"


def groups(api: Api) -> Iterator[Group]:
    """Every group of siblings of the definition."""
    yield Group(tuple(_top_level(api)), "pascal")
    yield Group(tuple(_sibling("constant", c.name, c.meta) for c in api.constants))
    for _, fields in walk.field_owners(api):
        yield Group(tuple(_sibling("field", f.name, f.meta) for f in fields))
    for definition in api.types.values():
        if isinstance(definition, Enum):
            named = (each for v in definition.values for each in v.called)
            yield Group(tuple(_sibling("value", each.name, each.meta) for each in named))
    for service in api.services:
        methods = [_sibling("method", o.name, o.meta) for o in service.operations]
        yield Group((*methods, *(_sibling("event", e.name, e.meta) for e in service.events)))


def _top_level(api: Api) -> Iterator[Sibling]:
    for definition in api.types.values():
        yield _sibling("type", definition.name, definition.meta)
    for error in api.errors.values():
        yield _sibling("error", error.name, error.meta)
    for service in api.services:
        yield _sibling("service", service.name, service.meta)


def _sibling(word: str, name: Name, meta: Meta) -> Sibling:
    return Sibling(f"{word} {name.wire!r}", name, meta)
