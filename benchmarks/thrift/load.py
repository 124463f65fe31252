"""A load of Thrift requests: ``port:process``, transport, ``add`` or ``echo``, measure, seconds.

Prints the answers a second, or with the measure ``cpu`` those of a second of the server's processor
time. Sixteen connections, each with one request in flight as Apache's clients have it, in bytes made
beforehand: so cheap that the server is what is measured.
"""

from __future__ import annotations

import asyncio
import struct
import sys
import time

import uvloop

CONNECTIONS = 16
WARM_UP = 0.5  # seconds


def text(value: str) -> bytes:
    return struct.pack(">i", len(value)) + value.encode()


def item(number: int) -> bytes:
    tags = b"\x0b" + struct.pack(">i", 2) + text("red") + text("small")
    return (
        b"\x0b\0\x01" + text(f"SKU-{number:04}") + b"\x08\0\x02" + struct.pack(">i", number)
        + b"\x04\0\x03" + struct.pack(">d", 12.5) + b"\x0f\0\x04" + tags + b"\0"
    )  # fmt: skip


def order() -> bytes:
    items = b"\x0c" + struct.pack(">i", 5) + b"".join(map(item, range(5)))
    return (
        b"\x0a\0\x01" + struct.pack(">q", 123456789) + b"\x0b\0\x02" + text("Ada Lovelace")
        + b"\x0f\0\x03" + items + b"\x04\0\x04" + struct.pack(">d", 62.5) + b"\0"
    )  # fmt: skip


MESSAGES = {"add": b"\x08\0\x01\0\0\0\x01\x08\0\x02\0\0\0\x02\0", "echo": order()}


def request(name: str, transport: str) -> bytes:
    head = b"\x80\x01\0\x01" + text(name) + struct.pack(">i", 7)
    message = head + b"\x0c\0\x01" + MESSAGES[name] + b"\0"
    return struct.pack(">i", len(message)) + message if transport == "framed" else message


class Caller(asyncio.Protocol):
    """One connection; sends the next request when an answer has come in whole.

    Answers of a method are all as long as the first; that one is waited for until it is quiet.
    """

    answers = 0
    size = 0

    def __init__(self, asked: bytes) -> None:
        self._asked = asked
        self._read = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        transport.write(self._asked)

    def data_received(self, data: bytes) -> None:
        self._read += len(data)
        if self._read >= Caller.size:
            Caller.answers += 1
            self._read = 0
            self._transport.write(self._asked)


async def size_of_answer(port: int, asked: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    data = await reader.read(1)
    try:
        while part := await asyncio.wait_for(reader.read(65536), 0.3):
            data += part
    except TimeoutError:
        pass
    writer.close()
    assert b"\x80\x01\x00\x02" in data[:8], data
    return len(data)


def processor(process: str) -> float:
    """Seconds that a process has computed, in all its threads.

    The number of its clock is Linux's, as ``clock_getcpuclockid`` makes it.
    """
    return time.clock_gettime(~int(process) << 3 | 2)


async def main(address: str, transport: str, name: str, measure: str, seconds: float) -> float:
    port, process = address.split(":")
    asked = request(name, transport)
    Caller.size = await size_of_answer(int(port), asked)
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Caller(asked), "127.0.0.1", int(port))
    await asyncio.sleep(WARM_UP)
    before, begun, computed = Caller.answers, time.perf_counter(), processor(process)
    await asyncio.sleep(seconds)
    took = time.perf_counter() - begun if measure == "rate" else processor(process) - computed
    found = (Caller.answers - before) / took
    assert found > 0
    return found


if __name__ == "__main__":
    print(uvloop.run(main(*sys.argv[1:5], float(sys.argv[5]))))  # type: ignore[call-arg]
