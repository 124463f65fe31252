"""A peer: the envelope that a user would write by hand with FastAPI. Prints its address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError


class Call(BaseModel):
    jsonrpc: Literal["2.0"]
    method: str
    params: dict[str, Any] = {}
    id: int | str | None = None


class Error(BaseModel):
    code: int
    message: str


class Success(BaseModel):
    jsonrpc: Literal["2.0"] = "2.0"
    result: Any
    id: int | str | None


class Failure(BaseModel):
    jsonrpc: Literal["2.0"] = "2.0"
    error: Error
    id: int | str | None


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


def add(request: AddRequest) -> AddResponse:
    return AddResponse(result=request.a + request.b)


def echo(request: Order) -> Order:
    items = [
        Item(sku=i.sku, quantity=i.quantity, price=i.price, tags=i.tags, note=i.note)
        for i in request.items
    ]
    return Order(id=request.id, customer=request.customer, items=items, total=request.total)


METHODS: dict[str, tuple[type[BaseModel], Callable[[Any], BaseModel]]] = {
    "add": (AddRequest, add),
    "echo": (Order, echo),
}


def answer(call: Call) -> Success | Failure:
    if call.method not in METHODS:
        return Failure(error=Error(code=-32601, message="Method not found"), id=call.id)
    kind, method = METHODS[call.method]
    try:
        request = kind.model_validate(call.params)
    except ValidationError:
        return Failure(error=Error(code=-32602, message="Invalid params"), id=call.id)
    return Success(result=method(request), id=call.id)


app = FastAPI()


@app.post("/")
async def post(call: Call) -> Success | Failure:
    return answer(call)


@app.websocket("/")
async def converse(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            call = Call.model_validate_json(await socket.receive_text())
            await socket.send_text(answer(call).model_dump_json())
    except WebSocketDisconnect:
        return


if __name__ == "__main__":
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(f"127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[bound])
