"""Types of a definition as Apache Thrift's C codec takes them: data that it follows.

The codec reads attributes of the models and calls their classes; there is no second
type. Where a value is not what Thrift carries (an enum, a time), the class of its
struct gets a property ``thrift:<attribute>`` that converts it for writing, and a
builder in place of the class converts it after reading. Only those structs pay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from . import thrift_values as values
from .thrift_values import Convert, Wrong
from .types import ClosedEnum, OpenEnum

BOOL, I8, DOUBLE, I16, I32, I64 = 2, 3, 4, 6, 8, 10
TEXT, STRUCT, MAP, SET, LIST, UUID_TYPE = 11, 12, 13, 14, 15, 16


@dataclass(eq=False, slots=True)
class Type:
    """``code`` and ``spec`` are the codec's; ``write`` and ``read`` convert, if set."""

    code: int
    spec: Any = None
    write: Convert | None = None
    read: Convert | None = None


bool_ = Type(BOOL)
int8 = Type(I8)
int16 = Type(I16)
int32 = Type(I32)
int64 = Type(I64)
uint8 = Type(I16, None, *(values.ranged("uint8", 0, 2**8 - 1),) * 2)
uint16 = Type(I32, None, *(values.ranged("uint16", 0, 2**16 - 1),) * 2)
uint32 = Type(I64, None, *(values.ranged("uint32", 0, 2**32 - 1),) * 2)
uint64 = Type(I64, None, values.write_uint64, values.read_uint64)
float32 = float64 = Type(DOUBLE)
string = Type(TEXT, "UTF8")
bytes_ = Type(TEXT, "BINARY")
uuid = Type(UUID_TYPE)
decimal = Type(TEXT, "UTF8", str, values.read_decimal)
timestamp = Type(TEXT, "UTF8", values.write_timestamp, values.read_timestamp)
date = Type(TEXT, "UTF8", dt.date.isoformat, values.read_date)
time = Type(TEXT, "UTF8", values.write_text, values.read_time)
duration = Type(TEXT, "UTF8", values.write_text, values.read_duration)
any_ = Type(TEXT, "UTF8", values.write_json, values.read_json)


def enum(cls: type[OpenEnum | ClosedEnum], numbers: Mapping[str, int]) -> Type:
    """``numbers``: by the names of the definition."""
    return Type(I32, None, *values.enum_converters(cls, numbers))


def list_of(item: Type) -> Type:
    return Type(
        LIST, (item.code, item.spec, False), _each(item.write), _each(item.read)
    )


def set_of(item: Type) -> Type:
    read = item.read
    return Type(
        SET,
        (item.code, item.spec, False),
        _each(item.write),
        None if read is None else lambda items: {read(each) for each in items},
    )


def map_of(key: Type, value: Type) -> Type:
    return Type(
        MAP,
        (key.code, key.spec, value.code, value.spec, False),
        _entries(key.write, value.write),
        _entries(key.read, value.read),
    )


def _each(convert: Convert | None) -> Convert | None:
    return None if convert is None else lambda items: [convert(each) for each in items]


def _entries(key: Convert | None, value: Convert | None) -> Convert | None:
    if key is None and value is None:
        return None
    key, value = key or _same, value or _same
    return lambda entries: {key(k): value(v) for k, v in entries.items()}


def _same(value: Any) -> Any:
    return value


REQUIRED, OPTIONAL, NULLABLE, UNSETTABLE = "required", "optional", "nullable", "unset"
"""When a field is left out: never, or for ``None``; of a required one that may be null,
for ``None`` too; for ``UNSET``, where ``None`` is a value.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """``attribute`` of the model's class; ``name`` of the definition, if another."""

    number: int
    attribute: str
    type: Type
    presence: str = REQUIRED
    name: str = ""


class Builder:
    """What the C codec calls with the fields that it read, as keyword arguments.

    It does so with classes that define ``__setattr__``.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(name)


def builder(make: Callable[..., Any]) -> type[Builder]:
    """The class whose call is ``make(None, **fields)``."""
    return type("Made", (Builder,), {"__new__": lambda _, **fields: make(fields)})


class Struct(Type):
    """A struct of the model's class; recursive ones are defined after they are made."""

    __slots__ = ("_class", "names")

    def __init__(self, cls: Any) -> None:
        super().__init__(STRUCT, [cls, ()])
        self._class = cls
        self.names: dict[str, str] = {}  # of the definition, by attribute

    def define(self, *fields: Field) -> None:
        """Fill in the fields."""
        self.names = {each.attribute: each.name or each.attribute for each in fields}
        keys = {each.number: self._key(each) for each in fields}
        self.spec[1] = by_number(
            (each.number, each.type.code, keys[each.number], each.type.spec, None)
            for each in fields
        )
        reads = [
            (
                keys[each.number],
                each.attribute,
                each.type.read,
                self.names[each.attribute],
            )
            for each in fields
            if each.type.read is not None or keys[each.number] != each.attribute
        ]
        nulls = [each.attribute for each in fields if each.presence == NULLABLE]
        if reads or nulls:
            self.spec[0] = builder(_struct_maker(self._class, reads, nulls))

    def _key(self, field: Field) -> str:
        """The attribute that the codec reads: the model's own, or a property of it."""
        write = field.type.write
        if write is None:
            return field.attribute
        key = f"thrift:{field.attribute}"
        name = field.name or field.attribute
        setattr(
            self._class, key, _written(field.attribute, write, field.presence, name)
        )
        return key


