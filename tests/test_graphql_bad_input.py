"""Hostile queries: each gets the proper answer in bounded time, and the server lives."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import io
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests import projects

JSON = {"content-type": "application/json"}
LIMIT = aiohttp.ClientTimeout(total=20)
AT_MOST = 5.0  # seconds; generous, for machines that do other things as well


@pytest.fixture(name="address")
async def address_() -> AsyncIterator[str]:
    async with projects.serving("kitchen-sink", "graphql+http") as url:
        yield url.replace("graphql+", "") + "/graphql"


async def ask(address: str, query: str, variables: Any = None) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables}).encode()
    began = time.monotonic()
    async with (
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.post(address, data=io.BytesIO(body), headers=JSON) as response,
    ):
        answer: dict[str, Any] = json.loads(await response.read())
    assert time.monotonic() - began < AT_MOST
    return answer


def nested(depth: int) -> str:
    return "subscription { happened { " + "left { " * depth + "value" + " }" * depth + " } }"


def doubling(levels: int) -> str:
    """Fragments that each spread the next twice: exponential if they are followed."""
    parts = [f"fragment F{n} on Tree {{ left {{ ...F{n + 1} }} children {{ ...F{n + 1} }} }}"
             for n in range(levels)]  # fmt: skip
    parts.append(f"fragment F{levels} on Tree {{ value }}")
    return "subscription { happened { ...F0 } } " + " ".join(parts)


OVER = {
    "aliases": "{ " + " ".join(f"a{n}: ping" for n in range(1000)) + " }",
    "width": "{ " + "ping " * 1000 + "}",
    "depth": nested(100),
    "cost": doubling(18),
}


@pytest.mark.parametrize("limit", OVER)
async def test_what_is_too_large_is_refused(address: str, limit: str) -> None:
    answer = await ask(address, OVER[limit])

    assert any(f"the query's {limit} is over the limit" in e["message"] for e in answer["errors"])
    assert await ask(address, "{ ping }") == {"data": {"ping": "pong"}}


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{ ping " * 250_000, id="2 MB of text"),
        pytest.param("{" * 100_000, id="braces"),
        pytest.param("{ echo_color(color: " + "[" * 50_000, id="brackets"),
        pytest.param('{ search(text: "' + "x" * 3_000_000 + '") }', id="a long string"),
        pytest.param("{ ping } " + "#" * 1_000_000, id="a long comment"),
        pytest.param("{ ping } # " + "\n#" * 300_000, id="many comments"),
        pytest.param("\ufeff\ud800", id="half of a surrogate pair"),
        pytest.param("{ page(size: " + "9" * 100_000 + ") { items } }", id="a long number"),
        pytest.param("query " + "$a: Int " * 5_000, id="variables"),
        pytest.param(
            "fragment F on Tree { ...G } fragment G on Tree { ...F } { ping }", id="a cycle"
        ),
    ],
)
async def test_hostile_texts_get_an_answer(address: str, query: str) -> None:
    answer = await ask(address, query)

    assert "errors" in answer or answer["data"]
    assert await ask(address, "{ ping }") == {"data": {"ping": "pong"}}


async def test_deep_variables_are_refused_or_answered(address: str) -> None:
    deep: Any = {"value": "x", "children": []}
    for _ in range(40):
        deep = {"value": "x", "children": [deep]}
    module = importlib.import_module(f"{projects.package('kitchen-sink').__name__}._gen.graphql")
    [field] = (f for f in module.FIELDS if f.name == "echo_tree")
    document = module.FIELDS.query(field)

    answer = await ask(address, document, {"input": deep})

    assert "data" in answer, answer
    assert answer["data"]["echo_tree"]["value"] == "x"
    text = json.dumps({"query": document, "variables": {"input": 1}})
    text = text.replace("1}}", '{"left":' * 50_000 + "1" + "}" * 50_000 + "}}")
    async with (
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.post(address, data=io.BytesIO(text.encode()), headers=JSON) as response,
    ):
        assert response.status == 400


async def test_what_is_deeper_than_a_client_asks_for_is_an_error_not_a_loss() -> None:
    package = projects.package("kitchen-sink")
    async with (
        projects.serving("kitchen-sink", "graphql+http") as url,
        package.connect(url) as client,
    ):
        tree = package.Tree(value="leaf", children=[])
        for _ in range(12):
            tree = package.Tree(value="node", children=[tree])
        assert await client.kitchen_sink.echo_tree(tree) == tree
        for _ in range(12):
            tree = package.Tree(value="node", children=[tree])
        with pytest.raises(package.runtime.ServiceError, match="nested more deeply"):
            await client.kitchen_sink.echo_tree(tree)


async def test_introspection_is_a_setting() -> None:
    settings = projects.package("kitchen-sink").runtime.ServerSettings(reflection=False)
    async with projects.serving("kitchen-sink", "graphql+http", settings=settings) as url:
        address = url.replace("graphql+", "") + "/graphql"
        refused = await ask(address, "{ __schema { queryType { name } } }")
        allowed = await ask(address, "{ __typename }")

    assert "introspection" in refused["errors"][0]["message"].lower()
    assert allowed == {"data": {"__typename": "Query"}}


async def test_limits_are_options_of_the_url() -> None:
    package = projects.package("calculator")
    url = "graphql+http://127.0.0.1:0/api?aliases=1"
    async with package.serve(*projects.handlers("calculator"), urls=[url]) as server:
        address = server.urls[0].replace("graphql+", "")
        refused = await ask(address, "{ a: subtract(a: 1, b: 1) b: subtract(a: 1, b: 1) }")
        assert "aliases is over the limit of 1" in refused["errors"][0]["message"]

    with pytest.raises(ValueError, match="no option 'nonsense'"):
        async with package.serve(
            *projects.handlers("calculator"), urls=["graphql+http://127.0.0.1:0?nonsense=1"]
        ):
            pass


async def limited(options: str, *bodies: Any) -> list[Any]:
    """What a server with these options answers to requests, one after the other."""

    class Slow(type(projects.handlers("calculator")[0])):  # type: ignore[misc]
        async def subtract(self, a: int, b: int) -> int:
            await asyncio.sleep(b)
            return a - b

    url = f"graphql+http://127.0.0.1:0?{options}"
    async with (
        projects.package("calculator").serve(Slow(), urls=[url]) as server,
        aiohttp.ClientSession(timeout=LIMIT) as web,
    ):
        address = server.urls[0].partition("?")[0].removeprefix("graphql+") + "/graphql"
        answers = []
        for body in bodies:
            async with web.post(address, json=body) as response:
                answers.append(await response.json())
        return answers


async def test_words_are_counted() -> None:
    few, many = await limited("tokens=10", {"query": "{ __typename }"}, {"query": "{ a " * 20})

    assert few == {"data": {"__typename": "Query"}}
    assert "more than 10 tokens" in many["errors"][0]["message"]


async def test_an_answer_has_its_time() -> None:
    fine, late = await limited(
        "time=0.3",
        {"query": "{ subtract(a: 3, b: 0) }"},
        {"query": "{ subtract(a: 3, b: 10) }"},
    )

    assert fine == {"data": {"subtract": 3}}
    assert late["errors"][0]["extensions"]["code"] == "deadline_exceeded"


async def test_persisted_queries_are_bounded() -> None:
    def stored(query: str, *, whole: bool) -> dict[str, Any]:
        digest = hashlib.sha256(query.encode()).hexdigest()
        hashed = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
        return {"query": query, **hashed} if whole else hashed

    queries = [f"{{ a{number}: __typename }}" for number in range(3)]
    given = [stored(query, whole=True) for query in queries]
    asked = [stored(query, whole=False) for query in queries]
    answers = await limited("cached=2", *given, *asked)

    assert answers[:3] == [{"data": {f"a{number}": "Query"}} for number in range(3)]
    assert answers[3]["errors"][0]["message"] == "PersistedQueryNotFound"
    assert answers[4:] == answers[1:3]


async def test_leaving_a_subscription_ends_it_at_the_handler() -> None:
    package = projects.package("calculator")
    [handler] = projects.handlers("calculator")
    async with package.serve(handler, urls=["graphql+http://127.0.0.1:0"]) as server:
        async with package.connect(*server.urls) as client:
            events = client.subscribe_calculated()
            first = asyncio.ensure_future(anext(events))
            while not first.done():
                await client.add(package.AddRequest(a=1, b=2))
                await asyncio.wait([first], timeout=0.02)
            assert handler._events._subscriptions
            await events.aclose()
        for _ in range(100):
            if not handler._events._subscriptions:
                break
            await asyncio.sleep(0.02)
        assert not handler._events._subscriptions
        assert server.dispatcher.in_flight == 0


async def test_the_page_is_whole_and_asks_nobody_else(address: str) -> None:
    async with (
        aiohttp.ClientSession(timeout=LIMIT) as web,
        web.get(address, headers={"accept": "text/html,*/*"}) as response,
    ):
        page = await response.text()

    assert response.status == 200
    assert response.content_type == "text/html"
    assert "connect-src 'self'" in response.headers["content-security-policy"]
    assert "://" not in page
