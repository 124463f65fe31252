"""The client's side of HTTP: one pool of connections to one address (aiohttp)."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp

from .channel import CallOptions
from .deadline import within
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .operation import Operation
from .rest_exchange import decode_headers, header_texts
from .rest_lines import LineTooLongError, lines, unmarked
from .rest_negotiation import JSON, NDJSON
from .rest_outgoing import Outgoing
from .rest_problem import decode_problem
from .rest_routes import Route
from .rest_socket_client import SocketCall
from .settings import ClientSettings
from .tls import client_context

_SECURE = ("rest+https", "https")
_UNREACHABLE = (aiohttp.ClientError, OSError)


class RestChannel:
    """Calls over HTTP. Connections are made when needed and kept for the next call."""

    def __init__(
        self, routes: Sequence[Route], endpoint: Endpoint, settings: ClientSettings
    ) -> None:
        secure = endpoint.scheme in _SECURE
        self._base = (
            f"{'https' if secure else 'http'}://{endpoint.authority}{endpoint.path}"
        )
        self._outgoing = {
            route.operation: Outgoing(route, self._base) for route in routes
        }
        self._settings = settings
        self._tls = client_context(settings.tls) if secure else None
        self._open: aiohttp.ClientSession | None = None

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            connector = aiohttp.TCPConnector(limit=0, ssl=self._tls or True)
            self._open = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None),
                skip_auto_headers=("user-agent", "accept-encoding", "content-type"),
                cookie_jar=aiohttp.DummyCookieJar(),
                **self._settings.options,
            )
        return self._open

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        outgoing = self._outgoing[operation]
        url, headers, body = outgoing.request(request)
        headers["accept"] = JSON
        return await self._exchange(outgoing, url, headers, body, options)

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
        deadline = _deadline(options, headers)
        answer = self._send(outgoing, url, headers, body, options)
        status, data = await within(deadline, answer)
        if status >= 300:
            raise decode_problem(outgoing.operation, status, data)
        return outgoing.response(data)

    async def _send(
        self,
        outgoing: Outgoing,
        url: Any,
        headers: dict[str, str],
        body: Any,
        options: CallOptions,
    ) -> tuple[int, bytes]:
        try:
            async with self._session.request(
                outgoing.method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                _note_headers(response, options)
                return response.status, await self._read(response)
        except _UNREACHABLE as error:
            raise self._unavailable(error) from error

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        outgoing = self._outgoing[operation]
        url, headers, body = outgoing.request(request)
        headers["accept"] = NDJSON
        deadline = _deadline(options, headers)
        try:
            response = await within(
                deadline,
                self._session.request(
                    outgoing.method,
                    url,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                ),
            )
            async with response:
                _note_headers(response, options)
                if response.status >= 300:
                    data = await within(deadline, self._read(response))
                    raise decode_problem(operation, response.status, data)
                async with aclosing(self._lines(response, deadline)) as found:
                    async for line in found:
                        if (problem := unmarked(line)) is not None:
                            raise decode_problem(operation, 500, problem)
                        yield outgoing.item(line)
        except _UNREACHABLE as error:
            raise self._unavailable(error) from error

    async def _lines(
        self, response: aiohttp.ClientResponse, deadline: float | None
    ) -> AsyncGenerator[bytes, None]:
        found = lines(response.content.iter_any(), self._settings.max_message_bytes)
        async with aclosing(found):
            while True:
                try:
                    yield await within(deadline, anext(found))
                except StopAsyncIteration:
                    return
                except LineTooLongError:
                    raise self._too_large() from None

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        outgoing = self._outgoing[operation]
        headers: dict[str, str] = {}
        deadline = _deadline(options, headers)
        limit = self._settings.max_message_bytes
        try:
            connect = self._session.ws_connect(
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
        except _UNREACHABLE as error:
            raise self._unavailable(error) from error

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        limit = self._settings.max_message_bytes
        if response.content_length is not None and response.content_length <= limit:
            return await response.read()
        data = bytearray()
        async for part in response.content.iter_any():
            data += part
            if len(data) > limit:
                raise self._too_large()
        return bytes(data)

    def _too_large(self) -> ServiceError:
        limit = self._settings.max_message_bytes
        return ServiceError(
            Code.RESOURCE_EXHAUSTED, f"the response has more than {limit} bytes"
        )

    def _unavailable(self, error: BaseException) -> ServiceError:
        text = str(error) or type(error).__name__
        return ServiceError(Code.UNAVAILABLE, f"no answer from {self._base}: {text}")


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


def _deadline(options: CallOptions, headers: dict[str, str]) -> float | None:
    """When the call must have ended (``time.monotonic``); adds what the call sends along."""
    for name, value in header_texts(options.metadata):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if options.timeout is None:
        return None
    headers["x-request-timeout"] = f"{options.timeout:.6f}"
    return time.monotonic() + options.timeout


def _note_headers(response: aiohttp.ClientResponse, options: CallOptions) -> None:
    for name, value in decode_headers(response.raw_headers):
        if name.startswith("trailer-"):
            options.trailers.add(name.removeprefix("trailer-"), value)
        else:
            options.headers.add(name, value)
