"""Routes: the wire facts of each operation on HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .operation import Operation
from .rest_paths import plain


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of the request that travels in the ``path``, ``query``, a ``header`` or ``nowhere``.

    In the ``body`` a mask may be text.
    """

    field: str  # the definition's name of the field, or the way to it: topic.name
    name: str  # its name on the wire
    place: str
    is_mask: bool = False  # a list of paths of fields that travels as one text


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """How one operation travels; of several routes of one operation the first is the main one.

    ``body`` is ``*`` (what the parameters leave), a field or none; ``response_body`` a field of the
    response, or the whole.
    """

    operation: Operation
    method: str
    path: str  # /v1/{name=users/*}:rename, percent-encoded
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    response_body: str | None = None
    status: int = 200  # of success
    int64_as_string: bool = False


def by_path(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """Routes that share a path, in order."""
    found: dict[str, list[Route]] = {}
    for route in routes:
        found.setdefault(plain(route.path), []).append(route)
    return found
