"""Walks over tokens: what parsers of declarations, literals and options have in common."""

from __future__ import annotations

from svcgen.formats.protobuf.lexer import FLOAT, INTEGER, unquote
from svcgen.formats.tokens import Walker

MAX_INT = 2**31 - 1
MAX_UINT64 = 2**64 - 1
_SMALL = {str(number): number for number in range(1000)}
"""Most numbers of a file, which need no closer look."""
_QUOTES = frozenset({'"', "'"})
WIDEST = 800
"""Digits of the longest number that is looked at; floats are no longer than this."""


def is_name(text: str) -> bool:
    """Is the token an identifier?"""
    return text.isidentifier()


def integer(text: str) -> int:
    """The value of an integer token, decimal, octal or hexadecimal."""
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    if text[0] == "0":
        return int(text, 8)
    return int(text[:WIDEST])


class Cursor(Walker):
    """Reads names and literals."""

    def name(self, what: str) -> str:
        text = self.texts[self.i]
        if not text.isidentifier():
            self.fail(f"there should be {what}, not {self.shown()}")
        self.i += 1
        return text

    def full_name(self, what: str) -> str:
        """Names with dots between them."""
        found = self.name(what)
        while self.texts[self.i] == ".":
            self.i += 1
            found += "." + self.name("a name after the dot")
        return found

    def type_name(self) -> str:
        """A full name that may begin with a dot."""
        dot = "." if self.accept(".") else ""
        return dot + self.full_name("a type")

    def integer(self, what: str, limit: int = MAX_INT) -> int:
        text = self.texts[self.i]
        if text in _SMALL:
            self.i += 1
            return _SMALL[text]
        if not INTEGER.fullmatch(text):
            self.fail(f"there should be {what}, not {self.shown()}")
        value = integer(text)
        if value > limit:
            self.fail(f"{text} is larger than {limit}")
        self.i += 1
        return value

    def signed(self, what: str) -> int:
        """An integer of 32 bits, a minus before it perhaps."""
        if self.accept("-"):
            return -self.integer(what, MAX_INT + 1)
        return self.integer(what)

    def number(self, what: str) -> float:
        """A number of any kind, without a sign."""
        text = self.texts[self.i]
        if text in ("inf", "nan"):
            self.i += 1
            return float(text)
        if INTEGER.fullmatch(text):
            self.i += 1
            return _float(integer(text))
        if not FLOAT.fullmatch(text):
            self.fail(f"there should be {what}, not {self.shown()}")
        self.i += 1
        return float(text)

    def string(self, what: str) -> bytes:
        """String literals side by side are one."""
        if self.texts[self.i][:1] not in _QUOTES:
            self.fail(f"there should be {what}, not {self.shown()}")
        found = unquote(self.texts[self.i])
        self.i += 1
        while self.texts[self.i][:1] in _QUOTES:
            found += unquote(self.texts[self.i])
            self.i += 1
        return found


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
