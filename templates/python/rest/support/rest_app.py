"""The ASGI application of a service; mounts into any framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from .dispatch import Dispatcher
from .http_cors import Cors, may_open_socket
from .http_errors import HttpError
from .http_exchange import Receive, Scope, Send, send_answer
from .operation import Kind
from .rest_exchange import problem_answer
from .rest_pages import pages
from .rest_routes import PathTable, Route, by_path
from .rest_streams import client_stream_handle, server_stream_handle
from .rest_unary import Handle, UnaryHandle
from .rest_websocket import Socket, socket_handle
from .service import end_subscriptions
from .settings import ServerSettings

T = TypeVar("T")
Methods = dict[str, Handle]

_HANDLES: Mapping[Kind, Callable[[Route, Dispatcher, ServerSettings], Handle]] = {
    Kind.UNARY: UnaryHandle,
    Kind.CLIENT_STREAM: client_stream_handle,
    Kind.SERVER_STREAM: server_stream_handle,
}


class RestApp:
    """``await app(scope, receive, send)``: ASGI 3, ``root_path`` included."""

    def __init__(
        self,
        routes: Sequence[Route],
        dispatcher: Dispatcher,
        settings: ServerSettings,
        document: bytes = b"",
    ) -> None:
        self._dispatcher = dispatcher
        self._http: PathTable[Methods] = PathTable()
        self._sockets: PathTable[Socket] = PathTable()
        self._origins = settings.cors_origins
        self._cors = Cors(self._origins) if self._origins else None
        for path, page in pages(dispatcher, settings, document).items():
            self._http.add(path, {"GET": page, "HEAD": page})
        served = [r for r in routes if r.operation.service in dispatcher.handlers]
        for same_path in by_path(served).values():
            self._mount(same_path, dispatcher, settings)

    def _mount(
        self, routes: list[Route], dispatcher: Dispatcher, settings: ServerSettings
    ) -> None:
        methods: Methods = {}
        for route in routes:
            kind = route.operation.kind
            if kind is Kind.BIDI:
                socket = socket_handle(route, dispatcher, settings)
                self._sockets.add(route.path, socket)
            else:
                methods[route.method] = _HANDLES[kind](route, dispatcher, settings)
        if "GET" in methods:
            methods["HEAD"] = methods["GET"]
        if methods:
            self._http.add(routes[0].path, methods)

    def direct(
        self, method: str, path: str
    ) -> tuple[UnaryHandle, Sequence[str]] | None:
        """What may answer without ``receive`` and ``send``, and what its path's braces hold."""
        if self._cors is not None or method == "HEAD":
            return None
        fixed = self._http.fixed.get(path)
        found = self._http.find(path) if fixed is None else (fixed, ())
        if found is None:
            return None
        handle = found[0].get(method)
        return (handle, found[1]) if isinstance(handle, UnaryHandle) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            await self._serve(scope, receive, send)
        elif kind == "websocket":
            await self._connect(scope, receive, send)
        elif kind == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start and stop the handlers with a host that tells when (ASGI's lifespan)."""
        handlers = list(dict.fromkeys(self._dispatcher.handlers.values()))
        await receive()
        for handler in handlers:
            await handler.on_start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for handler in reversed(handlers):
            end_subscriptions(handler)
            await handler.on_stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._cors is not None:
            send = self._cors.wrap(scope, send)
        found = _find(scope, self._http)
        if found is None:
            error = HttpError(404, "nothing is served at this path")
            await send_answer(scope, send, problem_answer(error))
            return
        methods, captured = found
        handle = methods.get(scope["method"])
        if handle is not None:
            await handle(scope, receive, send, captured)
        else:
            await self._other_method(scope, methods, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _find(scope, self._sockets)
        if found is None or not may_open_socket(scope, self._origins):
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await found[0](scope, receive, send)

    async def _other_method(self, scope: Scope, methods: Methods, send: Send) -> None:
        allowed = ", ".join(sorted({*methods, "OPTIONS"}))
        if scope["method"] != "OPTIONS":
            message = f"{scope['method']} is not served at this path"
            error = HttpError(405, message, (("allow", allowed),))
            await send_answer(scope, send, problem_answer(error))
            return
        headers = [(b"allow", allowed.encode())]
        if self._cors is not None:
            headers += self._cors.preflight(scope, allowed)
        await send_answer(scope, send, (204, headers, b""))


def _find(scope: Scope, table: PathTable[T]) -> tuple[T, Sequence[str]] | None:
    """What is mounted at the path below ``root_path``, and the values in its braces."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root:
        path = path.removeprefix(root)
    fixed = table.fixed.get(path)
    if fixed is not None:
        return fixed, ()
    raw: bytes | None = scope.get("raw_path")
    text = quote(path) if raw is None else raw.partition(b"?")[0].decode("latin-1")
    return table.find(text.removeprefix(quote(root)))
