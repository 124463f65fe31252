"""Values to protobuf bytes, a function or table a type: the wire format without its tags.

https://protobuf.dev/programming-guides/encoding/. All raise ``ValueError``, ``TypeError`` or
``AttributeError`` for a value that the type cannot carry.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from .types import ClosedEnum, OpenEnum

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MAX_DURATION = 315_576_000_000  # seconds, as duration.proto says
UNRECOGNIZED = "UNRECOGNIZED_"  # before the number of an enum value without a name

ZERO = b"\x00"
ZERO_FLOAT = bytes(4)
ZERO_DOUBLE = bytes(8)
_READY = 1024  # varints that are made in advance


def varint(number: int) -> bytes:
    """``number``, from 0 to 2**64 - 1, in groups of seven bits, the lowest first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


class Varints(dict[int, bytes]):
    """The varints of an integer type, by number; those of small numbers are at hand."""

    def __init__(self, name: str, lowest: int, highest: int) -> None:
        self.name = name
        self.lowest = lowest
        self.highest = highest
        super().__init__((n, self.encode(n)) for n in range(min(highest + 1, _READY)))

    def encode(self, number: int) -> bytes:
        return varint(number & 0xFFFF_FFFF_FFFF_FFFF)

    def __missing__(self, number: int) -> bytes:
        if not isinstance(number, int):
            raise TypeError(f"{number!r} is no {self.name}")
        if not self.lowest <= number <= self.highest:
            raise ValueError(f"{number} is out of the range of {self.name}")
        return self.encode(number)


class ZigZags(Varints):
    """Small negative numbers as short as small positive ones."""

    def encode(self, number: int) -> bytes:
        return varint(number << 1 if number >= 0 else ~(number << 1))


class FixedWidths(Varints):
    """Always four bytes, or eight."""

    def encode(self, number: int) -> bytes:
        size = 4 if self.highest < 2**32 else 8
        return number.to_bytes(size, "little", signed=self.lowest < 0)


INT8 = Varints("int8", -(2**7), 2**7 - 1)
INT16 = Varints("int16", -(2**15), 2**15 - 1)
INT32 = Varints("int32", -(2**31), 2**31 - 1)
INT64 = Varints("int64", -(2**63), 2**63 - 1)
UINT8 = Varints("uint8", 0, 2**8 - 1)
UINT16 = Varints("uint16", 0, 2**16 - 1)
UINT32 = Varints("uint32", 0, 2**32 - 1)
UINT64 = Varints("uint64", 0, 2**64 - 1)

SINT32 = ZigZags("sint32", -(2**31), 2**31 - 1)
SINT64 = ZigZags("sint64", -(2**63), 2**63 - 1)
FIXED32 = FixedWidths("fixed32", 0, 2**32 - 1)
FIXED64 = FixedWidths("fixed64", 0, 2**64 - 1)
SFIXED32 = FixedWidths("sfixed32", -(2**31), 2**31 - 1)
SFIXED64 = FixedWidths("sfixed64", -(2**63), 2**63 - 1)

FLOAT: Callable[[float], bytes] = struct.Struct("<f").pack
DOUBLE: Callable[[float], bytes] = struct.Struct("<d").pack


_LENGTHS = tuple(UINT32[n] for n in range(_READY))


class Booleans(dict[bool, bytes]):
    def __missing__(self, value: object) -> bytes:
        raise TypeError(f"{value!r} is no bool")


BOOL = Booleans({False: b"\x00", True: b"\x01"})


def block(data: bytes) -> bytes:
    """``data`` after its length: bytes, or a message."""
    try:
        return _LENGTHS[len(data)] + data
    except IndexError:
        return varint(len(data)) + data


def bare(data: bytes) -> bytes:
    """The bytes of which ``block`` made a block: a message that nothing is around."""
    start = next(at for at, byte in enumerate(data, 1) if byte < 128)
    return data[start:]


def string(text: str) -> bytes:
    data = text.encode()
    try:
        return _LENGTHS[len(data)] + data
    except IndexError:
        return varint(len(data)) + data


def decimal(value: Decimal) -> bytes:
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} is no Decimal")
    return string(str(value))


def date(value: dt.date) -> bytes:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise TypeError(f"{value!r} is no date")
    return string(value.isoformat())


def time(value: dt.time) -> bytes:
    if not isinstance(value, dt.time):
        raise TypeError(f"{value!r} is no time")
    if value.tzinfo is not None:
        raise ValueError(f"{value} has an offset, which a time of day must not")
    return string(value.isoformat())


def uuid(value: UUID) -> bytes:
    if not isinstance(value, UUID):
        raise TypeError(f"{value!r} is no UUID")
    return string(str(value))


def timestamp(value: dt.datetime) -> bytes:
    """``google.protobuf.Timestamp``; the time must be aware."""
    since = value - EPOCH
    return _instant(since.days * 86400 + since.seconds, since.microseconds * 1000)


def duration(value: dt.timedelta) -> bytes:
    """``google.protobuf.Duration``: both parts have the same sign."""
    micros = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
    sign = -1 if micros < 0 else 1
    seconds, rest = divmod(abs(micros), 1_000_000)
    if seconds > MAX_DURATION:
        raise ValueError(f"{value} is longer than 10,000 years")
    return _instant(sign * seconds, sign * rest * 1000)


def _instant(seconds: int, nanos: int) -> bytes:
    data = b"\x08" + INT64[seconds] if seconds else b""
    return block(data + b"\x10" + INT32[nanos] if nanos else data)


def json_value(value: Any) -> bytes:
    """``google.protobuf.Value``, whose numbers are all of double precision."""
    return block(_json(value))


def _json(value: Any) -> bytes:
    match value:
        case None:
            return b"\x08\x00"
        case bool():
            return b"\x20" + BOOL[value]
        case int() | float():
            if isinstance(value, int) and int(float(value)) != value:
                raise ValueError(f"{value} is no number of double precision")
            return b"\x11" + DOUBLE(value)
        case str():
            return b"\x1a" + string(value)
        case Mapping():
            entries = (
                b"\x0a" + string(name) + b"\x12" + json_value(item)
                for name, item in value.items()
            )
            return b"\x2a" + block(b"".join(b"\x0a" + block(e) for e in entries))
        case list() | tuple():
            items = (b"\x0a" + json_value(item) for item in value)
            return b"\x32" + block(b"".join(items))
    raise TypeError(f"a {type(value).__name__} is no JSON value")


class EnumNumbers(dict[str, bytes]):
    """The varints of an enum's numbers, by the values of its members."""

    def __missing__(self, value: str) -> bytes:
        number = value.removeprefix(UNRECOGNIZED)
        if number == value or not number.lstrip("-").isdigit():
            raise ValueError(f"{value!r} has no number here")
        return INT32[int(number)]


def enum_numbers(
    enum: type[OpenEnum | ClosedEnum], numbers: Mapping[str, int]
) -> EnumNumbers:
    """``numbers`` by the values of the members of ``enum``."""
    return EnumNumbers({enum(v).value: INT32[n] for v, n in numbers.items()})
