"""Scalars as simple types of XML Schema (part 2), with limits as facets and values as text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from svcgen.formats.wsdl.patterns import to_xsd
from svcgen.formats.wsdl.xml import Node, node
from svcgen.model.types import Constraints, Literal, Scalar

UUID, JSON = "Uuid", "Json"
"""Types that the schema declares for itself: a text that is a UUID; any value, as JSON text."""

BUILT_IN: Mapping[Scalar, str] = {
    Scalar.BOOL: "xs:boolean",
    Scalar.INT8: "xs:byte",
    Scalar.INT16: "xs:short",
    Scalar.INT32: "xs:int",
    Scalar.INT64: "xs:long",
    Scalar.UINT8: "xs:unsignedByte",
    Scalar.UINT16: "xs:unsignedShort",
    Scalar.UINT32: "xs:unsignedInt",
    Scalar.UINT64: "xs:unsignedLong",
    Scalar.FLOAT32: "xs:float",
    Scalar.FLOAT64: "xs:double",
    Scalar.DECIMAL: "xs:decimal",
    Scalar.STRING: "xs:string",
    Scalar.BYTES: "xs:base64Binary",
    Scalar.TIMESTAMP: "xs:dateTime",
    Scalar.DATE: "xs:date",
    Scalar.TIME: "xs:time",
    Scalar.DURATION: "xs:duration",
}
OWN: Mapping[Scalar, str] = {Scalar.UUID: UUID, Scalar.ANY: JSON}

_HEX = "[0-9a-fA-F]"
DECLARED: Mapping[str, tuple[str, Node]] = {
    UUID: (
        "A UUID (RFC 9562).",
        node("xs:pattern", {"value": f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"}),
    ),
    JSON: ("Any value, as the text of JSON.", node("xs:minLength", {"value": "1"})),
}
"""What they mean, and the facet that restricts ``xs:string`` to them."""


def facets(scalar: Scalar, limits: Constraints, outer: Constraints) -> list[Node]:
    """The limits in the words of XML Schema, without those that ``outer`` and the type imply."""
    listed = [
        *_bounds(scalar, limits, outer),
        _tighter("xs:minLength", limits.min_length or None, outer.min_length, least=True),
        _tighter("xs:maxLength", limits.max_length, outer.max_length, least=False),
        ("xs:pattern", to_xsd(limits.pattern) if limits.pattern is not None else None),
    ]
    return [node(tag, {"value": value}) for tag, value in listed if value is not None]


def literal(value: Literal, scalar: Scalar) -> str | None:
    """A value as the text of an element; ``None`` where an empty text would be one as well.

    The default of an element stands for the empty text (part 1, 3.3.1), which must not hide a value.
    """
    text = str(value)
    match scalar:
        case Scalar.STRING | Scalar.BYTES | Scalar.ANY:
            return None
        case Scalar.BOOL:
            return text.lower()
        case Scalar.FLOAT32 | Scalar.FLOAT64:
            return _float(float(text))
        case Scalar.DECIMAL:
            return f"{Decimal(text):f}"
        case Scalar.TIMESTAMP:
            return text.upper()
    return text


def _bounds(
    scalar: Scalar, limits: Constraints, outer: Constraints
) -> list[tuple[str, str | None]]:
    if scalar.integer_range is not None:
        within, around = _integers(scalar, limits), _integers(scalar, outer)
        return [
            ("xs:minInclusive", str(within[0]) if within[0] > around[0] else None),
            ("xs:maxInclusive", str(within[1]) if within[1] < around[1] else None),
        ]
    return [_bound(scalar, limits, outer, "min"), _bound(scalar, limits, outer, "max")]


def _integers(scalar: Scalar, limits: Constraints) -> tuple[int, int]:
    """The least and the greatest value."""
    low, high = scalar.integer_range or (0, 0)
    if limits.minimum is not None:
        low = max(low, math.ceil(limits.minimum))
    if limits.exclusive_minimum is not None:
        low = max(low, math.floor(limits.exclusive_minimum) + 1)
    if limits.maximum is not None:
        high = min(high, math.floor(limits.maximum))
    if limits.exclusive_maximum is not None:
        high = min(high, math.ceil(limits.exclusive_maximum) - 1)
    return low, high


def _bound(
    scalar: Scalar, limits: Constraints, outer: Constraints, side: str
) -> tuple[str, str | None]:
    """The tightest of the inclusive and the exclusive bound, of which a type may have one."""
    found, around = _tightest(limits, side), _tightest(outer, side)
    tag = "Inclusive" if found is None or found[1] else "Exclusive"
    if found is None or (around is not None and _key(found, side) <= _key(around, side)):
        return f"xs:{side}{tag}", None
    text = f"{Decimal(repr(found[0])):f}" if scalar is Scalar.DECIMAL else _float(found[0])
    return f"xs:{side}{tag}", text


def _tightest(limits: Constraints, side: str) -> tuple[float, bool] | None:
    """A bound, and whether it is itself allowed."""
    inclusive = limits.minimum if side == "min" else limits.maximum
    exclusive = limits.exclusive_minimum if side == "min" else limits.exclusive_maximum
    given = [(b, i) for b, i in ((inclusive, True), (exclusive, False)) if b is not None]
    return max(given, key=lambda bound: _key(bound, side), default=None)


def _key(bound: tuple[float, bool], side: str) -> tuple[float, bool]:
    """The greater, the tighter."""
    return (bound[0] if side == "min" else -bound[0], not bound[1])


def _tighter(
    tag: str, limit: int | None, outer: int | None, *, least: bool
) -> tuple[str, str | None]:
    if limit is not None and outer is not None and (limit <= outer) is least:
        return tag, None
    return tag, None if limit is None else str(limit)


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
