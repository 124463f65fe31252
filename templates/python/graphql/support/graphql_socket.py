"""Subscriptions, and anything else, over WebSocket: the protocol graphql-transport-ws.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from .context import Context, Metadata
from .dispatch import presented
from .errors import Code, ServiceError
from .graphql_documents import InvalidQueryError, Prepared
from .graphql_errors import Shown, show
from .graphql_executor import Executor, Run, encode
from .graphql_faults import show_all
from .graphql_fields import SUBPROTOCOL, own_headers
from .graphql_http import Asked, GraphqlContext, prepare
from .graphql_mixin import no_handler
from .http_cors import may_open_socket
from .http_exchange import (
    FAULTS,
    TIMEOUT_HEADER,
    Receive,
    Scope,
    Send,
    internal,
)
from .operation import Kind, Operation
from .settings import ServerSettings

INIT_LIMIT = 3.0  # seconds that a client has to begin
MAX_OPERATIONS = 256  # at once on one connection


class _Message(msgspec.Struct):
    """What a client sends."""

    type: str
    id: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")


_BEGINNING = Operation(
    service="GraphQL",
    name="connection_init",
    kind=Kind.UNARY,
    request=None,
    response=None,
    invoke=no_handler,
)
"""What is going on before there is an operation."""

_TIMEOUT = TIMEOUT_HEADER.decode()
_decode = msgspec.json.Decoder(_Message).decode
_payload = msgspec.json.Decoder(dict[str, Any] | None).decode
_asked = msgspec.json.Decoder(Asked).decode


class _CloseError(Exception):
    """The connection has to be closed, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason[:120]


class SocketContext(GraphqlContext):
    """A call over WebSocket; its metadata are its own, what the client began with, and the headers."""

    __slots__ = ("given",)

    def __init__(
        self, operation: Operation, scope: Scope, given: Mapping[str, Any], limit: float
    ) -> None:
        self.given = given
        headers = dict(scope["headers"])
        if isinstance(timeout := given.get(_TIMEOUT), str):
            headers[TIMEOUT_HEADER] = timeout.encode()
        super().__init__(operation, scope, headers, limit)

    def read_metadata(self) -> Metadata:
        texts = [(k.lower(), v) for k, v in self.given.items() if isinstance(v, str)]
        return Metadata([*texts, *super().read_metadata()])


class SocketSide:
    """Serves GraphQL by WebSocket."""

    def __init__(self, executor: Executor, settings: ServerSettings) -> None:
        self._executor = executor
        self._settings = settings

    async def serve(
        self, scope: Scope, receive: Receive, send: Send, *, found: bool
    ) -> None:
        await receive()
        if not found or not may_open_socket(scope, self._settings.cors_origins):
            await send({"type": "websocket.close", "code": 1000})
            return
        if SUBPROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.accept"})
            await _close(send, _CloseError(4406, "Subprotocol not acceptable"))
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        await _Connection(self._executor, self._settings, scope, send).run(receive)


