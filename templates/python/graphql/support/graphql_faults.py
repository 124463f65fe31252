"""What graphql-core reports, as errors on GraphQL; the text of a fault of ours stays here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from .errors import Code, ServiceError
from .graphql_errors import Shown, show
from .logs import LOGGER


def show_all(errors: Sequence[Any]) -> list[Shown]:
    return [_show_one(error) for error in errors]


def _show_one(error: Any) -> Shown:
    cause = error.original_error
    path = error.path or ()
    places = [(p.line, p.column) for p in error.locations or ()]
    location = places[0] if places else (0, 0)
    if isinstance(cause, ServiceError):
        return show(cause, path, location)
    if isinstance(cause, GraphQLError):
        cause = None
    if cause is None and not path:  # the query or its variables are wrong
        fault = ServiceError(Code.INVALID_ARGUMENT, error.message)
    elif cause is None:
        fault = ServiceError(Code.INTERNAL, error.message)
    else:
        LOGGER.error("an answer could not be made", exc_info=cause)
        fault = ServiceError(Code.INTERNAL, "internal error")
    shown = show(fault, path, location)
    if len(places) > 1:
        shown["locations"] = [{"line": line, "column": at} for line, at in places]
    return shown