def _struct_maker(
    cls: Any,
    reads: Sequence[tuple[str, str, Convert | None, str]],
    nulls: Sequence[str],
) -> Convert:
    def make(fields: dict[str, Any]) -> Any:
        for key, attribute, read, name in reads:
            if key in fields:
                value = fields.pop(key)
                fields[attribute] = value if read is None else _named(read, value, name)
        for attribute in nulls:
            fields.setdefault(attribute, None)
        return cls(**fields)

    return make


def _named(convert: Convert, value: Any, name: str) -> Any:
    try:
        return convert(value)
    except Wrong as wrong:
        if wrong.field:
            raise
        raise Wrong(name, str(wrong)) from None


def _written(attribute: str, write: Convert, presence: str, name: str) -> property:
    absent = UNSET if presence == UNSETTABLE else None
    leaves_out = presence != REQUIRED

    def get(self: Any) -> Any:
        value = getattr(self, attribute)
        if leaves_out and value is absent:
            return None
        return _named(write, value, name)

    return property(get)


class Union(Type):
    """A union: its members are classes around a ``value``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(STRUCT, [None, ()])

    def define(self, *members: tuple[int, Any, Type]) -> None:
        """``members``: the number, the class and the type of the value of each."""
        keys = {number: f"thrift:{number}" for number, _, _ in members}
        for number, cls, kind in members:
            for other, key in keys.items():
                found = _member(kind.write) if other == number else None
                setattr(cls, key, found)
        self.spec[:] = [
            builder(
                _union_maker({keys[n]: (cls, kind.read) for n, cls, kind in members})
            ),
            by_number(
                (n, kind.code, keys[n], kind.spec, None) for n, _, kind in members
            ),
        ]


def _member(write: Convert | None) -> property:
    if write is None:
        return property(lambda self: self.value)
    return property(lambda self: write(self.value))


def _union_maker(members: Mapping[str, tuple[Any, Convert | None]]) -> Convert:
    def make(fields: dict[str, Any]) -> Any:
        if len(fields) != 1:
            found = "more than one member" if fields else "no member that is known here"
            raise Wrong("", f"a union has {found}")
        [(key, value)] = fields.items()
        cls, read = members[key]
        return cls(value=value if read is None else read(value))

    return make


class Boxed:
    """A value or null on its way out."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def box_of(item: Type) -> Type:
    """A value or null: a struct with one optional field."""
    read, write = item.read, item.write

    def make(fields: dict[str, Any]) -> Any:
        value = fields.get("value")
        return value if value is None or read is None else read(value)

    def box(value: Any) -> Boxed:
        return Boxed(value if value is None or write is None else write(value))

    field = (1, item.code, "value", item.spec, None)
    return Type(STRUCT, [builder(make), (None, field)], box)


def by_number(specs: Any) -> tuple[Any, ...]:
    """Field specs at the places of their numbers, as the C codec wants them."""
    found = {spec[0]: spec for spec in specs}
    return tuple(found.get(number) for number in range(max(found, default=-1) + 1))


def holds_uuid(spec: Any, seen: set[int] | None = None) -> bool:
    """Is a UUID among what a spec describes? ``spec`` is a pair or the like of the codec's."""
    seen = set() if seen is None else seen
    if not isinstance(spec, list | tuple) or id(spec) in seen:
        return False
    seen.add(id(spec))
    return _names_uuid(spec) or any(holds_uuid(part, seen) for part in spec)


def _names_uuid(spec: Any) -> bool:
    """A field is ``(number, code, …)``, an item or entry ``(code, spec, …)``."""
    if len(spec) == 5 and isinstance(spec[2], str):
        return bool(spec[1] == UUID_TYPE)
    codes = (spec[0], spec[2]) if len(spec) == 5 else spec[:1] if len(spec) == 3 else ()
    return UUID_TYPE in codes
