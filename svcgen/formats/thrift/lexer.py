"""The tokens of a .thrift file, as Apache's scanner finds them (``thriftl.ll``)."""

from __future__ import annotations

import re
from enum import IntEnum

from svcgen.formats.source import Source
from svcgen.formats.tokens import SyntaxProblem, Tokens, split

_PAIR = re.compile(
    r"([ \t\n\r]*(?:(?://[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z))[ \t\n\r]*)*)"
    r"([eE][+-][0-9]+"
    r"|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*"
    r"|[+-]?(?:0x[0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|[+-](?:[eE][+-]?[0-9]+)?"
    r'|"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'"
    r"|[^ \t\n\r]|\Z)",
    re.DOTALL,
)
"""White space and comments, then a token; the last token is empty."""

_INTEGER = re.compile(r"[+-]?[0-9]+|[+-]?0x[0-9A-Fa-f]+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = {"r": "\r", "n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_MOST_DIGITS = 19  # of a number of 64 bits
_SYMBOLS = frozenset(":;,{}()=<>[]*&")

KEYWORDS = frozenset(
    "namespace cpp_include cpp_type xsd_all xsd_optional xsd_nillable xsd_attrs include void bool "
    "byte i8 i16 i32 i64 double string binary map list set oneway typedef struct union exception "
    "extends throws service enum const required optional async".split()
)
_GONE = {
    **{
        f"{word}_namespace": f"namespace {word}" for word in ("cpp", "delphi", "php", "ruby", "xsd")
    },
    "java_package": "namespace java",
    "py_module": "namespace py",
    "perl_package": "namespace perl",
    "smalltalk_category": "namespace st",
    "smalltalk_prefix": "namespace st",
    "slist": "string",
    "senum": "string",
}
"""Words that the language had once, and what it has in their place."""


class Kind(IntEnum):
    SYMBOL = 0  # and the end of the file
    KEYWORD = 1
    NAME = 2  # with dots in it perhaps
    INTEGER = 3
    DOUBLE = 4
    STRING = 5
    WRONG = 6


def tokenize(source: Source) -> Tokens:
    """The tokens of a text. It never fails: :func:`flaw` finds what cannot be a token."""
    return split(source, _PAIR)


def kind_of(text: str) -> Kind:
    """What a token is."""
    first = text[:1]
    if first in _SYMBOLS or not first:
        return Kind.SYMBOL
    if first in "\"'":
        return Kind.WRONG if _string_complaint(text) else Kind.STRING
    if text in ("true", "false"):
        return Kind.INTEGER
    if not first.isascii():
        return Kind.WRONG
    if first.isdigit() or first in "+-." or (text[1:2] in "+-" and len(text) > 2):
        return _number(text)
    if not (first.isalpha() or first == "_") or text in _GONE:
        return Kind.WRONG
    return Kind.KEYWORD if text in KEYWORDS else Kind.NAME


def _number(text: str) -> Kind:
    if not _INTEGER.fullmatch(text):
        return Kind.WRONG if text == "." else Kind.DOUBLE
    return Kind.INTEGER if integer(text) is not None else Kind.WRONG


def integer(text: str) -> int | None:
    """The value of an integer token; ``None`` if it needs more than 64 bits."""
    if text.isdigit() and len(text) < _MOST_DIGITS:
        return int(text)
    if text in ("true", "false"):
        return int(text == "true")
    digits = text.lstrip("+-")
    base = 16 if digits.startswith("0x") else 10
    digits = digits.removeprefix("0x").lstrip("0") or "0"
    size = int(digits, base) if len(digits) <= _MOST_DIGITS else 2**64
    negative = text[0] == "-"
    if size >= 2**63 and not (size == 2**63 and negative and base == 10):
        return None
    return -size if negative else size


def double(text: str) -> float:
    """The value of a double token, which may be a sign alone."""
    head = text if any(char.isdigit() for char in re.split("[eE]", text)[0]) else ""
    return float(head) if head else 0.0


def unquote(text: str) -> str:
    """The text that a string literal stands for."""
    body = text[1:-1]
    return _ESCAPE.sub(lambda match: _PLAIN[match[1]], body) if "\\" in body else body


def flaw(tokens: Tokens, kinds: dict[str, Kind]) -> SyntaxProblem | None:
    """The first token that is none."""
    texts = tokens.texts
    wrong = [text for text, kind in kinds.items() if kind is Kind.WRONG]
    places = [SyntaxProblem(texts.index(text), _complaint(text)) for text in wrong]
    if _is_open(tokens.gaps[-1]):
        places.append(SyntaxProblem(len(texts) - 1, "the block comment does not end"))
    return min(places, key=lambda p: p.at, default=None)


def _complaint(text: str) -> str:
    if text in _GONE:
        return f"{text!r} is no longer part of Thrift; write {_GONE[text]!r}"
    if text[0] in "\"'":
        return _string_complaint(text)
    if _INTEGER.fullmatch(text):
        return f"{text} needs more than 64 bits"
    return f"the character {text!r} may stand only in strings and comments"


def _string_complaint(text: str) -> str:
    if len(text) == 1:
        return "the string does not end on its line"
    unknown = (match[0] for match in _ESCAPE.finditer(text) if match[1] not in _PLAIN)
    wrong = next(unknown, "")
    return f"{wrong!r} is no escape sequence" if wrong else ""


_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*(?:(.*?)(\*/|\Z))", re.DOTALL)


def _is_open(gap: str) -> bool:
    """Does the last comment of a gap lack its end?"""
    return any(match[1] is not None and not match[2] for match in _COMMENT.finditer(gap))


def last_doc(gap: str) -> str | None:
    """What is inside of the last documentation comment of a gap, ``/** … */``, if there is one."""
    return next(reversed(docs(gap)), None)


def docs(gap: str) -> list[str]:
    """What is inside of the documentation comments of a gap. ``/**/`` and ``/***/`` are none."""
    bodies = (match[1] for match in _COMMENT.finditer(gap) if match[1])
    return [body[1:] for body in bodies if body[0] == "*" and body.strip("*")]
