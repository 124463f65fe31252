"""One WebSocket at the server: any number of calls in flight, each message answered when it can be.

A message that is answered at once costs no task: only when its call has to wait does another task
go on reading.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from .context import Context, Metadata
from .dispatch import Dispatcher
from .errors import Code, ServiceError, invalid
from .http_exchange import (
    TIMEOUT_HEADER,
    Receive,
    Scope,
    Send,
    decode_headers,
    seconds,
)
from .jsonrpc_calls import Calls, Served
from .jsonrpc_envelope import (
    NO_MESSAGE,
    Call,
    decoded,
    failure,
    metadata_members,
    parse_message,
    result,
)
from .jsonrpc_errors import encode_error
from .jsonrpc_stream import (
    CANCEL,
    COMPLETE,
    MORE,
    NEXT,
    SIGNAL,
    Credit,
    Inbox,
    signal,
    value_signal,
)
from .logs import LOGGER
from .operation import Operation
from .settings import ServerSettings

_SIGNALS = (NEXT, COMPLETE, CANCEL, MORE)
_UNREAD = 64  # answers that wait for a slow reader before its messages wait too


class Conversation:
    """Serves one open socket."""

    def __init__(
        self,
        calls: Calls,
        scope: Scope,
        receive: Receive,
        send: Send,
        dispatcher: Dispatcher,
        settings: ServerSettings,
    ) -> None:
        self.active: dict[bytes, _SocketCall] = {}
        self.scope = scope
        self.limit = settings.max_message_bytes
        self._calls = calls
        self._receive = receive
        self._send = send
        self._dispatcher = dispatcher
        self._loop = asyncio.get_running_loop()
        self._gone = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._reader: asyncio.Task[None] | None = None
        self._writing = 0
        self._written = asyncio.Event()

    async def serve(self) -> None:
        """Read and answer until the client leaves."""
        self._read_on()
        try:
            await self._gone.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def write(self, message: bytes) -> None:
        self._writing += 1
        try:
            await self._send({"type": "websocket.send", "text": message.decode()})
        finally:
            self._writing -= 1
            self._written.set()

    def _read_on(self) -> None:
        """Let another task read: this one, if there is one, waits for a call."""
        if not self._gone.is_set():
            self._reader = self._loop.create_task(self._read())
            self._tasks.add(self._reader)
            self._reader.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if not isinstance(error, OSError):  # which is: the client left while we wrote
            LOGGER.error("a WebSocket failed", exc_info=error)
        self._gone.set()

    async def _read(self) -> None:
        me = asyncio.current_task()
        while self._reader is me:
            while self._writing > _UNREAD:
                self._written.clear()
                await self._written.wait()
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._gone.set()
                return
            text = message.get("text")
            if text is None:
                text = decoded(message["bytes"])
            if self._gone.is_set():
                return
            successor = self._loop.call_soon(self._read_on)
            await self._handle(text)
            successor.cancel()

    async def _handle(self, text: str | None) -> None:
        message = NO_MESSAGE if text is None else parse_message(text)
        response: bytes | None
        if isinstance(message, Call):
            response = await self._answer(message)
        elif isinstance(message, list):
            response = await self._calls.answer_batch(message, self._answer)
        else:
            response = message
        if response is not None:
            await self.write(response)

    async def _answer(self, call: Call) -> bytes | None:
        ident = bytes(call.id)
        if call.method in _SIGNALS:
            return self._signalled(call, ident)
        if self._dispatcher.draining:
            return failure(ident, _STOPPING) if ident else None
        return await _SocketCall(self, ident).run(call, self._calls)

    def _signalled(self, call: Call, ident: bytes) -> bytes | None:
        """Pass a notification on to its call. Who asks with an id hears if there is such a call."""
        try:
            told = SIGNAL(call.params)
        except ValueError:
            return failure(ident, _NO_SIGNAL) if ident else None
        found = self.active.get(bytes(told.subscription))
        if found is not None:
            found.take(call.method, told)
        known = b"false" if found is None else b"true"
        return result(ident, known) if ident else None


class _SocketCall:
    """One call; it is the ``Origin`` of itself."""

    __slots__ = ("_cancelled", "_conversation", "_credit", "_ident", "_inbox", "_task")

    def __init__(self, conversation: Conversation, ident: bytes) -> None:
        self._conversation = conversation
        self._ident = ident
        self._task = asyncio.current_task()
        self._cancelled = False
        self._inbox: Inbox | None = None
        self._credit: Credit | None = None

    async def run(self, call: Call, calls: Calls) -> bytes | None:
        active, ident = self._conversation.active, self._ident
        if ident not in active:
            active[ident] = self
        try:
            return await calls.answer(call, self)
        except asyncio.CancelledError:
            if not self._cancelled or self._task is None:
                raise
            self._task.uncancel()
            return failure(ident, _CANCELLED)
        finally:
            if active.get(ident) is self:
                del active[ident]

    def take(self, method: str, told: Any) -> None:
        """What the client says about this call."""
        if method == CANCEL and self._task is not None and not self._cancelled:
            self._cancelled = True
            self._task.cancel()
        elif method == MORE and self._credit is not None:
            self._credit.add(told.bytes)
        elif method == NEXT and self._inbox is not None:
            self._inbox.put(bytes(told.value))
        elif method == COMPLETE and self._inbox is not None:
            self._inbox.end()

    def context(self, operation: Operation, call: Call) -> Context:
        return _SocketContext(operation, self._conversation.scope, call.headers)

    def more(self, context: Context) -> bytes:
        return metadata_members(context.headers, context.trailers)

    async def stream(self, served: Served, call: Call, context: Context) -> bytes:
        if self._conversation.active.get(self._ident) is not self or self._ident in (
            b"",
            b"null",
        ):
            raise invalid((), "a call that streams needs an id of its own")
        request: Any
        if served.asks_stream:
            self._inbox = Inbox(self._conversation.limit, self._grant)
            request = self._inbox.values(served.decode_value)
        else:
            request = served.decode(call.params)
        if not served.gives_stream:
            return served.encode(await served.call(request, context))
        self._credit = Credit(call.window)
        async with aclosing(served.stream(request, context)) as responses:
            async for response in responses:
                await self._give(served.encode(response))
        return b"null"

    async def _give(self, value: bytes) -> None:
        assert self._credit is not None
        await self._credit.spend(value)
        await self._conversation.write(value_signal(self._ident, value))

    async def _grant(self, count: int) -> None:
        more = signal(MORE, self._ident, b',"bytes":%d' % count)
        await self._conversation.write(more)


class _SocketContext(Context):
    """A call over a socket: its own metadata, then the headers that opened the socket."""

    __slots__ = ("_own", "_scope")

    def __init__(
        self, operation: Operation, scope: Scope, own: dict[str, str] | None
    ) -> None:
        text = None if own is None else own.get(_TIMEOUT)
        timeout = None if text is None else seconds(text.encode())
        Context.__init__(self, operation, "jsonrpc", timeout)
        self._own = own
        self._scope = scope
        if client := scope.get("client"):
            self.peer = f"{client[0]}:{client[1]}"

    def read_metadata(self) -> Metadata:
        own = [(n.encode(), v.encode()) for n, v in (self._own or {}).items()]
        return Metadata(decode_headers([*own, *self._scope["headers"]]))


_TIMEOUT = TIMEOUT_HEADER.decode()
_STOPPING = encode_error(ServiceError(Code.UNAVAILABLE, "the server stops"))
_CANCELLED = encode_error(ServiceError(Code.CANCELLED))
_NO_SIGNAL = encode_error(invalid((), "the notification names no subscription"))
