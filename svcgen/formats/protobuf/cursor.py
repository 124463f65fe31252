"""Walks over a text: what parsers of declarations, literals and options have in common."""

from __future__ import annotations

from svcgen.formats.protobuf.lexer import FLOAT, INTEGER, TOKEN, Tokens, flaw, unquote
from svcgen.formats.tokens import Standing

MAX_INT = 2**31 - 1
MAX_UINT64 = 2**64 - 1
_SMALL = {str(number): number for number in range(1000)}
"""Most numbers of a file, which need no closer look."""
_QUOTES = frozenset({'"', "'"})
_MARKS = frozenset("{}=;,()[]<>:")
"""Tokens of one character, which begin no other."""
WIDEST = 800
"""Digits of the longest number that is looked at; floats are no longer than this."""


def integer(text: str) -> int:
    """The value of an integer token, decimal, octal or hexadecimal."""
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    if text[0] == "0":
        return int(text, 8)
    return int(text[:WIDEST])


class Cursor(Standing):
    """Reads names and literals.

    ``ended`` is where the token before ended. A whole statement that a pattern knows is read from
    there, and sets nothing else; all others are read token by token: after :meth:`look`, which must
    come first, ``text`` is the token that comes next and ``i`` its place.
    """

    text = ""

    def __init__(self, tokens: Tokens, at: int = 0) -> None:
        self.tokens = tokens
        self.whole = tokens.source.text
        self.ended = at
        self.look()

    def look(self) -> None:
        """See which token comes next. Raises :class:`SyntaxProblem` if it is none."""
        text = self.whole[self.ended : self.ended + 1]
        if text in _MARKS:
            self.text, self.i = text, self.ended
            return
        match = TOKEN.match(self.whole, self.ended)
        assert match is not None
        kind = match.lastindex or 0
        self.text = match[kind]
        self.i = match.start(kind)
        if kind == 2:
            wrong = flaw(self.whole, self.text, self.i, self.i == self.ended > 0)
            if wrong is not None:
                raise wrong

    def step(self) -> None:
        """Step over the next token."""
        self.ended = self.i + len(self.text)
        self.look()

    def second(self) -> str:
        """The token behind the next one."""
        match = TOKEN.match(self.whole, self.i + len(self.text))
        assert match is not None
        return match[match.lastindex or 0]

    def accept(self, text: str) -> bool:
        """Step over ``text`` if it comes next."""
        if self.text != text:
            return False
        self.step()
        return True

    def expect(self, text: str, where: str = "") -> int:
        """Step over ``text`` and return where it was."""
        if self.text != text:
            self.fail(f"there should be {text!r}{where}, not {self.shown()}")
        at = self.i
        self.step()
        return at

    def end(self, text: str) -> int:
        """Read what ends a declaration or its head, nothing behind it, and return where it was."""
        if self.text != text:
            self.expect(text)
        self.ended = self.i + 1
        return self.i

    def name(self, what: str) -> str:
        text = self.text
        if not text.isidentifier():
            self.fail(f"there should be {what}, not {self.shown()}")
        self.step()
        return text

    def full_name(self, what: str) -> str:
        """Names with dots between them."""
        found = self.name(what)
        while self.accept("."):
            found += "." + self.name("a name after the dot")
        return found

    def type_name(self) -> str:
        """A full name that may begin with a dot."""
        dot = "." if self.accept(".") else ""
        return dot + self.full_name("a type")

    def integer(self, what: str, limit: int = MAX_INT) -> int:
        text = self.text
        if text in _SMALL:
            self.step()
            return _SMALL[text]
        if not INTEGER.fullmatch(text):
            self.fail(f"there should be {what}, not {self.shown()}")
        value = integer(text)
        if value > limit:
            self.fail(f"{text} is larger than {limit}")
        self.step()
        return value

    def signed(self, what: str) -> int:
        """An integer of 32 bits, a minus before it perhaps."""
        if self.accept("-"):
            return -self.integer(what, MAX_INT + 1)
        return self.integer(what)

    def number(self, what: str) -> float:
        """A number of any kind, without a sign."""
        text = self.text
        if text in ("inf", "nan"):
            self.step()
            return float(text)
        if INTEGER.fullmatch(text):
            self.step()
            return _float(integer(text))
        if not FLOAT.fullmatch(text):
            self.fail(f"there should be {what}, not {self.shown()}")
        self.step()
        return float(text)

    def string(self, what: str) -> bytes:
        """String literals side by side are one."""
        if self.text[:1] not in _QUOTES:
            self.fail(f"there should be {what}, not {self.shown()}")
        found = unquote(self.text)
        self.step()
        while self.text[:1] in _QUOTES:
            found += unquote(self.text)
            self.step()
        return found


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
