"""The queries that clients send for operations: they ask for everything that an answer has.

Objects that several places mention are fragments, each written once for all queries of a schema.

Types that hold each other have no end. A field that says its ``levels`` is asked for until a query
has passed through so many of them, and is absent below. Of all others a query asks for as many
inside of each other as ``_deepest`` says; of the last only for ``__typename``, by which a client
sees that there is more than it got.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from svcgen.formats.graphql.circles import circles
from svcgen.formats.graphql.finding import FINDER, ID_FIELD, ID_TYPE
from svcgen.formats.graphql.names import distinct
from svcgen.formats.graphql.shape import (
    Graph,
    GraphField,
    GraphOperation,
    GraphType,
    Query,
    TypeKind,
)
from svcgen.frozen import frozen
from svcgen.model.kept import kept

_NESTED = 16
"""How often types that hold each other are asked for inside of each other."""

_FRAGMENTS = 320
"""Fragments of types that hold each other: the more types, the less often each, but twice."""

_INLINE = 8
"""Selections inside of each other in one text; deeper ones are fragments."""

_LEAVES = (TypeKind.ENUM, TypeKind.SCALAR)
_ABSTRACT = (TypeKind.UNION, TypeKind.INTERFACE)


@kept
def queries(graph: Graph) -> Mapping[tuple[str, str], Query]:
    """The queries of a schema by the names of service and operation, for those that have one."""
    writer = _Writer(graph)
    return {
        key: writer.query(operation)
        for key, operation in graph.operations.items()
        if not operation.of or operation.found_by
    }


@frozen
class _Place:
    """How deep in a query a type is asked for."""

    name: str
    level: int = 1  # fields with levels that were passed in its circle, and one
    nested: int = 1  # types of its circle without levels that it is inside of, and itself
    prefix: str = ""  # of the response keys of its fields


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self._types = graph.types
        self._circles = _Circles(graph.types)
        self._shared = _shared(graph)
        self._names: dict[_Place, str] = {}
        self._taken: set[str] = set()
        self._fragments: dict[str, str] = {}
        self._fresh: deque[_Place] = deque()

    def query(self, operation: GraphOperation) -> Query:
        """The query of an operation, named like its field."""
        before = len(self._fragments)
        field, found_by = operation.field, operation.found_by
        variables = [f"${a.name}: {a.type}{_default(a)}" for a in field.arguments]
        given = ", ".join(f"{a.name}: ${a.name}" for a in field.arguments)
        asked = field.name + (f"({given})" if given else "")
        asked += self._selection(_Place(field.of), 1)
        title = field.name
        if found_by:
            title = f"{operation.of}_{field.name}"
            variables.insert(0, f"${found_by}: {ID_TYPE}")
            asked = _block(f"... on {operation.of}", [asked])
            asked = _block(f"{FINDER}({ID_FIELD}: ${found_by})", [asked])
        takes = f"({', '.join(variables)})" if variables else ""
        self._write_fresh()
        new = list(self._fragments.items())[before:]
        document = tuple(_block(f"{operation.root.value} {title}{takes}", [asked]).split("\n"))
        return Query(document, {name: tuple(text.split("\n")) for name, text in new})

    def _write_fresh(self) -> None:
        """The fragments that were mentioned, and those that they mention; without recursion."""
        while self._fresh:
            place = self._fresh.popleft()
            name = self._names[place]
            self._fragments[name] = f"fragment {name} on {place.name}{self._body(place, 1)}"

    def _selection(self, place: _Place, depth: int) -> str:
        """What is asked for of a type: nothing of a leaf, else braces."""
        found = self._types.get(place.name)
        if found is None or found.kind in _LEAVES:
            return ""
        if place.name in self._shared or place.name in self._circles or depth > _INLINE:
            return f" {{ ...{self._fragment(place)} }}"
        return self._body(place, depth)

    def _fragment(self, place: _Place) -> str:
        """The name of the fragment for a place."""
        if place not in self._names:
            parts = [place.name, *(str(n) for n in (place.level, place.nested) if n > 1)]
            wanted = "_".join([*parts, "member"] if place.prefix else parts)
            self._names[place] = distinct(wanted, self._taken)
            self._fresh.append(place)
        return self._names[place]

    def _body(self, place: _Place, depth: int) -> str:
        found = self._types[place.name]
        if place.nested > 1 and place.nested >= self._circles.deepest(place.name):
            return _block("", ["__typename"])
        if found.kind in _ABSTRACT:
            return _block("", ["__typename", *self._members(found, place, depth)])
        asked = [field for field in found.plain if not _is_left_out(field, place)]
        fields = (self._field(field, place, depth) for field in asked)
        return _block("", fields if asked else ["__typename"])

    def _members(self, found: GraphType, place: _Place, depth: int) -> Iterator[str]:
        """The members of a union, whose fields get names that no other member has."""
        for member in found.members:
            prefix = f"{member.name}_" if found.is_direct else ""
            inner = self._circles.inside(place, member.name, prefix)
            if prefix and (member.name in self._shared or member.name in self._circles):
                yield f"...{self._fragment(inner)}"
            else:
                yield f"... on {member.name}{self._body(inner, depth + 1)}"

    def _field(self, field: GraphField, place: _Place, depth: int) -> str:
        name = f"{place.prefix}{field.name}: {field.name}" if place.prefix else field.name
        return name + self._selection(self._circles.below(place, field), depth + 1)


class _Circles:
    """Types that hold each other: those of which a query cannot ask for everything."""

    def __init__(self, types: Mapping[str, GraphType]) -> None:
        self._all, in_all = _numbered(types, lambda field: field.levels != 1)
        self._endless, in_endless = _numbered(types, lambda field: not field.levels)
        sizes = Counter(self._endless[name] for name in in_endless)
        self._sizes = {name: sizes[self._endless[name]] for name in in_endless}
        self._names = in_all | in_endless

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def deepest(self, name: str) -> int:
        """How often a type without levels is asked for inside of others of its circle."""
        return max(2, min(_NESTED, _FRAGMENTS // self._sizes.get(name, 1)))

    def inside(self, place: _Place, member: str, prefix: str) -> _Place:
        """The place of a member of a union, which is as deep as the union."""
        level = place.level if self._is_in(self._all, place.name, member) else 1
        nested = place.nested if self._is_in(self._endless, place.name, member) else 1
        return _Place(member, level, nested, prefix)

    def below(self, place: _Place, field: GraphField) -> _Place:
        """The place of what a field holds."""
        level = nested = 1
        if self._is_in(self._all, place.name, field.of):
            level = place.level + (field.levels > 0)
        if not field.levels and self._is_in(self._endless, place.name, field.of):
            nested = place.nested + 1
        return _Place(field.of, level, nested)

    def _is_in(self, numbers: Mapping[str, int], name: str, other: str) -> bool:
        """Whether one holds the other in a circle."""
        return other in self._names and numbers.get(name) == numbers.get(other)


def _numbered(
    types: Mapping[str, GraphType], asks: Callable[[GraphField], bool]
) -> tuple[dict[str, int], set[str]]:
    """The number of each type's circle, and the types that hold themselves, be it through others,
    by fields that are asked for.
    """
    holds = {
        name: {f.of for f in found.plain if asks(f)} | {m.name for m in found.members}
        for name, found in types.items()
    }
    numbers = circles({name: held & types.keys() for name, held in holds.items()})
    sizes = Counter(numbers.values())
    return numbers, {n for n, c in numbers.items() if sizes[c] > 1 or n in holds[n]}


def _shared(graph: Graph) -> set[str]:
    """The types that several places mention."""
    mentions = Counter(operation.field.of for operation in graph.operations.values())
    for found in graph.types.values():
        mentions.update(field.of for field in found.plain)
        mentions.update(member.name for member in found.members if found.is_direct)
    return {name for name, number in mentions.items() if number > 1}


def _is_left_out(field: GraphField, place: _Place) -> bool:
    return 0 < field.levels <= place.level


def _block(head: str, lines: Iterable[str]) -> str:
    """Braces around lines, behind ``head``."""
    inner = (f"  {line}" for text in lines for line in text.split("\n"))
    return "\n".join([f"{head} {{", *inner, "}"])


def _default(argument: GraphField) -> str:
    return f" = {argument.default}" if argument.default else ""
