"""The server of Thrift on its socket: bytes, limits, slow and vanishing clients. Nothing may leak."""

from __future__ import annotations

import asyncio
import gc
import importlib
import re
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.transport.TTransport import TMemoryBuffer

from tests import projects
from tests.test_thrift_codec import read_struct

WIRE = Path(__file__).parent / "wire" / "thrift" / "calculator.yaml"
LIMIT = 10.0  # seconds
HEALTH = b"\x80\x01\x00\x01\x00\x00\x00\x09getStatus\x00\x00\x00\x01\x00"

calculator = projects.package("calculator")
runtime = calculator.runtime
Handler = importlib.import_module("calculator.handler").CalculatorHandler


def cases() -> list[Any]:
    """Each case with each transport that it is for."""
    found = []
    for case in yaml.safe_load(WIRE.read_text())["cases"]:
        for transport in [case["transport"]] if "transport" in case else ["framed", "bare"]:
            found.append(pytest.param(case, transport, id=f"{case['name']}-{transport}"))
    return found


def to_bytes(text: str) -> bytes:
    parts = re.findall(r"'([^']*)'|([0-9a-f]+)", text)
    return b"".join(
        quoted.encode() if not digits else bytes.fromhex(digits) for quoted, digits in parts
    )


def framed(message: bytes) -> bytes:
    return struct.pack(">i", len(message)) + message


@asynccontextmanager
async def serving(handler: Any = None, query: str = "", **settings: Any) -> AsyncIterator[Any]:
    url = f"thrift://127.0.0.1:0{query}"
    chosen = runtime.ServerSettings(**settings)
    async with calculator.serve(handler or Handler(), urls=[url], settings=chosen) as server:
        yield server


@asynccontextmanager
async def connected(server: Any, buffer: int = 0) -> AsyncIterator[Any]:
    """``buffer``: how many bytes the kernel keeps for us, if not as many as it likes."""
    opened = socket.socket()
    if buffer:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    opened.setblocking(False)
    await asyncio.get_running_loop().sock_connect(opened, ("127.0.0.1", server.endpoints[0].port))
    reader, writer = await asyncio.open_connection(sock=opened)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader: Any, expected: int | None) -> bytes:
    """As many bytes as are expected, or all until the connection is closed."""
    read = reader.read(-1) if expected is None else reader.readexactly(expected)
    return bytes(await asyncio.wait_for(read, LIMIT))


@pytest.mark.parametrize(("case", "transport"), cases())
async def test_bytes(case: Any, transport: str) -> None:
    wrap = framed if transport == "framed" else bytes
    async with serving() as server, connected(server) as (reader, writer):
        for message in (case["send"], *case.get("then", ())):
            writer.write(wrap(to_bytes(message)))
        if "answer" in case:
            expected = wrap(to_bytes(case["answer"]))
            assert expected == await answer(reader, len(expected))
        elif "exception" in case:
            await expect_exception(reader, case["exception"], transport, to_bytes(case["send"]))
        if case.get("closes") or not {"answer", "exception"} & case.keys():
            assert await answer(reader, None) == b""
        else:
            compact = to_bytes(case["send"])[0] == 0x82
            writer.write(wrap(to_bytes("8221 01 09 'getStatus' 00") if compact else HEALTH))
            assert await answer(reader, 4)


async def expect_exception(reader: Any, expected: Any, transport: str, sent: bytes) -> None:
    if transport == "framed":
        (size,) = struct.unpack(">i", await answer(reader, 4))
        data = await answer(reader, size)
    else:
        data = bytes(await asyncio.wait_for(reader.read(4096), LIMIT))
    protocol = (TCompactProtocol if sent[0] == 0x82 else TBinaryProtocol)(TMemoryBuffer(data))
    name, kind, sequence = protocol.readMessageBegin()
    assert (name, kind, sequence) == (expected["name"], 3, 9)
    fields = {number: value for number, _, value in read_struct(protocol)}
    assert fields[2] == expected["kind"]
    assert fields[3].decode() == expected["code"]
    if "message" in expected:
        assert fields[1].decode() == expected["message"]
    violations = {item[0][2].decode(): item[1][2].decode() for item in fields.get(4, (0, ()))[1]}
    assert violations == expected.get("violations", {})


