"""A name is words, not a string: parsed once, spelled by each language and format in its own way."""

from __future__ import annotations

import functools
import re

from svcgen.frozen import frozen

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")


@frozen
class Name:
    """``Name.parse("bookID")``: wire ``"bookID"``, words ``("book", "id")``."""

    wire: str
    """As the definition writes it; what JSON shows."""
    words: tuple[str, ...]
    """Lower-case words; digits cling to the word before them. At least one."""

    @classmethod
    @functools.cache
    def parse(cls, text: str) -> Name:
        letters = text.replace("_", "")
        if letters.isascii() and letters.isalpha() and (letters.islower() or letters.isupper()):
            return cls(text, tuple([word for word in text.lower().split("_") if word]))
        words: list[str] = []
        for word in _WORD.findall(text):
            if words and word.isdigit():
                words[-1] += word
            else:
                words.append(word.lower())
        return cls(text, tuple(words) or (text,))

    @property
    def snake(self) -> str:
        return "_".join(self.words)

    @property
    def kebab(self) -> str:
        return "-".join(self.words)

    @property
    def pascal(self) -> str:
        return "".join([word[:1].upper() + word[1:] for word in self.words])

    @property
    def camel(self) -> str:
        pascal = self.pascal
        return pascal[:1].lower() + pascal[1:]

    @property
    def constant(self) -> str:
        return self.snake.upper()

    def __str__(self) -> str:
        return self.wire
