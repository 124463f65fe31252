"""Whether a literal of the definition is a value of a type, in the spelling that JSON uses."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import assert_never

from svcgen.checks import formats, patterns
from svcgen.checks.subjects import head
from svcgen.frozen import frozen
from svcgen.model.types import (
    Alias,
    Constraints,
    Enum,
    Field,
    ListOf,
    Literal,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)


@frozen
class Literals:
    """Judges literals by the types of one definition."""

    types: Mapping[str, TypeDef]

    def complaint(self, value: Literal, ref: TypeRef, constraints: Constraints) -> str:
        """What is wrong with ``value``, with the path to the place; empty if nothing is."""
        limits = [constraints, *self._alias_limits(ref)]
        found = head(ref, self.types)
        if isinstance(found, NullableOf):
            if value is None:
                return ""
            limits += self._alias_limits(found.item)
            found = head(found.item, self.types)
        if found is None:
            return ""
        wrong = self._mismatch(value, found)
        return wrong or next(filter(None, (_violation(value, limit) for limit in limits)), "")

    def fields_complaint(self, value: Literal, fields: tuple[Field, ...]) -> str:
        """What is wrong with ``value`` as an object of these fields."""
        if not isinstance(value, dict):
            return f"{shown(value)} is no object"
        known = {field.name.wire: field for field in fields}
        for name, inner in value.items():
            if name not in known:
                return f"there is no field {name!r}"
            if wrong := self._field_complaint(inner, known[name]):
                return wrong
        missing = (f.name.wire for f in fields if f.required and f.default is None)
        return next((f"{name!r} is missing" for name in missing if name not in value), "")

    def _field_complaint(self, value: Literal, field: Field) -> str:
        return _under(field.name.wire, self.complaint(value, field.type, field.constraints))

    def _alias_limits(self, ref: TypeRef) -> list[Constraints]:
        limits: list[Constraints] = []
        seen: set[str] = set()
        while isinstance(ref, NamedRef) and ref.name not in seen:
            seen.add(ref.name)
            alias = self.types.get(ref.name)
            if not isinstance(alias, Alias):
                break
            limits.append(alias.constraints)
            ref = alias.target
        return limits

    def _mismatch(self, value: Literal, ref: TypeRef) -> str:
        match ref:
            case ScalarRef():
                return _scalar_mismatch(value, ref.scalar)
            case ListOf() | SetOf():
                return self._items_mismatch(value, ref)
            case MapOf():
                return self._entries_mismatch(value, ref)
            case NamedRef():
                return self._named_mismatch(value, self.types[ref.name])
            case NullableOf():
                return ""  # nullable twice, which is reported as such
            case _:
                assert_never(ref)

    def _items_mismatch(self, value: Literal, ref: ListOf | SetOf) -> str:
        if not isinstance(value, list):
            return f"{shown(value)} is no list"
        if isinstance(ref, SetOf) and (twice := _repeated(value)):
            return twice
        complaints = (self.complaint(item, ref.item, Constraints()) for item in value)
        return next((_under(f"[{i}]", wrong) for i, wrong in enumerate(complaints) if wrong), "")

    def _entries_mismatch(self, value: Literal, ref: MapOf) -> str:
        if not isinstance(value, dict):
            return f"{shown(value)} is no object"
        for key, inner in value.items():
            wrong = self._key_mismatch(key, ref.key) or self.complaint(
                inner, ref.value, Constraints()
            )
            if wrong:
                return _under(key, wrong)
        return ""

    def _key_mismatch(self, key: str, ref: TypeRef) -> str:
        """Keys are strings on JSON: numbers and booleans as they are written there."""
        found = head(ref, self.types)
        number = isinstance(found, ScalarRef) and found.scalar.is_integer
        flag = isinstance(found, ScalarRef) and found.scalar is Scalar.BOOL
        value: Literal = key
        if number and key.removeprefix("-").isdecimal() and len(key) < 30:
            value = int(key)
        elif flag and key in ("true", "false"):
            value = key == "true"
        return self.complaint(value, ref, Constraints())

    def _named_mismatch(self, value: Literal, definition: TypeDef) -> str:
        match definition:
            case Struct():
                return self.fields_complaint(value, definition.fields)
            case Enum():
                fine = isinstance(value, str) and value in definition.names
                return "" if fine else f"{shown(value)} is no value of {definition.name.wire!r}"
            case Union():
                return self._union_mismatch(value, definition)
            case Alias():
                return ""  # an alias in a circle, which is reported as such
            case _:
                assert_never(definition)

    def _union_mismatch(self, value: Literal, union: Union) -> str:
        if not isinstance(value, dict) or set(value) != {"kind", "value"}:
            return f'{shown(value)} is not of the form {{"kind": …, "value": …}}'
        for member in union.members:
            if member.name.wire == value["kind"]:
                return _under(
                    "value", self.complaint(value["value"], member.type, member.constraints)
                )
        return f"{shown(value['kind'])} is no member of {union.name.wire!r}"


def shown(value: Literal) -> str:
    """A literal as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _under(step: str, complaint: str) -> str:
    return complaint and f"{step}: {complaint}"


