"""One HTTP request at the server: reading its body within limits, sending the answer."""

from __future__ import annotations

import base64
import re
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    MutableMapping,
)
from typing import Any

from .context import Context, Metadata
from .errors import Code, ServiceError
from .http_errors import HttpError
from .logs import LOGGER
from .operation import Operation

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]
Answer = tuple[int, RawHeaders, bytes]  # status, headers, body

TIMEOUT_HEADER = b"x-request-timeout"

_CLOSE = (("connection", "close"),)
_LINGER = (
    16  # times the limit: bodies that are read to their end, so that the answer arrives
)
_TIMEOUT = re.compile(rb"[0-9]{1,9}(\.[0-9]{1,9})?\Z")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+\Z")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")


class HttpContext(Context):
    """A call over HTTP; its metadata are the headers."""

    __slots__ = ("scope",)

    def __init__(
        self, operation: Operation, protocol: str, scope: Scope, headers: Any
    ) -> None:
        timeout = headers.get(TIMEOUT_HEADER)
        Context.__init__(self, operation, protocol, timeout and seconds(timeout))
        self.scope = scope
        if client := scope.get("client"):
            self.peer = f"{client[0]}:{client[1]}"

    def read_metadata(self) -> Metadata:
        return Metadata(decode_headers(self.scope["headers"]))


class ClientGoneError(ServiceError):
    """The client closed the connection inside of its request; nobody waits for an answer."""

    def __init__(self) -> None:
        super().__init__(Code.CANCELLED, "the client left")


async def read_body(headers: Any, receive: Receive, limit: int) -> bytes:
    """The whole body.

    Raises ``HttpError`` 413 beyond ``limit`` bytes, ``ClientGoneError`` if it breaks off.
    """
    announced = headers.get(b"content-length")
    if announced is not None and int(announced) > limit:
        raise too_large(limit, drop=int(announced) > _LINGER * limit)
    message = await _part(receive)
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        body = await _longer_body(body, receive, limit)
    if len(body) > limit:
        raise too_large(limit)
    return body


async def _longer_body(begin: bytes, receive: Receive, limit: int) -> bytes:
    body = bytearray(begin)
    more = True
    while more and len(body) <= limit:
        message = await _part(receive)
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def read_parts(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes; the client's pace is bounded by how fast this is read."""
    more = True
    while more:
        message = await _part(receive)
        more = message.get("more_body", False)
        if message.get("body"):
            yield message["body"]


def too_large(limit: int, *, drop: bool = True) -> HttpError:
    """The error of a body beyond ``limit``; ``drop`` the connection rather than read on."""
    message = f"a message may have {limit} bytes at most"
    return HttpError(413, message, _CLOSE if drop else ())


async def _part(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGoneError()
    return message


FAULTS = (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What encoding raises when a handler returned what its operation does not."""


def internal(error: Exception) -> ServiceError:
    """What the client may know of a fault of ours, such as a response that JSON cannot hold."""
    LOGGER.error("a response could not be made", exc_info=error)
    return ServiceError(Code.INTERNAL, "internal error")


async def send_answer(scope: Scope, send: Send, answer: Answer) -> None:
    """Send a whole answer, or only its head if that was asked for."""
    status, headers, body = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if scope["method"] == "HEAD":
        body = b""
    await send({"type": "http.response.body", "body": body})


def metadata_headers(context: Context) -> RawHeaders:
    """The handler's headers, and its trailers as ``trailer-<name>``."""
    headers = encode_headers(context.headers or ())
    return headers + encode_headers(
        (f"trailer-{name}", value) for name, value in context.trailers or ()
    )


def encode_headers(pairs: Iterable[tuple[str, str | bytes]]) -> RawHeaders:
    return [(n.encode("latin-1"), v.encode("latin-1")) for n, v in header_texts(pairs)]


def header_texts(pairs: Iterable[tuple[str, str | bytes]]) -> Iterator[tuple[str, str]]:
    """Metadata as headers. Raises ``ServiceError`` rather than let a value end a header early."""
    for name, given in pairs:
        value = given if isinstance(given, str) else base64.b64encode(given).decode()
        if not _NAME.match(name) or not _VALUE.match(value):
            problem = f"metadata {name!r} is no valid header"
            LOGGER.error("a response could not be made: %s", problem)
            raise ServiceError(Code.INTERNAL, problem)
        yield name, value


def decode_headers(
    headers: Iterable[tuple[bytes, bytes]],
) -> Iterator[tuple[str, str | bytes]]:
    """Headers as metadata; ``-bin`` ones are base64, padded or not."""
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if not name.endswith("-bin"):
            yield name, value
        elif (data := _decoded(value)) is not None:
            yield name, data


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None


def seconds(text: bytes) -> float:
    if not _TIMEOUT.match(text):
        raise HttpError(400, "x-request-timeout is no number of seconds")
    return float(text)
