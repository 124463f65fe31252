"""Errors on HTTP: problem+json (RFC 9457) both ways, and the status of each code.

Members beside the standard's: ``code`` (one of the sixteen), ``error`` and ``payload`` (a declared
error and its fields), ``violations`` (what is wrong with the request, by field), ``retryable``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from .errors import Code, ServiceError, Violation
from .http_errors import HttpError, code_of_status, phrase
from .json import json_codec
from .operation import Operation

PROBLEM_JSON = "application/problem+json"

STATUS_OF_CODE = {
    Code.CANCELLED: 499,
    Code.UNKNOWN: 500,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.DATA_LOSS: 500,
    Code.UNAUTHENTICATED: 401,
}

_CHALLENGES = {"bearer": "Bearer", "api_key": 'ApiKey header="x-api-key"'}
_RETRY_AFTER = {429: "1", 503: "1"}


class _Problem(msgspec.Struct):
    """What a client reads; everything may be missing in another server's problem."""

    title: str = ""
    detail: str = ""
    code: str = ""
    error: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")
    violations: list[Violation] = []
    retryable: bool | None = None


def status_of(error: ServiceError) -> int:
    return error.status if isinstance(error, HttpError) else STATUS_OF_CODE[error.code]


def headers_of(error: ServiceError) -> tuple[tuple[str, str], ...]:
    """The headers that HTTP wants beside the status (RFC 9110, 10.2.3, 11.6.1 and 15.5.6)."""
    if isinstance(error, HttpError):
        return error.headers
    if error.code is Code.UNAUTHENTICATED:
        wanted = error.challenges or ("bearer",)
        return tuple(("www-authenticate", _CHALLENGES[scheme]) for scheme in wanted)
    if seconds := _RETRY_AFTER.get(status_of(error)):
        return (("retry-after", seconds),)
    return ()


def encode_problem(error: ServiceError) -> bytes:
    status = status_of(error)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase(status),
        "status": status,
        "detail": error.message,
        "code": error.code.value,
        "retryable": error.retryable,
    }
    if error.violations:
        problem["violations"] = error.violations
    if error.error_name:
        problem["title"] = problem["error"] = error.error_name
        problem["type"] = f"/openapi.json#/components/schemas/{error.error_name}"
        if error.payload is not None:
            payload = json_codec(error.payload_type).encode(error.payload)
            problem["payload"] = msgspec.Raw(payload)
    return msgspec.json.encode(problem)


def decode_problem(operation: Operation, status: int, body: bytes) -> ServiceError:
    """The error that a response stands for, whoever wrote it; a declared one as its own class."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, RecursionError):
        problem = _Problem(title=phrase(status))
    code = _code(problem.code, status)
    message = problem.detail or problem.title
    declared = operation.errors_by_name.get(problem.error)
    if declared is not None:
        try:
            payload = json_codec(declared.payload_type).decode(bytes(problem.payload))
        except ServiceError:
            declared = None
    if declared is None:
        return ServiceError(
            code,
            message,
            violations=problem.violations,
            retryable=problem.retryable,
        )
    error = declared.__new__(declared)
    ServiceError.__init__(
        error, code, message, payload=payload, retryable=problem.retryable
    )
    return error


def _code(name: str, status: int) -> Code:
    try:
        return Code(name)
    except ValueError:
        return code_of_status(status)
