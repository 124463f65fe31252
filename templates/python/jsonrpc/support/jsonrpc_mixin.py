"""Several calls at once: ``await client.jsonrpc_batch(client.add(…), client.divide(…))``.

Every generated client has this method beside its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from .blocking import BlockingServiceClient
from .client import ServiceClient
from .jsonrpc_batch import together


class JsonrpcMixin(ServiceClient):
    """What a client can do beside its operations, where its URL is one of JSON-RPC."""

    async def jsonrpc_batch(
        self, *calls: Awaitable[Any], return_exceptions: bool = False
    ) -> list[Any]:
        """Make calls of this client together; their responses in their order.

        By POST they are one batch, one request for all of them. Over WebSocket, and over
        other protocols, they are made side by side. All of them are made whatever becomes
        of the others; then the first that failed is raised, unless ``return_exceptions``
        puts every exception where the response would be.
        """
        outcomes = await together(calls)
        if not return_exceptions:
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
        return outcomes


M = TypeVar("M", bound=JsonrpcMixin)


class JsonrpcBlockingMixin(BlockingServiceClient[M]):
    """The same for programs without an event loop."""

    def jsonrpc_batch(
        self,
        calls: Callable[[M], Iterable[Awaitable[Any]]],
        *,
        return_exceptions: bool = False,
    ) -> list[Any]:
        """Make calls together: ``jsonrpc_batch(lambda c: [c.add(…), c.divide(…)])``.

        ``calls`` makes them of the asynchronous client.
        """

        async def make() -> list[Any]:
            given = calls(self._client)
            return await self._client.jsonrpc_batch(
                *given, return_exceptions=return_exceptions
            )

        return self._portal.run(make())
