"""REST: the generated server beside FastAPI by hand, the generated client beside httpx."""

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
    with running("rest/serve_ours.py", source) as ours, running("rest/serve_fastapi.py") as peer:
        yield [
            *(_server(title, ours, peer, path) for path, title in _MESSAGES.items()),
            Contest(
                "REST client, add",
                "httpx",
                partial(figure, "rest/call.py", "ours", source, ours, SECONDS),
                partial(figure, "rest/call.py", "httpx", source, ours, SECONDS),
                5.0,
            ),
        ]


_MESSAGES = {
    "add": "REST server, small message",
    "echo": "REST server, nested message",
}


def _server(title: str, ours: str, peer: str, path: str) -> Contest:
    return Contest(
        title,
        "FastAPI (httptools, uvloop)",
        partial(figure, "rest/load.py", ours, path, SECONDS),
        partial(figure, "rest/load.py", peer, path, SECONDS),
        3.0,
    )
