"""Mutated GraphQL: queries and their envelopes by POST, messages of graphql-transport-ws by WebSocket."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import yaml

from tests import projects
from tests.fuzz.mutation import memory, mutated

WIRE = Path(__file__).parent.parent / "wire" / "graphql" / "calculator.yaml"
LIMIT = 30.0  # seconds
GROWTH = 64 * 1024 * 1024  # bytes that an attack may leave behind
ROUND = 200  # messages between looks
JSON = {"content-type": "application/json"}
PROBE = json.dumps({"query": "{ subtract(a: 5, b: 3) }"}).encode()
ANSWER = {"data": {"subtract": 2}}
STATUSES = (200, 400, 405)
# 1006: we were still sending, and the reset was faster than the close
CLOSES = (1000, 1002, 1006, 1007, 4400, 4401, 4403, 4406, 4408, 4409, 4429)
TOKENS = [
    *(b'{ } [ ] ( ) , : " \\ ! $ ... @ # null true 0 -1 1e999 [] {} __typename __schema').split(),
    *(b'subtract add countdown calculated result query mutation subscription fragment on').split(),
    *(b'"query" "variables" "operationName" "extensions" "id" "type" "payload" "1"').split(),
    b'"\\ud800"', b"\xff", b"\x00", b"{" * 500, b"[" * 500, b'\\"' * 50, b"9" * 400, b'\\"\\"\\"',
    b"@include(if: true)", b"@skip(if: $a)", b"...F", b"a: ",
]  # fmt: skip
OPENING = b'{"type":"connection_init"}'
SOCKET = [
    b'{"id":"1","type":"subscribe","payload":{"query":"subscription { countdown(from: 3) }"}}',
    b'{"id":"2","type":"subscribe","payload":{"query":"subscription { calculated { result } }"}}',
    b'{"id":"3","type":"subscribe","payload":{"query":"{ subtract(a: 1, b: 2) }"}}',
    b'{"id":"2","type":"complete"}',
    b'{"type":"ping","payload":{}}',
    b'{"type":"connection_init","payload":{"authorization":"Bearer x"}}',
]


def seeds() -> list[bytes]:
    """The requests of the wire tests, and introspection."""
    from graphql import get_introspection_query

    cases = yaml.safe_load(WIRE.read_text(encoding="utf-8"))["cases"]
    found = [json.dumps(case["json"]).encode() for case in cases if "json" in case]
    return [*found, json.dumps({"query": get_introspection_query()}).encode()]


async def attack(count: int, random: Random) -> None:
    """Half of the messages by POST, half over sockets; then nothing may be left of them."""
    package, [handler] = projects.package("calculator"), projects.handlers("calculator")
    settings = package.runtime.ServerSettings(max_message_bytes=65_536)
    found, half = seeds(), count // 2
    server = package.serve(handler, urls=["graphql+http://127.0.0.1:0"], settings=settings)
    async with server, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LIMIT)) as web:
        address = server.urls[0].replace("graphql+", "") + "/graphql"
        await _post(
            web, address, [mutated(random.choice(found), TOKENS, random) for _ in range(64)]
        )
        await _probe(web, address)
        tasks, held = len(asyncio.all_tasks()), memory()
        for _ in range(0, half, ROUND):
            some = [mutated(random.choice(found), TOKENS, random) for _ in range(ROUND)]
            await _post(web, address, some)
            await _probe(web, address)
        for _ in range(0, half, 8):
            some = [mutated(random.choice(SOCKET), TOKENS, random) for _ in range(8)]
            await _socket(web, address, some)
        await _probe(web, address)
        await _settle(server, handler, tasks)
        assert memory() - held < GROWTH


async def _post(web: aiohttp.ClientSession, address: str, messages: list[bytes]) -> None:
    async def one(message: bytes) -> None:
        async with web.post(address, data=message, headers=JSON) as response:
            text = await response.text()
            assert response.status in STATUSES, (message, response.status, text)
            answer = json.loads(text)
            assert answer.keys() <= {"data", "errors"}, (message, text)
            faults = [e for e in answer.get("errors", ()) if e["message"] == "internal error"]
            assert not faults, (message, text)

    for start in range(0, len(messages), 8):
        await asyncio.gather(*map(one, messages[start : start + 8]))


async def _probe(web: aiohttp.ClientSession, address: str) -> None:
    async with web.post(address, data=PROBE, headers=JSON) as response:
        assert await response.json() == ANSWER


async def _socket(web: aiohttp.ClientSession, address: str, messages: list[bytes]) -> None:
    """One connection; it is answered until it is closed, by one of us."""
    async with web.ws_connect(address, protocols=("graphql-transport-ws",)) as socket:
        for number, message in enumerate([OPENING, *messages]):
            if socket.closed:
                break
            try:
                if number % 5 == 4:
                    await socket.send_bytes(message)
                else:
                    await socket.send_str(message.decode("utf-8", "replace"))
            except (ConnectionError, aiohttp.ClientError):
                break
        with_end = asyncio.timeout(0.02)
        try:
            async with with_end:
                async for received in socket:
                    _check(received)
        except TimeoutError:
            pass  # it has nothing more to say
        assert socket.close_code is None or socket.close_code in CLOSES, messages


def _check(received: Any) -> None:
    message = json.loads(received.data)
    assert message["type"] in ("connection_ack", "next", "error", "complete", "pong"), message


async def _settle(server: Any, handler: Any, tasks: int) -> None:
    """Nothing runs any more for connections that are closed."""
    async with asyncio.timeout(LIMIT):
        while (
            server.dispatcher.in_flight
            or handler._events._subscriptions
            or len(asyncio.all_tasks()) > tasks + 8
        ):
            await asyncio.sleep(0.02)
