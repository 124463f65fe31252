"""The bytes that the load sends: two numbers, and an order of a hundred items."""

from __future__ import annotations

import struct


def field(number: int, data: bytes) -> bytes:
    """A field of bytes, text or a message, shorter than 128 bytes."""
    return bytes((number << 3 | 2, len(data))) + data


def item(number: int) -> bytes:
    head = field(1, f"SKU-{number:04}".encode()) + bytes((2 << 3, number))
    price = bytes((3 << 3 | 1,)) + struct.pack("<d", 12.5 + number)
    return head + price + field(4, b"red") + field(4, b"small")


ORDER = b"\x08\x95\x9a\xef\x3a" + field(2, b"Ada Lovelace")
ORDER += b"".join(field(3, item(number)) for number in range(100))
ORDER += b"\x21" + struct.pack("<d", 62.5)

BODIES = {"add": b"\x08\x01\x10\x02", "echo": ORDER}
