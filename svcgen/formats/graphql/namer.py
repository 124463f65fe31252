"""What the model calls the declarations of a document: as they are called, unless code could not
tell two of them apart.
"""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.model.naming import Name


class Namer:
    """Names of siblings; ``spelling`` is the property of :class:`Name` by which code tells them."""

    def __init__(self, spelling: str, taken: Iterable[str] = ()) -> None:
        self._spelling = spelling
        self._taken = {self._spelled(Name.parse(each)) for each in taken}

    def name(self, wanted: str) -> Name:
        """``wanted``, or with a number behind it; it is taken from now on."""
        name, count = parsed(wanted), 1
        while self._spelled(name) in self._taken:
            count += 1
            name = Name.parse(f"{wanted}{count}")
        self._taken.add(self._spelled(name))
        return name

    def _spelled(self, name: Name) -> str:
        spelled: str = getattr(name, self._spelling)
        return spelled


_PARSED: dict[str, Name] = {}
_MOST = 20_000


def parsed(text: str) -> Name:
    """The name; those that come again and again (``id``, ``name``) are parsed once."""
    found = _PARSED.get(text)
    if found is None:
        if len(_PARSED) >= _MOST:
            _PARSED.clear()
        found = _PARSED[text] = Name.parse(text)
    return found
