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
import trustme

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

    with pytest.raises(OSError, match=rf"{address} cannot be bound: .*in use"):
        await server.start()


def tls_files(folder: Path) -> dict[str, Path]:
    """A certificate and its key, the key of another one, and what is no PEM."""
    files = {name: folder / f"{name}.pem" for name in ("certificate", "key", "other", "garbage")}
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(files["certificate"])
    issued.private_key_pem.write_to_path(files["key"])
    authority.issue_cert("other").private_key_pem.write_to_path(files["other"])
    files["garbage"].write_text("no PEM")
    return files


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        (None, "needs a certificate"),
        (("certificate", "other"), "are no PEM certificate with its key"),
        (("garbage", "key"), "are no PEM certificate with its key"),
        (("certificate", "missing"), "cannot read the TLS file"),
    ],
)
async def test_wrong_tls_files_are_told(
    chosen: tuple[str, str] | None, problem: str, tmp_path: Path
) -> None:
    package = projects.package("calculator")
    runtime = package.runtime
    files = {**tls_files(tmp_path), "missing": tmp_path / "missing.pem"}
    tls = chosen and runtime.Tls(*(files[name] for name in chosen))
    settings = runtime.ServerSettings(tls=tls)
    handlers = projects.handlers("calculator")
    server = package.serve(*handlers, urls=["grpcs://127.0.0.1:0"], settings=settings)

    with pytest.raises(ValueError, match=problem) as caught:
        await server.start()
    assert "ConfigurationError" == type(caught.value).__name__


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
