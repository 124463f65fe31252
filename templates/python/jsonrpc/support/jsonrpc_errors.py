"""Errors on JSON-RPC (section 5.1): which number each code has, and what ``data`` says.

``data`` has the members ``code`` (one of the sixteen), ``retryable``, ``violations`` (what is wrong
with the request, by field), ``error`` and ``payload`` (a declared error and its fields). A declared
error has the number that the definition chose for it, or that of its code: -32000 less the code's
number in gRPC. Errors that nobody declared take the standard's number where it has one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from .errors import Code, ServiceError, Violation
from .json import json_codec
from .jsonrpc_method import Method

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

_SERVER_ERROR = {code: -32000 - n for n, code in enumerate(Code, 1)}
_STANDARD = _SERVER_ERROR | {
    Code.INVALID_ARGUMENT: INVALID_PARAMS,
    Code.UNIMPLEMENTED: METHOD_NOT_FOUND,
    Code.INTERNAL: INTERNAL_ERROR,
}
_CODES = {number: code for code, number in _SERVER_ERROR.items()} | {
    PARSE_ERROR: Code.INTERNAL,
    INVALID_REQUEST: Code.INVALID_ARGUMENT,
    METHOD_NOT_FOUND: Code.UNIMPLEMENTED,
    INVALID_PARAMS: Code.INVALID_ARGUMENT,
    INTERNAL_ERROR: Code.INTERNAL,
}


class _Error(msgspec.Struct):
    """What a client reads; another server's may have any ``data``."""

    code: float = 0
    message: str = ""
    data: msgspec.Raw = msgspec.Raw()


class _Data(msgspec.Struct):
    code: str = ""
    error: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")
    violations: list[Violation] = []
    retryable: bool | None = None


def encode_error(error: ServiceError, method: Method | None = None) -> bytes:
    """The error object of a response."""
    data: dict[str, Any] = {"code": error.code.value, "retryable": error.retryable}
    number = _STANDARD[error.code]
    if error.violations:
        data["violations"] = error.violations
    if error.error_name:
        number = _SERVER_ERROR[error.code]
        data["error"] = error.error_name
        if error.payload is not None:
            payload = json_codec(error.payload_type).encode(error.payload)
            data["payload"] = msgspec.Raw(payload)
    if method is not None:
        number = method.codes.get(error.error_name, number)
    found = {"code": number, "message": error.message, "data": data}
    return msgspec.json.encode(found)


def decode_error(method: Method, data: msgspec.Raw) -> ServiceError:
    """The error that an error object stands for, whoever wrote it; a declared one as its class."""
    try:
        found = msgspec.json.decode(data, type=_Error)
    except msgspec.ValidationError:
        found = _Error(message="the call failed")
    details = _details(found.data)
    code = _code(details.code, int(found.code))
    declared = method.operation.errors_by_name.get(details.error)
    if declared is not None:
        try:
            payload = json_codec(declared.payload_type).decode(bytes(details.payload))
        except ServiceError:
            declared = None
    if declared is None:
        return ServiceError(
            code,
            found.message,
            violations=details.violations,
            retryable=details.retryable,
        )
    error = declared.__new__(declared)
    ServiceError.__init__(
        error, code, found.message, payload=payload, retryable=details.retryable
    )
    return error


def _details(data: msgspec.Raw) -> _Data:
    try:
        return msgspec.json.decode(data, type=_Data)
    except msgspec.DecodeError:
        return _Data()


def _code(name: str, number: int) -> Code:
    try:
        return Code(name)
    except ValueError:
        return _CODES.get(number, Code.UNKNOWN)
