"""Ours: the generated server of the folder in the first argument. Prints its address."""

from __future__ import annotations

import asyncio
import importlib
import sys

import uvloop

sys.path.insert(0, sys.argv[1])


async def main() -> None:
    shop = importlib.import_module("shop")
    handler = importlib.import_module("shop.handler").ShopHandler()
    async with shop.serve(handler, urls=["jsonrpc+http://127.0.0.1:0"]) as server:
        print(server.urls[0].partition("://")[2], flush=True)
        await asyncio.Event().wait()


uvloop.run(main())
