"""Streams on HTTP: NDJSON lines and server-sent events, and how each of them ends badly.

An NDJSON stream that fails ends with a line ``{"$problem": {…}}``; a value that happens to start
so is preceded by a blank, which JSON ignores. A stream of events numbers its messages in ``id`` and
ends with an event ``end`` or ``problem`` (https://html.spec.whatwg.org/#server-sent-events).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

PROBLEM_START = b'{"$problem":'


class NdjsonWriter:
    """Writes one JSON value a line; the end of the body is the end of the stream."""

    keep_alive = b""
    end = b""

    def item(self, value: bytes) -> bytes:
        return escaped(value) + b"\n"

    def problem(self, value: bytes) -> bytes:
        return marked(value) + b"\n"


class EventWriter:
    """Writes server-sent events; a comment now and then keeps the connection alive."""

    keep_alive = b": keep-alive\n\n"
    end = b"event: end\ndata: {}\n\n"

    def __init__(self) -> None:
        self._count = 0

    def item(self, value: bytes) -> bytes:
        self._count += 1
        return b"id: %d\ndata: %s\n\n" % (self._count, value)

    def problem(self, value: bytes) -> bytes:
        return b"event: problem\ndata: %s\n\n" % value


def escaped(value: bytes) -> bytes:
    """A value that cannot be taken for the end of its stream."""
    return b" " + value if value.startswith(PROBLEM_START) else value


def marked(problem: bytes) -> bytes:
    """A problem as the last line or message of a stream."""
    return PROBLEM_START + problem + b"}"


def unmarked(line: bytes) -> bytes | None:
    """The problem in the last line of a stream, ``None`` if the line is a value."""
    if not line.startswith(PROBLEM_START):
        return None
    return line[len(PROBLEM_START) : -1]


class LineTooLongError(Exception):
    """A line has more bytes than a message may have."""


async def lines(parts: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    """The lines in a body that comes in parts; empty ones are left out.

    Raises ``LineTooLongError``.
    """
    rest = bytearray()  # of a line; grows in place, however small the parts are
    async for part in parts:
        *ends, begin = part.split(b"\n")
        for end in ends:
            rest += end
            if len(rest) > limit:
                raise LineTooLongError
            if rest.strip():
                yield bytes(rest.rstrip(b"\r"))
            rest.clear()
        rest += begin
        if len(rest) > limit:
            raise LineTooLongError
    if rest.strip():
        yield bytes(rest)
