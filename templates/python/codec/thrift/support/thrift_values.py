"""Values that Thrift has no type for: what it carries instead, and back.

``Wrong`` is raised for a value that a definition does not allow, in either direction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import msgspec

from .types import ClosedEnum, OpenEnum

UNRECOGNIZED = "UNRECOGNIZED_"
"""Before the number of an open enum's member that is not known here."""

Convert = Callable[[Any], Any]


class Wrong(ValueError):
    """A value that the definition does not allow; ``field`` is the name of its field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooLarge(Wrong):
    """A message, or a string or container in it, that is beyond a limit."""

    def __init__(self, what: str) -> None:
        super().__init__("", f"{what} is larger than the limit allows")


def ranged(name: str, lowest: int, highest: int) -> Convert:
    """An integer as it is, if it is in the range."""

    def check(number: int) -> int:
        if lowest <= number <= highest:
            return number
        raise Wrong("", f"{number} is out of the range of {name}")

    return check


uint64_range = ranged("uint64", 0, 2**64 - 1)


def write_uint64(number: int) -> int:
    """The same 64 bits as a signed number."""
    number = uint64_range(number)
    return number - 2**64 if number >= 2**63 else number


def read_uint64(number: int) -> int:
    return number + 2**64 if number < 0 else number


def read_decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Wrong("", f"{text[:40]!r} is no decimal number") from None


def write_text(value: Any) -> Any:
    """A time or duration as the text that JSON has for it (RFC 3339, ISO 8601)."""
    return msgspec.to_builtins(value)


def write_timestamp(value: dt.datetime) -> Any:
    if value.tzinfo is None:
        raise Wrong("", "is a time without an offset")
    return msgspec.to_builtins(value)


def text_reader(kind: Any) -> Convert:
    """Reads what :func:`write_text` wrote of a type of msgspec's."""

    def read(text: str) -> Any:
        try:
            return msgspec.convert(text, kind)
        except msgspec.ValidationError as error:
            raise Wrong("", f"{text[:40]!r}: {error}") from None

    return read


read_timestamp = text_reader(Annotated[dt.datetime, msgspec.Meta(tz=True)])
read_date = text_reader(dt.date)
read_time = text_reader(Annotated[dt.time, msgspec.Meta(tz=False)])
read_duration = text_reader(dt.timedelta)


def write_json(value: Any) -> str:
    """JSON text; NaN and infinities, which JSON has not, are refused."""
    try:
        return json.dumps(
            value, allow_nan=False, ensure_ascii=False, separators=(",", ":")
        )
    except RecursionError:
        raise Wrong("", "is nested too deeply") from None


def read_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise Wrong("", f"{text[:40]!r} is no JSON text") from None


def enum_converters(
    enum: type[OpenEnum | ClosedEnum], numbers: Mapping[str, int]
) -> tuple[Convert, Convert]:
    """What writes a member as its number, and what reads it."""
    members = {number: enum(name) for name, number in numbers.items()}

    def write(member: Any) -> int:
        name: str = member._value_
        if (number := numbers.get(name)) is not None:
            return number
        digits = name.removeprefix(UNRECOGNIZED)
        if digits == name or not digits.lstrip("-").isdecimal():
            raise Wrong("", f"{name!r} has no number in {enum.__name__}")
        return int(digits)

    def read(number: int) -> Any:
        if (member := members.get(number)) is not None:
            return member
        if issubclass(enum, ClosedEnum):
            raise Wrong("", f"{number} is no value of {enum.__name__}")
        return enum(f"{UNRECOGNIZED}{number}")

    return write, read
