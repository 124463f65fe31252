"""The tokens of a .proto file, one at a time: what stands at a place of its text."""

from __future__ import annotations

import re

from svcgen.diagnostics import Span
from svcgen.formats.source import Source
from svcgen.formats.tokens import SyntaxProblem

GAP = r"(?>[ \t\n\r\v\f]*(?:(?://[^\n]*|/\*.*?\*/)[ \t\n\r\v\f]*)*)"
"""White space and comments, never less of them than there are."""

_NUMBER = r"0[xX][0-9A-Za-z_.]*|\.?[0-9](?:[0-9A-DF-Za-df-z_.]|[eE][+-]?)*"
_STRING = r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"' r"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'"
TOKEN = re.compile(
    GAP + r'(?:([A-Za-z_][A-Za-z0-9_]*|"[^"\\\n]*"|[{}=;,()\[\]<>:]|\.(?![0-9])|\Z)'
    rf"|({_NUMBER}|{_STRING}|[^ \t\n\r\v\f]))",
    re.DOTALL,
)
"""A gap, then a token: one that can have no flaw, or another; empty at the end of the text."""

INTEGER = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")
FLOAT = re.compile(
    r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?'\"])|([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})"
    r"|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|(.))",
    re.DOTALL,
)
_PLAIN = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_SYMBOL_ENDS = frozenset("0123456789.\"'")
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*(?:\n[ \t]*//[^\n]*)*|/\*(.*?)\*/", re.DOTALL)
_AFTER_GAP = re.compile(GAP, re.DOTALL)


class Tokens:
    """The text of a file; a place in it is an offset, that of a token where it begins."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def span(self, at: int) -> Span:
        """The place of the token that begins at ``at``."""
        match = TOKEN.match(self.source.text, at)
        length = match.end() - at if match is not None else 0
        return self.source.span_on_line(at, length or 1)

    def gap(self, start: int) -> str:
        """What stands before the next token, behind one that ends at ``start``."""
        return self.source.text[start : self.next(start)]

    def next(self, start: int) -> int:
        """Where the next token begins."""
        match = _AFTER_GAP.match(self.source.text, start)
        return match.end() if match is not None else start


def flaw(text: str, token: str, at: int, is_behind: bool) -> SyntaxProblem | None:
    """Why what stands at ``at`` is no token, if so; ``is_behind`` another without a gap."""
    problem = _complaint(token)
    if token == "/" and text.startswith("/*", at):
        problem = "the block comment does not end"
    elif token[:1] == "." and is_behind and (text[at - 1].isalnum() or text[at - 1] == "_"):
        problem = problem or "there must be a space between the name and the number"
    return SyntaxProblem(at, problem) if problem else None


def _complaint(token: str) -> str:
    first = token[:1]
    if len(token) == 1 and first in "\"'":
        return "the string does not end on its line"
    if first in "\"'":
        return _escape_complaint(token) if "\\" in token else ""
    if first in _SYMBOL_ENDS:
        fine = INTEGER.fullmatch(token) or FLOAT.fullmatch(token)
        return "" if fine else f"{token!r} is no number"
    if not (first.isascii() and first.isprintable()):
        return f"the character {token!r} may stand only in strings and comments"
    return ""


def _escape_complaint(token: str) -> str:
    unknown = (match[0] for match in _ESCAPE.finditer(token) if match[6] is not None)
    wrong = next(unknown, "")
    return f"{wrong!r} is no escape sequence" if wrong else ""


def nested_comment(tokens: Tokens) -> SyntaxProblem | None:
    """The first block comment that seems to hold another, as a flaw of the token behind it."""
    text = tokens.source.text
    if not _seems_nested(text):
        return None
    for match in _COMMENT.finditer(text):
        if "/*" in (match[1] or ""):
            problem = "a block comment holds '/*'; comments do not nest"
            return SyntaxProblem(tokens.next(match.end()), problem)
    return None


def _seems_nested(text: str) -> bool:
    """Quickly whether ``/*`` follows another without ``*/`` between them, be it in strings."""
    if "/*" not in text:
        return False
    return "/*/" in text or any(part.count("/*") > 1 for part in text.split("*/"))


def unquote(text: str) -> bytes:
    """The bytes that a string literal stands for."""
    body = text[1:-1]
    if "\\" not in body:
        return body.encode()
    found: list[bytes] = []
    end = 0
    for match in _ESCAPE.finditer(body):
        found.append(body[end : match.start()].encode())
        found.append(_escaped(match))
        end = match.end()
    found.append(body[end:].encode())
    return b"".join(found)


def _escaped(match: re.Match[str]) -> bytes:
    plain, octal, hexa, short, long, _ = match.groups()
    if plain:
        return bytes([_PLAIN.get(plain, ord(plain))])
    if octal or hexa:
        return bytes([int(octal, 8) & 255 if octal else int(hexa, 16)])
    return chr(int(short or long or "0", 16)).encode("utf-8", "surrogatepass")
