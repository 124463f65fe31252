"""Declarations of .proto files -> types of the model, so that writing them gives the same wire.

A field's name on JSON is its ``json_name``. What the model would spell in another way is kept under
``bind: protobuf``: ``name``, ``type`` (of several types for one scalar), ``key`` (the same for the
keys of a map) and ``required`` (always sent, and refused if missing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from svcgen.diagnostics import Report, Span
from svcgen.formats.protobuf.facts import doc_of, literal, meta_of, span_of
from svcgen.formats.protobuf.features import has_presence
from svcgen.formats.protobuf.rules import GROUP
from svcgen.formats.protobuf.spelling import json_name
from svcgen.formats.protobuf.tree import Enum as EnumTree
from svcgen.formats.protobuf.tree import EnumValue as ValueTree
from svcgen.formats.protobuf.tree import Field as FieldTree
from svcgen.formats.protobuf.tree import File, Message, Range, ReservedName
from svcgen.frozen import replace
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.types import (
    Default,
    Enum,
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

_MANY = 4096
"""Numbers of a reserved range that are kept one by one; of a larger one none is."""

_WELL_KNOWN = {
    "google.protobuf.Timestamp": Scalar.TIMESTAMP,
    "google.protobuf.Duration": Scalar.DURATION,
    "google.protobuf.Value": Scalar.ANY,
}
NOTHING = "google.protobuf.Empty"
"""The message that stands for no value at all."""

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


class Modeller:
    """The types of one definition: those of ``main``, and of other files what these need."""

    def __init__(self, main: File, extensions: Iterable[FieldTree], report: Report) -> None:
        self._report = report
        self._extensions: dict[str, list[FieldTree]] = {}
        for extension in extensions:
            if extension.extended is not None:
                name = extension.extended.full_name
                self._extensions.setdefault(name, []).append(extension)
        own: list[Message | EnumTree] = [*main.all_messages, *main.all_enums]
        own += _exchanged(main)
        self._names: dict[Message | EnumTree, str] = {}
        taken = {service.name for service in main.services}
        for declared in _with_needed(own, self._extensions):
            self._names[declared] = _free(_flat_name(declared), taken)

    def types(self) -> dict[str, TypeDef]:
        """By name; types of imported files before those of the file itself, in their order."""
        return {name: self._type(declared, name) for declared, name in self._names.items()}

    def _type(self, declared: Message | EnumTree, name: str) -> TypeDef:
        if isinstance(declared, Message):
            return self._struct(declared, name)
        return _enum(declared, name)

    def _struct(self, message: Message, name: str) -> Struct:
        added = self._extensions.get(message.full_name, [])
        taken: set[str] = set()
        fields = tuple(self._field(field, taken) for field in (*message.fields, *added))
        return Struct(
            Name.parse(name),
            fields,
            meta_of(message, _bound(name=_unlike(message.name, name))),
            _reserved(message.reserved, message.reserved_names, {f.name.wire for f in fields}),
        )

    def _field(self, field: FieldTree, taken: set[str]) -> Field:
        name = _field_name(field, taken)
        spelled = "" if ascii_name(name.wire).snake == field.name else field.name
        legacy = field.features.get("field_presence") == "LEGACY_REQUIRED"
        bind = _bound(
            name=spelled,
            type=field.type if field.type in _ENCODED else "",
            key=field.key if field.key in _ENCODED else "",
            required=legacy and not isinstance(field.target, Message),
        )
        if field.features.get("message_encoding") == "DELIMITED" and _holds_message(field):
            self._report.add(GROUP, span_of(field), name=field.name)
        meta = meta_of(field, bind)
        if field.group is not None:
            meta = replace(meta, doc=doc_of(field.group))
        return Field(
            name,
            self.field_type(field),
            meta,
            required=legacy or not has_presence(field),
            default=_default(field),
            number=field.number,
            oneof=field.oneof.name if field.oneof else "",
        )

    def field_type(self, field: FieldTree) -> TypeRef:
        assert field.file is not None
        span = field.file.tokens.span(field.type_at)
        item = self._ref(field.type, field.target, field)
        if field.is_map:
            return MapOf(self._ref(field.key, None, field), item, span)
        return ListOf(item, span) if field.label == "repeated" else item

    def _ref(self, word: str, target: Message | EnumTree | None, field: FieldTree) -> TypeRef:
        assert field.file is not None
        span = field.file.tokens.span(field.type_at)
        if target is None:
            return ScalarRef(_SCALARS.get(word) or Scalar(word), span)
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
                if message is not None and (stream or message.full_name != NOTHING):
                    yield message


def _with_needed(
    own: Iterable[Message | EnumTree], extensions: Mapping[str, list[FieldTree]]
) -> Iterator[Message | EnumTree]:
    """The types of other files that ``own`` ones need, then these, each once."""
    named = (declared for declared in own if declared.full_name not in _WELL_KNOWN)
    order = list(dict.fromkeys(named))
    seen = set(order)
    waiting = list(reversed(order))
    foreign: list[Message | EnumTree] = []
    while waiting:
        declared = waiting.pop()
        if not isinstance(declared, Message):
            continue
        for field in (*declared.fields, *extensions.get(declared.full_name, ())):
            target = field.target
            if target is None or target in seen or target.full_name in _WELL_KNOWN:
                continue
            seen.add(target)
            foreign.append(target)
            waiting.append(target)
    return iter([*foreign, *order])


def _flat_name(declared: Message | EnumTree) -> str:
    """The name with those of the messages around it before it."""
    name, parent = declared.name, declared.parent
    while parent is not None:
        name, parent = parent.name + name[:1].upper() + name[1:], parent.parent
    return name


def _free(name: str, taken: set[str]) -> str:
    """``name``, or with a number behind it where another spells the same in code."""
    wanted, count = name, 1
    while Name.parse(wanted).pascal in taken:
        count += 1
        wanted = f"{name}{count}"
    taken.add(Name.parse(wanted).pascal)
    return wanted


def _unlike(name: str, model_name: str) -> str:
    """The name, where the model's would be written in another way."""
    return "" if ascii_name(model_name).pascal == name or name != model_name else name


