"""The client's side of HTTP: one pool of connections to one address (aiohttp)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp

from .channel import CallOptions
from .deadline import within
from .endpoint import Endpoint
from .errors import ServiceError
from .http_client import UNREACHABLE, HttpPool, note_headers, send_along
from .http_negotiation import JSON, NDJSON
from .operation import Operation
from .rest_lines import LineTooLongError, lines, unmarked
from .rest_outgoing import Outgoing, outgoing_by_operation
from .rest_problem import decode_problem
from .rest_routes import Route
from .rest_socket_client import SocketCall
from .settings import ClientSettings

_SECURE = ("rest+https", "https")


class RestChannel:
    """Calls over HTTP. Connections are made when needed and kept for the next call."""

    def __init__(
        self, routes: Sequence[Route], endpoint: Endpoint, settings: ClientSettings
    ) -> None:
        secure = endpoint.scheme in _SECURE
        self._pool = HttpPool(endpoint, settings, secure=secure)
        base = self._pool.base
        self._outgoing = outgoing_by_operation(routes, base)

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        prepared = self._outgoing[operation].prepare(request)
        prepared.headers["accept"] = JSON
        return await self._exchange(*prepared, options)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        outgoing = self._outgoing[operation]
        upload = _Upload(outgoing, requests)
        headers = {"accept": JSON, "content-type": NDJSON}
        try:
            async with aclosing(upload.lines()) as body:
                return await self._exchange(
                    outgoing, outgoing.fixed_url, headers, body, options
                )
        except ServiceError as error:
            raise upload.failure or error from None

    async def _exchange(
        self,
        outgoing: Outgoing,
        url: Any,
        headers: dict[str, str],
        body: Any,
        options: CallOptions,
    ) -> Any:
        status, data = await self._pool.exchange(
            outgoing.method, url, headers, body, options
        )
        if status >= 300:
            raise decode_problem(outgoing.operation, status, data)
        return outgoing.response(data)

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        outgoing, url, headers, body = self._outgoing[operation].prepare(request)
        headers["accept"] = NDJSON
        deadline = send_along(options, headers)
        try:
            response = await within(
                deadline,
                self._pool.session.request(
                    outgoing.method,
                    url,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                ),
            )
            async with response:
                note_headers(response, options)
                if response.status >= 300:
                    data = await within(deadline, self._pool.read(response))
                    raise decode_problem(operation, response.status, data)
                async with aclosing(self._lines(response, deadline)) as found:
                    async for line in found:
                        if (problem := unmarked(line)) is not None:
                            raise decode_problem(operation, 500, problem)
                        yield outgoing.item(line)
        except UNREACHABLE as error:
            raise self._pool.unavailable(error) from error

    async def _lines(
        self, response: aiohttp.ClientResponse, deadline: float | None
    ) -> AsyncGenerator[bytes, None]:
        found = lines(response.content.iter_any(), self._pool.limit)
        async with aclosing(found):
            while True:
                try:
                    yield await within(deadline, anext(found))
                except StopAsyncIteration:
                    return
                except LineTooLongError:
                    raise self._pool.too_large() from None

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        outgoing = self._outgoing[operation]
        headers: dict[str, str] = {}
        deadline = send_along(options, headers)
        limit = self._pool.limit
        try:
            connect = self._pool.session.ws_connect(
                outgoing.fixed_url, headers=headers, max_msg_size=limit
            )
            socket = await within(deadline, connect)
            async with (
                socket,
                aclosing(SocketCall(socket, outgoing, requests).run()) as items,
            ):
                while True:
                    try:
                        item = await within(deadline, anext(items))
                    except StopAsyncIteration:
                        return
                    yield item
        except aiohttp.WSServerHandshakeError as error:
            raise decode_problem(operation, error.status, b"") from None
        except UNREACHABLE as error:
            raise self._pool.unavailable(error) from error

    async def close(self) -> None:
        await self._pool.close()


class _Upload:
    """The requests of a client stream as the lines of a body; keeps what its source raised."""

    def __init__(self, outgoing: Outgoing, requests: AsyncIterator[Any]) -> None:
        self._outgoing = outgoing
        self._requests = requests
        self.failure: Exception | None = None

    async def lines(self) -> AsyncGenerator[bytes, None]:
        try:
            async for request in self._requests:
                yield self._outgoing.line(request)
        except Exception as error:
            self.failure = error
            raise
