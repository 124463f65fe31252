"""JSON-RPC: the generated server beside an envelope by hand on FastAPI, and beside jsonrpcserver."""

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
        running("jsonrpc/serve_ours.py", source) as ours,
        running("jsonrpc/serve_fastapi.py") as fastapi,
        running("jsonrpc/serve_jsonrpcserver.py") as starlette,
    ):
        yield [
            _contest("http", "add", ours, ("FastAPI envelope by hand", fastapi), 3.0),
            _contest("http", "echo", ours, ("FastAPI envelope by hand", fastapi), 3.0),
            _contest("http", "add", ours, ("jsonrpcserver on Starlette", starlette), 4.0),
            _contest("ws", "add", ours, ("FastAPI WebSocket by hand", fastapi), 1.5),
            _contest("ws", "echo", ours, ("FastAPI WebSocket by hand", fastapi), 1.5),
        ]


_WIRES = {"http": "HTTP", "ws": "WebSocket"}
_MESSAGES = {"add": "small", "echo": "nested"}


def _contest(wire: str, method: str, ours: str, peer: tuple[str, str], at_least: float) -> Contest:
    name, address = peer
    load = partial(figure, "jsonrpc/load.py")
    return Contest(
        f"JSON-RPC over {_WIRES[wire]}, {_MESSAGES[method]}",
        name,
        partial(load, wire, ours, method, SECONDS),
        partial(load, wire, address, method, SECONDS),
        at_least,
    )
