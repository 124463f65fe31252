"""A client made from somebody else's schema calls a server of graphql-js."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from graphql import build_schema, parse, validate
from msgspec import UNSET

from tests.tools import NODE, node_with

ROOT = Path(__file__).parent.parent
FORUM = Path(__file__).parent / "schemas" / "forum.graphql"
LIMIT = 60.0  # seconds


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package that is made from the schema."""
    root = tmp_path_factory.mktemp("foreign") / "forum"
    command = [sys.executable, "-m", "svcgen", "new", str(FORUM), "-o", str(root)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stderr
    source = str(root / "python" / "src")
    sys.path.insert(0, source)
    try:
        yield importlib.import_module("forum")
    finally:
        sys.path.remove(source)
        for name in [each for each in sys.modules if each.partition(".")[0] == "forum"]:
            del sys.modules[name]


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where a server of somebody else's is."""
    node = node_with("graphql", "graphql-http", "graphql-ws", "ws")
    script, pipe = str(NODE / "graphql_foreign.mjs"), subprocess.PIPE
    server = await asyncio.create_subprocess_exec(
        node, script, str(FORUM), cwd=NODE, stdin=pipe, stdout=pipe
    )
    assert server.stdout is not None
    try:
        line = await asyncio.wait_for(server.stdout.readline(), LIMIT)
        yield f"127.0.0.1:{int(line)}"
    finally:
        server.kill()
        await server.wait()


async def test_what_is_below_two_levels_is_absent(forum: Any, address: str) -> None:
    """It is neither null nor empty, wherever two levels of what leads to itself are asked for."""
    async with forum.connect(f"graphql+http://{address}") as client:
        ada = await client.user("Ada")
        assert (ada.id, ada.name) == ("u1", "Ada")
        assert [post.text for post in ada.posts] == ["first of all", "on nothing at all"]
        first, last = ada.posts
        assert first.author.name == "Ada"
        assert first.topic is UNSET
        assert first.author.posts is None
        assert last.topic is UNSET
        assert [friend and friend.name for friend in ada.friends] == ["Bob", None]
        assert ada.friends[0].friends is UNSET
        assert ada.best.text == "first of all"
        assert ada.best.author.best is UNSET


async def test_all_operations_are_called(forum: Any, address: str) -> None:
    async with forum.connect(f"graphql+http://{address}") as client:
        assert await client.user("nobody") is None
        assert [user.name for user in await client.users()] == ["Ada", "Bob"]
        engines = await client.topic("t2")
        assert (engines.title, engines.parent.title) == ("Engines", "All")
        assert engines.parent.parent is UNSET
        assert (await client.topic("t1")).parent is None
        assert [post.text for post in engines.posts] == ["first of all"]
        assert [type(each).__name__ for each in engines.found] == [
            "FoundPost",
            "FoundUser",
            "FoundUser",
        ]
        assert engines.found[0].value.author.name == "Ada"
        tree = await client.tree()
        assert [(a.text, a.answers) for a in tree.answers] == [("b", None)]
        assert (await client.stats()).busiest.posts[0].author.posts is None
        made = await client.post("t1", "fourth")
        assert (made.author.name, made.topic.title) == ("Bob", "All")
        assert type(await client.node("p1")).__name__ == "NodePost"
        assert [post.text async for post in client.posted(2)] == ["first of all", "second of all"]
        assert await asked(address)


async def test_fields_with_arguments_are_called_where_their_owner_is_found(
    forum: Any, address: str
) -> None:
    async with forum.connect(f"graphql+http://{address}") as client:
        ada = await client.user("Ada")
        since = await client.user_posts_since(ada, "2024-01-02", 5)
        assert [post.text for post in since] == ["on nothing at all"]
        assert await client.post_excerpt(ada.posts[0], 1) == "first"

        with pytest.raises(forum.runtime.ServiceError) as failed:
            await client.post_excerpt(forum.Post(id="p9", text="", author=ada), 1)
        assert failed.value.code.name == "NOT_FOUND"
        engines = await client.topic("t2")
        with pytest.raises(forum.runtime.ServiceError) as failed:
            await client.topic_watchers(engines, 1)
        assert failed.value.code.name == "UNIMPLEMENTED"


async def asked(address: str) -> bool:
    """Whether the server got queries, none of which asks for a field that takes arguments."""
    async with aiohttp.ClientSession() as web, web.get(f"http://{address}/queries") as response:
        queries = await response.json(content_type=None)
    plain = build_schema(FORUM.read_text(encoding="utf-8"))
    owners = [plain.type_map[name] for name in ("User", "Post", "Topic")]
    for owner in owners:
        for name in [n for n, field in owner.fields.items() if field.args]:  # type: ignore[attr-defined]
            del owner.fields[name]  # type: ignore[attr-defined]
    return bool(queries) and not any(validate(plain, parse(query)) for query in queries)
