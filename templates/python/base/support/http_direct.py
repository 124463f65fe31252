"""The short way of small unary calls: from the parsed request to one write.

Such a call needs neither ``receive`` nor ``send``: its body is there when it starts, and its answer
is one piece. Everything else (streams, long or chunked bodies, upgrades, pipelines) goes uvicorn's
own way through the ASGI application, which answers all requests alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from .http import Connection
from .http_exchange import Answer, Scope

_SMALL = (
    65_536  # bytes of a body; beyond, uvicorn stops reading until somebody receives
)
_EXPECTED = (b"expect", b"transfer-encoding", b"upgrade")


class DirectHandle(Protocol):
    """What answers small unary calls."""

    async def answer(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        captured: Sequence[str],
        body: bytes,
    ) -> Answer:
        """The answer to a request that has come in whole; never raises."""
        ...


class DirectApp(Protocol):
    """An application with a short way."""

    def direct(
        self, method: str, path: str
    ) -> tuple[DirectHandle, Sequence[str]] | None:
        """What answers there, and what its path's braces hold; ``None``: the long way."""
        ...


class DirectConnection(Connection):
    """A connection that recognises small unary calls as soon as their headers are there."""

    def __init__(self, *arguments: Any, direct: DirectApp, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._direct = direct
        self._small = min(_SMALL, self.config.ws_max_size)

    def on_headers_complete(self) -> None:
        cycle = self._direct_cycle()
        if cycle is None:
            super().on_headers_complete()
        else:
            self._in_head = False
            self.cycle = cycle  # type: ignore[assignment]  # has what uvicorn asks of one

    def on_message_complete(self) -> None:
        cycle = self.cycle
        is_due = isinstance(cycle, _DirectCycle) and cycle.more_body
        super().on_message_complete()
        if is_due:
            self._start_asgi_task(cycle, None)

    def _direct_cycle(self) -> _DirectCycle | None:
        """What serves the request, or ``None`` if it has to go the long way."""
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy or self.parser.get_http_version() != "1.1" or self._is_full():
            return None
        path, _, query = self.url.partition(b"?")
        if b"#" in query:
            return None
        method = self.parser.get_method().decode("ascii")
        found = self._direct.direct(method, path.decode("latin-1"))
        if found is None:
            return None
        headers = dict(self.headers)
        if int(headers.get(b"content-length", 0)) > self._small:
            return None
        if not headers.keys().isdisjoint(_EXPECTED):
            return None
        self.scope["method"] = method
        self.scope["query_string"] = query
        return _DirectCycle(self, headers, *found)

    def _is_full(self) -> bool:
        limit = self.limit_concurrency
        used = max(len(self.connections), len(self.tasks))
        return limit is not None and used >= limit


class _Unheard:
    """The event of a body that nobody waits for."""

    def set(self) -> None:
        """Nobody waits."""


class _DirectCycle:
    """One request and its answer, with what uvicorn's protocol looks at in a cycle."""

    __slots__ = (
        "_captured",
        "_connection",
        "_handle",
        "_headers",
        "_scope",
        "body",
        "disconnected",
        "keep_alive",
        "more_body",
        "response_complete",
        "response_started",
    )

    message_event = _Unheard()

    def __init__(
        self,
        connection: DirectConnection,
        headers: dict[bytes, bytes],
        handle: DirectHandle,
        captured: Sequence[str],
    ) -> None:
        self._connection = connection
        # The connection's own scope is the next request's as soon as one begins.
        self._scope: Any = connection.scope
        self._headers = headers
        self._handle = handle
        self._captured = captured
        self.body = b""
        self.more_body = True
        self.disconnected = False
        self.response_started = False
        self.response_complete = False
        self.keep_alive = connection.parser.should_keep_alive()

    async def run_asgi(self, _app: None) -> None:
        connection = self._connection
        try:
            status, headers, body = await self._handle.answer(
                self._scope, self._headers, self._captured, self.body
            )
        except asyncio.CancelledError:
            return  # the client is gone, or the server is
        except Exception:
            connection.transport.close()
            raise
        if connection.flow.write_paused:
            await connection.flow.drain()
        if self.disconnected:
            return
        self.response_started = self.response_complete = True
        connection.transport.write(self._encoded(status, headers, body))
        if not self.keep_alive:
            connection.transport.close()
        connection.on_response_complete()

    def _encoded(
        self, status: int, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> bytes:
        parts = [STATUS_LINE[status]]
        for name, value in self._connection.server_state.default_headers + headers:
            parts += (name, b": ", value, b"\r\n")
        if not self.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"\r\n", body)
        return b"".join(parts)
