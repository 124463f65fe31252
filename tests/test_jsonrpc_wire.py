"""Messages by hand against a generated server, over HTTP and WebSocket: the cases of ``wire/jsonrpc``."""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp
import pytest
import yaml

from tests.jsonrpc_service import LIMIT, WIRE, handler, serving

TIME = aiohttp.ClientTimeout(total=LIMIT)
JSON = {"content-type": "application/json"}
PROBE = '{"jsonrpc": "2.0", "method": "get_data", "id": "probe"}'


def cases() -> list[Any]:
    tables = [WIRE / "section7.yaml", WIRE / "more.yaml"]
    found = [case for table in tables for case in yaml.safe_load(table.read_text("utf-8"))]
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", cases())
async def test_post_is_answered_as_the_case_says(case: dict[str, Any]) -> None:
    async with (
        serving() as address,
        aiohttp.ClientSession(timeout=TIME) as web,
        web.post(f"http://{address}", data=case["send"].encode(), headers=JSON) as response,
    ):
        text = await response.text()

    if "answer" not in case and "text" not in case:
        assert (response.status, text) == (204, "")
        return
    assert (response.status, response.content_type) == (200, "application/json")
    compare(case, text)


@pytest.mark.parametrize("case", cases())
async def test_socket_is_answered_as_the_case_says(case: dict[str, Any]) -> None:
    async with (
        serving() as address,
        aiohttp.ClientSession(timeout=TIME) as web,
        web.ws_connect(f"ws://{address}") as socket,
    ):
        await socket.send_str(case["send"])
        if "answer" in case or "text" in case:
            compare(case, await socket.receive_str(timeout=LIMIT))
        await socket.send_str(PROBE)
        probe = await socket.receive_json(timeout=LIMIT)

    assert {"jsonrpc": "2.0", "result": ["hello", 5], "id": "probe"} == probe


def compare(case: dict[str, Any], text: str) -> None:
    if "text" in case:
        assert case["text"] == text
    else:
        assert case["answer"] == json.loads(text)


async def test_notifications_are_carried_out() -> None:
    told = handler()
    batch = (
        '[{"jsonrpc":"2.0","method":"notify_sum","params":[1,2,4]},'
        '{"jsonrpc":"2.0","method":"notify_hello","params":[5]}]'
    )
    async with (
        serving(told) as address,
        aiohttp.ClientSession(timeout=TIME) as web,
        web.post(f"http://{address}", data=batch, headers=JSON) as response,
    ):
        assert response.status == 204

    assert sorted(told.told) == [5, 7]


async def test_discovery_gives_the_document() -> None:
    async with serving() as address, aiohttp.ClientSession(timeout=TIME) as web:
        call = {"jsonrpc": "2.0", "method": "rpc.discover", "id": 1}
        async with web.post(f"http://{address}", json=call) as response:
            document = (await response.json())["result"]

    assert document["openrpc"].startswith("1.")
    assert [m["name"] for m in document["methods"]][:2] == ["subtract", "sum"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/", {}, b"", 405),
        ("OPTIONS", "/", {}, b"", 204),
        ("POST", "/elsewhere", JSON, b"{}", 404),
        ("POST", "/", {"content-type": "text/plain"}, b"{}", 415),
        ("POST", "/", {"content-type": "application/json; charset=latin-1"}, b"{}", 415),
        ("POST", "/", {"content-type": "application/json-rpc; charset=utf-8"}, b"{}", 200),
        ("POST", "/", JSON, b" " * (4 * 1024 * 1024 + 1), 413),
        ("POST", "/", JSON, b'{"jsonrpc":"2.0","method":"\xff"}', 200),
        ("GET", "/healthz", {}, b"", 200),
        ("GET", "/readyz", {}, b"", 200),
    ],
)
async def test_http_around_the_messages(
    method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with serving() as address, aiohttp.ClientSession(timeout=TIME) as web:
        url = f"http://{address}{path}"
        async with web.request(
            method, url, data=io.BytesIO(body) if body else None, headers=headers
        ) as response:
            assert response.status == status
            if status >= 400:
                assert (await response.json())["id"] is None
        async with web.post(f"http://{address}", data=PROBE, headers=JSON) as response:
            assert response.status == 200


async def test_batches_are_bounded() -> None:
    """10,000 calls are served; one more is refused; answers stop at the size of a message."""
    call = '{"jsonrpc":"2.0","method":"subtract","params":[2,1],"id":1}'
    long = '{"jsonrpc":"2.0","method":"rpc.discover","id":1}'
    async with serving() as address, aiohttp.ClientSession(timeout=TIME) as web:

        async def batch(count: int, each: str) -> Any:
            data = f"[{','.join([each] * count)}]"
            async with web.post(f"http://{address}", data=data, headers=JSON) as response:
                text = await response.read()
                assert len(text) < 8 * 1024 * 1024
                return json.loads(text)

        served = await batch(10_000, call)
        refused = await batch(10_001, call)
        cut = await batch(10_000, long)

    assert served == [{"jsonrpc": "2.0", "result": 1, "id": 1}] * 10_000
    assert refused["error"]["code"] == -32600
    assert cut[-1]["error"]["data"]["code"] == "resource_exhausted"


@pytest.mark.parametrize("depth", [1_000, 100_000, 1_500_000])
async def test_deep_nesting_is_answered(depth: int) -> None:
    data = '{"jsonrpc":"2.0","method":"echo","params":' + "[" * depth + "]" * depth + ',"id":1}'
    async with serving() as address, aiohttp.ClientSession(timeout=TIME) as web:
        body = io.BytesIO(data.encode())
        async with web.post(f"http://{address}", data=body, headers=JSON) as response:
            found = await response.json()

    assert found["error"]["code"] in (-32700, -32602)


async def test_streams_are_refused_over_http() -> None:
    call = {"jsonrpc": "2.0", "method": "count", "params": [3], "id": 1}
    async with (
        serving() as address,
        aiohttp.ClientSession(timeout=TIME) as web,
        web.post(f"http://{address}", json=call) as response,
    ):
        found = await response.json()

    assert found["error"]["code"] == -32601
    assert found["error"]["data"]["code"] == "unimplemented"
    assert "WebSocket" in found["error"]["message"]
