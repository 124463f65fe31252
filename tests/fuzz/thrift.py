"""Mutated Thrift messages: binary and compact, framed and not, calls and answers."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import struct
from pathlib import Path
from random import Random
from typing import Any

from tests import projects
from tests.fuzz.mutation import memory, mutated
from tests.model_values import Values

GROWTH = 48 * 1024 * 1024  # bytes that an attack may leave behind
PER_CONNECTION = 8  # messages: the first that is wrong may end it
LIMIT = 20.0  # seconds
PROBE = b"\x80\x01\x00\x01\x00\x00\x00\x09getStatus\x00\x00\x00\x01\x00"
ANSWER = (
    b"\x80\x01\x00\x02\x00\x00\x00\x09getStatus\x00\x00\x00\x01\x08\x00\x00\x00\x00\x00\x02\x00"
)
TOKENS = [
    *(struct.pack(">i", n) for n in (-1, 0, 1, 65536, 2**31 - 1, -(2**31))),
    *(bytes((kind,)) for kind in range(17)),
    *(bytes((kind, 0, 1)) for kind in range(17)),
    b"\x80\x01\x00", b"\x82\x21", b"\x82\x41", b"\xff" * 10, b"\x0c\x00\x01" * 100, b"\x1c" * 100,
    b"\x0f\x00\x01\x0f\x7f\xff\xff\xff", b"\x0b\x00\x01\x7f\xff\xff\xff", b"\x0d\x00\x00\x0b\x0b\x00\x00\x00\x01",
]  # fmt: skip


def seeds(random: Random) -> list[bytes]:
    """A call of every method of the kitchen sink, in both protocols."""
    package = projects.package("kitchen-sink").__name__
    wires = importlib.import_module(f"{package}._gen.support.thrift_wire")
    methods = importlib.import_module(f"{package}._gen.thrift").METHODS
    values = Values(random.randrange(1 << 30))
    found = []
    for method in methods:
        for wire in wires.WIRES.values():
            body = method.codec.write_request(wire, values.make(method.operation.request))
            name = f"{method.service}:{method.name}".encode()
            found.append(wire.message(wires.CALL, name, wire.sequence(7), body))
    return found


async def attack(count: int, random: Random) -> None:
    """Connections of each kind; then nothing may be left of them."""
    found = seeds(random)
    package = projects.package("kitchen-sink")
    settings = package.runtime.ServerSettings(max_message_bytes=65_536, idle_timeout=2.0)
    async with package.serve(
        *projects.handlers("kitchen-sink"), urls=["thrift://127.0.0.1:0"], settings=settings
    ) as server:
        port = server.endpoints[0].port
        await _rounds(port, found, 256, random)
        tasks, files, held = len(asyncio.all_tasks()), _files(), memory()
        await _rounds(port, found, count, random)
        listener = server._listeners[0]
        async with asyncio.timeout(LIMIT):
            while listener.connections or listener.calls or len(asyncio.all_tasks()) > tasks:
                await asyncio.sleep(0.02)
    assert _files() <= files + 8
    assert memory() - held < GROWTH


async def _rounds(port: int, found: list[bytes], count: int, random: Random) -> None:
    for _ in range(0, count, 16 * PER_CONNECTION):
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(*(_converse(port, _script(found, random)) for _ in range(16)))
        assert await _probe(port) == ANSWER


def _script(found: list[bytes], random: Random) -> bytes:
    """What one connection sends: frames whose lengths are true or not, or bare messages."""
    framed = random.random() < 0.6
    parts = []
    for _ in range(PER_CONNECTION):
        message = mutated(random.choice(found), TOKENS, random)
        if framed:
            size = len(message) if random.random() < 0.9 else random.randrange(1 << 17)
            message = struct.pack(">i", size) + message
        parts.append(message)
    return b"".join(parts)


async def _converse(port: int, data: bytes) -> None:
    """Send, read what comes until it is quiet, vanish."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(ConnectionError, TimeoutError):
        writer.write(data)
        await asyncio.wait_for(reader.read(1 << 16), 0.05)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def _probe(port: int) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(struct.pack(">i", len(PROBE)) + PROBE)
    data = await asyncio.wait_for(reader.readexactly(4 + len(ANSWER)), LIMIT)
    writer.close()
    await writer.wait_closed()
    return data[4:]


def _files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
