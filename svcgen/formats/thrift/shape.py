"""A definition as Thrift has it: structs, enums, exceptions and services with names and presence.

In goes a definition with its numbers filled in; out comes a :class:`ThriftFile`. The .thrift's text
and the codecs of every language are made from it, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum as PythonEnum
from enum import StrEnum
from typing import TypeAlias

from svcgen.formats import Inherited
from svcgen.frozen import EMPTY, frozen
from svcgen.model.kept import kept
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Error, Service
from svcgen.model.types import (
    Alias,
    Constant,
    Enum,
    Field,
    Meta,
    Reserved,
    Scalar,
    Struct,
    TypeRef,
    Union,
)


@frozen
class ScalarType:
    """A scalar and the Thrift type that carries it."""

    scalar: Scalar
    idl: str


@frozen
class EnumType:
    enum: str  # of the definition
    idl: str


@frozen
class StructType:
    """A struct, or a union."""

    idl: str


@frozen
class BoxType:
    """A struct of one optional field: a value or null, where null has to be told from absence."""

    idl: str


@frozen
class ListType:
    item: ThriftType


@frozen
class SetType:
    item: ThriftType


@frozen
class MapType:
    key: ThriftType
    value: ThriftType


ThriftType: TypeAlias = (
    "ScalarType | EnumType | StructType | BoxType | ListType | SetType | MapType"
)
"""Every type of a field. Match on it and end with ``assert_never``."""


class Absent(PythonEnum):
    """What a field that is not on the wire means."""

    ERROR = "error"  # the struct is not valid
    NONE = "none"  # absent, or null: whichever of the two the field may be
    UNSET = "unset"  # absent, where null is something else
    DEFAULT = "default"  # the definition's default


class Holds(StrEnum):
    """What a struct stands for."""

    STRUCT = "struct"
    UNION = "union"
    EXCEPTION = "exception"
    BOX = "box"  # of a value or null


@frozen
class ThriftField:
    name: str
    number: int
    type: ThriftType
    absent: Absent
    source: Field


@frozen
class ThriftStruct:
    name: str
    holds: Holds
    fields: tuple[ThriftField, ...]
    meta: Meta
    source: Struct | Union | Error | TypeRef  # a TypeRef: what is in a box
    reserved: Reserved = Reserved()
    key: str = ""  # of the declaration in the definition, as ``types/User``; empty: it has none


@frozen
class ThriftEnum:
    name: str
    values: tuple[tuple[str, int, str, Meta], ...]
    """Name, number, the definition's name: empty for the other names of values, which stand last."""
    source: Enum


@frozen
class ThriftTypedef:
    """An alias. What mentions it has the type that it stands for; only the .thrift names it."""

    name: str
    type: ThriftType
    source: Alias


@frozen
class ThriftConst:
    name: str
    type: ThriftType
    source: Constant


@frozen
class Thrown:
    """An error that a method declares: a field of its result."""

    name: str
    number: int
    exception: str
    error: Error


@frozen
class ThriftMethod:
    """``arguments`` are fields of a struct that Thrift makes for them; ``result`` likewise."""

    name: str
    arguments: tuple[ThriftField, ...]
    result: ThriftType | None
    throws: tuple[Thrown, ...]
    exchange: Exchange


@frozen
class ThriftService:
    """The first ``inherited`` methods are those of the service that it ``extends``."""

    name: str
    methods: tuple[ThriftMethod, ...]
    source: Service
    extends: str = ""  # of another file
    inherited: int = 0


@frozen
class ThriftFile:
    path: str  # calculator.thrift
    namespace: str
    includes: tuple[str, ...]  # paths
    enums: tuple[ThriftEnum, ...]
    foreign: tuple[ThriftEnum, ...]  # that included files declare
    typedefs: tuple[ThriftTypedef, ...]
    consts: tuple[ThriftConst, ...]
    aliases: Mapping[str, str]  # what typedefs are called, by the definition's names
    structs: tuple[ThriftStruct, ...]  # each after those that it is made of, where that can be
    services: tuple[ThriftService, ...]


_SCALARS = {
    Scalar.BOOL: "bool",
    Scalar.INT8: "i8",
    Scalar.INT16: "i16",
    Scalar.INT32: "i32",
    Scalar.INT64: "i64",
    Scalar.UINT8: "i16",
    Scalar.UINT16: "i32",
    Scalar.UINT32: "i64",
    Scalar.UINT64: "i64",  # its bits: the upper half is negative
    Scalar.FLOAT32: "double",
    Scalar.FLOAT64: "double",
    Scalar.BYTES: "binary",
    Scalar.UUID: "uuid",
}


def scalar_type(scalar: Scalar) -> str:
    """The Thrift type that carries a scalar; what Thrift has not travels as the text of JSON."""
    return _SCALARS.get(scalar, "string")


@kept
def shape(
    api: Api,
    elsewhere: Mapping[str, str] = EMPTY,
    inherited: Mapping[str, Inherited] = EMPTY,
    *,
    copies: str = "",
) -> ThriftFile:
    """The one file of a definition, without the types that other files declare; its services extend
    what is ``inherited``.

    The names of copies of what a file outside of the tree declares end in ``copies``: two files of
    a namespace must not declare the same, if one includes the other.
    """
    from svcgen.formats.thrift.shaping import Shaper

    return Shaper(api, elsewhere, inherited, copies).file()
