"""Calls with one response at the server: decode, dispatch, encode."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .dispatch import Dispatcher
from .errors import ServiceError
from .json import json_codec
from .rest_exchange import (
    FAULTS,
    RawHeaders,
    Receive,
    RestContext,
    Scope,
    Send,
    internal,
    metadata_headers,
    read_body,
    send_problem,
    send_response,
)
from .rest_negotiation import accepts_json, require_json
from .rest_request import Arrived, RequestShape
from .rest_routes import Route
from .settings import ServerSettings

Handle = Callable[[Scope, Receive, Send, Sequence[str]], Awaitable[None]]
Read = Callable[[Scope, Any, Receive, Sequence[str]], Awaitable[Any]]

_JSON = (b"content-type", b"application/json")


def unary_handle(
    route: Route, dispatcher: Dispatcher, settings: ServerSettings
) -> Handle:
    """What serves a route with one request and one response."""
    operation = route.operation
    call = dispatcher.call(operation)
    read = reader(route, settings)
    respond = responder(route)

    async def handle(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        context: RestContext | None = None
        try:
            headers = dict(scope["headers"])
            accepts_json(headers)
            context = RestContext(operation, scope, headers)
            request = await read(scope, headers, receive, captured)
            response = await call(request, context)
            status, answer, body = respond(response, headers)
            if context.headers is not None or context.trailers is not None:
                answer += metadata_headers(context)
        except ServiceError as error:
            await send_problem(send, error, context)
            return
        except FAULTS as error:
            await send_problem(send, internal(error), context)
            return
        if scope["method"] == "HEAD":
            body = b""
        await send_response(send, status, answer, body)

    return handle


def reader(route: Route, settings: ServerSettings) -> Read:
    shape = RequestShape(route)
    limit = settings.max_message_bytes
    if shape.whole:
        decode = shape.decoder()

        async def read_whole(
            scope: Scope, headers: Any, receive: Receive, captured: Sequence[str]
        ) -> Any:
            require_json(headers)
            return decode(await read_body(headers, receive, limit))

        return read_whole
    if route.operation.request is None:
        return _read_nothing

    async def read(
        scope: Scope, headers: Any, receive: Receive, captured: Sequence[str]
    ) -> Any:
        body = b""
        if shape.has_body:
            require_json(headers)
            body = await read_body(headers, receive, limit)
        return shape.join(Arrived(captured, scope["query_string"], headers), body)

    return read


async def _read_nothing(
    scope: Scope, headers: Any, receive: Receive, captured: Sequence[str]
) -> None:
    return None


def responder(route: Route) -> Callable[[Any, Any], tuple[int, RawHeaders, bytes]]:
    operation, status = route.operation, route.status
    if operation.response is None:
        return lambda _response, _headers: (status, [], b"")
    encode = json_codec(
        operation.response, int64_as_string=route.int64_as_string
    ).encode
    if route.method == "GET" and operation.readonly:
        return lambda response, headers: _cacheable(encode(response), status, headers)

    def respond(response: Any, headers: Any) -> tuple[int, RawHeaders, bytes]:
        body = encode(response)
        return status, [_JSON, (b"content-length", b"%d" % len(body))], body

    return respond


def _cacheable(body: bytes, status: int, headers: Any) -> tuple[int, RawHeaders, bytes]:
    """An answer that caches may keep and must ask about (RFC 9110, 8.8.3; RFC 9111, 5.2.2.4)."""
    tag = b'"%s"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
    known = headers.get(b"if-none-match", b"")
    answer: RawHeaders = [(b"etag", tag), (b"cache-control", b"private, no-cache")]
    if known and (known == b"*" or tag in known):
        return 304, answer, b""
    return status, [_JSON, (b"content-length", b"%d" % len(body)), *answer], body
