"""The peer: ariadne, with queries parsed and validated once. Prints its URL."""

from __future__ import annotations

import functools
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from ariadne import QueryType, SubscriptionType, make_executable_schema
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLTransportWSHandler
from graphql import DocumentNode, GraphQLError, parse, validate

SDL = """
type Sum { result: Int! }
type Item { sku: String! quantity: Int! price: Float! tags: [String!]! note: String }
type Order { id: ID! customer: String! items: [Item!]! total: Float! }
type Query { plus(a: Int!, b: Int!): Sum! order(items: Int!): Order! }
type Subscription { ticks(count: Int!): Sum! }
"""

query = QueryType()
subscription = SubscriptionType()


@query.field("plus")
async def plus(_: Any, _info: Any, a: int, b: int) -> dict[str, int]:
    return {"result": a + b}


@query.field("order")
async def order(_: Any, _info: Any, items: int) -> dict[str, Any]:
    made = [
        {"sku": f"SKU-{n:04}", "quantity": n, "price": 12.5, "tags": ["red", "small"]}
        for n in range(items)
    ]
    return {"id": "123456789", "customer": "Ada Lovelace", "items": made, "total": 62.5}


@subscription.source("ticks")
async def ticks_source(_: Any, _info: Any, count: int) -> AsyncIterator[dict[str, int]]:
    for number in range(count):
        yield {"result": number}


@subscription.field("ticks")
def ticks(tick: dict[str, int], _info: Any, count: int) -> dict[str, int]:
    return tick


schema = make_executable_schema(SDL, query, subscription)


@functools.lru_cache(maxsize=256)
def parsed(text: str) -> DocumentNode:
    return parse(text)


@functools.lru_cache(maxsize=256)
def errors(document: DocumentNode) -> tuple[GraphQLError, ...]:
    return tuple(validate(schema, document))


app = GraphQL(
    schema,
    query_parser=lambda _context, data: parsed(data["query"]),
    query_validator=lambda _schema, document, *_, **__: list(errors(document)),
    websocket_handler=GraphQLTransportWSHandler(),
)


async def at_graphql(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "lifespan":
        await app(scope, receive, send)


if __name__ == "__main__":
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        at_graphql,
        loop="uvloop",
        http="httptools",
        log_level="critical",
        access_log=False,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[bound])
