"""The tokens of a .proto file."""

from __future__ import annotations

import re

from svcgen.formats.source import Source
from svcgen.formats.tokens import SyntaxProblem, Tokens, split

_PAIR = re.compile(
    r"([ \t\n\r\v\f]*(?:(?://[^\n]*|/\*.*?\*/)[ \t\n\r\v\f]*)*)"
    r"([A-Za-z_][A-Za-z0-9_]*"
    r"|0[xX][0-9A-Za-z_.]*"
    r"|\.?[0-9](?:[0-9A-DF-Za-df-z_.]|[eE][+-]?)*"
    r'|"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'"
    r"|[^ \t\n\r\v\f]|\Z)",
    re.DOTALL,
)
"""White space and comments, then a token; the last token is empty."""

INTEGER = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")
FLOAT = re.compile(
    r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?'\"])|([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})"
    r"|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|(.))",
    re.DOTALL,
)
_PLAIN_WORD = re.compile(r"""[A-Za-z_]\w*|"[^"\\\n]+"|[{}=;,.]""", re.ASCII).fullmatch
"""What can have no flaw, so that most tokens need no closer look."""
_PLAIN = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_SYMBOL_ENDS = frozenset("0123456789.\"'")


def tokenize(source: Source) -> Tokens:
    """The tokens of a text. It never fails: :func:`flaw` finds what cannot be a token."""
    return split(source, _PAIR)


def flaw(tokens: Tokens) -> SyntaxProblem | None:
    """The first token that is none."""
    texts = tokens.texts
    different = {text for text in set(texts) if not _PLAIN_WORD(text)}
    bad = {text: why for text in different if (why := _complaint(text))}
    places = [SyntaxProblem(texts.index(text), why) for text, why in bad.items()]
    places += _comment_flaws(tokens)
    if any(text[:1] == "." and len(text) > 1 for text in different):
        places += _clinging_numbers(tokens)
    return min(places, key=lambda p: p.at, default=None)


def _clinging_numbers(tokens: Tokens) -> list[SyntaxProblem]:
    """Fractions such as ``.5`` directly behind a name."""
    return [
        SyntaxProblem(i, "there must be a space between the name and the number")
        for i, text in enumerate(tokens.texts)
        if text[:1] == "." and len(text) > 1 and not tokens.gaps[i]
        if _is_name(tokens.texts[i - 1])
    ]


def _is_name(text: str) -> bool:
    return text[:1].isalpha() or text[:1] == "_"


def _complaint(text: str) -> str:
    """Why a token is none; empty if it is one."""
    first = text[:1]
    if first.isascii() and (first.isalpha() or first in "_"):
        return ""
    if len(text) == 1 and first in "\"'":
        return "the string does not end on its line"
    if first in "\"'" and "\\" in text:
        return _escape_complaint(text)
    if first in _SYMBOL_ENDS and text != "." and first not in "\"'":
        fine = INTEGER.fullmatch(text) or FLOAT.fullmatch(text)
        return "" if fine else f"{text!r} is no number"
    if first not in "\"'" and not (first.isascii() and first.isprintable()):
        return f"the character {text!r} may stand only in strings and comments"
    return ""


def _escape_complaint(text: str) -> str:
    unknown = (match[0] for match in _ESCAPE.finditer(text) if match[6] is not None)
    wrong = next(unknown, "")
    return f"{wrong!r} is no escape sequence" if wrong else ""


def _comment_flaws(tokens: Tokens) -> list[SyntaxProblem]:
    """Comments that do not end, and comments that seem to hold another."""
    text = tokens.source.text
    if "/*" not in text:
        return []
    found = []
    for i, gap in enumerate(tokens.gaps):
        if "/*" in gap and _is_nested(gap):
            found.append(SyntaxProblem(i, "a block comment holds '/*'; comments do not nest"))
            break
    starts = (
        i
        for i, t in enumerate(tokens.texts)
        if t == "/" and text.startswith("/*", tokens.offsets[i])
    )
    found += [SyntaxProblem(i, "the block comment does not end") for i in starts]
    return found[:2]


_COMMENT = re.compile(r"//[^\n]*|/\*(.*?)\*/", re.DOTALL)


def _is_nested(gap: str) -> bool:
    return any("/*" in (match[1] or "") for match in _COMMENT.finditer(gap))


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
