"""Defaults as Thrift writes them, where it can."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from svcgen.formats.thrift.shape import (
    BoxType,
    EnumType,
    Holds,
    ListType,
    MapType,
    ScalarType,
    SetType,
    StructType,
    ThriftEnum,
    ThriftFile,
    ThriftStruct,
    ThriftType,
)
from svcgen.model.types import Literal, Scalar

Known: TypeAlias = "Mapping[str, ThriftStruct]"
"""The structs that the file has declared so far: only of these there can be constants."""


def literal(value: Literal, kind: ThriftType, file: ThriftFile, known: Known) -> str | None:
    """The constant, or ``None`` where Thrift cannot say it: structs that are not known yet, nulls
    among what is optional and nullable, NaN, bytes that are no text.
    """
    match kind:
        case ScalarType(scalar):
            return _scalar(value, scalar)
        case EnumType(_, idl):
            enums = (*file.enums, *file.foreign)
            return _enum(value, next(e for e in enums if e.name == idl))
        case ListType(item) | SetType(item) if isinstance(value, list):
            items = [literal(each, item, file, known) for each in value]
            return _joined("[", items, "]")
        case MapType(key, item) if isinstance(value, dict):
            entries = [
                _joined("", [literal(k, key, file, known), literal(v, item, file, known)], "", ": ")
                for k, v in value.items()
            ]
            return _joined("{", entries, "}")
        case StructType(idl) if isinstance(value, dict) and idl in known:
            return _struct(value, known[idl], file, known)
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


def _struct(
    value: Mapping[str, Literal], struct: ThriftStruct, file: ThriftFile, known: Known
) -> str | None:
    """A map from the names of fields; of a union with its only member."""
    if struct.holds is Holds.UNION:
        value = {str(value["kind"]): value["value"]}
    fields = {field.source.name.wire: field for field in struct.fields}
    found = []
    for name, item in value.items():
        field = fields[name]
        said = not isinstance(field.type, BoxType) and item is not None
        text = literal(item, field.type, file, known) if said else None
        found.append(_joined("", [quote(field.name), text], "", ": "))
    return _joined("{", found, "}")


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
