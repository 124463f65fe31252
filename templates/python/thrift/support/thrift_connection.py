"""One connection of a Thrift server: bytes to messages, messages to calls and back."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .context import Context, Metadata
from .dispatch import UnaryCall
from .errors import Code, ServiceError, Violation, invalid
from .logs import log_call
from .operation import Operation
from .thrift import (
    INVALID_MESSAGE_TYPE,
    UNKNOWN_METHOD,
    kind_of,
    metadata_of,
    timeout_of,
)
from .thrift_inbox import Inbox
from .thrift_methods import Attachments, Method, skip, write_failure
from .thrift_values import Wrong
from .thrift_wire import (
    CALL,
    EXCEPTION,
    ONEWAY,
    REPLY,
    WIRES,
    Head,
    Incomplete,
    Input,
    Malformed,
    Wire,
    detect,
)

if TYPE_CHECKING:
    from .thrift_listener import ThriftListener


_ASKING = (CALL, ONEWAY)


class ThriftContext(Context):
    """A call whose metadata came as attachments."""

    __slots__ = ("_attachments",)

    def __init__(
        self, operation: Operation, attachments: Attachments | None, peer: str
    ) -> None:
        timeout = timeout_of(attachments) if attachments else None
        super().__init__(operation, "thrift", timeout)
        self._attachments = attachments
        self.peer = peer

    def read_metadata(self) -> Metadata:
        return metadata_of(self._attachments or {})


class Served:
    """A method that is served: how to read, call and answer it."""

    __slots__ = ("call", "codec", "name", "oneway", "operation", "replies")

    def __init__(
        self, name: bytes, codec: Method, call: UnaryCall, operation: Operation
    ) -> None:
        self.name = name
        self.codec = codec
        self.call = call
        self.operation = operation
        self.oneway = operation.oneway
        self.replies = {wire: each.opening(REPLY, name) for wire, each in WIRES.items()}


class ThriftConnection(asyncio.Protocol):
    """Takes the protocol and transport of the first message; answers calls as they end.

    Several calls may be in flight: a client tells their answers apart by sequence.
    """

    def __init__(self, listener: ThriftListener) -> None:
        self._listener = listener
        self._methods = listener.methods
        self._starter = listener.starter
        limit = listener.settings.max_message_bytes
        self._input = Input(limit)
        self._output: list[bytes] | None = None  # while what came is read
        self._inbox = Inbox(
            limit,
            framed=self._detect,
            message=self._message,
            broken=lambda _: self._close(),
        )
        self._take = self._inbox.add
        self._wire: Wire | None = None
        self._framed = True
        self._transport: Any = None
        self._peer = ""
        self._calls: set[asyncio.Task[None]] = set()  # that are to be answered
        self._draining = False
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
        try:
            self._take(data)
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
        self._transport.abort()

    def end_if_silent(self, since: float) -> None:
        """End the connection if its client has stalled since before ``since``."""
        blocked = self._blocked_since is not None and self._blocked_since < since
        if blocked or self._inbox.stalled(since):
            self._transport.abort()

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
        if self._transport.is_closing():
            raise Malformed("the connection is closing")
        head = kind, name, sequence, begin = wire.head(data, at)
        served = self._methods.get(name)
        source = self._input
        source.open(data, begin, served is not None and served.codec.asks_uuid)
        if served is None or kind not in _ASKING:
            return self._refuse(wire, head, source)
        try:
            request, attachments = served.codec.read_request(wire, source)
            end = 0 if self._framed else source.finish()
            context = ThriftContext(served.operation, attachments, self._peer)
        except Wrong as wrong:
            field = [Violation(wrong.field, str(wrong))] if wrong.field else []
            message = "" if field else f"the request is not valid: {wrong}"
            return self._unread(wire, head, source, invalid(field, message))
        except ServiceError as error:
            return self._unread(wire, head, source, error)
        if kind == ONEWAY or served.oneway:
            task = self._starter.start(_serve_silently(served, request, context))
        else:
            task = self._starter.start(
                self._serve(wire, served, request, context, sequence)
            )
            if task is not None:
                self._calls.add(task)
        if task is not None:
            self._listener.calls.add(task)
            task.add_done_callback(self._ended)
        return end

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
        try:
            result = await served.call(request, context)
            body = served.codec.write_result(wire, result)
        except ServiceError as error:
            self._fail(wire, served, sequence, error)
        except Wrong as wrong:
            self._fail(wire, served, sequence, _unwritable(context, wrong))
        else:
            before, after = served.replies[wire.name]
            self._send(before, sequence, after, body)

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
        before, after = served.replies[wire.name]
        self._send(before, sequence, after, body)

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
        error: ServiceError,
        kind: int | None = None,
    ) -> int:
        """Answer a message whose arguments are not read; return where it ends."""
        kind_of_message, name, sequence, _ = head
        source.rewind()
        end = 0
        try:
            skip(wire, source)
            end = source.finish()
        except Wrong:
            self._lost = not self._framed
        except Incomplete:
            if not self._framed:
                raise
        if kind_of_message != ONEWAY:
            kind = kind_of(error) if kind is None else kind
            self._except(wire, name.rpartition(b":")[2], sequence, kind, error)
        if self._lost:  # nobody knows where the message ends
            self.drain()
            return source.size
        return end

    def _except(
        self, wire: Wire, name: bytes, sequence: bytes, kind: int, error: ServiceError
    ) -> None:
        before, after = wire.opening(EXCEPTION, name)
        self._send(before, sequence, after, write_failure(wire, kind, error))

    def _send(self, before: bytes, sequence: bytes, after: bytes, body: bytes) -> None:
        if self._transport.is_closing():
            return
        if self._framed:
            size = len(before) + len(sequence) + len(after) + len(body)
            before = size.to_bytes(4) + before
        if self._output is None:
            self._transport.write(b"".join((before, sequence, after, body)))
        else:
            self._output += before, sequence, after, body

    def _close(self) -> None:
        """End the connection once what was written is out."""
        if self._output:
            self._transport.write(b"".join(self._output))
            self._output.clear()
        self._transport.close()


async def _serve_silently(served: Served, request: Any, context: Context) -> None:
    with suppress(ServiceError):  # the dispatcher logs it
        await served.call(request, context)


def _unwritable(context: Context, wrong: Wrong) -> ServiceError:
    log_call(context, Code.INTERNAL.value, wrong)
    where = f"{wrong.field}: " if wrong.field else ""
    return ServiceError(Code.INTERNAL, f"the response is not valid: {where}{wrong}")
