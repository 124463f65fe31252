"""What a .proto keeps of a definition in custom options, which ``svcgen/annotations.proto`` defines.

They hold each declaration as the definition language writes it, for the reader to give back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from svcgen.formats.protobuf import ANNOTATIONS
from svcgen.formats.protobuf.shape import ProtoFile

OPTIONS = "x-protobuf-options"
"""The annotation that keeps the options for which the model has no word."""

EXTENSIONS = "x-protobuf-extensions"
"""The annotation that keeps the options that a file declares."""

KINDS = ("file", "message", "enum", "service", "method")
OPTION_NAMES = frozenset(f"(svcgen.{kind}_definition)" for kind in KINDS)
"""Of options, as the reader knows them by."""


class Keeper:
    """Gives the options that keep the texts of ``kept``; none at all where it is empty."""

    def __init__(self, kept: Mapping[str, str], file: ProtoFile) -> None:
        self._kept = kept
        self._dot = "." if "svcgen" in file.heads else ""

    def options(self, kind: str, key: str, made: str = "") -> tuple[str, ...]:
        """The statement for a declaration, if it needs one.

        Without a key it has none in the definition, but is ``made`` for the form.
        """
        if not self._kept:
            return ()
        text = self._kept.get(f"made/{made}", "{}") if made and not key else self._kept.get(key)
        if text is None:
            return ()
        return (f"option ({self._dot}svcgen.{kind}_definition) = {quote(text)};",)

    def files(self) -> dict[str, str]:
        """What must lie beside the file."""
        return {ANNOTATIONS: _annotations()} if self._kept else {}


@cache
def _annotations() -> str:
    return (Path(__file__).parent / "include" / ANNOTATIONS).read_text(encoding="utf-8")


def quote(text: str) -> str:
    """A string literal of protobuf; what is not printable ASCII in octal bytes."""
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isascii() and not char.isprintable():
        return f"\\{ord(char):03o}"
    return char
