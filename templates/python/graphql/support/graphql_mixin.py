"""Queries of the caller's own: ``await client.graphql("{ … }", {…})``.

Every generated client has these methods beside its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from .blocking import BlockingServiceClient
from .channel import CallOptions
from .client import ServiceClient
from .errors import ServiceError
from .operation import Kind, Operation


class GraphqlRequest(msgspec.Struct, omit_defaults=True):
    """A query and what it needs."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = msgspec.field(default=None, name="operationName")


@dataclass(frozen=True, slots=True)
class GraphqlResponse:
    """What a query gives: plain JSON values, and what went wrong on the way."""

    data: dict[str, Any] | None
    errors: list[ServiceError]


def no_handler(_handler: Any, _request: Any) -> Any:
    """Stands in an operation that no handler serves: this protocol answers it itself."""
    raise NotImplementedError


GRAPHQL = Operation(
    service="GraphQL",
    name="graphql",
    kind=Kind.UNARY,
    request=GraphqlRequest,
    response=GraphqlResponse,
    invoke=no_handler,
)
"""A query that is no operation of the definition; only GraphQL's channel knows it."""

GRAPHQL_EVENTS = replace(GRAPHQL, kind=Kind.SERVER_STREAM)
"""The same for subscriptions."""


class GraphqlMixin(ServiceClient):
    """What a client can do beside its operations, where its URL is one of GraphQL."""

    async def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
    ) -> GraphqlResponse:
        """Send a query or mutation.

        Over other protocols it fails with ``Code.UNIMPLEMENTED``.
        """
        request = GraphqlRequest(query, variables)
        response: GraphqlResponse = await self._unary(GRAPHQL, request, options)
        return response

    async def graphql_events(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
    ) -> AsyncIterator[GraphqlResponse]:
        """Send a subscription; leave it with ``aclose``."""
        request = GraphqlRequest(query, variables)
        responses = self._server_stream(GRAPHQL_EVENTS, request, options)
        async with aclosing(responses):  # type: ignore[type-var]
            async for response in responses:
                yield response


M = TypeVar("M", bound=GraphqlMixin)


class GraphqlBlockingMixin(BlockingServiceClient[M]):
    """The same for programs without an event loop."""

    def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
    ) -> GraphqlResponse:
        """Send a query or mutation."""
        call = self._client.graphql(query, variables, options=options)
        return self._portal.run(call)

    def graphql_events(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
    ) -> Iterator[GraphqlResponse]:
        """Send a subscription; leave the loop to end it."""
        events = self._client.graphql_events(query, variables, options=options)
        return self._portal.iterate(events)