class _Connection:
    def __init__(
        self, executor: Executor, settings: ServerSettings, scope: Scope, send: Send
    ) -> None:
        self._executor = executor
        self._settings = settings
        self._scope = scope
        self._send = send
        self._given: Mapping[str, Any] | None = None
        self._began = False
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self, receive: Receive) -> None:
        """Serve until the client leaves or breaks the protocol."""
        loop = asyncio.get_running_loop()
        late = loop.call_later(INIT_LIMIT, self._is_late)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._take(message)
        except _CloseError as error:
            await _close(self._send, error)
        except OSError:
            pass  # the client is gone
        finally:
            late.cancel()
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    def _is_late(self) -> None:
        if not self._began:
            error = _CloseError(4408, "Connection initialisation timeout")
            closing = asyncio.ensure_future(_close(self._send, error))
            self._running[""] = closing

    async def _take(self, received: Any) -> None:
        message = _read(received)
        match message.type:
            case "connection_init":
                await self._begin(message)
            case "ping":
                await self._write({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                self._subscribe(message)
            case "complete":
                if (task := self._running.pop(message.id, None)) is not None:
                    task.cancel()
            case _:
                raise _CloseError(4400, "Invalid message received")

    async def _begin(self, message: _Message) -> None:
        if self._began:
            raise _CloseError(4429, "Too many initialisation requests")
        self._began = True
        try:
            given = _payload(message.payload) or {}
        except (msgspec.DecodeError, RecursionError):
            raise _CloseError(4400, "Invalid message received") from None
        await self._authenticate(given)
        self._given = given
        await self._write({"type": "connection_ack"})

    async def _authenticate(self, given: Mapping[str, Any]) -> None:
        """Refuse credentials that are wrong at once; operations need them or not."""
        hook = self._settings.authenticate
        if hook is None:
            return
        context = SocketContext(_BEGINNING, self._scope, given, 1.0)
        for credentials in presented(context):
            if await hook(credentials) is None:
                raise _CloseError(4403, "Forbidden")

    def _subscribe(self, message: _Message) -> None:
        if self._given is None:
            raise _CloseError(4401, "Unauthorized")
        if not message.id:
            raise _CloseError(4400, "Invalid message received")
        if message.id in self._running:
            text = f"Subscriber for {message.id} already exists"
            raise _CloseError(4409, text)
        try:
            asked = _asked(message.payload)
        except (msgspec.DecodeError, RecursionError):
            raise _CloseError(4400, "Invalid message received") from None
        task = asyncio.ensure_future(self._operate(message.id, asked))
        self._running[message.id] = task

    async def _operate(self, key: str, asked: Asked) -> None:
        try:
            if len(self._running) > MAX_OPERATIONS:
                text = "too many operations at once on this connection"
                raise ServiceError(Code.RESOURCE_EXHAUSTED, text)
            await self._execute(key, prepare(self._executor, asked), asked)
        except InvalidQueryError as error:
            await self._fail(key, show_all(error.errors))
        except ServiceError as error:
            await self._fail(key, [show(error)])
        except FAULTS as error:
            await self._fail(key, [show(internal(error))])
        except OSError:
            pass  # the client is gone
        else:
            if self._running.pop(key, None) is not None:
                await self._write({"id": key, "type": "complete"})

    async def _execute(self, key: str, prepared: Prepared, asked: Asked) -> None:
        own = own_headers(asked.extensions)
        run = Run(lambda operation: self._context(operation, own))
        variables = asked.variables or {}
        if prepared.kind == "subscription":
            responses = self._executor.subscribe(prepared, variables, run)
            async with aclosing(responses):  # type: ignore[type-var]
                async for response in responses:
                    await self._next(key, response)
        else:
            await self._next(key, await self._executor.run(prepared, variables, run))

    def _context(self, operation: Operation, own: Mapping[str, str]) -> Context:
        limit = self._executor.limits.time
        given = {**(self._given or {}), **own}
        return SocketContext(operation, self._scope, given, limit)

    async def _next(self, key: str, response: bytes) -> None:
        head = b'{"id":' + encode(key) + b',"type":"next","payload":'
        await self._text(head + response + b"}")

    async def _fail(self, key: str, errors: list[Shown]) -> None:
        if self._running.pop(key, None) is not None:
            await self._write({"id": key, "type": "error", "payload": errors})

    async def _write(self, message: Any) -> None:
        await self._text(encode(message))

    async def _text(self, data: bytes) -> None:
        await self._send({"type": "websocket.send", "text": data.decode()})


def _read(received: Any) -> _Message:
    text = received.get("text")
    if text is None:
        raise _CloseError(4400, "Invalid message received")
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise _CloseError(4400, "Invalid message received") from None


async def _close(send: Send, error: _CloseError) -> None:
    await send({"type": "websocket.close", "code": error.code, "reason": error.reason})
