"""A load of calls: ``http`` or ``ws``, address, ``add`` or ``echo``, seconds. Prints answers a second.

Sixteen connections, each with one call in flight by HTTP and eight over a WebSocket, in bytes made
beforehand: so cheap that the server is what is measured.
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
PARAMS = {
    "add": {"a": 1, "b": 2},
    "echo": {"id": 123456789, "customer": "Ada Lovelace", "items": ITEMS, "total": 62.5},
}


class Caller(asyncio.Protocol):
    """One connection; makes the next call when an answer has come in whole.

    All answers are alike, so only the first is looked into: the others have its length.
    """

    answers = 0
    in_flight = 1

    def __init__(self, message: bytes, host: str) -> None:
        self._host = host.encode()
        self._request = self.framed(message)
        self._read = b""
        self._length = 0  # of an answer

    def framed(self, message: bytes) -> bytes:
        head = b"POST / HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\n" % self._host
        return head + b"content-length: %d\r\n\r\n%b" % (len(message), message)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self._length:
            self._length = self.length()
        if self._length and len(self._read) >= self._length:
            count, left = divmod(len(self._read), self._length)
            Caller.answers += count
            self._read = self._read[-left:] if left else b""
            self._transport.write(self._request * count)

    def length(self) -> int:
        """That of the first answer, once it is there; 0 before."""
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end:
            return 0
        assert head.startswith(b"HTTP/1.1 200"), self._read
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        assert len(body) < size or b'"result"' in body, body
        return len(head) + len(end) + size if len(body) >= size else 0


class SocketCaller(Caller):
    """The same over a WebSocket (RFC 6455) with eight calls in flight; the mask changes nothing."""

    in_flight = 8
    opened = False

    def framed(self, message: bytes) -> bytes:
        size = len(message)
        length = bytes([128 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        return b"\x81" + length + bytes(4) + message

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        transport.write(
            b"GET / HTTP/1.1\r\nhost: %b\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            % self._host
        )

    def data_received(self, data: bytes) -> None:
        if self.opened:
            super().data_received(data)
        elif b"\r\n\r\n" in data:
            assert data.startswith(b"HTTP/1.1 101"), data
            self.opened = True
            self._transport.write(self._request * self.in_flight)

    def length(self) -> int:
        read = self._read
        if len(read) < 4:
            return 0
        size, start = (read[1], 2) if read[1] < 126 else (int.from_bytes(read[2:4], "big"), 4)
        assert len(read) < start + size or b'"result"' in read, read
        return start + size if len(read) >= start + size else 0


async def main(wire: str, address: str, method: str, seconds: float) -> float:
    host, port = address.split(":")
    call = {"jsonrpc": "2.0", "method": method, "params": PARAMS[method], "id": 1}
    message = json.dumps(call, separators=(",", ":")).encode()
    kind = {"http": Caller, "ws": SocketCaller}[wire]
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: kind(message, address), host, int(port))
    await asyncio.sleep(WARM_UP)
    before, begun = Caller.answers, time.perf_counter()
    await asyncio.sleep(seconds)
    found = (Caller.answers - before) / (time.perf_counter() - begun)
    assert found > 0
    return found


if __name__ == "__main__":
    print(uvloop.run(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))))
