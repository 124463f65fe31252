"""The client's side of HTTP: one pool of connections to one address (aiohttp)."""

from __future__ import annotations

import time
from typing import Any

import aiohttp

from .channel import CallOptions
from .deadline import within
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .http_exchange import TIMEOUT_HEADER, decode_headers, header_texts
from .settings import ClientSettings
from .tls import client_context

UNREACHABLE = (aiohttp.ClientError, OSError)
"""What a request raises that got no answer."""


class HttpPool:
    """Connections are made when needed and kept for the next call."""

    def __init__(
        self, endpoint: Endpoint, settings: ClientSettings, *, secure: bool
    ) -> None:
        scheme = "https" if secure else "http"
        self.base = f"{scheme}://{endpoint.authority}{endpoint.path}"
        self.limit = settings.max_message_bytes
        self._options = settings.options
        self._tls = client_context(settings.tls) if secure else None
        self._open: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._open is None:
            connector = aiohttp.TCPConnector(limit=0, ssl=self._tls or True)
            self._open = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None),
                skip_auto_headers=("user-agent", "accept-encoding", "content-type"),
                cookie_jar=aiohttp.DummyCookieJar(),
                **self._options,
            )
        return self._open

    async def exchange(
        self,
        method: str,
        url: Any,
        headers: dict[str, str],
        body: Any,
        options: CallOptions,
    ) -> tuple[int, bytes]:
        """The status and body of the answer to one request, within the call's time."""
        deadline = send_along(options, headers)
        answer = self._exchange(method, url, headers, body, options)
        return await within(deadline, answer)

    async def _exchange(
        self,
        method: str,
        url: Any,
        headers: dict[str, str],
        body: Any,
        options: CallOptions,
    ) -> tuple[int, bytes]:
        try:
            async with self.session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                note_headers(response, options)
                return response.status, await self.read(response)
        except UNREACHABLE as error:
            raise self.unavailable(error) from error

    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        """The whole body, of a bounded size."""
        announced = response.content_length
        if announced is not None and announced <= self.limit:
            return await response.read()
        data = bytearray()
        async for part in response.content.iter_any():
            data += part
            if len(data) > self.limit:
                raise self.too_large()
        return bytes(data)

    def too_large(self) -> ServiceError:
        text = f"the response has more than {self.limit} bytes"
        return ServiceError(Code.RESOURCE_EXHAUSTED, text)

    def unavailable(self, error: BaseException) -> ServiceError:
        text = str(error) or type(error).__name__
        failure = ServiceError(Code.UNAVAILABLE, f"no answer from {self.base}: {text}")
        failure.unsent = isinstance(error, aiohttp.ClientConnectorError)
        return failure

    def broken_off(self, socket: aiohttp.ClientWebSocketResponse) -> ServiceError:
        """Why a WebSocket has ended early (RFC 6455, 7.4.1)."""
        if socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
            text = "the WebSocket was closed: a message was too large"
            return ServiceError(Code.RESOURCE_EXHAUSTED, text)
        closed = ConnectionError(f"the WebSocket was closed ({socket.close_code})")
        return self.unavailable(socket.exception() or closed)

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()


def send_along(options: CallOptions, headers: dict[str, str]) -> float | None:
    """Add what the call sends along; when it must have ended (``time.monotonic``)."""
    for name, value in header_texts(options.metadata):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if options.timeout is None:
        return None
    headers[TIMEOUT_HEADER.decode()] = f"{options.timeout:.6f}"
    return time.monotonic() + options.timeout


def note_headers(response: aiohttp.ClientResponse, options: CallOptions) -> None:
    """Keep the response's metadata for the caller, if it looks at it."""
    if not options.wants_metadata:
        return
    for name, value in decode_headers(response.raw_headers):
        if name.startswith("trailer-"):
            options.trailers.add(name.removeprefix("trailer-"), value)
        else:
            options.headers.add(name, value)
