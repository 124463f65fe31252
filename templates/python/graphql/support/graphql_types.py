"""What GraphQL makes of the types of the model, seen through msgspec."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, inspect

NOTHING = "_"  # the field of a type that has none of its own

_INT32 = 2**31
_INTEGER = re.compile(r"-?[0-9]{1,20}\Z")


CLASSES: dict[type[inspect.Type], type] = {
    inspect.DecimalType: Decimal,
    inspect.BytesType: bytes,
    inspect.DateTimeType: dt.datetime,
    inspect.DateType: dt.date,
    inspect.TimeType: dt.time,
    inspect.TimeDeltaType: dt.timedelta,
    inspect.UUIDType: UUID,
}
"""The scalars of ours that are strings, but for integers."""


class UnusualError(Exception):
    """A value that does not have exactly the form that its type has on GraphQL."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def below(self, place: str) -> UnusualError:
        """The same, seen from the value that has it at ``place``: a name or ``[index]``."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return UnusualError(self.message, f"{place}{dot}{self.path}")


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a Struct: its attribute, what it is called on GraphQL, and its type."""

    attribute: str
    wire: str
    name: str
    type: inspect.Type
    is_optional: bool  # may be absent, and is None then
    may_be_unset: bool  # may be absent, and is UNSET then
    is_required: bool


def plain(info: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type without ``None`` and annotations, and whether it admits ``None``."""
    while isinstance(info, inspect.Metadata):
        info = info.type
    if isinstance(info, inspect.AnyType):
        return info, True
    if not isinstance(info, inspect.UnionType):
        return info, False
    left = [t for t in info.types if not isinstance(t, inspect.NoneType)]
    nullable = len(left) < len(info.types)
    if len(left) == 1:
        return plain(left[0])[0], nullable
    return inspect.UnionType(tuple(left)), nullable


def members(
    struct: inspect.StructType, renamed: Mapping[str, str]
) -> tuple[Member, ...]:
    """The fields of a Struct."""
    return tuple(
        Member(
            attribute=each.name,
            wire=each.encode_name,
            name=renamed.get(each.encode_name, each.encode_name),
            type=each.type,
            is_optional=each.default is None,
            may_be_unset=each.default is UNSET,
            is_required=each.required,
        )
        for each in struct.fields
    )


def variants(info: inspect.Type) -> tuple[inspect.StructType, ...]:
    """The Structs of a union, one a member; none for any other type."""
    listed: Iterable[inspect.Type] = (
        info.types if isinstance(info, inspect.UnionType) else (info,)
    )
    return tuple(
        t for t in listed if isinstance(t, inspect.StructType) and t.tag is not None
    )


def is_wide(info: inspect.IntType) -> bool:
    """Has the integer values that GraphQL's Int has not (October 2021, 3.5.1)?"""
    return info.le is None or info.le >= _INT32


def enum_names(info: inspect.EnumType, renamed: Mapping[str, str]) -> dict[str, str]:
    """What GraphQL calls the values, by their own names."""
    wires = [str(member.value) for member in info.cls]
    return {wire: renamed.get(wire, wire) for wire in wires}


def read_integer(value: Any, info: inspect.IntType) -> int:
    """A wide integer, which is a string or, as input, a number."""
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value)
    if type(value) is not int:
        raise UnusualError("is no integer")
    low = -(2**63) if info.ge is None else info.ge
    high = 2**64 - 1 if info.le is None else info.le
    if not low <= value <= high:
        raise UnusualError(f"is not between {low} and {high}")
    return value


def json_value(value: Any) -> Any:
    """Any JSON; what its numbers cannot be is told by name, never null."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    return value


def check_scalar(value: Any, info: inspect.Type) -> Any:
    """``value`` if it is one of a scalar of ours. Raises ``UnusualError``."""
    if isinstance(info, inspect.AnyType):
        return value
    if isinstance(info, inspect.IntType):
        read_integer(value, info)
        return value
    try:
        msgspec.convert(value, CLASSES[type(info)])
    except msgspec.ValidationError as error:
        raise UnusualError(str(error)) from None
    return value
