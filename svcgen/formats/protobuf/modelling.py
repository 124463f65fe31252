"""Declarations of .proto files -> types of the model, so that writing them gives the same wire.

A field's name on JSON is its ``json_name``. What the model would spell in another way is kept under
``bind: protobuf``: ``name``, ``type`` (of several types for one scalar), ``key`` (the same for the
keys of a map) and ``required`` (always sent, and refused if missing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from svcgen.diagnostics import Report, Span
from svcgen.formats.protobuf.facts import doc_of, literal, meta_of, package_of, span_of
from svcgen.formats.protobuf.features import has_presence
from svcgen.formats.protobuf.library import Reading
from svcgen.formats.protobuf.rules import GROUP
from svcgen.formats.protobuf.shape import EMPTY_MESSAGE, value_name
from svcgen.formats.protobuf.spelling import json_name
from svcgen.formats.protobuf.tree import Enum as EnumTree
from svcgen.formats.protobuf.tree import EnumValue as ValueTree
from svcgen.formats.protobuf.tree import Field as FieldTree
from svcgen.formats.protobuf.tree import File, Message, Range, ReservedName, Type
from svcgen.frozen import EMPTY, replace
from svcgen.model.naming import Name
from svcgen.model.numbers import Numbers
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Origin
from svcgen.model.types import (
    Default,
    Enum,
    EnumAlias,
    EnumValue,
    Field,
    ListOf,
    Literal,
    MapOf,
    NamedRef,
    Reserved,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
    TypeRef,
)

_WELL_KNOWN = {
    "google.protobuf.Timestamp": Scalar.TIMESTAMP,
    "google.protobuf.Duration": Scalar.DURATION,
    "google.protobuf.Value": Scalar.ANY,
}
NOTHING_RESERVED = Reserved()

_SCALARS = {
    "double": Scalar.FLOAT64,
    "float": Scalar.FLOAT32,
    "sint32": Scalar.INT32,
    "sint64": Scalar.INT64,
    "sfixed32": Scalar.INT32,
    "sfixed64": Scalar.INT64,
    "fixed32": Scalar.UINT32,
    "fixed64": Scalar.UINT64,
}
_ENCODED = frozenset(_SCALARS) - {"double", "float"}
_SCALARS |= {scalar.value: scalar for scalar in Scalar}


class Modeller:
    """The types of one definition: those of its file, and of other files what these need.

    ``cache`` keeps them, for the definitions of other files, where they have their usual names.
    """

    def __init__(self, reading: Reading, cache: dict[Type, TypeDef]) -> None:
        self._main = main = reading.main
        self._cache = cache
        self._extensions: dict[str, list[FieldTree]] = {}
        for extension in reading.extensions():
            if extension.extended is not None:
                name = extension.extended.full_name
                self._extensions.setdefault(name, []).append(extension)
        self._names: dict[Type, str] = {}
        taken = {service.name for service in main.services}
        own: list[Type] = [
            each
            for each in (*main.all_messages, *main.all_enums)
            if each.full_name not in _WELL_KNOWN
        ]
        foreign = self._needed(own)
        for declared in (*own, *foreign):
            self._names[declared] = _free(declared.flat_name, taken)
        self._ordered = (*foreign, *own)
        self._renamed = {d for d, name in self._names.items() if name != d.flat_name}

    def _needed(self, own: Sequence[Type]) -> list[Type]:
        """The types of other files that ``own`` ones and methods need, each once."""
        exchanged = dict.fromkeys(_exchanged(self._main))
        seen: set[Type] = {*own, *exchanged}
        waiting: list[Type] = [*reversed(exchanged), *reversed(own)]
        foreign: list[Type] = []
        while waiting:
            for each in self._targets(waiting.pop()):
                if each not in seen and each.full_name not in _WELL_KNOWN:
                    seen.add(each)
                    foreign.append(each)
                    waiting.append(each)
        return [*foreign, *(each for each in exchanged if each.file is not self._main)]

    def _targets(self, declared: Type) -> Sequence[Type]:
        """The types of the fields of a message, extensions among them."""
        if not isinstance(declared, Message):
            return ()
        if not declared.extension_ranges:
            return declared.targets
        added = self._extensions.get(declared.full_name, ())
        found = dict.fromkeys(field.target for field in added if field.target is not None)
        return (*declared.targets, *found)

    def types(self, report: Report) -> dict[str, TypeDef]:
        """By name; types of imported files before those of the file itself, in their order."""
        for declared in self._ordered:
            for field in _delimited(declared):
                report.add(GROUP, span_of(field), name=field.name)
        return {self._names[declared]: self._type(declared) for declared in self._ordered}

    def origins(self) -> dict[str, Origin]:
        """Where the types of other files come from, by the names that they have here."""
        return {
            self._names[declared]: Origin(
                declared.file.name.removesuffix(".proto"),
                package_of(declared.file),
                declared.flat_name,
            )
            for declared in self._ordered
            if declared.file is not None and declared.file is not self._main
        }

    def _type(self, declared: Type) -> TypeDef:
        usual = declared.full_name not in self._extensions and (
            not self._renamed or self._renamed.isdisjoint((declared, *self._targets(declared)))
        )
        if not usual:
            return self._made(declared)
        if declared not in self._cache:
            self._cache[declared] = self._made(declared)
        return self._cache[declared]

    def _made(self, declared: Type) -> TypeDef:
        name = self._names[declared]
        if isinstance(declared, Message):
            return self._struct(declared, name)
        assert isinstance(declared, EnumTree)
        return _enum(declared, name)

    def _struct(self, message: Message, name: str) -> Struct:
        added = self._extensions.get(message.full_name, [])
        taken: set[str] = set()
        fields = tuple([self._field(field, taken) for field in (*message.fields, *added)])
        return Struct(
            Name.parse(name),
            fields,
            meta_of(message, _bound(name=_unlike(message, name))),
            _reserved(message.reserved, message.reserved_names, fields),
        )

    def _field(self, field: FieldTree, taken: set[str]) -> Field:
        name, spelled = _field_name(field.name, field.json_name, taken)
        legacy = field.features["field_presence"] == "LEGACY_REQUIRED"
        bind: Mapping[str, Literal] = EMPTY
        if spelled or legacy or field.type in _ENCODED or field.key in _ENCODED:
            bind = _bound(
                name=spelled,
                type=field.type if field.type in _ENCODED else "",
                key=field.key if field.key in _ENCODED else "",
                required=legacy and not isinstance(field.target, Message),
            )
        meta = meta_of(field, bind)
        if field.group is not None:
            meta = replace(meta, doc=doc_of(field.group))
        required = legacy or not has_presence(field)
        default = _default(field) if field.default is not None else None
        facts = (name, self.field_type(field), meta, required, default, field.number)
        return Field(*facts, oneof=field.oneof.name) if field.oneof else Field(*facts)

    def field_type(self, field: FieldTree) -> TypeRef:
        assert field.file is not None
        first, _, _ = field.type.partition(".")
        span = field.file.tokens.source.span_on_line(field.type_at, len(first) or 1)
        item = self._ref(field.type, field.target, span)
        if field.key:
            return MapOf(self._ref(field.key, None, span), item, span)
        return ListOf(item, span) if field.label == "repeated" else item

    def _ref(self, word: str, target: Message | EnumTree | None, span: Span) -> TypeRef:
        if target is None:
            return ScalarRef(_SCALARS[word], span)
        known = _WELL_KNOWN.get(target.full_name)
        return ScalarRef(known, span) if known else NamedRef(self._names[target], span)

    def message_name(self, message: Message) -> str:
        """What the model calls a message; empty if it is a scalar there."""
        return self._names.get(message, "")

    def message_ref(self, message: Message, span: Span) -> TypeRef:
        known = _WELL_KNOWN.get(message.full_name)
        return ScalarRef(known, span) if known else NamedRef(self._names[message], span)


def _exchanged(main: File) -> Iterator[Message]:
    """The messages that methods take and return, of whatever file."""
    for service in main.services:
        for method in service.methods:
            for message, stream in (
                (method.request_type, method.client_streams),
                (method.response_type, method.server_streams),
            ):
                if message is None or message.full_name in _WELL_KNOWN:
                    continue
                if stream or message.full_name != EMPTY_MESSAGE:
                    yield message


def _delimited(declared: Type) -> Iterator[FieldTree]:
    """The groups among the fields of a message, in whatever syntax."""
    if isinstance(declared, Message) and declared.file and declared.file.syntax != "proto3":
        for field in declared.fields:
            encoding = field.features.get("message_encoding")
            if encoding == "DELIMITED" and isinstance(field.target, Message) and not field.is_map:
                yield field


def _free(name: str, taken: set[str]) -> str:
    """``name``, or with a number behind it where another spells the same in code."""
    wanted, count = name, 1
    while _pascal(wanted) in taken:
        count += 1
        wanted = f"{name}{count}"
    taken.add(_pascal(wanted))
    return wanted


@lru_cache(maxsize=1 << 15)
def _pascal(name: str) -> str:
    return Name.parse(name).pascal


def _unlike(declared: Type, model_name: str) -> str:
    """The name in its package (``Outer.Inner``), where the model's would be written otherwise."""
    assert declared.file is not None
    name = declared.full_name.removeprefix(f"{declared.file.package}.")
    return "" if ascii_name(model_name).pascal == name else name


