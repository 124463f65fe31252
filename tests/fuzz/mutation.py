"""Mutates messages: bytes flipped, cut, doubled and moved, tokens of the format thrown in."""

from __future__ import annotations

import gc
import resource
from collections.abc import Sequence
from random import Random


def mutated(message: bytes, tokens: Sequence[bytes], random: Random) -> bytes:
    """The message with one to four changes."""
    data = bytearray(message)
    for _ in range(random.randint(1, 4)):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.randint(0, 16))
        match random.randrange(6):
            case 0:
                data[start:end] = b""
            case 1:
                data[start:start] = random.choice(tokens)
            case 2:
                data[start:end] = random.choice(tokens)
            case 3:
                data[start:start] = data[start:end] * random.randint(1, 4)
            case 4:
                data[start:end] = random.randbytes(random.randint(1, 4))
            case 5 if data:
                place = random.randrange(len(data))
                data[place] ^= 1 << random.randrange(8)
    return bytes(data)


def memory() -> int:
    """The most that this process has ever held, in bytes."""
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
