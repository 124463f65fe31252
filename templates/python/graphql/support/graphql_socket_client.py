"""The client's WebSockets (graphql-transport-ws): events share one, a stream has its own.

Nobody waits for the reader of an event: it is told that it lost its place. A stream that a call
gives waits for its reader, which is why no other subscription may be on its socket.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing

from .channel import CallOptions
from .deadline import within
from .graphql_connection import Connection
from .graphql_fields import headers_extension
from .http_client import HttpPool, send_along
from .http_exchange import TIMEOUT_HEADER, header_texts
from .operation import Operation

MOST = 100  # events on one socket; servers have a limit of their own
_TRACE = ("traceparent", "tracestate")


class Sockets:
    """The open sockets of one address. Each is closed when its last subscription ends."""

    def __init__(self, pool: HttpPool, url: str) -> None:
        self._pool = pool
        self._url = url
        self._shared: dict[Hashable, Connection] = {}

    async def received(
        self,
        body: bytes,
        options: CallOptions,
        operation: Operation | None = None,
        *,
        shared: bool = False,
    ) -> AsyncGenerator[bytes, None]:
        """The responses to a subscription as they come. Raises ``ServiceError``."""
        deadline = None
        if options.timeout is not None:
            deadline = time.monotonic() + options.timeout
        if shared:
            connection = self._connection(options)
            body = body[:-1] + b"," + headers_extension(_own(options)) + b"}"
        else:
            headers: dict[str, str] = {}
            send_along(options, headers)
            connection = Connection(self._pool, self._url, headers, shared=False)
        connection.users += 1
        try:
            await within(deadline, connection.opened(options))
            responses = connection.subscribe(body, operation)
            async with aclosing(responses):
                while True:
                    try:
                        payload = await within(deadline, anext(responses))
                    except StopAsyncIteration:
                        return
                    yield payload
        finally:
            connection.users -= 1
            if not connection.users:
                await self._end(connection)

    def _connection(self, options: CallOptions) -> Connection:
        """An open socket of the same credentials and metadata, or a new one."""
        common = [pair for pair in options.metadata if pair[0] not in _TRACE]
        key = tuple(common)
        found = self._shared.get(key)
        if found is None or found.is_broken or found.users >= MOST:
            headers: dict[str, str] = {}
            send_along(CallOptions(metadata=common), headers)
            found = Connection(self._pool, self._url, headers, shared=True)
            self._shared[key] = found
        return found

    async def _end(self, connection: Connection) -> None:
        for key, open_one in list(self._shared.items()):
            if open_one is connection:
                del self._shared[key]
        await connection.close()


def _own(options: CallOptions) -> dict[str, str]:
    """What belongs to one subscription on a socket of several."""
    trace = [pair for pair in options.metadata if pair[0] in _TRACE]
    found = dict(header_texts(trace))
    if options.timeout is not None:
        found[TIMEOUT_HEADER.decode()] = f"{options.timeout:.6f}"
    return found
