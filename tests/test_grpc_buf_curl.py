"""``buf curl``, an independent client, calls the server in all modes by what reflection tells it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests import projects
from tests.tools import node_tool

LIMIT = 60.0  # seconds

CALLS = {
    "Add": ([{"a": 1, "b": -3}], [{"result": -2}]),
    "Subtract": ([{"a": 1, "b": 3}], [{"result": -2}]),
    "Sum": ([{"value": 1}, {"value": 2}], [{"result": "3"}]),
    "Countdown": ([{"from": 2}], [{"value": 2}, {"value": 1}]),
    "RunningTotal": ([{"value": 1}, {"value": 2}], [{"value": "1"}, {"value": "3"}]),
    "Log": ([{"line": "hello"}], [{}]),
}


async def curl(url: str, method: str, requests: list[Any]) -> tuple[list[Any], str]:
    """What ``buf curl`` prints: responses, and errors."""
    command = [node_tool("buf"), "curl", "--protocol", "grpc", "--http2-prior-knowledge"]
    command += ["--data", "@-", f"{url}/calculator.Calculator/{method}"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    data = "\n".join(map(json.dumps, requests)).encode()
    out, problems = await asyncio.wait_for(process.communicate(data), LIMIT)
    return [json.loads(line) for line in _documents(out.decode())], problems.decode()


def _documents(text: str) -> list[str]:
    """The JSON documents of a text in which each begins on a line of its own."""
    return [each for each in text.replace("\n}\n", "\n}\n\0").split("\0") if each.strip()]


@pytest.mark.parametrize("method", CALLS)
async def test_buf_curl(method: str) -> None:
    requests, responses = CALLS[method]

    async with projects.serving("calculator", "grpc") as url:
        got, problems = await curl(url.replace("grpc://", "http://"), method, requests)

    assert (responses, "") == (got, problems)


async def test_buf_curl_shows_the_typed_error() -> None:
    async with projects.serving("calculator", "grpc") as url:
        got, problems = await curl(url.replace("grpc://", "http://"), "Divide", [{"a": 4, "b": 0}])

    error = json.loads(problems)
    assert [] == got
    assert ("invalid_argument", "cannot divide 4 by zero") == (error["code"], error["message"])
    assert "calculator.DivisionByZero" == error["details"][0]["type"]
