"""What a .thrift keeps of a definition: the annotation ``svcgen`` on declarations.

It holds each as the definition language writes it, for the reader to give back. That of the whole
file is on a namespace of a generator which has no use for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svcgen.formats.thrift.annotations import DEFINITION

SCOPE, NAME = "json", "svcgen"
"""The namespace that is there for its annotation only."""


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
