"""A load by a client: ``ours`` or ``httpx``, source folder, URL, seconds. Prints calls a second.

Sixteen tasks call ``add`` one after the other through one client.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import time
from collections.abc import Awaitable, Callable

import uvloop

TASKS = 16
WARM_UP = 0.5  # seconds


async def rate(call: Callable[[], Awaitable[int]], seconds: float) -> float:
    """Calls a second, after a moment to warm up."""
    end = time.perf_counter() + WARM_UP + seconds
    count = 0

    async def work() -> None:
        nonlocal count
        while (now := time.perf_counter()) < end:
            assert await call() == 3
            count += now > end - seconds

    await asyncio.gather(*(work() for _ in range(TASKS)))
    return count / seconds


async def ours(url: str, seconds: float) -> float:
    shop = importlib.import_module("shop")
    async with shop.connect(url) as client:

        async def call() -> int:
            response = await client.add(shop.AddRequest(a=1, b=2))
            return int(response.result)

        return await rate(call, seconds)


async def httpx(url: str, seconds: float) -> float:
    library = importlib.import_module("httpx")
    async with library.AsyncClient(base_url=url) as client:

        async def call() -> int:
            response = await client.post("/add", json={"a": 1, "b": 2})
            response.raise_for_status()
            return int(response.json()["result"])

        return await rate(call, seconds)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    contender = {"ours": ours, "httpx": httpx}[sys.argv[1]]
    print(uvloop.run(contender(sys.argv[3], float(sys.argv[4]))))
