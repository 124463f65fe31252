"""Calls with one response at the server: decode, dispatch, encode."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from .dispatch import Dispatcher
from .errors import ServiceError
from .http_exchange import (
    FAULTS,
    Answer,
    HttpContext,
    Receive,
    Scope,
    Send,
    internal,
    metadata_headers,
    read_body,
    send_answer,
)
from .http_negotiation import accepts_json
from .rest_exchange import problem_answer
from .rest_request import Arrived, RequestShape
from .rest_response import response_codec
from .rest_routes import Route
from .settings import ServerSettings

Handle = Callable[[Scope, Receive, Send, Sequence[str]], Awaitable[None]]
Respond = Callable[[Any, Mapping[bytes, bytes]], Answer]

_JSON = (b"content-type", b"application/json")


class UnaryHandle:
    """Serves a route with one request and one response."""

    def __init__(
        self, route: Route, dispatcher: Dispatcher, settings: ServerSettings
    ) -> None:
        self._operation = route.operation
        self._call = dispatcher.call(route.operation)
        self._limit = settings.max_message_bytes
        shape = RequestShape(route)
        self._has_body = shape.has_body
        self._read = shape.reader()
        self._respond = responder(route)

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        headers = dict(scope["headers"])
        body = b""
        if self._has_body:
            try:
                body = await read_body(headers, receive, self._limit)
            except ServiceError as error:
                await send_answer(scope, send, problem_answer(error))
                return
        answer = await self.answer(scope, headers, captured, body)
        await send_answer(scope, send, answer)

    async def answer(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        captured: Sequence[str],
        body: bytes,
    ) -> Answer:
        """The answer to a request that has come in whole."""
        context: HttpContext | None = None
        try:
            accepts_json(headers)
            context = HttpContext(self._operation, "rest", scope, headers)
            arrived = Arrived(
                captured, scope["query_string"], headers, scope["headers"]
            )
            request = self._read(arrived, body)
            response = await self._call(request, context)
            answer = self._respond(response, headers)
            if context.headers is not None or context.trailers is not None:
                answer[1].extend(metadata_headers(context))
        except ServiceError as error:
            return problem_answer(error, context)
        except FAULTS as error:
            return problem_answer(internal(error), context)
        return answer


def responder(route: Route) -> Respond:
    """How a route's result becomes an answer."""
    operation, status = route.operation, route.status
    if operation.response is None:
        return lambda _response, _headers: _empty(status)
    encode = response_codec(route).encode
    if route.method == "GET" and operation.readonly:
        return lambda response, headers: _cacheable(encode(response), status, headers)

    def respond(response: Any, headers: Mapping[bytes, bytes]) -> Answer:
        body = encode(response)
        return status, [_JSON, (b"content-length", b"%d" % len(body))], body

    return respond


def _empty(status: int) -> Answer:
    return status, [] if status == 204 else [(b"content-length", b"0")], b""


def _cacheable(body: bytes, status: int, headers: Mapping[bytes, bytes]) -> Answer:
    """An answer that caches keep, and ask about (RFC 9110, 8.8.3; RFC 9111, 5.2.2.4)."""
    tag = b'"%s"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
    known = headers.get(b"if-none-match", b"")
    described = [(b"etag", tag), (b"cache-control", b"private, no-cache")]
    if known and (known == b"*" or tag in known):
        return 304, described, b""
    return status, [_JSON, (b"content-length", b"%d" % len(body)), *described], body
