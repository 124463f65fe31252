"""The gRPC server facing the open network: garbage, floods, and clients that vanish."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest

from tests import projects

LIMIT = 20.0  # seconds
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"

GARBAGE = {
    "HTTP/1": b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
    "nothing": b"",
    "zeros": bytes(1000),
    "a cut preface": PREFACE[:10],
    "a preface alone": PREFACE,
    "a frame of the largest size": PREFACE + SETTINGS + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",
    "headers that do not unpack": PREFACE
    + SETTINGS
    + b"\x00\x00\x04\x01\x04\x00\x00\x00\x01\xff\xff\xff\xff",
    "data on a closed stream": PREFACE + SETTINGS + b"\x00\x00\x01\x00\x00\x00\x00\x00\x05a",
}


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with projects.serving("calculator", "grpc") as url:
        yield url.removeprefix("grpc://")


async def add(address: str) -> bytes:
    """The server works: one plus two, in bytes."""
    async with grpc.aio.insecure_channel(address) as channel:
        call = channel.unary_unary("/calculator.Calculator/Add")
        answer: bytes = await call(b"\x08\x01\x10\x02", timeout=LIMIT)
        return answer


@pytest.mark.parametrize("name", GARBAGE)
async def test_garbage_on_the_socket(address: str, name: str) -> None:
    host, port = address.split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(GARBAGE[name])
    await writer.drain()

    assert b"\x08\x03" == await add(address)
    writer.close()


async def test_clients_that_vanish_leave_nothing_behind(address: str) -> None:
    """Connections that are cut in the middle of streams: neither tasks nor sockets stay."""
    await add(address)
    await settled()
    tasks, files = len(asyncio.all_tasks()), open_files()

    for _ in range(20):
        await vanish(address)

    async with asyncio.timeout(LIMIT):
        while len(asyncio.all_tasks()) > tasks or open_files() > files + 2:
            await asyncio.sleep(0.05)
    assert b"\x08\x03" == await add(address)


async def vanish(address: str) -> None:
    """Begin a stream both ways and a subscription, then close the connection under them."""
    channel = grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
    both = channel.stream_stream("/calculator.Calculator/RunningTotal")()
    await both.write(b"\x08\x01")
    assert b"\x08\x01" == await both.read()
    events = channel.unary_stream("/calculator.Calculator/SubscribeCalculated")(b"")
    waiting = asyncio.create_task(events.read())
    await asyncio.sleep(0.01)
    await channel.close()
    await asyncio.wait((waiting,))
    if not waiting.cancelled():
        waiting.exception()


async def settled() -> None:
    await asyncio.sleep(0.3)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_more_calls_than_allowed_are_refused() -> None:
    settings = projects.package("calculator").runtime.ServerSettings(max_in_flight=2)
    async with (
        projects.serving("calculator", "grpc", settings=settings) as url,
        grpc.aio.insecure_channel(url.removeprefix("grpc://")) as channel,
    ):
        open_call = channel.stream_stream("/calculator.Calculator/RunningTotal")
        calls = [open_call() for _ in range(2)]
        for call in calls:
            await call.write(b"\x08\x01")
            assert b"\x08\x01" == await call.read()

        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/calculator.Calculator/Add")(b"", timeout=LIMIT)

        assert grpc.StatusCode.RESOURCE_EXHAUSTED == caught.value.code()
        for call in calls:
            await call.done_writing()
            assert grpc.aio.EOF == await call.read()


async def test_an_address_in_use_is_an_error(address: str) -> None:
    package = projects.package("calculator")
    server = package.serve(*projects.handlers("calculator"), urls=[f"grpc://{address}"])

    with pytest.raises(OSError, match="cannot listen on"):
        await server.start()


async def test_draining_lets_calls_in_flight_end() -> None:
    package = projects.package("calculator")
    server = package.serve(*projects.handlers("calculator"), urls=["grpc://127.0.0.1:0"])
    await server.start()
    address = server.urls[0].removeprefix("grpc://")
    async with grpc.aio.insecure_channel(address) as channel:
        call: Any = channel.stream_stream("/calculator.Calculator/RunningTotal")()
        await call.write(b"\x08\x05")
        assert b"\x08\x05" == await call.read()
        stopping = asyncio.create_task(server.stop(10))
        await asyncio.sleep(0.1)
        await call.write(b"\x08\x02")
        assert b"\x08\x07" == await call.read()
        await call.done_writing()
        assert grpc.aio.EOF == await call.read()
        await asyncio.wait_for(stopping, LIMIT)

    with socket.socket() as probe:
        assert 0 != probe.connect_ex(("127.0.0.1", int(address.split(":")[1])))
