"""The client's seam: a channel carries calls over one protocol to one address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .context import Metadata
from .operation import Operation


@dataclass(slots=True)
class CallOptions:
    """What one call may say: how long to wait, what to send along, what came back.

    ``headers`` and ``trailers`` are filled with the response's metadata, which may be
    left out if not ``wants_metadata``. Use one object a call.
    """

    timeout: float | None = (
        None  # seconds; None: the operation's deadline, else the client's
    )
    metadata: Sequence[tuple[str, str | bytes]] = ()
    headers: Metadata = field(default_factory=Metadata)
    trailers: Metadata = field(default_factory=Metadata)
    wants_metadata: bool = True


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
