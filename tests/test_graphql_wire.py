"""Requests by hand against generated servers: the cases of ``wire/graphql``, none of them code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests import projects

FILES = sorted((Path(__file__).parent / "wire" / "graphql").glob("*.yaml"))
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
        projects.serving(example, "graphql+http") as url,
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.request(**_request(url, case)) as response,
    ):
        body = await response.read()

    assert case.get("status", 200) == response.status, body
    assert case.get("type", response.content_type) == response.content_type
    for name, value in case.get("headers", {}).items():
        assert value == response.headers[name]
    if "answer" in case:
        assert case["answer"] == json.loads(body)
    if "error" in case:
        [error] = json.loads(body)["errors"]
        shown = {**error, **error["extensions"]}
        assert case["error"] == {key: shown.get(key) for key in case["error"]}
    if response.status >= 400 and response.content_type.endswith("json"):
        assert "data" not in json.loads(body)


def _request(url: str, case: dict[str, Any]) -> dict[str, Any]:
    headers = {"accept": case.get("accept", "application/json")}
    data = json.dumps(case["json"]) if "json" in case else case.get("text")
    if data is not None:
        headers["content-type"] = case.get("content_type", "application/json")
    method = case.get("method", "POST" if data is not None else "GET")
    address = url.replace("graphql+", "") + "/graphql"
    return {
        "method": method,
        "url": address,
        "data": data,
        "headers": headers,
        "params": case.get("query"),
    }
