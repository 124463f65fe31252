"""How Python reads and writes one protobuf value: expressions on the support functions."""

from __future__ import annotations

from typing import assert_never

from svcgen.formats.protobuf.shape import (
    Element,
    EnumElement,
    MessageElement,
    ProtoMessage,
    ScalarElement,
)
from svcgen.languages.python.layout import quote
from svcgen.model.rpc import ascii_name
from svcgen.model.types import Scalar, ScalarRef

TABLES = {
    Scalar.BOOL: "BOOL",
    Scalar.INT8: "INT8",
    Scalar.INT16: "INT16",
    Scalar.INT32: "INT32",
    Scalar.INT64: "INT64",
    Scalar.UINT8: "UINT8",
    Scalar.UINT16: "UINT16",
    Scalar.UINT32: "UINT32",
    Scalar.UINT64: "UINT64",
}
_WRITERS = {
    Scalar.FLOAT32: "FLOAT",
    Scalar.FLOAT64: "DOUBLE",
    Scalar.STRING: "string",
    Scalar.BYTES: "block",
    Scalar.DECIMAL: "decimal",
    Scalar.DATE: "date",
    Scalar.TIME: "time",
    Scalar.UUID: "uuid",
    Scalar.TIMESTAMP: "timestamp",
    Scalar.DURATION: "duration",
    Scalar.ANY: "json_value",
}
_READERS = {
    Scalar.INT8: "read_int8",
    Scalar.INT16: "read_int16",
    Scalar.UINT8: "read_uint8",
    Scalar.UINT16: "read_uint16",
    Scalar.DECIMAL: "read_decimal",
    Scalar.DATE: "read_date",
    Scalar.TIME: "read_time",
    Scalar.UUID: "read_uuid",
    Scalar.TIMESTAMP: "read_timestamp",
    Scalar.DURATION: "read_duration",
    Scalar.ANY: "read_json",
}
_ENCODINGS = {"sint32": 0, "sint64": 0, "fixed32": 5, "fixed64": 1, "sfixed32": 5, "sfixed64": 1}
"""The wire types of integers that are not plain varints."""

SUPPORT_WRITERS = frozenset(
    {*TABLES.values(), *_WRITERS.values(), *(name.upper() for name in _ENCODINGS)}
)
SUPPORT_READERS = frozenset(_READERS.values())


def function(prefix: str, message: str) -> str:
    """The function that reads or writes a message: ``_read_add_request``."""
    return f"_{prefix}_{'__'.join(ascii_name(part).snake for part in message.split('.'))}"


def table(enum: str, suffix: str) -> str:
    """``_COLOR_NUMBERS`` and ``_COLOR_MEMBERS``."""
    return f"_{'__'.join(ascii_name(part).constant for part in enum.split('.'))}_{suffix}"


def scalar_of(message: ProtoMessage) -> ScalarElement:
    """The scalar that a message of protobuf's own is."""
    assert isinstance(message.source, ScalarRef)
    return ScalarElement(message.source.scalar, message.name)


def reads_as_is(element: Element) -> bool:
    """Is the parsed value the model's value?"""
    return isinstance(element, ScalarElement) and element.scalar not in _READERS


def read(element: Element, value: str, field: str) -> str:
    """The expression of the model's value of a parsed one; ``field`` names it in violations."""
    match element:
        case ScalarElement(scalar):
            if scalar in _READERS:
                return f"{_READERS[scalar]}({value}, {quote(field)})"
            return value
        case EnumElement(_, proto):
            return f"{table(proto, 'MEMBERS')}[{value}]"
        case MessageElement(proto):
            return f"{function('read', proto)}({value})"
    assert_never(element)


def write(element: Element, value: str) -> str:
    """The expression of the bytes of a value, its length before it where the wire has one."""
    match element:
        case ScalarElement(scalar, proto):
            if proto in _ENCODINGS:
                return f"{proto.upper()}[{value}]"
            if scalar in TABLES:
                return f"{TABLES[scalar]}[{value}]"
            return f"{_WRITERS[scalar]}({value})"
        case EnumElement(_, proto):
            return f"{table(proto, 'NUMBERS')}[{value}._value_]"
        case MessageElement(proto):
            return f"block({function('write', proto)}({value}))"
    assert_never(element)


def zero(element: Element) -> tuple[str, str] | None:
    """What tells that an implicit field is zero: of its value, or its bytes; ``None``: nothing."""
    match element:
        case ScalarElement(scalar):
            if scalar is Scalar.FLOAT32:
                return "bytes", "ZERO_FLOAT"
            if scalar is Scalar.FLOAT64:
                return "bytes", "ZERO_DOUBLE"
            if scalar.is_integer:
                return "value", "!= 0"
            plain = {Scalar.BOOL: "is not False", Scalar.STRING: '!= ""', Scalar.BYTES: '!= b""'}
            return ("value", plain[scalar]) if scalar in plain else None
        case EnumElement():
            return "bytes", "ZERO"
        case MessageElement():
            return None
    assert_never(element)


def is_packed(element: Element) -> bool:
    """Do repeated values travel in one block?"""
    match element:
        case ScalarElement(scalar):
            return scalar in TABLES or scalar.is_float
        case EnumElement():
            return True
        case MessageElement():
            return False
    assert_never(element)


def tag(number: int, element: Element) -> str:
    """The bytes before a value, as a literal."""
    return _tag(number, _wire_type(element))


def block_tag(number: int) -> str:
    """The bytes before a block: a message, or packed values."""
    return _tag(number, 2)


def _wire_type(element: Element) -> int:
    match element:
        case ScalarElement(scalar, proto):
            if scalar in TABLES:
                return _ENCODINGS.get(proto, 0)
            return {Scalar.FLOAT32: 5, Scalar.FLOAT64: 1}.get(scalar, 2)
        case EnumElement():
            return 0
        case MessageElement():
            return 2
    assert_never(element)


def _tag(number: int, wire_type: int) -> str:
    value = number << 3 | wire_type
    out = []
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return 'b"' + "".join(f"\\x{byte:02x}" for byte in out) + '"'
