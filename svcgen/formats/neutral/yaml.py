"""YAML text -> tree, from the events of PyYAML's C parser.

Only the plain part of YAML is taken: one document of mappings, lists and scalars. Anchors, aliases,
tags, merge keys and complex keys are refused, so a tree is never larger than its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text
from svcgen.formats.source import Source

MAX_DEPTH = 64

YAML_SYNTAX = Rule(
    code="yaml-syntax",
    message="not YAML: {problem}",
    fix="correct the YAML; look at indentation, brackets and quotes here and on the line before",
    why="A definition is a YAML document; nothing can be said about it before it is one.",
    example="svcgen: 1\ntypes: {User: {name: string}\n",
)

YAML_FEATURE = Rule(
    code="yaml-feature",
    message="{feature} are not part of the definition language",
    fix="{instead}",
    why=(
        "Definitions use mappings, lists and scalars only, so that they read the same to everyone"
        " and no small file stands for a huge one. Mixins, aliases and imports share what is equal."
    ),
    example="svcgen: 1\ntypes:\n  A: &fields {x: int32}\n  B: *fields\n",
)

YAML_TOO_DEEP = Rule(
    code="yaml-too-deep",
    message="nested more than {most} levels deep",
    fix="flatten it; give inner structures a type of their own",
    why="No definition needs such depth; the limit keeps reading it cheap.",
    example="svcgen: 1\nx-deep: " + "[" * 70 + "]" * 70 + "\n",
)

DUPLICATE_KEY = Rule(
    code="duplicate-key",
    message="key {key!r} is already at line {line}",
    fix="remove or rename one of them",
    why="Readers of YAML keep one of two equal keys and drop the other in silence.",
    example="svcgen: 1\ntypes:\n  A: {x: int32, x: string}\n",
)

CONTROL_CHARACTER = Rule(
    code="control-character",
    message="control character {character} in {where}",
    fix="remove it",
    why=(
        "Control characters and Unicode's line separators are invisible, end lines in some"
        " languages and not in others, and are never meant. Those that override the direction of"
        " text show it in another order than programs read it."
    ),
    example='svcgen: 1\ntypes:\n  A: {doc: "rings \\a bell", fields: {x: int32}}\n',
)

# What YAML 1.2 calls not printable, the line breaks of YAML 1.1 that it dropped, and what reorders.
_UNPRINTABLE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class _RefusedError(Exception):
    """Reading cannot go on; the finding is already in the report."""


def parse(source: Source, report: Report, most: int = MAX_DEPTH) -> Node | None:
    """The tree of a text, ``None`` where it has none; duplicate keys are reported and dropped.

    ``most`` is how many levels it may have.
    """
    import yaml

    if found := _unprintable(source.text):
        character = f"U+{ord(found.group()):04X}"
        span = source.span_at(found.start())
        report.add(CONTROL_CHARACTER, span, character=character, where="the file")
        return None
    events = _events(source.text)
    try:
        return _Builder(source.name, events, report, most).document()
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        span = Span.at(source.name, mark.line + 1, mark.column + 1) if mark else source.span_at(0)
        report.add(YAML_SYNTAX, span, problem=_wording(problem))
        return None


def _unprintable(text: str) -> re.Match[str] | None:
    """The first character that no definition may hold; hardly any text needs the slow search."""
    printable = text.replace("\n", "").replace("\t", "").isprintable()
    return None if printable else re.search(_UNPRINTABLE, text)


def _events(text: str) -> Iterator[Any]:
    """The events of PyYAML; from its C parser wherever PyYAML has been built with it."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    return events


def _wording(problem: Any) -> str:
    parts = [part for part in (problem.context, problem.problem) if part]
    return ": ".join(str(part) for part in parts) or "unknown problem"


class _Builder:
    """Recursive descent over events, of bounded depth."""

    def __init__(self, file: str, events: Iterator[Any], report: Report, most: int) -> None:
        self._file = file
        self._events = events
        self._report = report
        self._most = most
        self._depth = 0

    def document(self) -> Node | None:
        next(self._events)  # stream start
        start = next(self._events)
        if type(start).__name__ == "StreamEndEvent":
            return Mapping((), Span.at(self._file))
        if start.version or start.tags:
            self._refuse(start, "directives", "remove the lines that start with '%'")
        root = self._node(next(self._events))
        next(self._events)  # document end
        if type(after := next(self._events)).__name__ != "StreamEndEvent":
            self._refuse(after, "several documents", "keep one document a file")
        return root

    def _node(self, event: Any) -> Node:
        kind = type(event).__name__
        if kind == "AliasEvent":
            self._refuse(
                event, "aliases", "write the value out, or share it with a mixin or a type"
            )
        if event.anchor is not None:
            self._refuse(event, "anchors", "remove the anchor; share with a mixin or a type")
        if event.tag is not None:
            self._refuse(event, "tags", "remove the tag")
        if kind == "ScalarEvent":
            return self._text(event)
        self._depth += 1
        if self._depth > self._most:
            self._report.add(YAML_TOO_DEEP, self._span(event), most=self._most)
            raise _RefusedError
        node = self._mapping(event) if kind == "MappingStartEvent" else self._sequence(event)
        self._depth -= 1
        return node

    def _text(self, event: Any) -> Text:
        start, end = event.start_mark, event.end_mark
        one_line = start.line == end.line
        quote = 1 if event.style in ("'", '"') else 0
        block = event.style in ("|", ">")
        verbatim = one_line and end.column - start.column == len(event.value) + 2 * quote
        return Text(event.value, self._span(event), not event.style, verbatim and not block, quote)

    def _sequence(self, start: Any) -> Sequence:
        items: list[Node] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            items.append(self._node(event))
        return Sequence(tuple(items), self._span(start, event))

    def _mapping(self, start: Any) -> Mapping:
        entries: dict[str, Entry] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key = self._key(event)
            value = self._node(next(self._events))
            first = entries.setdefault(key.text, Entry(key, value))
            if first.key is not key:
                line = first.key.span.line
                self._report.add(DUPLICATE_KEY, key.span, key=key.text[:80], line=line)
        return Mapping(tuple(entries.values()), self._span(start, event))

    def _key(self, event: Any) -> Text:
        node = self._node(event)
        if not isinstance(node, Text):
            self._refuse(event, "keys that are no scalars", "write a plain word before the colon")
        if node.plain and node.text == "<<":
            self._refuse(event, "merge keys", "share fields with 'mixins:'")
        return node

    def _refuse(self, event: Any, feature: str, instead: str) -> NoReturn:
        self._report.add(YAML_FEATURE, self._span(event), feature=feature, instead=instead)
        raise _RefusedError

    def _span(self, event: Any, end: Any = None) -> Span:
        """The event's own span; of a block collection, which has no brackets, its first place."""
        start = event.start_mark
        line, column = start.line + 1, start.column + 1
        if end is None:
            stop = event.end_mark
        elif getattr(event, "flow_style", None):
            stop = end.end_mark
        else:
            return Span.at(self._file, line, column)
        if (stop.line, stop.column) <= (start.line, start.column):
            return Span.at(self._file, line, column)
        return Span(self._file, line, column, stop.line + 1, stop.column + 1)
