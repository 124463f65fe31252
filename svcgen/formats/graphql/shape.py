"""A definition as GraphQL sees it: the types of its schema and the fields of its roots, named.

Only what an operation asks for or answers is there. The SDL, the bindings and the clients' queries
all ask here, so that a name is chosen once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from svcgen.formats.graphql.circles import circles
from svcgen.frozen import frozen
from svcgen.model.messages import Exchange, exchanges
from svcgen.model.service import Api, Streaming
from svcgen.model.types import Meta


class Root(StrEnum):
    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"

    @property
    def type(self) -> str:
        return self.value.capitalize()


class TypeKind(StrEnum):
    OBJECT = "type"
    INTERFACE = "interface"
    INPUT = "input"
    ENUM = "enum"
    UNION = "union"
    SCALAR = "scalar"


@frozen
class GraphField:
    """A field, argument, value of an enum or member of a union; the latter two have no ``type``."""

    name: str
    meta: Meta
    type: str = ""  # as written: [Int!]!
    of: str = ""  # the innermost type
    default: str = ""  # a literal
    arguments: tuple[GraphField, ...] = ()
    errors: tuple[str, ...] = ()  # that an operation declares, by name
    is_input: bool = False
    wire: str = ""  # the definition's name, where GraphQL does not take it
    key: str = ""  # of the operation that answers it: services/Users/find
    is_endless: bool = False  # never null, though its value would need another without end


@dataclass(slots=True)
class GraphType:
    """One type of the schema; its fields are filled in after it has got its name."""

    kind: TypeKind
    name: str
    meta: Meta
    fields: list[GraphField] = field(default_factory=list)
    one_of: bool = False
    model_name: str = ""  # empty: it is made for GraphQL only
    specified_by: str = ""  # a URL, of a scalar
    implements: tuple[str, ...] = ()
    text: str = ""  # an interface as it is written
    is_root: bool = False
    is_direct: bool = False  # a union of types, not of variants that hold one member each

    @property
    def members(self) -> list[GraphField]:
        """Of a union, and of an interface those that have it."""
        return self.fields if self.is_direct or self.kind is TypeKind.UNION else []

    @property
    def holds(self) -> set[str]:
        """The types of which a whole value has values."""
        return {each.name for each in self.members} | {each.of for each in self.plain}

    @property
    def plain(self) -> list[GraphField]:
        """What a whole value holds: no fields with arguments, none of a root, which are operations,
        and nothing without end.
        """
        leaf = self.kind in (TypeKind.ENUM, TypeKind.SCALAR)
        if leaf or self.is_root or self.members:
            return []
        return [field for field in self.fields if not (field.arguments or field.is_endless)]


@frozen
class GraphOperation:
    """Where an operation is: a field of a root."""

    root: Root
    field: GraphField
    value: str  # the argument that is the whole request; empty: arguments are its parameters
    of: str = ""  # the type whose field it is, if it is none of the root's


@frozen
class Graph:
    types: Mapping[str, GraphType]  # by name, in the order of their first mention
    operations: Mapping[tuple[str, str], GraphOperation]  # by the names of service and operation
    roots: Mapping[Root, str]  # names of their types
    circles: Mapping[
        str, int
    ]  # of types that hold others of themselves: how many they are together

    def of(self, exchange: Exchange) -> GraphOperation:
        return self.operations[exchange.service.name.wire, exchange.operation.name.wire]

    def document(self, operation: GraphOperation) -> tuple[str, ...]:
        """The lines of the query that asks for everything that an operation answers."""
        from svcgen.formats.graphql.documents import document

        return tuple(document(self, operation).split("\n"))

    def renamed(self, operation: GraphOperation) -> dict[str, str]:
        """The members that an operation mentions whose names GraphQL does not take: what it says."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        waiting = [operation.field, *operation.field.arguments]
        while waiting:
            field = waiting.pop()
            if field.wire:
                found[field.wire] = field.name
            for name in (field.of, field.name):  # a member of a union is a type itself
                if name in self.types and name not in seen:
                    seen.add(name)
                    for each in self.types[name].fields:
                        waiting += [each, *each.arguments]
        return dict(sorted(found.items()))


CARRIED = (Streaming.UNARY, Streaming.SERVER)
"""GraphQL has no streams of requests."""


def graph(api: Api, *, whole: bool = False) -> Graph:
    """The schema of a definition; asked for again and again, made once.

    ``whole``: with the types that no operation needs.
    """
    return _graph(_Same(api), whole)


class _Same:
    """A definition as the key of a cache: it is large, and equal only to itself."""

    __slots__ = ("api",)

    def __init__(self, api: Api) -> None:
        self.api = api

    def __hash__(self) -> int:
        return id(self.api)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.api is self.api


@lru_cache(maxsize=1)
def _graph(same: _Same, whole: bool) -> Graph:
    from svcgen.formats.graphql.shaping import Shaper

    api = same.api
    carried = [e for e in exchanges(api) if e.operation.streaming in CARRIED]
    shaper = Shaper(api, carried)
    operations = {
        (e.service.name.wire, e.operation.name.wire): shaper.operation(e) for e in carried
    }
    shaper.add_rest(whole=whole)
    return Graph(shaper.types, operations, shaper.names.roots, _circles(shaper.types))


def _circles(types: Mapping[str, GraphType]) -> dict[str, int]:
    holds = {name: made.holds & types.keys() for name, made in types.items()}
    numbers = circles(holds)
    sizes = Counter(numbers.values())
    return {n: sizes[c] for n, c in numbers.items() if sizes[c] > 1 or n in holds[n]}