def _scalar_mismatch(value: Literal, scalar: Scalar) -> str:
    if scalar is Scalar.ANY:
        return _unheld(value)
    if scalar.integer_range is not None:
        low, high = scalar.integer_range
        whole = isinstance(value, int) and not isinstance(value, bool)
        if isinstance(value, int) and whole and not low <= value <= high:
            return f"{shown(value)} is out of the range of {scalar.value}, {low} to {high}"
        return "" if whole else f"{shown(value)} is no {scalar.value}"
    return "" if _ACCEPTED[scalar](value) else f"{shown(value)} is no {scalar.value}"


def _unheld(value: Literal) -> str:
    """The number within ``value`` that a float64 cannot hold as a number of JSON."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return next(filter(None, map(_unheld, inner)), "")
    if not isinstance(value, (int, float)) or abs(value) <= sys.float_info.max:
        return ""
    return f"{shown(value)} is no number that JSON can carry"


def _is_float(value: Literal) -> bool:
    if isinstance(value, str):
        return value in ("NaN", "Infinity", "-Infinity")
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_float32(value: Literal) -> bool:
    finite = isinstance(value, (int, float)) and not (
        isinstance(value, float) and not math.isfinite(value)
    )
    return _is_float(value) and not (
        isinstance(value, (int, float)) and finite and abs(value) > 3.4028235678e38
    )


_ACCEPTED: dict[Scalar, Callable[[Literal], bool]] = {
    Scalar.BOOL: lambda value: isinstance(value, bool),
    Scalar.FLOAT32: _is_float32,
    Scalar.FLOAT64: _is_float,
    Scalar.STRING: lambda value: isinstance(value, str),
    Scalar.DECIMAL: formats.is_decimal,
    Scalar.BYTES: formats.is_base64,
    Scalar.TIMESTAMP: formats.is_timestamp,
    Scalar.DATE: formats.is_date,
    Scalar.TIME: formats.is_time,
    Scalar.DURATION: formats.is_duration,
    Scalar.UUID: formats.is_uuid,
}


def _violation(value: Literal, limits: Constraints) -> str:
    """The limit that a value of the right type breaks."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _out_of_bounds(value, limits)
    if isinstance(value, str):
        return _wrong_text(value, limits)
    if isinstance(value, (list, dict)):
        return _wrong_count(value, limits)
    return ""


def _out_of_bounds(value: float, limits: Constraints) -> str:
    if limits.minimum is not None and value < limits.minimum:
        return f"{value} is less than min {limits.minimum}"
    if limits.maximum is not None and value > limits.maximum:
        return f"{value} is more than max {limits.maximum}"
    if limits.exclusive_minimum is not None and value <= limits.exclusive_minimum:
        return f"{value} is not more than exclusive_min {limits.exclusive_minimum}"
    if limits.exclusive_maximum is not None and value >= limits.exclusive_maximum:
        return f"{value} is not less than exclusive_max {limits.exclusive_maximum}"
    return ""


def _wrong_text(value: str, limits: Constraints) -> str:
    if limits.min_length is not None and len(value) < limits.min_length:
        return f"{shown(value)} is shorter than {limits.min_length}"
    if limits.max_length is not None and len(value) > limits.max_length:
        return f"{shown(value)} is longer than {limits.max_length}"
    if limits.pattern is not None and patterns.rejects(limits.pattern, value):
        return f"{shown(value)} does not match the pattern"
    return ""


def _wrong_count(value: list[Literal] | dict[str, Literal], limits: Constraints) -> str:
    if limits.min_items is not None and len(value) < limits.min_items:
        return f"it has {len(value)} items, less than min_items {limits.min_items}"
    if limits.max_items is not None and len(value) > limits.max_items:
        return f"it has {len(value)} items, more than max_items {limits.max_items}"
    return _repeated(value) if limits.unique and isinstance(value, list) else ""


def _repeated(items: list[Literal]) -> str:
    seen: set[str] = set()
    for item in items:
        text = json.dumps(item, sort_keys=True)
        if text in seen:
            return f"{shown(item)} is there twice"
        seen.add(text)
    return ""
