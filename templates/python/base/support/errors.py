"""The one error model: sixteen codes, a typed payload, where a request is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar

import msgspec


class Code(StrEnum):
    """Why a call failed, in the order of the codes' gRPC numbers 1 to 16."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    INVALID_ARGUMENT = "invalid_argument"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    PERMISSION_DENIED = "permission_denied"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    FAILED_PRECONDITION = "failed_precondition"
    ABORTED = "aborted"
    OUT_OF_RANGE = "out_of_range"
    UNIMPLEMENTED = "unimplemented"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DATA_LOSS = "data_loss"
    UNAUTHENTICATED = "unauthenticated"


class ConfigurationError(ValueError):
    """What a program asks of a server or client cannot be: a URL, a file, a setting."""


class Violation(msgspec.Struct, frozen=True):
    """What is wrong with a request: a field's path (``items[2].name``), and why."""

    field: str
    message: str


class ServiceError(Exception):
    """A call failed. Raised in a handler, it reaches the client as it is.

    The errors of the definition are subclasses with a payload of their own. Anything
    else that a handler raises reaches the client as ``Code.INTERNAL`` without its text.
    """

    error_name: ClassVar[str] = ""  # the definition's name of a declared error
    default_code: ClassVar[Code] = Code.UNKNOWN
    default_message: ClassVar[str] = ""
    payload_type: ClassVar[Any] = (
        None  # the Struct that carries a declared error's fields
    )
    declared_retryable: ClassVar[bool] = False

    unsent: bool = False
    """A transport sets it when the request cannot have reached the server."""

    challenges: tuple[str, ...] = ()
    """The schemes of credentials that an operation wanted and did not get."""

    def __init__(
        self,
        code: Code | None = None,
        message: str = "",
        *,
        violations: Sequence[Violation] = (),
        payload: Any = None,
        details: Sequence[tuple[str, bytes]] = (),
        retryable: bool | None = None,
    ) -> None:
        self.code = code or self.default_code
        self.message = (
            message or self.default_message or self.code.value.replace("_", " ")
        )
        self.violations = tuple(violations)
        self.payload = payload
        self.details = tuple(details)  # raw google.protobuf.Any: (type URL, value)
        if retryable is None:
            retryable = self.declared_retryable or self.code is Code.UNAVAILABLE
        self.retryable = retryable
        super().__init__(self.message)

    def __str__(self) -> str:
        where = "; ".join(f"{v.field}: {v.message}" for v in self.violations)
        return f"{self.code.value}: {self.message}" + (f" ({where})" if where else "")


def invalid(violations: Sequence[Violation], message: str = "") -> ServiceError:
    """The error of a request that breaks the definition's types or limits."""
    return ServiceError(
        Code.INVALID_ARGUMENT,
        message or "the request is not valid",
        violations=violations,
    )
