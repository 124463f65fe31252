"""Serves an ASGI application on uvicorn: limits, slow clients, graceful end."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .endpoint import Endpoint
from .errors import ConfigurationError
from .http_socket import SocketConnection
from .settings import ServerSettings
from .tls import server_context

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

KEEP_ALIVE = 75  # seconds that a connection may be idle between requests
MAX_HEAD_BYTES = 65_536  # of a request line with its headers
LAST_GRACE = 1.0  # seconds that cancelled requests have to clean up
POLL = 0.02  # seconds between looks at what is still open while draining

_REFUSAL = b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class AsgiListener:
    """A ``Listener`` of an ASGI application.

    Schemes that end in ``https`` or ``wss`` need ``settings.tls``.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        app: AsgiApp,
        settings: ServerSettings,
        connection: Callable[..., Connection] | None = None,
    ) -> None:
        """``connection`` makes the protocol of a connection, if the usual one will not do."""
        self._endpoint = endpoint
        self._settings = settings
        self._config = uvicorn.Config(
            _quiet(app),
            http=connection or Connection,  # type: ignore[arg-type]  # called, no more
            ws=SocketConnection,
            ws_max_size=settings.max_message_bytes,
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=settings.max_connections,
            timeout_keep_alive=KEEP_ALIVE,
        )
        self._server = uvicorn.Server(self._config)
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> Endpoint:
        """Bind and accept; return the address with the port that was bound."""
        self._config.load()
        if self._endpoint.scheme.endswith(("https", "wss")):
            if self._settings.tls is None:
                raise ConfigurationError(
                    f"{self._endpoint} needs a TLS certificate and key"
                )
            self._config.ssl = server_context(self._settings.tls, ("http/1.1",))
        bound = _bind(self._endpoint)
        self._server.lifespan = self._config.lifespan_class(self._config)
        await self._server.on_tick(0)
        await self._server.startup(sockets=[bound])
        self._ticking = asyncio.create_task(self._tick())
        return self._endpoint.at(bound.getsockname()[1])

    async def stop(self, grace: float) -> None:
        """Accept nothing new, give requests ``grace`` seconds, then end them."""
        for listener in self._server.servers:
            listener.close()
        end = time.monotonic() + grace
        for connection in list(self._connections):
            if isinstance(connection, Connection):
                connection.shutdown()
        await self.finish(grace)
        for connection in list(self._connections):
            connection.shutdown()
        while self._connections and time.monotonic() < end:
            await asyncio.sleep(POLL)
        for task in list(self._server.server_state.tasks):
            task.cancel()
        for connection in list(self._connections):
            connection.transport.abort()
        end = time.monotonic() + LAST_GRACE
        while self._server.server_state.tasks and time.monotonic() < end:
            await asyncio.sleep(POLL)
        if self._ticking is not None:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking

    async def finish(self, grace: float) -> None:
        """Let sockets that outlive a request end by themselves: an application's choice."""

    @property
    def _connections(self) -> set[Any]:
        connections: set[Any] = self._server.server_state.connections
        return connections

    async def _tick(self) -> None:
        """Every second: a new ``date`` header, and no mercy with silent clients."""
        while True:
            await asyncio.sleep(1.0)
            await self._server.on_tick(0)
            silent_since = time.monotonic() - self._settings.idle_timeout
            for connection in list(self._connections):
                if isinstance(connection, Connection):
                    connection.end_if_silent(silent_since)


class Connection(HttpToolsProtocol):
    """An HTTP/1.1 connection that ends when its client stalls, floods, or vanishes.

    It keeps only times; the listener looks at them once a second.
    """

    _awaiting = True  # a request has begun, or is due, and has not come in whole
    _in_head = True
    _head_bytes = 0
    _since = 0.0  # when the head began; then, when a part of the body last came
    _blocked_since: float | None = None  # the client does not read what we send
    _task: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._since = time.monotonic()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        else:
            self._since = time.monotonic()
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(431, b"Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        self._awaiting = self._in_head = True
        self._head_bytes = 0
        self._since = time.monotonic()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._awaiting = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        self._blocked_since = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._blocked_since = None
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._task is not None and not self.cycle.response_complete:
            self._task.cancel()

    def end_if_silent(self, since: float) -> None:
        """End the connection if its client has stalled since before ``since``."""
        if self._blocked_since is not None and self._blocked_since < since:
            self.transport.abort()
        elif self._awaiting and self._since < since:
            self._refuse(408, b"Request Timeout")

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        task = self.loop.create_task(cycle.run_asgi(app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        self._task = task

    def _refuse(self, status: int, phrase: bytes) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started:
            self.transport.write(_REFUSAL % (status, phrase))
        self.transport.close()


def _quiet(app: AsgiApp) -> AsgiApp:
    """``app``, which may be cancelled when its client is gone without a log of that."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or not task.cancelling():
                raise

    return quiet


def _bind(endpoint: Endpoint) -> socket.socket:
    family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((endpoint.host, endpoint.port))
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise OSError(error.errno, f"cannot listen at {endpoint}: {error}") from None
    return bound
