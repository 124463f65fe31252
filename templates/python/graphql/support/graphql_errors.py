"""Errors on GraphQL: the code, name and payload of a ``ServiceError`` in ``extensions``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .errors import Code, ServiceError, Violation
from .json import json_codec
from .operation import Operation

Shown = dict[str, Any]


class _Extensions(msgspec.Struct):
    """What a client reads; everything may be missing in another server's error."""

    code: str = ""
    error: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")
    violations: list[Violation] = []
    retryable: bool | None = None


class WireError(msgspec.Struct):
    """One of ``errors`` as a client reads it (October 2021, 7.1.2)."""

    message: str = ""
    path: list[Any] | None = None
    extensions: msgspec.Raw = msgspec.Raw(b"null")


def show(
    error: ServiceError,
    path: Sequence[str | int] = (),
    location: tuple[int, int] = (0, 0),
) -> Shown:
    """An error as GraphQL has it."""
    shown: Shown = {"message": error.message}
    if location[0]:
        shown["locations"] = [{"line": location[0], "column": location[1]}]
    if path:
        shown["path"] = list(path)
    shown["extensions"] = _extensions(error)
    return shown


def _extensions(error: ServiceError) -> Shown:
    found: Shown = {"code": error.code.value, "retryable": error.retryable}
    if error.violations:
        found["violations"] = error.violations
    if error.error_name:
        found["error"] = error.error_name
        if error.payload is not None:
            payload = json_codec(error.payload_type).encode(error.payload)
            found["payload"] = msgspec.Raw(payload)
    return found


def read_error(error: WireError, operation: Operation | None = None) -> ServiceError:
    """The error that a server reports, whoever wrote it; a declared one as its own class."""
    try:
        found = msgspec.json.decode(error.extensions, type=_Extensions | None)
    except (msgspec.DecodeError, RecursionError):
        found = None
    found = found or _Extensions()
    names: Mapping[str, type[ServiceError]] = (
        {} if operation is None else operation.errors_by_name
    )
    declared = names.get(found.error)
    if declared is not None:
        try:
            payload = json_codec(declared.payload_type).decode(bytes(found.payload))
        except ServiceError:
            declared = None
    code = _code(found.code)
    if declared is None:
        return ServiceError(
            code,
            error.message,
            violations=found.violations,
            retryable=found.retryable,
        )
    made = declared.__new__(declared)
    ServiceError.__init__(
        made, code, error.message, payload=payload, retryable=found.retryable
    )
    return made


def _code(name: str) -> Code:
    try:
        return Code(name)
    except ValueError:
        return Code.UNKNOWN
