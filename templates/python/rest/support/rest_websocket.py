"""Both ways at once over WebSocket, at the server.

Every text message is one JSON value. The client ends its stream with an empty message. The server
ends the call by closing with 1000; a call that failed gets a last message ``{"$problem": {…}}`` and
is closed with 4000 plus the HTTP status that the error has elsewhere (4400, 4404 …).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from .dispatch import Dispatcher
from .errors import ServiceError
from .http_exchange import (
    FAULTS,
    HttpContext,
    Receive,
    Scope,
    Send,
    internal,
    too_large,
)
from .json import json_codec
from .rest_lines import escaped, marked
from .rest_problem import encode_problem, status_of
from .rest_routes import Route
from .settings import ServerSettings

Socket = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE_NORMAL = 1000
CLOSE_PROBLEM = 4000  # plus the status
_AHEAD = 16  # messages that are read before the handler asks for them


def socket_handle(
    route: Route, dispatcher: Dispatcher, settings: ServerSettings
) -> Socket:
    """What serves a route with many requests and many responses."""
    return _Conversations(route, dispatcher, settings).serve


class _Conversations:
    """Serves one route; a connection is one call."""

    def __init__(
        self, route: Route, dispatcher: Dispatcher, settings: ServerSettings
    ) -> None:
        style = {"int64_as_string": route.int64_as_string}
        self._operation = route.operation
        self._stream = dispatcher.stream(route.operation)
        self._decode = json_codec(route.operation.request, **style).decode
        self._encode = json_codec(route.operation.response, **style).encode
        self._limit = settings.max_message_bytes

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        inbox = _Inbox(receive, self._limit)
        talking = asyncio.ensure_future(self._talk(scope, send, inbox))
        reading = asyncio.ensure_future(inbox.fill())
        try:
            await asyncio.wait({talking, reading}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            if not talking.done():
                talking.cancel()
            await asyncio.wait({talking, reading})
        if not talking.cancelled() and not isinstance(talking.exception(), OSError):
            talking.result()

    async def _talk(self, scope: Scope, send: Send, inbox: _Inbox) -> None:
        try:
            headers = dict(scope["headers"])
            context = HttpContext(self._operation, "rest", scope, headers)
            responses = self._stream(inbox.requests(self._decode), context)
            async with aclosing(responses):  # type: ignore[type-var]
                async for response in responses:
                    await _send_text(send, escaped(self._encode(response)))
        except ServiceError as error:
            await _fail(send, error)
        except FAULTS as error:
            await _fail(send, internal(error))
        else:
            await _close(send, CLOSE_NORMAL)


class _Inbox:
    """The client's messages, a few of them read ahead so that its leaving is noticed."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._messages: asyncio.Queue[bytes | ServiceError | None] = asyncio.Queue(
            _AHEAD
        )

    async def fill(self) -> None:
        """Read until the client leaves."""
        ended = False
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            if not ended:
                ended = await self._take(message)

    async def _take(self, message: Any) -> bool:
        """Keep a message; is it the last one of the client's stream?"""
        data: bytes = message.get("bytes") or (message.get("text") or "").encode()
        if len(data) > self._limit:
            await self._messages.put(too_large(self._limit))
            return True
        await self._messages.put(data or None)
        return not data

    async def requests(self, decode: Callable[[bytes], Any]) -> AsyncIterator[Any]:
        while (data := await self._messages.get()) is not None:
            if isinstance(data, ServiceError):
                raise data
            yield decode(data)


async def _send_text(send: Send, data: bytes) -> None:
    await send({"type": "websocket.send", "text": data.decode()})


async def _fail(send: Send, error: ServiceError) -> None:
    await _send_text(send, marked(encode_problem(error)))
    await _close(send, CLOSE_PROBLEM + status_of(error))


async def _close(send: Send, code: int) -> None:
    await send({"type": "websocket.close", "code": code})
