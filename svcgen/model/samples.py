"""A plausible value of a type: its example if it has one, else the smallest that its limits allow."""

from __future__ import annotations

from typing import assert_never

from svcgen.model.service import Api
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

_TEXTS: dict[Scalar, Literal] = {
    Scalar.BOOL: True,
    Scalar.DECIMAL: "1.5",
    Scalar.STRING: "text",
    Scalar.BYTES: "AAEC",
    Scalar.TIMESTAMP: "2024-01-02T03:04:05Z",
    Scalar.DATE: "2024-01-02",
    Scalar.TIME: "03:04:05",
    Scalar.DURATION: "PT1S",
    Scalar.UUID: "12345678-1234-5678-1234-567812345678",
    Scalar.ANY: "anything",
}


class NoSample(Exception):
    """No value is known that meets the limits: a pattern without an example, endless recursion."""


def sample(field: Field, api: Api) -> Literal:
    """A value of a field or parameter. Raises ``NoSample``."""
    if field.examples:
        return field.examples[0].value
    return _value(field.type, field.constraints, api, ())


def sample_struct(struct: Struct, api: Api) -> dict[str, Literal]:
    """The required fields of a struct with a value each. Raises ``NoSample``."""
    return _fields(struct.fields, api, ())


def sample_of(ref: TypeRef, api: Api) -> Literal:
    """A value of a type. Raises ``NoSample``."""
    return _value(ref, Constraints(), api, ())


def _fields(fields: tuple[Field, ...], api: Api, within: tuple[str, ...]) -> dict[str, Literal]:
    needed = [f for f in fields if f.required and f.default is None]
    return {
        f.name.wire: f.examples[0].value
        if f.examples
        else _value(f.type, f.constraints, api, within)
        for f in needed
    }


def _value(ref: TypeRef, limits: Constraints, api: Api, within: tuple[str, ...]) -> Literal:
    match ref:
        case NullableOf():
            return None
        case ScalarRef(scalar):
            return _scalar(scalar, limits)
        case ListOf(item) | SetOf(item):
            count = limits.min_items or 0
            if count > 1 and (limits.unique or isinstance(ref, SetOf)):
                raise NoSample
            return [_value(item, Constraints(), api, within) for _ in range(count)]
        case MapOf():
            if limits.min_items:
                raise NoSample
            return {}
        case NamedRef(name):
            if name in within:
                raise NoSample
            return _named(api.types[name], limits, api, (*within, name))
    assert_never(ref)


def _named(definition: TypeDef, limits: Constraints, api: Api, within: tuple[str, ...]) -> Literal:
    match definition:
        case Alias(target=target, constraints=own):
            return _value(target, own if limits.is_empty else limits, api, within)
        case Enum(values=values):
            return values[0].name.wire
        case Struct(examples=examples, fields=fields):
            return examples[0].value if examples else _fields(fields, api, within)
        case Union(members=members):
            return _first_member(members, api, within)
    assert_never(definition)


def _first_member(members: tuple[Field, ...], api: Api, within: tuple[str, ...]) -> Literal:
    for member in members:
        try:
            value = _value(member.type, member.constraints, api, within)
        except NoSample:
            continue
        return {"kind": member.name.wire, "value": value}
    raise NoSample


def _scalar(scalar: Scalar, limits: Constraints) -> Literal:
    if limits.pattern is not None:
        raise NoSample
    if scalar.is_number and scalar is not Scalar.DECIMAL:
        return _number(scalar, limits)
    if scalar is Scalar.STRING:
        longest = limits.max_length if limits.max_length is not None else 1_000
        return ("text" * (1 + (limits.min_length or 0) // 4))[
            : max(0, min(longest, max(4, limits.min_length or 0)))
        ]
    if not limits.is_empty:
        raise NoSample
    return _TEXTS[scalar]


def _number(scalar: Scalar, limits: Constraints) -> Literal:
    low = limits.minimum if limits.minimum is not None else limits.exclusive_minimum
    high = limits.maximum if limits.maximum is not None else limits.exclusive_maximum
    if low is None:
        value = 1 if high is None or high > 1 else high - 1
    else:
        step = 0 if limits.minimum is not None else 1 if scalar.is_integer else 0.5
        value = low + step
    if high is not None and value > high:
        raise NoSample
    return int(value) if scalar.is_integer else float(value)
