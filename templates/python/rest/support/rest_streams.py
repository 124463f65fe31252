"""Streams at the server: NDJSON in, NDJSON or server-sent events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from .context import Context
from .dispatch import Dispatcher
from .errors import ServiceError
from .http_exchange import (
    FAULTS,
    HttpContext,
    Receive,
    Scope,
    Send,
    encode_headers,
    internal,
    metadata_headers,
    read_body,
    read_parts,
    send_answer,
    too_large,
)
from .http_negotiation import NDJSON, SSE, accepts_json, preferred, require_ndjson
from .json import json_codec
from .rest_exchange import problem_answer
from .rest_lines import EventWriter, LineTooLongError, NdjsonWriter, lines
from .rest_problem import encode_problem
from .rest_request import Arrived, RequestShape
from .rest_response import response_codec
from .rest_routes import Route
from .rest_unary import Handle, responder
from .settings import ServerSettings

Writer = NdjsonWriter | EventWriter

_FIRST_ITEM = 0.1  # seconds in which a failure still gets its own status
_KEEP_ALIVE = 15.0  # seconds between comments that keep a silent stream open


def client_stream_handle(
    route: Route, dispatcher: Dispatcher, settings: ServerSettings
) -> Handle:
    """What serves a route with many requests, as NDJSON, and one response."""
    operation = route.operation
    call = dispatcher.call(operation)
    decode = json_codec(operation.request, int64_as_string=route.int64_as_string).decode
    respond = responder(route)

    async def handle(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        context: HttpContext | None = None
        try:
            headers = dict(scope["headers"])
            accepts_json(headers)
            require_ndjson(headers)
            context = HttpContext(operation, "rest", scope, headers)
            async with aclosing(_requests(receive, decode, settings)) as requests:
                response = await call(requests, context)
            answer = respond(response, headers)
            answer[1].extend(metadata_headers(context))
        except ServiceError as error:
            answer = problem_answer(error, context)
        except FAULTS as error:
            answer = problem_answer(internal(error), context)
        await send_answer(scope, send, answer)

    return handle


async def _requests(
    receive: Receive, decode: Callable[[bytes], Any], settings: ServerSettings
) -> AsyncGenerator[Any, None]:
    limit = settings.max_message_bytes
    try:
        async for line in lines(read_parts(receive), limit):
            yield decode(line)
    except LineTooLongError:
        raise too_large(limit) from None


def server_stream_handle(
    route: Route, dispatcher: Dispatcher, settings: ServerSettings
) -> Handle:
    """What serves a route with one request and many responses, in the form that is asked for."""
    operation = route.operation
    stream = dispatcher.stream(operation)
    shape, limit = RequestShape(route), settings.max_message_bytes
    read = shape.reader()
    encode = response_codec(route).encode

    async def handle(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        context: HttpContext | None = None
        try:
            headers = dict(scope["headers"])
            accept = headers.get(b"accept", b"").decode("latin-1")
            form = preferred(accept, (NDJSON, SSE))
            context = HttpContext(operation, "rest", scope, headers)
            arrived = Arrived(
                captured, scope["query_string"], headers, scope["headers"]
            )
            body = await read_body(headers, receive, limit) if shape.has_body else b""
            request = read(arrived, body)
        except ServiceError as error:
            await send_answer(scope, send, problem_answer(error, context))
            return
        response = _Response(scope, send, context, form)
        if scope["method"] == "HEAD":
            await response.finish()
            return
        await _until_gone(receive, response.send_all(stream(request, context), encode))

    return handle


class _Response:
    """A streamed response: begins with the first item or shortly after, ends in its own form."""

    def __init__(self, scope: Scope, send: Send, context: Context, form: str) -> None:
        self._scope = scope
        self._send = send
        self._context = context
        self._form = form
        self._writer: Writer = EventWriter() if form == SSE else NdjsonWriter()
        self._begun = False

    async def send_all(
        self, items: AsyncIterator[Any], encode: Callable[[Any], bytes]
    ) -> None:
        attendant = asyncio.ensure_future(self._attend())
        try:
            async with aclosing(items):  # type: ignore[type-var]
                async for item in items:
                    await self._begin()
                    await self._write(self._writer.item(encode(item)))
            await self.finish()
        except ServiceError as error:
            attendant.cancel()
            await self._fail(error)
        except FAULTS as error:
            attendant.cancel()
            await self._fail(internal(error))
        finally:
            attendant.cancel()

    async def finish(self) -> None:
        await self._begin()
        await self._write(self._writer.end, more=False)

    async def _fail(self, error: ServiceError) -> None:
        if self._begun:
            end = self._writer.problem(encode_problem(error))
            await self._write(end, more=False)
        else:
            answer = problem_answer(error, self._context)
            await send_answer(self._scope, self._send, answer)

    async def _begin(self) -> None:
        if self._begun:
            return
        headers = [
            (b"content-type", self._form.encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *encode_headers(self._context.headers or ()),
        ]
        self._begun = True
        await self._send(
            {"type": "http.response.start", "status": 200, "headers": headers}
        )

    async def _write(self, data: bytes, *, more: bool = True) -> None:
        await self._send(
            {"type": "http.response.body", "body": data, "more_body": more}
        )

    async def _attend(self) -> None:
        """Begin a response whose first item is long in coming; keep a silent one open."""
        await asyncio.sleep(_FIRST_ITEM)
        try:
            await self._begin()
        except ServiceError:
            return  # of the headers: told when the first item comes
        await self._write(self._writer.keep_alive)
        while self._writer.keep_alive:
            await asyncio.sleep(_KEEP_ALIVE)
            await self._write(self._writer.keep_alive)


async def _until_gone(receive: Receive, work: Any) -> None:
    """Do ``work``, but give it up when the client leaves."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
    if not working.cancelled():
        working.result()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
