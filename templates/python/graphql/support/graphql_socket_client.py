"""One subscription at a client: a WebSocket of its own (graphql-transport-ws)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import aiohttp
import msgspec

from .channel import CallOptions
from .deadline import within
from .errors import Code, ServiceError
from .graphql_errors import WireError, read_error
from .graphql_fields import SUBPROTOCOL
from .http_client import UNREACHABLE, HttpPool, note_headers, send_along
from .http_errors import code_of_status
from .operation import Operation

_CODES = {
    4401: Code.UNAUTHENTICATED,
    4403: Code.PERMISSION_DENIED,
    4408: Code.DEADLINE_EXCEEDED,
    4429: Code.RESOURCE_EXHAUSTED,
}


class _Message(msgspec.Struct):
    type: str
    payload: msgspec.Raw = msgspec.Raw(b"null")


_decode = msgspec.json.Decoder(_Message).decode
_errors = msgspec.json.Decoder(list[WireError]).decode


async def received(
    pool: HttpPool,
    url: str,
    body: bytes,
    options: CallOptions,
    operation: Operation | None = None,
) -> AsyncGenerator[bytes, None]:
    """The responses to a subscription as they come. Raises ``ServiceError``."""
    headers: dict[str, str] = {}
    deadline = send_along(options, headers)
    try:
        connect = pool.session.ws_connect(
            url, headers=headers, max_msg_size=pool.limit, protocols=(SUBPROTOCOL,)
        )
        socket = await within(deadline, connect)
        async with socket:
            note_headers(socket._response, options)
            async with aclosing(_payloads(socket, body, operation)) as payloads:
                while True:
                    try:
                        payload = await within(deadline, anext(payloads))
                    except StopAsyncIteration:
                        return
                    yield payload
    except aiohttp.WSServerHandshakeError as error:
        code = code_of_status(error.status)
        raise ServiceError(code, f"no WebSocket: {error.message}") from None
    except UNREACHABLE as error:
        raise pool.unavailable(error) from error


async def _payloads(
    socket: aiohttp.ClientWebSocketResponse, body: bytes, operation: Operation | None
) -> AsyncGenerator[bytes, None]:
    await socket.send_str('{"type":"connection_init"}')
    while True:
        message = await _next(socket)
        match message.type:
            case "connection_ack":
                subscribe = b'{"id":"1","type":"subscribe","payload":' + body + b"}"
                await socket.send_str(subscribe.decode())
            case "next":
                yield bytes(message.payload)
            case "error":
                errors = _errors(message.payload)
                raise read_error(errors[0] if errors else WireError(), operation)
            case "complete":
                return
            case "ping":
                await socket.send_str('{"type":"pong"}')
            case _:
                pass


async def _next(socket: Any) -> _Message:
    """The next message. Raises ``ServiceError`` if there is none, or it is none."""
    received = await socket.receive()
    if received.type is aiohttp.WSMsgType.TEXT:
        try:
            return _decode(received.data)
        except (msgspec.DecodeError, RecursionError) as error:
            text = f"the response is not valid: {error}"
            raise ServiceError(Code.INTERNAL, text) from None
    code = socket.close_code
    if code is not None and code in _CODES:
        raise ServiceError(_CODES[code], f"the server closed with {code}")
    raise ServiceError(Code.UNAVAILABLE, f"the server ended the stream ({code})")
