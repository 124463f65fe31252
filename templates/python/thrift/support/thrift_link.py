"""One connection of a Thrift client: calls by their sequence, answers in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from .errors import Code, ServiceError
from .thrift import error_of
from .thrift_inbox import Inbox
from .thrift_methods import Method, read_failure, skip
from .thrift_values import Wrong
from .thrift_wire import EXCEPTION, REPLY, Input, Malformed, Wire

LAST_SEQUENCE = 2**31 - 1


class Link(asyncio.Protocol):
    """Calls in flight wait for an answer with their sequence; it may never come."""

    def __init__(self, wire: Wire, framed: bool, limit: int) -> None:
        self.closed = False
        self.full: asyncio.Future[None] | None = None
        """While the server does not read: what to wait for before sending more."""

        self._wire = wire
        self._framed = framed
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(
            limit,
            framed=lambda _: framed,
            message=self._message,
            broken=self._break,
        )
        self._input = Input(limit)
        self._waiting: dict[bytes, tuple[asyncio.Future[Any], Method]] = {}
        self._sequence = 0
        self._transport: Any = None
        self._fault = "the server closed the connection"

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._inbox.close()
        self.resume_writing()
        waiting, self._waiting = self._waiting, {}
        for future, _ in waiting.values():
            if not future.done():
                future.set_exception(ServiceError(Code.UNAVAILABLE, self._fault))

    def pause_writing(self) -> None:
        self.full = self._loop.create_future()

    def resume_writing(self) -> None:
        full, self.full = self.full, None
        if full is not None and not full.done():
            full.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._inbox.add(data)

    def close(self) -> None:
        self._fault = "the client was closed"
        self.closed = True
        self._transport.close()

    def send(self, opening: tuple[bytes, bytes], body: bytes) -> bytes:
        """Send a message; return its sequence."""
        if self.closed or self._transport.is_closing():
            failure = ServiceError(Code.UNAVAILABLE, self._fault)
            failure.unsent = True
            raise failure
        number = self._sequence = self._sequence % LAST_SEQUENCE + 1
        sequence = self._wire.sequence(number)
        message = opening[0] + sequence + opening[1] + body
        if self._framed:
            message = len(message).to_bytes(4) + message
        self._transport.write(message)
        return sequence

    def call(
        self, opening: tuple[bytes, bytes], body: bytes, codec: Method
    ) -> Awaitable[Any]:
        """Send a message; what it returns waits for the answer."""
        sequence = self.send(opening, body)
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting[sequence] = future, codec
        return self._answer(sequence, future)

    async def _answer(self, sequence: bytes, future: asyncio.Future[Any]) -> Any:
        try:
            return await future
        finally:
            self._waiting.pop(sequence, None)

    def _break(self, malformed: Malformed) -> None:
        self._fault = f"the server's answer is no Thrift: {malformed}"
        self._transport.abort()

    def _message(self, data: bytes, at: int) -> int:
        """Hand the answer at a position to its call; return where it ends."""
        kind, _, sequence, begin = self._wire.head(data, at)
        future, codec = self._waiting.get(sequence, (None, None))
        source = self._input
        source.open(data, begin, codec is not None and codec.answers_uuid)
        if future is None or codec is None or future.done():
            return self._skipped(source)
        try:
            result = self._read(kind, codec, source)
        except Wrong as wrong:
            source.rewind()
            problem = f"the response is not valid: {wrong.field} {wrong}"
            future.set_exception(ServiceError(Code.INTERNAL, problem))
            return self._skipped(source)
        except ServiceError as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return source.finish()

    def _read(self, kind: int, codec: Method, source: Input) -> Any:
        if kind == EXCEPTION:
            raise error_of(read_failure(self._wire, source))
        if kind != REPLY:
            raise Malformed(f"a message of type {kind} is no answer")
        return codec.read_result(self._wire, source)

    def _skipped(self, source: Input) -> int:
        try:
            skip(self._wire, source)
        except Wrong as wrong:
            raise Malformed(str(wrong)) from wrong
        return source.finish()
