"""The tokens of a text as parallel lists, and walking over them: for readers with a parser of their own.

Positions are computed only when asked for.
"""

from __future__ import annotations

from itertools import accumulate, chain
from re import Pattern
from typing import NoReturn

from svcgen.diagnostics import Span
from svcgen.formats.source import Source
from svcgen.frozen import frozen


class SyntaxProblem(Exception):
    """The text is wrong at ``at``, as the parser counts; it stops at the first such place."""

    def __init__(self, at: int, problem: str) -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem


@frozen
class Tokens:
    """Token ``i`` is ``texts[i]``, ``gaps[i]`` is what stands before it. The last one is empty."""

    source: Source
    texts: list[str]
    gaps: list[str]
    offsets: list[int]

    def span(self, at: int) -> Span:
        return self.source.span_at(self.offsets[at], len(self.texts[at]) or 1)


def split(source: Source, pair: Pattern[str]) -> Tokens:
    """The tokens of a text. ``pair`` matches a gap and a token, at the end an empty one."""
    pairs: list[tuple[str, str]] = pair.findall(source.text)
    if len(pairs) > 1 and pairs[-1] == ("", "") and pairs[-2][1] == "":
        pairs.pop()
    ends = list(accumulate(map(len, chain.from_iterable(pairs))))
    gaps, texts = zip(*pairs, strict=True)
    return Tokens(source, [*texts], [*gaps], ends[0::2])


class Standing:
    """What all readers of tokens have: the place ``i`` where they stand, and the token there."""

    i: int

    @property
    def text(self) -> str:
        """The token that comes next; empty at the end."""
        raise NotImplementedError

    def fail(self, problem: str, at: int | None = None) -> NoReturn:
        raise SyntaxProblem(self.i if at is None else at, problem)

    def shown(self) -> str:
        """The next token as messages show it."""
        return repr(self.text) if self.text else "the end of the file"


class Walker(Standing):
    """``i`` is the index of the token that comes next."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.texts = tokens.texts
        self.i = 0

    @property
    def text(self) -> str:
        return self.texts[self.i]

    def accept(self, text: str) -> bool:
        """Step over ``text`` if it comes next."""
        if self.texts[self.i] == text:
            self.i += 1
            return True
        return False

    def expect(self, text: str, where: str = "") -> int:
        """Step over ``text`` and return where it was."""
        if self.texts[self.i] != text:
            self.fail(f"there should be {text!r}{where}, not {self.shown()}")
        self.i += 1
        return self.i - 1
