"""The schema that a server executes: its SDL, bound to the types of the model.

Walks the schema and the model side by side, once, from the fields of the roots. What it finds out
serves both ways of answering: ``graphql_plan`` (compiled) and graphql-core's resolvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    FloatValueNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    IntValueNode,
    build_ast_schema,
    parse,
    specified_scalar_types,
    value_from_ast_untyped,
)
from msgspec import UNSET, inspect

from .graphql_fields import RootField, RootFields
from .graphql_input import Reader
from .graphql_types import (
    Member,
    UnusualError,
    check_scalar,
    enum_names,
    is_wide,
    json_value,
    members,
    plain,
    variants,
)

Convert = Callable[[Any], Any]
KEY, VALUE = "key", "value"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of a field is: an attribute of a Struct, or a place of a map's item."""

    place: str | int
    to_graph: Convert | None  # what graphql-core is to see of it
    may_be_unset: bool = False

    def get(self, owner: Any) -> Any:
        if isinstance(self.place, int):
            return owner[self.place]
        value = getattr(owner, self.place)
        return None if value is UNSET else value


class BoundSchema:
    """A schema with the model's places of its fields."""

    def __init__(self, sdl: str, fields: RootFields) -> None:
        self.schema: GraphQLSchema = build_ast_schema(
            parse(sdl, no_location=True), assume_valid_sdl=True
        )
        self.fields = {(f.root, f.name): f for f in fields if not f.of}
        self.objects: dict[str, dict[str, Source]] = {}
        self.entries: set[str] = set()
        self.unions: dict[str, dict[type, str]] = {}
        self.direct: dict[type, type] = {}  # of variants that are not seen
        self.scalars: dict[str, inspect.Type] = {}
        self.enums: dict[str, dict[str, str]] = {}
        self._renamed = {w: n for f in fields for w, n in f.renamed.items()}
        self._infos = _infos(fields)
        self._reader = Reader(self._renamed, is_answer=False)
        self._inputs: set[str] = set()
        for field in fields:
            self._bind_root(field)
        for name, info in self.scalars.items():
            _set_scalar(self.schema.type_map[name], info)
        self._set_resolvers()

    def root(self, kind: str) -> GraphQLObjectType | None:
        root: GraphQLObjectType | None = getattr(self.schema, f"{kind}_type")
        return root

    def request_reader(self, field: RootField) -> Convert:
        """How to read a request. Raises ``UnusualError``, ``msgspec.ValidationError``."""
        kind = field.operation.request
        read = self._reader.of(self._infos[kind])
        if read is None:
            return lambda value: msgspec.convert(value, kind)
        return lambda value: msgspec.convert(read(value), kind)

    def response_view(self, field: RootField) -> Convert | None:
        """How graphql-core is to see the value that an operation gives; ``None``: as it is."""
        kind = field.operation.response
        return None if kind is None else self.to_graph(self._infos[kind])

    def declared(self, field: RootField) -> Any:
        """A field as the schema declares it."""
        owner: Any = (
            self.schema.type_map[field.of] if field.of else self.root(field.root)
        )
        return owner.fields[field.name]

    def _bind_root(self, field: RootField) -> None:
        declared = self.declared(field)
        operation = field.operation
        if operation.response is not None:
            self._output(declared.type, self._infos[operation.response])
        if operation.request is None:
            return
        request = self._infos[operation.request]
        if field.value:
            self._input(declared.args[field.value].type, request)
        elif declared.args:
            for member in self._members(request)[1 if field.of else 0 :]:
                self._input(declared.args[member.name].type, member.type)

    def _members(self, info: inspect.Type) -> tuple[Member, ...]:
        assert isinstance(info, inspect.StructType)
        return members(info, self._renamed)

    def _output(self, kind: Any, info: inspect.Type) -> None:
        info, _ = plain(info)
        kind = _bare(kind)
        if isinstance(kind, GraphQLList):
            self._items(kind, info, self._output)
        elif isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            self._union(kind, variants(info))
        elif not isinstance(kind, GraphQLObjectType):
            self._leaf(kind, info)
        elif kind.name not in self.objects:
            if isinstance(info, inspect.DictType):
                self._entry(kind, info)
            else:
                self._struct(kind, self._members(info))

    def _items(
        self, kind: Any, info: inspect.Type, bind: Callable[[Any, inspect.Type], None]
    ) -> None:
        """Items of a list; those of a map are entries, bound by the map's own type."""
        if isinstance(info, inspect.DictType):
            bind(kind.of_type, info)
        else:
            assert isinstance(info, inspect.ListType | inspect.SetType)
            bind(kind.of_type, info.item_type)

    def _struct(self, kind: GraphQLObjectType, listed: Iterable[Member]) -> None:
        sources = self.objects[kind.name] = {}
        for member in listed:
            declared = kind.fields[member.name].type
            self._output(declared, member.type)
            sources[member.name] = Source(
                member.attribute, self.to_graph(member.type), member.may_be_unset
            )

    def _entry(self, kind: GraphQLObjectType, info: inspect.DictType) -> None:
        self.entries.add(kind.name)
        self.objects[kind.name] = {
            KEY: self._source(0, info.key_type),
            VALUE: self._source(1, info.value_type),
        }
        self._output(kind.fields[KEY].type, info.key_type)
        self._output(kind.fields[VALUE].type, info.value_type)

    def _union(
        self,
        kind: GraphQLUnionType | GraphQLInterfaceType,
        listed: Sequence[inspect.StructType],
    ) -> None:
        if kind.name in self.unions:
            return
        names = self.unions[kind.name] = {}
        possible = {each.name: each for each in self.schema.get_possible_types(kind)}
        if all(str(variant.tag) in possible for variant in listed):
            names.update({variant.cls: str(variant.tag) for variant in listed})
            self.direct |= {variant.cls: _held(variant) for variant in listed}
            for variant in listed:
                self._output(possible[str(variant.tag)], variant.fields[0].type)
            return
        types = {next(iter(each.fields)): each for each in possible.values()}
        for variant in listed:
            tag = str(variant.tag)
            name = self._renamed.get(tag, tag)
            made = types[name]
            names[variant.cls] = made.name
            value = variant.fields[0]
            self._output(made.fields[name].type, value.type)
            self.objects[made.name] = {name: self._source(value.name, value.type)}

    def _input(self, kind: Any, info: inspect.Type) -> None:
        info, _ = plain(info)
        kind = _bare(kind)
        if isinstance(kind, GraphQLList):
            self._items(kind, info, self._input)
        elif not isinstance(kind, GraphQLInputObjectType):
            self._leaf(kind, info)
        elif kind.name not in self._inputs:
            self._inputs.add(kind.name)
            for name, inner in self._input_members(info):
                self._input(kind.fields[name].type, inner)

    def _input_members(self, info: inspect.Type) -> list[tuple[str, inspect.Type]]:
        if isinstance(info, inspect.DictType):
            return [(KEY, info.key_type), (VALUE, info.value_type)]
        if listed := variants(info):
            tags = [(str(v.tag), v.fields[0].type) for v in listed]
            return [(self._renamed.get(tag, tag), inner) for tag, inner in tags]
        return [(m.name, m.type) for m in self._members(info)]

    def _leaf(self, kind: Any, info: inspect.Type) -> None:
        if isinstance(kind, GraphQLEnumType):
            assert isinstance(info, inspect.EnumType)
            self.enums[kind.name] = enum_names(info, self._renamed)
        elif kind.name not in specified_scalar_types:
            self.scalars[kind.name] = info

    def _source(self, place: str | int, info: inspect.Type) -> Source:
        return Source(place, self.to_graph(info))

    def to_graph(self, info: inspect.Type) -> Convert | None:
        """How graphql-core is to see a value: a map as a list of its items; ``None``: as it is."""
        info, nullable = plain(info)
        convert = self._to_graph(info)
        if convert is None or not nullable:
            return convert
        return lambda value: None if value is None else convert(value)

    def _to_graph(self, info: inspect.Type) -> Convert | None:
        if any(variant.cls in self.direct for variant in variants(info)):
            return lambda value: value.value
        match info:
            case inspect.EnumType():
                names = enum_names(info, self._renamed)
                return lambda value: names.get(value, value)
            case inspect.DictType():
                return lambda value: list(value.items())
            case inspect.ListType() | inspect.SetType():
                convert = self.to_graph(info.item_type)
                if convert is not None:
                    return lambda value: [convert(item) for item in value]
                return list if isinstance(info, inspect.SetType) else None
        return None

    def _set_resolvers(self) -> None:
        for name, sources in self.objects.items():
            kind: Any = self.schema.type_map[name]
            for field_name, source in sources.items():
                kind.fields[field_name].resolve = _resolver(source)
        for name, classes in self.unions.items():
            union: Any = self.schema.type_map[name]
            union.resolve_type = _type_resolver(
                {self.direct.get(c, c): name for c, name in classes.items()}
            )


