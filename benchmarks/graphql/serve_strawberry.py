"""The peer: strawberry on FastAPI as its documents show it. Prints its URL."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter


@strawberry.type
class Sum:
    result: int


@strawberry.type
class Item:
    sku: str
    quantity: int
    price: float
    tags: list[str]
    note: str | None = None


@strawberry.type
class Order:
    id: strawberry.ID
    customer: str
    items: list[Item]
    total: float


@strawberry.type
class Query:
    @strawberry.field
    async def plus(self, a: int, b: int) -> Sum:
        return Sum(result=a + b)

    @strawberry.field
    async def order(self, items: int) -> Order:
        made = [
            Item(sku=f"SKU-{n:04}", quantity=n, price=12.5, tags=["red", "small"])
            for n in range(items)
        ]
        return Order(id=strawberry.ID("123456789"), customer="Ada Lovelace", items=made, total=62.5)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, count: int) -> AsyncIterator[Sum]:
        for number in range(count):
            yield Sum(result=number)


app = FastAPI()
app.include_router(
    GraphQLRouter(strawberry.Schema(query=Query, subscription=Subscription)), prefix="/graphql"
)

if __name__ == "__main__":
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_level="critical", access_log=False
    )
    uvicorn.Server(config).run(sockets=[bound])
