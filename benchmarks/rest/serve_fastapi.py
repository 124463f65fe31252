"""The peer: what a user would write by hand with FastAPI. Prints its URL."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class AddRequest(BaseModel):
    a: int
    b: int


class AddResponse(BaseModel):
    result: int


class Item(BaseModel):
    sku: str
    quantity: int
    price: float
    tags: list[str]
    note: str | None = None


class Order(BaseModel):
    id: int
    customer: str
    items: list[Item]
    total: float


app = FastAPI()


@app.post("/add")
async def add(request: AddRequest) -> AddResponse:
    return AddResponse(result=request.a + request.b)


@app.post("/echo")
async def echo(request: Order) -> Order:
    items = [
        Item(sku=i.sku, quantity=i.quantity, price=i.price, tags=i.tags, note=i.note)
        for i in request.items
    ]
    return Order(id=request.id, customer=request.customer, items=items, total=request.total)


if __name__ == "__main__":
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[bound])
