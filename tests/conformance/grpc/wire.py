"""What the programs under test share: messages over pipes, and headers as the runner has them."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from connectrpc_conformance_v1 import Code, Error, Header, runtime
from connectrpc_conformance_v1._gen import grpc
from connectrpc_conformance_v1._gen.models import AnyMessage

PACKAGE = "type.googleapis.com/connectrpc.conformance.v1."
NESTED = {"RequestInfo": "ConformancePayload.RequestInfo"}
CODECS = {
    codec.name.rpartition(".")[2]: codec
    for method in grpc.METHODS
    for codec in (method.request, method.response)
}


def read(source: BinaryIO, message: str) -> Any:
    """The next message after its length in four bytes; ``None`` at the end."""
    size = source.read(4)
    if len(size) < 4:
        return None
    return CODECS[message].decode(source.read(int.from_bytes(size, "big")))


def write(message: str, value: Any) -> None:
    data = CODECS[message].encode(value)
    sys.stdout.buffer.write(len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


def packed(message: str, value: Any) -> AnyMessage:
    url = PACKAGE + NESTED.get(message, message)
    return AnyMessage(type_url=url, value=CODECS[message].encode(value))


def headers(metadata: Iterable[tuple[str, str | bytes]]) -> list[Header]:
    """Metadata as headers, each name once, binary values in base64."""
    found: dict[str, list[str]] = {}
    for name, value in metadata:
        text = value if isinstance(value, str) else base64.b64encode(value).decode().rstrip("=")
        found.setdefault(name, []).append(text)
    return [Header(name=name, value=values) for name, values in found.items()]


def metadata(given: Iterable[Header]) -> list[tuple[str, str | bytes]]:
    """Headers as metadata."""
    return [(h.name.lower(), _value(h.name, text)) for h in given for text in h.value]


def _value(name: str, text: str) -> str | bytes:
    if not name.lower().endswith("-bin"):
        return text
    return base64.b64decode(text + "=" * (-len(text) % 4))


def raised(error: Error, *more: AnyMessage) -> Exception:
    """The exception that a handler raises for an error of the runner's."""
    details = [(detail.type_url, detail.value) for detail in (*error.details, *more)]
    return runtime.ServiceError(_CODES[error.code], error.message or "", details=details)


def caught(error: Any) -> Error:
    """An exception that a client got, as the runner's error."""
    code = next(code for code, ours in _CODES.items() if ours is error.code)
    details = [AnyMessage(type_url=url, value=value) for url, value in error.details]
    return Error(code=code, message=error.message, details=details)


_CODES = dict(zip(Code, runtime.Code, strict=True))
