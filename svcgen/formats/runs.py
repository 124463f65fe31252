"""What is known of the files of one run: those that are read with the same object ``sources``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from svcgen.formats import AS_THEY_ARE, Sources

_Known = TypeVar("_Known")

_MOST = 2
"""A conversion looks at a file beside the drafts of all."""


class Runs(Generic[_Known]):
    """The last runs, for a reader whose files share what ``make`` gives.

    With the usual sources each file is a run of its own. No file of a run may change meanwhile.
    """

    def __init__(self, make: Callable[[Sources], _Known]) -> None:
        self._make = make
        self._last: list[tuple[Sources, _Known]] = []

    def of(self, sources: Sources) -> _Known:
        """What the files share that are read with this very object."""
        if sources is AS_THEY_ARE:
            return self._make(sources)
        this = next((each for each in self._last if each[0] is sources), None)
        others = [each for each in self._last if each is not this]
        this = this or (sources, self._make(sources))
        self._last = [this, *others][:_MOST]
        return this[1]
