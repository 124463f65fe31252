"""The ASGI application of GraphQL; mounts into any framework."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from .dispatch import Dispatcher
from .endpoint import Endpoint
from .graphql_executor import Executor
from .graphql_fields import RootFields
from .graphql_http import HttpSide
from .graphql_limits import Limits
from .graphql_page import PAGE, PAGE_POLICY
from .graphql_socket import SocketSide
from .http import AsgiListener
from .http_cors import Cors
from .http_direct import DirectConnection
from .http_exchange import Answer, Receive, Scope, Send, send_answer
from .http_pages import ALIVE_PATH, READY_PATH, alive, page, readiness
from .settings import ServerSettings

PATH = "/graphql"

_ALLOWED = "GET, HEAD, OPTIONS, POST"


class GraphqlApp:
    """``await app(scope, receive, send)``: ASGI 3, ``root_path`` included."""

    def __init__(
        self,
        fields: RootFields,
        sdl: str,
        dispatcher: Dispatcher,
        settings: ServerSettings,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        path: str = PATH,
    ) -> None:
        executor = Executor(sdl, fields, dispatcher, limits)
        self._dispatcher = dispatcher
        self._settings = settings
        self._path = path
        self._http = HttpSide(executor, settings.max_message_bytes)
        self._socket = SocketSide(executor, settings)
        self._cors = Cors(settings.cors_origins) if settings.cors_origins else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            if self._cors is not None:
                send = self._cors.wrap(scope, send)
            await send_answer(scope, send, await self._answer(scope, receive))
        elif kind == "websocket":
            await self._socket.serve(scope, receive, send, found=self._is_here(scope))
        elif kind == "lifespan":
            await _lifespan(receive, send)

    def direct(self, method: str, path: str) -> tuple[HttpSide, Sequence[str]] | None:
        """What may answer without ``receive`` and ``send``: small POSTs from anywhere but pages."""
        here = method == "POST" and path == self._path and self._cors is None
        return (self._http, ()) if here else None

    def _is_here(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return path.removeprefix(scope.get("root_path", "")) == self._path

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if not self._is_here(scope):
            return await self._other(scope)
        method = scope["method"]
        if method == "OPTIONS":
            headers = [(b"allow", _ALLOWED.encode())]
            if self._cors is not None:
                headers += self._cors.preflight(scope, _ALLOWED)
            return 204, headers, b""
        if method not in ("GET", "HEAD", "POST"):
            allow = (b"allow", _ALLOWED.encode())
            return page(405, b"use POST, or GET for queries", b"text/plain", allow)
        if method != "POST" and self._settings.docs and _wants_page(scope):
            policy = (b"content-security-policy", PAGE_POLICY)
            return page(200, PAGE, b"text/html; charset=utf-8", policy)
        return await self._http.serve(scope, receive)

    async def _other(self, scope: Scope) -> Answer:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        if path == ALIVE_PATH:
            return alive()
        if path == READY_PATH:
            return await readiness(self._dispatcher)
        return page(404, f"GraphQL is at {self._path}".encode(), b"text/plain")


class GraphqlListener(AsgiListener):
    """Serves the schema at one address: its path if the URL has one, else ``/graphql``."""

    def __init__(
        self,
        fields: RootFields,
        sdl: str,
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        settings: ServerSettings,
    ) -> None:
        limits = Limits.of(endpoint.options)
        path = endpoint.path or PATH
        app = GraphqlApp(fields, sdl, dispatcher, settings, limits, path)
        connection = partial(DirectConnection, direct=app)
        super().__init__(endpoint, app, settings, connection)


def _wants_page(scope: Scope) -> bool:
    """Is it a browser that somebody has pointed here?"""
    accept = dict(scope["headers"]).get(b"accept", b"")
    return b"text/html" in accept and b"query=" not in scope["query_string"]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
