"""GraphQL: the generated server beside strawberry and ariadne."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks import subject
from benchmarks.rounds import Contest, figure, running

SECONDS = "2"


@contextmanager
def contests() -> Iterator[list[Contest]]:
    source = str(subject.source())
    with (
        running("graphql/serve_ours.py", source) as ours,
        running("graphql/serve_strawberry.py") as strawberry,
        running("graphql/serve_ariadne.py") as ariadne,
    ):
        cached = "ariadne, all cached"
        yield [
            _queries("small", ours, "strawberry on FastAPI", strawberry, 35.0),
            _queries("small", ours, cached, ariadne, 2.0),
            _queries("nested", ours, cached, ariadne, 4.0),
            _events(ours, "strawberry on FastAPI", strawberry, 1.6),
            _events(ours, "ariadne", ariadne, 1.2),
        ]


def _queries(size: str, ours: str, peer_name: str, peer: str, at_least: float) -> Contest:
    return Contest(
        f"GraphQL server, {size} query",
        peer_name,
        partial(figure, "graphql/load.py", ours, size, SECONDS),
        partial(figure, "graphql/load.py", peer, size, SECONDS),
        at_least,
    )


def _events(ours: str, peer_name: str, peer: str, at_least: float) -> Contest:
    return Contest(
        "GraphQL subscription, events",
        peer_name,
        partial(figure, "graphql/events.py", ours),
        partial(figure, "graphql/events.py", peer),
        at_least,
    )
