"""The REST application in other hosts, before browsers of other origins, and beside foreign servers."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from aiohttp import web
from starlette.applications import Starlette
from starlette.routing import Mount

from tests import projects

LIMIT = 20.0  # seconds

users = projects.package("users")
calculator = projects.package("calculator")
runtime = calculator.runtime
rest = importlib.import_module("calculator._gen.rest")
http = importlib.import_module("calculator._gen.support.http")
endpoint = importlib.import_module("calculator._gen.support.endpoint")


@asynccontextmanager
async def hosted(app: Any) -> AsyncIterator[str]:
    """Any ASGI application at a URL."""
    address = endpoint.parse_url("http://127.0.0.1:0")[0]
    listener = http.AsgiListener(address, app, runtime.ServerSettings())
    bound = await listener.start()
    try:
        async with asyncio.timeout(LIMIT):
            yield str(bound)
    finally:
        await listener.stop(1.0)


async def test_the_application_mounts_into_another_framework() -> None:
    inner = rest.application(*projects.handlers("calculator"))
    async with (
        hosted(Starlette(routes=[Mount("/api/v1", app=inner)])) as url,
        calculator.connect(f"{url}/api/v1") as client,
        aiohttp.ClientSession(f"{url}/api/v1/") as session,
    ):
        assert await client.add(calculator.AddRequest(a=1, b=2)) == calculator.AddResponse(result=3)
        assert [n async for n in client.countdown(2)] == [2, 1]
        assert [n async for n in client.running_total(each(1, 2))] == [1, 3]
        async with session.get("openapi.json") as response:
            assert (await response.json())["info"]["title"] == "calculator"
        async with session.get("nowhere") as response:
            assert response.status == 404


async def test_a_host_with_lifespan_starts_and_stops_the_handler() -> None:
    class Living(type(projects.handlers("calculator")[0])):  # type: ignore[misc]
        async def on_start(self) -> None:
            said.append("start")

        async def on_stop(self) -> None:
            said.append("stop")

    said: list[str] = []
    asked = asyncio.Queue[Any]()
    answers: list[str] = []

    async def send(message: Any) -> None:
        answers.append(message["type"])

    app = rest.application(Living())
    living = asyncio.ensure_future(app({"type": "lifespan"}, asked.get, send))
    await asked.put({"type": "lifespan.startup"})
    await asked.put({"type": "lifespan.shutdown"})
    await asyncio.wait_for(living, LIMIT)

    assert said == ["start", "stop"]
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_pages_of_other_origins_are_let_in_where_the_owner_says_so() -> None:
    settings = runtime.ServerSettings(cors_origins=("https://app.example",))
    async with (
        projects.serving("calculator", "http", settings=settings) as url,
        aiohttp.ClientSession(url) as session,
    ):
        asked = {
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        for origin, allowed in (("https://app.example", True), ("https://evil.example", False)):
            headers = {"origin": origin}
            async with session.options("/add", headers={**headers, **asked}) as response:
                assert ("access-control-allow-origin" in response.headers) is allowed
                assert ("access-control-allow-methods" in response.headers) is allowed
            async with session.post("/add", json={"a": 1, "b": 2}, headers=headers) as response:
                assert await response.json() == {"result": 3}
                found = response.headers.get("access-control-allow-origin")
                assert found == (origin if allowed else None)


@pytest.mark.parametrize(
    ("origin", "fine"),
    [("", True), ("own", True), ("https://app.example", True), ("https://evil.example", False)],
)
async def test_sockets_open_to_the_same_pages(origin: str, fine: bool) -> None:
    settings = runtime.ServerSettings(cors_origins=("https://app.example",))
    async with (
        projects.serving("calculator", "http", settings=settings) as url,
        aiohttp.ClientSession(url) as session,
    ):
        headers = {"origin": url if origin == "own" else origin} if origin else {}
        opening = session.ws_connect("/calculator/running-total", headers=headers)
        if fine:
            async with opening as socket:
                await socket.send_str("1")
                assert await socket.receive_str() == "1"
        else:
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await opening
            assert caught.value.status == 403


async def test_no_other_origin_is_let_in_by_default() -> None:
    async with (
        projects.serving("calculator", "http") as url,
        aiohttp.ClientSession(url) as session,
        session.post(
            "/add", json={"a": 1, "b": 2}, headers={"origin": "https://app.example"}
        ) as response,
    ):
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("status", "kind", "body", "code"),
    [
        (404, "application/problem+json", b'{"title":"Gone fishing"}', "not_found"),
        (409, "text/html", b"<h1>Conflict</h1>", "already_exists"),
        (418, "text/plain", b"short and stout", "invalid_argument"),
        (503, "application/json", b"[" * 100_000, "unavailable"),
        (500, "application/problem+json", b'{"code":"data_loss","status":"x"}', "data_loss"),
        (302, "text/plain", b"", "unknown"),
        (200, "text/html", b"<h1>Welcome</h1>", "internal"),
        (200, "application/json", b'{"result":"x"}', "internal"),
    ],
)
async def test_foreign_answers_become_errors_with_a_code(
    status: int, kind: str, body: bytes, code: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type=kind)

    async with foreign(answer) as url, calculator.connect(url, settings=ONCE) as client:
        with pytest.raises(runtime.ServiceError) as caught:
            await client.add(calculator.AddRequest(a=1, b=2))

    assert caught.value.code.value == code


async def test_an_answer_beyond_the_limit_is_given_up() -> None:
    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(b" " * 65_536)
        return response

    limited = runtime.ClientSettings(retry=ONCE.retry, max_message_bytes=100_000)
    async with foreign(flood) as url, calculator.connect(url, settings=limited) as client:
        for call in (client.add(calculator.AddRequest(a=1, b=2)), first(client.countdown(3))):
            with pytest.raises(runtime.ServiceError) as caught:
                await call
            assert caught.value.code is runtime.Code.RESOURCE_EXHAUSTED


async def test_a_stream_that_breaks_off_is_no_end() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "application/x-ndjson"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(b"3\n2\n")
        assert request.transport is not None
        request.transport.abort()
        return response

    seen = []
    async with foreign(broken) as url, calculator.connect(url, settings=ONCE) as client:
        with pytest.raises(runtime.ServiceError) as caught:
            async for number in client.countdown(3):
                seen.append(number)  # what came before the error counts

    assert seen == [3, 2]
    assert caught.value.code is runtime.Code.UNAVAILABLE


async def test_both_sides_show_certificates(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    sides = []
    for name in ("127.0.0.1", "client@example"):
        issued = authority.issue_cert(name)
        key, certificate = tmp_path / f"{name}.key", tmp_path / f"{name}.pem"
        issued.private_key_pem.write_to_path(key)
        issued.cert_chain_pems[0].write_to_path(certificate)
        sides.append(runtime.Tls(certificate, key, tmp_path / "ca.pem"))
    settings = runtime.ServerSettings(tls=sides[0])
    async with (
        asyncio.timeout(LIMIT),
        projects.serving("calculator", "rest+https", settings=settings) as url,
        calculator.connect(url, settings=runtime.ClientSettings(tls=sides[1])) as client,
        calculator.connect(url, settings=ONCE) as stranger,
    ):
        assert await client.add(calculator.AddRequest(a=1, b=2)) == calculator.AddResponse(result=3)
        assert [n async for n in client.running_total(each(1, 2))] == [1, 3]
        with pytest.raises(runtime.ServiceError) as caught:
            await stranger.add(calculator.AddRequest(a=1, b=2))
        assert caught.value.code is runtime.Code.UNAVAILABLE


async def test_a_value_that_looks_like_a_problem_stays_a_value(tmp_path: Path) -> None:
    """Streams of any value are unambiguous, whatever is in them."""
    package = generated(tmp_path, "anything", ANYTHING, ANYTHING_HANDLER)
    handler = importlib.import_module("anything.handler").EchoesHandler()
    server = package.serve(handler, urls=["http://127.0.0.1:0"])
    values = [{"$problem": {"code": "internal"}}, [], None, "x"]
    async with asyncio.timeout(LIMIT), server, package.connect(server.urls[0]) as client:
        assert [v async for v in client.both(each(*values))] == values
        assert [v async for v in client.out(values)] == values


async def test_wide_integers_are_strings_where_the_definition_says_so(tmp_path: Path) -> None:
    package = generated(tmp_path, "wide", WIDE, WIDE_HANDLER)
    handler = importlib.import_module("wide.handler").WideHandler()
    server = package.serve(handler, urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server, package.connect(server.urls[0]) as client:
        assert await client.echo(package.Big(a=2**63 - 1, b=7)) == package.Big(a=2**63 - 1, b=7)
        async with aiohttp.ClientSession(server.urls[0]) as session:
            for given in ("9007199254740993", 9007199254740993):
                async with session.post("/wide/echo", json={"a": given, "b": 7}) as response:
                    text = await response.text()
                    assert json.loads(text) == {"a": "9007199254740993", "b": 7}


async def test_who_is_refused_is_told_which_credentials_are_wanted(tmp_path: Path) -> None:
    """RFC 9110, 11.6.1: 401 has a challenge of each scheme that is taken."""
    package = generated(tmp_path, "vault", VAULT, VAULT_HANDLER)
    handler = importlib.import_module("vault.handler").VaultHandler()
    server = package.serve(handler, urls=["http://127.0.0.1:0"])
    challenges = {}
    async with asyncio.timeout(LIMIT), server, aiohttp.ClientSession(server.urls[0]) as session:
        for method in ("token", "key", "either", "own"):
            async with session.post(f"/vault/{method}") as response:
                assert response.status == 401
                challenges[method] = response.headers.getall("www-authenticate")

    key = 'ApiKey header="x-api-key"'
    assert challenges == {
        "token": ["Bearer"], "key": [key], "either": ["Bearer", key], "own": ["Bearer"]
    }  # fmt: skip


ONCE = runtime.ClientSettings(retry=runtime.RetryPolicy(attempts=1))

ANYTHING = """\
svcgen: 1
package: anything
services:
  Echoes:
    methods:
      both: {input: stream any, output: stream any}
      out: {input: list<any>, output: stream any}