@pytest.mark.parametrize("transport", ["framed", "bare"])
async def test_bytes_that_come_one_by_one(transport: str) -> None:
    wrap = framed if transport == "framed" else bytes
    [case] = [
        c for c in yaml.safe_load(WIRE.read_text())["cases"] if c["name"] == "a message, binary"
    ]
    expected = wrap(to_bytes(case["answer"]))
    async with serving() as server, connected(server) as (reader, writer):
        for byte in wrap(to_bytes(case["send"])) * 2:
            writer.write(bytes((byte,)))
            await asyncio.sleep(0.001)
        assert expected * 2 == await answer(reader, 2 * len(expected))


@pytest.mark.parametrize(
    "query", ["", "?transport=buffered", "?protocol=compact&transport=buffered"]
)
async def test_large_messages(query: str) -> None:
    """Near the limit; above it nobody is told of a call without an answer.

    Without frames its connection ends, and the next call has a new one.
    """

    class Big(Handler):  # type: ignore[misc, valid-type]
        async def log(self, line: str) -> None:
            self.seen = len(line)

    handler = Big()
    once = runtime.ClientSettings(retry=runtime.RetryPolicy(attempts=1))
    async with (
        serving(handler, max_message_bytes=1_000_000) as server,
        calculator.connect(server.urls[0] + query, settings=once) as client,
    ):
        await client.log("x" * 900_000)
        await client.add(calculator.AddRequest(a=1, b=2))
        assert handler.seen == 900_000
        await client.log("x" * 1_100_000)
        if query:
            with pytest.raises(runtime.ServiceError) as caught:
                await client.add(calculator.AddRequest(a=1, b=2))
            assert caught.value.code is runtime.Code.UNAVAILABLE
        assert handler.seen == 900_000
        assert (await client.add(calculator.AddRequest(a=1, b=2))).result == 3


ASKED = b"\x80\x01\x00\x01\x00\x00\x00\x03add\x00\x00\x00\x07"


@pytest.mark.parametrize("piece", [1, 7, 1000, 100_000])
async def test_a_frame_beyond_the_limit_is_answered_and_skipped(piece: int) -> None:
    """Whatever the pieces in which it comes; what follows it is served."""
    sent = framed(ASKED + b"\x0b\x00\x01" + bytes(3_000)) + framed(HEALTH)
    async with serving(max_message_bytes=2_000) as server, connected(server) as (reader, writer):
        for at in range(0, len(sent), piece):
            writer.write(sent[at : at + piece])
            await asyncio.sleep(0)
        refused = await answer(reader, struct.unpack(">i", await answer(reader, 4))[0])
        protocol = TBinaryProtocol(TMemoryBuffer(refused))
        assert protocol.readMessageBegin() == ("add", 3, 7)
        fields = {number: value for number, _, value in read_struct(protocol)}
        assert (fields[2], fields[3]) == (7, b"resource_exhausted")
        healthy = await answer(reader, struct.unpack(">i", await answer(reader, 4))[0])
        assert healthy.endswith(b"\x08\x00\x00\x00\x00\x00\x02\x00")


async def test_a_message_beyond_the_limit_without_a_frame_is_answered_at_last() -> None:
    """And the answer is not lost although the client still sends."""
    field = b"\x0b\x00\x05\x00\x00\x00\x64" + bytes(100)
    async with serving(max_message_bytes=2_000) as server, connected(server) as (reader, writer):
        writer.write(ASKED + field * 10)
        await asyncio.sleep(0.05)
        for _ in range(50):
            writer.write(field * 10)
        refused = await answer(reader, None)
        protocol = TBinaryProtocol(TMemoryBuffer(refused))
        assert protocol.readMessageBegin() == ("add", 3, 7)
        assert b"resource_exhausted" in refused
        writer.close()
        await until(lambda: not server._listeners[0].connections)


async def test_a_stalled_client_is_ended() -> None:
    """In the middle of a message; one that is idle between messages stays."""
    async with serving(idle_timeout=0.2, max_message_bytes=2_000) as server:
        for begun in (b"\x00\x00\x00\x20\x80\x01", b"\x00\x01\x00\x00" + ASKED):
            async with connected(server) as (reader, writer):
                writer.write(begun)
                assert (await answer(reader, None)).count(b"add") == begun.count(b"add")
        async with connected(server) as (reader, writer):
            await asyncio.sleep(0.6)
            writer.write(framed(HEALTH))
            assert await answer(reader, 4)


