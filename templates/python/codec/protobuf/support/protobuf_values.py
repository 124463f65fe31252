"""How single values become protobuf bytes and come back: the wire format, a function a type.

https://protobuf.dev/programming-guides/encoding/. Writers raise ``ValueError`` or ``TypeError`` for
a value that the type cannot carry; readers raise ``ValueError``.
"""

from __future__ import annotations

VARINTS = tuple(bytes((n,)) for n in range(128))
"""The varints of one byte."""


def varint(number: int) -> bytes:
    """``number``, from 0 to 2**64 - 1, in groups of seven bits, the lowest first."""
    if number < 128:
        return VARINTS[number]
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def int32(number: int) -> bytes:
    if 0 <= number < 128:
        return VARINTS[number]
    if -(2**31) <= number < 2**31:
        return varint(number & 0xFFFF_FFFF_FFFF_FFFF)
    raise ValueError(f"{number} is no int32")
