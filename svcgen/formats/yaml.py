"""Plain values as YAML, at ten times the speed of a general emitter.

Text is plain where nobody could read it as anything else, and double-quoted otherwise; the result
means the same in YAML 1.1 and 1.2.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache

_PLAIN = re.compile(r"[A-Za-z_/$][A-Za-z0-9_/{}.+-]*( [A-Za-z0-9_/.+-]+)*\Z")
_TYPE = r"(stream )?\w+(<[\w<>, |]+>)?(\|null)?\??"
_WORDS = frozenset("true false null yes no on off y n".split())
_INNER = ("{", "}", ",")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump(value: object) -> str:
    """The text of a document: dicts, lists, strings, numbers, booleans and ``None``."""
    lines: list[str] = []
    write(value, "", lines)
    return "\n".join(lines) + "\n"


def flow(value: object) -> str:
    """The value on one line: ``{a: int32, b: [1, 2]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_key(str(k))}: {flow(v)}" for k, v in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _flowed(value)


def _flowed(value: object) -> str:
    """A scalar between brackets, where braces and commas end a plain text."""
    if isinstance(value, str) and any(mark in value for mark in _INNER):
        return quoted(value)
    return scalar(value)


_key = lru_cache(maxsize=1 << 12)(_flowed)
"""Keys are few, and the same again and again."""


def write(value: object, indent: str, lines: list[str]) -> None:
    """Append the lines of a container that is not empty."""
    if isinstance(value, dict):
        for key, part in value.items():
            _entry(f"{indent}{scalar(str(key))}:", part, indent, lines)
    elif isinstance(value, list | tuple):
        for part in value:
            _item(part, indent, lines)


def _entry(head: str, value: object, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict | list | tuple) and value:
        lines.append(head)
        write(value, indent + "  ", lines)
    else:
        lines.append(f"{head} {scalar(value)}")


def _item(value: object, indent: str, lines: list[str]) -> None:
    """A list's item; a container begins on the line of its dash."""
    if not isinstance(value, dict | list | tuple) or not value:
        lines.append(f"{indent}- {scalar(value)}")
        return
    first = len(lines)
    write(value, indent + "  ", lines)
    lines[first] = f"{indent}- {lines[first][len(indent) + 2 :]}"


def scalar(value: object) -> str:
    """A text, a number, a boolean or ``None``; of containers the empty ones."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    if type(value) is int:
        return str(value)
    return _number(value) if isinstance(value, float) else json.dumps(value)


def _number(value: float) -> str:
    """A float with its point: YAML 1.1 takes ``1e+22`` for text."""
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return text if "." in mantissa or not exponent else f"{mantissa}.0e{power}"


def _text(text: str) -> str:
    if (_PLAIN.match(text) or _is_type(text)) and text.lower() not in _WORDS:
        return text
    return quoted(text)


def _is_type(text: str) -> bool:
    """Whether a text is a type as definitions write it, such as ``map<string, User>``."""
    return (
        text[:1].isalpha()
        and text.endswith((">", "|null", "?"))
        and bool(re.fullmatch(_TYPE, text, re.ASCII))
    )


def quoted(text: str) -> str:
    """A text in double quotes."""
    escaped = text
    for mark, escape in _ESCAPES.items():
        escaped = escaped.replace(mark, escape)
    if not escaped.isprintable():
        escaped = "".join(char if char.isprintable() else _code(char) for char in escaped)
    return f'"{escaped}"'


def _code(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
