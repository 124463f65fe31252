"""One WebSocket at a client, and the subscriptions on it (graphql-transport-ws)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from itertools import count

import aiohttp
import msgspec

from .channel import CallOptions
from .errors import Code, ServiceError
from .graphql_errors import WireError, read_error
from .graphql_fields import SUBPROTOCOL
from .http_client import UNREACHABLE, HttpPool, note_headers
from .http_errors import code_of_status
from .operation import Operation

WINDOW = (
    262_144  # bytes of a stream that may wait for its reader before the server does
)

_CODES = {
    1009: Code.RESOURCE_EXHAUSTED,
    4401: Code.UNAUTHENTICATED,
    4403: Code.PERMISSION_DENIED,
    4408: Code.DEADLINE_EXCEEDED,
    4429: Code.RESOURCE_EXHAUSTED,
}


class _Message(msgspec.Struct):
    type: str
    id: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")


_decode = msgspec.json.Decoder(_Message).decode
_errors = msgspec.json.Decoder(list[WireError]).decode


class _Inbox:
    """The responses to one subscription that nobody took yet."""

    def __init__(self, operation: Operation | None) -> None:
        self.operation = operation
        self.size = 0  # bytes
        self.has_ended = False
        self._error: ServiceError | None = None
        self._waiting: deque[bytes] = deque()
        self._changed = asyncio.Event()

    def put(self, payload: bytes) -> None:
        self._waiting.append(payload)
        self.size += len(payload)
        self._changed.set()

    def end(self, error: ServiceError | None = None) -> None:
        """Nothing comes after what is there, but ``error``."""
        if not self.has_ended:
            self.has_ended, self._error = True, error
            self._changed.set()

    async def room(self) -> None:
        """Wait until little is waiting."""
        while self.size > WINDOW:
            await self._change()

    def __aiter__(self) -> _Inbox:
        return self

    async def __anext__(self) -> bytes:
        while not self._waiting:
            if self._error is not None:
                raise self._error
            if self.has_ended:
                raise StopAsyncIteration
            await self._change()
        payload = self._waiting.popleft()
        self.size -= len(payload)
        self._changed.set()
        return payload

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class Connection:
    """Opens at once; whoever subscribes waits for that. ``users`` are counted by its owner."""

    def __init__(
        self, pool: HttpPool, url: str, headers: dict[str, str], *, shared: bool
    ) -> None:
        self.users = 0
        self.is_broken = False
        self._pool = pool
        self._shared = shared
        self._inboxes: dict[str, _Inbox] = {}
        self._ids = count(1)
        self._opening = asyncio.ensure_future(self._open(url, headers))
        self._reading: asyncio.Task[None] | None = None

    async def opened(self, options: CallOptions) -> None:
        """Wait for the server's word. Raises ``ServiceError`` if it says no."""
        socket = await asyncio.shield(self._opening)
        note_headers(socket._response, options)

    async def subscribe(
        self, body: bytes, operation: Operation | None
    ) -> AsyncGenerator[bytes, None]:
        """The responses as they come. Raises ``ServiceError``."""
        key, inbox = str(next(self._ids)), _Inbox(operation)
        self._inboxes[key] = inbox
        try:
            message = b'{"id":"%b","type":"subscribe","payload":%b}'
            await self._send((message % (key.encode(), body)).decode())
            async for payload in inbox:
                yield payload
        finally:
            del self._inboxes[key]
            if self._inboxes and not inbox.has_ended and not self.is_broken:
                await self._send(f'{{"id":"{key}","type":"complete"}}')

    async def close(self) -> None:
        """End it, and what is left on it."""
        self.is_broken = True
        tasks = [task for task in (self._opening, self._reading) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        if not self._opening.cancelled() and self._opening.exception() is None:
            await self._opening.result().close()

    async def _open(
        self, url: str, headers: dict[str, str]
    ) -> aiohttp.ClientWebSocketResponse:
        try:
            socket = await self._pool.session.ws_connect(
                url,
                headers=headers,
                max_msg_size=self._pool.limit,
                protocols=(SUBPROTOCOL,),
            )
            await _begin(socket)
        except aiohttp.WSServerHandshakeError as error:
            self.is_broken = True
            code = code_of_status(error.status)
            raise ServiceError(code, f"no WebSocket: {error.message}") from None
        except UNREACHABLE as error:
            self.is_broken = True
            raise self._pool.unavailable(error) from error
        except ServiceError:
            self.is_broken = True
            raise
        self._reading = asyncio.ensure_future(self._read(socket))
        return socket

    async def _send(self, message: str) -> None:
        try:
            await self._opening.result().send_str(message)
        except UNREACHABLE as error:
            raise self._pool.unavailable(error) from error

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            while True:
                await self._take(socket, await _next(socket))
        except UNREACHABLE as error:
            failure = self._pool.unavailable(error)
        except ServiceError as error:
            failure = error
        self.is_broken = True
        for inbox in self._inboxes.values():
            inbox.end(failure)
        await socket.close()

    async def _take(
        self, socket: aiohttp.ClientWebSocketResponse, message: _Message
    ) -> None:
        if message.type == "ping":
            await socket.send_str('{"type":"pong"}')
        inbox = self._inboxes.get(message.id)
        if inbox is None or inbox.has_ended:
            return
        match message.type:
            case "next":
                inbox.put(bytes(message.payload))
                if not self._shared:
                    await inbox.room()
                elif inbox.size > WINDOW + self._pool.limit:
                    await self._give_up(message.id, inbox)
            case "error":
                inbox.end(_failure(message.payload, inbox.operation))
            case "complete":
                inbox.end()
            case _:
                pass

    async def _give_up(self, key: str, inbox: _Inbox) -> None:
        text = "the events are too far ahead of who reads them"
        inbox.end(ServiceError(Code.RESOURCE_EXHAUSTED, text))
        await self._send(f'{{"id":"{key}","type":"complete"}}')


async def _begin(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Introduce ourselves, and wait until the server has done so."""
    await socket.send_str('{"type":"connection_init"}')
    while (message := await _next(socket)).type != "connection_ack":
        if message.type == "ping":
            await socket.send_str('{"type":"pong"}')


def _failure(payload: msgspec.Raw, operation: Operation | None) -> ServiceError:
    """The error that ended a subscription."""
    try:
        errors = _errors(payload)
    except (msgspec.DecodeError, RecursionError):
        errors = []
    return read_error(errors[0] if errors else WireError(), operation)


async def _next(socket: aiohttp.ClientWebSocketResponse) -> _Message:
    """The next message. Raises ``ServiceError`` if there is none, or it is none."""
    received = await socket.receive()
    if received.type is aiohttp.WSMsgType.TEXT:
        try:
            return _decode(received.data)
        except (msgspec.DecodeError, RecursionError) as error:
            text = f"the response is not valid: {error}"
            raise ServiceError(Code.INTERNAL, text) from None
    code = socket.close_code
    if code is not None and code in _CODES:
        raise ServiceError(_CODES[code], f"the server closed with {code}")
    raise ServiceError(Code.UNAVAILABLE, f"the server ended the stream ({code})")
