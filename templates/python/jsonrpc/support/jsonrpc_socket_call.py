"""One call over a WebSocket at the client, and the values that it sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Self

import msgspec

from .channel import CallOptions
from .deadline import within
from .errors import ServiceError
from .http_exchange import TIMEOUT_HEADER, header_texts
from .jsonrpc_outgoing import Incoming, Outgoing
from .jsonrpc_stream import COMPLETE, WINDOW, Credit, Inbox, signal, value_signal

_WINDOW = b',"window":%d' % WINDOW


class SocketCall:
    """One call and what came of it."""

    def __init__(self, method: Outgoing, options: CallOptions) -> None:
        self.method = method
        self.ident = b""
        self.deadline: float | None = None
        self.credit = Credit(WINDOW)
        self.inbox: Inbox | None = None
        self.is_ended = method.operation.oneway  # at the server
        self._options = options
        self._response: asyncio.Future[Incoming] = asyncio.Future()
        if options.timeout is not None:
            self.deadline = time.monotonic() + options.timeout

    def request(self, params: bytes) -> bytes:
        """The message that starts it."""
        headers: dict[str, str] = {}
        for name, value in header_texts(self._options.metadata):
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if self._options.timeout is not None:
            headers[TIMEOUT_HEADER.decode()] = f"{self._options.timeout:.6f}"
        more = b',"headers":' + msgspec.json.encode(headers) if headers else b""
        if self.method.operation.kind.gives_stream:
            more += _WINDOW
        ident = b"" if self.method.operation.oneway else self.ident
        return self.method.call(ident, params, more)

    async def outcome(self) -> Any:
        """The value of the response. Raises the error that it stands for."""
        return self.method.outcome(await self._response)

    async def values(self) -> AsyncGenerator[Any, None]:
        assert self.inbox is not None
        async with aclosing(self.inbox.values(self.method.value)) as values:
            while True:
                try:
                    yield await within(self.deadline, anext(values))
                except StopAsyncIteration:
                    return

    def respond(self, response: Incoming) -> None:
        """The server has ended the call."""
        self.is_ended = True
        for name, value in response.headers.items():
            self._options.headers.add(name, value)
        for name, value in response.trailers.items():
            self._options.trailers.add(name, value)
        if not self._response.done():
            self._response.set_result(response)
        if self.inbox is None:
            return
        try:
            self.method.outcome(response)
        except ServiceError as error:
            self.inbox.fail(error)
        else:
            self.inbox.end()

    def fail(self, error: Exception) -> None:
        """The call ends without a response."""
        if not self._response.done():
            self._response.set_exception(error)
            self._response.exception()  # told to whoever awaits it; perhaps nobody does
        if self.inbox is not None:
            self.inbox.fail(error)


class Upload:
    """Sends the values of a call while the block runs; what its source raises fails the call."""

    def __init__(
        self,
        send: Callable[[bytes], Awaitable[None]],
        call: SocketCall,
        requests: AsyncIterator[Any],
    ) -> None:
        self._write = send
        self._call = call
        self._requests = requests

    async def __aenter__(self) -> Self:
        self._sending = asyncio.ensure_future(self._send())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sending.cancel()
        await asyncio.wait({self._sending})
        if not self._sending.cancelled():
            self._sending.exception()  # told as that of the call

    async def _send(self) -> None:
        call = self._call
        try:
            async for request in self._requests:
                value = call.method.encode_value(request)
                await call.credit.spend(value)
                await self._write(value_signal(call.ident, value))
            await self._write(signal(COMPLETE, call.ident))
        except Exception as error:
            call.fail(error)
            raise
