"""The text of a definition, laid out as people write one: short things on one line."""

from __future__ import annotations

from typing import Any

from svcgen.formats import yaml
from svcgen.formats.neutral.declarations import document
from svcgen.model.service import Api

_WIDTH = 100
_APART = frozenset({"methods", "events"})
"""Keys whose entries stand on lines of their own, however short they are."""


def write(api: Api) -> str:
    """The one file of a definition; what it imports stands in it."""
    lines: list[str] = []
    for key, value in document(api).items():
        if isinstance(value, dict) and not key.startswith("x-"):
            lines += ["", f"{key}:"]
            _entries(value, "  ", lines)
        else:
            _entry(key, value, "", lines)
    return "\n".join(lines) + "\n"


def _entries(mapping: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in mapping.items():
        _entry(key, value, indent, lines)


def _entry(key: str, value: Any, indent: str, lines: list[str]) -> None:
    """A key with its value: on its line if there is room, else on lines of its own below it."""
    head = f"{indent}{yaml.scalar(key)}:"
    if isinstance(value, str) and _is_block(value):
        lines.append(f"{head} |-")
        lines += [f"{indent}  {line}" if line else "" for line in value.split("\n")]
        return
    text = "" if _is_large(value) else yaml.flow(value)
    fits = bool(text) and len(head) + 1 + len(text) <= _WIDTH
    apart = isinstance(value, dict) and (key in _APART or _is_long(value))
    if not isinstance(value, dict | list) or not value or (fits and not apart):
        lines.append(f"{head} {text}")
        return
    lines.append(head)
    if isinstance(value, dict):
        _entries(value, indent + "  ", lines)
    else:
        lines += [f"{indent}  - {yaml.flow(item)}" for item in value]


def _is_large(value: object) -> bool:
    """Whether a container is too large for a line by far, which is quickly seen."""
    return isinstance(value, dict | list) and len(repr(value)) > 3 * _WIDTH


def _is_long(value: dict[str, Any]) -> bool:
    """Whether a mapping holds what does not go on one line."""
    return not _APART.isdisjoint(value) or _is_block(value.get("doc"))


def _is_block(text: object) -> bool:
    """Whether it is a text of several lines that can stand as they are."""
    lines = text.split("\n") if isinstance(text, str) else []
    return (
        len(lines) > 1
        and all(line.isprintable() and line == line.rstrip() for line in lines)
        and bool(lines[0])
        and not lines[0].startswith(" ")
        and bool(lines[-1])
    )
