"""A definition as GraphQL sees it: the types of its schema and the fields of its roots, named.

Only what an operation asks for or answers is there. The SDL, the bindings and the clients' queries
all ask here, so that a name is chosen once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from svcgen.frozen import EMPTY, frozen
from svcgen.model.kept import kept
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
    levels: int = 0  # of types that hold each other, of which a client asks for it; 0: of all


class GraphType:
    """One type of the schema; its fields are filled in after it has got its name."""

    def __init__(
        self,
        kind: TypeKind,
        name: str,
        meta: Meta,
        fields: Sequence[GraphField] = (),
        model_name: str = "",
    ) -> None:
        self.kind = kind
        self.name = name
        self.meta = meta
        self.fields = list(fields)
        self.model_name = model_name  # empty: it is made for GraphQL only
        self.one_of = False
        self.specified_by = ""  # a URL, of a scalar
        self.implements: tuple[str, ...] = ()
        self.text = ""  # an interface as it is written
        self.is_root = False
        self.is_direct = False  # a union of types, not of variants that hold one member each

    @property
    def members(self) -> list[GraphField]:
        """Of a union, and of an interface those that have it."""
        return self.fields if self.is_direct or self.kind is TypeKind.UNION else []

    @property
    def plain(self) -> list[GraphField]:
        """What a whole value holds: no fields with arguments, none of a root, which are operations."""
        leaf = self.kind in (TypeKind.ENUM, TypeKind.SCALAR)
        if leaf or self.is_root or self.members:
            return []
        return [field for field in self.fields if not field.arguments]


@frozen
class GraphOperation:
    """Where an operation is: a field of a root."""

    root: Root
    field: GraphField
    value: str  # the argument that is the whole request; empty: arguments are its parameters
    of: str = ""  # the type whose field it is, if it is none of the root's
    found_by: str = ""  # the variable that is the ID by which a query finds the value that has it


@frozen
class Query:
    """The lines of a query, and those of the fragments that no query before it needs, by name."""

    document: tuple[str, ...] = ()
    fragments: Mapping[str, tuple[str, ...]] = EMPTY


@frozen
class Graph:
    types: Mapping[str, GraphType]  # by name, in the order of their first mention
    operations: Mapping[tuple[str, str], GraphOperation]  # by the names of service and operation
    roots: Mapping[Root, str]  # names of their types

    def of(self, exchange: Exchange) -> GraphOperation:
        return self.operations[_key(exchange)]

    def query(self, exchange: Exchange) -> Query:
        """What a client sends for an operation; nothing if it cannot ask for it by itself."""
        from svcgen.formats.graphql.documents import queries

        return queries(self).get(_key(exchange), Query())

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


@kept
def graph(api: Api, *, whole: bool = False) -> Graph:
    """The schema of a definition; asked for again and again, made once.

    ``whole``: with the types that no operation needs.
    """
    from svcgen.formats.graphql.finding import with_finders
    from svcgen.formats.graphql.shaping import Shaper

    carried = [e for e in exchanges(api) if e.operation.streaming in CARRIED]
    shaper = Shaper(api, carried)
    operations = {_key(each): shaper.operation(each) for each in carried}
    shaper.add_rest(whole=whole)
    return Graph(shaper.types, with_finders(operations, shaper.types), shaper.names.roots)


def _key(exchange: Exchange) -> tuple[str, str]:
    return exchange.service.name.wire, exchange.operation.name.wire
