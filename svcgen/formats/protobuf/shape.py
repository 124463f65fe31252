"""A definition as protobuf has it: messages, enums and services with names, numbers and presence.

In goes a definition with its numbers filled in; out comes a :class:`ProtoFile`. The .proto's text,
the descriptors and the codecs of every language are made from it, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum as PythonEnum
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias, assert_never

from svcgen.frozen import EMPTY, frozen
from svcgen.model.kept import kept
from svcgen.model.messages import Exchange
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Api, Error
from svcgen.model.types import Enum, Field, Meta, Reserved, Scalar, Struct, TypeRef, Union


@frozen
class Mention:
    """A type that another file declares: its full name, and the import of the file."""

    name: str
    path: str


class Label(StrEnum):
    """How a field is declared."""

    PLAIN = ""
    OPTIONAL = "optional"
    REPEATED = "repeated"
    MAP = "map"
    ONEOF = "oneof"


class Absent(PythonEnum):
    """What a field that is not on the wire means."""

    ZERO = "zero"  # the type's zero value: protobuf does not send it
    EMPTY = "empty"  # no items
    ERROR = "error"  # the message is not valid
    NONE = "none"  # absent, or null: whichever of the two the field may be
    UNSET = "unset"  # absent, where null is something else
    DEFAULT = "default"  # the definition's default


class Container(StrEnum):
    LIST = "list"
    SET = "set"
    MAP = "map"
    ENTRIES = "entries"  # a map as repeated messages of key and value


class Holds(StrEnum):
    """What a message stands for."""

    STRUCT = "struct"
    UNION = "union"  # its fields are one oneof
    VALUE = "value"  # of its only field
    ENTRY = "entry"  # key and value
    SCALAR = "scalar"  # that is a message of protobuf's own
    NOTHING = "nothing"


@frozen
class ScalarElement:
    """One value of a scalar; ``proto`` is the type that carries it."""

    scalar: Scalar
    proto: str


@frozen
class EnumElement:
    enum: str  # of the definition
    proto: str


@frozen
class MessageElement:
    proto: str


Element: TypeAlias = "ScalarElement | EnumElement | MessageElement"
"""One value on the wire. Match on it and end with ``assert_never``."""


@frozen
class ProtoField:
    """``element`` is the type of the value, or of an item, or of a map's value."""

    name: str
    number: int
    element: Element
    label: Label
    absent: Absent
    source: Field
    container: Container | None = None
    key: Element | None = None  # of a map
    json_name: str = ""  # where it is not what protobuf derives from the name
    oneof: str = ""  # the name of the one that it is in


@frozen
class ProtoMessage:
    name: str  # in the package: Outer.Inner is inside of Outer
    holds: Holds
    fields: tuple[ProtoField, ...]
    meta: Meta
    source: Struct | Union | Error | TypeRef | None = None  # a TypeRef: the value's
    reserved: Reserved = Reserved()
    oneof: str = ""  # the name of the oneof of a union
    key: str = ""  # of the declaration in the definition, as ``types/User``; empty: it has none


@frozen
class ProtoEnumValue:
    name: str
    number: int
    wire: str
    """The definition's name; empty for another name of a value, and the zero that protobuf demands."""
    meta: Meta


@frozen
class ProtoEnum:
    name: str  # in the package
    values: tuple[ProtoEnumValue, ...]  # the one of number zero first
    source: Enum


@frozen
class ProtoMethod:
    name: str
    request: str
    response: str
    exchange: Exchange


@frozen
class ProtoService:
    name: str
    methods: tuple[ProtoMethod, ...]
    meta: Meta
    wire: str  # the definition's name


@frozen
class ProtoFile:
    path: str  # calculator.proto
    package: str
    imports: tuple[str, ...]
    enums: tuple[ProtoEnum, ...]
    messages: tuple[ProtoMessage, ...]
    services: tuple[ProtoService, ...]
    heads: frozenset[str] = frozenset()
    """First parts of full names that mean something else inside of the package."""

    @property
    def names(self) -> frozenset[str]:
        """The messages and enums that it declares, as their names in its package."""
        return frozenset([*(enum.name for enum in self.enums), *(m.name for m in self.messages)])


WELL_KNOWN = {
    Scalar.TIMESTAMP: "google.protobuf.Timestamp",
    Scalar.DURATION: "google.protobuf.Duration",
    Scalar.ANY: "google.protobuf.Value",
}
"""Scalars that travel as messages of protobuf's own."""

EMPTY_MESSAGE = "google.protobuf.Empty"
"""The message that stands for no value at all."""

EXCHANGED = {"exchange": "google.protobuf"}
"""What a definition says under ``bind: protobuf`` if its methods exchange protobuf's own messages for
no value and for the scalars that are such. Elsewhere each method has messages of its own for these.
"""

IMPORTS = {
    EMPTY_MESSAGE: "google/protobuf/empty.proto",
    "google.protobuf.Timestamp": "google/protobuf/timestamp.proto",
    "google.protobuf.Duration": "google/protobuf/duration.proto",
    "google.protobuf.Value": "google/protobuf/struct.proto",
}

_SCALARS = {
    Scalar.INT8: "int32",
    Scalar.INT16: "int32",
    Scalar.UINT8: "uint32",
    Scalar.UINT16: "uint32",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "double",
    Scalar.DECIMAL: "string",
    Scalar.DATE: "string",
    Scalar.TIME: "string",
    Scalar.UUID: "string",
}

ENCODINGS = frozenset({"sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64"})
"""Types that carry an integer in another way than the usual one; ``bind: protobuf`` names them."""

KEY_TYPES = frozenset({"bool", "string", "int32", "int64", "uint32", "uint64"})
"""What protobuf allows as keys of a map, of the types that we use."""


def scalar_type(scalar: Scalar) -> str:
    """The protobuf type that carries a scalar."""
    return WELL_KNOWN.get(scalar) or _SCALARS.get(scalar) or scalar.value


def is_message(element: Element) -> bool:
    """Does protobuf itself tell whether such a field is there?"""
    match element:
        case ScalarElement(scalar):
            return scalar in WELL_KNOWN
        case EnumElement():
            return False
        case MessageElement():
            return True
    assert_never(element)


def bound(meta: Meta, word: str) -> str:
    """A wire fact that a definition says by hand under ``bind: protobuf``; empty if it does not."""
    facts = meta.bind.get("protobuf")
    value = facts.get(word) if isinstance(facts, dict) else None
    return str(value) if value else ""


def entry_name(field: str) -> str:
    """The message that protobuf nests in a message for the entries of a map."""
    return "".join(part[:1].upper() + part[1:] for part in field.split("_")) + "Entry"


def value_name(enum: str, value: str) -> str:
    """What a value is called, by the definition's names: with the enum's name before it."""
    prefix, name = _prefix(enum), ascii_name(value).constant
    return name if name.startswith(f"{prefix}_") else f"{prefix}_{name}"


@lru_cache(maxsize=1)
def _prefix(enum: str) -> str:
    """Most values are asked for after others of their enum."""
    return ascii_name(enum).constant


@kept
def shape(
    api: Api, elsewhere: Mapping[str, Mention] = EMPTY, *, in_tree: bool = False
) -> ProtoFile:
    """The one file of a definition, without the types that other files declare.

    In a tree, whose files may have one package, messages of methods are called after their service.
    """
    from svcgen.formats.protobuf.shaping import Shaper

    return Shaper(api, elsewhere, in_tree=in_tree).file()
