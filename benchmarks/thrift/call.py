"""A load by a client: ``ours`` or ``apache``, folder, ``port:process``, seconds. Prints calls a second.

Thirty-two calls of ``add`` are in flight: tasks of one client of ours, threads with a client of
Apache's each.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import time

import uvloop

CALLERS = 32
WARM_UP = 0.5  # seconds


async def ours(port: int, seconds: float) -> float:
    shop = importlib.import_module("shop")
    end = time.perf_counter() + WARM_UP + seconds
    count = 0
    async with shop.connect(f"thrift://127.0.0.1:{port}") as client:

        async def work() -> None:
            nonlocal count
            while (now := time.perf_counter()) < end:
                response = await client.add(shop.AddRequest(a=1, b=2))
                assert response.result == 3
                count += now > end - seconds

        await asyncio.gather(*(work() for _ in range(CALLERS)))
    return count / seconds


def apache(port: int, seconds: float) -> float:
    binary = importlib.import_module("thrift.protocol.TBinaryProtocol")
    sockets = importlib.import_module("thrift.transport.TSocket")
    transports = importlib.import_module("thrift.transport.TTransport")
    client_class = importlib.import_module("shop.Shop").Client
    types = importlib.import_module("shop.ttypes")
    end = time.perf_counter() + WARM_UP + seconds
    counts = [0] * CALLERS

    def work(number: int) -> None:
        transport = transports.TFramedTransport(sockets.TSocket("127.0.0.1", port))
        transport.open()
        client = client_class(binary.TBinaryProtocolAccelerated(transport, fallback=False))
        while (now := time.perf_counter()) < end:
            assert client.add(types.AddRequest(a=1, b=2)).result == 3
            counts[number] += now > end - seconds
        transport.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    port, seconds = int(sys.argv[3].partition(":")[0]), float(sys.argv[4])
    print(uvloop.run(ours(port, seconds)) if sys.argv[1] == "ours" else apache(port, seconds))