async def test_a_client_that_does_not_read_is_ended() -> None:
    async with serving(idle_timeout=0.3) as server, connected(server, buffer=4096) as (_, writer):
        listener = server._listeners[0]
        while not listener.connections:
            await asyncio.sleep(0.01)
        await asyncio.wait_for(_flood(writer, listener), 2 * LIMIT)

        assert not listener.calls


async def _flood(writer: Any, listener: Any) -> None:
    """Ask for what is not there, never listen, until the server has enough."""
    writer.transport.pause_reading()
    name = b"x" * 50_000
    while listener.connections:
        writer.write(framed(b"\x80\x01\x00\x01" + struct.pack(">i", len(name)) + name + bytes(5)))
        await asyncio.sleep(0)


async def test_connections_have_a_limit() -> None:
    async with serving(max_connections=2) as server, connected(server), connected(server):
        async with connected(server) as (reader, writer):
            writer.write(framed(HEALTH))
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await answer(reader, 4)


class Slow(Handler):  # type: ignore[misc, valid-type]
    """A calculator that takes its time to subtract, and remembers how that ended."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = 0
        self.ended: list[str] = []

    async def subtract(self, a: int, b: int) -> int:
        self.entered += 1
        try:
            await asyncio.sleep(a)
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        self.ended.append("done")
        return b

    async def log(self, line: str) -> None:
        await asyncio.sleep(0.2)
        self.ended.append(line)


async def until(true: Any) -> None:
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be")


async def test_a_client_that_vanishes_ends_its_calls_but_not_its_one_way_ones() -> None:
    handler = Slow()
    async with serving(handler) as server:
        client = calculator.connect(server.urls[0])
        calling = asyncio.ensure_future(client.subtract(30, 1))
        await client.log("kept")
        await until(lambda: handler.entered)
        await client.close()
        with pytest.raises(runtime.ServiceError):
            await calling
        await until(lambda: len(handler.ended) == 2)

        assert handler.ended == ["cancelled", "kept"]


async def test_deadlines_reach_the_handler() -> None:
    handler = Slow()
    async with serving(handler) as server, calculator.connect(server.urls[0]) as client:
        with pytest.raises(runtime.ServiceError) as caught:
            await client.subtract(30, 1, options=runtime.CallOptions(timeout=0.1))
        assert caught.value.code is runtime.Code.DEADLINE_EXCEEDED
        await until(lambda: handler.ended == ["cancelled"])
        assert (await client.subtract(0, 1)) == 1


async def test_calls_overtake_each_other_on_one_connection() -> None:
    handler = Slow()
    async with serving(handler) as server, calculator.connect(server.urls[0]) as client:
        slow = asyncio.ensure_future(client.subtract(1, 10))
        await until(lambda: handler.entered == 1)
        assert await client.subtract(0, 20) == 20
        assert not slow.done()
        assert await slow == 10
        assert len(server._listeners[0].connections) == 1


async def test_draining_answers_what_is_in_flight() -> None:
    handler = Slow()
    async with serving(handler, drain_grace=5.0) as server:
        async with calculator.connect(server.urls[0]) as client:
            calling = asyncio.ensure_future(client.subtract(1, 7))
            await until(lambda: handler.entered)
            stopping = asyncio.ensure_future(server.stop())
            assert await calling == 7
            await asyncio.wait_for(stopping, 2.0)


async def test_draining_ends_what_takes_too_long() -> None:
    handler = Slow()
    async with serving(handler, drain_grace=0.1) as server:
        async with calculator.connect(server.urls[0]) as client:
            calling = asyncio.ensure_future(client.subtract(30, 7))
            await until(lambda: handler.entered)
            await asyncio.wait_for(server.stop(), 3.0)
            with pytest.raises(runtime.ServiceError):
                await calling
    assert handler.ended == ["cancelled"]


async def test_nothing_is_left_behind() -> None:
    """After clients of every kind, no task, no connection, no socket."""
    before = len(asyncio.all_tasks())
    async with serving() as server:
        listener = server._listeners[0]
        for data in (
            b"",
            b"\x00",
            b"\x16\x03",
            HEALTH[:10],
            framed(HEALTH),
            framed(HEALTH)[:-1],
        ) * 20:
            async with connected(server) as (_, writer):
                writer.write(data)
        for query in ("", "?protocol=compact", "?transport=buffered"):
            async with calculator.connect(server.urls[0] + query) as client:
                await client.add(calculator.AddRequest(a=1, b=2))
        await until(lambda: not listener.connections)
        assert not listener.calls
    gc.collect()
    await until(lambda: len(asyncio.all_tasks()) == before)