def _field_name(name: str, json: str | None, taken: set[str]) -> tuple[Name, str]:
    """The JSON name with the words of the name in the file; and that, if it cannot be derived."""
    found, snake, spelled = _usual_name(name, json)
    if snake in taken:
        count = 2
        while snake + str(count) in taken:
            count += 1
        found = Name(found.wire, (*found.words[:-1], f"{found.words[-1]}{count}"))
        snake = found.snake
    taken.add(snake)
    return found, spelled


@lru_cache(maxsize=1 << 15)
def _usual_name(name: str, json: str | None) -> tuple[Name, str, str]:
    """The name, how it is written in snake case, and the spelling if it cannot be derived."""
    wire = json or json_name(name) or name
    found = Name(wire, Name.parse(name).words)
    return found, found.snake, "" if ascii_name(wire).snake == name else name


def _bound(**facts: Literal) -> dict[str, Literal]:
    """Wire facts that are not empty, under the key that the .proto's writer looks at."""
    kept: dict[str, Literal] = {name: fact for name, fact in facts.items() if fact}
    return {"protobuf": kept} if kept else {}


def _default(field: FieldTree) -> Default | None:
    if field.default is None or field.file is None:
        return None
    value: Literal = (
        field.default.value.decode("utf-8", "replace")
        if field.type == "string" and isinstance(field.default.value, bytes)
        else literal(field.default.value)
    )
    if field.type == "bool":
        value = value == "true"
    return Default(value, field.file.tokens.span(field.default.at))


