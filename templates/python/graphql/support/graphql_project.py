"""The pieces of compiled answers: each makes JSON of one kind of value.

What is not as declared raises ``UnusualError``, and graphql-core then says what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from .graphql_schema import Convert
from .graphql_types import UnusualError


def nullable(convert: Convert) -> Convert:
    return lambda value: None if value is None or value is UNSET else convert(value)


def items_of(convert: Convert | None, never_null: bool) -> Convert:
    if convert is not None:
        return lambda value: [convert(item) for item in _listed(value)]
    if not never_null:
        return lambda value: list(_listed(value))

    def items(value: Any) -> Any:
        found = value if value.__class__ is list else list(_listed(value))
        if None in found:
            raise UnusualError("has an item that is null")
        return found

    return items


def _listed(value: Any) -> Any:
    if value.__class__ is not list and not isinstance(
        value, list | tuple | set | frozenset
    ):
        raise UnusualError("is no list")
    return value


def entries_of(convert: Convert) -> Convert:
    return lambda value: [convert(item) for item in value.items()]


def name_of(names: Mapping[str, str]) -> Convert:
    def name(value: Any) -> Any:
        found = names.get(value)
        if found is None:
            raise UnusualError("is no value of the enum")
        return found

    return name


def _int32(value: Any) -> Any:
    if type(value) is not int or not -(2**31) <= value < 2**31:
        raise UnusualError("is no integer of 32 bits")
    return value


def finite(value: Any) -> Any:
    if type(value) is int:
        return float(value)
    if type(value) is not float or not math.isfinite(value):
        raise UnusualError("is no finite number")
    return value


def set_or_none(value: Any) -> Any:
    return None if value is UNSET else value


def done(_value: Any) -> Any:
    return True


def same(value: Any) -> Any:
    return value


BUILT_IN: Mapping[str, Convert] = {"Int": _int32, "Float": finite}
