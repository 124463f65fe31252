"""A load of gRPC calls: address, ``add`` or ``echo``, seconds. Prints the answers a second.

Sixteen tasks with one call in flight each, whose bytes are made beforehand and never looked at.
"""

from __future__ import annotations

import asyncio
import sys
import time

import grpc.aio
import uvloop
from messages import BODIES

TASKS = 16
WARM_UP = 0.5  # seconds


async def main(address: str, name: str, seconds: float) -> float:
    answers = 0
    async with grpc.aio.insecure_channel(address) as channel:
        call = channel.unary_unary(f"/shop.Shop/{name.title()}")
        end = time.perf_counter() + WARM_UP + seconds

        async def work() -> None:
            nonlocal answers
            while (now := time.perf_counter()) < end:
                await call(BODIES[name])
                answers += now > end - seconds

        await asyncio.gather(*(work() for _ in range(TASKS)))
    return answers / seconds


if __name__ == "__main__":
    print(uvloop.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
