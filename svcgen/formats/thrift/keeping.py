"""What a .thrift keeps of a definition: the annotation ``svcgen`` on declarations.

It holds each as the definition language writes it, for the reader to give back. That of the whole
file is on a namespace of a generator which has no use for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from svcgen.formats import former_path
from svcgen.formats.thrift.annotations import DEFINITION

SCOPE, NAME = "json", "svcgen"
"""The namespace that is there for its annotation only."""


_OF_FILE = re.compile(rf'(?m)^namespace {SCOPE} {NAME} \({DEFINITION} = "((?:[^"\\\n]|\\.)*)"')


def former_path_of(path: Path) -> str:
    """Where a file was before it became .thrift; empty where it does not say so."""
    found = _OF_FILE.search(path.read_text(encoding="utf-8", errors="replace"))
    return former_path(re.sub(r"\\(.)", r"\1", found[1])) if found else ""


class Keeper:
    """Gives the annotations that keep the texts of ``kept``; none at all where it is empty."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept

    @property
    def is_empty(self) -> bool:
        return not self._kept

    def annotation(self, key: str, made: str = "") -> Iterator[tuple[str, str]]:
        """That of a declaration, with its value as a literal, if the declaration needs one.

        Without a key it has none in the definition, but is ``made`` for the form.
        """
        if self._kept:
            text = self._kept.get(key) if key or not made else self._kept.get(f"made/{made}", "{}")
            if text is not None:
                yield DEFINITION, _literal(text)


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
