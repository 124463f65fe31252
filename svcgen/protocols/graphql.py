"""GraphQL over HTTP, with subscriptions over WebSocket: each operation is a field of a root.

``readonly`` operations are fields of ``Query``, server streams and events of ``Subscription``, all
others of ``Mutation``. ``bind: {graphql: {field: …}}`` names the field by hand.
"""

from __future__ import annotations

from svcgen.diagnostics import Report
from svcgen.model.bindings import GraphqlBinding
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Streaming
from svcgen.protocols import WireProtocol


def _bind(api: Api, exchange: Exchange, report: Report) -> GraphqlBinding:
    from svcgen.formats.graphql.shape import graph

    shape = graph(api)
    operation = shape.of(exchange)
    query = shape.query(exchange)
    return GraphqlBinding(
        operation.root.value,
        operation.field.name,
        operation.value,
        query.document,
        query.fragments,
        shape.renamed(operation),
        operation.of,
        operation.found_by,
    )


PROTOCOL = WireProtocol(
    name="graphql",
    title="GraphQL",
    schemes=("graphql+http", "graphql+https"),
    default_port=8082,
    codec="json",
    schema="graphql",
    carries={
        Streaming.UNARY: "query or mutation",
        Streaming.SERVER: "subscription",
    },
    bind=_bind,
)
