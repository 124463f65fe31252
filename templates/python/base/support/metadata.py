"""What may be sent along with a call or its answer: what every protocol can carry."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import Code, ServiceError

_NAME = re.compile(r"[0-9a-z_.-]+\Z")  # gRPC's; HTTP would take more
_TEXT = re.compile(r"[\x20-\x7e]*\Z")

Pair = tuple[str, str | bytes]


def sendable(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs of a caller with their names in lower case.

    Raises ``ServiceError`` with ``Code.INVALID_ARGUMENT`` that says which one no protocol
    carries.
    """
    try:
        return [checked(name, value) for name, value in pairs]
    except ValueError as error:
        raise ServiceError(Code.INVALID_ARGUMENT, str(error)) from None


def checked(name: str, value: str | bytes) -> Pair:
    """The pair with its name in lower case.

    Raises ``ValueError`` for what no protocol carries: a name of other characters, a text
    that is not printable ASCII, or bytes under a name that does not end in ``-bin`` (and
    texts under one that does).
    """
    name = name.lower()
    binary = name.endswith("-bin")
    if not _NAME.match(name):
        problem = "has a name of more than letters, digits, '-', '_' and '.'"
    elif binary is not isinstance(value, bytes):
        problem = "must be bytes" if binary else "must be a text"
    elif isinstance(value, str) and not _TEXT.match(value):
        problem = "is not printable ASCII"
    else:
        return name, value
    raise ValueError(f"the metadata {name!r} {problem}")
