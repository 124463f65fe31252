"""Thrift's binary and compact protocols: heads of messages, and bodies by Apache's C codec."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from string import ascii_letters
from typing import Any

from thrift.protocol import fastbinary

CALL, REPLY, EXCEPTION, ONEWAY = 1, 2, 3, 4
PADDING = bytes(16)
MAX_NAME = 0x10000  # bytes of the name of a method


class Incomplete(Exception):
    """The bytes end inside of a message; ``needed`` is how many there must be at least."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class Malformed(ValueError):
    """These bytes are no Thrift message."""


Head = tuple[int, bytes, bytes, int]
"""The head of a message: its kind, the name of the method, the sequence as it came, and
where the body begins.
"""


class Input:
    """What the C codec reads from: bytes, limits, and where it stands."""

    __slots__ = (
        "_begin",
        "_data",
        "container_length_limit",
        "cstringio_buf",
        "needed",
        "padded",
        "size",
        "string_length_limit",
        "trans",
    )

    def __init__(self, max_bytes: int) -> None:
        """A string may have ``max_bytes``, a container a quarter as many items."""
        self.string_length_limit = max_bytes
        self.container_length_limit = max_bytes // 4
        self.trans = self
        self.open(b"")

    def open(self, data: bytes, begin: int = 0, padded: bool = False) -> None:
        """Read ``data`` from a position on.

        The C codec reads past a UUID cut short: ``padded`` allows for it.
        """
        self._data = data
        self._begin = begin
        self.size = len(data)
        self.needed = 0
        self.padded = padded
        buffer = self.cstringio_buf = BytesIO(data + PADDING if padded else data)
        buffer.seek(begin)

    def begins_with(self, data: bytes) -> bool:
        return self._data.startswith(data, self._begin)

    def rewind(self) -> None:
        """Read again from where it was opened."""
        self.cstringio_buf.seek(self._begin)

    def cstringio_refill(self, partial: bytes, length: int) -> BytesIO:
        """The codec asks for more than there is."""
        self.needed = self.cstringio_buf.tell() - len(partial) + length
        raise Incomplete(self.needed)

    @property
    def overrun(self) -> int:
        """Where the codec stopped, if that is past the end, else 0."""
        position = self.cstringio_buf.tell()
        return position if position > self.size else 0

    def finish(self) -> int:
        """Where the codec stopped. Raises ``Incomplete`` if that is past the end."""
        position = self.cstringio_buf.tell()
        if position > self.size:
            raise Incomplete(position)
        return position


@dataclass(frozen=True, slots=True)
class Wire:
    """One protocol. ``decode`` reads a struct from an :class:`Input`.

    A function that is an attribute is called faster from a variable (CPython 3.11), so
    what runs for every call takes it into one first.
    """

    name: str
    encode: Callable[[Any, Any], bytes]
    decode: Callable[[Any, Input, Any], Any]
    head: Callable[[bytes, int], Head]  # of the message at a position
    opening: Callable[[int, bytes], tuple[bytes, bytes]]  # before and after a sequence
    sequence: Callable[[int], bytes]
    zero: bytes  # how a field of number 0 that is a map begins

    def message(self, kind: int, name: bytes, sequence: bytes, body: bytes) -> bytes:
        before, after = self.opening(kind, name)
        return before + sequence + after + body


_STRICT = struct.Struct(">HxBI").unpack_from  # version, kind, length of the name


def _binary_head(data: bytes, at: int) -> Head:
    """``80 01``, a byte, the kind; the name with its length; the sequence in 32 bits."""
    try:
        version, kind, length = _STRICT(data, at)
    except struct.error:
        raise Incomplete(at + 8) from None
    if version != 0x8001:
        return _old_head(data, at)
    end = at + 12 + length
    if len(data) < end:
        if length > MAX_NAME:
            raise Malformed("the name of a method is too long")
        raise Incomplete(end)
    return kind, data[at + 8 : end - 4], data[end - 4 : end], end


def _old_head(data: bytes, at: int) -> Head:
    """A head without a version: the name with its length, the kind, the sequence."""
    length = int.from_bytes(data[at : at + 4])
    if not 0 < length <= MAX_NAME:
        raise Malformed("no version of the binary protocol")
    end = at + 9 + length
    if len(data) < end:
        raise Incomplete(end)
    return data[end - 5], data[at + 4 : end - 5], data[end - 4 : end], end


def _binary_opening(kind: int, name: bytes) -> tuple[bytes, bytes]:
    return b"\x80\x01\x00" + bytes((kind,)) + len(name).to_bytes(4) + name, b""


def _compact_head(data: bytes, at: int) -> Head:
    """``82``, kind and version, the sequence as a varint, the name with its length."""
    if len(data) < at + 4:
        raise Incomplete(at + 4)
    if data[at] != 0x82 or data[at + 1] & 0x1F != 1:
        raise Malformed("no version of the compact protocol")
    after_sequence, _ = _varint(data, at + 2)
    name, length = _varint(data, after_sequence)
    end = name + length
    if length > MAX_NAME:
        raise Malformed("the name of a method is too long")
    if len(data) < end:
        raise Incomplete(end)
    return data[at + 1] >> 5, data[name:end], data[at + 2 : after_sequence], end


def _compact_opening(kind: int, name: bytes) -> tuple[bytes, bytes]:
    return bytes((0x82, kind << 5 | 1)), write_varint(len(name)) + name


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Where the varint at a position ends, and its value."""
    value = 0
    for index in range(10):
        if at + index >= len(data):
            raise Incomplete(at + index + 1)
        byte = data[at + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return at + index + 1, value
    raise Malformed("a number has more than ten bytes")


def write_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


BINARY = Wire(
    name="binary",
    encode=fastbinary.encode_binary,
    decode=fastbinary.decode_binary,
    head=_binary_head,
    opening=_binary_opening,
    sequence=lambda number: number.to_bytes(4),
    zero=b"\x0d\x00\x00",
)
COMPACT = Wire(
    name="compact",
    encode=fastbinary.encode_compact,
    decode=fastbinary.decode_compact,
    head=_compact_head,
    opening=_compact_opening,
    sequence=write_varint,
    zero=b"\x0b\x00",
)
WIRES = {wire.name: wire for wire in (BINARY, COMPACT)}


def detect(data: bytes) -> tuple[Wire, bool] | None:
    """The protocol of a connection's first bytes, and whether it is framed.

    ``None`` if they do not tell yet. Raises ``Malformed`` if they are no Thrift:
    a TLS hello, an HTTP request.
    """
    if data[:1] == b"\x82":
        return COMPACT, False
    if data[:1] == b"\x80":
        return (BINARY, False) if len(data) > 1 else None
    if data[:1] >= b"\x10":
        raise Malformed("neither Thrift nor a frame of it")
    if len(data) < 6:
        return None
    if data[4] == 0x82:
        return COMPACT, True
    if data[4:6] == b"\x80\x01":
        return BINARY, True
    return _detect_old(data)


def _detect_old(data: bytes) -> tuple[Wire, bool] | None:
    """The binary protocol without a version: the length of a name goes first."""
    if data[:2] == b"\0\0" and chr(data[4]) in _FIRST:
        return BINARY, False
    if data[4:6] == b"\0\0" and len(data) < 8:
        return None
    if 0 < int.from_bytes(data[4:8]) <= MAX_NAME:
        return BINARY, True
    raise Malformed("a frame of something else")


_FIRST = frozenset(ascii_letters + "_")  # of a method's name
