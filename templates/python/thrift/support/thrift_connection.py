"""One connection of a Thrift server: bytes to messages, messages to calls and back."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Coroutine
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
from .thrift_methods import Method, read_attachments, skip, write_failure
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


class ThriftContext(Context):
    """A call whose metadata came as attachments."""

    __slots__ = ("_attachments",)

    def __init__(
        self, operation: Operation, attachments: dict[str, str], peer: str
    ) -> None:
        super().__init__(operation, "thrift", timeout_of(attachments))
        self._attachments = attachments
        self.peer = peer

    def read_metadata(self) -> Metadata:
        return metadata_of(self._attachments)


class Served:
    """A method that is served: how to read, call and answer it."""

    __slots__ = ("call", "codec", "name", "operation", "replies")

    def __init__(
        self, name: bytes, codec: Method, call: UnaryCall, operation: Operation
    ) -> None:
        self.name = name
        self.codec = codec
        self.call = call
        self.operation = operation
        self.replies = {wire: each.opening(REPLY, name) for wire, each in WIRES.items()}


class ThriftConnection(asyncio.Protocol):
    """Takes the protocol and transport of the first message; answers calls as they end.

    Several calls may be in flight: a client tells their answers apart by sequence.
    """

    def __init__(self, listener: ThriftListener) -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        limit = listener.settings.max_message_bytes
        self._input = Input(limit)
        self._inbox = Inbox(
            limit,
            framed=self._detect,
            message=self._message,
            broken=lambda _: self._transport.close(),
        )
        self._wire: Wire | None = None
        self._framed = True
        self._transport: Any = None
        self._peer = ""
        self._calls: set[asyncio.Task[None]] = set()
        self._draining = False
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
        self._inbox.add(data)

    def drain(self) -> None:
        """Close once the calls in flight are answered."""
        self._draining = True
        if not self._calls:
            self._transport.close()

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
        head = wire.head(data, at)
        served = self._listener.methods.get(head.name)
        source = self._input
        source.open(data, served is not None and served.codec.asks_uuid)
        source.seek(head.end)
        if served is None or head.kind not in (CALL, ONEWAY):
            return self._refuse(wire, head, source)
        try:
            attachments = {}
            if data.startswith(wire.zero, head.end):
                attachments = read_attachments(wire, source)
                source.seek(head.end)
            request = served.codec.read_request(wire, source)
            end = source.finish()
            context = ThriftContext(served.operation, attachments, self._peer)
        except Wrong as wrong:
            field = [Violation(wrong.field, str(wrong))] if wrong.field else []
            message = "" if field else f"the request is not valid: {wrong}"
            return self._unread(wire, head, source, invalid(field, message))
        except ServiceError as error:
            return self._unread(wire, head, source, error)
        silent = head.kind == ONEWAY or served.operation.oneway
        self._start(
            self._serve(served, request, context, head.sequence, silent), silent
        )
        return end

    def _start(self, serving: Coroutine[Any, Any, None], silent: bool) -> None:
        task = _task(self._loop, serving)
        if not task.done():
            self._listener.tasks.add(task)
            if not silent:
                self._calls.add(task)

    async def _serve(
        self,
        served: Served,
        request: Any,
        context: Context,
        sequence: bytes,
        silent: bool,
    ) -> None:
        wire = self._wire
        assert wire is not None
        try:
            try:
                result = await served.call(request, context)
                if silent:
                    return
                body = served.codec.write_result(wire, result)
            except ServiceError as error:
                if not silent:
                    self._fail(wire, served, sequence, error)
            except Wrong as wrong:
                self._fail(wire, served, sequence, _unwritable(context, wrong))
            else:
                before, after = served.replies[wire.name]
                self._send(before + sequence + after + body)
        finally:
            task: Any = asyncio.current_task()
            self._listener.tasks.discard(task)
            self._calls.discard(task)
            if self._draining and not self._calls:
                self._transport.close()

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
        self._send(before + sequence + after + body)

    def _refuse(self, wire: Wire, head: Head, source: Input) -> int:
        """Answer a message that is no call of a method that is known."""
        if head.kind in (CALL, ONEWAY):
            name = head.name[:200].decode(errors="replace")
            kind, why = UNKNOWN_METHOD, f"no method {name!r}"
        else:
            kind = INVALID_MESSAGE_TYPE
            why = f"a server takes no message of type {head.kind}"
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
        source.seek(head.end)
        end = 0
        try:
            skip(wire, source)
            end = source.finish()
        except Wrong:
            self._draining = self._draining or not self._framed
        except Incomplete:
            if not self._framed:
                raise
        if head.kind != ONEWAY:
            kind = kind_of(error) if kind is None else kind
            name = head.name.rpartition(b":")[2]
            self._except(wire, name, head.sequence, kind, error)
        if self._draining and not self._calls:
            raise Malformed("nobody knows where the message ends")
        return end

    def _except(
        self, wire: Wire, name: bytes, sequence: bytes, kind: int, error: ServiceError
    ) -> None:
        body = write_failure(wire, kind, error)
        self._send(wire.message(EXCEPTION, name, sequence, body))

    def _send(self, message: bytes) -> None:
        if self._transport.is_closing():
            return
        if self._framed:
            message = len(message).to_bytes(4) + message
        self._transport.write(message)


def _unwritable(context: Context, wrong: Wrong) -> ServiceError:
    log_call(context, Code.INTERNAL.value, wrong)
    where = f"{wrong.field}: " if wrong.field else ""
    return ServiceError(Code.INTERNAL, f"the response is not valid: {where}{wrong}")


if sys.version_info >= (3, 12):

    def _task(
        loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:
        """A task that runs until its first wait at once."""
        return asyncio.Task(coroutine, loop=loop, eager_start=True)

else:

    def _task(
        loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:
        return loop.create_task(coroutine)
