"""What every call carries, over GraphQL: errors, time, metadata, credentials, TLS."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

from tests import projects

LIMIT = aiohttp.ClientTimeout(total=20)


def kitchen(**settings: Any) -> Any:
    package = projects.package("kitchen-sink")
    return package, package.runtime.ServerSettings(**settings)


async def test_declared_errors_are_their_own_classes() -> None:
    package, settings = kitchen()
    async with (
        projects.serving("kitchen-sink", "graphql+http", settings=settings) as url,
        package.connect(url) as client,
    ):
        with pytest.raises(package.Teapot) as caught:
            await client.kitchen_sink.fail("teapot")
        with pytest.raises(package.runtime.ServiceError) as fault:
            await client.kitchen_sink.fail("fault")

    assert (caught.value.message_, caught.value.code_, caught.value.retryable) == (
        "short",
        418,
        True,
    )
    assert fault.value.code is package.runtime.Code.INTERNAL
    assert "secret" not in str(fault.value)


async def test_limits_of_the_definition_hold() -> None:
    package, settings = kitchen()
    async with (
        projects.serving("kitchen-sink", "graphql+http", settings=settings) as url,
        package.connect(url) as client,
    ):
        with pytest.raises(package.runtime.ServiceError) as caught:
            await client.kitchen_sink.search("x", limit=1000)

    assert caught.value.code is package.runtime.Code.INVALID_ARGUMENT
    assert [v.field for v in caught.value.violations] == ["limit"]


async def test_a_deadline_ends_a_stream() -> None:
    package, settings = kitchen()
    options = package.runtime.CallOptions(timeout=0.3)
    async with (
        projects.serving("kitchen-sink", "graphql+http", settings=settings) as url,
        package.connect(url) as client,
    ):
        with pytest.raises(package.runtime.ServiceError) as caught:
            async for _ in client.kitchen_sink.subscribe_happened(options=options):
                pass

    assert caught.value.code is package.runtime.Code.DEADLINE_EXCEEDED


async def test_credentials_are_asked_for_and_taken() -> None:
    package, settings = kitchen(authenticate=_authenticate)
    async with projects.serving("kitchen-sink", "graphql+http", settings=settings) as url:
        codes = []
        for bearer in (None, "wrong", "right"):
            given = package.runtime.ClientSettings(bearer=_token(bearer) if bearer else None)
            async with package.connect(url, settings=given) as client:
                try:
                    codes.append(await client.kitchen_sink.secret())
                except package.runtime.ServiceError as error:
                    codes.append(error.code.value)
        closes = [await _close_code(url, token) for token in ("wrong", "right")]

    assert codes[:2] == ["unauthenticated", "unauthenticated"]
    assert codes[2] not in ("unauthenticated", "permission_denied")
    assert closes == [4403, None]


async def _authenticate(credentials: Any) -> Any:
    principal = projects.package("kitchen-sink").runtime.Principal
    right = credentials.secret == "right"
    return principal("ada", frozenset({"admin"})) if right else None


def _token(text: str) -> Any:
    async def token() -> str:
        return text

    return token


async def _close_code(url: str, token: str) -> int | None:
    """How a connection ends that begins with credentials, ``None`` if it goes on."""
    address = url.replace("graphql+", "") + "/graphql"
    async with (
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.ws_connect(address, protocols=("graphql-transport-ws",)) as socket,
    ):
        payload = {"authorization": f"Bearer {token}"}
        await socket.send_json({"type": "connection_init", "payload": payload})
        received = await socket.receive()
        if received.type is aiohttp.WSMsgType.TEXT:
            assert json.loads(received.data) == {"type": "connection_ack"}
            return None
        return socket.close_code


async def test_pages_of_other_origins_open_no_sockets() -> None:
    async with (
        projects.serving("calculator", "graphql+http") as url,
        aiohttp.ClientSession(timeout=LIMIT) as web,
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await web.ws_connect(
                url.replace("graphql+", "") + "/graphql",
                protocols=("graphql-transport-ws",), headers={"origin": "https://evil.example"},
            )  # fmt: skip


async def test_health_and_readiness() -> None:
    async with (
        projects.serving("calculator", "graphql+http") as url,
        aiohttp.ClientSession(timeout=LIMIT) as web,
    ):
        base = url.replace("graphql+", "")
        statuses = []
        for path in ("/healthz", "/readyz", "/x"):
            async with web.get(base + path) as response:
                statuses.append(response.status)

    assert statuses == [200, 200, 404]


async def test_a_server_that_stops_ends_its_subscriptions() -> None:
    package = projects.package("calculator")
    server = package.serve(*projects.handlers("calculator"), urls=["graphql+http://127.0.0.1:0"])
    await server.start()
    async with package.connect(*server.urls) as client:
        events = client.subscribe_calculated()
        waiting = asyncio.ensure_future(anext(events, None))
        await asyncio.sleep(0.2)
        await asyncio.wait_for(server.stop(), 10)
        with pytest.raises((package.runtime.ServiceError, StopAsyncIteration)):
            if await waiting is None:
                raise StopAsyncIteration


async def test_persisted_queries() -> None:
    query = "{ subtract(a: 5, b: 3) }"
    digest = hashlib.sha256(query.encode()).hexdigest()
    stored = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    async with (
        projects.serving("calculator", "graphql+http") as url,
        aiohttp.ClientSession(timeout=LIMIT) as web,
    ):
        address = url.replace("graphql+", "") + "/graphql"
        answers = []
        hashed = {"extensions": stored}
        for body in (hashed, {"query": query, **hashed}, hashed):
            async with web.post(address, json=body) as response:
                answers.append(await response.json())

    assert answers[0]["errors"][0]["message"] == "PersistedQueryNotFound"
    assert answers[1:] == [{"data": {"subtract": 2}}] * 2


async def test_tls_holds_for_queries_and_subscriptions(tmp_path: Path) -> None:
    package, authority = projects.package("calculator"), trustme.CA()
    runtime = package.runtime
    ca, certificate, key = (tmp_path / f"{name}.pem" for name in ("ca", "certificate", "key"))
    authority.cert_pem.write_to_path(ca)
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    settings = runtime.ServerSettings(tls=runtime.Tls(certificate, key))
    trusting = runtime.ClientSettings(tls=runtime.Tls(ca=ca))
    handlers, urls = projects.handlers("calculator"), ["graphql+https://localhost:0"]

    async with package.serve(*handlers, urls=urls, settings=settings) as server:
        async with package.connect(*server.urls, settings=trusting) as client:
            assert await client.subtract(5, 3) == 2
            assert [n async for n in client.countdown(2)] == [2, 1]
        async with package.connect(*server.urls) as client:
            with pytest.raises(runtime.ServiceError):
                await client.subtract(5, 3)
