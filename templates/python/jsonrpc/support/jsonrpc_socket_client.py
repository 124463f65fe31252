"""The client's side of WebSocket: one connection, all calls in flight on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp

from .channel import CallOptions
from .deadline import within
from .endpoint import Endpoint
from .errors import ServiceError
from .http_client import UNREACHABLE, HttpPool
from .http_errors import code_of_status, phrase
from .jsonrpc_connection import Connection
from .jsonrpc_method import Method
from .jsonrpc_outgoing import outgoing
from .jsonrpc_socket_call import SocketCall, Upload
from .operation import Operation
from .settings import ClientSettings


class SocketChannel:
    """Connects when a call needs it, and again after a connection broke."""

    def __init__(
        self, methods: Sequence[Method], endpoint: Endpoint, settings: ClientSettings
    ) -> None:
        secure = endpoint.scheme.endswith("wss")
        self._pool = HttpPool(endpoint, settings, secure=secure)
        self._outgoing = outgoing(methods)
        self._connecting = asyncio.Lock()
        self._open: Connection | None = None

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        call = SocketCall(self._outgoing[operation], options)
        params = call.method.params(request)
        connection = await within(call.deadline, self._connection())
        connection.begin(call)
        try:
            await connection.send(call.request(params))
            if operation.oneway:
                return None
            return await within(call.deadline, call.outcome())
        finally:
            connection.end(call)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        call = SocketCall(self._outgoing[operation], options)
        connection = await within(call.deadline, self._connection())
        connection.begin(call)
        try:
            await connection.send(call.request(b""))
            async with Upload(connection.send, call, requests):
                return await within(call.deadline, call.outcome())
        finally:
            connection.end(call)

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        call = SocketCall(self._outgoing[operation], options)
        params = call.method.params(request)
        connection = await within(call.deadline, self._connection())
        connection.begin(call)
        try:
            await connection.send(call.request(params))
            async with aclosing(call.values()) as values:
                async for value in values:
                    yield value
        finally:
            connection.end(call)

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        call = SocketCall(self._outgoing[operation], options)
        connection = await within(call.deadline, self._connection())
        connection.begin(call)
        try:
            await connection.send(call.request(b""))
            async with (
                Upload(connection.send, call, requests),
                aclosing(call.values()) as values,
            ):
                async for value in values:
                    yield value
        finally:
            connection.end(call)

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()
        await self._pool.close()

    async def _connection(self) -> Connection:
        if self._open is not None and not self._open.is_closed:
            return self._open
        async with self._connecting:
            if self._open is None or self._open.is_closed:
                self._open = Connection(await self._connect(), self._pool)
            return self._open

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        try:
            return await self._pool.session.ws_connect(
                self._pool.base, max_msg_size=self._pool.limit
            )
        except aiohttp.WSServerHandshakeError as error:
            text = f"no WebSocket at {self._pool.base}: {phrase(error.status)}"
            raise ServiceError(code_of_status(error.status), text) from None
        except UNREACHABLE as error:
            raise self._pool.unavailable(error) from error