def _infos(fields: RootFields) -> dict[Any, inspect.Type]:
    """What requests and responses are; found out together, for they hold the same types."""
    operations = [field.operation for field in fields]
    kinds = {kind for each in operations for kind in (each.request, each.response)}
    listed = [kind for kind in kinds if kind is not None]
    return dict(zip(listed, inspect.multi_type_info(listed), strict=True))


def _held(variant: inspect.StructType) -> type:
    """The class of what a variant of a union holds."""
    value, _ = plain(variant.fields[0].type)
    assert isinstance(value, inspect.StructType)
    return value.cls


def _bare(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _resolver(source: Source) -> Callable[..., Any]:
    get, to_graph = source.get, source.to_graph
    if to_graph is None:
        return lambda owner, _info: get(owner)
    return lambda owner, _info: to_graph(get(owner))


def _type_resolver(classes: dict[type, str]) -> Callable[..., str | None]:
    return lambda value, _info, _union: classes.get(type(value))


def _set_scalar(scalar: Any, info: inspect.Type) -> None:
    """Give a scalar of ours its three functions, under the names of graphql-core 3.2 and 3.3."""
    assert isinstance(scalar, GraphQLScalarType)

    def parse_value(value: Any) -> Any:
        try:
            return check_scalar(value, info)
        except UnusualError as error:
            raise GraphQLError(f"{scalar.name} {error.message}") from None

    def parse_literal(node: Any, variables: dict[str, Any] | None = None) -> Any:
        if isinstance(info, inspect.AnyType):
            return value_from_ast_untyped(node, variables)
        if isinstance(node, IntValueNode | FloatValueNode):
            return parse_value(_number(node.value, info))
        return parse_value(value_from_ast_untyped(node, variables))

    functions: dict[str, Any] = {
        "serialize": scalar_output(info),
        "parse_value": parse_value,
        "parse_literal": parse_literal,
        "coerce_output_value": scalar_output(info),
        "coerce_input_value": parse_value,
    }
    for name, function in functions.items():
        setattr(scalar, name, function)


def _number(text: str, info: inspect.Type) -> Any:
    """A number in a query: exact where the scalar is."""
    exact = isinstance(info, inspect.IntType | inspect.DecimalType)
    return text if exact else float(text)


def scalar_output(info: inspect.Type) -> Convert:
    """A scalar of ours as what the JSON encoder takes."""
    if isinstance(info, inspect.IntType) and is_wide(info):
        return _digits
    return json_value if isinstance(info, inspect.AnyType) else _same


def _digits(value: Any) -> str:
    if type(value) is not int:
        raise UnusualError("is no integer")
    return str(value)


def _same(value: Any) -> Any:
    return value
