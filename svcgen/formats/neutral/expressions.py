"""Type expressions: ``list<int32|null>``, ``map<string, User>``, ``stream Event``, ``string?``.

payload  = ["stream"] type
field    = type ["?"]
type     = base ["|" "null"]
base     = scalar | name | ("list" | "set") "<" type ">" | "map" "<" type "," type ">"
name     = ["."] word

With the dot a word names a declared type, also where it is one of the language: ``.date``.
"""

from __future__ import annotations

import re

from svcgen.diagnostics import Report, Rule, Span, did_you_mean
from svcgen.formats.neutral.section import wrong_kind
from svcgen.formats.neutral.tree import Node, Text, is_null
from svcgen.model.service import Payload
from svcgen.model.types import (
    ListOf,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    TypeRef,
)

TYPE_SYNTAX = Rule(
    code="type-syntax",
    message="{problem} in the type {text!r}{hint}",
    fix="write a type such as int32, User, list<string>, map<string, User>, string? or string|null",
    why=(
        "Types are written as a scalar, a name, list<T>, set<T> or map<K, V>; '|null' makes a"
        " value nullable, a '?' at the end of a field's type makes the field optional, and"
        " 'stream T' is for the input and output of a method."
    ),
    example="svcgen: 1\ntypes:\n  A: {x: 'list<int32'}\n",
)

_TOKEN = re.compile(r"\.?\w+|\S")
_MAX_DEPTH = 32
_NAME = re.compile(r"[^\W\d]\w*")
_CONTAINERS = ("list", "set", "map")
_SCALARS = {scalar.value: scalar for scalar in Scalar}


def read_type(node: Node, report: Report, what: str) -> TypeRef | None:
    """A plain type, or ``None`` with a finding."""
    if plain := _one_word(node):
        return plain
    parser = _parser(node, report, what)
    ref = parser.type() if parser else None
    return ref if parser and parser.at_end() else None


def read_field_type(node: Node, report: Report, what: str) -> tuple[TypeRef, bool] | None:
    """A type and whether a ``?`` makes the field optional, or ``None`` with a finding."""
    if plain := _one_word(node):
        return plain, False
    parser = _parser(node, report, what)
    ref = parser.type() if parser else None
    optional = bool(parser and parser.take("?"))
    return (ref, optional) if ref and parser and parser.at_end() else None


def read_payload(node: Node, report: Report, what: str) -> Payload | None:
    """What flows in one direction, or ``None`` with a finding."""
    parser = _parser(node, report, what)
    stream = bool(parser and parser.take_stream())
    ref = parser.type() if parser else None
    return Payload(ref, stream) if ref and parser and parser.at_end() else None


def _one_word(node: Node) -> TypeRef | None:
    """The type of a scalar that is one word, as most are; ``None`` leaves it to the parser."""
    if not isinstance(node, Text) or not _NAME.fullmatch(node.text) or is_null(node):
        return None
    scalar = _SCALARS.get(node.text)
    if scalar is not None:
        return ScalarRef(scalar, node.span_at(0, len(node.text)))
    if node.text in _CONTAINERS:
        return None
    return NamedRef(node.text, node.span_at(0, len(node.text)))


def _parser(node: Node, report: Report, what: str) -> _Parser | None:
    if isinstance(node, Text) and not is_null(node):
        return _Parser(node, report)
    wrong_kind(report, node, what, "a type")
    return None


class _Parser:
    """Recursive descent over one scalar. After the first finding nothing more is reported."""

    def __init__(self, node: Text, report: Report) -> None:
        self._node = node
        self._report = report
        self._tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(node.text)]
        self._next = 0
        self._depth = 0
        self._failed = False

    def at_end(self) -> bool:
        """Whether all was read without a finding; anything left over is one."""
        if self._next < len(self._tokens):
            self._fail(f"unexpected {self._seen()}")
        return not self._failed

    def take(self, token: str) -> bool:
        if self._failed or self._peek() != token:
            return False
        self._next += 1
        return True

    def take_stream(self) -> bool:
        """Whether the word ``stream`` is there as such, not as the name of a type."""
        return len(self._tokens) > 1 and _is_word(self._tokens[1][0]) and self.take("stream")

    def type(self) -> TypeRef | None:
        ref = self._base()
        if ref is None or not self.take("|"):
            return ref
        if not self.take("null"):
            self._fail(f"{self._seen()} after '|', where only null can stand")
            return None
        return NullableOf(ref, ref.span)

    def _base(self) -> TypeRef | None:
        start = self._next
        word = self._peek()
        if not _is_word(word):
            self._fail(f"{self._seen()} where a type has to be")
            return None
        self._next += 1
        if self._peek() == "<":
            return self._container(word, start)
        if word in _CONTAINERS:
            self._fail(f"{word} without <...>")
            return None
        span = self._span(start)
        scalar = _SCALARS.get(word)
        return NamedRef(word.removeprefix("."), span) if scalar is None else ScalarRef(scalar, span)

    def _container(self, word: str, start: int) -> TypeRef | None:
        if word not in _CONTAINERS:
            self._next = start
            self._fail(f"{word!r} cannot have <...>", did_you_mean(word, _CONTAINERS))
            return None
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._fail(f"more than {_MAX_DEPTH} levels of <...>")
            return None
        self._expect("<")
        item = self.type()
        value = self.type() if word == "map" and self._expect(",") else item
        self._expect(">")
        self._depth -= 1
        if item is None or value is None or self._failed:
            return None
        span = self._span(start)
        if word == "map":
            return MapOf(item, value, span)
        return ListOf(item, span) if word == "list" else SetOf(item, span)

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _seen(self) -> str:
        return repr(self._peek()[:80]) if self._next < len(self._tokens) else "nothing"

    def _expect(self, token: str) -> bool:
        found = self.take(token)
        if not found:
            self._fail(f"{self._seen()} where {token!r} has to be")
        return found

    def _span(self, start: int) -> Span:
        """The place of the tokens from ``start`` to the last one taken."""
        offset = self._tokens[start][1]
        word, last = self._tokens[max(self._next - 1, start)]
        return self._node.span_at(offset, last + len(word) - offset)

    def _fail(self, problem: str, hint: str = "") -> None:
        """Report the problem at the next token and give up."""
        if not self._failed:
            offset = self._tokens[self._next][1] if self._next < len(self._tokens) else None
            length = len(self._peek())
            place = len(self._node.text) if offset is None else offset
            span = self._node.span_at(place, length)
            shown = self._node.text if len(self._node.text) <= 80 else self._node.text[:77] + "..."
            self._report.add(TYPE_SYNTAX, span, problem=problem, text=shown, hint=hint)
        self._failed = True


def _is_word(token: str) -> bool:
    first = token.removeprefix(".")[:1]
    return first.isalpha() or first == "_"
