"""One connection of a Thrift server: bytes to messages, messages to calls and back."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .context import Context
from .errors import Code, ServiceError, Violation, invalid
from .logs import log_call
from .thrift import (
    INVALID_MESSAGE_TYPE,
    PROTOCOL_ERROR,
    UNKNOWN_METHOD,
    kind_of,
    timeout_of,
)
from .thrift_call import Served, ThriftContext
from .thrift_inbox import Inbox
from .thrift_methods import skip, write_failure
from .thrift_values import TooLarge, Wrong
from .thrift_wire import (
    CALL,
    EXCEPTION,
    ONEWAY,
    Head,
    Input,
    Malformed,
    Wire,
    detect,
)

if TYPE_CHECKING:
    from .thrift_listener import ThriftListener


_ASKING = (CALL, ONEWAY)
LAST_WORDS = 1.0  # seconds for a client to read why its connection ends


class ThriftConnection(asyncio.Protocol):
    """Takes the protocol and transport of the first message; answers calls as they end.

    Several calls may be in flight: a client tells their answers apart by sequence.
    """

    def __init__(self, listener: ThriftListener) -> None:
        self._listener = listener
        self._methods = listener.methods
        self._starter = listener.starter
        limit = self._limit = listener.settings.max_message_bytes
        self._input = Input(limit)
        self._output: list[bytes] | None = None  # while what came is read
        self._inbox = Inbox(
            limit,
            framed=self._detect,
            message=self._message,
            oversized=self._oversized,
            broken=lambda _: self._close(),
        )
        self._take = self._inbox.add
        self._wire: Wire | None = None
        self._framed = True
        self._transport: Any = None
        self._peer = ""
        self._calls: set[asyncio.Task[None]] = set()  # that are to be answered
        self._draining = False
        self._closing = False
        self._lost = False  # where the next message begins
        self._blocked_since: float | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        if len(self._listener.connections) >= self._listener.settings.max_connections:
            transport.abort()
            return
        self._listener.connections.add(self)
        peer = transport.get_extra_info("peername")
        self._peer = f"{peer[0]}:{peer[1]}" if peer else ""

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = True
        self._listener.connections.discard(self)
        self._inbox.close()
        for task in list(self._calls):
            task.cancel()

    def pause_writing(self) -> None:
        """The client does not read: read no more of it."""
        self._blocked_since = time.monotonic()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._blocked_since = None
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Answers that are there at once go out in one piece."""
        if self._lost:
            return
        output = self._output = []
        take = self._take
        try:
            take(data)
        finally:
            self._output = None
            if output:
                self._transport.write(b"".join(output))

    def drain(self) -> None:
        """Close once the calls in flight are answered."""
        self._draining = True
        if not self._calls:
            self._close()

    def abort(self) -> None:
        self._closing = True
        self._transport.abort()

    def end_if_silent(self, since: float) -> None:
        """End the connection if its client has stalled since before ``since``."""
        blocked = self._blocked_since is not None and self._blocked_since < since
        if blocked or self._inbox.stalled(since):
            self.abort()

    def _detect(self, data: bytes) -> bool | None:
        found = detect(data)
        if found is None:
            return None
        self._wire, self._framed = found
        return self._framed

    def _message(self, data: bytes, at: int) -> int:
        """Serve the message at a position; return where it ends.

        Nothing is answered before the whole of it is there.
        """
        wire = self._wire
        assert wire is not None
        if self._closing:
            raise Malformed("the connection is closing")
        head_of = wire.head
        head = kind, name, sequence, begin = head_of(data, at)
        served = self._methods.get(name)
        source = self._input
        source.open(data, begin, served is not None and served.codec.asks_uuid)
        if served is None or kind not in _ASKING:
            return self._refuse(wire, head, source)
        try:
            request, attachments = served.codec.read_request(wire, source)
            end = at if self._framed else source.finish()
            if end - at > self._limit:
                raise TooLarge("the message")
            timeout = timeout_of(attachments) if attachments else None
        except (Wrong, ServiceError) as error:
            return self._unread(wire, head, source, error)
        context = ThriftContext(served.operation, "thrift", timeout)
        context.attachments = attachments
        context.peer = self._peer
        silent = kind == ONEWAY or served.oneway
        if silent:
            work = _serve_silently(served, request, context)
        else:
            work = self._serve(wire, served, request, context, sequence)
        task = self._starter.start(work)
        if task is not None:
            self._remember(task, silent)
        return end

    def _remember(self, task: asyncio.Task[None], silent: bool) -> None:
        """A call that has to wait; one without an answer outlives its connection."""
        if not silent:
            self._calls.add(task)
        self._listener.calls.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._listener.calls.discard(task)
        self._calls.discard(task)
        if self._draining and not self._calls:
            self._close()

    async def _serve(
        self,
        wire: Wire,
        served: Served,
        request: Any,
        context: Context,
        sequence: bytes,
    ) -> None:
        call = served.call
        try:
            result = await call(request, context)
            body = served.codec.write_result(wire, result)
        except ServiceError as error:
            self._fail(wire, served, sequence, error)
        except Wrong as wrong:
            self._fail(wire, served, sequence, _unwritable(context, wrong))
        else:
            self._send(served.replies[wire.name], sequence, body)

    def _fail(
        self, wire: Wire, served: Served, sequence: bytes, error: ServiceError
    ) -> None:
        """Answer with a declared error in the result, or with an exception."""
        try:
            body = served.codec.write_error(wire, error)
        except Wrong as wrong:
            error = ServiceError(Code.INTERNAL, f"the error is not valid: {wrong}")
            body = None
        if body is None:
            self._except(wire, served.name, sequence, kind_of(error), error)
            return
        self._send(served.replies[wire.name], sequence, body)

    def _refuse(self, wire: Wire, head: Head, source: Input) -> int:
        """Answer a message that is no call of a method that is known."""
        if head[0] in _ASKING:
            name = head[1][:200].decode(errors="replace")
            kind, why = UNKNOWN_METHOD, f"no method {name!r}"
        else:
            kind = INVALID_MESSAGE_TYPE
            why = f"a server takes no message of type {head[0]}"
        error = ServiceError(Code.UNIMPLEMENTED, why)
        return self._unread(wire, head, source, error, kind)

    def _unread(
        self,
        wire: Wire,
        head: Head,
        source: Input,
        error: Wrong | ServiceError,
        kind: int | None = None,
    ) -> int:
        """Answer a message whose arguments are not read; return where it ends."""
        kind_of_message, name, sequence, _ = head
        source.rewind()
        end: int | None = 0
        if not self._framed:
            try:
                skip(wire, source)
                end = source.finish()
            except Wrong:
                end = None
        if kind_of_message != ONEWAY:
            if isinstance(error, Wrong):
                error, kind = _refusal(error), PROTOCOL_ERROR
            kind = kind_of(error) if kind is None else kind
            self._except(wire, name.rpartition(b":")[2], sequence, kind, error)
        if end is None:
            self._lose()
            return source.size
        return end

    def _oversized(self, data: bytes, at: int) -> None:
        """Refuse a message that is beyond the limit, of which the head may be there."""
        wire = self._wire
        assert wire is not None
        kind, name, sequence, _ = wire.head(data, at)
        if kind != ONEWAY:
            error = _refusal(TooLarge("the message"))
            name = name.rpartition(b":")[2]
            self._except(wire, name, sequence, PROTOCOL_ERROR, error)
        if not self._framed:
            self._lose()

    def _lose(self) -> None:
        """Nobody knows where the next message begins: end when all is answered."""
        self._lost = True
        self.drain()

    def _except(
        self, wire: Wire, name: bytes, sequence: bytes, kind: int, error: ServiceError
    ) -> None:
        failure = write_failure(wire, kind, error)
        self._send(wire.opening(EXCEPTION, name), sequence, failure)

    def _send(self, opening: tuple[bytes, bytes], sequence: bytes, body: bytes) -> None:
        if self._closing:
            return
        message = sequence.join(opening) + body
        if self._framed:
            message = len(message).to_bytes(4) + message
        if self._output is None:
            self._transport.write(message)
        else:
            self._output.append(message)

    def _close(self) -> None:
        """End the connection once what was written is out.

        A client that still sends would lose its answer if nobody took what it sends.
        """
        if self._output:
            self._transport.write(b"".join(self._output))
            self._output.clear()
        if not self._lost or self._closing:
            self._transport.close()
        else:
            if self._transport.can_write_eof():
                self._transport.write_eof()
            loop = asyncio.get_running_loop()
            loop.call_later(LAST_WORDS, self._transport.close)
        self._closing = True


async def _serve_silently(served: Served, request: Any, context: Context) -> None:
    with suppress(ServiceError):  # the dispatcher logs it
        await served.call(request, context)


def _refusal(wrong: Wrong) -> ServiceError:
    if isinstance(wrong, TooLarge):
        return ServiceError(Code.RESOURCE_EXHAUSTED, str(wrong))
    if wrong.field:
        return invalid([Violation(wrong.field, str(wrong))])
    return invalid([], f"the request is not valid: {wrong}")


def _unwritable(context: Context, wrong: Wrong) -> ServiceError:
    log_call(context, Code.INTERNAL.value, wrong)
    where = f"{wrong.field}: " if wrong.field else ""
    return ServiceError(Code.INTERNAL, f"the response is not valid: {where}{wrong}")
