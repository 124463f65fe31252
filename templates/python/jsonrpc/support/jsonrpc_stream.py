"""Streams over a WebSocket, on both sides: values as notifications that belong to a call.

A call that streams is a request with an id, and that id names the subscription. Until its response
comes, which is the end of the call, these notifications belong to it (``subscription``: the id):

- ``rpc.next`` with ``value``: a value of the stream, from either side;
- ``rpc.complete``: the client has sent all its values;
- ``rpc.cancel``: the client wants no more; the response is then the error ``cancelled``. It ends
  calls that do not stream as well;
- ``rpc.more`` with ``bytes``: so many more may be sent.

Each side may send ``WINDOW`` bytes ahead of the other; a value counts its JSON text and ``COST``.
A client that calls without the member ``window`` gets the server's values as fast as it reads. A
server that gets more than a window and a message ahead of its handler ends the call with the error
``resource_exhausted``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import msgspec

from .errors import Code, ServiceError

NEXT = "rpc.next"
COMPLETE = "rpc.complete"
CANCEL = "rpc.cancel"
MORE = "rpc.more"

WINDOW = 262_144  # bytes
COST = 64  # bytes that each value counts beside its text


class Signal(msgspec.Struct):
    """The parameters of such a notification."""

    subscription: msgspec.Raw = msgspec.Raw()
    value: msgspec.Raw = msgspec.Raw()
    bytes: int = 0


SIGNAL = msgspec.json.Decoder(Signal).decode


def signal(method: str, ident: bytes, more: bytes = b"") -> bytes:
    """A notification; ``more`` are further parameters."""
    return b'{"jsonrpc":"2.0","method":"%b","params":{"subscription":%b%b}}' % (
        method.encode(),
        ident,
        more,
    )


def value_signal(ident: bytes, value: bytes) -> bytes:
    return signal(NEXT, ident, b',"value":' + value)


class Credit:
    """How many bytes of values may still be sent; ``None``: any number."""

    def __init__(self, left: int | None) -> None:
        self._left = left
        self._more = asyncio.Event()

    async def spend(self, value: bytes) -> None:
        """Wait until the value may be sent."""
        if self._left is None:
            return
        while self._left <= 0:
            self._more.clear()
            await self._more.wait()
        self._left -= len(value) + COST

    def add(self, count: int) -> None:
        if self._left is not None and count > 0:
            self._left += count
            self._more.set()


class Inbox:
    """The values of a stream that came and nobody took yet, at most a window and ``limit`` bytes."""

    def __init__(self, limit: int, grant: Callable[[int], Awaitable[None]]) -> None:
        """``grant`` tells the sender that so many bytes were taken."""
        self._limit = WINDOW + limit
        self._grant = grant
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._taken = 0
        self._ended = False
        self._error: Exception | None = None
        self._wake = asyncio.Event()

    def put(self, value: bytes) -> None:
        if self._ended:
            return
        self._size += len(value) + COST
        self._waiting.append(value)
        if self._size > self._limit:
            text = "the stream is too far ahead of who reads it"
            self.fail(ServiceError(Code.RESOURCE_EXHAUSTED, text))
        self._wake.set()

    def end(self) -> None:
        """Nothing comes after what is there."""
        self._ended = True
        self._wake.set()

    def fail(self, error: Exception) -> None:
        """``error`` comes after what is there."""
        self._error = error
        self.end()

    async def values(self, decode: Callable[[bytes], Any]) -> AsyncGenerator[Any, None]:
        while True:
            while not self._waiting:
                if self._error is not None:
                    raise self._error
                if self._ended:
                    return
                self._wake.clear()
                await self._wake.wait()
            value = self._waiting.popleft()
            await self._took(len(value) + COST)
            yield decode(value)

    async def _took(self, size: int) -> None:
        self._size -= size
        self._taken += size
        if self._taken >= WINDOW // 2 and not self._ended:
            taken, self._taken = self._taken, 0
            await self._grant(taken)
