"""The value of an option as its type demands, in the words of a finding if it is none."""

from __future__ import annotations

import math

from svcgen.formats.protobuf.fields import INTEGERS
from svcgen.formats.protobuf.tree import Enum, Field, Setting, Value


class WrongValueError(Exception):
    """The text says what is wrong, and completes the sentence "the value of … "."""


def scalar_value(field: Field, value: Value) -> Setting:
    """What ``value`` is for a scalar or enum field. Raises :class:`WrongValueError`."""
    if isinstance(field.target, Enum):
        return _enum(field.target, value)
    match field.type:
        case "string" | "bytes" as kind:
            return _text(kind, value)
        case "bool":
            if value.kind != "name" or value.value not in ("true", "false"):
                raise WrongValueError("is neither true nor false")
            return value.value == "true"
        case "float" | "double":
            return _float(value)
        case kind if kind in INTEGERS:
            return _integer(kind, value)
    raise WrongValueError("must be a message in braces")


def _integer(kind: str, value: Value) -> int:
    if value.kind != "int" or not isinstance(value.value, int):
        raise WrongValueError(f"is no {kind}")
    smallest, largest = INTEGERS[kind]
    if not smallest <= value.value <= largest:
        raise WrongValueError(f"is out of the range of {kind}")
    return value.value


def _float(value: Value) -> float:
    if value.kind == "name" and value.value in ("inf", "nan"):
        return math.inf if value.value == "inf" else math.nan
    if value.kind not in ("int", "float") or not isinstance(value.value, int | float):
        raise WrongValueError("is no number")
    return float(value.value)


def _text(kind: str, value: Value) -> str | bytes:
    if value.kind != "string" or not isinstance(value.value, bytes):
        raise WrongValueError("is no string in quotes")
    return value.value if kind == "bytes" else value.value.decode("utf-8", "replace")


def _enum(enum: Enum, value: Value) -> str:
    if value.kind != "name":
        raise WrongValueError(f"is no name of a value of {enum.full_name!r}")
    if value.value not in enum.names:
        raise WrongValueError(f"is {value.value!r}, which {enum.full_name!r} does not have")
    return str(value.value)
