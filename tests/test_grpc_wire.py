"""The cases of ``wire/grpc``: generated servers and clients against peers that know only bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import msgspec
import pytest
import yaml

from tests import projects

FILES = sorted((Path(__file__).parent / "wire" / "grpc").glob("*.yaml"))
LIMIT = 20.0  # seconds


def _cases() -> list[Any]:
    tables = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES]
    return [
        pytest.param(table["example"], case, id=f"{table['example']}: {case['name']}")
        for table in tables
        for case in table["cases"]
    ]


def _bytes(messages: list[str]) -> list[bytes]:
    return [bytes.fromhex(message) for message in messages]


async def _stream(items: list[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


@pytest.mark.parametrize(("example", "case"), _cases())
async def test_server_answers_with_these_bytes(example: str, case: dict[str, Any]) -> None:
    async with (
        projects.serving(example, "grpc") as url,
        grpc.aio.insecure_channel(url.removeprefix("grpc://")) as channel,
    ):
        call = channel.stream_stream(case["path"])(_stream(_bytes(case["requests"])), timeout=LIMIT)
        responses = [response async for response in call]

    assert _bytes(case["responses"]) == responses


@pytest.mark.parametrize(("example", "case"), _cases())
async def test_client_sends_these_bytes(example: str, case: dict[str, Any]) -> None:
    sent: list[bytes] = []

    async def answer(requests: AsyncIterator[bytes], _: Any) -> AsyncIterator[bytes]:
        async for request in requests:
            sent.append(request)
        for response in _bytes(case["responses"]):
            yield response

    _, service, method = case["path"].split("/")
    handlers = {method: grpc.stream_stream_rpc_method_handler(answer)}
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with projects.package(example).connect(f"grpc://127.0.0.1:{port}") as client:
        value = await _called(example, client, case["call"])
    await server.stop(None)

    assert _bytes(case["requests"]) == sent
    assert case.get("value", case.get("values")) == msgspec.to_builtins(value)


async def _called(example: str, client: Any, call: dict[str, Any]) -> Any:
    arguments = [_argument(example, each) for each in call.get("arguments", ())]
    if "stream" in call:
        arguments.append(_stream(call["stream"]))
    answer = getattr(client, call["method"])(*arguments)
    if hasattr(answer, "__aiter__"):
        return [each async for each in answer]
    return await answer


def _argument(example: str, given: Any) -> Any:
    """``{AddRequest: {a: 1}}`` as the model's class of that name."""
    if not isinstance(given, dict):
        return given
    ((name, fields),) = given.items()
    return getattr(projects.package(example), name)(**fields)
