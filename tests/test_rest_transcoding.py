"""``google.api.http`` over REST, both ways: the table ``wire/transcoding/messaging.yaml``."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import yaml
from yarl import URL

from tests import projects

LIMIT = 20.0  # seconds
FOLDER = Path(__file__).parent / "wire" / "transcoding"
TABLE = yaml.safe_load((FOLDER / "messaging.yaml").read_text(encoding="utf-8"))

package = projects.package_of(FOLDER / "messaging.proto")
settings = package.runtime.ServerSettings()
rest = importlib.import_module(f"{package.__name__}._gen.rest")
routes = importlib.import_module(f"{package.__name__}._gen.support.rest_routes")
http = importlib.import_module(f"{package.__name__}._gen.support.http")
endpoint = importlib.import_module(f"{package.__name__}._gen.support.endpoint")


def _echo(base: type) -> Any:
    """A handler of a service, each of whose methods answers with what it was asked."""

    async def echo(self: object, request: Any) -> Any:
        return request

    names = [n for n, f in vars(base).items() if inspect.iscoroutinefunction(f) and n[0] != "_"]
    return type(base.__name__, (base,), dict.fromkeys(names, echo))()


class _Seen:
    """The application, and the last request that came to it."""

    def __init__(self) -> None:
        handlers = (_echo(package.Messaging), _echo(package.Publisher))
        self.app = rest.application(*handlers, settings=settings)
        self.request = ""
        self.body = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        self.request = f"{scope['method']} {scope['raw_path'].decode()}" + (query and f"?{query}")
        self.body = b""

        async def noted() -> Any:
            message = await receive()
            self.body += message.get("body", b"")
            return message

        await self.app(scope, noted, send)


@asynccontextmanager
async def _served() -> AsyncIterator[tuple[str, _Seen]]:
    seen = _Seen()
    address = endpoint.parse_url("http://127.0.0.1:0")[0]
    listener = http.AsgiListener(address, seen, settings)
    bound = await listener.start()
    try:
        async with asyncio.timeout(LIMIT):
            yield str(bound), seen
    finally:
        await listener.stop(1.0)


def _operation(call: str) -> Any:
    return next(r.operation for r in rest.ROUTES if r.operation.name == call)


def _value(call: str, value: dict[str, Any]) -> Any:
    return msgspec.json.decode(json.dumps(value), type=_operation(call).request)


async def _send(url: str, request: str, body: Any) -> tuple[int, Any]:
    method, _, target = request.partition(" ")
    headers = {"content-type": "application/json"} if body is not None else {}
    data = None if body is None else json.dumps(body)
    where = URL(url + target, encoded=True)
    async with (
        aiohttp.ClientSession() as web,
        web.request(method, where, data=data, headers=headers) as response,
    ):
        return response.status, await response.read()


def _name(case: dict[str, Any]) -> str:
    return str(case["request"])


@pytest.mark.parametrize("case", TABLE["cases"], ids=_name)
async def test_server_takes_the_request(case: dict[str, Any]) -> None:
    alternatives = [
        {"request": each} if isinstance(each, str) else each for each in case.get("also", [])
    ]
    expected = _value(case["call"], case["value"])
    async with _served() as (url, _):
        for sent in (case, *alternatives):
            status, answer = await _send(url, sent["request"], sent.get("body"))

            assert status == 200, answer
            if "response" in case:
                assert json.loads(answer) == case["response"]
            else:
                assert msgspec.json.decode(answer, type=type(expected)) == expected


@pytest.mark.parametrize("case", TABLE["cases"], ids=_name)
async def test_client_sends_the_request(case: dict[str, Any]) -> None:
    value = _value(case["call"], case["value"])
    service = _operation(case["call"]).service.rpartition(".")[2]
    async with _served() as (url, seen), package.connect(url) as client:
        stub = getattr(client, service.lower())
        answer = await getattr(stub, _snake(case["call"]))(value)

    assert case["request"] == seen.request
    assert case.get("body") == (json.loads(seen.body) if seen.body else None)
    assert value == answer


@pytest.mark.parametrize(("status", "request_"), TABLE["refused"])
async def test_what_is_not_served_is_refused(status: int, request_: str) -> None:
    async with _served() as (url, _):
        found, answer = await _send(url, request_, None)

    assert status == found, answer
    assert json.loads(answer)["status"] == status


@pytest.mark.parametrize(("call", "value", "message"), TABLE["unsendable"])
async def test_client_refuses_what_no_path_can_say(
    call: str, value: dict[str, Any], message: str
) -> None:
    service = _operation(call).service.rpartition(".")[2]
    async with _served() as (url, seen), package.connect(url) as client:
        with pytest.raises(package.runtime.ServiceError) as raised:
            await getattr(getattr(client, service.lower()), _snake(call))(_value(call, value))

    assert raised.value.code is package.runtime.Code.INVALID_ARGUMENT
    assert message == raised.value.message
    assert seen.request == ""


async def test_a_very_long_path_is_refused_and_a_long_one_taken() -> None:
    async with _served() as (url, _):
        status, answer = await _send(url, "GET /v5/documents/" + "/".join("a" * 1000), None)
        assert status == 200
        assert json.loads(answer)["name"].count("/") == 1000
        status, _ = await _send(url, "GET /v5/documents/" + "a" * 200_000, None)
        assert status in (400, 414, 431)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
