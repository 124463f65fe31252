"""Requests and responses as JSON (sections 4, 5 and 6), at the server.

Beside the standard's members a call may have ``headers``: its own metadata, of a text each, for
wires whose headers belong to many calls; and ``window``, which ``jsonrpc_stream`` tells about.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from .context import Metadata
from .http_exchange import header_texts
from .jsonrpc_errors import INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR

MAX_BATCH = 10_000  # calls

_NULL = b"null"
_IDS = frozenset(b'"-0123456789n')  # how a text, a number and null begin


class Call(msgspec.Struct, gc=False):
    """A request object. Without an ``id`` it is a notification: nobody waits for an answer."""

    method: str
    jsonrpc: Literal["2.0"]
    params: msgspec.Raw = msgspec.Raw()
    id: msgspec.Raw = msgspec.Raw()
    headers: dict[str, str] | None = None
    window: int | None = None


class _Identified(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(_NULL)


Batch = list[msgspec.Raw]

_CALL = msgspec.json.Decoder(Call).decode
_IDENTIFIED = msgspec.json.Decoder(_Identified).decode
_BATCH = msgspec.json.Decoder(Batch).decode


def parse(text: str | msgspec.Raw) -> Call | bytes:
    """A call, or the error response to what is none."""
    try:
        call = _CALL(text)
    except msgspec.ValidationError:
        return failure(_id_of(text), _INVALID_REQUEST)
    except (msgspec.DecodeError, RecursionError):
        return failure(_NULL, _PARSE_ERROR)
    ident, params = bytes(call.id), bytes(call.params)
    if ident and ident[0] not in _IDS:
        return failure(_NULL, _INVALID_REQUEST)
    if params and params[0] not in b"[{":
        return failure(ident or _NULL, _INVALID_REQUEST)
    return call


def parse_message(text: str) -> Call | Batch | bytes:
    """A call, the elements of a batch, or the error response to what is neither."""
    if text[:1] == "{" or text.lstrip(" \t\r\n")[:1] != "[":
        return parse(text)
    try:
        batch = _BATCH(text)
    except (msgspec.DecodeError, RecursionError):
        return failure(_NULL, _PARSE_ERROR)
    if 0 < len(batch) <= MAX_BATCH:
        return batch
    return failure(_NULL, _INVALID_REQUEST)


def decoded(data: bytes) -> str | None:
    """The text of a message, ``None`` if it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def result(ident: bytes, value: bytes, more: bytes = b"") -> bytes:
    return b'{"jsonrpc":"2.0","result":%b,"id":%b%b}' % (value, ident, more)


def failure(ident: bytes, error: bytes, more: bytes = b"") -> bytes:
    return b'{"jsonrpc":"2.0","error":%b,"id":%b%b}' % (error, ident, more)


def metadata_members(headers: Metadata | None, trailers: Metadata | None) -> bytes:
    """What a handler set as metadata, as further members of a response."""
    found = b""
    for name, metadata in ((b"headers", headers), (b"trailers", trailers)):
        if metadata is not None:
            texts = dict(header_texts(metadata))
            found += b',"%b":%b' % (name, msgspec.json.encode(texts))
    return found


def _standard(code: int, message: str) -> bytes:
    return msgspec.json.encode({"code": code, "message": message})


_PARSE_ERROR = _standard(PARSE_ERROR, "Parse error")
_INVALID_REQUEST = _standard(INVALID_REQUEST, "Invalid Request")
NO_METHOD = _standard(METHOD_NOT_FOUND, "Method not found")
NO_MESSAGE = failure(_NULL, _PARSE_ERROR)


def _id_of(text: str | msgspec.Raw) -> bytes:
    """The id of an object that is no call, null if that cannot be told."""
    try:
        ident = bytes(_IDENTIFIED(text).id)
    except (msgspec.DecodeError, RecursionError):
        return _NULL
    return ident if ident[0] in _IDS else _NULL
