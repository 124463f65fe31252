"""The definition's types that Python has not: sized integers, enums, defaults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

T = TypeVar("T")
E = TypeVar("E", bound="OpenEnum | ClosedEnum")

Int8 = Annotated[int, Meta(ge=-(2**7), le=2**7 - 1)]
Int16 = Annotated[int, Meta(ge=-(2**15), le=2**15 - 1)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
UInt8 = Annotated[int, Meta(ge=0, le=2**8 - 1)]
UInt16 = Annotated[int, Meta(ge=0, le=2**16 - 1)]
UInt32 = Annotated[int, Meta(ge=0, le=2**32 - 1)]
UInt64 = Annotated[int, Meta(ge=0)]  # the validator checks what Meta cannot: 2**64 - 1
AwareDatetime = Annotated[datetime, Meta(tz=True)]  # an instant
NaiveTime = Annotated[time, Meta(tz=False)]  # of day, wherever that is
Float32 = Annotated[float, Meta(extra_json_schema={"format": "float"})]


class ClosedEnum(StrEnum):
    """An enum of exactly its members; anything else is an error."""


class OpenEnum(StrEnum):
    """An enum that may grow: a name that is not known here is kept as it came.

    ``Color("MAUVE")`` is then a member without a constant. It equals other members
    of the same name, and travels on unchanged. A number that is not known here is
    the member ``UNRECOGNIZED_<number>``.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


def also_called(names: Mapping[str, str]) -> Callable[[type[E]], type[E]]:
    """Make an enum read other names as those of its members, which is what it writes."""

    def extend(enum: type[E]) -> type[E]:
        for name, member in names.items():
            enum._value2member_map_[name] = enum(member)
        return enum

    return extend


def default(value: T) -> T:
    """The default of a Struct's field, always written out when the Struct is encoded.

    Every instance gets its own copy of a list, map, set or Struct.
    """
    if isinstance(value, list | dict | set | msgspec.Struct):
        return msgspec.field(default_factory=lambda: deepcopy(value))
    return msgspec.field(default_factory=lambda: value)


def duration(text: str) -> timedelta:
    """The duration that an ISO 8601 text such as ``PT1.5S`` says."""
    return msgspec.convert(text, timedelta)


def are_several(*values: object) -> bool:
    """Is more than one of them there?"""
    return sum(value is not None and value is not msgspec.UNSET for value in values) > 1


def has_duplicates(items: Collection[Any]) -> bool:
    """Are two of the items equal?"""
    try:
        return len(set(items)) < len(items)
    except TypeError:  # Structs, lists and maps have no hash
        encode = msgspec.json.Encoder(order="deterministic").encode
        return len({encode(item) for item in items}) < len(items)