"""
ANYTHING_HANDLER = """\
from anything import Echoes


class EchoesHandler(Echoes):
    async def both(self, requests):
        async for value in requests:
            yield value

    async def out(self, request):
        for value in request:
            yield value
"""
VAULT = """\
svcgen: 1
package: vault
services:
  Vault:
    methods:
      token: {auth: bearer}
      key: {auth: api_key}
      either: {auth: {schemes: [bearer, api_key]}}
      own: {}
"""
VAULT_HANDLER = """\
from vault import Vault, runtime


class VaultHandler(Vault):
    async def token(self): ...
    async def key(self): ...
    async def either(self): ...

    async def own(self):
        raise runtime.ServiceError(runtime.Code.UNAUTHENTICATED, "not you")
"""
WIDE = """\
svcgen: 1
package: wide
json: {int64: string}
types:
  Big: {a: int64, b: int32}
services:
  Wide:
    methods:
      echo: {input: Big, output: Big}
"""
WIDE_HANDLER = """\
from wide import Wide


class WideHandler(Wide):
    async def echo(self, request):
        return request
"""


def generated(folder: Path, name: str, definition: str, handler: str) -> Any:
    """The package generated from a definition, imported, with its handler."""
    file = folder / f"{name}.yaml"
    file.write_text(definition, encoding="utf-8")
    command = [sys.executable, "-m", "svcgen", "new", str(file), "-o", str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    source = folder / name / "python" / "src"
    (source / name / "handler.py").write_text(handler, encoding="utf-8")
    sys.path.insert(0, str(source))
    return importlib.import_module(name)


async def each(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield value


async def first(items: AsyncIterator[Any]) -> Any:
    return await anext(items)


@asynccontextmanager
async def foreign(answer: Any) -> AsyncIterator[str]:
    """Another server, which answers everything in its own way."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with asyncio.timeout(LIMIT):
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
