"""One connection of a Thrift client: calls by their sequence, answers in any order."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

from .deadline import deadline_exceeded
from .errors import Code, ServiceError
from .thrift import error_of
from .thrift_inbox import Inbox
from .thrift_methods import Method, read_failure, skip
from .thrift_values import TooLarge, Wrong
from .thrift_wire import EXCEPTION, REPLY, Input, Malformed, Wire

LAST_SEQUENCE = 2**31 - 1


_Asked = tuple[asyncio.Future[Any], Method, float | None]
"""A call that waits: its answer, how to read that, and until when."""

_NOBODY = (None, None, None)


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
            oversized=self._oversized,
            broken=self._break,
        )
        self._limit = limit
        self._input = Input(limit)
        self._waiting: dict[bytes, _Asked] = {}
        self._expiry: asyncio.TimerHandle | None = None
        self._expires = math.inf  # the time of it, of time.monotonic
        self._output: list[bytes] = []
        self._sequence = 0
        self._transport: Any = None
        self._fault = "the server closed the connection"

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._inbox.close()
        self.resume_writing()
        if self._expiry is not None:
            self._expiry.cancel()
        waiting, self._waiting = self._waiting, {}
        for answer, _, _ in waiting.values():
            if not answer.done():
                answer.set_exception(ServiceError(Code.UNAVAILABLE, self._fault))

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
        self._flush()
        self._transport.close()

    def send(self, opening: tuple[bytes, bytes], body: bytes) -> bytes:
        """Send a message; return its sequence."""
        if self.closed or self._transport.is_closing():
            failure = ServiceError(Code.UNAVAILABLE, self._fault)
            failure.unsent = True
            raise failure
        number = self._sequence = self._sequence % LAST_SEQUENCE + 1
        sequence = self._wire.sequence(number)
        message = sequence.join(opening) + body
        if self._framed:
            message = len(message).to_bytes(4) + message
        if not self._output:
            self._loop.call_soon(self._flush)
        self._output.append(message)
        return sequence

    def ask(
        self,
        opening: tuple[bytes, bytes],
        body: bytes,
        codec: Method,
        deadline: float | None,
    ) -> tuple[bytes, asyncio.Future[Any]]:
        """Send a message; return its sequence, and its answer, which ends at ``deadline``.

        ``forget`` the sequence once nobody waits.
        """
        sequence = self.send(opening, body)
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting[sequence] = answer, codec, deadline
        if deadline is not None and deadline < self._expires:
            self._expire_at(deadline)
        return sequence, answer

    def forget(self, sequence: bytes) -> None:
        """Whatever answer may come to a message is skipped."""
        self._waiting.pop(sequence, None)

    def _flush(self) -> None:
        """Write what was sent in this turn of the event loop in one piece."""
        if self._output and not self._transport.is_closing():
            self._transport.write(b"".join(self._output))
        self._output.clear()

    def _expire_at(self, deadline: float) -> None:
        """One timer serves all calls: that of the first deadline."""
        if self._expiry is not None:
            self._expiry.cancel()
        self._expires = deadline
        delay = max(0.0, deadline - time.monotonic())
        self._expiry = self._loop.call_later(delay, self._expire)

    def _expire(self) -> None:
        now, first = time.monotonic(), math.inf
        for answer, _, deadline in self._waiting.values():
            if deadline is None or answer.done():
                continue
            if deadline <= now:
                answer.set_exception(deadline_exceeded())
            else:
                first = min(first, deadline)
        self._expiry, self._expires = None, math.inf
        if first < math.inf:
            self._expire_at(first)

    def _break(self, malformed: Malformed) -> None:
        self._fault = f"the server's answer is no Thrift: {malformed}"
        self._transport.abort()

    def _message(self, data: bytes, at: int) -> int:
        """Hand the answer at a position to its call; return where it ends."""
        head_of = self._wire.head
        kind, _, sequence, begin = head_of(data, at)
        answer, codec, _ = self._waiting.get(sequence, _NOBODY)
        source = self._input
        source.open(data, begin, codec is not None and codec.answers_uuid)
        if answer is None or codec is None or answer.done():
            return self._skipped(source)
        try:
            if kind == REPLY:
                result = codec.read_result(self._wire, source)
                end = at if self._framed else source.finish()
                if end - at > self._limit:
                    raise TooLarge("the response")
                answer.set_result(result)
                return end
            answer.set_exception(self._failure(kind, source))
        except Wrong as wrong:
            source.rewind()
            answer.set_exception(_unusable(wrong))
            return self._skipped(source)
        except ServiceError as error:
            answer.set_exception(error)
        return 0 if self._framed else source.finish()

    def _failure(self, kind: int, source: Input) -> ServiceError:
        if kind == EXCEPTION:
            return error_of(read_failure(self._wire, source))
        raise Malformed(f"a message of type {kind} is no answer")

    def _oversized(self, data: bytes, at: int) -> None:
        """Fail the call whose answer is beyond the limit."""
        _, _, sequence, _ = self._wire.head(data, at)
        answer, _, _ = self._waiting.get(sequence, _NOBODY)
        if answer is not None and not answer.done():
            answer.set_exception(_unusable(TooLarge("the response")))
        if not self._framed:
            raise Malformed("it is too large")

    def _skipped(self, source: Input) -> int:
        if self._framed:
            return 0
        try:
            skip(self._wire, source)
        except Wrong as wrong:
            raise Malformed(str(wrong)) from wrong
        return source.finish()


def _unusable(wrong: Wrong) -> ServiceError:
    if isinstance(wrong, TooLarge):
        return ServiceError(Code.RESOURCE_EXHAUSTED, str(wrong))
    where = f"{wrong.field}: " if wrong.field else ""
    return ServiceError(Code.INTERNAL, f"the response is not valid: {where}{wrong}")
