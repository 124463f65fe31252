"""What a WSDL holds, as far as it matters whether somebody has edited it.

A definition that it carries stands in an element of svcgen's namespace, right in the root. Document
types are refused, and with them entities: no WSDL needs any.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from svcgen.formats import KEPT
from svcgen.formats.carried import digest
from svcgen.formats.wsdl.attributes import NAMESPACE
from svcgen.frozen import frozen

_BETWEEN = " "  # a namespace and a name
_OWN = f"{NAMESPACE}{_BETWEEN}{KEPT}"


@frozen
class Found:
    """A definition in an element of the root, and where that begins."""

    line: int
    column: int
    attributes: Mapping[str, str]
    text: str


class RefusedError(Exception):
    """What no WSDL needs."""


class Document:
    """What a document carries, and the mark of all else."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self._said: list[str] = []
        self._text: list[str] = []
        self._depth = 0
        self._parser = parser = expat.ParserCreate("utf-8", _BETWEEN)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    @property
    def place(self) -> tuple[int, int]:
        """The line and the column at which the parser is."""
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    @property
    def mark(self) -> str:
        return digest("\n".join(self._said))

    def parse(self, text: str) -> None:
        self._parser.Parse(text.encode(), True)

    def _refuse(self, *declared: object) -> None:
        raise RefusedError("it has a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._depth += 1
        if self._is_own(name):
            self.found.append(Found(*self.place, attributes, ""))
        else:
            self._said += [f"<{name}", *(f"{k}={v!r}" for k, v in sorted(attributes.items()))]

    def _end(self, name: str) -> None:
        if self._is_own(name):
            started = self.found.pop()
            text = "".join(self._text)
            self.found.append(Found(started.line, started.column, started.attributes, text))
            self._text.clear()
        else:
            self._flush()
            self._said.append(f"{name}>")
        self._depth -= 1

    def _is_own(self, name: str) -> bool:
        """Whether it is the element of the root that holds a definition."""
        return self._depth == 2 and name == _OWN

    def _flush(self) -> None:
        """Note the text between two tags, but for its layout."""
        if text := "".join(self._text).strip():
            self._said.append(repr(text))
        self._text.clear()
