"""The types of a definition: scalars, containers, structs, enums, unions, aliases and constants.

Presence is three independent facts of a :class:`Field`: ``required`` (may it be absent?), a
:class:`NullableOf` type (may it be null?) and ``default`` (what absence means).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from svcgen.diagnostics import Span
from svcgen.frozen import EMPTY, frozen
from svcgen.model.naming import Name
from svcgen.model.numbers import NONE, Numbers


class Scalar(StrEnum):
    BOOL = "bool"
    INT8 = "int8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    UINT8 = "uint8"
    UINT16 = "uint16"
    UINT32 = "uint32"
    UINT64 = "uint64"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    DECIMAL = "decimal"
    STRING = "string"
    BYTES = "bytes"
    TIMESTAMP = "timestamp"  # an instant, UTC offset kept on JSON, nanoseconds at most
    DATE = "date"
    TIME = "time"  # of day, without an offset
    DURATION = "duration"
    UUID = "uuid"
    ANY = "any"  # any JSON value

    @property
    def integer_range(self) -> tuple[int, int] | None:
        """The smallest and largest value of an integer type, ``None`` for every other."""
        if not self.is_integer:
            return None
        bits = int(self.value.removeprefix("u").removeprefix("int"))
        return (
            (0, 2**bits - 1) if self.value[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        )

    @property
    def is_integer(self) -> bool:
        return self.value.removeprefix("u").startswith("int")

    @property
    def is_float(self) -> bool:
        return self.value.startswith("float")

    @property
    def is_number(self) -> bool:
        return self.is_integer or self.is_float or self is Scalar.DECIMAL


@frozen
class ScalarRef:
    scalar: Scalar
    span: Span


@frozen
class ListOf:
    item: TypeRef
    span: Span


@frozen
class SetOf:
    item: TypeRef
    span: Span


@frozen
class MapOf:
    key: TypeRef
    value: TypeRef
    span: Span


@frozen
class NullableOf:
    """A value or an explicit null: ``int32|null``. Never nested directly in another."""

    item: TypeRef
    span: Span


@frozen
class NamedRef:
    """A mention of a struct, enum, union or alias by the name that the definition gives it."""

    name: str
    span: Span


TypeRef: TypeAlias = "ScalarRef | ListOf | SetOf | MapOf | NullableOf | NamedRef"
"""Every way to mention a type. Match on it and end with ``assert_never``."""

Literal: TypeAlias = "bool | int | float | str | list[Literal] | dict[str, Literal] | None"
"""A default, constant or example as JSON values; checked against its type by ``checks``."""

Annotations: TypeAlias = "Mapping[str, Literal]"
"""``x-*`` keys, and under ``bind`` the hand-written wire facts a protocol, as JSON values."""


@frozen
class Meta:
    """What everything that has a name may carry."""

    span: Span
    doc: str = ""
    deprecated: str | None = None  # the reason, "" when none was given
    since: str = ""
    renamed_from: str = ""
    tags: tuple[str, ...] = ()
    bind: Annotations = EMPTY
    annotations: Annotations = EMPTY


@frozen
class Constraints:
    """Limits on a value. ``length`` counts characters or bytes, ``items`` elements or entries."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None  # searched for, not anchored (JSON Schema 2020-12, 6.3.3)
    unique: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Constraints()


@frozen
class Default:
    """A default is a value of its own, since ``null`` may be one."""

    value: Literal
    span: Span


@frozen
class Example:
    value: Literal
    span: Span


@frozen
class Field:
    """A member of a struct, union or error, or a parameter of an operation."""

    name: Name
    type: TypeRef
    meta: Meta
    required: bool = True
    default: Default | None = None
    number: int | None = None  # None until the lock gives one
    constraints: Constraints = Constraints()
    examples: tuple[Example, ...] = ()
    oneof: str = ""  # the group of optional fields of which at most one is there


@frozen
class Reserved:
    numbers: Numbers = NONE
    names: frozenset[str] = frozenset()


@frozen
class Struct:
    name: Name
    fields: tuple[Field, ...]  # mixins are flattened into it by the reader, theirs first
    meta: Meta
    reserved: Reserved = Reserved()
    examples: tuple[Example, ...] = ()


@frozen
class EnumAlias:
    """Another name of a value, which readers take for the value and writers never write."""

    name: Name
    meta: Meta


@frozen
class EnumValue:
    name: Name
    meta: Meta
    number: int | None = None
    aliases: tuple[EnumAlias, ...] = ()

    @property
    def called(self) -> tuple[EnumValue | EnumAlias, ...]:
        """The value under each of its names."""
        return (self, *self.aliases)


@frozen
class Enum:
    name: Name
    values: tuple[EnumValue, ...]
    meta: Meta
    closed: bool = False  # an open enum keeps values that it does not know
    reserved: Reserved = Reserved()

    @property
    def names(self) -> dict[str, EnumValue]:
        """The values by all names that JSON takes."""
        return {each.name.wire: value for value in self.values for each in value.called}


@frozen
class Union:
    """Exactly one of its members, tagged by the member's name. On JSON: ``{"kind": name, "value": …}``."""

    name: Name
    members: tuple[Field, ...]
    meta: Meta
    reserved: Reserved = Reserved()


@frozen
class Alias:
    """Another name for a type, with limits of its own if it has any."""

    name: Name
    target: TypeRef
    meta: Meta
    constraints: Constraints = Constraints()


TypeDef: TypeAlias = "Struct | Enum | Union | Alias"
"""Every named type. Match on it and end with ``assert_never``."""


@frozen
class Constant:
    name: Name
    type: TypeRef
    value: Literal
    meta: Meta
