"""A YAML document as a tree in which every key and value knows its place."""

from __future__ import annotations

from typing import TypeAlias

from svcgen.diagnostics import Span
from svcgen.frozen import frozen


@frozen
class Text:
    """A scalar as written; what it means depends on who reads it (see ``scalars``)."""

    text: str
    span: Span
    plain: bool  # without quotes, so that it may be a number, a boolean or null
    verbatim: bool = True  # the span shows ``text`` character by character ...
    quote: int = 0  # ... from this column of it

    def span_at(self, offset: int, length: int = 1) -> Span:
        """The place of a part of the text; the whole scalar where it is not one piece of a line."""
        if not self.verbatim:
            return self.span
        column = self.span.column + self.quote + offset
        return Span.at(self.span.file, self.span.line, column, max(length, 1))


@frozen
class Entry:
    key: Text
    value: Node


@frozen
class Mapping:
    entries: tuple[Entry, ...]
    span: Span


@frozen
class Sequence:
    items: tuple[Node, ...]
    span: Span


Node: TypeAlias = "Text | Mapping | Sequence"
"""Every kind of YAML value."""


def is_null(node: Node) -> bool:
    """Whether nothing was written, or ``null`` or ``~``."""
    return isinstance(node, Text) and node.plain and node.text in ("", "~", "null")


def kind(node: Node) -> str:
    """What a node is, for messages."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if is_null(node):
        return "nothing"
    shown = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    return repr(shown) if node.plain else f"the text {shown!r}"
