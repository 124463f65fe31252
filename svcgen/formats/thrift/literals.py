"""Defaults as Thrift writes them, where it can."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from svcgen.formats.thrift.shape import (
    EnumType,
    ListType,
    MapType,
    ScalarType,
    SetType,
    ThriftEnum,
    ThriftFile,
    ThriftType,
)
from svcgen.model.types import Literal, Scalar


def literal(value: Literal, kind: ThriftType, file: ThriftFile) -> str | None:
    """The constant, or ``None`` where Thrift cannot say it: structs, NaN, bytes that are no text."""
    match kind:
        case ScalarType(scalar):
            return _scalar(value, scalar)
        case EnumType(_, idl):
            enums = (*file.enums, *file.foreign)
            return _enum(value, next(e for e in enums if e.name == idl))
        case ListType(item) | SetType(item) if isinstance(value, list):
            items = [literal(each, item, file) for each in value]
            return _joined("[", items, "]")
        case MapType(key, item) if isinstance(value, dict):
            entries = [
                _joined("", [literal(k, key, file), literal(v, item, file)], "", ": ")
                for k, v in value.items()
            ]
            return _joined("{", entries, "}")
        case _:
            return None


def quote(text: str) -> str | None:
    """A string literal; Thrift knows no escapes for control characters other than these."""
    for char, escape in {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}.items():
        text = text.replace(char, escape)
    return f'"{text}"' if text.isprintable() else None


def _joined(head: str, parts: Sequence[str | None], tail: str, between: str = ", ") -> str | None:
    found = [part for part in parts if part is not None]
    return head + between.join(found) + tail if len(found) == len(parts) else None


def _enum(value: Literal, enum: ThriftEnum) -> str | None:
    found = enum.source.names.get(str(value))
    known = {wire: name for name, _, wire, _ in enum.values}
    return f"{enum.name}.{known[found.name.wire]}" if found else None


def _scalar(value: Literal, scalar: Scalar) -> str | None:
    text = str(value)
    if scalar is Scalar.BOOL:
        return text.lower()
    if scalar.is_integer:
        return text if -(2**63) <= int(text) < 2**63 else None
    if scalar.is_float:
        number = float(text)
        return repr(number) if number - number == 0 else None
    if scalar is Scalar.BYTES:
        data = base64.b64decode(text)
        return quote(data.decode("ascii")) if data.isascii() else None
    return None if scalar in (Scalar.ANY, Scalar.UUID) else quote(text)
