"""A load of HTTP requests: URL, ``add`` or ``echo``, seconds. Prints the answers a second.

Sixteen connections, each with one request in flight, in bytes made beforehand: so cheap that the
server is what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop

CONNECTIONS = 16
WARM_UP = 0.5  # seconds

ITEMS = [
    {"sku": f"SKU-{n:04}", "quantity": n, "price": 12.5, "tags": ["red", "small"]} for n in range(5)
]
BODIES = {
    "add": {"a": 1, "b": 2},
    "echo": {"id": 123456789, "customer": "Ada Lovelace", "items": ITEMS, "total": 62.5},
}


class Caller(asyncio.Protocol):
    """One connection; sends the next request when an answer has come in whole."""

    answers = 0

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._read = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end:
            return
        assert head.startswith(b"HTTP/1.1 200"), self._read
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) >= int(length):
            Caller.answers += 1
            self._read = b""
            self._transport.write(self._request)


async def load(url: str, path: str, body: bytes, seconds: float) -> float:
    """The answers a second to POSTs of ``body``."""
    host, port = url.removeprefix("http://").split(":")
    head = f"POST /{path} HTTP/1.1\r\nhost: {host}\r\naccept: */*\r\nuser-agent: load\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Caller(head.encode() + body), host, int(port))
    await asyncio.sleep(WARM_UP)
    before, begun = Caller.answers, time.perf_counter()
    await asyncio.sleep(seconds)
    found = (Caller.answers - before) / (time.perf_counter() - begun)
    assert found > 0
    return found


if __name__ == "__main__":
    sent = json.dumps(BODIES[sys.argv[2]], separators=(",", ":")).encode()
    print(uvloop.run(load(sys.argv[1], sys.argv[2], sent, float(sys.argv[3]))))
