"""What a scalar means: YAML 1.2's core schema without its spelling variants.

Booleans are ``true`` and ``false`` only; ``no``, ``on`` and ``012`` are strings.
"""

from __future__ import annotations

import math
import re
from typing import TypeGuard

from svcgen.diagnostics import Report, Rule
from svcgen.formats.neutral.tree import Mapping, Node, Sequence, Text, is_null
from svcgen.model.types import Literal

_INTEGER = r"[-+]?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+"
_FLOAT = r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_SPECIAL = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}
_MAX_DIGITS = 400  # more than any type of the language holds

NUMBER_TOO_LARGE = Rule(
    code="number-too-large",
    message="{number} is more than any number can hold",
    fix="write a number that fits a float64, or put a text into quotes",
    why="Read as text it would be a value of another type, and infinity is no value of JSON.",
    example="svcgen: 1\ntypes:\n  Book:\n    extra: {type: any, default: 1e400}\n",
)


def integer(node: Node) -> int | None:
    """The value of an integer scalar, ``None`` for anything else."""
    if not _matches(node, _INTEGER) or len(node.text) > _MAX_DIGITS:
        return None
    return int(node.text, 0)


def number(node: Node) -> int | float | None:
    """The value of a finite number, ``None`` for anything else; an integer stays one."""
    whole = integer(node)
    if whole is not None:
        return whole
    if not _matches(node, _FLOAT) or len(node.text) > _MAX_DIGITS:
        return None
    value = float(node.text)
    return value if math.isfinite(value) else None


def boolean(node: Node) -> bool | None:
    if _is_plain(node) and node.text in ("true", "false"):
        return node.text == "true"
    return None


def literal(node: Node, report: Report) -> Literal:
    """The JSON value of a whole node."""
    if isinstance(node, Mapping):
        return {entry.key.text: literal(entry.value, report) for entry in node.entries}
    if isinstance(node, Sequence):
        return [literal(item, report) for item in node.items]
    return _scalar(node, report)


def _scalar(node: Text, report: Report) -> Literal:
    if is_null(node):
        return None
    flag = boolean(node)
    if flag is not None:
        return flag
    if node.plain and node.text in _SPECIAL:
        return _SPECIAL[node.text]
    value = number(node)
    if value is None and (_matches(node, _INTEGER) or _matches(node, _FLOAT)):
        report.add(NUMBER_TOO_LARGE, node.span, number=node.text[:80])
    return node.text if value is None else value


def _matches(node: Node, pattern: str) -> TypeGuard[Text]:
    return _is_plain(node) and re.fullmatch(pattern, node.text) is not None


def _is_plain(node: Node) -> TypeGuard[Text]:
    return isinstance(node, Text) and node.plain