def _enum(enum: EnumTree, name: str) -> Enum:
    """An enum; of several names for one number the first, the others being its aliases."""
    found: dict[int, list[EnumAlias]] = {}
    taken: set[str] = set()
    for value in enum.values:
        found.setdefault(value.number, []).append(_value(value, taken, name))
    values = tuple(
        EnumValue(first.name, first.meta, number, tuple(others))
        for number, (first, *others) in found.items()
    )
    return Enum(
        Name.parse(name),
        values,
        meta_of(enum, _bound(name=_unlike(enum, name))),
        closed=enum.features.get("enum_type") == "CLOSED",
        reserved=_reserved(enum.reserved, enum.reserved_names, values),
    )


def _value(value: ValueTree, taken: set[str], enum: str) -> EnumAlias:
    """A name of a value, with the spelling in the file where it cannot be derived."""
    name = Name.parse(value.name)
    while (snake := name.snake) in taken:
        name = Name(value.name, (*name.words[:-1], name.words[-1] + "2"))
    taken.add(snake)
    usual = value_name(enum, value.name) == value.name
    return EnumAlias(name, meta_of(value, None if usual else _bound(name=value.name)))


def _reserved(
    ranges: Sequence[Range], names: Sequence[ReservedName], members: Sequence[Field | EnumValue]
) -> Reserved:
    """Reserved numbers and names."""
    if not ranges and not names:
        return NOTHING_RESERVED
    used = {member.name.wire for member in members}
    numbers = Numbers.of((each.first, each.last) for each in ranges)
    return Reserved(numbers, frozenset(each.name for each in names) - used)
