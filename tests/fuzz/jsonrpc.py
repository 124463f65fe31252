"""Mutated JSON-RPC messages by POST and over WebSockets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import yaml

from tests.fuzz.mutation import memory, mutated
from tests.jsonrpc_service import LIMIT, WIRE, handler, package, serving

GROWTH = 48 * 1024 * 1024  # bytes that an attack may leave behind
PER_SOCKET = 200  # messages
PROBE = '{"jsonrpc":"2.0","method":"get_data","id":"probe"}'
ANSWER = {"jsonrpc": "2.0", "result": ["hello", 5], "id": "probe"}
TOKENS = [
    *(b'{ } [ ] , : " \\ null true 0 -1 1e999 [] {} "id" "method" "params" "jsonrpc"').split(),
    *(b'"2.0" "rpc.next" "rpc.cancel" "rpc.more" "rpc.discover" "count" "total" "window"').split(),
    b'"\\ud800"', b"\xff", b"\x00", b"[" * 500, b'{"a":' * 300, b"9" * 400,
]  # fmt: skip


def seeds() -> list[bytes]:
    """The messages of the wire tests, and those of streams."""
    tables = [WIRE / "section7.yaml", WIRE / "more.yaml"]
    found = [c["send"].encode() for t in tables for c in yaml.safe_load(t.read_text("utf-8"))]
    return [
        *found,
        b'{"jsonrpc":"2.0","method":"count","params":[3],"id":1,"window":1000}',
        b'{"jsonrpc":"2.0","method":"total","id":2}',
        b'{"jsonrpc":"2.0","method":"running_total","id":3}',
        b'{"jsonrpc":"2.0","method":"rpc.next","params":{"subscription":2,"value":1}}',
        b'{"jsonrpc":"2.0","method":"rpc.next","params":{"subscription":3,"value":"x"}}',
        b'{"jsonrpc":"2.0","method":"rpc.complete","params":{"subscription":2}}',
        b'{"jsonrpc":"2.0","method":"rpc.cancel","params":{"subscription":3}}',
        b'{"jsonrpc":"2.0","method":"rpc.more","params":{"subscription":1,"bytes":100}}',
    ]


async def attack(count: int, random: Random) -> None:
    """Half of the messages by POST, half over sockets; then nothing may be left of them."""
    given, found = handler(), seeds()
    settings = package().runtime.ServerSettings(max_message_bytes=65_536)
    time = aiohttp.ClientTimeout(total=LIMIT)
    async with serving(given, settings) as address:
        async with aiohttp.ClientSession(timeout=time) as web:
            await _post(
                web, address, [mutated(random.choice(found), TOKENS, random) for _ in range(64)]
            )
            tasks, files, held = len(asyncio.all_tasks()), _files(), memory()
            for _ in range(0, count, 2 * PER_SOCKET):
                messages = [
                    mutated(random.choice(found), TOKENS, random) for _ in range(2 * PER_SOCKET)
                ]
                await _post(web, address, messages[::2])
                await _socket(web, address, messages[1::2])
            await _settle(given, tasks)
        assert _files() <= files + 8
        assert memory() - held < GROWTH


async def _post(web: aiohttp.ClientSession, address: str, messages: list[bytes]) -> None:
    headers = {"content-type": "application/json"}

    async def one(message: bytes) -> None:
        async with web.post(f"http://{address}", data=message, headers=headers) as response:
            text = await response.text()
            assert response.status in (200, 204), (message, response.status)
            assert response.status == 204 or _is_answer(json.loads(text)), (message, text)

    for start in range(0, len(messages), 8):
        await asyncio.gather(*map(one, messages[start : start + 8]))
    async with web.post(f"http://{address}", data=PROBE, headers=headers) as response:
        assert await response.json() == ANSWER


async def _socket(web: aiohttp.ClientSession, address: str, messages: list[bytes]) -> None:
    async with web.ws_connect(f"ws://{address}", max_msg_size=0) as socket:
        for number, message in enumerate(messages):
            if number % 3:
                await socket.send_bytes(message)
            else:
                await socket.send_str(message.decode("utf-8", "replace"))
        await socket.send_str(PROBE)
        while True:
            answer = await socket.receive_json(timeout=LIMIT)
            if answer == ANSWER:
                return
            assert _is_answer(answer) or answer.get("method", "").startswith("rpc."), answer


def _is_answer(found: Any) -> bool:
    if isinstance(found, list):
        return all(map(_is_answer, found))
    return found["jsonrpc"] == "2.0" and ("result" in found) is not ("error" in found)


async def _settle(given: Any, tasks: int) -> None:
    """Nothing runs any more for sockets that are closed."""
    async with asyncio.timeout(LIMIT):
        while given.open or len(asyncio.all_tasks()) > tasks:
            await asyncio.sleep(0.02)


def _files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
