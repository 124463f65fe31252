"""A load by a client: ``ours`` or ``stub``, the folder that has it, address, method, seconds.

Sixteen tasks build a request, call, and read the reply. Prints calls a second.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import grpc.aio
import uvloop

TASKS = 16
WARM_UP = 0.5  # seconds
ITEMS = 100

Calls = dict[str, Callable[[], Awaitable[None]]]


@asynccontextmanager
async def ours(address: str) -> AsyncIterator[Calls]:
    shop = importlib.import_module("shop")
    async with shop.connect(f"grpc://{address}") as client:

        async def add() -> None:
            assert (await client.add(shop.AddRequest(a=1, b=2))).result == 3

        async def echo() -> None:
            items = [
                shop.Item(sku="SKU-0001", quantity=n, price=12.5, tags=["red", "small"])
                for n in range(ITEMS)
            ]
            order = shop.Order(id=123456789, customer="Ada Lovelace", items=items, total=62.5)
            reply = await client.echo(order)
            assert sum(item.quantity for item in reply.items) == ITEMS * (ITEMS - 1) // 2

        yield {"add": add, "echo": echo}


@asynccontextmanager
async def stub(address: str) -> AsyncIterator[Calls]:
    pb2, pb2_grpc = (importlib.import_module(n) for n in ("shop_pb2", "shop_pb2_grpc"))
    async with grpc.aio.insecure_channel(address) as channel:
        client = pb2_grpc.ShopStub(channel)

        async def add() -> None:
            assert (await client.Add(pb2.AddRequest(a=1, b=2), timeout=30)).result == 3

        async def echo() -> None:
            order = pb2.Order(id=123456789, customer="Ada Lovelace", total=62.5)
            for n in range(ITEMS):
                order.items.add(sku="SKU-0001", quantity=n, price=12.5, tags=["red", "small"])
            reply = await client.Echo(order, timeout=30)
            read = [(i.sku, i.quantity, i.price, list(i.tags), i.note) for i in reply.items]
            assert sum(quantity for _, quantity, _, _, _ in read) == ITEMS * (ITEMS - 1) // 2

        yield {"add": add, "echo": echo}


async def main(who: str, address: str, name: str, seconds: float) -> float:
    count = 0
    async with {"ours": ours, "stub": stub}[who](address) as calls:
        end = time.perf_counter() + WARM_UP + seconds

        async def work() -> None:
            nonlocal count
            while (now := time.perf_counter()) < end:
                await calls[name]()
                count += now > end - seconds

        await asyncio.gather(*(work() for _ in range(TASKS)))
    return count / seconds


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    print(uvloop.run(main(sys.argv[1], sys.argv[3], sys.argv[4], float(sys.argv[5]))))
