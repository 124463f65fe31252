"""Subscriptions: URL. Prints the events a second that eight subscribers get."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp
import uvloop

SUBSCRIBERS = 8
EVENTS = 5_000  # of each


async def subscriber(session: aiohttp.ClientSession, url: str) -> None:
    async with session.ws_connect(url, protocols=("graphql-transport-ws",)) as socket:
        await socket.send_json({"type": "connection_init"})
        assert (await socket.receive_json())["type"] == "connection_ack"
        query = f"subscription {{ ticks(count: {EVENTS}) {{ result }} }}"
        await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        count = 0
        async for message in socket:
            count += 1
            if count > EVENTS:
                assert json.loads(message.data)["type"] == "complete", message.data
                return


async def main(url: str) -> float:
    async with aiohttp.ClientSession() as session:
        begun = time.perf_counter()
        await asyncio.gather(*(subscriber(session, f"{url}/graphql") for _ in range(SUBSCRIBERS)))
        return SUBSCRIBERS * EVENTS / (time.perf_counter() - begun)


if __name__ == "__main__":
    print(uvloop.run(main(sys.argv[1])))
