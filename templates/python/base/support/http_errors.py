"""What HTTP statuses mean as errors, for every protocol that travels on HTTP."""

from __future__ import annotations

from http import HTTPStatus

from .errors import Code, ServiceError

CODE_OF_STATUS = {
    400: Code.INVALID_ARGUMENT,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    406: Code.UNIMPLEMENTED,
    408: Code.DEADLINE_EXCEEDED,
    409: Code.ALREADY_EXISTS,
    412: Code.FAILED_PRECONDITION,
    413: Code.RESOURCE_EXHAUSTED,
    415: Code.UNIMPLEMENTED,
    416: Code.OUT_OF_RANGE,
    422: Code.INVALID_ARGUMENT,
    429: Code.RESOURCE_EXHAUSTED,
    499: Code.CANCELLED,
    500: Code.INTERNAL,
    501: Code.UNIMPLEMENTED,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.DEADLINE_EXCEEDED,
}


class HttpError(ServiceError):
    """A failure that HTTP has a status for and the sixteen codes have not, such as 405 or 415."""

    def __init__(
        self, status: int, message: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(CODE_OF_STATUS[status], message)
        self.status = status
        self.headers = headers


def code_of_status(status: int) -> Code:
    """The code of an answer that says no more than its status."""
    other = Code.INVALID_ARGUMENT if 400 <= status < 500 else Code.UNKNOWN
    return CODE_OF_STATUS.get(status, other)


def phrase(status: int) -> str:
    """A status in words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Client Closed Request" if status == 499 else "Error"
