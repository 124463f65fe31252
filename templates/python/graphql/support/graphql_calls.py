"""Queries of the caller's own: ``await client.graphql("{ … }", {…})``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

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


def _never(_handler: Any, _request: Any) -> Any:
    raise NotImplementedError


GRAPHQL = Operation(
    service="GraphQL",
    name="graphql",
    kind=Kind.UNARY,
    request=GraphqlRequest,
    response=GraphqlResponse,
    invoke=_never,
)
"""A query that is no operation of the definition; only GraphQL's channel knows it."""


class GraphqlCalls(ServiceClient):
    """What a client can do beside its operations, where its URL is one of GraphQL."""

    async def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
    ) -> GraphqlResponse:
        """Send a query or mutation. Over other protocols ``Code.UNIMPLEMENTED`` is raised."""
        request = GraphqlRequest(query, variables)
        response: GraphqlResponse = await self._unary(GRAPHQL, request, options)
        return response
