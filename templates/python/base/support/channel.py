"""The client's seam: a channel carries calls over one protocol to one address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from .context import Metadata
from .metadata import Pair
from .operation import Operation


class CallOptions:
    """What one call may say: how long to wait, what to send along, what came back.

    ``timeout`` is in seconds; ``None``: the operation's deadline, else the client's.
    ``headers`` and ``trailers`` are filled with the response's metadata, which may be
    left out if not ``wants_metadata``. Use one object a call.
    """

    __slots__ = ("_headers", "_trailers", "metadata", "timeout", "wants_metadata")

    def __init__(
        self,
        timeout: float | None = None,
        metadata: Sequence[Pair] = (),
        wants_metadata: bool = True,
    ) -> None:
        self.timeout = timeout
        self.metadata = metadata
        self.wants_metadata = wants_metadata
        self._headers: Metadata | None = None
        self._trailers: Metadata | None = None

    @property
    def headers(self) -> Metadata:
        if self._headers is None:
            self._headers = Metadata()
        return self._headers

    @property
    def trailers(self) -> Metadata:
        if self._trailers is None:
            self._trailers = Metadata()
        return self._trailers

    def sending(self, timeout: float | None, metadata: Sequence[Pair]) -> CallOptions:
        """Others for the same call, whose ``headers`` and ``trailers`` are these."""
        options = CallOptions(timeout, metadata, self.wants_metadata)
        options._headers = self.headers
        options._trailers = self.trailers
        return options


class Channel(Protocol):
    """How calls travel. Requests and responses are the model's values.

    Failures are ``ServiceError``: declared errors as their own class. A transport that
    could not reach the server raises ``Code.UNAVAILABLE``, with ``unsent`` set if the
    request cannot have arrived; one that waited too long ``Code.DEADLINE_EXCEEDED``.
    Leaving a response iterator early (``aclose``) or cancelling the call cancels it at
    the server.
    """

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any: ...

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any: ...

    def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]: ...

    def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]: ...

    async def close(self) -> None: ...
