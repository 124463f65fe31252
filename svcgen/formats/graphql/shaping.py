"""Makes the types of a schema as operations ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from svcgen.diagnostics import Span
from svcgen.formats.graphql.bound import facts, text, texts
from svcgen.formats.graphql.literals import Literals, Unwritable
from svcgen.formats.graphql.names import (
    BUILT_IN,
    ENTRY_DOC,
    NOTHING,
    NOTHING_DOC,
    distinct,
    entry_name,
    is_name,
    legal,
    member_names,
)
from svcgen.formats.graphql.scalars import DOCS, NAMES, SPECIFIED_BY
from svcgen.formats.graphql.shape import GraphField, GraphOperation, GraphType, Root, TypeKind
from svcgen.formats.graphql.typenames import TypeNames
from svcgen.frozen import replace
from svcgen.model.messages import Exchange
from svcgen.model.naming import Name
from svcgen.model.service import Api, Streaming
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
    Literal,
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


class Shaper:
    """Makes those types that are used, and those that are named by hand."""

    def __init__(self, api: Api, carried: Sequence[Exchange]) -> None:
        self.types: dict[str, GraphType] = {}
        self.names = TypeNames(api)
        self._api = api
        self._renamed = member_names(api)
        self._made: dict[tuple[object, ...], str] = {}
        self._asked: set[str] = set()
        self._fresh: list[Callable[[], None]] = []
        self._fields: dict[Root, set[str]] = {root: set() for root in Root}
        self._literals = Literals(api, self._renamed)
        self._methods: dict[str, list[Exchange]] = {}
        self._interfaces = {
            self.names.name(name, is_input=False): name
            for name, definition in api.types.items()
            if "interface" in facts(definition.meta)
        }
        for exchange in carried:
            if of := text(exchange.operation.meta, "of"):
                self._methods.setdefault(of, []).append(exchange)

    def operation(self, exchange: Exchange) -> GraphOperation:
        """The field of an operation, with everything that it mentions."""
        operation = exchange.operation
        root = _root(exchange)
        value, field = self._field(exchange)
        self._make_asked()
        if of := text(operation.meta, "of"):
            return GraphOperation(root, field, "", of)
        return GraphOperation(root, replace(field, name=self._field_name(exchange, root)), value)

    def add_rest(self, *, whole: bool) -> None:
        """Make what no operation mentions, and is to be in the schema all the same.

        ``whole``: every struct, union and enum is to be.
        """
        for name, definition in self._api.types.items():
            said = facts(definition.meta)
            if said.keys() & {"type", "scalar", "interface"}:
                self._mention(name, is_input=False)
            if "input" in said:
                self._mention(name, is_input=True)
            if whole and not isinstance(definition, Alias) and not self._is_made(name):
                self._mention(name, is_input=False)
            self._make_asked()

    def _is_made(self, name: str) -> bool:
        names = (self.names.inputs.get(name), self.names.outputs.get(name))
        return any(each in self._asked for each in names)

    def _field(self, exchange: Exchange) -> tuple[str, GraphField]:
        """The argument that is the whole request, and the field as it is called by itself."""
        operation = exchange.operation
        value, arguments = self._arguments(exchange)
        answer = exchange.response.type
        kind, of = ("Boolean!", "Boolean") if answer is None else self.spell(answer, is_input=False)
        name = text(operation.meta, "field") or operation.name.wire
        own = exchange.event.name if exchange.event else operation.name
        return value, GraphField(
            name,
            operation.meta,
            kind,
            of,
            arguments=arguments,
            errors=operation.errors,
            key=f"services/{exchange.service.name.wire}/{own.wire}",
        )

    def _field_name(self, exchange: Exchange, root: Root) -> str:
        given = text(exchange.operation.meta, "field")
        name = exchange.event.name.wire if exchange.event else exchange.operation.name.wire
        wanted = given if is_name(given) else legal(name)
        taken = self._fields[root]
        if wanted in taken:
            wanted = f"{legal(exchange.service.name.wire)}_{wanted}"
        return distinct(wanted, taken)

    def _arguments(self, exchange: Exchange) -> tuple[str, tuple[GraphField, ...]]:
        request = exchange.request
        if request.params:
            own = request.struct.fields[1 if text(exchange.operation.meta, "of") else 0 :]
            return "", tuple(self._input_field(f) for f in own)
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
            if not text(definition.meta, "scalar"):
                return self.spell(definition.target, is_input=is_input)
        made = self._mention(name, is_input=is_input)
        return f"{made}!", made

    def _mention(self, name: str, *, is_input: bool) -> str:
        """What a type is called; it is made unless it was mentioned before."""
        definition = self._api.types[name]
        is_input = is_input and not isinstance(definition, Alias)
        made = self.names.name(name, is_input=is_input)
        if made not in self._asked:
            self._asked.add(made)
            self._fresh.append(lambda: self._make(made, definition, is_input))
        return made

    def _make_asked(self) -> None:
        """Make what was mentioned, and what that mentions right behind it; without recursion."""
        waiting: list[Callable[[], None]] = []
        while self._fresh or waiting:
            waiting += reversed(self._fresh)
            self._fresh.clear()
            waiting.pop()()

    def _make(self, name: str, definition: TypeDef, is_input: bool) -> None:
        match definition:
            case Alias():
                made = self._add(TypeKind.SCALAR, name, definition)
                made.specified_by = text(definition.meta, "specified_by")
            case Enum():
                values = [self._member(v.name, v.meta) for v in definition.values]
                self._add(TypeKind.ENUM, name, definition).fields += values
            case Struct() if is_input:
                made = self._add(TypeKind.INPUT, name, definition)
                made.fields += [self._input_field(f) for f in definition.fields] or [_nothing()]
            case Struct():
                self._make_object(name, definition)
            case Union() if is_input:
                made = self._add(TypeKind.INPUT, name, definition)
                made.one_of = True
                made.fields += [_optional(self._input_field(m)) for m in definition.members]
            case Union():
                self._make_union(name, definition)
            case _:
                assert_never(definition)

    def _make_object(self, name: str, struct: Struct) -> None:
        declaration = text(struct.meta, "interface")
        kind = TypeKind.INTERFACE if declaration else TypeKind.OBJECT
        made = self._add(kind, name, struct)
        made.text = declaration
        made.is_root = bool(text(struct.meta, "root"))
        made.implements = texts(facts(struct.meta).get("implements"))
        made.fields += [self._output_field(f) for f in struct.fields]
        made.fields += [self._field(e)[1] for e in self._methods.get(name, ())]
        if not made.fields:
            made.fields.append(_nothing())
        for interface in made.implements:
            if interface in self._interfaces:
                self._mention(self._interfaces[interface], is_input=False)

    def _make_union(self, name: str, union: Union) -> None:
        """A union of variants; of types themselves, where members are called as these are."""
        declaration = text(union.meta, "interface")
        made = self._add(TypeKind.INTERFACE if declaration else TypeKind.UNION, name, union)
        made.text = declaration
        direct = self._is_direct(union)
        made.is_direct = direct
        variants = self._alternative if direct else lambda m: self._variant(name, m)
        made.fields += [variants(member) for member in union.members]

    def _is_direct(self, union: Union) -> bool:
        """Whether every member is called as its type is, which is a struct."""
        return all(
            isinstance(m.type, NamedRef)
            and isinstance(self._api.types[m.type.name], Struct)
            and self.names.outputs.get(m.type.name) == m.name.wire
            for m in union.members
        )

    def _alternative(self, member: Field) -> GraphField:
        assert isinstance(member.type, NamedRef)
        return GraphField(self._mention(member.type.name, is_input=False), member.meta)

    def _add(self, kind: TypeKind, name: str, definition: TypeDef) -> GraphType:
        made = GraphType(kind, name, definition.meta, model_name=definition.name.wire)
        self._keep(made)
        return made

    def _variant(self, union: str, member: Field) -> GraphField:
        """A member as a type with one field, of the member's name."""
        name = distinct(legal(union + member.name.pascal), self.names.taken)
        fields = [self._output_field(member)]
        variant = GraphType(TypeKind.OBJECT, name, member.meta, fields)
        self._fresh.append(lambda: self._keep(variant))
        return GraphField(name, member.meta)

    def _entry(self, ref: MapOf, is_input: bool) -> str:
        """The type of a map's entries: one for all maps of the same key and value."""
        key, key_of = self.spell(ref.key, is_input=is_input)
        value, value_of = self.spell(ref.value, is_input=is_input)
        parts = (key, value, is_input)
        if parts not in self._made:
            name = distinct(entry_name(key, value, is_input=is_input), self.names.taken)
            self._made[parts] = name
            plain = Meta(ref.span)
            kind = TypeKind.INPUT if is_input else TypeKind.OBJECT
            fields = [
                GraphField("key", plain, key, key_of),
                GraphField("value", plain, value, value_of),
            ]
            entry = GraphType(kind, name, Meta(ref.span, ENTRY_DOC), fields)
            self._fresh.append(lambda: self._keep(entry))
        return self._made[parts]

    def _keep(self, made: GraphType) -> None:
        self.types[made.name] = made

    def _scalar(self, scalar: Scalar) -> str:
        name = NAMES[scalar]
        if name in BUILT_IN:
            return name
        if (scalar,) not in self._made:
            self._made[scalar,] = made = self.names.scalar(scalar)
            meta = Meta(self._api.meta.span, DOCS[scalar])
            declared = GraphType(TypeKind.SCALAR, made, meta)
            declared.specified_by = SPECIFIED_BY.get(scalar, "")
            self._fresh.append(lambda: self._keep(declared))
        return self._made[scalar,]

    def _member(self, name: Name, meta: Meta) -> GraphField:
        renamed = self._renamed.get(name.wire)
        return GraphField(renamed or name.wire, meta, wire=name.wire if renamed else "")

    def _output_field(self, field: Field) -> GraphField:
        """What may be absent is null; what has a default always has a value."""
        kind, of = self.spell(field.type, is_input=False)
        made = replace(self._member(field.name, field.meta), type=kind, of=of)
        said = facts(field.meta)
        if levels := _levels(said):
            made = replace(made, levels=levels)
        if said.get("required"):
            return made
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


def _levels(said: Mapping[str, Literal]) -> int:
    """How many levels are asked for; none of what would need itself, of others all that there are."""
    levels = said.get("levels")
    if isinstance(levels, int) and not isinstance(levels, bool) and levels > 0:
        return levels
    return 1 if said.get("required") else 0


def _root(exchange: Exchange) -> Root:
    if exchange.operation.streaming is Streaming.SERVER:
        return Root.SUBSCRIPTION
    return Root.QUERY if exchange.operation.readonly else Root.MUTATION


def _optional(field: GraphField) -> GraphField:
    return replace(field, type=field.type.removesuffix("!"))


def _nothing() -> GraphField:
    """GraphQL has no types without fields."""
    return GraphField(NOTHING, Meta(Span.at(""), NOTHING_DOC), "Boolean", "Boolean")
