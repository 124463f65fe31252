"""What REST answers when a call fails."""

from __future__ import annotations

from contextlib import suppress

from .context import Context
from .errors import ServiceError
from .http_exchange import Answer, RawHeaders, metadata_headers
from .rest_problem import PROBLEM_JSON, encode_problem, headers_of, status_of


def problem_answer(error: ServiceError, context: Context | None = None) -> Answer:
    """A problem as an answer; what the handler set as metadata goes along."""
    body = encode_problem(error)
    headers: RawHeaders = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", b"%d" % len(body)),
        *((name.encode(), value.encode()) for name, value in headers_of(error)),
    ]
    if context is not None:
        with suppress(ServiceError):  # of the metadata itself, when that is what failed
            headers += metadata_headers(context)
    return status_of(error), headers, body
