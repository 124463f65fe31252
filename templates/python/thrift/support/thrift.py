"""What both sides of Thrift share: methods, options of URLs, metadata and failures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .context import Metadata
from .endpoint import Endpoint
from .errors import Code, ConfigurationError, ServiceError, Violation
from .operation import Operation
from .thrift_methods import Failure, Method

TIMEOUT = "x-request-timeout"
"""The attachment that says how many seconds the caller waits."""

UNKNOWN, UNKNOWN_METHOD, INVALID_MESSAGE_TYPE = 0, 1, 2
INTERNAL_ERROR, PROTOCOL_ERROR = 6, 7
"""Kinds of ``TApplicationException``."""

_KINDS = {
    Code.UNKNOWN: UNKNOWN,
    Code.UNIMPLEMENTED: UNKNOWN_METHOD,
    Code.INVALID_ARGUMENT: PROTOCOL_ERROR,
}
_CODES = {UNKNOWN: Code.UNKNOWN, UNKNOWN_METHOD: Code.UNIMPLEMENTED}
_KNOWN = {code.value: code for code in Code}


@dataclass(frozen=True, slots=True)
class ThriftMethod:
    """An operation on Thrift: its names there, and its structs."""

    operation: Operation
    service: str
    name: str
    codec: Method


def option(
    endpoint: Endpoint, name: str, default: str, known: Collection[str] = ("yes", "no")
) -> str:
    """An option of a URL. ``ConfigurationError`` names what is known."""
    value = endpoint.options.get(name, default)
    if value not in known:
        raise ConfigurationError(
            f"{endpoint} has {name}={value}; known: {', '.join(known)}"
        )
    return value


def kind_of(error: ServiceError) -> int:
    """The kind of ``TApplicationException`` that tells an error to others."""
    return _KINDS.get(error.code, INTERNAL_ERROR)


def error_of(failure: Failure) -> ServiceError:
    """The error that a ``TApplicationException`` stands for, ours or another's."""
    code = _KNOWN.get(failure.code or "") or _CODES.get(failure.number, Code.INTERNAL)
    violations = [Violation(v.field, v.message) for v in failure.violations or ()]
    return ServiceError(code, failure.message, violations=violations)


def attachments_of(
    metadata: Iterable[tuple[str, str | bytes]], timeout: float | None
) -> dict[str, str]:
    """Metadata and the timeout as Thrift carries them; of equal names the last."""
    found = {
        name: value if type(value) is str else _text(value) for name, value in metadata
    }
    if timeout is not None:
        found[TIMEOUT] = f"{timeout:.6f}"
    return found


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else base64.b64encode(value).decode()


def metadata_of(attachments: Mapping[str, str]) -> Metadata:
    """What came with a call; bytes that are no base64 are left out."""
    found = Metadata()
    for name, text in attachments.items():
        if not name.lower().endswith("-bin"):
            found.add(name, text)
            continue
        try:
            found.add(name, base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            continue
    return found


def timeout_of(attachments: Mapping[str, str]) -> float | None:
    """How many seconds the caller waits. ``ServiceError`` if that is no number."""
    text = attachments.get(TIMEOUT)
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds < 1e9:
        raise ServiceError(
            Code.INVALID_ARGUMENT, f"{TIMEOUT} is no number of seconds: {text[:40]!r}"
        )
    return seconds
