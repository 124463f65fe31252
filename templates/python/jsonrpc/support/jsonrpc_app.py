"""The ASGI application of a service: POST and WebSocket at one path; mounts into any framework."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

from .context import Context
from .dispatch import Dispatcher
from .errors import Code, ServiceError
from .http_cors import Cors, may_open_socket
from .http_errors import HttpError
from .http_exchange import (
    Answer,
    HttpContext,
    RawHeaders,
    Receive,
    Scope,
    Send,
    metadata_headers,
    read_body,
    send_answer,
)
from .http_negotiation import require_identity, require_media
from .http_pages import ALIVE_PATH, READY_PATH, alive, readiness
from .jsonrpc_calls import Calls, Served
from .jsonrpc_envelope import NO_MESSAGE, Call, decoded, failure, parse_message
from .jsonrpc_errors import encode_error
from .jsonrpc_method import Method
from .jsonrpc_socket import Conversation
from .operation import Operation
from .settings import ServerSettings

MEDIA = ("application/json", "application/json-rpc", "application/jsonrequest")

_JSON = (b"content-type", b"application/json")
_POLL = 0.02  # seconds between looks at what is still open while draining


class JsonRpcApp:
    """``await app(scope, receive, send)``: ASGI 3, ``root_path`` included."""

    def __init__(
        self,
        methods: Sequence[Method],
        dispatcher: Dispatcher,
        settings: ServerSettings,
        document: bytes = b"",
        path: str = "",
    ) -> None:
        self._calls = Calls(methods, dispatcher, settings, document)
        self._dispatcher = dispatcher
        self._settings = settings
        self._cors = Cors(settings.cors_origins) if settings.cors_origins else None
        self._paths = {path, f"{path}/"}
        self._conversations: set[Conversation] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            await self._serve(scope, receive, send)
        elif kind == "websocket":
            await self._connect(scope, receive, send)
        elif kind == "lifespan":
            await _lifespan(receive, send)

    def direct(self, method: str, path: str) -> tuple[JsonRpcApp, Sequence[str]] | None:
        """What may answer without ``receive`` and ``send``."""
        short = method == "POST" and path in self._paths and self._cors is None
        return (self, ()) if short else None

    async def finish(self, grace: float) -> None:
        """Let the calls on open sockets end, for ``grace`` seconds."""
        end = time.monotonic() + grace
        while time.monotonic() < end and any(c.active for c in self._conversations):
            await asyncio.sleep(_POLL)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._cors is not None:
            send = self._cors.wrap(scope, send)
        path, method = _path(scope), scope["method"]
        if method in ("GET", "HEAD") and path in (ALIVE_PATH, READY_PATH):
            ready = path == READY_PATH
            page = await readiness(self._dispatcher) if ready else alive()
            await send_answer(scope, send, page)
        elif path not in self._paths:
            error = HttpError(404, "nothing is served at this path")
            await send_answer(scope, send, _refusal(error))
        elif method == "POST":
            await self._post(scope, receive, send)
        else:
            await send_answer(scope, send, self._other_method(scope))

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        limit = self._settings.max_message_bytes
        try:
            body = await read_body(headers, receive, limit)
        except HttpError as error:
            await send_answer(scope, send, _refusal(error))
            return
        except ServiceError:
            return  # the client left
        await send_answer(scope, send, await self.answer(scope, headers, (), body))

    async def answer(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        captured: Sequence[str],
        body: bytes,
    ) -> Answer:
        """The answer to a POST that has come in whole."""
        kind = headers.get(b"content-type", b"")
        try:
            require_identity(headers)
            if kind != b"application/json":
                require_media(kind.decode("latin-1"), MEDIA)
        except HttpError as error:
            return _refusal(error)
        text = decoded(body)
        message = NO_MESSAGE if text is None else parse_message(text)
        if isinstance(message, bytes):
            return _answer(message)
        post = _Post(scope, headers)
        if isinstance(message, list):
            several = await self._calls.answer_batch(
                message, lambda c: self._one(c, post)
            )
            return _answer(several)
        return _answer(await self._one(message, post), post.metadata)

    async def _one(self, call: Call, post: _Post) -> bytes | None:
        return await self._calls.answer(call, post)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        allowed = may_open_socket(scope, self._settings.cors_origins)
        if not allowed or _path(scope) not in self._paths:
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        conversation = Conversation(
            self._calls, scope, receive, send, self._dispatcher, self._settings
        )
        self._conversations.add(conversation)
        try:
            await conversation.serve()
        finally:
            self._conversations.discard(conversation)

    def _other_method(self, scope: Scope) -> Answer:
        allowed = "OPTIONS, POST"
        if scope["method"] != "OPTIONS":
            message = f"{scope['method']} is not served at this path"
            return _refusal(HttpError(405, message, (("allow", allowed),)))
        headers = [(b"allow", allowed.encode())]
        if self._cors is not None:
            headers += self._cors.preflight(scope, allowed)
        return 204, headers, b""


class _Post:
    """Where the calls of a POST come from."""

    def __init__(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        self._scope = scope
        self._headers = headers
        self.metadata: RawHeaders = []

    def context(self, operation: Operation, call: Call) -> Context:
        return HttpContext(operation, "jsonrpc", self._scope, self._headers)

    async def stream(self, served: Served, call: Call, context: Context) -> bytes:
        text = f"{call.method} streams: call it over a WebSocket at the same address"
        raise ServiceError(Code.UNIMPLEMENTED, text)

    def more(self, context: Context) -> bytes:
        """Nothing: a response's metadata are headers, where it is the only one."""
        self.metadata = metadata_headers(context)
        return b""


def _answer(body: bytes | None, metadata: RawHeaders | None = None) -> Answer:
    if body is None:
        return 204, metadata or [], b""
    headers = [_JSON, (b"content-length", b"%d" % len(body)), *(metadata or ())]
    return 200, headers, body


def _refusal(error: HttpError) -> Answer:
    """The answer to a request that is refused before its message is read."""
    _, headers, body = _answer(failure(b"null", encode_error(error)))
    headers += [(name.encode(), value.encode()) for name, value in error.headers]
    return error.status, headers, body


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
