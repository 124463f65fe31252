"""A peer: jsonrpcserver on Starlette, as its documentation shows. Prints its address."""

from __future__ import annotations

import socket

import uvicorn
from jsonrpcserver import Result, Success, async_dispatch, method
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@method
async def add(a: int, b: int) -> Result:
    return Success({"result": a + b})


async def index(request: Request) -> Response:
    text = await async_dispatch((await request.body()).decode())
    return Response(text, media_type="application/json")


app = Starlette(routes=[Route("/", index, methods=["POST"])])

if __name__ == "__main__":
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(f"127.0.0.1:{bound.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[bound])
