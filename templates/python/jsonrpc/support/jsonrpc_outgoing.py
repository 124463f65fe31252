"""What a client sends for one method, and what it makes of the answer; made once a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from .errors import Code, ServiceError
from .json import json_codec
from .jsonrpc_errors import decode_error
from .jsonrpc_method import Method, Params
from .operation import Operation


class Incoming(msgspec.Struct):
    """What a server sends: a response, or a notification."""

    id: msgspec.Raw = msgspec.Raw()
    result: msgspec.Raw = msgspec.Raw()
    error: msgspec.Raw = msgspec.Raw()
    method: str = ""
    params: msgspec.Raw = msgspec.Raw()
    headers: dict[str, str] = {}
    trailers: dict[str, str] = {}


INCOMING = msgspec.json.Decoder(Incoming).decode


class Outgoing:
    """The client's view of a method."""

    def __init__(self, method: Method) -> None:
        style = {"int64_as_string": method.int64_as_string}
        operation = method.operation
        self.operation = operation
        self.encode_value = json_codec(operation.request, **style).encode
        self._method = method
        self._head = b'{"jsonrpc":"2.0","method":' + msgspec.json.encode(method.name)
        self._params = Params(method).encode
        self._decode = json_codec(operation.response, **style).decode

    def call(self, ident: bytes, params: bytes = b"", more: bytes = b"") -> bytes:
        """A request; without an id a notification. ``more`` are further members."""
        if params:
            params = b',"params":' + params
        if ident:
            ident = b',"id":' + ident
        return b"%b%b%b%b}" % (self._head, params, ident, more)

    def params(self, request: Any) -> bytes:
        """Its parameters; empty where it has none, or streams them."""
        return b"" if self.operation.kind.asks_stream else self._params(request)

    def outcome(self, response: Incoming) -> Any:
        """The value of a response. Raises the error that it stands for."""
        if bytes(response.error) not in (b"", b"null"):
            raise decode_error(self._method, response.error)
        if self.operation.response is None or self.operation.kind.gives_stream:
            return None
        return self.value(bytes(response.result))

    def value(self, data: bytes) -> Any:
        """A value that a server sent. Raises ``ServiceError`` if it is none."""
        try:
            return self._decode(data)
        except ServiceError as error:
            text = f"the response is not valid: {error}"
            raise ServiceError(Code.INTERNAL, text) from None


def outgoing(methods: Sequence[Method]) -> Mapping[Operation, Outgoing]:
    return {method.operation: Outgoing(method) for method in methods}


def incoming(data: bytes | str, fault: Callable[[str], ServiceError]) -> Incoming:
    """What a message says; ``fault`` makes the error if it says nothing."""
    try:
        return INCOMING(data)
    except (ValueError, RecursionError) as error:
        raise fault(f"the server's message is not JSON-RPC: {error}") from None
