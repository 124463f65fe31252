"""Parsed protobuf values to the model's: a function a type that Python has and protobuf has not.

``field`` is the name by which a wrong value is reported. All raise :class:`Wrong`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from .protobuf_write import EPOCH, UNRECOGNIZED
from .types import ClosedEnum, OpenEnum


class Wrong(ValueError):
    """A message parses, but a field has a value that the definition does not allow."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def missing(field: str) -> NoReturn:
    """A required message is not there."""
    raise Wrong(field, "is required")


def _ranged(name: str, lowest: int, highest: int) -> Callable[[int, str], int]:
    def read(number: int, field: str) -> int:
        if lowest <= number <= highest:
            return number
        raise Wrong(field, f"{number} is out of the range of {name}")

    return read


read_int8 = _ranged("int8", -(2**7), 2**7 - 1)
read_int16 = _ranged("int16", -(2**15), 2**15 - 1)
read_uint8 = _ranged("uint8", 0, 2**8 - 1)
read_uint16 = _ranged("uint16", 0, 2**16 - 1)


def read_decimal(text: str, field: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Wrong(field, f"{text[:40]!r} is no decimal number") from None


def read_date(text: str, field: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Wrong(field, f"{text[:40]!r} is no date") from None


def read_time(text: str, field: str) -> dt.time:
    try:
        time = dt.time.fromisoformat(text)
    except ValueError:
        raise Wrong(field, f"{text[:40]!r} is no time of day") from None
    if time.tzinfo is not None:
        raise Wrong(field, "has an offset, which a time of day must not")
    return time


def read_uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Wrong(field, f"{text[:40]!r} is no UUID") from None


def read_timestamp(message: Any, field: str) -> dt.datetime:
    """An instant in UTC, to the microsecond; what is finer is cut off."""
    try:
        if not 0 <= message.nanos < 1_000_000_000:
            raise OverflowError
        return EPOCH + dt.timedelta(0, message.seconds, message.nanos // 1000)
    except OverflowError:
        raise Wrong(field, "is no time of the years 1 to 9999") from None


def read_duration(message: Any, field: str) -> dt.timedelta:
    """A length of time, to the microsecond; what is finer is cut off."""
    seconds, nanos = message.seconds, message.nanos
    if abs(nanos) > 999_999_999 or seconds * nanos < 0:
        raise Wrong(field, "is no duration: its parts differ in sign or are too large")
    micros = abs(nanos) // 1000
    try:
        return dt.timedelta(0, seconds, -micros if nanos < 0 else micros)
    except OverflowError:
        raise Wrong(field, "is too long a duration") from None


def read_json(message: Any, field: str) -> Any:
    """A JSON value; a number without a fraction is an ``int``."""
    match message.WhichOneof("kind"):
        case "number_value":
            number = message.number_value
            whole = math.isfinite(number) and number == int(number)
            return int(number) if whole and abs(number) < 2**53 else number
        case "string_value":
            return message.string_value
        case "bool_value":
            return message.bool_value
        case "struct_value":
            fields = message.struct_value.fields
            return {name: read_json(item, field) for name, item in fields.items()}
        case "list_value":
            return [read_json(item, field) for item in message.list_value.values]
    return None


class EnumMembers(dict[int, Any]):
    """The members of an enum by number; an open one makes members of unknown numbers."""

    def __init__(
        self, enum: type[OpenEnum | ClosedEnum], numbers: Mapping[str, int]
    ) -> None:
        super().__init__((number, enum(value)) for value, number in numbers.items())
        self.enum = enum

    def __missing__(self, number: int) -> Any:
        if issubclass(self.enum, ClosedEnum):
            raise Wrong("", f"{number} is no value of {self.enum.__name__}")
        return self.enum(f"{UNRECOGNIZED}{number}")


def defaults(struct: type[msgspec.Struct]) -> dict[str, Callable[[], Any]]:
    """What makes the default of each field of a Struct that has one."""
    return {
        field.name: field.default_factory
        for field in msgspec.structs.fields(struct)
        if field.default_factory is not msgspec.NODEFAULT
    }
