"""Requests by hand against generated servers: the cases of ``wire/rest``, none of them code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests import projects

FILES = sorted((Path(__file__).parent / "wire" / "rest").glob("*.yaml"))
LIMIT = aiohttp.ClientTimeout(total=20)


def _cases() -> list[Any]:
    tables = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES]
    return [
        pytest.param(table["example"], case, id=f"{table['example']}: {case['name']}")
        for table in tables
        for case in table["cases"]
    ]


@pytest.mark.parametrize(("example", "case"), _cases())
async def test_server_answers_as_the_case_says(example: str, case: dict[str, Any]) -> None:
    async with (
        projects.serving(example, "http") as url,
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.request(**_request(url, case["request"])) as response,
    ):
        body = await response.read()

    expected = case["response"]
    assert expected["status"] == response.status, body
    if "type" in expected:
        assert expected["type"] == response.content_type
    if "text" in expected:
        assert expected["text"] == body.decode()
    if "json" in expected:
        assert expected["json"] == json.loads(body)
    for name, value in expected.get("headers", {}).items():
        assert value == response.headers[name]
    if "contains" in expected:
        assert expected["contains"] == _part(json.loads(body), expected["contains"])


def _request(url: str, given: dict[str, Any]) -> dict[str, Any]:
    headers = {"content-type": "application/json"} if "json" in given else {}
    headers |= given.get("headers", {})
    data = json.dumps(given["json"]) if "json" in given else given.get("text")
    skip = [] if headers.get("content-type") else ["content-type"]
    return {
        "method": given["method"],
        "url": url + given["path"],
        "data": None if data is None else data.encode(),
        "headers": {name: value for name, value in headers.items() if value},
        "skip_auto_headers": skip,
    }


def _part(actual: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: actual.get(key) for key in wanted}
