"""The definition's limits, applied to one request or to each of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from .errors import Violation, invalid
from .operation import Operation


def check_of(operation: Operation) -> Callable[[Any], Any] | None:
    """What returns the request, or raises ``ServiceError`` if it breaks a limit.

    For a stream of requests it returns an iterator that raises at the wrong one.
    ``None`` if the operation has no limits.
    """
    validate = operation.validate
    if validate is None:
        return None
    if operation.kind.asks_stream:
        return lambda requests: _Validated(validate, requests)

    def checked(request: Any) -> Any:
        if violations := validate(request):
            raise invalid(violations)
        return request

    return checked


class _Validated:
    def __init__(
        self,
        validate: Callable[[Any], list[Violation]],
        requests: AsyncIterator[Any],
    ) -> None:
        self._validate = validate
        self._requests = requests

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        request = await anext(self._requests)
        if violations := self._validate(request):
            raise invalid(violations)
        return request
