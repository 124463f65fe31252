"""Makes the types of a schema as operations ask for them."""

from __future__ import annotations

from typing import assert_never

from svcgen.diagnostics import Span
from svcgen.formats.graphql.literals import Literals, Unwritable
from svcgen.formats.graphql.names import RESERVED, distinct, legal, member_names
from svcgen.formats.graphql.scalars import DOCS, NAMES, SPECIFIED_BY
from svcgen.formats.graphql.shape import GraphField, GraphOperation, GraphType, Root, TypeKind
from svcgen.frozen import replace
from svcgen.model.messages import Exchange
from svcgen.model.naming import Name
from svcgen.model.service import Api, Streaming
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

_INPUT = "Input"


class Shaper:
    """Gives every type its name, in the order of the definition, and makes those that are used."""

    def __init__(self, api: Api) -> None:
        self.types: dict[str, GraphType] = {}
        self._api = api
        self._renamed = member_names(api)
        self._taken = set(RESERVED)
        self._outputs: dict[str, str] = {}
        self._inputs: dict[str, str] = {}
        self._made: dict[tuple[object, ...], str] = {}
        self._roots: dict[Root, set[str]] = {root: set() for root in Root}
        self._literals = Literals(api, self._renamed)
        for name, definition in api.types.items():
            self._name(name, definition)

    def _name(self, name: str, definition: TypeDef) -> None:
        if isinstance(definition, Alias):
            return
        own = legal(name)
        if isinstance(definition, Enum):
            self._outputs[name] = self._inputs[name] = distinct(own, self._taken)
        elif own.endswith(_INPUT):
            self._inputs[name] = distinct(own, self._taken)
            self._outputs[name] = distinct(f"{own}Type", self._taken)
        else:
            self._outputs[name] = distinct(own, self._taken)
            self._inputs[name] = distinct(own + _INPUT, self._taken)

    def operation(self, exchange: Exchange) -> GraphOperation:
        """The field of an operation, with everything that it mentions."""
        operation = exchange.operation
        root = _root(exchange)
        value, arguments = self._arguments(exchange)
        answer = exchange.response.type
        kind, of = ("Boolean!", "Boolean") if answer is None else self.spell(answer, is_input=False)
        name = self._field_name(exchange, root)
        field = GraphField(
            name, operation.meta, kind, of, arguments=arguments, errors=operation.errors
        )
        return GraphOperation(root, field, value)

    def _field_name(self, exchange: Exchange, root: Root) -> str:
        bound = exchange.operation.meta.bind.get("graphql")
        given = bound.get("field") if isinstance(bound, dict) else None
        name = exchange.event.name.wire if exchange.event else exchange.operation.name.wire
        wanted = legal(given if isinstance(given, str) else name)
        taken = self._roots[root]
        if wanted in taken:
            wanted = f"{legal(exchange.service.name.wire)}_{wanted}"
        return distinct(wanted, taken)

    def _arguments(self, exchange: Exchange) -> tuple[str, tuple[GraphField, ...]]:
        request = exchange.request
        if request.params:
            return "", tuple(self._input_field(f) for f in request.struct.fields)
        if request.type is None:
            return "", ()
        kind, of = self.spell(request.type, is_input=True)
        return "input", (GraphField("input", Meta(request.type.span), kind, of, is_input=True),)

    def spell(self, ref: TypeRef, *, is_input: bool) -> tuple[str, str]:
        """How a mention is written (``[Int!]!``), and the innermost type."""
        match ref:
            case NullableOf(item):
                kind, of = self.spell(item, is_input=is_input)
                return kind.removesuffix("!"), of
            case ScalarRef(scalar):
                name = self._scalar(scalar)
                return (name, name) if scalar is Scalar.ANY else (f"{name}!", name)
            case ListOf(item) | SetOf(item):
                kind, of = self.spell(item, is_input=is_input)
                return f"[{kind}]!", of
            case MapOf():
                name = self._entry(ref, is_input)
                return f"[{name}!]!", name
            case NamedRef(name):
                return self._named(name, is_input)
        assert_never(ref)

    def _named(self, name: str, is_input: bool) -> tuple[str, str]:
        definition = self._api.types[name]
        if isinstance(definition, Alias):
            if name == "ID" and isinstance(definition.target, ScalarRef):
                return "ID!", "ID"
            return self.spell(definition.target, is_input=is_input)
        made = (self._inputs if is_input else self._outputs)[name]
        if made not in self.types:
            self._make(made, definition, is_input)
        return f"{made}!", made

    def _make(self, name: str, definition: Struct | Enum | Union, is_input: bool) -> None:
        match definition:
            case Enum():
                values = [self._member(v.name, v.meta) for v in definition.values]
                self._add(TypeKind.ENUM, name, definition.meta).fields = values
            case Struct() if is_input:
                made = self._add(TypeKind.INPUT, name, definition.meta)
                made.fields += [self._input_field(f) for f in definition.fields] or [_nothing()]
            case Struct():
                made = self._add(TypeKind.OBJECT, name, definition.meta)
                made.fields += [self._output_field(f) for f in definition.fields] or [_nothing()]
            case Union() if is_input:
                made = self._add(TypeKind.INPUT, name, definition.meta)
                made.one_of = True
                made.fields += [_optional(self._input_field(m)) for m in definition.members]
            case Union():
                made = self._add(TypeKind.UNION, name, definition.meta)
                made.fields += [self._variant(name, m) for m in definition.members]
            case _:
                assert_never(definition)

    def _add(self, kind: TypeKind, name: str, meta: Meta) -> GraphType:
        made = self.types[name] = GraphType(kind, name, meta)
        return made

    def _variant(self, union: str, member: Field) -> GraphField:
        """A member as a type with one field, of the member's name."""
        name = distinct(legal(union + member.name.pascal), self._taken)
        self._add(TypeKind.OBJECT, name, member.meta).fields = [self._output_field(member)]
        return GraphField(name, member.meta)

    def _entry(self, ref: MapOf, is_input: bool) -> str:
        """The type of a map's entries: one for all maps of the same key and value."""
        key, key_of = self.spell(ref.key, is_input=is_input)
        value, value_of = self.spell(ref.value, is_input=is_input)
        parts = (key, value, is_input)
        if parts not in self._made:
            suffix = "EntryInput" if is_input else "Entry"
            name = distinct(f"{_words(key)}{_words(value)}{suffix}", self._taken)
            self._made[parts] = name
            meta = Meta(ref.span, "An entry of a map.")
            plain = Meta(ref.span)
            self._add(TypeKind.INPUT if is_input else TypeKind.OBJECT, name, meta).fields = [
                GraphField("key", plain, key, key_of),
                GraphField("value", plain, value, value_of),
            ]
        return self._made[parts]

    def _scalar(self, scalar: Scalar) -> str:
        name = NAMES[scalar]
        if name in RESERVED:
            return name
        if (scalar,) not in self._made:
            made = name if name not in self._taken else f"{name}Scalar"
            made = distinct(made, self._taken)
            self._made[scalar,] = made
            meta = Meta(self._api.meta.span, DOCS[scalar])
            self._add(TypeKind.SCALAR, made, meta).specified_by = SPECIFIED_BY.get(scalar, "")
        return self._made[scalar,]

    def _member(self, name: Name, meta: Meta) -> GraphField:
        renamed = self._renamed.get(name.wire)
        return GraphField(renamed or name.wire, meta, wire=name.wire if renamed else "")

    def _output_field(self, field: Field) -> GraphField:
        """What may be absent is null; what has a default always has a value."""
        kind, of = self.spell(field.type, is_input=False)
        made = replace(self._member(field.name, field.meta), type=kind, of=of)
        return made if field.required or field.default is not None else _optional(made)

    def _input_field(self, field: Field) -> GraphField:
        kind, of = self.spell(field.type, is_input=True)
        made = replace(self._member(field.name, field.meta), type=kind, of=of, is_input=True)
        if field.default is None:
            return made if field.required else _optional(made)
        try:
            return replace(made, default=self._literals.write(field.default.value, field.type))
        except Unwritable:
            return _optional(made)


def _root(exchange: Exchange) -> Root:
    if exchange.operation.streaming is Streaming.SERVER:
        return Root.SUBSCRIPTION
    return Root.QUERY if exchange.operation.readonly else Root.MUTATION


def _optional(field: GraphField) -> GraphField:
    return replace(field, type=field.type.removesuffix("!"))


def _nothing() -> GraphField:
    """GraphQL has no types without fields."""
    return GraphField("_", Meta(Span.at(""), "Nothing; always null."), "Boolean", "Boolean")


def _words(kind: str) -> str:
    """``[Int!]!`` as ``IntList``, ``Int`` as ``IntOrNull``: parts of a name."""
    if kind.endswith("!"):
        kind = kind[:-1]
        return f"{_words(kind[1:-1])}List" if kind.startswith("[") else kind
    return f"{_words(kind + '!')}OrNull"
