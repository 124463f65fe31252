"""The ASGI application of a service; mounts into any framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from .dispatch import Dispatcher
from .http_cors import Cors, may_open_socket
from .http_errors import HttpError
from .http_exchange import Receive, Scope, Send, send_answer
from .operation import Kind
from .rest_exchange import problem_answer
from .rest_pages import pages
from .rest_paths import PathTable
from .rest_routes import Route, by_path
from .rest_streams import client_stream_handle, server_stream_handle
from .rest_unary import Handle, UnaryHandle
from .rest_websocket import Socket, socket_handle
from .service import end_subscriptions
from .settings import ServerSettings

T = TypeVar("T")
_NOTHING: Sequence[str] = ()
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
        if fixed is not None and method in fixed:
            handle, held = fixed[method], _NOTHING
        elif found := _choose(self._http.matches(path), method):
            handle, held = found
        else:
            return None
        return (handle, held) if isinstance(handle, UnaryHandle) else None

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
        if found := _choose(_find(scope, self._http), scope["method"]):
            handle, held = found
            await handle(scope, receive, send, held)
        elif methods := {m for served, _ in _find(scope, self._http) for m in served}:
            await self._other_method(scope, methods, send)
        else:
            error = HttpError(404, "nothing is served at this path")
            await send_answer(scope, send, problem_answer(error))

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = next(_find(scope, self._sockets), None)
        if found is not None and may_open_socket(scope, self._origins):
            await found[0](scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def _other_method(self, scope: Scope, methods: set[str], send: Send) -> None:
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


def _choose(
    matches: Iterable[tuple[Methods, Sequence[str]]], method: str
) -> tuple[Handle, Sequence[str]] | None:
    """The nearest of the matches that serves a method."""
    for methods, held in matches:
        if method in methods:
            return methods[method], held
    return None


def _find(scope: Scope, table: PathTable[T]) -> Iterator[tuple[T, Sequence[str]]]:
    """What is mounted at the path below ``root_path``, and what its wildcards hold."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root:
        path = path.removeprefix(root)
    if (fixed := table.fixed.get(path)) is not None:
        yield fixed, _NOTHING
    raw: bytes | None = scope.get("raw_path")
    text = quote(path) if raw is None else raw.partition(b"?")[0].decode("latin-1")
    yield from table.matches(text.removeprefix(quote(root)))
