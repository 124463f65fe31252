"""What every HTTP server shows beside its operations: that it lives, and if it is ready."""

from __future__ import annotations

from .dispatch import Dispatcher
from .http_exchange import Answer

JSON = b"application/json"
ALIVE_PATH = "/healthz"
READY_PATH = "/readyz"


def page(
    status: int, body: bytes, kind: bytes, *headers: tuple[bytes, bytes]
) -> Answer:
    """A whole answer of this content type, which browsers must not guess."""
    described = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    return status, described, body


def alive() -> Answer:
    """The process answers."""
    return page(200, b'{"status":"ok"}', JSON)


async def readiness(dispatcher: Dispatcher) -> Answer:
    """May traffic come here now?"""
    if await dispatcher.is_ready():
        return page(200, b'{"status":"ready"}', JSON)
    return page(503, b'{"status":"not ready"}', JSON)
