"""Ours: the generated server of the folder in the first argument. Prints its port and process."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys

import uvloop

sys.path.insert(0, sys.argv[1])


async def main() -> None:
    shop = importlib.import_module("shop")
    handler = importlib.import_module("shop.handler").ShopHandler()
    async with shop.serve(handler, urls=["thrift://127.0.0.1:0"]) as server:
        print(f"{server.endpoints[0].port}:{os.getpid()}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
