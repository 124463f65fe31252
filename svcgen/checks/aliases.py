"""Aliases that come back to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model import walk
from svcgen.model.service import Api
from svcgen.model.types import Alias

ALIAS_CYCLE = Rule(
    code="alias-cycle",
    message="alias {name!r} is defined by itself: {path}",
    fix="make one of them a struct, which may contain itself",
    why=(
        "An alias is only another name for a type. Followed far enough it has to arrive at one,"
        " and through a list or map as well: only structs and unions may be recursive."
    ),
    example=EXAMPLE + "types:\n  Shelf: {alias: Row}\n  Row: {alias: list<Shelf>}\n",
)


def check_aliases(api: Api, report: Report) -> None:
    graph = {
        name: [ref.name for ref in walk.names_in(definition.target)]
        for name, definition in api.types.items()
        if isinstance(definition, Alias)
    }
    for circle in _circles(graph):
        path = " → ".join([*circle[:10], *(["…"] if len(circle) > 10 else []), circle[0]])
        report.add(ALIAS_CYCLE, api.types[circle[0]].meta.span, name=circle[0], path=path)


def _circles(graph: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """A circle through each edge that closes one, in definition order; walks every edge once."""
    done: set[str] = set()
    for start in graph:
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(graph[start])}
        while path:
            name, ahead = next(reversed(path.items()))
            follower = next(ahead, None)
            if follower is None:
                done.add(name)
                path.popitem()
            elif follower in path:
                names = list(path)
                yield names[names.index(follower) :]
            elif follower in graph and follower not in done:
                path[follower] = iter(graph[follower])