def _field_name(field: FieldTree, taken: set[str]) -> Name:
    """The JSON name, with the words of the name in the file."""
    wire = field.json_name or json_name(field.name) or field.name
    words = Name.parse(field.name).words
    count = 1
    while "_".join(words) in taken:
        count += 1
        words = (*Name.parse(field.name).words[:-1], f"{Name.parse(field.name).words[-1]}{count}")
    taken.add("_".join(words))
    return Name(wire, words)


def _bound(**facts: Literal) -> dict[str, Literal]:
    """Wire facts that are not empty, under the key that the .proto's writer looks at."""
    kept: dict[str, Literal] = {name: fact for name, fact in facts.items() if fact}
    return {"protobuf": kept} if kept else {}


def _holds_message(field: FieldTree) -> bool:
    return isinstance(field.target, Message) and not field.is_map


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
    """An enum; of several names for one number the first."""
    first: dict[int, ValueTree] = {}
    for value in enum.values:
        first.setdefault(value.number, value)
    taken: set[str] = set()
    values = tuple(_value(value, taken) for value in first.values())
    return Enum(
        Name.parse(name),
        values,
        meta_of(enum, _bound(name=_unlike(enum.name, name))),
        closed=enum.features.get("enum_type") == "CLOSED",
        reserved=_reserved(enum.reserved, enum.reserved_names, {v.name.wire for v in values}),
    )


def _value(value: ValueTree, taken: set[str]) -> EnumValue:
    words = Name.parse(value.name).words
    while "_".join(words) in taken:
        words = (*words[:-1], words[-1] + "2")
    taken.add("_".join(words))
    return EnumValue(Name(value.name, words), meta_of(value, _bound(name=value.name)), value.number)


def _reserved(ranges: Iterable[Range], names: Iterable[ReservedName], used: set[str]) -> Reserved:
    """Reserved numbers and names; a range of very many numbers is not kept."""
    small = (each for each in ranges if each.last - each.first < _MANY)
    numbers = frozenset(n for each in small for n in range(each.first, each.last + 1))
    return Reserved(numbers, frozenset(each.name for each in names) - used)
