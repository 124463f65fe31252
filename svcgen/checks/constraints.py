"""Limits on values: that the type can have them, and that they leave a value to take."""

from __future__ import annotations

import math
from collections.abc import Iterator

from svcgen.checks import patterns
from svcgen.checks.containers import spelled
from svcgen.checks.subjects import EXAMPLE, present, subject
from svcgen.diagnostics import Report, Rule, Span
from svcgen.model import walk
from svcgen.model.service import Api
from svcgen.model.types import (
    Alias,
    Constraints,
    ListOf,
    MapOf,
    Scalar,
    ScalarRef,
    SetOf,
    TypeRef,
)

CONSTRAINT_MISPLACED = Rule(
    code="constraint-misplaced",
    message="{subject} has {constraint}, which does not apply to {type!r}",
    fix="drop it, or change the type",
    why=(
        "min, max and the exclusive bounds are for numbers; length, min_length and max_length "
        "for string and bytes; pattern for string; min_items and max_items for containers; "
        "unique for lists."
    ),
    example=EXAMPLE + "types:\n  Book:\n    pages: {type: int32, max_length: 5}\n",
)
CONSTRAINT_IMPOSSIBLE = Rule(
    code="constraint-impossible",
    message="{subject} can have no value: {reason}",
    fix="widen the limits",
    why="The limits exclude every value of the type, so no request could ever be valid.",
    example=EXAMPLE + "types:\n  Book:\n    pages: {type: int32, min: 10, max: 1}\n",
)
BAD_PATTERN = Rule(
    code="bad-pattern",
    message="the pattern of {subject} {problem}",
    fix=(
        "keep to literals, classes, groups (...) and (?:...), alternatives, anchors and quantifiers"
    ),
    why=(
        "The pattern is enforced by servers and clients in several languages, so it has to mean"
        " the same in all of them: what RE2 can do, without named groups, flags, backreferences"
        " and lookarounds. It is searched for; write ^ and $ to match the whole value."
    ),
    example=EXAMPLE + "types:\n  Book:\n    isbn: {type: string, pattern: '(?=97)[0-9]{13}'}\n",
)

_BOUNDS = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
_LENGTHS = ("min_length", "max_length")
_ITEMS = ("min_items", "max_items")
_WORDS = {"minimum": "min", "maximum": "max"} | {
    f"exclusive_{m}imum": f"exclusive_{m}" for m in ("min", "max")
}


def check_constraints(api: Api, report: Report) -> None:
    for what, span, ref, constraints in _constrained(api):
        if constraints.is_empty:
            continue
        target = present(ref, api.types)
        if target is not None:
            _check_applicable(what, span, target, constraints, report)
            _check_possible(what, span, target, constraints, report)
        if constraints.pattern is not None and (wrong := patterns.problem(constraints.pattern)):
            report.add(BAD_PATTERN, span, subject=what, problem=wrong)


def _constrained(api: Api) -> Iterator[tuple[str, Span, TypeRef, Constraints]]:
    for owner, field in walk.fields(api):
        yield subject(owner, field), field.meta.span, field.type, field.constraints
    for alias in api.types.values():
        if isinstance(alias, Alias):
            what = f"alias {alias.name.wire!r}"
            yield what, alias.meta.span, alias.target, alias.constraints


def _check_applicable(
    what: str, span: Span, target: TypeRef, constraints: Constraints, report: Report
) -> None:
    allowed = _applicable(target)
    for name in (*_BOUNDS, *_LENGTHS, *_ITEMS, "pattern", "unique"):
        if name not in allowed and getattr(constraints, name) not in (None, False):
            facts = {"subject": what, "type": spelled(target)}
            report.add(CONSTRAINT_MISPLACED, span, constraint=_WORDS.get(name, name), **facts)


def _applicable(target: TypeRef) -> tuple[str, ...]:
    match target:
        case ScalarRef(scalar=Scalar.STRING):
            return (*_LENGTHS, "pattern")
        case ScalarRef(scalar=Scalar.BYTES):
            return _LENGTHS
        case ScalarRef(scalar=scalar) if scalar.is_number:
            return _BOUNDS
        case ListOf():
            return (*_ITEMS, "unique")
        case SetOf() | MapOf():
            return _ITEMS
        case _:
            return ()


def _check_possible(
    what: str, span: Span, target: TypeRef, constraints: Constraints, report: Report
) -> None:
    reasons = []
    for low, high, word in (
        ("min_length", "max_length", "length"),
        ("min_items", "max_items", "items"),
    ):
        least, most = getattr(constraints, low) or 0, getattr(constraints, high)
        if most is not None and (most < least or most < 0):
            reasons.append(f"{low if least else word} {least} is more than {high} {most}")
    if "minimum" in _applicable(target) and isinstance(target, ScalarRef):
        reasons += _impossible_bounds(target.scalar, constraints)
    for reason in reasons:
        report.add(CONSTRAINT_IMPOSSIBLE, span, subject=what, reason=reason)


def _impossible_bounds(scalar: Scalar, constraints: Constraints) -> list[str]:
    """Why no number is within the bounds and the range of the type, if so."""
    given = {name: getattr(constraints, name) for name in _BOUNDS}
    bounds = {name: bound for name, bound in given.items() if bound is not None}
    if any(not math.isfinite(bound) for bound in bounds.values()):
        return ["a bound is not a finite number"]
    if not bounds:
        return []
    type_low, type_high = scalar.integer_range or (-math.inf, math.inf)
    low = max([type_low] + [b for n, b in bounds.items() if n.endswith("minimum")])
    high = min([type_high] + [b for n, b in bounds.items() if n.endswith("maximum")])
    exclusive = low == bounds.get("exclusive_minimum") or high == bounds.get("exclusive_maximum")
    if scalar.is_integer:
        least = math.floor(low) + 1 if low == bounds.get("exclusive_minimum") else math.ceil(low)
        most = math.ceil(high) - 1 if high == bounds.get("exclusive_maximum") else math.floor(high)
        empty = least > most
    else:
        empty = low > high or (low == high and exclusive)
    return [f"no {scalar.value} is at least {low} and at most {high}"] if empty else []
