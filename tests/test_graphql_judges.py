"""The generated server judged by programs that nobody here wrote."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

from tests import projects
from tests.tools import NODE, node_with

LIMIT = 100.0  # seconds


def http(url: str) -> str:
    return url.replace("graphql+", "") + "/graphql"


async def script(name: str, *arguments: str, packages: tuple[str, ...]) -> Any:
    """What a script of ``tests/node`` prints, as JSON."""
    return json.loads(await output(node_with(*packages), str(NODE / name), *arguments))


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=NODE
    )
    out, err = await asyncio.wait_for(process.communicate(), LIMIT)
    assert process.returncode == 0, out.decode()[-4000:] + err.decode()[-4000:]
    return out.decode()


async def test_graphql_http_finds_nothing_to_say() -> None:
    async with projects.serving("directory", "graphql+http") as url:
        results = await script("graphql_audits.mjs", http(url), packages=("graphql-http",))

    assert len(results) == 61
    assert [] == [each for each in results if each["status"] != "ok"]


async def test_apollo_client_calls_it() -> None:
    packages = ("@apollo/client", "graphql", "rxjs")
    async with projects.serving("directory", "graphql+http") as url:
        hello, ada, nobody, grace, wrong = await script(
            "graphql_apollo.mjs", http(url), packages=packages
        )

    assert hello == {"hello": "Hello, world!"}
    assert ada == {"user": {"__typename": "User", "id": "1", "name": "Ada Lovelace"}}
    assert nobody == {"user": None}
    assert grace == {"createUser": {"__typename": "User", "id": "2", "name": "Grace"}}
    assert "Cannot query field 'nonsense'" in wrong


@pytest.mark.slow
async def test_graphql_ws_finds_the_protocol_kept() -> None:
    async with projects.serving("calculator", "graphql+http") as url:
        address = http(url).replace("http://", "ws://")
        found = await script("graphql_sockets.mjs", address, packages=("graphql-ws", "ws"))

    assert found.pop("subscription") == [{"data": {"countdown": n}} for n in (3, 2, 1)]
    assert found.pop("query") == [{"data": {"subtract": 2}}]
    assert found.pop("keepAlive") == [{"data": {"countdown": 1}}]
    assert found.pop("wrong") == ["Cannot query field 'nonsense' on type 'Subscription'."]
    assert found.pop("ping") == [{"type": "pong"}]
    assert [m["type"] for m in found.pop("unknownComplete")] == ["connection_ack", "pong"]
    assert [m["type"] for m in found.pop("again")] == ["connection_ack", "next", "complete"]
    assert found == {
        "invalid": 4400,
        "unknownType": 4400,
        "binary": 4400,
        "noId": 4400,
        "unauthorized": 4401,
        "subprotocol": 4406,
        "late": 4408,
        "duplicate": 4409,
        "tooMany": 4429,
    }


async def test_gql_queries_and_subscribes() -> None:
    async with projects.serving("calculator", "graphql+http") as url:
        async with Client(
            transport=AIOHTTPTransport(http(url)), fetch_schema_from_transport=True
        ) as session:
            query = gql("query($a: Int!) { subtract(a: $a, b: 1) }")
            query.variable_values = {"a": 5}
            assert await session.execute(query) == {"subtract": 4}
        transport = WebsocketsTransport(
            http(url).replace("http://", "ws://"), subprotocols=["graphql-transport-ws"]
        )
        async with Client(transport=transport) as session:
            numbers = session.subscribe(gql("subscription { countdown(from: 2) }"))
            assert [each async for each in numbers] == [{"countdown": 2}, {"countdown": 1}]


@pytest.mark.slow
async def test_schemathesis_finds_no_fault() -> None:
    """Of a service whose handler never fails: any error is a fault to Schemathesis."""
    async with projects.serving("directory", "graphql+http") as url:
        await output(
            sys.executable, "-m", "schemathesis.cli", "run", http(url),
            "--max-examples", "60", "--seed", "1", "--generation-database", "none",
        )  # fmt: skip
