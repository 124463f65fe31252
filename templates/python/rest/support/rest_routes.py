"""Routes: the wire facts of each operation on HTTP, and which route a path belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote

from .operation import Operation

T = TypeVar("T")

_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of the request that travels in the ``path``, ``query`` or a ``header``."""

    field: str  # the definition's name of the field
    name: str  # its name on the wire
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """How one operation travels. ``body`` is ``*`` (what the parameters leave), a field or none."""

    operation: Operation
    method: str
    path: str  # /users/{id}, percent-encoded
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    status: int = 200  # of success
    int64_as_string: bool = False

    @property
    def holes(self) -> tuple[str, ...]:
        """The names in the path's braces, in order."""
        return tuple(_HOLE.findall(self.path))


class PathTable(Generic[T]):
    """Finds what is mounted at a path: a dict for fixed paths, few patterns a shape for others."""

    def __init__(self) -> None:
        self.fixed: dict[str, T] = {}
        self._shapes: dict[tuple[int, str], list[_Pattern[T]]] = {}

    def add(self, path: str, value: T) -> None:
        if "{" not in path:
            self.fixed[unquote(path)] = value
            return
        patterns = self._shapes.setdefault(_shape(path), [])
        patterns.append(_Pattern(path, value))
        patterns.sort(key=lambda pattern: pattern.rank)

    def find(self, path: str) -> tuple[T, Sequence[str]] | None:
        """The value at a raw (percent-encoded) path, and what stands in the braces, decoded."""
        for key in (_shape(path), (path.count("/"), "")):
            for pattern in self._shapes.get(key, ()):
                if match := pattern.regex.fullmatch(path):
                    return pattern.value, [unquote(text) for text in match.groups()]
        return None


class _Pattern(Generic[T]):
    def __init__(self, path: str, value: T) -> None:
        parts = _HOLE.split(path)
        self.value = value
        self.rank = (len(parts), -len("".join(parts[::2])), path)
        texts = [re.escape(text) for text in parts[::2]]
        self.regex = re.compile("([^/]+)".join(texts))


def _shape(path: str) -> tuple[int, str]:
    """The number of segments and the first one, if it is fixed."""
    first = path.split("/", 2)[1] if path.startswith("/") else path
    return path.count("/"), "" if "{" in first else first


def by_path(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """Routes that share a path, in order."""
    found: dict[str, list[Route]] = {}
    for route in routes:
        found.setdefault(_HOLE.sub("{}", route.path), []).append(route)
    return found
